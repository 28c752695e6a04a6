"""Who never trained together fails together: a programme without exercises costs harm in a crisis (declared sizes)."""

from collections.abc import Mapping

import pytest

from sim.declare.levers import LEVERS
from sim.declare.names import INSTRUMENTS, MEASURES
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy
from sim.inputs.scenario import Scenario
from sim.inputs.tables import Shock
from sim.law.compiled import Floats
from sim.runs.arm import Record, arm_of, run_chunk

REPLICATES = 12
VISIBLE = 0.01  # of the crisis's harm with the default split
FLANK = ("eastern_flank", "conflict_and_instability", ("MDA", "GEO"))
SOUTH = ("southern_neighbourhood", "terrorism", ("TUN", "JOR", "MAR", "EGY"))


def split(exercises: float) -> dict[str, float]:
    """The default split with another share for exercises; the other instruments keep their proportions."""
    default = LEVERS["split"].default
    assert isinstance(default, Mapping)
    rest = (1.0 - exercises) / (1.0 - default["exercises"])
    return {name: exercises if name == "exercises" else default[name] * rest for name in INSTRUMENTS}


def harm(world: Scenario, exercises: float, envelope: float) -> Floats:
    """Harm by replicate and quarter, all other levers at their defaults."""
    arm = arm_of(world, Policy(title="Exercises", split=split(exercises), envelope=envelope))
    return run_chunk(arm, 20261128, 0, REPLICATES, Record(outcomes=False)).measures[:, :, MEASURES.index("harm")]


def harm_of_crisis(name: str, kind: str, states: tuple[str, ...], exercises: float, envelope: float) -> float:
    """What one crisis in the sixth year adds to harm, in its own quarter: with it less without it, the same luck."""
    world = load_scenario(name)
    crisis = Shock(title="Crisis", when="2031-Q1", kind=kind, states=states, severity=30.0)
    struck = world.model_copy(update={"shocks": (*world.shocks, crisis)})
    gap = (harm(struck, exercises, envelope) - harm(world, exercises, envelope)).mean(axis=0)
    return float(gap.max())


@pytest.mark.parametrize(("name", "kind", "states"), [FLANK, SOUTH])
def test_a_programme_without_exercises_costs_harm_in_a_crisis(name: str, kind: str, states: tuple[str, ...]) -> None:
    usual = harm_of_crisis(name, kind, states, 0.35, 120.0)
    saved = harm_of_crisis(name, kind, states, 0.0, 78.0)  # the money of exercises is saved
    assert saved > (1.0 + 2.0 * VISIBLE) * usual


def test_no_other_instrument_replaces_exercises_on_the_flank() -> None:
    usual, moved = (harm_of_crisis(*FLANK, share, 120.0) for share in (0.35, 0.0))  # their money goes to the others
    assert moved > (1.0 + VISIBLE) * usual


def test_exercises_alone_are_not_enough_either() -> None:
    usual, alone = (harm_of_crisis(*SOUTH, share, 120.0) for share in (0.35, 0.75))
    assert alone > (1.0 + VISIBLE) * usual
