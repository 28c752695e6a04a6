"""Luck and parameters apart: a nested design, points over the ranges of assumed parameters, fresh replicates at each.

K points of a Latin hypercube (McKay, Beckman & Conover 1979), n replicates at each point; every point has replicates
of its own, so that luck does not repeat itself over points. All policies share point and luck: differences are paired.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from scipy import stats

from analysis.stats.latin import latin
from analysis.studies.compare.comparison import Asked
from sim.declare.names import MEASURES
from sim.declare.parameters import specs
from sim.law.compiled import Floats

CHANCE: Final = 0.05  # probability that any parameter is named by chance, over all parameters together
NAMED: Final = 3
FEWEST_POINTS: Final = 20  # with fewer the threshold, which rests on a t distribution, does not hold
EACH: Final = 4  # replicates at a point
SMALL: Final = 24  # points that a comparison has unasked, where they cost no more runs than the comparison itself


class Hinge(NamedTuple):
    """A parameter that a difference hinges on: Spearman's rank correlation with the gain over the points."""

    parameter: str
    rho: float


class Spread(NamedTuple):
    """One policy's gain over the baseline, more is better: over parameters, apart from luck."""

    mean: float
    low: float  # 5 % point over the parameters
    high: float  # 95 % point
    relative: tuple[float, float] | None  # the same ends in % of the baseline's outcome; None where that may be 0
    by_luck: float  # variance of one replicate's gain at a fixed point
    by_parameters: float  # variance over the points of the expected gain
    hinges: tuple[Hinge, ...]
    wins: float  # share of points at which the policy's mean is best


class Nested(NamedTuple):
    """The design and what it found."""

    points: int
    each: int
    parameters: tuple[str, ...]
    spreads: tuple[Spread, ...]  # P
    threshold: float  # |rho| above it is clearly more than chance


def varied() -> tuple[str, ...]:
    """Parameters whose value is a judgement: the source says "assumed"."""
    return tuple(name for name, spec in specs().items() if "assumed" in spec.source)


def unasked(replicates: int, policies: int) -> int:
    """Points of the design that nobody asked for: SMALL, fewer where the comparison is small, none below four."""
    points = min(SMALL, replicates * (policies + 1) // (policies * EACH))
    return points if points >= 4 else 0


def design(points: int, seed: int, names: Sequence[str]) -> Floats:
    """A Latin hypercube over the declared ranges, (K, D)."""
    low = np.array([specs()[n].low for n in names])
    high = np.array([specs()[n].high for n in names])
    return latin(points, low, high, np.random.default_rng(seed))


def components(gaps: Floats) -> tuple[float, float]:
    """Variance by luck and by parameters of gaps (K, n): one-way analysis of variance, the second never below 0."""
    by_luck = float(gaps.var(axis=1, ddof=1).mean())
    return by_luck, max(0.0, float(gaps.mean(axis=1).var(ddof=1)) - by_luck / gaps.shape[1])


def without_luck(gaps: Floats) -> Floats:
    """Mean gains at the points (K,), drawn together so that only the parameters' variance is left.

    Means at points also vary by luck, and would make the range over parameters too wide (Louis 1984, JASA 79: 393-398).
    """
    means = gaps.mean(axis=1)
    variance = float(means.var(ddof=1))
    kept = (components(gaps)[1] / variance) ** 0.5 if variance > 0.0 else 0.0
    return np.asarray(means.mean() + kept * (means - means.mean()))


def chance(points: int, parameters: int) -> float:
    """The |rho| that the largest of so many rank correlations exceeds by chance with probability CHANCE."""
    t = float(stats.t.ppf(1.0 - CHANCE / (2.0 * parameters), points - 2))
    return float(t / np.sqrt(points - 2 + t * t))


def hinges(values: Floats, means: Floats, names: Sequence[str]) -> tuple[Hinge, ...]:
    """At most NAMED parameters (values (K, D)) whose rank correlation with the gain is clearly above chance."""
    if len(means) < FEWEST_POINTS or float(np.ptp(means)) == 0.0:
        return ()
    ranks = stats.rankdata(values, axis=0)
    target = stats.rankdata(means)
    rho = [float(np.corrcoef(column, target)[0, 1]) for column in ranks.T]
    limit = chance(len(means), len(names))
    order = sorted(range(len(names)), key=lambda i: -abs(rho[i]))
    return tuple(Hinge(names[i], rho[i]) for i in order[:NAMED] if abs(rho[i]) > limit)


def spread(gaps: Floats, base: Floats, values: Floats, names: Sequence[str], wins: float) -> Spread:
    """One policy's gains (K, n) and the baseline's outcomes (K, n) at points `values` (K, D)."""
    apart = without_luck(gaps)
    low, high = (float(v) for v in np.quantile(apart, [0.05, 0.95]))
    level = base.mean(axis=1)
    relative = None
    if float(level.min()) > 0.0:
        share = 100.0 * gaps / level[:, None]
        first, last = (float(v) for v in np.quantile(without_luck(share), [0.05, 0.95]))
        relative = (first, last)
    by_luck, by_parameters = components(gaps)
    return Spread(
        float(gaps.mean()), low, high, relative, by_luck, by_parameters, hinges(values, gaps.mean(axis=1), names), wins
    )


def nest(asked: Asked, outcomes: Floats, values: Floats, names: Sequence[str]) -> Nested:
    """The design judged: outcomes (K, P, n, M) at points `values` (K, D)."""
    measure = outcomes[:, :, :, MEASURES.index(asked.measure)]
    turned = asked.sign * measure
    means = turned.mean(axis=2)
    best = means == means.max(axis=1, keepdims=True)
    wins = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    base = measure[:, asked.baseline]
    spreads = tuple(
        spread(turned[:, p] - turned[:, asked.baseline], base, values, names, float(wins[p]))
        for p in range(len(asked.policies))
    )
    points, each = outcomes.shape[0], outcomes.shape[2]
    return Nested(points, each, tuple(names), spreads, chance(points, len(names)) if points > 3 else 1.0)
