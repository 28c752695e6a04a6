"""A region of the factors that holds most of the failures, and whether it holds on fresh points.

Scenario discovery (Bryant & Lempert 2010, Technol. Forecast. Soc. Change 77: 34-49) with PRIM (Friedman & Fisher 1999)
from ema_workbench. A box found in a sample flatters itself there, so it is judged on points that it was not made from.
"""

import warnings
from collections.abc import Sequence
from inspect import signature
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from analysis.stats.extras import load
from analysis.stats.intervals import Floats

Flags = NDArray[np.bool_]
PRIM: Final = "ema_workbench.analysis.prim"
MOST: Final = 4  # restricted factors: more can no longer be told in a sentence
SEEN: Final = 10  # factors that PRIM is given
LEAST: Final = 10  # failures, and successes, below which no box is looked for
SURE: Final = 0.05  # a restriction that a coin could have made as well is dropped


class Box(NamedTuple):
    """A region of the factors: limits of those that it restricts, strongest restriction first."""

    limits: dict[str, tuple[float, float]]
    coverage: float  # share of all failures that lie inside
    density: float  # share of the worlds inside that fail

    def inside(self, points: Floats, names: Sequence[str]) -> Flags:
        """Which points lie inside, (P, F) -> (P,)."""
        found = np.ones(len(points), dtype=bool)
        for name, (low, high) in self.limits.items():
            column = points[:, list(names).index(name)]
            found &= (column >= low) & (column <= high)
        return found


def find_box(points: Floats, failing: Flags, names: Sequence[str], low: Floats, high: Floats) -> Box | None:
    """The best of PRIM's boxes, each rid of what chance explains; (P, F) and (P,).

    Best is the largest product of a box's share of all points and the excess of its density over the whole: a balance
    of coverage and density (weighted relative accuracy; Lavrac, Flach & Zupan 1999) that also works where most worlds
    fail. PRIM loses its way among many idle factors, so it sees only those whose distribution differs most between
    failures and the rest. None where failures, or successes, are too few or no restriction is better than chance.
    """
    if min(failing.sum(), (~failing).sum()) < LEAST:
        return None
    import pandas as pd

    prim = load(PRIM).Prim
    with warnings.catch_warnings():  # it uses pandas in ways that newer versions warn of
        warnings.simplefilter("ignore")
        seen = _telling(points, failing)
        table = pd.DataFrame(points[:, seen], columns=seen)
        # Releases before 3 refuse a box below a threshold of density; here the search over worlds decides that.
        any_density = {"threshold": 1e-6} if "threshold" in signature(prim).parameters else {}
        found = prim(table, failing.astype(int), peel_alpha=0.05, **any_density).find_box()
    if found is None:
        return None
    whole = np.stack([points.min(axis=0), points.max(axis=0)])
    wide = np.stack([low, high])
    best, limits = 0.0, wide
    for lims in found.box_lims:
        ends = whole.copy()  # (2, F): lower and upper ends
        ends[:, seen] = lims[seen].to_numpy(dtype=np.float64)
        kept = _pruned(ends, ends != whole, points, failing)
        tight = np.where(kept, ends, wide)
        inside = ((points >= tight[0]) & (points <= tight[1])).all(axis=1)
        gain = inside.mean() * (failing[inside].mean() - failing.mean()) if inside.any() else 0.0
        if kept.any() and gain > best + 1e-12:
            best, limits = gain, tight
    if best <= 0.0:
        return None
    return _box(limits, points, failing, names, low, high)


def _box(limits: Floats, points: Floats, failing: Flags, names: Sequence[str], low: Floats, high: Floats) -> Box:
    """A box from its limits (2, F), strongest restriction first: that without which the density falls most."""
    inside = (points >= limits[0]) & (points <= limits[1])  # (P, F)
    tight = np.flatnonzero((limits[0] > low) | (limits[1] < high))
    without = {i: failing[np.delete(inside, i, axis=1).all(axis=1)].mean() for i in tight}
    order = sorted(tight, key=lambda i: float(without[i]))
    whole = inside.all(axis=1)
    hits = int((whole & failing).sum())
    ends = {names[int(i)]: (float(limits[0, i]), float(limits[1, i])) for i in order}
    return Box(ends, hits / int(failing.sum()), hits / max(int(whole.sum()), 1))


def _telling(points: Floats, failing: Flags) -> list[int]:
    """The factors whose values differ most between failures and the rest, at most SEEN (Kolmogorov-Smirnov)."""
    chance = [stats.ks_2samp(column[failing], column[~failing], method="asymp").pvalue for column in points.T]
    return sorted(int(i) for i in np.argsort(chance, kind="stable")[:SEEN])


def _pruned(ends: Floats, tight: Flags, points: Floats, failing: Flags) -> Flags:
    """Which ends of a box stay, (2, F): the one that chance explains best goes first, until none is left that chance
    explains and at most MOST factors are restricted. The chance is Bryant & Lempert's quasi-p-value (2010)."""
    kept = tight.copy()
    outside = np.stack([points < ends[0], points > ends[1]])  # (2, P, F)
    while kept.any():
        broken = (outside & kept[:, None, :]).sum(axis=(0, 2))
        inside = broken == 0
        size, hits = int(inside.sum()), int((inside & failing).sum())
        wider = (broken[None, :, None] - outside) == 0  # (2, P, F): inside but for this end
        rate = (wider & failing[None, :, None]).sum(axis=1) / np.maximum(wider.sum(axis=1), 1)
        chance = np.where(kept, stats.binom.sf(hits - 1, size, rate), -1.0)
        if chance.max() <= SURE and kept.any(axis=0).sum() <= MOST:
            return kept
        kept[np.unravel_index(int(np.argmax(chance)), kept.shape)] = False
    return kept


class Fresh(NamedTuple):
    """How the box does on worlds that it was not made from."""

    points: Floats
    values: Floats
    failing: Flags
    inside: Flags

    @property
    def rate(self) -> float:
        """Share of all fresh worlds that fail."""
        return float(self.failing.mean())

    @property
    def density(self) -> float:
        """Share of the fresh worlds inside the box that fail."""
        return float(self.failing[self.inside].mean()) if self.inside.any() else 0.0

    @property
    def coverage(self) -> float:
        """Share of the fresh failures that lie inside the box."""
        return float(self.inside[self.failing].mean()) if self.failing.any() else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the density."""
        if not self.inside.any():
            return 0.0, 1.0
        hits = int((self.failing & self.inside).sum())
        told = stats.binomtest(hits, int(self.inside.sum())).proportion_ci(method="wilson")
        return float(told.low), float(told.high)

    @property
    def holds(self) -> bool:
        """Whether worlds inside fail more often than those outside, beyond what chance explains (Fisher's test)."""
        hits = int((self.failing & self.inside).sum())
        chance = stats.hypergeom.sf(hits - 1, len(self.failing), int(self.failing.sum()), int(self.inside.sum()))
        return bool(chance < SURE)
