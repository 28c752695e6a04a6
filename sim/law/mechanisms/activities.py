"""Mechanism 5: activities work. Training, capacity building, reform, acquaintance, shared warning, and what goes
wrong.
"""

from sim.declare.activities import ACTIVITY
from sim.declare.names import CIVILIAN_CONTROL, DEFENCE_GOVERNANCE, MEMBER
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.draws import LEAK, Draws, uniform
from sim.law.elementary import clip, exp, small_share_of
from sim.law.forms import learn, learn_all
from sim.law.ledger import BY_LEAKS, capability_score, enter
from sim.law.orders import Orders
from sim.law.world import HOSTS, PEERS, Quarter, Setting, World

PLAN_LIMIT = 7.0  # most that a plan may put on one domain, see `admit_staff`


@rule
def deliver(a: int, done: Floats, lag: float, backlog: Floats, effect: Floats) -> None:
    """Places done (N, A) take effect after a mean delay of `lag` quarters; what is still to come waits in `backlog`.

    lag 1: within the quarter. Otherwise each quarter 1/lag of what waits takes effect.
    """
    rate = 1.0 if lag <= 1.0 else 1.0 / lag
    for n in range(done.shape[0]):
        waiting = backlog[n, a] + done[n, a]
        effect[n, a] = waiting * rate
        backlog[n, a] = waiting - effect[n, a]


@rule
def host_levels(hosts: Ints, role: Ints, capability: Floats, readiness: Floats, taught: Floats) -> None:
    """What a partner's usual allies bring to it: `taught` (N, 2), mean capability and mean readiness of its hosts."""
    for n in range(hosts.shape[0]):
        level = 0.0
        ready = 0.0
        count = 0
        for h in range(HOSTS):
            m = hosts[n, h]
            if m >= 0 and role[m] == MEMBER:
                total = 0.0
                for d in range(capability.shape[1]):
                    total = total + capability[m, d]
                level = level + total / capability.shape[1]
                ready = ready + readiness[m]
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
def train(
    a: int, effect: Floats, gain: Floats, joint: float, taught: Floats, own_level: Floats, disparity: float,
    speed: float, away: Floats, interoperability: Floats,
) -> None:  # fmt: skip
    """Interoperability learned from activity a, by dimension: the learning curve, diluted by disparity where joint.

    gain: (A, 3) shares of the gap a place; speed multiplies all gains; taught, own_level as in `host_levels`.
    Tired hosts teach less. away: (N,) share lost because exercises keep away from the terrain that matters.
    """
    for n in range(effect.shape[0]):
        if effect[n, a] <= 0.0:
            continue
        quality = taught[n, 1] * (1.0 - away[n])
        if joint > 0.0:
            quality = quality * matched(own_level[n], taught[n, 0], disparity)
        amount = speed * effect[n, a] * quality
        if amount > 0.125:
            for i in range(3):
                interoperability[n, i] = learn(interoperability[n, i], amount * gain[a, i])
            continue
        for i in range(3):  # the same to the bit, without a branch
            level = interoperability[n, i]
            interoperability[n, i] = level + (1.0 - level) * small_share_of(amount * gain[a, i])


@rule
def build(
    a: int, effect: Floats, gain: float, rests_on_kit: int, institutions: Floats, plan_domain: Floats, speed: float,
    institution_power: float, capability: Floats, kit: Floats,
) -> None:  # fmt: skip
    """Capability gained in the domains of the plan, worth more where institutions are strong (RAND RR350).

    Skills stay in people (`capability`); equipment becomes `kit`, which works at once and needs upkeep.
    """
    if gain <= 0.0:
        return
    for n in range(effect.shape[0]):
        if effect[n, a] <= 0.0:
            continue
        governed = institutions[n, DEFENCE_GOVERNANCE]
        useful = 1.0 if rests_on_kit == 1 else 1.0 - institution_power + institution_power * governed
        amount = speed * gain * effect[n, a] * useful
        if rests_on_kit == 1:
            for d in range(capability.shape[1]):
                missing = 1.0 - capability[n, d] - kit[n, d]
                kit[n, d] = clip(kit[n, d] + amount * plan_domain[n, d] * missing, 0.0, 1.0)
        else:
            learn_all(amount, PLAN_LIMIT, plan_domain[n], capability[n])


