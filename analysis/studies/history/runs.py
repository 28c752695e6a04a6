"""Runs for the backtest, and what they say: places, listed exercises, dates, chances."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from analysis.stats import scores
from analysis.studies.history.fit import KEPT, POLICY, SCENARIO, longer, paths_of
from analysis.studies.history.record import FIT_QUARTERS, FIT_YEARS, QUARTERS, YEARS, Recorded
from sim.declare.names import ACTION_PLAN, ALLY, INVITED
from sim.inputs.load import load_scenario
from sim.law.compiled import Floats
from sim.runs.arm import Record, arm_of
from sim.runs.build import build
from sim.runs.ensemble import Progress, run_arms

POINTS: Final = 20  # of the history-matched set, at even distances through it
FEW: Final = 5  # fewer runs than this are not asked what they say under a condition
STAGES: Final = {"action_plan": ACTION_PLAN, "invitation": INVITED, "accession": ALLY}
FITTED_YEARS, TESTED_YEARS = slice(0, FIT_YEARS), slice(FIT_YEARS, len(YEARS))


class Simulated(NamedTuple):
    """R runs: exercise places by quarter (R, Q, N), place on the track, framework; states by code."""

    codes: tuple[str, ...]
    exercises: Floats
    track: Floats
    framework: Floats

    def rows(self, codes: Sequence[str]) -> list[int]:
        """Rows of states."""
        return [self.codes.index(code) for code in codes]

    def places(self, codes: Sequence[str]) -> Floats:
        """(R, S, Y) places in exercises by year, as a partner: NaN where the run has the state an ally before that
        year.
        """
        rows, quarters = self.rows(codes), 4 * len(YEARS)
        parts = self.exercises[:, :quarters, rows].reshape(len(self.exercises), len(YEARS), 4, len(rows)).sum(axis=2)
        ally = (self.track[:, :quarters:4, rows] >= ALLY).transpose(0, 2, 1)
        return np.asarray(np.where(ally, np.nan, parts.transpose(0, 2, 1)))

    def dates(self, event: str, codes: Sequence[str]) -> Floats:
        """(R, S) quarter of an event, infinite where it does not happen by the end."""
        rows = self.rows(codes)
        if event == "signature":
            is_so = self.framework[:, :, rows] >= 0.0
        else:
            stage = STAGES[event]
            path = self.track[:, :, rows]
            is_so = path == stage if event == "action_plan" else path >= stage
        return np.asarray(np.where(is_so.any(axis=1), is_so.argmax(axis=1), np.inf))


class Counts(NamedTuple):
    """What runs say of listed exercises: expected (R, S, Y), the spread of counts about that, and the scale."""

    mean: Floats
    spread: float
    scale: float


def simulate(
    points: Sequence[Mapping[str, float]], replicates: int, seed: int, threads: int | None = None,
    progress: Progress | None = None,
) -> Simulated:  # fmt: skip
    """About `replicates` runs, shared out over parameter points, each run with luck of its own."""
    scenario = longer(load_scenario(SCENARIO))
    built = build(scenario)
    share = -(-replicates // len(points))
    keep = Record(outcomes=False, states=KEPT, paths=True)
    parts = [
        paths_of(run_arms([arm_of(scenario, POLICY, point, built=built)], share, seed, keep, threads, chunk=50,
                          progress=progress, first=i * share)[0])
        for i, point in enumerate(points)
    ]  # fmt: skip
    paths = np.concatenate(parts)
    return Simulated(built.codes, paths[..., 0], paths[..., 1], paths[..., 2])


def spaced(points: Sequence[dict[str, float]], most: int = POINTS) -> list[dict[str, float]]:
    """At most so many points, at even distances through the list."""
    if len(points) <= most:
        return list(points)
    return [points[round(i * (len(points) - 1) / (most - 1))] for i in range(most)]


def counts_in(runs: Simulated, record: Recorded) -> Counts:
    """Places turned into listed exercises by one scale and one spread, both from 1994-98."""
    places = runs.places(record.codes)
    mean = mean_run(places)
    seen = np.isfinite(record.counts[:, FITTED_YEARS]) & np.isfinite(mean[:, FITTED_YEARS])
    scale = float(record.counts[:, FITTED_YEARS][seen].sum() / max(mean[:, FITTED_YEARS][seen].sum(), 1e-9))
    spread = scores.spread_of(record.counts[:, FITTED_YEARS], scale * mean[:, FITTED_YEARS])
    gaps = np.isnan(mean)
    filled = np.where(gaps, float(np.nanmean(mean)), places)  # an ally in every run: the sample's mean
    return Counts(scale * filled, spread, scale)


def mean_run(values: Floats) -> Floats:
    """Mean over runs, NaN where none has a value: (R, ...) -> (...)."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    return np.asarray(np.where(count > 0, np.where(known, values, 0.0).sum(axis=0) / np.maximum(count, 1), np.nan))


def drawn(counts: Counts, seed: int = 1, each: int = 5) -> Floats:
    """Counts drawn under every run (R * each, S, Y), NaN where that run has the state an ally."""
    rng = np.random.default_rng(seed)
    mean = np.repeat(counts.mean, each, axis=0)
    size = 1.0 / counts.spread
    safe = np.where(np.isfinite(mean), np.maximum(mean, 1e-9), 1.0)
    found = rng.negative_binomial(size, size / (size + safe)).astype(float)
    return np.asarray(np.where(np.isfinite(mean), found, np.nan))


def bounds(values: Floats, level: float) -> Floats:
    """Central interval over the first axis, (..., 2)."""
    tail = 50.0 * (1.0 - level)
    return np.asarray(np.moveaxis(np.asarray(np.nanpercentile(values, [tail, 100.0 - tail], axis=0)), 0, -1))


def chances(runs: Simulated, event: str, codes: Sequence[str], known: Floats, after: int = FIT_QUARTERS) -> Floats:
    """(S, Q) chance that an event has happened by the end of each quarter.

    For a state to which it had not happened by `after` on record, only runs in which it had not either are asked, as
    long as there are some: a forecast from then knows what had not happened.
    """
    dates = runs.dates(event, codes)
    found = np.zeros((len(codes), QUARTERS))
    for s in range(len(codes)):
        mine = dates[:, s]
        if known[s] >= after and (mine >= after).sum() >= FEW:
            mine = mine[mine >= after]
        found[s] = (mine[:, None] <= np.arange(QUARTERS)).mean(axis=0)
    return found
