"""The example scenarios, and what the format has for them: a war that ends by script, a dated entry, absent rivals."""

from pathlib import Path

import numpy as np
import pytest

from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.runs.engine import Engine
from sim.runs.results import simulate

FOLDER = Path(__file__).parent.parent / "scenarios" / "examples"
FILES = sorted(FOLDER.glob("*.toml"))


def written(folder: Path, text: str, base: str = "baseline_2025") -> Path:
    path = folder / "mine.toml"
    path.write_text(f'extends = "{base}"\ntitle = "Mine"\nhorizon = 12\n{text}', encoding="utf-8")
    return path


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_example_loads_with_a_focus_and_runs(path: Path) -> None:
    scenario = load_scenario(path)
    assert scenario.focus and 3 <= len(scenario.focus_codes()) < 12 and scenario.question.endswith("?")
    short = scenario.model_copy(update={"horizon": 8})
    assert np.isfinite(simulate(short, "status_quo").measures).all()


def test_there_are_three_examples_and_none_counts_as_shipped() -> None:
    assert len(FILES) == 3


@pytest.mark.parametrize("replicate", range(3))
def test_a_war_ends_in_its_quarter_and_may_break_out_again(replicate: int, tmp_path: Path) -> None:
    lasting = '[[threats]]\nname = "war_in_ukraine"\nmean_duration = 400.0\nrate = 20.0\nends = ["2026-Q1"]\n'
    scenario = load_scenario(written(tmp_path, lasting))
    at = [threat.name for threat in scenario.threats].index("war_in_ukraine")
    engine = Engine(scenario, "status_quo", replicate=replicate)
    ukraine = engine.built.codes.index("UKR")
    active = [int(engine.world.active[at, ukraine]) for _ in engine.run()]
    assert active[:4] == [1] * 4 and active[4] == 0 and max(active[5:]) == 1


def test_a_state_enters_an_existing_framework_on_its_date(tmp_path: Path) -> None:
    entry = (
        '[cast]\nrivals = ["RUS"]\n[[frameworks]]\nname = "istanbul_cooperation_initiative"\n'
        'joining = [{ states = ["SAU"], when = "2026-Q2" }]\n'
    )
    scenario = load_scenario(written(tmp_path, entry))
    engine = Engine(scenario, "status_quo")
    saudi = engine.built.codes.index("SAU")
    framework = [int(engine.world.framework[saudi]) for _ in engine.run()]
    wanted = scenario.framework_names().index("istanbul_cooperation_initiative")
    assert framework[:5] == [-1] * 5 and set(framework[5:]) == {wanted}


def test_rivals_that_are_none_of_the_cast_are_dropped_where_they_are_inherited(tmp_path: Path) -> None:
    scenario = load_scenario(written(tmp_path, '[cast]\nrivals = ["RUS"]\n'))
    assert [rival.code for rival in scenario.rivals] == ["RUS"]
    own = '[cast]\nrivals = ["RUS"]\n[[rivals]]\ncode = "CHN"\nbudget = 1.0\n'
    with pytest.raises(InputError, match="is no rival of this cast"):
        load_scenario(written(tmp_path, own))


@pytest.mark.parametrize(
    "text, told",
    [
        ('[[threats]]\nname = "war_in_ukraine"\nends = ["2030-Q1"]\n', "2025-Q1 to 2027-Q4"),
        ('[[threats]]\nname = "cyber_everywhere"\nends = ["2026-Q1"]\n', "only arrival 'two_state'"),
        ("joining = [{ states = ['GEO'], when = '2026-Q1' }]\n", "is a partner on the first day"),
        ("joining = [{ states = ['SAU'], when = '2025-Q1' }]\n", "after 2025-Q1"),
        ("joining = [{ states = ['SAX'], when = '2026-Q1' }]\n", "no state has this code"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(text: str, told: str, tmp_path: Path) -> None:
    head = '[[frameworks]]\nname = "istanbul_cooperation_initiative"\n' if text.startswith("joining") else ""
    with pytest.raises(InputError, match=told):
        load_scenario(written(tmp_path, head + text))
