"""Points spread evenly over ranges: a Latin hypercube (McKay, Beckman & Conover 1979)."""

import numpy as np
from scipy.stats import qmc

from analysis.stats.intervals import Floats


def latin(count: int, low: Floats, high: Floats, seed: int | np.random.Generator) -> Floats:
    """A Latin hypercube of `count` points within the ranges, (count, F)."""
    return np.asarray(low + (high - low) * qmc.LatinHypercube(len(low), seed=seed).random(count))
