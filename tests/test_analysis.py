"""Numbers out of results against hand-computed cases; pictures, report and terminal out of numbers."""

import io
import math
import re
import time
import warnings
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import analysis.pictures.run
from analysis.pictures import compare, history, scenarios, uncertain
from analysis.pictures.chart import Chart, figures
from analysis.pictures.reports.kit import LARGEST_SVG, picture
from analysis.pictures.reports.run import report, write_report
from analysis.pictures.run.change.timeline import timeline
from analysis.pictures.run.change.waterfalls import mean_waterfalls, partner_waterfalls, waterfall
from analysis.pictures.run.partners.blocks import blocks
from analysis.pictures.run.partners.paths import paths
from analysis.pictures.run.partners.ties import finding as finding_of_ties
from analysis.pictures.run.partners.ties import ties
from analysis.pictures.run.partners.tiles import tiles
from analysis.pictures.run.programme.harm import harm
from analysis.pictures.run.programme.tension import tension
from analysis.pictures.run.shared import (
    bought,
    home,
    money,
    partners,
    progress,
    spend_by_activity,
    suspended,
    suspended_on,
)
from analysis.pictures.style import folded, ink_on, spread_labels
from analysis.pictures.tables import council_counts, events_by_year, sentences, summary, verdict
from analysis.pictures.terminal import print_summary, shown_rows
from analysis.pictures.write import Drawn, Tell, about, charts_of, draw_charts, figure_of, save
from analysis.stats.largest import largest
from analysis.words import listed, moved, number, signed
from sim.declare.activities import ACTIVITY, MENU
from sim.declare.names import (
    ACTIVITIES,
    ALLY,
    ARRANGEMENTS,
    ITEMS,
    MEASURES,
    MEMBER,
    PARTNER,
    PURSES,
    REGIONS,
    RIVAL,
    SCORES,
    THREAT_KINDS,
)
from sim.declare.threat_kinds import KINDS
from sim.inputs.load import load_scenario
from sim.law.ledger import CAUSES
from sim.law.world import NEVER
from sim.runs.events import Event
from sim.runs.results import STATE_VARIABLES, Results, simulate

CHARTS = figures(analysis.pictures.run)
STEPS, STATES = 4, 4
SCENARIOS = ("eastern_flank", "southern_neighbourhood", "open_door_1994")


