"""Better policies by multi-objective search (pymoo), and what of their lead is more than luck.

The best of many candidates is partly the luckiest: the more a search tries, the more its winner flatters itself. So the
luck is split in three. Replicates 0 to R - 1 drive the search; the front it ends with, and the shipped policies, meet
replicates that the search never saw; the policy chosen there meets a third set, and only that comparison is reported.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from analysis.stats.extras import load
from analysis.stats.intervals import Floats, Interval, bounds, paired
from analysis.stats.latin import latin

Evaluate = Callable[[Floats, int, int], Floats]  # points (n, D), first replicate, replicates -> (n, R, M)
Shipped = Callable[[int, int], Floats]  # first replicate, replicates -> (S, R, M)
LEVEL: Final = 0.95
MANY: Final = 3  # objectives up to which NSGA-II's crowding works; beyond, NSGA-III's reference directions


@dataclass(frozen=True)
class Aim:
    """Which columns of the outcomes are sought, and which way; the first decides, `cost` bounds the choice."""

    columns: tuple[int, ...]
    signs: tuple[int, ...]  # 1 where more is better, -1 where less is
    primary: int
    sign: int
    cost: int | None

    def losses(self, outcomes: Floats) -> Floats:
        """Mean outcomes with less as better, (n, R, M) -> (n, K)."""
        return np.asarray(-outcomes.mean(axis=1)[:, list(self.columns)] * np.array(self.signs))


def evolve(
    evaluate: Callable[[Floats], Floats], low: Floats, high: Floats, population: int, generations: int, seed: int,
    starts: Floats | None = None,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Points that none of all tried dominates, (F, D), and their losses, (F, K), of a function (n, D) -> (n, K).

    NSGA-II (Deb et al. 2002) up to three losses, NSGA-III (Deb & Jain 2014) beyond. `starts` join the first population,
    which is otherwise a Latin hypercube.
    """
    problem_class, static = load("pymoo.core.problem").Problem, load("pymoo.problems.static").StaticProblem
    evaluator = load("pymoo.core.evaluator").Evaluator()
    given = np.zeros((0, len(low))) if starts is None else starts[:population]
    first = np.concatenate([given, latin(max(population - len(given), 1), low, high, seed)])[:population]
    width = evaluate(first[:1]).shape[1]
    problem: Any = problem_class(n_var=len(low), n_obj=width, xl=low, xu=high)
    algorithm = _algorithm(width, population, first)
    algorithm.setup(problem, termination=("n_gen", generations), seed=seed, verbose=False)
    tried, losses = np.zeros((0, len(low))), np.zeros((0, width))
    while algorithm.has_next():
        asked = algorithm.ask()
        points = np.asarray(asked.get("X"), dtype=np.float64)
        found = evaluate(points)
        evaluator.eval(static(problem, F=found), asked)
        algorithm.tell(infills=asked)
        tried, losses = np.concatenate([tried, points]), np.concatenate([losses, found])
        best = undominated(losses)  # a generation forgets good points where many are good
        tried, losses = tried[best], losses[best]
    return tried, losses


def _algorithm(width: int, population: int, first: Floats) -> Any:
    if width <= MANY:
        return load("pymoo.algorithms.moo.nsga2").NSGA2(pop_size=population, sampling=first)
    parts = max(p for p in range(1, population + 1) if p == 1 or math.comb(p + width - 1, p) <= population)
    directions = load("pymoo.util.ref_dirs").get_reference_directions("das-dennis", width, n_partitions=parts)
    size = max(population, len(directions))
    return load("pymoo.algorithms.moo.nsga3").NSGA3(directions, pop_size=size, sampling=first)


