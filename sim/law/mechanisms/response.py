"""Mechanism 2: states answer in response groupings; responders are finite; harm is what is left."""

import math

from sim.declare.names import MEMBER, NEIGHBOURS, NO_CHANNEL, PARTNER, RIVAL
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.elementary import clip
from sim.law.forms import contest, coordinated, expected_trust, pair_interoperability
from sim.law.ledger import FIRST_THREAT, enter
from sim.law.mechanisms.trust import remember_crisis
from sim.law.orders import Orders
from sim.law.world import GROUP, INCIDENTS, Incidents, Quarter, Setting, Work, World

ROUNDING = 1.0 + 1e-9


@rule
def able(level: Floats, answered_by: Floats, readiness: float, n: int, k: int) -> float:
    """How well state n can answer kind k, 0 to 1: its capability in the answering domains times readiness.

    level: (N, D) capability with equipment; answered_by: (K, D). Domains of weight zero count for nothing.
    """
    total = 0.0
    for d in range(level.shape[1]):
        total = total + answered_by[k, d] * level[n, d]
    return total * readiness


@rule
def grouping_effort(forces: Floats, pairs: Floats, trusts: Floats, size: int, weakest_weight: float) -> float:
    """Effect of a response grouping of `size` responders, in force weights.

    forces, pairs, trusts: (GROUP,) each responder's force, and its interoperability with and trust of the state helped.
    The sum of forces counts only as far as the grouping fits together; its weakest link pulls all down, so strangers
    can do worse than a smaller group that has trained together (weakest-link weight 0.3-0.7, assumed).
    """
    if size == 0:
        return 0.0
    force = 0.0
    mean = 0.0
    weakest = 1.0
    for g in range(size):
        fit = math.sqrt(pairs[g] * trusts[g])
        force = force + forces[g]
        mean = mean + fit
        weakest = min(weakest, fit)
    return force * coordinated(mean / size, weakest, weakest_weight)


@rule
def list_incidents(severity: Floats, threshold: float, incidents: Incidents, harm: Floats) -> None:
    """List every (state, kind) above `threshold` severity, gravest first; ties keep state order.

    harm (N, K) starts as the severity, for trouble that nobody gets to answer; the list holds INCIDENTS at most.
    """
    count = 0
    for n in range(severity.shape[0]):
        for k in range(severity.shape[1]):
            harm[n, k] = severity[n, k]
            if severity[n, k] <= threshold:
                continue
            at = count
            if count == INCIDENTS:
                at = count - 1
                if incidents.severity[at] >= severity[n, k]:
                    continue
            else:
                count += 1
            while at > 0 and incidents.severity[at - 1] < severity[n, k]:
                incidents.severity[at] = incidents.severity[at - 1]
                incidents.state[at] = incidents.state[at - 1]
                incidents.kind[at] = incidents.kind[at - 1]
                at -= 1
            incidents.severity[at] = severity[n, k]
            incidents.state[at] = n
            incidents.kind[at] = k
    incidents.number[0] = count


@rule
def willing(role: Ints, pledge: Floats, trust: float, mandate: int, apart: Ints, helper: int, helped: int) -> float:
    """Share of its forces that `helper` would send to `helped`, 0 to 1.

    Allies answer for allies in full (Article 5). For partners there is no guarantee: allies act in proportion to
    trust, all but those that stay `apart` under a Council mandate, and little without one. Partners help as pledged.
    """
    if helper == helped or role[helper] == RIVAL or role[helped] == RIVAL:
        return 0.0
    if role[helper] == MEMBER and role[helped] == MEMBER:
        return pledge[helper]
    if role[helper] == MEMBER and (mandate == 0 or apart[helper] == 1):
        return 0.15 * pledge[helper] * trust
    return pledge[helper] * trust


