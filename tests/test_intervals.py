"""Intervals cover what they claim, on known differences: normal, skewed, heavy tailed; and the algebra around them."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from waiting import calls_of

from analysis.stats.intervals import (
    Floats,
    Interval,
    better_than,
    bounds,
    paired,
    ratio,
    variance_ratio,
    win_probability,
)

Law = Callable[[np.random.Generator, tuple[int, ...]], Floats]
CAP, ALPHA = 50.0, 1.5


def pareto(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Pareto of least value 1 and exponent 1.5, capped at 50."""
    return np.minimum((1.0 - rng.random(shape)) ** (-1.0 / ALPHA), CAP)


LAWS: dict[str, tuple[Law, float]] = {
    "normal": (lambda rng, shape: rng.normal(0.3, 1.0, shape), 0.3),
    "lognormal": (lambda rng, shape: rng.lognormal(0.0, 1.0, shape), math.exp(0.5)),
    "pareto": (pareto, 1.0 + (1.0 - CAP ** (1.0 - ALPHA)) / (ALPHA - 1.0)),
    "two-sided": (lambda rng, shape: np.where(rng.random(shape) < 0.5, 1.0, -1.0) * pareto(rng, shape), 0.0),
    "rare": (lambda rng, shape: (rng.random(shape) < 0.1) * rng.lognormal(0.0, 1.0, shape), 0.1 * math.exp(0.5)),
}
HONEST = [(law, n, 92.5) for law in LAWS for n in (50, 200) if (law, n) != ("pareto", 50)] + [("pareto", 50, 89.0)]
values = st.floats(-100.0, 100.0, allow_subnormal=False).map(lambda x: round(x, 3))
pairs = st.integers(2, 40).flatmap(lambda n: arrays(np.float64, (n, 2), elements=values))
tables = st.tuples(st.integers(1, 20), st.integers(1, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.integers(-3, 3).map(float))
)


def coverage(law: str, n: int, level: float, samples: int) -> float:
    """Share in % of samples of n differences whose interval contains the law's mean."""
    draw, mean = LAWS[law]
    low, high = bounds(draw(np.random.default_rng(7), (n, samples)), level)
    return 100.0 * float(np.mean((low <= mean) & (mean <= high)))


# the mean of paired differences


@pytest.mark.parametrize(("law", "n", "least"), HONEST)
def test_nominal_95_is_95(law: str, n: int, least: float) -> None:
    assert least <= coverage(law, n, 0.95, 4_000) <= 97.5


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_every_level_is_honest(law: str, level: float) -> None:
    assert -2.5 <= coverage(law, 200, level, 20_000) - 100.0 * level <= 4.0


def test_student_alone_would_fail_the_coverage_test() -> None:
    draw, mean = LAWS["pareto"]
    gaps = draw(np.random.default_rng(7), (200, 4_000))
    half = stats.t.ppf(0.975, 199) * gaps.std(axis=0, ddof=1) / math.sqrt(200)
    assert np.mean(np.abs(gaps.mean(axis=0) - mean) <= half) < 0.915


def test_symmetric_differences_get_students_interval() -> None:
    found = paired(np.array([4.0, 5.0, 6.0]), np.zeros(3))
    half = 4.302653 / math.sqrt(3.0)
    assert (found.mean, found.low, found.high) == pytest.approx((5.0, 5.0 - half, 5.0 + half), rel=1e-6)
    assert found.half == pytest.approx(half, rel=1e-6)


def test_the_long_side_is_halls() -> None:
    gaps = np.random.default_rng(2).lognormal(0.0, 1.0, 60)
    found = paired(gaps, np.zeros(60))
    standard_error = gaps.std(ddof=1) / math.sqrt(60)
    a = float(stats.skew(gaps, bias=False)) / (3.0 * math.sqrt(60))
    t = (gaps.mean() - found.high) / standard_error
    assert t + a * t**2 + a**2 * t**3 / 3.0 + a / 2.0 == pytest.approx(-stats.t.ppf(0.975, 59), rel=1e-9)
    assert (gaps.mean() - found.low) / standard_error == pytest.approx(stats.t.ppf(0.975, 59), rel=1e-9)


@pytest.mark.parametrize("n", [1, 2, 7, 200])
@pytest.mark.parametrize("gap", [0.0, 0.1, -3.0])
def test_constant_differences_leave_no_doubt(gap: float, n: int) -> None:
    found = paired(np.full(n, gap), np.zeros(n))
    if n == 1:
        assert (found.low, found.high) == (-math.inf, math.inf)
    else:
        assert (found.mean, found.low, found.high) == pytest.approx((gap, gap, gap), abs=1e-15)
        assert found.half == 0.0


@settings(max_examples=50, deadline=None)
@given(pairs)
def test_swapped_arms_mirror(both: Floats) -> None:
    forth, back = paired(both[:, 0], both[:, 1]), paired(both[:, 1], both[:, 0])
    assert (forth.mean, forth.low, forth.high) == pytest.approx((-back.mean, -back.high, -back.low), rel=1e-9)


@settings(max_examples=50, deadline=None)
@given(pairs, st.integers(-1000, 1000))
def test_a_constant_moves_the_interval(both: Floats, by: int) -> None:
    here, there = paired(both[:, 0], both[:, 1]), paired(both[:, 0] + by, both[:, 1])
    assert (there.low, there.high) == pytest.approx((here.low + by, here.high + by), rel=1e-6, abs=1e-6)


