"""Scores against oracles by hand, nothing later than 1998 in any fit, and a small backtest from end to end."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from analysis.pictures.reports.history import markdown
from analysis.stats import scores
from analysis.studies.history import baselines
from analysis.studies.history.backtest import MATCHED, SHIPPED, backtest, write_scores
from analysis.studies.history.fit import (
    FITTED,
    TARGETS,
    Matched,
    known_by,
    match,
    observed,
    read_matched,
    write_matched,
)
from analysis.studies.history.record import FIT_QUARTERS, FIT_YEARS, LAST_FIT, QUARTERS, Recorded, load_record
from analysis.studies.history.runs import Counts, bounds, drawn, mean_run
from sim.declare.parameters import specs
from sim.inputs.load import load_scenario
from sim.inputs.states_csv import FactsError

NAN = float("nan")
DATA = Path(__file__).parent.parent / "scenarios" / "data"


@pytest.fixture(scope="module")
def record() -> Recorded:
    return load_record()


# scores


def test_auc_counts_pairs_and_ties_half() -> None:
    outcome, forecast = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.5, 0.5, 0.9])
    assert scores.auc(outcome, forecast) == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert scores.auc(outcome, np.full(4, 0.3)) == 0.5
    assert scores.auc(outcome, -forecast) == pytest.approx(1.0 - 3.5 / 4)
    assert np.isnan(scores.auc(np.ones(3), np.arange(3.0)))
    assert scores.auc(np.array([0.0, NAN, 1.0]), np.array([0.2, 0.9, 0.3])) == 1.0


def test_auc_is_the_rank_sum_of_scipy() -> None:
    rng = np.random.default_rng(3)
    outcome, forecast = (rng.random(80) < 0.4).astype(float), rng.integers(0, 9, 80).astype(float)
    u = stats.mannwhitneyu(forecast[outcome > 0], forecast[outcome == 0]).statistic
    yes = outcome.sum()
    assert scores.auc(outcome, forecast) == pytest.approx(u / (yes * (80 - yes)))


def test_brier_and_skill() -> None:
    outcome, forecast, base = np.array([1.0, 0.0, 1.0]), np.array([0.8, 0.4, 0.5]), np.full(3, 2 / 3)
    assert scores.brier(outcome, forecast) == pytest.approx((0.04 + 0.16 + 0.25) / 3)
    assert scores.brier(outcome, base) == pytest.approx(2 / 9)
    assert scores.skill(outcome, forecast, base) == pytest.approx(1 - 0.15 / (2 / 9))
    assert scores.skill(outcome, base, base) == 0.0


def test_spearman_with_ties_is_that_of_scipy() -> None:
    rng = np.random.default_rng(4)
    a, b = rng.integers(0, 6, 50).astype(float), rng.integers(0, 6, 50).astype(float)
    assert scores.spearman(a, b) == pytest.approx(stats.spearmanr(a, b).statistic)
    assert np.isnan(scores.spearman(a, np.ones(50)))


def test_coverage_counts_ends_and_leaves_out_what_is_not_known() -> None:
    outcome, low = np.array([1.0, 2.0, 3.0, NAN]), np.array([1.0, 0.0, 4.0, 0.0])
    assert scores.covered(outcome, low, low + 2.0) == pytest.approx(2 / 3)


def test_counts_follow_the_declared_law() -> None:
    mean, spread = np.full(1, 3.0), 0.5
    grid = np.arange(400.0)
    mass = scores.count_mass(grid, np.full(400, 3.0), spread)
    assert mass.sum() == pytest.approx(1.0)
    assert (mass * grid).sum() == pytest.approx(3.0)
    assert (mass * (grid - 3.0) ** 2).sum() == pytest.approx(3.0 + 0.5 * 9.0)
    assert scores.at_least_one(mean, spread)[0] == pytest.approx(1.0 - mass[0])
    assert scores.log_score(np.array([0.5, NAN, 0.25])) == pytest.approx(np.log(0.125) / 2)


def test_spread_is_recovered_and_intervals_cover() -> None:
    counts = Counts(np.full((300, 40, 5), 4.0), 0.3, 1.0)
    seen = drawn(counts, seed=7, each=1)[0]
    assert scores.spread_of(seen, np.full(seen.shape, 4.0)) == pytest.approx(0.3, abs=0.15)
    box = bounds(drawn(counts, seed=8), 0.9)
    assert 0.88 <= scores.covered(seen, box[..., 0], box[..., 1]) <= 0.99


def test_date_score_by_hand() -> None:
    chance = np.array([[0.0, 0.5, 1.0], [0.0, 0.0, 0.2]])
    happened = np.array([1.0, np.inf])
    assert scores.date_score(happened, chance, 0) == pytest.approx((0.0 + 0.25 + 0.0 + 0.0 + 0.0 + 0.04) / 6)
    assert scores.date_score(happened, chance, 2) == pytest.approx(0.02)


def test_beats_counts_ties_half() -> None:
    assert scores.beats(np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, 9.0]), 1) == 0.5
    assert scores.beats(np.array([1.0, NAN]), np.array([2.0, 0.0]), -1) == 1.0


def test_mean_over_runs_leaves_out_what_is_not_known() -> None:
    assert mean_run(np.array([[1.0, NAN], [3.0, NAN]])).tolist()[0] == 2.0
    assert np.isnan(mean_run(np.array([[1.0, NAN], [3.0, NAN]]))[1])


# the record


def test_record_agrees_with_the_table_of_states(record: Recorded) -> None:
    """Dates of track.csv are those of states.csv, which the scenario is built from."""
    columns = {"signature": "pfp_signed", "action_plan": "map_invited", "accession": "nato_accession"}
    for event, column in columns.items():
        for code, quarter in record.dates[event].items():
            day = record.facts[code].dates[column]
            assert quarter == 4 * (day.year - 1994) + (day.month - 1) // 3, (event, code)
    assert len(record.codes) == 28 and len(record.late) == 10
    assert (record.happened("accession", record.codes) < QUARTERS).sum() == 10


def test_listed_exercises_are_a_part_of_all(record: Recorded) -> None:
    both = np.stack([record.counts[:, :FIT_YEARS].sum(axis=1), record.counts[:, FIT_YEARS:].sum(axis=1)], axis=1)
    keep = np.isfinite(both) & np.isfinite(record.totals)
    assert (both[keep] <= record.totals[keep] + 2).all()


def test_single_predictors_have_the_auc_of_the_notes(record: Recorded) -> None:
    """literature_abm.md: by 1999 and by 2004; GDP a head uses the population of 1995 here, and differs a little."""
    columns, ally = baselines.totals(record), record.happened("accession", record.codes)
    found = {n: [scores.auc((ally < q).astype(float), columns[n][:, 0]) for q in (24, QUARTERS)] for n in columns}
    for name, known in {"exercises": (0.84, 0.86), "democracy": (0.89, 0.79), "ideal": (0.99, 0.92),
                        "closeness": (0.88, 0.82), "wealth": (0.75, 0.71)}.items():  # fmt: skip
        assert found[name] == pytest.approx(known, abs=0.035), name


def test_wrong_cells_are_refused(tmp_path: Path) -> None:
    for name in ("states.csv", "states.toml", "history.toml", "exercises.csv", "track.csv"):
        (tmp_path / name).write_bytes((DATA / name).read_bytes())
    path = tmp_path / "track.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("invitation", "guess", 1), encoding="utf-8")
    with pytest.raises(FactsError, match=r"track\.csv: line .*'guess'.*invitation"):
        load_record(tmp_path)


# nothing later than 1998 in any fit


def altered(record: Recorded) -> Recorded:
    """The record with another world after 1998."""
    counts, totals = record.counts.copy(), record.totals.copy()
    counts[:, FIT_YEARS:] = 17.0
    totals[:, 1] = np.arange(len(totals))
    dates = {e: {c: q for c, q in t.items() if q < FIT_QUARTERS} | {"RUS": 30} for e, t in record.dates.items()}
    events = (*(e for e in record.events if e[0] <= LAST_FIT), (2001, ("RUS", "FIN")))
    facts = {}
    for code, fact in record.facts.items():
        cells = {
            name: tuple(c._replace(value=3.0 * c.value) if hasattr(c, "_replace") else replace(c, value=3.0 * c.value)
                        if c.year > LAST_FIT else c for c in cells) for name, cells in fact.cells.items()
        }  # fmt: skip
        later = fact.aspiration_date is not None and fact.aspiration_date.year > LAST_FIT
        facts[code] = replace(
            fact, cells=cells,
            dates={n: d for n, d in fact.dates.items() if d.year <= LAST_FIT or n == "independent_from"},
            aspiration="none" if later else fact.aspiration,
        )  # fmt: skip
    return replace(record, counts=counts, totals=totals, dates=dates, events=events, facts=facts)


def test_a_cut_record_holds_nothing_later(record: Recorded) -> None:
    cut = record.up_to(LAST_FIT)
    assert np.isnan(cut.counts[:, FIT_YEARS:]).all() and np.isnan(cut.totals[:, 1]).all()
    assert max(e[0] for e in cut.events) == LAST_FIT
    assert max(q for table in cut.dates.values() for q in table.values()) < FIT_QUARTERS
    assert max(d.year for f in cut.facts.values() for d in f.dates.values()) <= LAST_FIT


def test_baselines_do_not_know_what_came_after_1998(record: Recorded) -> None:
    other = altered(record)
    for counts in (False, True):
        ours, theirs = baselines.yearly(record, counts), baselines.yearly(other, counts)
        for name in ours:
            assert np.array_equal(ours[name], theirs[name], equal_nan=True), name
    had = (record.happened("invitation", record.codes) < FIT_QUARTERS).astype(float)
    for name, chance in baselines.window(record, had).items():
        assert np.array_equal(chance, baselines.window(other, had)[name]), name


def test_the_fit_does_not_know_what_came_after_1998(
    record: Recorded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also not through the facts that the scenario is built from: they are altered under the simulation too."""
    ours = match(record, points=6, replicates=2, threads=1)
    other = altered(record)
    monkeypatch.setattr("sim.inputs.scenario.load_facts_once", lambda given: other.facts)
    theirs = match(other, points=6, replicates=2, threads=1)
    assert ours.points == theirs.points
    assert np.array_equal(ours.implausible, theirs.implausible)
    assert np.array_equal(ours.default, theirs.default)
    write_matched(ours, tmp_path)
    back = read_matched(tmp_path)
    assert back.implausible == pytest.approx(ours.implausible, abs=0.006)
    assert [set(p) for p in back.points] == [set(FITTED)] * len(back.points)


