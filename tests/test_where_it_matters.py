"""Where each parameter matters: what is surely visible, and what is not, in small screenings and by hand."""

import pytest

from analysis.studies.uncertain.where_it_matters import LEAST, Place, screened, seen_in, strongest, unseen


def place(change: float, half: float, scenario: str = "a") -> Place:
    """An effect on something whose smallest visible change is 0.1."""
    return Place("learning", scenario, "status_quo", "harm", change, half, 1.0, 0.1)


def test_an_effect_counts_by_the_lower_end_of_its_interval() -> None:
    assert place(0.5, 0.2).times == pytest.approx(3.0)
    assert place(0.5, 0.6).times == 0.0
    of = {
        "strong": [place(0.5, 0.2), place(0.5, 0.2, "b"), place(0.5, 0.6, "c")],
        "noisy": [place(0.5, 0.45)],
        "none": [],
    }
    assert unseen(of) == ["noisy", "none"]
    assert strongest(of) == ["strong", "noisy", "none"]
    assert seen_in(of["strong"]) == 2


@pytest.mark.slow
def test_what_never_enters_a_scenario_is_not_seen_and_what_drives_it_is() -> None:
    """No candidate is ever ratified on the flank in two years; skill is what exercises are for."""
    of = screened([("eastern_flank", "exercises_first")], ["ratification_rate", "learning"], 4, 2, 1)
    assert unseen(of) == ["ratification_rate"]
    best = of["learning"][0]
    assert (best.scenario, best.policy) == ("eastern_flank", "exercises_first") and best.visible >= LEAST
    assert len(of["learning"]) == len({one.measure for one in of["learning"]})
