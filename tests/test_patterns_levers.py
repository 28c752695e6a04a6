"""Choices bite: a lever at either end of its range moves the question's own measure by more than matters somewhere."""

import numpy as np
import pytest

from analysis.stats.intervals import paired
from analysis.studies.lever_sweeps import BASE, outcomes
from sim.declare.levers import LEVERS
from sim.declare.names import MEASURES
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, load_policy
from sim.law.compiled import Floats

REPLICATES, SEED = 24, 20261129
# Not here, as each moves less than matters everywhere (docs/what_changed.md): `outreach` = 0, which lies next to the
# 0.2 of the status quo, and `equipment` at both ends (about half of what matters each, of opposite sign).
SHORT = {("outreach", 0.0), ("equipment", 0.0), ("equipment", 1.0)}
ENDS: dict[tuple[str, float | str], str] = {
    ("envelope", 0.0): "budget_squeeze",
    ("envelope", 600.0): "divided_council",
    ("warfighting", 0.0): "southern_neighbourhood",
    ("warfighting", 1.0): "southern_neighbourhood",
    ("size", 0.0): "southern_neighbourhood",
    ("size", 1.0): "southern_neighbourhood",
    ("distance", 0.0): "southern_neighbourhood",
    ("distance", 1.0): "southern_neighbourhood",
    ("conditionality", 0.0): "gulf_maritime",
    ("conditionality", 1.0): "budget_squeeze",
    ("open_door", 0.0): "open_door_1994",
    ("open_door", 1.0): "open_door_1994",
    ("threat_targeting", 0.0): "cyber_storm",
    ("threat_targeting", 1.0): "hybrid_pressure",
    ("tailoring", 0.0): "baseline_2025",
    ("tailoring", 1.0): "baseline_2025",
    ("outreach", 1.0): "divided_council",
    ("communication", 0.0): "hybrid_pressure",
    ("communication", 1.0): "baseline_2025",
    ("sharing", 0.0): "cyber_storm",
    ("sharing", 1.0): "cyber_storm",
    ("decision_mode", "opt_in"): "divided_council",
    ("decision_mode", "decision_shaping"): "budget_squeeze",
    ("decision_mode", "joint_decision"): "budget_squeeze",
}


def moved(scenario: str, changes: dict[str, float | str]) -> Floats:
    """Measures of the status quo and of the changed policy, (2, replicates, MEASURES)."""
    base = load_policy(BASE)
    assert isinstance(base, Policy)
    return outcomes([scenario], [base, base.model_copy(update=changes)], REPLICATES, SEED)[0]


@pytest.mark.whole
@pytest.mark.parametrize(("lever", "end", "scenario"), [(*key, scenario) for key, scenario in ENDS.items()])
def test_a_lever_at_an_end_moves_what_a_scenario_asks_about(lever: str, end: float | str, scenario: str) -> None:
    world = load_scenario(scenario)
    base, changed = moved(scenario, {lever: end})[:, :, MEASURES.index(world.primary_measure)]
    assert abs(paired(changed, base).mean) >= world.smallest_difference


def test_every_end_of_every_lever_is_looked_at() -> None:
    ends = {
        (name, end)
        for name, lever in LEVERS.items()
        if lever.kind in ("number", "choice")
        for end in ((lever.low, lever.high) if lever.kind == "number" else lever.names)
        if end != lever.default
    }
    assert ends == set(ENDS) | SHORT


@pytest.mark.whole
def test_opt_in_groupings_get_more_done_in_a_divided_council_at_a_price_in_deterrence() -> None:
    """Nobody shrinks the programme for the others; what allies do not carry together deters less and costs more."""
    base, groupings = moved("divided_council", {"decision_mode": "opt_in"})
    gain = {name: float(np.mean(groupings[:, i] - base[:, i])) for i, name in enumerate(MEASURES)}
    assert gain["interoperability"] > 0.03
    assert gain["deterrence"] < -0.003
    assert gain["cost"] > 3.0
