"""Intervals of what one arm changes against a base arm: paired replicates, the same luck in both.

Replicate r of the arm and replicate r of the base met the same draws, so their difference is one observation and the
differences are independent. They are often skewed: most replicates change little, a few change much.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
SEED: Final = 20_110_401  # of every resampling: the same replicates give the same interval
BLOCK: Final = 2_000_000  # resampled replicates held in memory at once


@dataclass(frozen=True)
class Interval:
    """An estimate with the ends of its confidence interval, all in the unit of the estimate; `level` is a share."""

    mean: float
    low: float
    high: float
    level: float

    @property
    def half(self) -> float:
        """Half the width; the interval need not lie evenly about the mean."""
        return (self.high - self.low) / 2.0

    def excludes(self, value: float = 0.0) -> bool:
        """Whether the value lies outside the interval."""
        return not self.low <= value <= self.high


@lru_cache(maxsize=256)
def student(share: float, freedom: int) -> float:
    """The value below which so large a share of Student's t lies; one comparison asks for the same again and again."""
    return float(stats.t.ppf(share, freedom))


@lru_cache(maxsize=64)
def normal(share: float) -> float:
    """The same of the normal distribution."""
    return float(stats.norm.ppf(share))


def bounds(gaps: Floats, level: float) -> tuple[Floats, Floats]:
    """Ends of the interval of the mean along axis 0, (n, ...) -> (...): the outer ends of two intervals.

    One is Student's. The other is Student's after Hall's cubic transformation, which takes out the skewness
    (Hall 1992, J. R. Statist. Soc. B 54: 221-228). Both closed forms: no resampling, and swapped arms mirror exactly.
    Measured coverage in % at nominal 95 % (20,000 samples; the single methods at n = 50, 8,000 or 10,000 samples):

        n                   normal  lognormal σ=1  Pareto α=1.5 to 50  the same, random sign  1 in 10 lognormal, else 0
        20                   95.7       93.2              88.8                 96.9                    81.1
        50                   95.2       94.6              91.1                 96.5                    95.3
        200                  95.2       95.5              94.4                 95.6                    96.2
        800                  94.9       95.9              96.3                 95.0                    95.9
        50, Student alone    95.1       89.5              80.8                 96.3                    78.2
        50, Hall alone       95.0       92.8              89.6                 89.5                    94.1
        50, bootstrap-t      94.9       92.6              88.6                 89.8                    97.9
        50, BCa              94.1       90.9              84.3                 86.7                    85.2

    Student misses on the side of the long tail; the others take the chance skewness of even heavy tails for real. On
    the Pareto at n = 50 no method reached 92.5 %, as many samples hold nothing of the tail; nor on rare effects at 20.
    """
    n = len(gaps)
    mean = np.asarray(gaps.mean(axis=0))
    if n < 2:
        return np.full_like(mean, -np.inf), np.full_like(mean, np.inf)
    varies = np.ptp(gaps, axis=0) > 0.0  # of equal numbers the computed deviation may be a rounding error
    spread = np.where(varies, gaps.std(axis=0, ddof=1), 0.0)
    reach = student(0.5 + level / 2.0, n - 1)
    skew = _skewness((gaps - mean) / np.where(varies, spread, 1.0))
    error = spread / math.sqrt(n)
    low = mean - error * np.maximum(reach, _untransformed(reach, skew, n))
    high = mean - error * np.minimum(-reach, _untransformed(-reach, skew, n))
    return np.where(varies, low, mean), np.where(varies, high, mean)


def _skewness(standard: Floats) -> Floats:
    """Adjusted skewness along axis 0 of standardised values, (n, ...) -> (...); 0 for fewer than three."""
    n = len(standard)
    return np.asarray((standard**3).sum(axis=0) * (n / ((n - 1) * (n - 2)) if n > 2 else 0.0))


def _untransformed(point: float, skew: Floats, n: int) -> Floats:
    """The studentised mean whose transform g(t) = t + a t² + a² t³ / 3 + a / 2 is `point`; a = skew / (3 √n), (...)."""
    a = skew / (3.0 * math.sqrt(n))
    rest = point - a / 2.0
    root = np.cbrt(1.0 + 3.0 * a * rest)
    return np.asarray(3.0 * rest / (1.0 + root + root**2))  # (root - 1) / a without dividing by a small a


def paired(arm: Floats, base: Floats, level: float = 0.95) -> Interval:
    """Mean of the paired differences arm - base, (R,) each, with the interval of `bounds`; width 0 if all are equal."""
    both = _columns(arm, base)
    gaps = both[:, 0] - both[:, 1]
    low, high = bounds(gaps, level)
    return Interval(float(gaps.mean()) if low < high else float(low), float(low), float(high), level)