@rule
def respond(
    capability: Floats, kit: Floats, answered_by: Floats, warnable: Floats, readiness: Floats, warning: Floats,
    interoperability: Floats, trust_for: Floats, trust_against: Floats, weight: Floats, nearness: Floats, role: Ints,
    pledge: Floats, mandate: int, apart: Ints, own_scale: float, help_scale: float, weakest_weight: float,
    warning_gain: float, deployment: float, call_above: float, group_limit: int, load: Floats, harm: Floats,
    incidents: Incidents, work: Work,
) -> None:  # fmt: skip
    """Answer the listed incidents in order; fill `harm` (N, K), `load` (N,) and the incident record.

    States deal with small trouble alone. An incident above `call_above` severity calls the most useful willing
    responders that have forces left, up to `group_limit`; each call uses
    up `deployment` of a responder's pledge, so simultaneous crises queue and the last find nobody (overload).
    Shared warning shrinks the threat before it is met: speed and early notice are the same thing here.
    """
    # How well each state answers each kind, and the most that it could then bring: where others bring more, its trust
    # in the state helped needs no look.
    level, skill, most = work.level, work.skill, work.most
    pairs, trusts = work.group[0], work.group[1]
    for m in range(weight.shape[0]):
        for d in range(capability.shape[1]):
            level[m, d] = clip(capability[m, d] + kit[m, d], 0.0, 1.0)
        for k in range(answered_by.shape[0]):
            skill[m, k] = able(level, answered_by, readiness[m], m, k)
            most[m, k] = help_scale * weight[m] * pledge[m] * skill[m, k] * ROUNDING
    for at in range(incidents.number[0]):
        n = incidents.state[at]
        k = incidents.kind[at]
        met = incidents.severity[at] * (1.0 - warning_gain * warnable[k] * warning[n])
        forces = incidents.effort[at]
        size = 0
        busy = 0
        for m in range(weight.shape[0] if incidents.severity[at] >= call_above else 0):
            if role[m] == RIVAL or m == n:
                continue
            bound = most[m, k] * nearness[n, m]
            if bound < 0.05 or (size == group_limit and bound <= forces[size - 1] and load[m] + deployment <= 1.0):
                continue
            trust = expected_trust(trust_for[m, n], trust_against[m, n])
            share = willing(role, pledge, trust, mandate, apart, m, n)
            if share <= 0.02:
                continue
            force = help_scale * weight[m] * share * nearness[n, m] * skill[m, k]
            if force < 0.05:
                continue
            if load[m] + deployment > 1.0:
                busy += 1
                continue
            slot = size
            if size == group_limit:
                slot = size - 1
                if forces[slot] >= force:
                    continue
            else:
                size += 1
            while slot > 0 and forces[slot - 1] < force:
                forces[slot] = forces[slot - 1]
                incidents.group[at, slot] = incidents.group[at, slot - 1]
                slot -= 1
            forces[slot] = force
            incidents.group[at, slot] = m
        for g in range(size):
            m = incidents.group[at, g]
            pairs[g] = pair_interoperability(interoperability, m, n)
            trusts[g] = 0.5 * (
                expected_trust(trust_for[m, n], trust_against[m, n])
                + expected_trust(trust_for[n, m], trust_against[n, m])
            )
        own = own_scale * (0.3 + math.sqrt(weight[n])) * skill[n, k]
        helped = grouping_effort(forces, pairs, trusts, size, weakest_weight)
        left = met * contest(own + helped, met)
        for g in range(GROUP):
            if g < size:
                load[incidents.group[at, g]] = load[incidents.group[at, g]] + deployment
            else:
                incidents.group[at, g] = -1
                forces[g] = 0.0
        unmet = group_limit - size
        incidents.wanted[at] = (unmet if unmet < busy else busy) / group_limit
        incidents.own[at] = own
        incidents.harm[at] = left
        harm[n, k] = left


@rule
def harm_states(
    k: int, harm: Floats, answered_by: Floats, capability_hurt: float, legitimacy_hurt: float, role: Ints,
    capability: Floats, legitimacy: Floats,
) -> None:  # fmt: skip
    """What harm of kind k does to states: lost capability in the answering domains, lost legitimacy in partners.

    harm: (N, K) points; hurts are changes a 100 points.
    """
    for n in range(harm.shape[0]):
        points = harm[n, k] / 100.0
        if points <= 0.0:
            continue
        for d in range(capability.shape[1]):
            lost = capability_hurt * points * answered_by[k, d]
            capability[n, d] = capability[n, d] * (1.0 - clip(lost, 0.0, 0.5))
        if role[n] == PARTNER:
            legitimacy[n] = clip(legitimacy[n] - legitimacy_hurt * points, 0.0, 1.0)