@dataclass(frozen=True)
class Found:
    """The front with its outcomes in the search and on fresh luck, and the chosen policy on untouched luck."""

    aim: Aim
    points: Floats  # (F, D) the front, best first
    searched: Floats  # (F, R, M) under the luck of the search
    fresh: Floats  # (F, T, M) under luck that the search never saw
    shipped_searched: Floats  # (S, R, M)
    shipped_fresh: Floats  # (S, T, M)
    chosen: int  # row of the front
    within: bool  # whether the chosen one costs no more than the rival
    rival: int  # row of the shipped: the best on the primary measure
    untouched: Floats  # (2, T, M): chosen, rival

    def _lead(self, ours: Floats, theirs: Floats) -> Floats:
        return np.asarray(self.aim.sign * (ours[:, self.aim.primary] - theirs[:, self.aim.primary]))

    @property
    def winner(self) -> int:
        """The row of the front that the search's own luck would have chosen by the same rule."""
        return choose(self.searched, self.shipped_searched[self.rival], self.aim)[0]

    def in_search(self, row: int) -> float:
        """The lead of a row of the front over the rival as the search saw it; above 0 is better."""
        return float(self._lead(self.searched[row], self.shipped_searched[self.rival]).mean())

    def in_retest(self, row: int) -> float:
        """The same on the fresh luck of the second test."""
        return float(self._lead(self.fresh[row], self.shipped_fresh[self.rival]).mean())

    @property
    def lead(self) -> Interval:
        """The chosen one's lead over the rival on untouched luck: the figure to report; above 0 is better."""
        sign = float(self.aim.sign)
        return paired(sign * self.untouched[0, :, self.aim.primary], sign * self.untouched[1, :, self.aim.primary])

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which of the front no other of it dominates on fresh luck, (F,)."""
        return undominated(self.aim.losses(self.fresh))

    def dominated(self, by: NDArray[np.bool_]) -> list[tuple[bool, bool]]:
        """For each shipped policy: whether some of the front, `by` (F,), dominates its means, and whether that is sure.

        Sure: better in every objective with intervals that hold together over all objectives and all of the front.
        """
        level = 1.0 - (1.0 - LEVEL) / (len(self.aim.columns) * len(self.points))
        means, told = self.aim.losses(self.fresh), []
        for theirs, loss in zip(self.shipped_fresh, self.aim.losses(self.shipped_fresh), strict=True):
            below = by & (means <= loss).all(axis=1) & (means < loss).any(axis=1)
            sure = False
            for ours in self.fresh[below]:
                gaps = (ours - theirs)[:, list(self.aim.columns)] * np.array(self.aim.signs)
                sure = sure or bool((bounds(gaps, level)[0] > 0.0).all())
            told.append((bool(below.any()), sure))
        return told


def undominated(losses: Floats) -> NDArray[np.bool_]:
    """Which rows no other row is nowhere worse and somewhere better than, (P, K) -> (P,)."""
    no_worse = (losses[:, None, :] <= losses[None, :, :]).all(axis=2)
    better = (losses[:, None, :] < losses[None, :, :]).any(axis=2)
    return np.asarray(~(no_worse & better).any(axis=0))


def spread(losses: Floats, most: int, kept: Sequence[int] = ()) -> NDArray[np.int64]:
    """At most `most` rows that are far from each other, with the best in each loss and the `kept`, (P, K) -> (F,)."""
    span = np.ptp(losses, axis=0)
    scaled = (losses - losses.min(axis=0)) / np.where(span > 0.0, span, 1.0)
    chosen = list(dict.fromkeys((*kept, *(int(i) for i in losses.argmin(axis=0)))))
    while len(chosen) < min(most, len(losses)):
        apart = np.linalg.norm(scaled[:, None, :] - scaled[None, chosen, :], axis=2).min(axis=1)
        apart[chosen] = -1.0
        chosen.append(int(np.argmax(apart)))
    return np.array(sorted(chosen))


def search_in(
    evaluate: Evaluate, shipped: Shipped, low: Floats, high: Floats, aim: Aim, population: int, generations: int,
    replicates: int, retest: int, seed: int, starts: Floats | None = None,
    canonical: Callable[[Floats], Floats] | None = None,
) -> Found:  # fmt: skip
    """Search any function of points, then test again: the front on fresh luck, the chosen one on untouched luck.

    A front larger than the population is thinned, keeping its spread and what the search itself would choose.

    `canonical` takes points to the ones that they stand for, so that no policy stands in the front twice.
    """
    same = canonical or (lambda points: points)

    def losses(points: Floats) -> Floats:
        return aim.losses(evaluate(same(points), 0, replicates))

    tried, _ = evolve(losses, low, high, population, generations, seed, starts)
    front = np.unique(same(tried), axis=0)
    if len(front) > population:
        seen, theirs = evaluate(front, 0, replicates), shipped(0, replicates)
        first = int(np.argmax(aim.sign * theirs.mean(axis=1)[:, aim.primary]))
        front = front[spread(aim.losses(seen), population, [choose(seen, theirs[first], aim)[0]])]
    return retested(evaluate, shipped, front, aim, replicates, retest)


def retested(evaluate: Evaluate, shipped: Shipped, front: Floats, aim: Aim, replicates: int, retest: int) -> Found:
    """The front and the shipped policies on fresh luck; then chosen and rival on luck that chose neither."""
    searched, shipped_searched = evaluate(front, 0, replicates), shipped(0, replicates)
    fresh, shipped_fresh = evaluate(front, replicates, retest), shipped(replicates, retest)
    order = np.argsort(-aim.sign * fresh.mean(axis=1)[:, aim.primary], kind="stable")
    front, searched, fresh = front[order], searched[order], fresh[order]
    rival = int(np.argmax(aim.sign * shipped_fresh.mean(axis=1)[:, aim.primary]))
    chosen, within = choose(fresh, shipped_fresh[rival], aim)
    last = replicates + retest
    untouched = np.stack([evaluate(front[[chosen]], last, retest)[0], shipped(last, retest)[rival]])
    return Found(
        aim, front, searched, fresh, shipped_searched, shipped_fresh, chosen, within, rival, untouched
    )  # fmt: skip


def choose(outcomes: Floats, rival: Floats, aim: Aim) -> tuple[int, bool]:
    """Best on the primary measure of those that cost no more than the rival; of all, where none is so cheap.

    outcomes (F, R, M); rival (R, M). Also whether the bound on cost was kept.
    """
    means = outcomes.mean(axis=1)
    score = aim.sign * means[:, aim.primary]
    if aim.cost is None:
        return int(np.argmax(score)), True
    cheap = means[:, aim.cost] <= rival.mean(axis=0)[aim.cost]
    if not cheap.any():
        return int(np.argmax(score)), False
    return int(np.argmax(np.where(cheap, score, -np.inf))), True
