"""What is recorded of every state: one of STATE_VARIABLES at the end of a quarter, or what happened in it."""

from collections import namedtuple
from typing import Any, Final

from sim.declare.names import STATE_VARIABLES
from sim.law.compiled import Floats, Integer, Ints, rule
from sim.law.ledger import capability_score, interoperability_score, trust_score
from sim.law.world import Quarter, Setting, World

OF: Final[Any] = namedtuple("OF", STATE_VARIABLES)(*range(len(STATE_VARIABLES)))  # the position of each, by name


@rule
def state_variable(of: Integer, n: int, setting: Setting, world: World, quarter: Quarter) -> float:
    """One of STATE_VARIABLES of state n.

    The three scores of the ledger; legitimacy, will, readiness, expectation, tilt, coercion, warning, track and
    framework as they stand; institutions: 0.5 · (civilian control + defence governance); harm: Σ harm · kinds.people;
    places: Σ done; exercises: Σ done of exercises; spent: Σ over purses.
    """
    if of == OF.trust:
        return trust_score(n, world)
    if of == OF.interoperability:
        return interoperability_score(n, world)
    if of == OF.capability:
        return capability_score(n, world)
    if of == OF.legitimacy:
        return world.legitimacy[n]
    if of == OF.readiness:
        return world.readiness[n]
    if of == OF.expectation:
        return world.expectation[n]
    if of == OF.tilt:
        return world.tilt[n]
    if of == OF.coercion:
        return world.coercion[n]
    if of == OF.warning:
        return world.warning[n]
    if of == OF.institutions:
        return 0.5 * (world.institutions[n, 0] + world.institutions[n, 1])
    if of == OF.track:
        return float(world.track[n])
    if of == OF.framework:
        return float(world.framework[n])
    total = 0.0
    if of == OF.harm:
        for k in range(quarter.harm.shape[1]):
            total += quarter.harm[n, k] * setting.kinds.people[k]
        return total
    if of == OF.places or of == OF.exercises:
        for a in range(quarter.done.shape[1]):
            if of == OF.places or setting.menu.is_exercise[a] == 1:
                total += quarter.done[n, a]
        return total
    if of == OF.spent:
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