@rule
def harm_regions(
    k: int, harm: Floats, tension_hurt: float, cohesion_hurt: float, region: Ints, role: Ints, tension: Floats,
    cohesion: Floats,
) -> None:  # fmt: skip
    """What harm of kind k does beyond a state: tension in its region (R,), and in members the Council's cohesion."""
    members = 0
    total = 0.0
    for n in range(harm.shape[0]):
        if role[n] == MEMBER:
            members += 1
            total = total + harm[n, k]
        if harm[n, k] > 0.0:
            r = region[n]
            tension[r] = clip(tension[r] + tension_hurt * harm[n, k] / 100.0 * (1.0 - tension[r]), 0.0, 1.0)
    if members > 0:
        cohesion[0] = clip(cohesion[0] - cohesion_hurt * total / members / 100.0, 0.0, 1.0)


@rule
def carries(channel: int, n: int, m: int, proximity: Floats, region: Ints, ties: Floats) -> float:
    """How well a channel carries trouble from n to m: neighbours within a region by nearness, or both digital ties."""
    if m == n:
        return 0.0
    if channel == NEIGHBOURS:
        return proximity[n, m] if region[m] == region[n] else 0.0
    return ties[n] * ties[m] * (0.2 + 0.8 * proximity[n, m])


@rule
def spread(
    harm: Floats, channel: Ints, share: Floats, proximity: Floats, region: Ints, ties: Floats, spill: Floats
) -> None:
    """What is left of a threat spreads for the next quarter, along its channel; `share` of it in all, so it dies out.

    harm, spill: (N, K); ties: (N,) how much a state is connected. Buhaug & Gleditsch 2008 for neighbourhood effects.
    """
    for k in range(harm.shape[1]):
        if channel[k] == NO_CHANNEL:
            continue
        for n in range(harm.shape[0]):
            amount = share[k] * harm[n, k]
            if amount < 0.3:
                continue
            total = 0.0
            for m in range(harm.shape[0]):
                total = total + carries(channel[k], n, m, proximity, region, ties)
            if total <= 0.0:
                continue
            for m in range(harm.shape[0]):
                part = carries(channel[k], n, m, proximity, region, ties)
                if part > 0.0:
                    spill[m, k] = spill[m, k] + amount * part / total


@rule
def feel(severity: Floats, memory: float, perceived: Floats) -> None:
    """Threat as felt (N, K): a running mean of what arose, severity points a quarter, with `memory` kept."""
    for n in range(severity.shape[0]):
        for k in range(severity.shape[1]):
            perceived[n, k] = memory * perceived[n, k] + (1.0 - memory) * severity[n, k]


@rule
def bear_harm(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """What is left of each kind of threat does its harm, and is remembered."""
    kinds = setting.kinds
    for k in range(kinds.people.shape[0]):
        harm_states(
            k, quarter.harm, kinds.answered_by, p.harm_to_capability * kinds.capability[k],
            p.harm_to_legitimacy * kinds.legitimacy[k], world.role, world.capability, world.legitimacy,
        )  # fmt: skip
        harm_regions(
            k, quarter.harm, p.harm_to_tension * kinds.tension[k], p.harm_to_cohesion * kinds.cohesion[k],
            setting.region, world.role, world.tension, world.cohesion,
        )  # fmt: skip
        remember_crisis(k, setting, world, p, quarter)
        enter(FIRST_THREAT + k, world, quarter)


@rule
def states_answer(setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 2, and what harm does; the trust that follows is entered with the kind of threat that caused it."""
    kinds = setting.kinds
    quarter.load[:] = 0.0
    quarter.delivered[:] = 0.0
    list_incidents(quarter.severity, 0.3, quarter.incidents, quarter.harm)
    respond(
        world.capability, world.kit, kinds.answered_by, kinds.warning, world.readiness, world.warning,
        world.interoperability, world.trust_for, world.trust_against, setting.weight, setting.nearness, world.role,
        orders.pledge, world.mandate[0], quarter.apart, p.own_effort, p.help_effort, p.weakest_link,
        p.warning_gain, p.deployment, p.call_above, GROUP, quarter.load, quarter.harm, quarter.incidents,
        quarter.work,
    )  # fmt: skip
    bear_harm(setting, world, p, quarter)
    work = quarter.work
    for n in range(work.local.shape[0]):
        work.local[n] = world.interoperability[n, 0]
    for k in range(work.share.shape[0]):
        work.share[k] = kinds.spread[k] * p.spread_share
    spread(
        quarter.harm, kinds.channel, work.share, setting.proximity, setting.region, work.local, world.spill,
    )  # fmt: skip
