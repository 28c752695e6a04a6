"""Mechanism 5: activities work. Training, capacity building, reform, acquaintance, shared warning, and what goes
wrong.
"""

from sim.declare.activities import ACTIVITY
from sim.declare.constants import ALIGNED_DISLIKE, CLOSED, GOVERNANCE_GAIN, PLAN_LIMIT, REFORM_PRICE, TAILORED_APART
from sim.declare.names import CIVILIAN_CONTROL, DEFENCE_GOVERNANCE, MEMBER
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.draws import LEAK, Draws, uniform
from sim.law.elementary import SMALL, clip, exp, small_share_of
from sim.law.forms import learn, learn_all
from sim.law.ledger import BY_LEAKS, capability_score, enter
from sim.law.mechanisms.accession import aspiration_now
from sim.law.mechanisms.trust import part_of
from sim.law.orders import Orders
from sim.law.world import HOSTS, PEERS, Quarter, Setting, World


@rule
def deliver(a: int, setting: Setting, world: World, quarter: Quarter) -> None:
    """Places done take effect after a mean delay of `lag` quarters; what is still to come waits in `backlog`.

    lag 1: within the quarter. Otherwise each quarter 1/lag of what waits takes effect.
    """
    lag, backlog, effect = setting.menu.lag[a], world.backlog, quarter.effect
    rate = 1.0 if lag <= 1.0 else 1.0 / lag
    for n in range(effect.shape[0]):
        waiting = backlog[n, a] + quarter.done[n, a]
        effect[n, a] = waiting * rate
        backlog[n, a] = waiting - effect[n, a]


@rule
def compare_levels(setting: Setting, world: World, quarter: Quarter) -> None:
    """What a partner brings, `own_level` (N,), and its hosts: `taught` (N, 2), mean capability and mean readiness."""
    capability, taught = world.capability, quarter.work.taught
    for n in range(taught.shape[0]):
        quarter.work.own_level[n] = capability_score(n, world)
        level = 0.0
        ready = 0.0
        count = 0
        for h in range(HOSTS):
            m = setting.hosts[n, h]
            if m >= 0 and world.role[m] == MEMBER:
                total = 0.0
                for d in range(capability.shape[1]):
                    total = total + capability[m, d]
                level = level + total / capability.shape[1]
                ready = ready + world.readiness[m]
                count += 1
        taught[n, 0] = level / count if count > 0 else 0.0
        taught[n, 1] = ready / count if count > 0 else 0.0


@rule
def matched(own: float, teachers: float, disparity: float) -> float:
    """Share of joint training that reaches a partner: 1 / (1 + disparity * gap in capability). Disparity dilutes."""
    gap = teachers - own
    if gap < 0.0:
        gap = 0.0
    return 1.0 / (1.0 + disparity * gap)


