"""Measures of harm, of who could not be helped, of calm and of leaks."""

from sim.declare.names import PARTNER, RIVAL
from sim.law.compiled import Floats, rule
from sim.law.measures.declared import AT, measured
from sim.law.world import Quarter, Setting, World


@rule
def to_people(points: Floats, setting: Setting, world: World) -> float:
    """Points (N, K) times harm to people, over members and partners.

    Σ over members and partners of points · kinds.people.
    """
    total = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] != RIVAL:
            for k in range(points.shape[1]):
                total += points[n, k] * setting.kinds.people[k]
    return total


@measured("harm points a quarter", -1, "mean", 0, 1e6)
@rule
def harm(setting: Setting, world: World, quarter: Quarter) -> float:
    """Severity left after all answers times harm to people, over members and partners; an index, never deaths.

    `to_people` of harm.
    """
    return to_people(quarter.harm, setting, world)


@measured("harm points a quarter", -1, "mean", 0, 1e6)
@rule
def severity(setting: Setting, world: World, quarter: Quarter) -> float:
    """Severity that arose, before anybody answered, times harm to people, over members and partners.

    `to_people` of the severity that arose.
    """
    return to_people(quarter.severity, setting, world)


@measured("0 to 1", -1, "mean", 0, 1)
@rule
def overload(quarter: Quarter) -> float:
    """Share of wanted helpers that could not be spared, weighted by severity.

    Σ wanted · severity / Σ severity over incidents (0 without).
    """
    incidents = quarter.incidents
    wanted = 0.0
    grave = 0.0
    for at in range(incidents.number[0]):
        wanted += incidents.wanted[at] * incidents.severity[at]
        grave += incidents.severity[at]
    return wanted / grave if grave > 0.0 else 0.0


@measured("0 to 1", 1, "mean", 0, 1)
@rule
def stability(setting: Setting, world: World, quarter: Quarter) -> float:
    """One less the mean tension over regions with partners.

    1 − mean tension over regions with a state of role partner (1 without).
    """
    regions = quarter.work.heat
    regions[:] = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER:
            regions[setting.region[n]] = 1.0
    hot = 0.0
    count = 0.0
    for r in range(regions.shape[0]):
        hot += regions[r] * world.tension[r]
        count += regions[r]
    return 1.0 - hot / count if count > 0.0 else 1.0


@measured("leaks a quarter", -1, "mean", 0, 100)
@rule
def leaks(quarter: Quarter) -> float:
    """Partners through which shared intelligence or technology leaked.

    Σ leaked.
    """
    total = 0.0
    for n in range(quarter.leaked.shape[0]):
        total += quarter.leaked[n]
    return total


@rule
def measure_crises(setting: Setting, world: World, quarter: Quarter, out: Floats) -> None:
    """These measures of the quarter, each in its place of MEASURES (MEASURES,)."""
    out[AT.harm] = harm(setting, world, quarter)
    out[AT.overload] = overload(quarter)
    out[AT.stability] = stability(setting, world, quarter)
    out[AT.leaks] = leaks(quarter)
    out[AT.severity] = severity(setting, world, quarter)