def test_the_scenario_of_the_fit_ends_in_1998(record: Recorded) -> None:
    cut = known_by(load_scenario("open_door_1994"), record, LAST_FIT, FIT_QUARTERS)
    assert cut.horizon == FIT_QUARTERS
    assert max(shock.when for shock in cut.shocks) < "1999-Q1"
    assert {"HRV", "GEO"} <= {state.code for state in cut.states}
    known, variance = observed(record.up_to(LAST_FIT))
    assert np.isfinite(known).all() and (variance >= 0.0).all()


# from end to end


def test_the_kept_set_is_within_its_priors() -> None:
    matched = read_matched()
    for point in matched.points:
        assert all(specs()[name].low <= value <= specs()[name].high for name, value in point.items())
    assert matched.implausible.shape == (len(matched.points), len(TARGETS))


def test_a_small_backtest(tmp_path: Path) -> None:
    kept = read_matched()
    few = Matched(kept.points[:2], kept.implausible[:2], kept.default, kept.tried, kept.replicates, kept.seed)
    found = backtest(few, replicates=8, threads=1, draws=30)
    for line in found.lines:
        if line.score in ("AUC", "Brier") or line.score.startswith("within"):
            assert 0.0 <= line.value <= 1.0, line
    assert found.line("takes part in a year, 1999-2003", "base rate", "Brier skill").value == 0.0
    assert {line.forecaster for line in found.lines} >= {SHIPPED, MATCHED, *baselines.PREDICTORS}
    assert len(write_scores(found, tmp_path / "s.csv").read_text(encoding="utf-8").splitlines()) == len(found.lines) + 1
    page = markdown(found)
    assert "retrodiction, never prediction" in page and "nan" not in page
