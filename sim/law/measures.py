"""The numbers that outcomes are judged by. Each is declared once, with unit, direction and definition."""

from typing import Final, NamedTuple

from sim.declare.names import (
    ACCEDING,
    COMMON_FUND,
    CSTO,
    LEAD_ALLY,
    MEASURES,
    MEMBER,
    OF_CAPABILITY,
    OF_COERCION,
    OF_EXERCISES,
    OF_EXPECTATION,
    OF_FRAMEWORK,
    OF_HARM,
    OF_INSTITUTIONS,
    OF_INTEROPERABILITY,
    OF_LEGITIMACY,
    OF_PLACES,
    OF_READINESS,
    OF_SPENT,
    OF_TILT,
    OF_TRACK,
    OF_TRUST,
    OF_WARNING,
    PARTNER,
    RIVAL,
    TRUST_FUND,
)
from sim.declare.parameters import Parameters
from sim.law.choices.rival import credible_force, deterrence_of
from sim.law.compiled import Floats, Integer, Ints, entry, part, rule
from sim.law.forms import pair_interoperability
from sim.law.ledger import capability_score, interoperability_score, mutual_trust, trust_score, trust_scores
from sim.law.world import GROUP, HOSTS, PEERS, Quarter, Setting, World

EXERCISES: Final = 4  # the first rows of the menu


class Measure(NamedTuple):
    """What a measure is: unit, whether more is better (1), worse (-1) or neither (0), how a run is summed up."""

    unit: str
    direction: int
    over_run: str  # "end": value at the end; "mean" or "total" over the run
    low: float
    high: float
    definition: str


DECLARED: Final[dict[str, Measure]] = {
    "mutual_trust": Measure("0 to 1", 1, "end", 0, 1,
        "mean over partners in a framework of the mean mutual Beta trust with all allies"),
    "interoperability": Measure("0 to 1", 1, "end", 0, 1,
        "mean over partners in a framework of technical, procedural and human interoperability"),
    "coalition_score": Measure("-1 to 1", 1, "end", -1, 1,
        "i-Score of partners with their usual allies: mean spin, +1 above 0.55, 0 above 0.30, -1 below"),
    "capability": Measure("0 to 1", 1, "end", 0, 1,
        "mean over partners in a framework and domains of capability with delivered equipment"),
    "disparity": Measure("0 to 1", -1, "end", 0, 1,
        "mean absolute gap between partners' capability and their mean"),
    "harm": Measure("harm points a quarter", -1, "mean", 0, 1e6,
        "severity left after all answers times harm to people, over members and partners; an index, never deaths"),
    "overload": Measure("0 to 1", -1, "mean", 0, 1,
        "share of wanted helpers that could not be spared, weighted by severity"),
    "stability": Measure("0 to 1", 1, "mean", 0, 1,
        "one less the mean tension over regions with partners"),
    "deterrence": Measure("0 to 1", 1, "mean", 0, 1,
        "A / (A + R): A ready forces of allies and near partners times cohesion, R rivals' force times (0.5 + "
        "hostility)"),
    "consensus_rate": Measure("0 to 1", 1, "end", 0, 1,
        "share of Council items on the agenda since the start that were agreed, also in amended form"),
    "decision_delay": Measure("quarters", -1, "end", 0, 200,
        "quarters that items were held up, per item agreed since the start"),
    "legitimacy": Measure("0 to 1", 1, "end", 0, 1,
        "mean public legitimacy of the programme in partner states"),
    "voice": Measure("0 to 1", 1, "mean", 0, 1,
        "share of programme lines, by money, that the partner had asked for, raised by the voice of contributors"),
    "integration": Measure("0 to 1", 1, "end", 0, 1,
        "mean mutual trust of partners with their nearest partners of the same framework"),
    "expectation_gap": Measure("0 to 1", -1, "mean", 0, 1,
        "mean over partners that called for help in the quarter of help counted on less help that came"),
    "readiness": Measure("0 to 1", 1, "mean", 0, 1,
        "mean home readiness of members"),
    "accessions": Measure("states", 0, "end", 0, 100,
        "states that became allies since the start"),
    "realignment": Measure("-1 to 1", 0, "end", -1, 1,
        "cohesion of GCC and EU formats less cohesion of the CSTO: how other blocs shift"),
    "cost": Measure("EUR million a quarter", -1, "mean", 0, 1e5,
        "money of the common fund, lead allies and trust funds"),
    "burden_sharing": Measure("0 to 1", 1, "mean", 0, 1,
        "one less half the distance between allies' shares of effort (money, crises, missions) and of force"),
    "leaks": Measure("leaks a quarter", -1, "mean", 0, 100,
        "partners through which shared intelligence or technology leaked"),
    "severity": Measure("harm points a quarter", -1, "mean", 0, 1e6,
        "severity that arose, before anybody answered, times harm to people, over members and partners"),
}  # fmt: skip
assert tuple(DECLARED) == MEASURES


