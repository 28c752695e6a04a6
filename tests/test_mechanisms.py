"""Every system, benefit, threat and challenge of the subject is there, and each matters."""

from pathlib import Path

import numpy as np
import pytest

from analysis.pictures.reports.mechanisms import mechanisms_page, write_mechanisms
from analysis.studies.ablation.mechanisms import (
    GROUPS,
    SECTIONS,
    TABLE,
    Measured,
    Row,
    effect,
    find_row,
    interval,
    load_table,
    measure_all,
    rule_function,
)
from analysis.studies.ablation.runs import (
    WHO,
    Switch,
    built_of,
    levers_for,
    members_of,
    parse,
    switched_levers,
    switched_setting,
    trace,
)
from sim.declare.names import ACTIVITIES, FRAMEWORKS, THREAT_KINDS
from sim.inputs.errors import InputError
from sim.inputs.load import scenario_names
from sim.inputs.policy import policy_names

ROWS = load_table()
REPLICATES, SEED = 30, 7  # thresholds were chosen on seed 1
NAMES = [row.name for row in ROWS]
every_row = pytest.mark.parametrize("row", ROWS, ids=NAMES)


@every_row
def test_what_a_row_names_exists(row: Row) -> None:
    """Keys, measures and switches are checked on loading; the rest here."""
    file = Path(row.rule.partition(":")[0])
    function = rule_function(row)
    assert (TABLE.parent.parent / file).is_file()
    assert function.__module__ == str(file.with_suffix("")).replace("/", "."), "the rule is only imported there"
    assert function.__doc__
    assert row.scenario in scenario_names() and row.policy in policy_names()
    who = parse(row.measure).who
    if who in WHO and not row.measure.startswith("tension"):
        assert members_of(who, row.scenario).sum() > 0, "the group is empty in this scenario"
    assert row.off != row.on and row.off != Switch()


@pytest.mark.slow
@every_row
def test_switching_a_mechanism_off_moves_its_measure(row: Row) -> None:
    """By the declared sign, by at least the declared size, with a paired 95 % interval that excludes zero."""
    mean, low, high = interval(effect(row, REPLICATES, SEED))
    print(f"{row.name}: {row.measure} {mean:+.4g} [{low:+.4g}, {high:+.4g}]")
    assert mean * row.sign >= row.least
    assert low > 0.0 or high < 0.0


def test_the_table_covers_every_section_and_group_of_the_overview() -> None:
    assert {row.section for row in ROWS} == set(SECTIONS)
    assert {row.group for row in ROWS} == set(GROUPS)


def test_the_table_covers_every_threat_and_framework() -> None:
    said = " ".join(f"{row.off} {row.measure} {row.name}" for row in ROWS)
    assert [name for name in (*THREAT_KINDS, *FRAMEWORKS) if name not in said and name != "hybrid_pressure"] == []


def test_switching_nothing_off_changes_nothing() -> None:
    row = find_row("joint_exercises").model_copy(update={"off": Switch()})
    assert np.all(effect(row, 3, SEED) == 0.0)


def test_the_same_row_measures_the_same_in_another_process() -> None:
    rows = [find_row(name).model_copy(update={"horizon": 5}) for name in ("voice", "skill_fade")]
    here = measure_all(3, SEED, 1, rows)
    trace.cache_clear()
    assert measure_all(3, SEED, 1, rows) == here
    assert measure_all(3, SEED, 2, rows) == here
    assert [item.row.name for item in here] == ["voice", "skill_fade"]


def test_closing_an_activity_inside_one_framework_leaves_the_others() -> None:
    built = built_of("baseline_2025")[1]
    switch = Switch(activities=("seminars",), inside=("mediterranean_dialogue",))
    closed = built.setting.menu.open - switched_setting(built.setting, built.frameworks, switch).menu.open
    assert np.argwhere(closed).tolist() == [[FRAMEWORKS.index("mediterranean_dialogue"), ACTIVITIES.index("seminars")]]


def test_levers_change_by_name_and_the_scenario_stays_as_it_was() -> None:
    before = levers_for("status_quo", "baseline_2025")
    kept = before.split.copy()
    after = switched_levers(before, Switch(levers={"split": {"dialogue": 0.5}, "decision_mode": "opt_in"}))
    assert after.split[3] == 0.5 and after.decision_mode == 1
    assert np.array_equal(before.split, kept)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("sign = -1", "sign = 2"), "sign"),
        (('measure = "voice"', 'measure = "voise"'), "did you mean 'voice'?"),
        (('measure = "mutual_trust"', 'measure = "state:trust@gulff"'), "did you mean 'gulf'?"),
        (("{ service = 0 }", "{ servise = 0 }"), "did you mean 'service'?"),
        (('"policy:tailoring"', '"policy:tayloring"'), "did you mean 'tailoring'?"),
        (('"scenario:rivals.moves"', '"scenario:rivals.move"'), "did you mean 'moves'?"),
        (('name = "voice"', 'name = "skill_fade"'), "stands twice"),
        (('group = "impact"', 'group = "impacts"'), "did you mean 'impact'?"),
        (("why = ", "whyy = "), "did you mean 'why'?"),
    ],
)  # fmt: skip
def test_a_wrong_table_gives_a_clear_error(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    text = TABLE.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "mechanisms.toml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_table(path)
    assert words in str(caught.value) and "mechanisms.toml" in str(caught.value)


def test_the_page_shows_every_row(tmp_path: Path) -> None:
    measured = [Measured(row, row.sign * 2.0 * row.least, 0.0, 0.0, 1.0) for row in ROWS]
    page = write_mechanisms(tmp_path / "page.md", measured).read_text(encoding="utf-8")
    assert page == mechanisms_page(measured)
    assert [row.name for row in ROWS if f'id="{row.name}"' not in page or row.why not in page] == []


def test_the_shipped_page_belongs_to_the_shipped_table() -> None:
    page = TABLE.with_suffix(".md").read_text(encoding="utf-8")
    assert [row.name for row in ROWS if f'id="{row.name}"' not in page or f"`{row.measure}`" not in page] == []