def _columns(arm: Floats, base: Floats) -> Floats:
    """Arm and base side by side, (R, 2); refuses arms that are not paired."""
    both = [np.asarray(values, dtype=np.float64) for values in (arm, base)]
    if both[0].shape != both[1].shape or both[0].ndim != 1 or not len(both[0]):
        raise ValueError(f"paired arms have one value a replicate each, not {both[0].shape} and {both[1].shape}")
    return np.stack(both, axis=1)


def variance_ratio(arm: Floats, base: Floats) -> float:
    """Variance of an unpaired difference over that of the paired one: how many times fewer runs pairing needs.

    Below 1 pairing harms. Infinite where the difference is constant but the arms vary; 1 where nothing varies.
    """
    both = _columns(arm, base)
    paired_variance, unpaired = _variance(both[:, 0] - both[:, 1]), _variance(both[:, 0]) + _variance(both[:, 1])
    if paired_variance > 0.0:
        return unpaired / paired_variance
    return math.inf if unpaired > 0.0 else 1.0


def _variance(values: Floats) -> float:
    """Variance of (R,) values, exactly 0 for equal ones and for a single one."""
    return float(values.var(ddof=1)) if len(values) > 1 and np.ptp(values) > 0.0 else 0.0


def ratio(arm: Floats, base: Floats, level: float = 0.95) -> Interval | None:
    """Relative change of the mean in %, 100 (mean arm / mean base - 1), with Fieller's interval (Fieller 1954).

    The ratios ρ for which Student's interval of arm - ρ base contains 0. None where that of the base mean contains 0:
    then the ratios have no bounded interval. Not corrected for skewness, unlike `paired`; measured coverage of 95 % was
    95.3 and 94.3 % on normal and 95.4 and 94.8 % on lognormal arms at R = 50 and 200 (3,000 samples).
    """
    both = _columns(arm, base)
    n = len(both)
    if n < 2:
        return None
    above, below = both.mean(axis=0)
    varied = [_variance(both[:, 0]), _variance(both[:, 1])]
    shared = float(np.cov(both.T)[0, 1]) if min(varied) > 0.0 else 0.0
    square = student(0.5 + level / 2.0, n - 1) ** 2 / n
    a, b, c = below**2 - square * varied[1], above * below - square * shared, above**2 - square * varied[0]
    if a <= 0.0:
        return None
    root = math.sqrt(max(b * b - a * c, 0.0))  # at proportional arms rounding can take it below 0
    mean, low, high = (100.0 * (float(value) - 1.0) for value in (above / below, (b - root) / a, (b + root) / a))
    return Interval(mean, min(low, mean), max(high, mean), level)


@lru_cache(maxsize=4)
def _drawn(n: int, first: int, rows: int) -> NDArray[np.int64]:
    """Which replicates each resample first .. first + rows - 1 takes, with replacement, (rows, n)."""
    return np.random.default_rng([SEED, n, first]).integers(0, n, (rows, n))


def _counted(n: int, first: int, rows: int) -> Floats:
    """How often each resample takes each replicate, as a share of n, (rows, n)."""
    flat = _drawn(n, first, rows) + n * np.arange(rows)[:, None]
    return np.bincount(flat.ravel(), minlength=rows * n).reshape(rows, n) / n


def resampled_means(values: Floats, count: int) -> Floats:
    """Means of resampled replicates, (n, K) -> (count, K): whole rows are drawn, so what is paired stays paired."""
    n = len(values)
    step = max(1, BLOCK // n)
    blocks = [_counted(n, first, min(step, count - first)) @ values for first in range(0, count, step)]
    return np.concatenate(blocks)


def win_probability(values: Floats, sign: int) -> Floats:
    """Share of replicates in which each policy is best, (R, P) -> (P,), summing to 1; ties are split evenly."""
    oriented = sign * np.asarray(values, dtype=np.float64)
    best = oriented == oriented.max(axis=1, keepdims=True)
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))


def better_than(arm: Floats, base: Floats, sign: int, level: float = 0.95) -> Interval:
    """Share of replicates in which the arm beats the base, ties half, with Wilson's score interval (Wilson 1927).

    With ties the share varies less than a binomial one, so the interval is then conservative.
    """
    both = sign * _columns(arm, base)
    n = len(both)
    share = float(np.mean((both[:, 0] > both[:, 1]) + 0.5 * (both[:, 0] == both[:, 1])))
    square = normal(0.5 + level / 2.0) ** 2 / n
    centre, half = share + square / 2.0, math.sqrt(square * share * (1.0 - share) + square**2 / 4.0)
    low, high = (centre - half) / (1.0 + square), (centre + half) / (1.0 + square)
    return Interval(share, max(0.0, min(low, share)), min(1.0, max(high, share)), level)