@rule
def spin(pair: float) -> float:
    """Interoperability of a pair as an i-Score spin: +1 without translation, 0 through a translator, -1 not at all."""
    if pair > 0.55:
        return 1.0
    return 0.0 if pair > 0.30 else -1.0


@part
def measure_partners(
    setting: Setting, world: World, quarter: Quarter, call_above: float, trust: Floats, out: Floats
) -> None:
    """Measures that are means over partners in a framework: rows 0-4, 11-14 of MEASURES. trust: (N,) scratch."""
    trust_scores(world.role, world.trust_for, world.trust_against, trust)
    partners = 0
    links = 0
    ties = 0
    struck = 0
    planned = 0.0
    asked = 0.0
    heard = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] != PARTNER or world.framework[n] < 0:
            continue
        partners += 1
        out[0] += trust[n]
        out[1] += interoperability_score(n, world.interoperability)
        out[3] += capability_score(n, world.capability, world.kit)
        out[11] += world.legitimacy[n]
        heard += world.voice[n]
        for h in range(HOSTS):
            m = setting.hosts[n, h]
            if m >= 0 and world.role[m] == MEMBER:
                out[2] += spin(pair_interoperability(world.interoperability, n, m))
                links += 1
        for h in range(PEERS):
            m = setting.peers[n, h]
            if m >= 0 and world.framework[m] == world.framework[n]:
                out[13] += mutual_trust(world.trust_for, world.trust_against, n, m)
                ties += 1
        for a in range(world.plan.shape[1]):
            planned += world.plan[n, a] * setting.menu.cost[a]
            asked += min(world.plan[n, a], world.asked[n, a]) * setting.menu.cost[a]
        hit = 0.0
        for k in range(quarter.severity.shape[1]):
            hit = max(hit, quarter.severity[n, k])
        if hit >= call_above:
            out[14] += max(0.0, world.expectation[n] - quarter.delivered[n])
            struck += 1
    if partners == 0:
        return
    for i in (0, 1, 3, 11):
        out[i] = out[i] / partners
    out[2] = out[2] / max(links, 1)
    out[13] = out[13] / max(ties, 1)
    out[14] = out[14] / max(struck, 1)
    out[12] = 0.0 if planned <= 0.0 else asked / planned
    out[12] = out[12] + (1.0 - out[12]) * heard / partners
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER and world.framework[n] >= 0:
            gap = capability_score(n, world.capability, world.kit) - out[3]
            out[4] += (gap if gap > 0.0 else -gap) / partners


@part
def measure_allies(setting: Setting, world: World, quarter: Quarter, effort: Floats, out: Floats) -> None:
    """Readiness, deterrence and burden sharing: rows 8, 15, 19 of MEASURES. effort: (N,) scratch."""
    members = 0
    force = 0.0
    total_weight = 0.0
    total_effort = 0.0
    incidents = quarter.incidents
    for n in range(world.role.shape[0]):
        effort[n] = 0.05 * quarter.spent[n, LEAD_ALLY] + 0.2 * world.deployed[n] * setting.weight[n]
    for at in range(incidents.number[0]):
        for g in range(GROUP):
            m = incidents.group[at, g]
            if m >= 0:
                effort[m] += 0.1 * incidents.effort[at, g]
    for n in range(world.role.shape[0]):
        force += credible_force(
            world.role[n], setting.weight[n], world.readiness[n], interoperability_score(n, world.interoperability),
            world.will[n], setting.front[n],
        )  # fmt: skip
        if world.role[n] == MEMBER:
            members += 1
            out[15] += world.readiness[n]
            total_weight += setting.weight[n]
            total_effort += effort[n]
    against = 0.0
    hostility = 0.0
    for v in range(setting.rivals.shape[0]):
        against += 4.0 * setting.weight[setting.rivals[v]]
        hostility += world.hostility[v] / setting.rivals.shape[0]
    out[8] = deterrence_of(force, world.cohesion[0], against, hostility)
    out[15] = out[15] / max(members, 1)
    distance = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] == MEMBER and total_effort > 0.0:
            gap = effort[n] / total_effort - setting.weight[n] / total_weight
            distance += gap if gap > 0.0 else -gap
    out[19] = 1.0 - 0.5 * distance


