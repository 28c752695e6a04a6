"""The simulated path of 1994 to 2004 beside the record, with fair scores and the single predictors to beat.

    backtest    runs of the shipped parameters and of the history-matched set -> scores, forecasts and dates

What is fitted (a scale from places to listed exercises, a spread of counts, the baselines, the history matching) is
fitted on 1994-98; what is scored as tested lies in 1999-2004. Retrodiction, never prediction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from analysis.stats import scores
from analysis.studies.history import baselines
from analysis.studies.history.fit import TARGETS, Matched, observed, simulated
from analysis.studies.history.record import FIT_QUARTERS, FIT_YEARS, LAST_FIT, QUARTERS, YEARS, Recorded, load_record
from analysis.studies.history.runs import (
    FITTED_YEARS,
    STAGES,
    TESTED_YEARS,
    Counts,
    Simulated,
    bounds,
    chances,
    counts_in,
    drawn,
    mean_run,
    simulate,
    spaced,
)
from sim.inputs.states import DATA
from sim.law.compiled import Floats
from sim.outputs.files import write_csv
from sim.runs.ensemble import Progress

SHIPPED, MATCHED = "model as shipped", "model, history-matched"
DRAWS: Final = 400  # resamples of states


class Target(NamedTuple):
    """One question: what happened by state, what each forecaster says, and how that is scored."""

    name: str
    tested: bool
    cases: str
    outcome: Floats
    forecasts: dict[str, Floats]
    scores: dict[str, tuple[Callable[[Floats, Floats, Floats], float], int]]  # and whether more is better


class Line(NamedTuple):
    """One score of one forecaster: value, 90 % interval over states, share of resamples that beat the shipped model."""

    target: str
    forecaster: str
    score: str
    value: float
    low: float
    high: float
    beats_model: float


class Dates(NamedTuple):
    """How well runs date one kind of event. Quarters; `score` is over 1999 to 2004."""

    event: str
    forecaster: str
    states: int
    happened: int
    expected: float  # events by the end, mean over runs
    error: float  # median over states of |median date - recorded date|, where both exist
    dated: int  # states where both exist
    half: float  # share of recorded dates within the central 50 % of runs
    most: float  # and 90 %
    score: float
    low: float
    high: float


@dataclass
class Backtest:
    """Everything that the page and the figures show."""

    record: Recorded
    runs: dict[str, Simulated]
    counts: dict[str, Counts]
    targets: list[Target]
    lines: list[Line]
    dates: list[Dates]
    matched: Matched
    sums: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)  # targets of the fit: mean and spread by set
    known: Floats = field(default_factory=lambda: np.zeros(len(TARGETS)))
    replicates: int = 0
    draws: int = DRAWS
    seed: int = 1

    def line(self, target: str, forecaster: str, score: str) -> Line:
        """One score."""
        return next(x for x in self.lines if (x.target, x.forecaster, x.score) == (target, forecaster, score))


BINARY: Final = {
    "AUC": (lambda o, f, b: scores.auc(o, f), 1), "Brier": (lambda o, f, b: scores.brier(o, f), -1),
    "Brier skill": (lambda o, f, b: scores.skill(o, f, b), 1),
}  # fmt: skip


def five_years(values: Floats, years: slice) -> Floats:
    """(S,) sum over some years, NaN where any is NaN."""
    return np.asarray(values[:, years].sum(axis=1))


def yearly_targets(record: Recorded, counts: Mapping[str, Counts]) -> list[Target]:
    """Taking part in a year, how many exercises, and whether the record lies within the intervals."""
    took = np.where(np.isnan(record.counts), np.nan, (record.counts > 0.0).astype(float))
    base, expected = baselines.yearly(record, False), baselines.yearly(record, True)
    part = {n: mean_run(scores.at_least_one(c.mean, c.spread)) for n, c in counts.items()} | base
    size = {n: mean_run(c.mean) for n, c in counts.items()} | {n: f for n, f in expected.items() if n != "base rate"}
    mass = {n: mean_run(scores.count_mass(record.counts, c.mean, c.spread)) for n, c in counts.items()}
    ranges = {n: drawn(c) for n, c in counts.items()}
    for name, mean in expected.items():
        spread = scores.spread_of(record.counts[:, FITTED_YEARS], mean[:, FITTED_YEARS])
        mass[name] = scores.count_mass(record.counts, mean, spread)
        ranges[name] = drawn(Counts(np.repeat(mean[None], 100, axis=0), spread, 1.0))
    targets = []
    for name, years, tested in (("1994-98", slice(1, FIT_YEARS), False), ("1999-2003", TESTED_YEARS, True)):
        outcome = took[:, years]
        cases = f"{int(np.isfinite(outcome).sum())} state-years, {int(np.nansum(outcome))} with an exercise"
        told = {n: f[:, years] for n, f in part.items()}
        targets.append(Target(f"takes part in a year, {name}", tested, cases, outcome, told, dict(BINARY)))
    total = five_years(record.counts, TESTED_YEARS)
    ranks = {n: np.stack([five_years(f, TESTED_YEARS)], axis=1) for n, f in size.items()}
    both = np.stack([total, record.totals[:, 1]], axis=1)
    targets.append(Target(
        "ranking of states, 1999-2003", True, f"{int(np.isfinite(total).sum())} states", both, ranks,
        {"Spearman, listed exercises": (lambda o, f, b: scores.spearman(o[:, 0], f[:, 0]), 1),
         "Spearman, all exercises": (lambda o, f, b: scores.spearman(o[:, 1], f[:, 0]), 1)},
    ))  # fmt: skip
    counted = record.counts[:, TESTED_YEARS]
    told = {
        n: np.concatenate([mass[n][:, TESTED_YEARS, None], bounds(ranges[n][:, :, TESTED_YEARS], 0.5),
                           bounds(ranges[n][:, :, TESTED_YEARS], 0.9)], axis=2)
        for n in mass
    }  # fmt: skip
    targets.append(Target(
        "exercises in a year, 1999-2003", True, f"{int(np.isfinite(counted).sum())} state-years", counted, told,
        {"log score": (lambda o, f, b: scores.log_score(np.where(np.isfinite(o), f[..., 0], np.nan)), 1),
         "within 50 %": (lambda o, f, b: scores.covered(o, f[..., 1], f[..., 2]), 0),
         "within 90 %": (lambda o, f, b: scores.covered(o, f[..., 3], f[..., 4]), 0)},
    ))  # fmt: skip
    return targets


def entry_targets(record: Recorded, runs: Mapping[str, Simulated]) -> list[Target]:
    """Who is invited and who accedes."""
    codes = record.codes
    invited, ally = record.happened("invitation", codes), record.happened("accession", codes)
    had = (invited < FIT_QUARTERS).astype(float)
    base = baselines.window(record, had)
    open_still = had < 0.5
    later = np.where(open_still, (invited < 4 * len(YEARS)).astype(float), np.nan)
    aspired = np.where(record.aspired(LAST_FIT) > 0.5, later, np.nan)
    dates = {n: r.dates("invitation", codes) for n, r in runs.items()}
    # Unconditional: a run that invites a state before 1999 does not invite it afterwards.
    chance = {n: ((d >= FIT_QUARTERS) & (d < 4 * len(YEARS))).mean(axis=0) for n, d in dates.items()}
    plain = {n: (r.dates("accession", codes)[:, :, None] < np.array([24, QUARTERS])).mean(axis=0)
             for n, r in runs.items()}  # fmt: skip
    columns = {n: x[:, 0] for n, x in baselines.totals(record).items() if x.shape[1] == 1}
    columns["base rate"] = np.zeros(len(codes))
    columns["closeness and exercises"] = base["closeness and exercises"]
    only = {"AUC": BINARY["AUC"]}
    targets = [Target("invited, 1999-2003", True, _cases(later), later, chance | base, dict(BINARY)),
               Target("invited, 1999-2003, declared aspirants alone", True, _cases(aspired), aspired, chance | base,
                      dict(BINARY))]  # fmt: skip
    for i, (until, year) in enumerate(((24, 1999), (QUARTERS, 2004))):
        outcome = (ally < until).astype(float)
        told = {n: c[:, i] for n, c in plain.items()} | columns
        targets.append(Target(f"ally by the end of {year}", True, _cases(outcome), outcome, told, dict(only)))
    return targets


def _cases(outcome: Floats) -> str:
    return f"{int(np.isfinite(outcome).sum())} states, {int(np.nansum(outcome))} yes"


def score_all(targets: Sequence[Target], draws: int = DRAWS, seed: int = 1) -> list[Line]:
    """Every score of every forecaster with its interval over states."""
    lines = []
    for target in targets:
        rows = scores.resampled(len(target.outcome), draws, seed)
        base = target.forecasts.get("base rate", target.outcome)
        for score, (rate, sign) in target.scores.items():
            many = {
                name: np.array([rate(target.outcome[r], told[r], base[r]) for r in rows])
                for name, told in target.forecasts.items()
            }
            for name, told in target.forecasts.items():
                better = float("nan")
                if sign and name != SHIPPED:
                    better = scores.beats(many[name], many[SHIPPED], sign)
                low, high = scores.interval(many[name])
                lines.append(Line(target.name, name, score, rate(target.outcome, told, base), low, high, better))
    return lines


def date_lines(record: Recorded, runs: Mapping[str, Simulated], draws: int = DRAWS) -> list[Dates]:
    """Every kind of event: the runs, and one constant rate fitted on 1994-98."""
    lines = []
    for event in ("signature", *STAGES):
        codes = record.late if event == "signature" else record.codes
        known = record.happened(event, codes)
        known = np.where(known < QUARTERS, known, np.inf)
        open_still = known >= FIT_QUARTERS
        rows = scores.resampled(int(open_still.sum()), draws)
        told: dict[str, tuple[Floats, Floats | None]] = {
            name: (chances(r, event, codes, known), r.dates(event, codes)) for name, r in runs.items()
        }
        waited = np.minimum(known, FIT_QUARTERS - 1.0) + 1.0
        rate = float((~open_still).sum() / waited.sum())
        ahead = np.maximum(np.arange(QUARTERS) - FIT_QUARTERS + 1, 0)
        told["one constant rate"] = (np.repeat((1.0 - (1.0 - rate) ** ahead)[None], len(codes), axis=0), None)
        for name, (chance, dates) in told.items():
            many = np.array([
                scores.date_score(known[open_still][r], chance[open_still][r], FIT_QUARTERS) for r in rows
            ])  # fmt: skip
            value = scores.date_score(known[open_still], chance[open_still], FIT_QUARTERS)
            lines.append(_dates(event, name, known, chance, dates, value, scores.interval(many)))
    return lines


def _dates(
    event: str, name: str, known: Floats, chance: Floats, dates: Floats | None, value: float,
    around: tuple[float, float],
) -> Dates:  # fmt: skip
    happened = known < np.inf
    nothing = float("nan")
    if dates is None:
        blank = (nothing, nothing, 0, nothing, nothing)
        return Dates(event, name, len(known), int(happened.sum()), *blank, value, *around)
    ranked = np.sort(dates, axis=0)
    middle = ranked[(len(ranked) - 1) // 2]
    both = happened & np.isfinite(middle)
    error = float(np.median(np.abs(middle[both] - known[both]))) if both.any() else nothing
    inside = []
    for level in (0.5, 0.9):
        low, high = (ranked[round(q * (len(ranked) - 1))] for q in ((1 - level) / 2, (1 + level) / 2))
        inside.append(scores.covered(known[happened], low[happened], high[happened]))
    expected = float((dates < np.inf).sum(axis=1).mean())
    return Dates(
        event, name, len(known), int(happened.sum()), expected, error, int(both.sum()), inside[0], inside[1], value,
        *around,
    )  # fmt: skip


def backtest(
    matched: Matched, replicates: int = 200, seed: int = 1, threads: int | None = None, folder: Path = DATA,
    progress: Progress | None = None, draws: int = DRAWS,
) -> Backtest:  # fmt: skip
    """Run both sets and score them."""
    record = load_record(folder)
    points: dict[str, list[dict[str, float]]] = {SHIPPED: [{}], MATCHED: spaced(matched.kept or [*matched.points])}
    runs = {name: simulate(p, replicates, seed, threads, progress) for name, p in points.items()}
    counts = {name: counts_in(r, record) for name, r in runs.items()}
    targets = yearly_targets(record, counts) + entry_targets(record, runs)
    found = Backtest(record, runs, counts, targets, score_all(targets, draws), date_lines(record, runs, draws), matched)
    found.known, found.replicates = observed(record.up_to(LAST_FIT))[0], replicates
    found.draws, found.seed = draws, seed
    for name, r in runs.items():
        sums = simulated(np.stack([r.exercises, r.track, r.framework], axis=-1), r.codes, record)
        found.sums[name] = sums.mean(axis=0), sums.std(axis=0)
    return found


def write_scores(found: Backtest, path: Path) -> Path:
    """All scores as one table."""
    rows = ([*line[:3], *(f"{x:.4f}" for x in line[3:])] for line in found.lines)
    return write_csv(path, Line._fields, rows, "\n")
