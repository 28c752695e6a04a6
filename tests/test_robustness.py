"""Criteria over scenarios against tables worked by hand, and the bootstrap of regret against a known truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from analysis.stats.intervals import Floats
from analysis.stats.robustness import (
    bootstrap_regret,
    laplace,
    maximin,
    mean_regret,
    minimax_regret,
    pareto,
    regret,
    robustness,
    satisficing,
)

# Three scenarios, four policies; the scales say that a difference of 2 matters in the second scenario, of 1 elsewhere.
TABLE = np.array([[10.0, 8.0, 4.0, 7.0], [0.0, 4.0, 6.0, 3.0], [5.0, 5.0, 2.0, 4.5]])
SCALE = np.array([1.0, 2.0, 1.0])
small = st.integers(-4, 4).map(float)
matrices = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(lambda s: arrays(np.float64, s, elements=small))


def test_regret_by_hand() -> None:
    assert regret(TABLE, SCALE).tolist() == [[0.0, 2.0, 6.0, 3.0], [3.0, 1.0, 0.0, 1.5], [0.0, 0.0, 3.0, 0.5]]


def test_criteria_by_hand() -> None:
    assert maximin(TABLE).tolist() == [0.0, 4.0, 2.0, 3.0]
    assert minimax_regret(TABLE, SCALE).tolist() == [3.0, 2.0, 6.0, 3.0]
    assert mean_regret(TABLE, SCALE) == pytest.approx([1.0, 1.0, 3.0, 5.0 / 3.0])
    assert laplace(TABLE) == pytest.approx([5.0, 17.0 / 3.0, 4.0, 14.5 / 3.0])
    assert satisficing(TABLE, 5.0) == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1 / 3])
    assert satisficing(TABLE, np.array([8.0, 3.0, 4.5])) == pytest.approx([2 / 3, 1.0, 1 / 3, 2 / 3])


def test_ranks_share_the_better_place() -> None:
    ranks = robustness(TABLE, SCALE, 5.0).ranks()
    assert {name: rank.tolist() for name, rank in ranks.items()} == {
        "maximin": [4, 1, 3, 2],
        "minimax_regret": [2, 1, 4, 2],
        "laplace": [2, 1, 4, 3],
        "satisficing": [1, 1, 3, 3],
        "mean_regret": [1, 1, 4, 3],
    }


@pytest.mark.parametrize("scale", [np.array([1.0, 0.0, 1.0]), np.array([1.0, np.nan, 1.0]), np.ones(2)])
def test_a_scale_must_be_a_size(scale: Floats) -> None:
    with pytest.raises(ValueError, match="scales above 0"):
        regret(TABLE, scale)


@settings(max_examples=50, deadline=None)
@given(matrices, st.integers(-9, 9), st.sampled_from([0.5, 2.0, 8.0]))
def test_regret_knows_neither_zero_nor_unit(values: Floats, shift: int, factor: float) -> None:
    scale = np.ones(len(values))
    found = regret(values, scale)
    assert (found >= 0.0).all() and (found.min(axis=1) == 0.0).all()
    assert np.array_equal(regret(factor * (values + shift), factor * scale), found)
    assert (mean_regret(values, scale) <= minimax_regret(values, scale)).all()
    assert (maximin(values) <= laplace(values) + 1e-12).all()


@settings(max_examples=50, deadline=None)
@given(matrices)
def test_a_better_policy_is_nowhere_ranked_worse(values: Floats) -> None:
    better = np.hstack([values, values[:, [0]] + 1.0])
    for rank in robustness(better, np.ones(len(values)), 0.0).ranks().values():
        assert rank[-1] <= rank[0]


# intervals of regret


def test_equal_replicates_leave_no_doubt() -> None:
    found = bootstrap_regret(np.repeat(TABLE[:, None, :], 20, axis=1), SCALE)
    assert [i.mean for i in found.largest] == pytest.approx([3.0, 2.0, 6.0, 3.0])
    assert max(i.half for i in (*found.largest, *found.mean)) < 1e-12
    assert [i.mean for i in found.mean] == pytest.approx([1.0, 1.0, 3.0, 5.0 / 3.0])


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("truth", [TABLE, TABLE / 40.0, np.zeros((3, 4))], ids=["clear", "near", "equal"])
def test_regret_intervals_cover(truth: Floats, skewed: bool) -> None:
    rng, trials = np.random.default_rng(9), 60
    missed = np.zeros((2, 4))
    for _ in range(trials):
        luck = rng.normal(size=(3, 100, 1))
        own = rng.lognormal(0.0, 1.0, (3, 100, 4)) if skewed else rng.normal(size=(3, 100, 4))
        found = bootstrap_regret(truth[:, None, :] + luck + own, SCALE)
        for row, (intervals, true) in enumerate(
            ((found.largest, minimax_regret(truth, SCALE)), (found.mean, mean_regret(truth, SCALE)))
        ):
            missed[row] += [interval.excludes(value) for interval, value in zip(intervals, true)]
    assert missed.max() <= stats.binom.ppf(0.9999, trials, 0.075)


def test_regret_intervals_narrow_with_replicates() -> None:
    rng = np.random.default_rng(9)
    few, many = (bootstrap_regret(TABLE[:, None, :] + rng.normal(size=(3, n, 4)), SCALE) for n in (50, 5_000))
    assert many.largest[2].half == pytest.approx(few.largest[2].half / 10.0, rel=0.35)
    assert all(interval.low >= 0.0 for interval in (*few.largest, *few.mean))


# trade-offs


def test_pareto_by_hand() -> None:
    benefit_and_cost = np.array([[1.0, 1.0], [2.0, 2.0], [2.0, 3.0], [1.0, 2.0], [3.0, 9.0], [2.0, 2.0]])
    assert pareto(benefit_and_cost, np.array([1, -1])).tolist() == [True, True, False, False, True, True]
    assert pareto(benefit_and_cost, np.array([1, 1])).tolist() == [False, False, False, False, True, False]


@settings(max_examples=50, deadline=None)
@given(matrices)
def test_pareto_against_a_plain_loop(points: Floats) -> None:
    def dominated(one: int) -> bool:
        return any((p >= points[one]).all() and (p > points[one]).any() for p in points)

    mask = pareto(points, np.ones(points.shape[1]))
    assert mask.tolist() == [not dominated(i) for i in range(len(points))]
    assert mask.any()