@entry
def measure(setting: Setting, world: World, quarter: Quarter, p: Parameters, out: Floats) -> None:
    """All measures of the quarter just advanced, in the order of MEASURES, into `out` (MEASURES,)."""
    for i in range(out.shape[0]):
        out[i] = 0.0
    measure_partners(setting, world, quarter, p.call_above, quarter.work.local, out)
    measure_allies(setting, world, quarter, quarter.work.local, out)
    wanted = 0.0
    grave = 0.0
    for at in range(quarter.incidents.number[0]):
        wanted += quarter.incidents.wanted[at] * quarter.incidents.severity[at]
        grave += quarter.incidents.severity[at]
    out[6] = wanted / grave if grave > 0.0 else 0.0
    regions = quarter.work.heat
    regions[:] = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER:
            regions[setting.region[n]] = 1.0
        if world.role[n] != RIVAL:
            for k in range(quarter.harm.shape[1]):
                out[5] += quarter.harm[n, k] * setting.kinds.people[k]
                out[21] += quarter.severity[n, k] * setting.kinds.people[k]
        if world.role[n] != MEMBER:
            out[18] += quarter.spent[n, LEAD_ALLY] + quarter.spent[n, TRUST_FUND] + quarter.spent[n, COMMON_FUND]
        out[20] += quarter.leaked[n]
        if world.track[n] > ACCEDING and world.track_since[n] >= 0:
            out[16] += 1.0
    hot = 0.0
    count = 0.0
    for r in range(regions.shape[0]):
        hot += regions[r] * world.tension[r]
        count += regions[r]
    out[7] = 1.0 - hot / count if count > 0.0 else 1.0
    out[9] = world.council[0] / world.council[1] if world.council[1] > 0.0 else 1.0
    out[10] = world.council[2] / max(world.council[0], 1.0)
    others = 0.0
    for b in range(world.bloc_cohesion.shape[0]):
        others += world.bloc_cohesion[b]
    out[17] = 0.5 * (others - world.bloc_cohesion[CSTO]) - world.bloc_cohesion[CSTO]


@part
def state_variable(of: Integer, n: int, setting: Setting, world: World, quarter: Quarter) -> float:
    """One of STATE_VARIABLES of state n."""
    if of == OF_TRUST:
        return trust_score(n, world.role, world.trust_for, world.trust_against)
    if of == OF_INTEROPERABILITY:
        return interoperability_score(n, world.interoperability)
    if of == OF_CAPABILITY:
        return capability_score(n, world.capability, world.kit)
    if of == OF_LEGITIMACY:
        return world.legitimacy[n]
    if of == OF_READINESS:
        return world.readiness[n]
    if of == OF_EXPECTATION:
        return world.expectation[n]
    if of == OF_TILT:
        return world.tilt[n]
    if of == OF_COERCION:
        return world.coercion[n]
    if of == OF_WARNING:
        return world.warning[n]
    if of == OF_INSTITUTIONS:
        return 0.5 * (world.institutions[n, 0] + world.institutions[n, 1])
    if of == OF_TRACK:
        return float(world.track[n])
    if of == OF_FRAMEWORK:
        return float(world.framework[n])
    total = 0.0
    if of == OF_HARM:
        for k in range(quarter.harm.shape[1]):
            total += quarter.harm[n, k] * setting.kinds.people[k]
        return total
    if of == OF_PLACES or of == OF_EXERCISES:
        for a in range(EXERCISES if of == OF_EXERCISES else quarter.done.shape[1]):
            total += quarter.done[n, a]
        return total
    if of == OF_SPENT:
        for purse in range(quarter.spent.shape[1]):
            total += quarter.spent[n, purse]
        return total
    return world.will[n]


@rule
def measure_states(setting: Setting, world: World, quarter: Quarter, chosen: Ints, out: Floats) -> None:
    """The chosen of STATE_VARIABLES (V,) for every state, into `out` (N, V)."""
    for n in range(out.shape[0]):
        for v in range(chosen.shape[0]):
            out[n, v] = state_variable(chosen[v], n, setting, world, quarter)