@settings(max_examples=50, deadline=None)
@given(pairs)
def test_more_confidence_is_wider_and_holds_the_mean(both: Floats) -> None:
    less, more = (paired(both[:, 0], both[:, 1], level) for level in (0.8, 0.99))
    assert more.low <= less.low <= less.mean <= less.high <= more.high


def test_what_is_excluded() -> None:
    found = Interval(2.0, 1.0, 3.0, 0.95)
    assert found.excludes() and found.excludes(3.1)
    assert not found.excludes(1.0) and not found.excludes(2.5)


def test_arms_that_are_not_pairs_are_refused() -> None:
    for arm, base in ((np.zeros(3), np.zeros(4)), (np.zeros((2, 2)), np.zeros((2, 2))), (np.zeros(0), np.zeros(0))):
        with pytest.raises(ValueError, match="paired"):
            paired(arm, base)


def test_an_interval_of_200_pairs_takes_a_few_steps_over_whole_arrays() -> None:
    arm, base = np.random.default_rng(1).normal(size=(2, 200))
    assert calls_of(lambda: paired(arm, base)) < 600


# what pairing saves


def test_variance_ratio_by_hand() -> None:
    base = np.array([1.0, 2.0, 3.0])
    assert variance_ratio(np.array([2.0, 4.0, 6.0]), base) == pytest.approx((4.0 + 1.0) / 1.0)
    assert variance_ratio(-base, base) == pytest.approx(0.5)
    assert variance_ratio(base + 1.0, base) == math.inf
    assert variance_ratio(np.ones(3), np.zeros(3)) == 1.0


def test_shared_luck_of_correlation_0_9_saves_ten_times() -> None:
    rng = np.random.default_rng(4)
    luck, own = rng.normal(size=20_000), rng.normal(size=(2, 20_000))
    assert variance_ratio(3.0 * luck + own[0], 3.0 * luck + own[1]) == pytest.approx(10.0, rel=0.05)


# relative change


def test_proportional_arms_have_an_exact_ratio() -> None:
    base = np.array([1.0, 2.0, 6.0, 7.0])
    found = ratio(1.25 * base, base, 0.5)
    assert found is not None
    assert (found.mean, found.low, found.high) == pytest.approx((25.0, 25.0, 25.0), abs=1e-5)


def test_fieller_ends_are_where_student_meets_zero() -> None:
    rng = np.random.default_rng(8)
    base = rng.normal(-5.0, 1.0, 40)
    arm = 0.5 * base + rng.normal(0.0, 1.0, 40)
    found = ratio(arm, base)
    assert found is not None
    for end in (found.low, found.high):
        left = arm - (1.0 + end / 100.0) * base
        assert abs(left.mean()) == pytest.approx(stats.t.ppf(0.975, 39) * left.std(ddof=1) / math.sqrt(40), rel=1e-6)


@pytest.mark.parametrize("base", [np.zeros(4), np.array([-1.0, 1.0, 1.0, -1.0]), np.array([0.1, -3.0, 4.0, 1.0])])
def test_no_ratio_to_nothing(base: Floats) -> None:
    assert ratio(np.array([1.0, 2.0, 3.0, 4.0]), base) is None


def test_fieller_covers() -> None:
    rng, hits = np.random.default_rng(12), 0
    for _ in range(1_000):
        base = rng.normal(2.0, 1.0, 50)
        found = ratio(base * 0.5 + rng.normal(0.6, 1.0, 50), base)
        hits += found is not None and not found.excludes(-20.0)
    assert 0.925 <= hits / 1_000 <= 0.975


# winning


def test_win_probability_by_hand() -> None:
    outcomes = np.array([[1.0, 2.0, 2.0], [3.0, 1.0, 0.0], [5.0, 5.0, 5.0]])
    assert win_probability(outcomes, 1) == pytest.approx([(1 + 1 / 3) / 3, (0.5 + 1 / 3) / 3, (0.5 + 1 / 3) / 3])
    assert win_probability(outcomes, -1) == pytest.approx([(1 + 1 / 3) / 3, (1 / 3) / 3, (1 + 1 / 3) / 3])


@settings(max_examples=50, deadline=None)
@given(tables)
def test_somebody_wins(outcomes: Floats) -> None:
    assert win_probability(outcomes, 1).sum() == pytest.approx(1.0)


def test_better_than_is_wilsons() -> None:
    found = better_than(np.array([1.0] * 8 + [-1.0] * 2), np.zeros(10), 1)
    assert (found.mean, found.low, found.high) == pytest.approx((0.8, 0.490162, 0.943318), abs=1e-5)
    assert better_than(np.ones(4), np.zeros(4), -1).mean == 0.0
    assert better_than(np.ones(4), np.ones(4), 1).mean == 0.5


@settings(max_examples=50, deadline=None)
@given(pairs)
def test_one_arms_win_is_the_others_defeat(both: Floats) -> None:
    forth, back = better_than(both[:, 0], both[:, 1], 1), better_than(both[:, 1], both[:, 0], 1)
    assert (forth.mean, forth.low, forth.high) == pytest.approx((1.0 - back.mean, 1.0 - back.high, 1.0 - back.low))
    assert 0.0 <= forth.low <= forth.mean <= forth.high <= 1.0