def tiny() -> Results:
    """One ally (AAA), two partners (BBB joins at step 1 and becomes an ally at step 3; CCC), one rival (RRR)."""
    from sim.inputs.policy import load_policy

    def zeros(*shape: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
        return np.zeros(shape)

    role = np.tile(np.array([MEMBER, PARTNER, PARTNER, RIVAL]), (STEPS, 1))
    role[3, 1] = MEMBER
    framework = np.tile(np.array([-1, 0, 0, -1]), (STEPS, 1))
    framework[0, 1] = framework[3, 1] = -1
    track = np.zeros((STEPS, STATES), dtype=np.int64)
    track[0:3, 1] = 1
    track[3, 1] = ALLY
    states = zeros(STEPS, STATES, len(STATE_VARIABLES))
    states[:, 1, 0] = [0.2, 0.3, 0.4, 0.5]
    states[:, 2, 0] = [0.4, 0.4, 0.4, 0.3]
    states[:, 1, 1] = [0.1, 0.2, 0.2, 0.4]
    contributions = zeros(len(CAUSES), len(SCORES), STATES)
    live, skills, technology = ACTIVITY.live_exercise, ACTIVITY.technical_skills, ACTIVITY.technology_transfer
    contributions[live, 0, 1], contributions[skills, 0, 1], contributions[-1, 0, 1] = 0.25, 0.1, -0.05
    contributions[live, 1, 1] = 0.3
    contributions[live, 0, 2], contributions[technology, 0, 2] = 0.02, -0.12
    done, spent = zeros(STEPS, STATES, len(ACTIVITIES)), zeros(STEPS, STATES, len(PURSES))
    done[1, 1, live] = 2.0
    spent[1, 1] = [2.0 * MENU["live_exercise"].national, 0.0, 0.0, 0.9]
    severity, left = zeros(STEPS, STATES, len(THREAT_KINDS)), zeros(STEPS, STATES, len(THREAT_KINDS))
    severity[2, 2, 0], left[2, 2, 0] = 10.0, 4.0
    severity[2, 3, 0], left[2, 3, 0] = 99.0, 99.0  # harm in a rival does not count
    arrangement = np.full((STATES, len(ARRANGEMENTS)), NEVER)
    arrangement[1, :2], arrangement[2, :3] = [1, 2], [-8, -8, NEVER]
    trust = np.stack([np.full((STATES, STATES), 0.4), np.full((STATES, STATES), 0.6)])
    trust[1, 1, 2] = trust[1, 2, 1] = 0.9
    decided = np.full((STEPS, len(ITEMS)), -1)
    decided[:, 0] = [2, 0, 1, 2]
    heat = zeros(STEPS, len(REGIONS))
    heat[:, REGIONS.index("baltic")] = [0.1, 0.2, 0.3, 0.4]
    events = (
        Event(0, "council", "", "the programme is held up by AAA"), Event(1, "framework", "BBB", "Bee joins"),
        Event(3, "track", "BBB", "Bee becomes an ally", "ally"),
        Event(2, "suspension", "CCC", "cooperation with Cee is suspended"),
    )  # fmt: skip
    run = Results(
        scenario=load_scenario("eastern_flank"), policy=load_policy("status_quo"), seed=7, replicate=0,
        codes=("AAA", "BBB", "CCC", "RRR"), names=("Ay", "Bee", "Cee", "Are"), tiles=((0, 0), (1, 0), (2, 0), (3, 1)),
        regions=("baltic", "baltic", "gulf", "gulf"), frameworks=("partnership_for_peace", "mediterranean_dialogue"),
        rivals=("RRR",), quarters=("2030-Q3", "2030-Q4", "2031-Q1", "2031-Q2"),
        focus=np.array([1, 1, 1, 0]),
        measures=np.tile(np.array([[0.1], [0.2], [0.3], [0.4]]), (1, len(MEASURES))), states=states, role=role,
        framework=framework, track=track, severity=severity, harm=left, done=done, spent=spent, decided=decided,
        tension=heat, hostility=np.array([[0.5], [0.5], [0.6], [0.7]]), pressure=zeros(STEPS, 1),
        arrivals=np.zeros((STEPS, 1, STATES), dtype=np.int64), arrangement=arrangement, mutual_trust=trust,
        contributions=contributions, events=events,
    )  # fmt: skip
    return replace(run, without=replace(run, harm=2.0 * left, measures=0.5 * run.measures))


def drawn_into(folder: Path, run: Results, only: Sequence[str] = (), tell: Tell | None = None) -> list[Drawn]:
    return draw_charts(charts_of(analysis.pictures.run, run, only), about(run), folder, tell=tell)


@pytest.fixture(scope="module")
def runs() -> dict[str, Results]:
    return {name: simulate(name, "status_quo") for name in SCENARIOS}


def test_a_state_keeps_the_framework_that_it_came_from() -> None:
    run = tiny()
    assert home(run.framework, run.role)[:, 1].tolist() == [-1, 0, 0, 0]
    assert home(run.framework, run.role)[:, 3].tolist() == [-1] * 4
    assert partners(run).tolist() == [1, 2]


def test_progress_takes_percentiles_over_the_states_of_the_framework() -> None:
    data = progress(tiny())
    assert data.frameworks == ("partnership_for_peace",)
    assert data.middle[0, 0].tolist() == pytest.approx([0.4, 0.35, 0.4, 0.4])
    assert data.low[0, 0, 3] == pytest.approx(0.32) and data.high[0, 0, 3] == pytest.approx(0.48)
    assert data.change()[0, 0] == pytest.approx(0.0)


def test_paths_know_joining_and_accession() -> None:
    data = paths(tiny())
    assert data.codes == ("BBB", "CCC")
    assert data.since.tolist() == [1, 0] and data.ally.tolist() == [3, -1]


def test_tiles_for_a_step_for_the_change_and_for_the_total() -> None:
    run = tiny()
    assert tiles(run, "trust", 1).values.tolist() == [0.0, 0.3, 0.4, 0.0]
    assert tiles(run, "trust", over="change").values.tolist() == pytest.approx([0.0, 0.3, -0.1, 0.0])
    assert tiles(run, "trust", over="total").values[1] == pytest.approx(1.4)
    assert tiles(run, "trust").roles == ("member", "member", "partner", "rival")
    with pytest.raises(ValueError, match="allowed"):
        tiles(run, "trust", over="never")


def test_blocks_average_over_pairs_of_different_states() -> None:
    data = blocks(tiny())
    assert data.groups == ("allies", "partnership_for_peace") and data.states == (1, 2)
    assert data.mean[0, 1] == pytest.approx(0.6) and data.mean[1, 1] == pytest.approx(0.9)
    assert data.change[1, 1] == pytest.approx(0.5) and math.isnan(data.mean[0, 0])
    run = tiny()
    run.mutual_trust[1, 0, 2] = 0.2
    assert (blocks(run).low[0, 1], blocks(run).high[0, 1]) == (0.2, 0.6)


def test_ties_are_ranked_and_each_partner_has_one_with_an_ally() -> None:
    run = tiny()
    run.mutual_trust[1, 2, 0] = 0.7
    data = ties(run)
    assert [(tie.names, tie.first, tie.last) for tie in data.peers] == [(("Bee", "Cee"), 0.4, 0.9)]
    assert [(tie.names, tie.last) for tie in data.allies] == [(("Cee", "Ay"), 0.7), (("Bee", "Ay"), 0.6)]
    assert ties(run, most=1).allies == data.allies[:1] and finding_of_ties(data).startswith("0 of the 1")


def test_a_suspension_lasts_as_long_as_the_rules_have_it() -> None:
    run = tiny()
    assert suspended(run).tolist() == [
        [False] * 4,
        [False] * 4,
        [False, False, True, False],
        [False, False, True, False],
    ]
    assert suspended_on(("BLR", "AUT"), ("partner", "partner"), "2025-Q1").tolist() == [True, False]
    assert not suspended_on(("BLR",), ("partner",), "2019-Q1").any()
    assert not suspended_on(("RUS",), ("rival",), "2025-Q1").any()


def test_the_scale_of_a_map_is_for_most_of_those_shown_and_says_what_lies_beyond() -> None:
    run = simulate("eastern_flank", "status_quo")
    data = tiles(run, "harm", over="total")
    low, high = data.span()
    far = data.beyond()
    assert far and all(data.values[n] > high for n in far) and "rival" not in {data.roles[n] for n in far}
    assert f"Off the scale: {data.names[far[0]]} (" in data.off(2) and "rivals (grey)" in data.off(2)
    assert low == pytest.approx(min(v for v, role in zip(data.values, data.roles) if role != "rival"))


def test_money_by_year_instrument_and_purse() -> None:
    run = tiny()
    data = money(run)
    own = 2.0 * MENU["live_exercise"].national
    assert data.years == ("2030", "2031")
    assert data.by_purse.sum() == pytest.approx(own + 0.9) == pytest.approx(data.by_instrument.sum())
    assert data.by_instrument[data.instruments.index("exercises")].tolist() == pytest.approx([own + 0.9, 0.0])
    assert spend_by_activity(run).sum() == pytest.approx(own + 0.9)


def test_what_money_bought_is_gain_over_cost() -> None:
    data = bought(tiny())
    cost = 2.0 * MENU["live_exercise"].national + 0.9
    assert data.activities == ("live_exercise",)
    assert data.per_million[:, 0].tolist() == pytest.approx([100 * 0.27 / cost, 100 * 0.3 / cost])


def test_harm_counts_members_and_partners_and_pairs() -> None:
    data = harm(tiny())
    people = KINDS[THREAT_KINDS[0]].people
    assert data.kinds[0] == THREAT_KINDS[0]
    each = people / 3.0  # a state of the focus, which holds no rival
    assert data.arose[0] == pytest.approx(10.0 * each / STEPS) and data.left[0] == pytest.approx(4.0 * each / STEPS)
    assert data.left_without is not None and data.left_without[0] == pytest.approx(8.0 * each / STEPS)
    assert data.by_quarter.tolist() == pytest.approx([0.0, 0.0, 4.0 * each, 0.0])
    outside = harm(replace(tiny(), focus=np.array([1, 1, 0, 0])))
    assert outside.arose.sum() == outside.left.sum() == 0.0, "of a state that the question is not about"
    assert harm(replace(tiny(), without=None)).left_without is None


def test_tension_shows_regions_with_partners_hottest_rise_first() -> None:
    data = tension(tiny())
    assert data.regions == ("baltic", "gulf") and data.rivals == ("Are",)
    assert data.hostility[0].tolist() == [0.5, 0.5, 0.6, 0.7]


def test_the_waterfall_sums_to_the_change() -> None:
    data = waterfall(tiny(), "trust", "BBB")
    assert data.amounts.sum() == pytest.approx(0.3, abs=1e-12)
    assert data.start == pytest.approx(0.2) and data.end == 0.5
    mean = waterfall(tiny(), "trust", None)
    assert mean.amounts.sum() == pytest.approx(0.1, abs=1e-12) and mean.start == pytest.approx(0.3)


def test_the_waterfall_has_every_cause_gains_first() -> None:
    data = waterfall(tiny(), "trust", "BBB")
    assert data.causes == ("live_exercise", "technical_skills", CAUSES[-1])
    assert data.amounts.tolist() == pytest.approx([0.25, 0.1, -0.05])
    assert partner_waterfalls(tiny()).trust.subject in ("Bee", "Cee")
    assert partner_waterfalls(tiny(), "CCC").interoperability.subject == "Cee"


@given(st.lists(st.floats(-1.0, 1.0).map(lambda x: round(x, 3)), min_size=1, max_size=40))
def test_what_stays_unnamed_is_no_larger_than_what_is_named(amounts: list[float]) -> None:
    names, found = largest([f"cause {i % 21}" for i in range(len(amounts))], np.array(amounts))
    assert sum(found) == pytest.approx(sum(amounts), abs=1e-9)
    named = [abs(value) for name, value in zip(names, found) if not name.endswith("smaller causes")]
    assert len(named) == len(names) or abs(found[-1]) <= min(named) + 1e-12
    assert list(names[: len(named)]) == sorted(names[: len(named)], key=lambda name: -found[names.index(name)])


def test_the_timeline_has_marks_spans_and_what_was_held_before() -> None:
    data = timeline(tiny())
    assert {(m.lane, m.step, m.what) for m in data.marks} == {
        (0, 1, "framework"), (0, 2, "parp"), (1, -1, "parp"), (1, 2, "suspension"),
    }  # fmt: skip
    assert [(s.lane, s.start, s.end) for s in data.stops] == [(1, 2, 4)]
    assert [(s.lane, s.start, s.end, s.track) for s in data.spans] == [(0, 0, 3, "aspirant"), (0, 3, 4, "ally")]


def test_summary_judges_by_direction() -> None:
    rows = {row.measure: row for row in summary(tiny())}
    assert rows["mutual_trust"].verdict == "better" and rows["mutual_trust"].change == pytest.approx(0.3)
    assert rows["disparity"].verdict == "worse" and rows["realignment"].verdict == "higher"
    assert rows["harm"].start == pytest.approx(0.25) == pytest.approx(rows["harm"].end)
    assert rows["harm"].verdict == "unchanged" and rows["harm"].without == pytest.approx(0.125)
    assert verdict(0.004, 1, 1.0) == "unchanged" and verdict(-0.1, -1, 1.0) == "better"


def test_sentences_state_numbers_and_say_whose_world_it_is() -> None:
    said = sentences(tiny())
    assert 3 <= len(said) <= 6 and all(re.search(r"\d", s) for s in said)
    assert any("in this model" in s.lower() for s in said)
    assert "The Council agreed 3 of 4 items (75 %)" in said[4]
    assert "1 partner became an ally: Bee (2031-Q2)" in said[5] and "Cee (2031-Q1)" in said[5]
    assert council_counts(tiny())[:2] == (3, 1)
    assert events_by_year(tiny())[0][0] == "2030" and len(events_by_year(tiny())[1][1]) == 2
    assert all(sentences(replace(tiny(), without=None)))


def test_words() -> None:
    assert (signed(0.084), signed(-0.03), signed(0.001)) == ("+0.08", "−0.03", "0.00")
    assert (number(0.5), number(12.34), number(1234.5)) == ("0.50", "12.3", "1,234")
    assert (moved(0.1), moved(-0.1), moved(0.001)) == ("rose by 0.10", "fell by 0.10", "stood still")
    assert listed(["a", "b", "c"], 2) == "a, b and 1 more" and listed([]) == ""


def test_labels_keep_their_order_and_their_distance() -> None:
    placed = spread_labels([0.5, 0.51, 0.9, 0.52], 0.1, 0.0, 1.0)
    assert placed[0] < placed[1] < placed[3] < placed[2]
    assert min(np.diff(sorted(placed))) >= 0.1 - 1e-12 and placed[2] == pytest.approx(0.9)
    assert placed[1] == pytest.approx(0.51)
    assert spread_labels([1.0, 1.0], 0.2, 0.0, 1.0) == pytest.approx([0.8, 1.0])
    assert max(map(len, folded("one two three four five six", 14))) <= 14
    assert ink_on("#ffffff") != ink_on("#000000")


@pytest.mark.parametrize("package", [analysis.pictures.run, compare, scenarios, history, uncertain])
def test_every_file_that_draws_is_found_and_every_figure_has_a_place_of_its_own(package: ModuleType) -> None:
    found = figures(package)
    assert len({chart.name for chart in found}) == len({chart.order for chart in found}) == len(found) > 0
    drawn = {chart.draw.__module__ for chart in found}
    files = {name.name for name in walk_packages(package.__path__, f"{package.__name__}.") if not name.ispkg}
    assert files - drawn == {f"{package.__name__}.shared"} & files


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)
def test_every_figure_draws_the_tiny_run_and_says_a_number(chart: Chart) -> None:
    for run in (tiny(), replace(tiny(), without=None, framework=np.full((STEPS, STATES), -1))):
        data = chart.data(run)
        assert re.search(r"\d", chart.finding(data))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure_of(chart, data, about(run)).canvas.draw()


