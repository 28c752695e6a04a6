"""Mechanism 2: states answer in response groupings; responders are finite; harm is what is left."""

import math

from sim.declare.constants import LEAST_FORCE, LEAST_SHARE, LOW_FLOOR, SMALLEST_STATE, TINY, TRIFLE, WITHOUT_MANDATE
from sim.declare.names import MEMBER, NEIGHBOURS, NO_CHANNEL, PARTNER, RIVAL, TECHNICAL
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.elementary import clip
from sim.law.forms import contest, coordinated, pair_interoperability, rising
from sim.law.ledger import FIRST_THREAT, enter, trust_between, trust_in
from sim.law.mechanisms.trust import remember_crisis
from sim.law.orders import Orders
from sim.law.world import GROUP, INCIDENTS, Quarter, Setting, World


@rule
def list_incidents(quarter: Quarter) -> None:
    """List every (state, kind) above `TRIFLE` points of severity, gravest first; ties keep state order.

    Harm (N, K) starts as the severity, for trouble that nobody gets to answer; the list holds INCIDENTS at most.
    """
    incidents, severity = quarter.incidents, quarter.severity
    count = 0
    for n in range(severity.shape[0]):
        for k in range(severity.shape[1]):
            points = severity[n, k]
            quarter.harm[n, k] = points
            if points <= TRIFLE or (count == INCIDENTS and incidents.severity[count - 1] >= points):
                continue
            count = min(count + 1, INCIDENTS)
            at = count - 1
            while at > 0 and incidents.severity[at - 1] < points:
                incidents.severity[at] = incidents.severity[at - 1]
                incidents.state[at] = incidents.state[at - 1]
                incidents.kind[at] = incidents.kind[at - 1]
                at -= 1
            incidents.severity[at] = points
            incidents.state[at] = n
            incidents.kind[at] = k
    incidents.number[0] = count


@rule
def able(n: int, k: int, setting: Setting, world: World, quarter: Quarter) -> float:
    """How well state n can answer kind k, 0 to 1: its capability in the answering domains times readiness.

    Domains of weight zero count for nothing; `level` (N, D) is capability with equipment.
    """
    answered_by, level = setting.kinds.answered_by, quarter.work.level
    total = 0.0
    for d in range(level.shape[1]):
        total += answered_by[k, d] * level[n, d]
    return total * world.readiness[n]


