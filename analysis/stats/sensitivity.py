"""Which factors move a response most: Morris screening and Sobol indices, computed by SALib.

A `Method` carries all that is its own: how points are laid out and judged, which columns come out, and how they are
told and drawn. `Method.indices` takes any function of a table of points, so that functions with known indices pass
through the same lines as the model. A new method is one more `Method` in `METHODS`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.stats.extras import load
from analysis.stats.intervals import Floats

LEVELS: Final = 4  # of Morris' grid, as Campolongo, Cariboni & Saltelli (2007) advise
NOTHING: Final = 1e-3  # of the scale of an index: a factor below it moves nothing
Problem = dict[str, Any]  # names and bounds, as SALib wants them
Vectorised = Callable[[Floats], Floats]  # points (P, F) -> responses (P,) or (P, M)


@dataclass(frozen=True)
class Method:
    """One way to ask which factors matter; in its words {what}, {unit}, {points}, {replicates} are filled in."""

    name: str
    samples: int  # by default
    points: Callable[[int, int], int]  # samples, factors -> how many points are run
    sample: Callable[[Problem, int, int], Floats]  # problem, samples, seed -> points (P, F)
    analyse: Callable[[Problem, Floats, Floats, int], Mapping[str, Any]]  # with points and responses -> columns
    columns: tuple[str, ...]
    main: str  # the column that factors are ranked by; `{main}_conf` is half the width of its 95 % interval
    share: bool  # whether it is a share of the response's variance, or a change in the response's unit
    slight: float  # of the strongest factor's index, or as a share: a factor below it hardly moves the response
    symbol: str  # of the main column
    axis: str
    shows: str  # what a picture shows
    weak: str  # what the slight ones do
    whole: str  # what an idle factor moves less than a thousandth of
    key: str = ""  # what the main column is, beside `alone`
    alone: str | None = None  # the column that leaves interactions out, with its interval, and its words
    alone_key: str = ""
    sign: str | None = None  # the column whose sign tells the direction
    scatter: str | None = None  # the column that tells how uneven an effect is, and its words
    scatter_axis: str = ""

    def indices(
        self, model: Vectorised, names: Sequence[str], low: Floats, high: Floats, samples: int | None = None,
        seed: int = 1,
    ) -> "list[Indices]":  # fmt: skip
        """The indices of every factor within its range: one `Indices` a response, all from the same points."""
        bounds = [[float(a), float(b)] for a, b in zip(low, high, strict=True)]
        problem = {"num_vars": len(names), "names": list(names), "bounds": bounds}
        points = np.asarray(self.sample(problem, self.samples if samples is None else samples, seed))
        found = []
        for values in _by_column(model(points), points):
            told = self.analyse(problem, points, values, seed)
            columns = {name: np.asarray(told[name], dtype=np.float64) for name in self.columns}
            found.append(Indices(self, tuple(names), columns, float(values.std()), len(points)))
        return found


@dataclass(frozen=True)
class Indices:
    """What each factor does to one response, (F,) each, with the half-widths of 95 % bootstrap intervals."""

    method: Method
    names: tuple[str, ...]
    columns: dict[str, Floats]
    deviation: float  # standard deviation of the response over the points
    points: int

    @property
    def main(self) -> Floats:
        """The index that factors are ranked by."""
        return self.columns[self.method.main]

    @property
    def half(self) -> Floats:
        """Half the width of the interval of `main`."""
        return self.columns[f"{self.method.main}_conf"]

    @property
    def order(self) -> list[int]:
        """Factors from strongest to weakest."""
        return [int(i) for i in np.argsort(-self.main, kind="stable")]

    @property
    def idle(self) -> list[int]:
        """Factors that move nothing."""
        least = NOTHING * (1.0 if self.method.share else self.deviation)
        return [i for i, value in enumerate(self.main) if value <= least]

    @property
    def slight(self) -> int:
        """How many factors hardly move the response."""
        below = self.method.slight * (1.0 if self.method.share else self.main.max(initial=0.0))
        return int((self.main < below).sum())


def _by_column(response: Floats, points: Floats) -> list[Floats]:
    values = np.asarray(response, dtype=np.float64)
    if len(values) != len(points) or not np.isfinite(values).all():
        raise ValueError(f"the function must give {len(points)} finite responses")
    return [values] if values.ndim == 1 else list(values.T)


def _trajectories(problem: Problem, samples: int, seed: int) -> Floats:
    return np.asarray(load("SALib.sample.morris").sample(problem, samples, num_levels=LEVELS, seed=seed))


def _effects(problem: Problem, points: Floats, values: Floats, seed: int) -> Mapping[str, Any]:
    told = load("SALib.analyze.morris").analyze(problem, points, values, num_levels=LEVELS, seed=seed)
    return dict(told)


# Elementary effects over the whole range of each factor (Morris 1991): mu_star is the mean absolute effect (Campolongo
# et al. 2007); sigma, its scatter, tells of interaction and bend.
MORRIS: Final = Method(
    "morris", 10, lambda samples, factors: samples * (factors + 1), _trajectories, _effects,
    columns=("mu", "mu_star", "mu_star_conf", "sigma"), main="mu_star", share=False, slight=0.1, symbol="μ*",
    axis="μ*: mean absolute change{unit}",
    shows="How far {what} shifts when one factor crosses its declared range{unit}, at {points} points, {replicates} "
    "replicates each; bars: 95 % intervals over trajectories.",
    weak="move it less than a tenth as far as the first", whole="of its scatter over the points",
    sign="mu", scatter="sigma", scatter_axis="σ: how far the change depends on the other factors",
)  # fmt: skip


def power_of_two(samples: int) -> int:
    """Samples rounded up to a power of two, as Sobol' sequences need."""
    return 1 << max(1, (samples - 1).bit_length())


def _sequence(problem: Problem, samples: int, seed: int) -> Floats:
    sampler = load("SALib.sample.sobol")
    return np.asarray(sampler.sample(problem, power_of_two(samples), calc_second_order=False, seed=seed))


def _shares(problem: Problem, points: Floats, values: Floats, seed: int) -> Mapping[str, Any]:
    if np.ptp(values) == 0.0:
        return dict.fromkeys(SOBOL.columns, np.zeros(len(problem["names"])))
    analyzer = load("SALib.analyze.sobol")
    return dict(analyzer.analyze(problem, values, calc_second_order=False, seed=seed + 1))  # 0 would be no seed


# Shares of the response's variance (Sobol' 2001; Saltelli et al. 2010): S1 alone, ST with all interactions.
SOBOL: Final = Method(
    "sobol", 64, lambda samples, factors: power_of_two(samples) * (factors + 2), _sequence, _shares,
    columns=("S1", "S1_conf", "ST", "ST_conf"), main="ST", share=True, slight=0.01, symbol="ST",
    axis="share of variance",
    shows="Share of the variance of {what} over the declared ranges: alone (S1) and with all interactions (ST); bars: "
    "95 % intervals. {points} points, {replicates} replicates each.",
    weak="explain less than 1 % of its variance each", whole="of its variance",
    key="ST: with all interactions", alone="S1", alone_key="S1: alone",
)  # fmt: skip

METHODS: Final = {method.name: method for method in (MORRIS, SOBOL)}