@pytest.mark.parametrize("name", SCENARIOS)
def test_tables_are_finite_and_as_wide_as_their_heads(runs: dict[str, Results], name: str) -> None:
    for chart in CHARTS:
        table = chart.table(chart.data(runs[name]))
        assert table.rows and all(len(row) == len(table.heads) for row in table.rows), chart.name
        assert not any(re.search(r"\b(nan|inf)\b", cell) for row in table.rows for cell in row), chart.name
    assert all(math.isfinite(v) for row in summary(runs[name]) for v in (row.start, row.end, row.change, row.outcome))


@pytest.mark.parametrize("name", SCENARIOS)
def test_contributions_sum_to_the_change_of_every_partner(runs: dict[str, Results], name: str) -> None:
    run = runs[name]
    for code in (None, *(run.codes[int(n)] for n in partners(run))):
        for score in ("trust", "interoperability"):
            data = waterfall(run, score, code)
            assert abs(data.amounts.sum() - (data.end - data.start)) < 1e-9
    begin = [np.delete(run.mutual_trust[0, n], n)[np.delete(run.role[0], n) == MEMBER].mean() for n in partners(run)]
    if name != "open_door_1994":
        assert mean_waterfalls(run).trust.start == pytest.approx(float(np.mean(begin)), abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
def test_every_figure_of_a_real_run_draws_in_silence(runs: dict[str, Results], name: str, tmp_path: Path) -> None:
    told: list[str] = []
    started = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = drawn_into(tmp_path, runs[name], tell=lambda chart, done, total: told.append(chart))
    files = [path for one in drawn for path in one.files.values()]
    print(f"{name}: {len(files)} files in {time.perf_counter() - started:.1f} s")
    assert len(files) == 2 * len(CHARTS) and all(path.stat().st_size > 5_000 for path in files)
    assert told


def test_the_same_run_gives_the_same_svg_bytes(tmp_path: Path) -> None:
    run = tiny()
    for chart in CHARTS:
        written = []
        for folder in ("a", "b"):
            (tmp_path / folder).mkdir(exist_ok=True)
            save(chart, chart.data(run), about(run), tmp_path / folder, ["svg"])
            written.append((tmp_path / folder / f"{chart.name}.svg").read_bytes())
        assert written[0] == written[1], chart.name


def test_the_report_is_one_file_that_asks_for_nothing(tmp_path: Path) -> None:
    run = tiny()
    drawn = drawn_into(tmp_path / "figures", run, ["progress", "harm", "waterfall_mean"])
    page = write_report(run, drawn, tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"""(src|href|action|data)\s*=\s*["']?\s*(https?:)?//""", page)
    assert not re.search(r"url\(\s*[\"']?(https?:)?//|@import|<script|<link|<iframe", page)
    assert '<html lang="en">' in page and page.count('role="img"') == 3 and page.count("aria-label") >= 4
    for sentence in sentences(run):
        assert sentence.split(";")[0][:40] in unescape(page)
    assert all(f'id="figure-{one.name}"' in page for one in drawn)
    assert "half_life" in page or "parameter" in page
    assert len(page) < 6_000_000


def test_a_large_svg_is_embedded_as_png(tmp_path: Path) -> None:
    [one] = drawn_into(tmp_path, tiny(), ["money"])
    one.files["svg"].write_text("<svg>" + " " * LARGEST_SVG + "</svg>")
    assert picture(one).startswith('<img alt="') and "data:image/png;base64," in picture(one)


def test_text_from_files_is_escaped() -> None:
    run = tiny()
    odd = replace(run, names=("Ay", "<b>Bee</b>", "Cee", "Are"), events=(Event(1, "leak", "BBB", "<i>x</i>"),))
    assert "<b>Bee" not in report(odd, []) and "<i>x" not in report(odd, [])


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_terminal_shows_a_short_table_within_100_columns(runs: dict[str, Results], name: str) -> None:
    out = io.StringIO()
    print_summary(runs[name], Console(file=out, width=140, force_terminal=False))
    lines = out.getvalue().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 100
    assert 8 <= len(shown_rows(runs[name])) <= 12
    assert "In this model" in out.getvalue() and not any("…" in line for line in lines)
    assert shown_rows(runs[name])[0].measure == runs[name].scenario.primary_measure