@rule
def rate_responders(setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """How well each state answers each kind, `skill` (N, K), and the most force that it could bring, `most` (N, K)."""
    level, skill, most = quarter.work.level, quarter.work.skill, quarter.work.most
    for m in range(skill.shape[0]):
        for d in range(level.shape[1]):
            level[m, d] = clip(world.capability[m, d] + world.kit[m, d], 0.0, 1.0)
        for k in range(skill.shape[1]):
            skill[m, k] = able(m, k, setting, world, quarter)
            most[m, k] = p.help_effort * setting.weight[m] * orders.pledge[m] * skill[m, k] * (1.0 + TINY)


@rule
def willing(helper: int, helped: int, world: World, orders: Orders, quarter: Quarter) -> float:
    """Share of its forces that `helper` would send to `helped`, 0 to 1.

    Allies answer for allies in full (Article 5). For partners there is no guarantee: allies act in proportion to
    trust, all but those that stay apart under a Council mandate, and little without one. Partners help as pledged.
    """
    role, pledge = world.role, orders.pledge[helper]
    if helper == helped or role[helper] == RIVAL or role[helped] == RIVAL:
        return 0.0
    if role[helper] == MEMBER and role[helped] == MEMBER:
        return pledge
    trust = trust_in(helper, helped, world)
    if role[helper] == MEMBER and (world.mandate[0] == 0 or quarter.apart[helper] == 1):
        return WITHOUT_MANDATE * pledge * trust
    return pledge * trust


@rule
def join(at: int, m: int, force: float, quarter: Quarter) -> None:
    """Responder m takes its place in the grouping of incident `at` if it is among the GROUP strongest; ties wait."""
    group, forces = quarter.incidents.group[at], quarter.incidents.effort[at]
    slot = GROUP - 1
    if forces[slot] >= force:
        return
    while slot > 0 and forces[slot - 1] < force:
        group[slot] = group[slot - 1]
        forces[slot] = forces[slot - 1]
        slot -= 1
    group[slot] = m
    forces[slot] = force


@rule
def call_responders(at: int, setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Call the most useful willing states that have forces left to incident `at`.

    Each call uses up `deployment` of a responder's pledge, so simultaneous crises queue and the last find nobody
    (overload): `wanted` is the share of places that stay empty while there are states too busy to come.
    """
    incidents, load, work = quarter.incidents, quarter.load, quarter.work
    n, k, forces = incidents.state[at], incidents.kind[at], incidents.effort[at]
    busy = 0
    for m in range(load.shape[0]):
        is_free = load[m] + p.deployment <= 1.0
        bound = work.most[m, k] * setting.nearness[n, m]
        # Where others bring more, its trust needs no look.
        if bound < LEAST_FORCE or (is_free and bound <= forces[GROUP - 1]):
            continue
        share = willing(m, n, world, orders, quarter)
        force = p.help_effort * setting.weight[m] * share * setting.nearness[n, m] * work.skill[m, k]
        if share <= LEAST_SHARE or force < LEAST_FORCE:
            continue
        if is_free:
            join(at, m, force, quarter)
        else:
            busy += 1
    empty = 0
    for g in range(GROUP):
        m = incidents.group[at, g]
        if m >= 0:
            load[m] += p.deployment
        else:
            empty += 1
    incidents.wanted[at] = min(empty, busy) / GROUP


@rule
def grouping_effort(at: int, world: World, quarter: Quarter) -> float:
    """Effect of the response grouping of incident `at`, in force weights.

    The sum of forces counts only as far as the grouping fits together, by interoperability with and trust of the state
    helped; its weakest link pulls all down, so strangers can do worse than a smaller group that has trained together
    (half of the weight, assumed; reference 0.3-0.7).
    """
    incidents = quarter.incidents
    n = incidents.state[at]
    size = 0
    force = 0.0
    total = 0.0
    weakest = 1.0
    for g in range(GROUP):
        m = incidents.group[at, g]
        if m >= 0:
            fit = math.sqrt(pair_interoperability(world.interoperability, m, n) * trust_between(m, n, world))
            size += 1
            force += incidents.effort[at, g]
            total += fit
            weakest = min(weakest, fit)
    return force * coordinated(total / size, weakest) if size > 0 else 0.0


@rule
def respond(at: int, setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Answer incident `at`: what is left of it is its harm.

    States deal with small trouble alone; severity of `call_above` or more calls others. Shared warning shrinks the
    threat before it is met: speed and early notice are the same thing here.
    """
    incidents = quarter.incidents
    n, k = incidents.state[at], incidents.kind[at]
    incidents.wanted[at] = 0.0
    for g in range(GROUP):
        incidents.group[at, g] = -1
        incidents.effort[at, g] = 0.0
    if incidents.severity[at] >= p.call_above:
        call_responders(at, setting, world, orders, p, quarter)
    met = incidents.severity[at] * (1.0 - p.warning_gain * setting.kinds.warning[k] * world.warning[n])
    own = p.own_effort * (SMALLEST_STATE + math.sqrt(setting.weight[n])) * quarter.work.skill[n, k]
    left = met * contest(own + grouping_effort(at, world, quarter), met)
    incidents.own[at] = own
    incidents.harm[at] = left
    quarter.harm[n, k] = left


@rule
def harm_states(k: int, setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """What harm of kind k does to states: lost capability in the answering domains, lost legitimacy in partners.

    Harm (N, K) is in points; hurts are changes a 100 points.
    """
    kinds, capability, legitimacy = setting.kinds, world.capability, world.legitimacy
    capability_hurt = p.scars * kinds.capability[k]
    legitimacy_hurt = p.scars * kinds.legitimacy[k]
    for n in range(capability.shape[0]):
        points = quarter.harm[n, k] / 100.0
        if points <= 0.0:
            continue
        for d in range(capability.shape[1]):
            lost = capability_hurt * points * kinds.answered_by[k, d]
            capability[n, d] = capability[n, d] * (1.0 - clip(lost, 0.0, 0.5))
        if world.role[n] == PARTNER:
            legitimacy[n] = clip(legitimacy[n] - legitimacy_hurt * points, 0.0, 1.0)


@rule
def harm_regions(k: int, setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """What harm of kind k does beyond a state: tension in its region (R,), and in members the Council's cohesion."""
    harm, tension, cohesion = quarter.harm, world.tension, world.cohesion
    tension_hurt = p.scars * setting.kinds.tension[k]
    cohesion_hurt = 0.5 * p.scars * setting.kinds.cohesion[k]
    members = 0
    total = 0.0
    for n in range(harm.shape[0]):
        if world.role[n] == MEMBER:
            members += 1
            total += harm[n, k]
        if harm[n, k] > 0.0:
            r = setting.region[n]
            tension[r] = clip(tension[r] + tension_hurt * harm[n, k] / 100.0 * (1.0 - tension[r]), 0.0, 1.0)
    if members > 0:
        cohesion[0] = clip(cohesion[0] - cohesion_hurt * total / members / 100.0, 0.0, 1.0)


@rule
def bear_harm(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """What is left of each kind of threat does its harm, and is remembered."""
    for k in range(setting.kinds.people.shape[0]):
        harm_states(k, setting, world, p, quarter)
        harm_regions(k, setting, world, p, quarter)
        remember_crisis(k, setting, world, p, quarter)
        enter(FIRST_THREAT + k, world, quarter)


@rule
def carries(k: int, n: int, m: int, setting: Setting, world: World) -> float:
    """How well kind k travels from n to m: neighbours within a region by nearness, or the digital ties of both."""
    ties, proximity = world.interoperability, setting.proximity
    if m == n:
        return 0.0
    if setting.kinds.channel[k] == NEIGHBOURS:
        return proximity[n, m] if setting.region[m] == setting.region[n] else 0.0
    return ties[n, TECHNICAL] * ties[m, TECHNICAL] * rising(LOW_FLOOR, proximity[n, m])


@rule
def spread(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """What is left of a threat spreads for the next quarter, along its channel; a share of it in all, so it dies out.

    Buhaug & Gleditsch 2008 for neighbourhood effects. Harm and spill are (N, K).
    """
    harm, kinds = quarter.harm, setting.kinds
    for k in range(harm.shape[1]):
        share = kinds.spread[k] * p.spread_share
        for n in range(harm.shape[0]):
            amount = share * harm[n, k]
            if kinds.channel[k] == NO_CHANNEL or amount < TRIFLE:
                continue
            total = 0.0
            for m in range(harm.shape[0]):
                total += carries(k, n, m, setting, world)
            if total <= 0.0:
                continue
            for m in range(harm.shape[0]):
                world.spill[m, k] += amount * carries(k, n, m, setting, world) / total


@rule
def states_answer(setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 2, and what harm does; the trust that follows is entered with the kind of threat that caused it."""
    quarter.load[:] = 0.0
    quarter.delivered[:] = 0.0
    list_incidents(quarter)
    rate_responders(setting, world, orders, p, quarter)
    for at in range(quarter.incidents.number[0]):
        respond(at, setting, world, orders, p, quarter)
    bear_harm(setting, world, p, quarter)
    spread(setting, world, p, quarter)
