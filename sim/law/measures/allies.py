"""Measures of allies, their Council, and what the programme costs."""

from sim.declare.names import ACCEDING, COMMON_FUND, CSTO, LEAD_ALLY, MEMBER, TRUST_FUND
from sim.law.choices.rival import credible_force, deterrence_of
from sim.law.compiled import Floats, rule
from sim.law.measures.declared import AT, measured
from sim.law.world import GROUP, Quarter, Setting, World


@measured("0 to 1", 1, "mean", 0, 1)
@rule
def readiness(world: World) -> float:
    """Mean home readiness of members."""
    total = 0.0
    members = 0
    for n in range(world.role.shape[0]):
        if world.role[n] == MEMBER:
            total += world.readiness[n]
            members += 1
    return total / max(members, 1)


@measured("0 to 1", 1, "mean", 0, 1)
@rule
def deterrence(setting: Setting, world: World) -> float:
    """A / (A + R): A ready forces of allies and near partners times cohesion, R rivals' force times (0.5 +
    hostility).

    `deterrence_of` with force = Σ `credible_force` with near = front, against Σᵥ 4.0 · weight of the rival, hostility
    the mean over rivals.
    """
    force = 0.0
    for n in range(world.role.shape[0]):
        force += credible_force(n, setting.front[n], setting, world)
    against = 0.0
    hostility = 0.0
    for v in range(setting.rivals.shape[0]):
        against += 4.0 * setting.weight[setting.rivals[v]]
        hostility += world.hostility[v] / setting.rivals.shape[0]
    return deterrence_of(force, against, hostility, world)


@rule
def was_helped(n: int, world: World, quarter: Quarter) -> bool:
    """Whether state n was a partner in the quarter, also where it became an ally at its end."""
    done = 0.0
    for a in range(quarter.done.shape[1]):
        done += quarter.done[n, a]
    return bool(world.role[n] != MEMBER or done > 0.0)


@rule
def efforts(setting: Setting, world: World, quarter: Quarter, effort: Floats) -> None:
    """What each state did for the common cause (N,): lead money drawn, troops in missions, forces in groupings.

    0.05 · lead money drawn + 0.2 · deployed · weight + 0.1 · Σ forces in groupings of the quarter. Lead money of a
    state that was helped is what it received, no effort.
    """
    for n in range(world.role.shape[0]):
        paid = 0.0 if was_helped(n, world, quarter) else quarter.spent[n, LEAD_ALLY]
        effort[n] = 0.05 * paid + 0.2 * world.deployed[n] * setting.weight[n]
    incidents = quarter.incidents
    for at in range(incidents.number[0]):
        for g in range(GROUP):
            m = incidents.group[at, g]
            if m >= 0:
                effort[m] += 0.1 * incidents.effort[at, g]


@measured("0 to 1", 1, "mean", 0, 1)
@rule
def burden_sharing(setting: Setting, world: World, quarter: Quarter) -> float:
    """One less half the distance between allies' shares of effort (money, crises, missions) and of force.

    1 − 0.5 Σ_members |share of `efforts` − share of weight|; 1 where there is no effort.
    """
    effort = quarter.work.local
    efforts(setting, world, quarter, effort)
    total_weight = 0.0
    total_effort = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] == MEMBER:
            total_weight += setting.weight[n]
            total_effort += effort[n]
    distance = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] == MEMBER and total_effort > 0.0:
            gap = effort[n] / total_effort - setting.weight[n] / total_weight
            distance += gap if gap > 0.0 else -gap
    return 1.0 - 0.5 * distance


@measured("0 to 1", 1, "end", 0, 1)
@rule
def consensus_rate(world: World) -> float:
    """Share of Council items on the agenda since the start that were agreed, also in amended form.

    Items agreed / items on the agenda since the start (1 without).
    """
    return world.council[0] / world.council[1] if world.council[1] > 0.0 else 1.0


@measured("quarters", -1, "end", 0, 200)
@rule
def decision_delay(world: World) -> float:
    """Quarters that items were held up, per item agreed since the start.

    Item-quarters held up / max(items agreed, 1).
    """
    return world.council[2] / max(world.council[0], 1.0)


@measured("states", 0, "end", 0, 100)
@rule
def accessions(world: World) -> float:
    """States that became allies since the start.

    States of track 5 since step 0 or later.
    """
    total = 0.0
    for n in range(world.role.shape[0]):
        if world.track[n] > ACCEDING and world.track_since[n] >= 0:
            total += 1.0
    return total


@measured("-1 to 1", 0, "end", -1, 1)
@rule
def realignment(world: World) -> float:
    """Cohesion of GCC and EU formats less cohesion of the CSTO: how other blocs shift.

    0.5 · (cohesion of GCC + EU) − cohesion of CSTO.
    """
    total = 0.0
    for b in range(world.bloc_cohesion.shape[0]):
        total += world.bloc_cohesion[b]
    return 0.5 * (total - world.bloc_cohesion[CSTO]) - world.bloc_cohesion[CSTO]


@measured("EUR million a quarter", -1, "mean", 0, 1e5)
@rule
def cost(world: World, quarter: Quarter) -> float:
    """Money of the common fund, lead allies and trust funds.

    Σ over all who were helped of lead, trust fund and common fund money.
    """
    spent = quarter.spent
    total = 0.0
    for n in range(world.role.shape[0]):
        if was_helped(n, world, quarter):
            total += spent[n, LEAD_ALLY] + spent[n, TRUST_FUND] + spent[n, COMMON_FUND]
    return total


@rule
def measure_allies(setting: Setting, world: World, quarter: Quarter, out: Floats) -> None:
    """These measures of the quarter, each in its place of MEASURES (MEASURES,)."""
    out[AT.deterrence] = deterrence(setting, world)
    out[AT.consensus_rate] = consensus_rate(world)
    out[AT.decision_delay] = decision_delay(world)
    out[AT.readiness] = readiness(world)
    out[AT.accessions] = accessions(world)
    out[AT.realignment] = realignment(world)
    out[AT.cost] = cost(world, quarter)
    out[AT.burden_sharing] = burden_sharing(setting, world, quarter)