@rule
def train(a: int, setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Interoperability learned from activity a, by dimension: the learning curve, diluted by disparity where joint.

    Tired hosts teach less. Exercises teach more the nearer they are to war, large ones are harder to follow, and those
    that keep away from the terrain that matters lose a share.
    """
    menu, levers, work = setting.menu, orders.levers, quarter.work
    effect, interoperability = quarter.effect, world.interoperability
    exercise = menu.is_exercise[a] > 0.0
    speed = p.learning * (0.5 + levers.warfighting) if exercise else p.learning
    disparity = p.disparity * (0.5 + levers.size) if exercise else p.disparity
    for n in range(effect.shape[0]):
        if effect[n, a] <= 0.0:
            continue
        away = p.terrain * levers.distance * setting.front[n] if exercise else 0.0
        quality = work.taught[n, 1] * (1.0 - away)
        if menu.joint[a] > 0.0:
            quality = quality * matched(work.own_level[n], work.taught[n, 0], disparity)
        amount = speed * effect[n, a] * quality
        if amount > SMALL:
            for i in range(3):
                interoperability[n, i] = learn(interoperability[n, i], amount * menu.gain[a, i])
            continue
        for i in range(3):  # the same to the bit, without a branch
            level = interoperability[n, i]
            interoperability[n, i] = level + (1.0 - level) * small_share_of(amount * menu.gain[a, i])


@rule
def build(a: int, setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """Capability gained in the activity's own domain or those of the plan; institutions make more of it (RAND RR350).

    Skills stay in people (`capability`); equipment becomes `kit`, which works at once and needs upkeep.
    """
    gain, own, effect = setting.menu.capability[a], setting.menu.domain[a], quarter.effect
    capability, kit, aim = world.capability, world.kit, world.plan_domain
    if gain <= 0.0:
        return
    for n in range(effect.shape[0]):
        if effect[n, a] <= 0.0:
            continue
        amount = p.learning * gain * effect[n, a]
        if setting.menu.rests_on_kit[a] > 0.0:
            for d in range(kit.shape[1]):
                missing = 1.0 - capability[n, d] - kit[n, d]
                kit[n, d] = clip(kit[n, d] + amount * aim[n, d] * missing, 0.0, 1.0)
        else:
            useful = 1.0 - p.institution_power + p.institution_power * world.institutions[n, DEFENCE_GOVERNANCE]
            if own >= 0:
                capability[n, own] = learn(capability[n, own], amount * useful)
            else:
                learn_all(amount * useful, PLAN_LIMIT, aim[n], capability[n])


@rule
def reform(a: int, setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """Civilian control and defence governance gained; elites of less democratic states resist and it costs will now.

    Aspirants reform for membership in view: an open door as far as a state aspires.
    Conditional help reaches further (Biddle, Macdonald & Baker 2018: the ceiling is modest and needs intrusive aid).
    """
    gain, effect, levers = setting.menu.institutions[a], quarter.effect, orders.levers
    institutions, will = world.institutions, world.will
    if gain <= 0.0:
        return
    for n in range(effect.shape[0]):
        if effect[n, a] <= 0.0:
            continue
        prospect = levers.open_door * aspiration_now(n, setting, step)
        resisted = p.elite_resistance * (1.0 - institutions[n, CIVILIAN_CONTROL])
        amount = p.learning * gain * effect[n, a] * (0.5 + levers.conditionality) * (1.0 - resisted) * will[n]
        amount = amount * (1.0 + 0.5 * prospect)
        institutions[n, CIVILIAN_CONTROL] = learn(institutions[n, CIVILIAN_CONTROL], amount)
        institutions[n, DEFENCE_GOVERNANCE] = learn(institutions[n, DEFENCE_GOVERNANCE], GOVERNANCE_GAIN * amount)
        will[n] = clip(will[n] - REFORM_PRICE * amount * resisted, 0.0, 1.0)


@rule
def meet(n: int, m: int, evidence: float, world: World) -> None:
    """States n and m saw each other keep their word: `evidence` (units of Beta evidence) for, in both directions."""
    world.trust_for[n, m] += evidence
    world.trust_for[m, n] += evidence


@rule
def acquaint(a: int, setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Those who did something together saw each other keep their word, in proportion to their part.

    A partner meets its usual allies. In joint activities it also meets the other allies, with the part `presence`, and
    the partners of its own framework that took part; less so when programmes are tailored one by one.
    """
    effect, framework = quarter.effect, world.framework
    evidence = p.acquaintance * setting.menu.evidence[a]
    multinational = 1.0 - TAILORED_APART * orders.levers.tailoring
    for n in range(effect.shape[0]):
        if effect[n, a] <= 0.0:
            continue
        together = p.presence * multinational if setting.menu.joint[a] > 0.0 else 0.0
        for h in range(HOSTS):
            m = setting.hosts[n, h]
            if m >= 0 and world.role[m] == MEMBER:
                meet(n, m, evidence * effect[n, a] * (1.0 - together), world)
        if together <= 0.0:
            continue
        for m in range(world.role.shape[0]):
            if world.role[m] == MEMBER and m != n:
                meet(n, m, evidence * effect[n, a] * together, world)
        for h in range(PEERS):
            m = setting.peers[n, h]
            if m >= 0 and framework[n] >= 0 and framework[m] == framework[n] and effect[m, a] > 0.0:
                meet(n, m, evidence * min(effect[n, a], effect[m, a]) * multinational, world)


@rule
def openness(orders: Orders) -> float:
    """How much of what could be shared is shared: a fifth when closed, 1 half open, 1.8 when open (assumed)."""
    return CLOSED + 2.0 * (1.0 - CLOSED) * orders.levers.sharing


@rule
def share_warning(a: int, setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Shared intelligence, plans and digital links raise warning (N,), as far as allies are ready to share (0 to 1)."""
    gain, effect, warning = setting.menu.warning[a], quarter.effect, world.warning
    if gain <= 0.0:
        return
    for n in range(effect.shape[0]):
        if effect[n, a] > 0.0:
            warning[n] = learn(warning[n], p.learning * gain * effect[n, a] * openness(orders))


@rule
def win_support(a: int, setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """What an activity does for the programme's public legitimacy: its own part, less what neutral publics dislike.

    Where a state is non-aligned, provocative activities make the programme look like a geopolitical tool.
    """
    menu, effect, legitimacy = setting.menu, quarter.effect, world.legitimacy
    warlike = p.alienation * menu.provocation[a] * orders.levers.warfighting
    for n in range(effect.shape[0]):
        if effect[n, a] > 0.0:
            seen = warlike * (ALIGNED_DISLIKE + setting.nonaligned[n])
            legitimacy[n] = clip(legitimacy[n] + effect[n, a] * (menu.legitimacy[a] - seen), 0.0, 1.0)


@rule
def exposure(n: int, setting: Setting, orders: Orders, quarter: Quarter) -> float:
    """Places of sharing and technology in the quarter that may leak from state n."""
    exposed = 0.0
    for a in range(quarter.effect.shape[1]):
        if setting.menu.exposes[a] > 0.0:
            exposed = exposed + quarter.effect[n, a] * openness(orders)
    return exposed


@rule
def leak(setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:
    """What was shared leaks through the least secure recipient, suddenly: allies' doubt, and burnt sources.

    The hazard is rate * exposure * (1 - governance). Each leak costs its state half of its warning, and trust.
    """
    warning, leaked = world.warning, quarter.leaked
    for n in range(leaked.shape[0]):
        leaked[n] = 0
        exposed = exposure(n, setting, orders, quarter)
        if exposed <= 0.0:
            continue
        hazard = p.leak_rate * exposed * (1.0 - world.institutions[n, DEFENCE_GOVERNANCE])
        if uniform(draws, LEAK, setting.entity[n], 0) < 1.0 - exp(-hazard):
            leaked[n] = 1
            warning[n] = 0.5 * warning[n]
            for m in range(world.role.shape[0]):
                if world.role[m] == MEMBER and m != n:
                    doubt = p.doubt / 3.0 * part_of(n, m, setting, p)
                    world.trust_against[m, n] = world.trust_against[m, n] + doubt


@rule
def clear_misperception(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """Notification and observers lower the misperception (P,) of a feud when either side takes part, most when both."""
    effect, feuds, misperception = quarter.effect, setting.feuds, world.misperception
    for f in range(misperception.shape[0]):
        seen = effect[feuds.a[f], ACTIVITY.transparency] + effect[feuds.b[f], ACTIVITY.transparency]
        if seen > 0.0:
            misperception[f] = misperception[f] * exp(-p.transparency_gain * seen)


@rule
def activities_work(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 5: activity by activity in the order of the menu, each entered in the ledger under its own name."""
    step = int(draws.step)
    compare_levels(setting, world, quarter)
    for a in range(setting.menu.cost.shape[0]):
        deliver(a, setting, world, quarter)
        train(a, setting, world, orders, p, quarter)
        build(a, setting, world, p, quarter)
        reform(a, setting, world, orders, step, p, quarter)
        acquaint(a, setting, world, orders, p, quarter)
        share_warning(a, setting, world, orders, p, quarter)
        win_support(a, setting, world, orders, p, quarter)
        enter(a, world, quarter)
    clear_misperception(setting, world, p, quarter)
    leak(setting, world, orders, draws, p, quarter)
    enter(BY_LEAKS, world, quarter)