@rule
def reform(
    a: int, effect: Floats, gain: float, conditionality: float, elite_resistance: float, speed: float,
    prospect: Floats, institutions: Floats, will: Floats,
) -> None:  # fmt: skip
    """Civilian control and defence governance gained; elites of less democratic states resist and it costs will now.

    prospect: (N,) 0 to 1, membership in view: an open door as far as a state aspires; aspirants reform for it.
    Conditional help reaches further (Biddle, Macdonald & Baker 2018: the ceiling is modest and needs intrusive aid).
    """
    if gain <= 0.0:
        return
    for n in range(effect.shape[0]):
        if effect[n, a] <= 0.0:
            continue
        resisted = elite_resistance * (1.0 - institutions[n, CIVILIAN_CONTROL])
        amount = speed * gain * effect[n, a] * (0.5 + conditionality) * (1.0 - resisted) * will[n]
        amount = amount * (1.0 + 0.5 * prospect[n])
        institutions[n, CIVILIAN_CONTROL] = learn(institutions[n, CIVILIAN_CONTROL], amount)
        institutions[n, DEFENCE_GOVERNANCE] = learn(institutions[n, DEFENCE_GOVERNANCE], 1.3 * amount)
        will[n] = clip(will[n] - 0.15 * amount * resisted, 0.0, 1.0)


@rule
def acquaint(
    a: int, effect: Floats, evidence: float, joint: float, hosts: Ints, peers: Ints, role: Ints, framework: Ints,
    multinational: float, trust_for: Floats,
) -> None:  # fmt: skip
    """Those who did something together saw each other keep their word: evidence for, in both directions.

    A partner meets its usual allies; in joint activities it also meets the partners of its own framework that took
    part, less so when programmes are tailored one by one (`multinational`, 0 to 1).
    """
    for n in range(effect.shape[0]):
        if effect[n, a] <= 0.0:
            continue
        amount = evidence * effect[n, a]
        for h in range(HOSTS):
            m = hosts[n, h]
            if m >= 0 and role[m] == MEMBER:
                trust_for[n, m] = trust_for[n, m] + amount
                trust_for[m, n] = trust_for[m, n] + amount
        if joint <= 0.0:
            continue
        for h in range(PEERS):
            m = peers[n, h]
            if m >= 0 and framework[n] >= 0 and framework[m] == framework[n] and effect[m, a] > 0.0:
                met = evidence * min(effect[n, a], effect[m, a]) * multinational
                trust_for[n, m] = trust_for[n, m] + met
                trust_for[m, n] = trust_for[m, n] + met


@rule
def share_warning(a: int, effect: Floats, gain: float, sharing: float, speed: float, warning: Floats) -> None:
    """Shared intelligence, plans and digital links raise warning (N,), as far as allies are ready to share (0 to 1)."""
    if gain <= 0.0:
        return
    for n in range(effect.shape[0]):
        if effect[n, a] > 0.0:
            warning[n] = learn(warning[n], speed * gain * effect[n, a] * (0.4 + 1.2 * sharing))


@rule
def win_support(
    a: int, effect: Floats, change: float, provocation: float, warfighting: float, nonaligned: Floats,
    alienation: float, legitimacy: Floats,
) -> None:  # fmt: skip
    """What an activity does for the programme's public legitimacy: its own part, less what neutral publics dislike.

    Where a state is non-aligned, provocative activities make the programme look like a geopolitical tool.
    """
    for n in range(effect.shape[0]):
        if effect[n, a] > 0.0:
            seen = alienation * provocation * warfighting * (0.2 + nonaligned[n])
            legitimacy[n] = clip(legitimacy[n] + effect[n, a] * (change - seen), 0.0, 1.0)


