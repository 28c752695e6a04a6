"""Measures of allies, their Council, and what the programme costs."""

from sim.declare.names import ACCEDING, COMMON_FUND, CSTO, LEAD_ALLY, MEMBER, TRUST_FUND
from sim.law.choices.rival import credible_force, deterrence_of
from sim.law.compiled import Floats, rule
from sim.law.measures.declared import measured
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
def efforts(setting: Setting, world: World, quarter: Quarter, effort: Floats) -> None:
    """What each state did for the common cause (N,): lead money drawn, troops in missions, forces in groupings."""
    for n in range(world.role.shape[0]):
        effort[n] = 0.05 * quarter.spent[n, LEAD_ALLY] + 0.2 * world.deployed[n] * setting.weight[n]
    incidents = quarter.incidents
    for at in range(incidents.number[0]):
        for g in range(GROUP):
            m = incidents.group[at, g]
            if m >= 0:
                effort[m] += 0.1 * incidents.effort[at, g]


@measured("0 to 1", 1, "mean", 0, 1)
@rule
def burden_sharing(setting: Setting, world: World, quarter: Quarter) -> float:
    """One less half the distance between allies' shares of effort (money, crises, missions) and of force."""
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
    """Share of Council items on the agenda since the start that were agreed, also in amended form."""
    return world.council[0] / world.council[1] if world.council[1] > 0.0 else 1.0


@measured("quarters", -1, "end", 0, 200)
@rule
def decision_delay(world: World) -> float:
    """Quarters that items were held up, per item agreed since the start."""
    return world.council[2] / max(world.council[0], 1.0)


@measured("states", 0, "end", 0, 100)
@rule
def accessions(world: World) -> float:
    """States that became allies since the start."""
    total = 0.0
    for n in range(world.role.shape[0]):
        if world.track[n] > ACCEDING and world.track_since[n] >= 0:
            total += 1.0
    return total


@measured("-1 to 1", 0, "end", -1, 1)
@rule
def realignment(world: World) -> float:
    """Cohesion of GCC and EU formats less cohesion of the CSTO: how other blocs shift."""
    total = 0.0
    for b in range(world.bloc_cohesion.shape[0]):
        total += world.bloc_cohesion[b]
    return 0.5 * (total - world.bloc_cohesion[CSTO]) - world.bloc_cohesion[CSTO]


@measured("EUR million a quarter", -1, "mean", 0, 1e5)
@rule
def cost(world: World, quarter: Quarter) -> float:
    """Money of the common fund, lead allies and trust funds."""
    spent = quarter.spent
    total = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] != MEMBER:
            total += spent[n, LEAD_ALLY] + spent[n, TRUST_FUND] + spent[n, COMMON_FUND]
    return total


# ------------------------------------------------------------------------------------------- all of a quarter
