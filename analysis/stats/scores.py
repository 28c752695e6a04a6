"""Scores of a forecast against a record. NaN marks what is not scored; rows are states.

Every score takes outcomes and forecasts as arrays of the same shape, states first, so that `resampled` can draw
states anew: a state's years are not independent of each other, states more nearly so.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom, rankdata

from analysis.stats.intervals import Floats

LEAST: Final = 1e-4  # no forecast is surer than this when its logarithm is taken
Score = Callable[[Floats, Floats], float]


def scored(outcome: Floats, forecast: Floats) -> tuple[Floats, Floats]:
    """Both as flat arrays, without what is not scored."""
    keep = np.isfinite(outcome) & np.isfinite(forecast)
    return outcome[keep], forecast[keep]


def auc(outcome: Floats, forecast: Floats) -> float:
    """Chance that a case which happened was given more than one which did not; ties count half. NaN with one class."""
    o, f = scored(outcome, forecast)
    yes = int(np.count_nonzero(o > 0.5))
    no = len(o) - yes
    if yes == 0 or no == 0:
        return float("nan")
    ranks = rankdata(f)
    return float((ranks[o > 0.5].sum() - yes * (yes + 1) / 2.0) / (yes * no))


def brier(outcome: Floats, forecast: Floats) -> float:
    """Mean squared distance of a probability from what happened; 0 is perfect."""
    o, f = scored(outcome, forecast)
    return float(np.mean((f - o) ** 2)) if len(o) else float("nan")


def skill(outcome: Floats, forecast: Floats, base: Floats) -> float:
    """Brier skill: 1 is perfect, 0 is no better than the base rate, below 0 worse."""
    reference = brier(outcome, base)
    return 1.0 - brier(outcome, forecast) / reference if reference > 0.0 else float("nan")


def spearman(outcome: Floats, forecast: Floats) -> float:
    """Rank correlation with mean ranks for ties; NaN where either is constant."""
    o, f = scored(outcome, forecast)
    if len(o) < 2:
        return float("nan")
    a, b = rankdata(o), rankdata(f)
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum() / size) if size > 0.0 else float("nan")


def count_mass(count: Floats, mean: Floats, spread: float) -> Floats:
    """Probability of a count whose variance is mean + spread * mean squared (negative binomial)."""
    size = 1.0 / max(spread, 1e-6)
    m = np.maximum(mean, 1e-9)
    return np.asarray(nbinom.pmf(count, size, size / (size + m)))


def at_least_one(mean: Floats, spread: float) -> Floats:
    """Probability of one or more under the same law."""
    alpha = max(spread, 1e-6)
    return np.asarray(1.0 - (1.0 + alpha * np.maximum(mean, 0.0)) ** (-1.0 / alpha))


def spread_of(count: Floats, mean: Floats) -> float:
    """Spread by moments: mean of ((count - mean)^2 - mean) over mean of mean^2, at least 0.01."""
    c, m = scored(count, mean)
    return max(0.01, float(((c - m) ** 2 - m).sum() / max((m * m).sum(), 1e-9)))


def log_score(masses: Floats) -> float:
    """Mean logarithm of the probability given to what happened, in nats; nearer to 0 is better."""
    kept = masses[np.isfinite(masses)]
    return float(np.mean(np.log(np.maximum(kept, LEAST)))) if len(kept) else float("nan")


def covered(outcome: Floats, low: Floats, high: Floats) -> float:
    """Share of outcomes within their intervals, ends included."""
    keep = np.isfinite(outcome) & ~np.isnan(low) & ~np.isnan(high)
    return float(np.mean((outcome >= low)[keep] & (outcome <= high)[keep])) if keep.any() else float("nan")


def date_score(happened: Floats, chance: Floats, first: int) -> float:
    """Mean over quarters from `first` on of (chance that it had happened - whether it had) squared; 0 is perfect.

    happened: (S,) quarter, infinite where it did not; chance: (S, Q) by the end of each quarter.
    """
    quarters = np.arange(chance.shape[1])
    had = (happened[:, None] <= quarters).astype(float)
    return float(np.mean(((chance - had) ** 2)[:, first:])) if len(happened) else float("nan")


def resampled(states: int, draws: int, seed: int = 1) -> NDArray[np.int64]:
    """Rows of states drawn with replacement, (draws, states); the same for every forecast, so that pairs can be set
    side by side.
    """
    return np.asarray(np.random.default_rng(seed).integers(0, states, (draws, states)))


def interval(values: Floats, level: float = 0.9) -> tuple[float, float]:
    """Central interval of resampled scores; resamples without a score (one class only) are left out."""
    kept = values[np.isfinite(values)]
    if len(kept) < 20:
        return float("nan"), float("nan")
    tail = 50.0 * (1.0 - level)
    return float(np.percentile(kept, tail)), float(np.percentile(kept, 100.0 - tail))


def beats(ours: Floats, theirs: Floats, sign: int) -> float:
    """Share of resamples in which ours is better; ties count half. sign: +1 more is better, -1 less is."""
    keep = np.isfinite(ours) & np.isfinite(theirs)
    if not keep.any():
        return float("nan")
    gap = sign * (ours[keep] - theirs[keep])
    return float(np.mean(np.where(gap == 0.0, 0.5, (gap > 0.0).astype(float))))