@rule
def leak(
    exposed: Floats, institutions: Floats, rate: float, entity: Ints, draws: Draws, cost: float, burnt: float,
    role: Ints, hosts: Ints, warning: Floats, trust_against: Floats, leaked: Ints,
) -> None:  # fmt: skip
    """What was shared leaks through the least secure recipient, suddenly: allies' doubt, and burnt sources for all.

    exposed: (N,) places of sharing and technology in the quarter; the hazard is rate * exposed * (1 - governance).
    Each leak costs its state half of its warning and everybody else the share `burnt` of theirs.
    """
    for n in range(exposed.shape[0]):
        leaked[n] = 0
        if exposed[n] <= 0.0:
            continue
        hazard = rate * exposed[n] * (1.0 - institutions[n, DEFENCE_GOVERNANCE])
        if uniform(draws, LEAK, entity[n], 0) < 1.0 - exp(-hazard):
            leaked[n] = 1
            for m in range(exposed.shape[0]):
                warning[m] = warning[m] * (0.5 if m == n else 1.0 - burnt)
            for h in range(HOSTS):
                m = hosts[n, h]
                if m >= 0 and role[m] == MEMBER:
                    trust_against[m, n] = trust_against[m, n] + cost


@rule
def clear_misperception(effect: Floats, gain: float, feud_a: Ints, feud_b: Ints, misperception: Floats) -> None:
    """Notification and observers lower the misperception (P,) of a feud when either side takes part, most when both."""
    for p in range(feud_a.shape[0]):
        seen = effect[feud_a[p]] + effect[feud_b[p]]
        if seen > 0.0:
            misperception[p] = misperception[p] * exp(-gain * seen)


@rule
def one_by_one(setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Every activity in the order of the menu; what shared information and technology exposes adds up."""
    menu = setting.menu
    levers = orders.levers
    work = quarter.work
    for a in range(menu.cost.shape[0]):
        deliver(a, quarter.done, menu.lag[a], world.backlog, quarter.effect)
        train(
            a, quarter.effect, menu.gain, menu.joint[a], work.taught, work.own_level,
            p.disparity * (0.5 + levers.size) if menu.is_exercise[a] == 1 else p.disparity,
            p.learning * (1.0 + p.profile * (levers.warfighting - 0.5)) if menu.is_exercise[a] == 1 else p.learning,
            work.away if menu.is_exercise[a] == 1 else work.nothing, world.interoperability,
        )  # fmt: skip
        build(
            a, quarter.effect, menu.capability[a], menu.rests_on_kit[a], world.institutions,
            world.plan_domain, p.learning, p.institution_power, world.capability, world.kit,
        )  # fmt: skip
        reform(
            a, quarter.effect, menu.institutions[a], levers.conditionality, p.elite_resistance, p.learning,
            work.prospect, world.institutions, world.will,
        )  # fmt: skip
        acquaint(
            a, quarter.effect, p.acquaintance * menu.evidence[a], menu.joint[a], setting.hosts, setting.peers,
            world.role, world.framework, 1.0 - 0.8 * levers.tailoring, world.trust_for,
        )  # fmt: skip
        share_warning(a, quarter.effect, menu.warning[a], levers.sharing, p.learning, world.warning)
        win_support(
            a, quarter.effect, menu.legitimacy[a], menu.provocation[a], levers.warfighting, setting.nonaligned,
            p.alienation, world.legitimacy,
        )  # fmt: skip
        if (
            a == ACTIVITY.intelligence_sharing
            or a == ACTIVITY.digital_collaboration
            or a == ACTIVITY.technology_transfer
        ):
            for n in range(work.exposed.shape[0]):
                work.exposed[n] = work.exposed[n] + quarter.effect[n, a] * (0.4 + 1.2 * levers.sharing)
        enter(a, world, quarter)


@rule
def activities_work(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 5, activity by activity, each entered in the ledger under its own name."""
    levers = orders.levers
    work = quarter.work
    host_levels(setting.hosts, world.role, world.capability, world.readiness, work.taught)
    for n in range(work.exposed.shape[0]):
        work.own_level[n] = capability_score(n, world)
        work.away[n] = p.terrain * levers.distance * setting.front[n]
        aspires = setting.aspires_from[n] <= int(draws.step)
        work.prospect[n] = levers.open_door * setting.aspiration[n] if aspires else 0.0
        work.exposed[n] = 0.0
    one_by_one(setting, world, orders, p, quarter)
    seen = quarter.effect[:, ACTIVITY.transparency]
    clear_misperception(seen, p.transparency_gain, setting.feuds.a, setting.feuds.b, world.misperception)
    leak(
        work.exposed, world.institutions, p.leak_rate, setting.entity, draws, p.leak_cost, p.burnt_sources, world.role,
        setting.hosts, world.warning, world.trust_against, quarter.leaked,
    )  # fmt: skip
    enter(BY_LEAKS, world, quarter)
