"""Measures of harm, of who could not be helped, of calm and of leaks."""

from sim.declare.names import PARTNER, RIVAL
from sim.law.compiled import Floats, rule
from sim.law.measures.declared import AT, measured
from sim.law.world import Quarter, Setting, World


@rule
def to_people(points: Floats, everywhere: int, setting: Setting, world: World) -> float:
    """Points (N, K) times harm to people, a state of the focus, or a member or partner of the whole world.

    Σ points · kinds.people over members and partners of the focus (or all), divided by their number.
    """
    total = 0.0
    states = 0
    for n in range(world.role.shape[0]):
        if world.role[n] != RIVAL and (everywhere == 1 or setting.focus[n] == 1):
            states += 1
            for k in range(points.shape[1]):
                total += points[n, k] * setting.kinds.people[k]
    return total / max(states, 1)


@measured("harm points a quarter", -1, "mean", 0, 1e5)
@rule
def harm(setting: Setting, world: World, quarter: Quarter) -> float:
    """Severity left after all answers times harm to people, a state of the focus; an index, never deaths.

    `to_people` of harm.
    """
    return to_people(quarter.harm, 0, setting, world)


@measured("harm points a quarter", -1, "mean", 0, 1e5)
@rule
def harm_everywhere(setting: Setting, world: World, quarter: Quarter) -> float:
    """Harm as above, a state of the whole world: members and partners, of the focus or not.

    `to_people` of harm, everywhere.
    """
    return to_people(quarter.harm, 1, setting, world)


@measured("harm points a quarter", -1, "mean", 0, 1e5)
@rule
def severity(setting: Setting, world: World, quarter: Quarter) -> float:
    """Severity that arose, before anybody answered, times harm to people, a state of the focus.

    `to_people` of the severity that arose.
    """
    return to_people(quarter.severity, 0, setting, world)


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
    """One less the mean tension over regions with partners of the focus.

    1 − mean tension over regions with a state of role partner and of the focus (1 without).
    """
    regions = quarter.work.heat
    regions[:] = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER and setting.focus[n] == 1:
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
    out[AT.harm_everywhere] = harm_everywhere(setting, world, quarter)
    out[AT.overload] = overload(quarter)
    out[AT.stability] = stability(setting, world, quarter)
    out[AT.leaks] = leaks(quarter)
    out[AT.severity] = severity(setting, world, quarter)
