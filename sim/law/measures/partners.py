"""Measures of partners: means over those in a framework that the scenario's question is about (its focus)."""

from sim.declare.names import MEMBER, PARTNER
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, rule
from sim.law.forms import pair_interoperability
from sim.law.ledger import capability_score, interoperability_score, trust_between, trust_scores
from sim.law.measures.declared import AT, measured
from sim.law.world import HOSTS, PEERS, Quarter, Setting, World


@rule
def takes_part(n: int, setting: Setting, world: World) -> bool:
    """Whether state n is a partner in a framework, and of the focus."""
    return bool(setting.focus[n] == 1 and world.role[n] == PARTNER and world.framework[n] >= 0)


@rule
def taking_part(setting: Setting, world: World) -> int:
    """Number of partners of the focus in a framework, at least 1."""
    count = 0
    for n in range(world.role.shape[0]):
        count += 1 if takes_part(n, setting, world) else 0
    return max(count, 1)


@rule
def mean_of_partners(values: Floats, setting: Setting, world: World) -> float:
    """Mean of values (N,) over partners of the focus in a framework; 0 where there are none."""
    total = 0.0
    for n in range(world.role.shape[0]):
        if takes_part(n, setting, world):
            total += values[n]
    return total / taking_part(setting, world)


@measured("0 to 1", 1, "end", 0, 1)
@rule
def mutual_trust(setting: Setting, world: World, quarter: Quarter) -> float:
    """Mean over partners in a framework of the mean mutual Beta trust with all allies.

    `mean_of_partners` of `trust_score`.
    """
    scores = quarter.work.local
    trust_scores(world, scores)
    return mean_of_partners(scores, setting, world)


@measured("0 to 1", 1, "end", 0, 1)
@rule
def interoperability(setting: Setting, world: World, quarter: Quarter) -> float:
    """Mean over partners in a framework of technical, procedural and human interoperability.

    `mean_of_partners` of `interoperability_score`.
    """
    scores = quarter.work.local
    for n in range(scores.shape[0]):
        scores[n] = interoperability_score(n, world)
    return mean_of_partners(scores, setting, world)


@rule
def spin(pair: float) -> float:
    """Interoperability of a pair as an i-Score spin: +1 without translation, 0 through a translator, -1 not at all.

    +1 for a pair above 0.55, 0 above 0.30, else −1.
    """
    if pair > 0.55:
        return 1.0
    return 0.0 if pair > 0.30 else -1.0


@measured("-1 to 1", 1, "end", -1, 1)
@rule
def coalition_score(setting: Setting, world: World) -> float:
    """i-Score of partners with their usual allies: mean spin, +1 above 0.55, 0 above 0.30, -1 below.

    Mean `spin` of `pair_interoperability` over all pairs of a partner and a host.
    """
    total = 0.0
    links = 0
    for n in range(world.role.shape[0]):
        if not takes_part(n, setting, world):
            continue
        for h in range(HOSTS):
            m = setting.hosts[n, h]
            if m >= 0 and world.role[m] == MEMBER:
                total += spin(pair_interoperability(world.interoperability, n, m))
                links += 1
    return total / max(links, 1)


@measured("0 to 1", 1, "end", 0, 1)
@rule
def capability(setting: Setting, world: World, quarter: Quarter) -> float:
    """Mean over partners in a framework and domains of capability with delivered equipment.

    `mean_of_partners` of `capability_score`.
    """
    scores = quarter.work.local
    for n in range(scores.shape[0]):
        scores[n] = capability_score(n, world)
    return mean_of_partners(scores, setting, world)


@measured("0 to 1", -1, "end", 0, 1)
@rule
def disparity(setting: Setting, world: World, quarter: Quarter) -> float:
    """Mean absolute gap between partners' capability and their mean.

    Mean over partners of |capability score − its mean|.
    """
    mean = capability(setting, world, quarter)
    partners = taking_part(setting, world)
    total = 0.0
    for n in range(world.role.shape[0]):
        if takes_part(n, setting, world):
            gap = quarter.work.local[n] - mean
            total += (gap if gap > 0.0 else -gap) / partners
    return total


@measured("0 to 1", 1, "end", 0, 1)
@rule
def legitimacy(setting: Setting, world: World) -> float:
    """Mean public legitimacy of the programme in partner states."""
    return mean_of_partners(world.legitimacy, setting, world)


@measured("0 to 1", 1, "mean", 0, 1)
@rule
def voice(setting: Setting, world: World) -> float:
    """Share of programme lines, by money, that the partner had asked for, raised by the voice of contributors.

    q + (1 − q) · mean voice, q = Σ min(plan, asked) · cost / Σ plan · cost (0 if nothing is planned).
    """
    cost = setting.menu.cost
    planned = 0.0
    asked = 0.0
    heard = 0.0
    for n in range(world.role.shape[0]):
        if not takes_part(n, setting, world):
            continue
        heard += world.voice[n]
        for a in range(world.plan.shape[1]):
            planned += world.plan[n, a] * cost[a]
            asked += min(world.plan[n, a], world.asked[n, a]) * cost[a]
    share = 0.0 if planned <= 0.0 else asked / planned
    return share + (1.0 - share) * heard / taking_part(setting, world)


@measured("0 to 1", 1, "end", 0, 1)
@rule
def integration(setting: Setting, world: World) -> float:
    """Mean mutual trust of partners with their nearest partners of the same framework.

    Mean `trust_between` over partners and their peers of the same framework.
    """
    total = 0.0
    ties = 0
    for n in range(world.role.shape[0]):
        if not takes_part(n, setting, world):
            continue
        for h in range(PEERS):
            m = setting.peers[n, h]
            if m >= 0 and world.framework[m] == world.framework[n]:
                total += trust_between(n, m, world)
                ties += 1
    return total / max(ties, 1)


@measured("0 to 1", -1, "mean", 0, 1)
@rule
def expectation_gap(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> float:
    """Mean over partners that called for help in the quarter of help counted on less help that came.

    Mean over partners whose gravest severity of the quarter is at least `call_above` of (expectation − delivered)₊.
    """
    total = 0.0
    struck = 0
    for n in range(world.role.shape[0]):
        if not takes_part(n, setting, world):
            continue
        hit = 0.0
        for k in range(quarter.severity.shape[1]):
            hit = max(hit, quarter.severity[n, k])
        if hit >= p.call_above:
            total += max(0.0, world.expectation[n] - quarter.delivered[n])
            struck += 1
    return total / max(struck, 1)


@rule
def measure_partners(setting: Setting, world: World, p: Parameters, quarter: Quarter, out: Floats) -> None:
    """These measures of the quarter, each in its place of MEASURES (MEASURES,)."""
    out[AT.mutual_trust] = mutual_trust(setting, world, quarter)
    out[AT.interoperability] = interoperability(setting, world, quarter)
    out[AT.coalition_score] = coalition_score(setting, world)
    out[AT.capability] = capability(setting, world, quarter)
    out[AT.disparity] = disparity(setting, world, quarter)
    out[AT.legitimacy] = legitimacy(setting, world)
    out[AT.voice] = voice(setting, world)
    out[AT.integration] = integration(setting, world)
    out[AT.expectation_gap] = expectation_gap(setting, world, p, quarter)
