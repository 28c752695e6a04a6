"""A wanted width is found by doubling, and the answer covers as if its size had been fixed beforehand."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from analysis.stats.intervals import Floats, Interval, paired
from analysis.stats.stopping import Sample, until_width

TRUTH = math.exp(0.5)


def source(seed: int, draw: Callable[[np.random.Generator, int], Floats]) -> tuple[Sample, list[tuple[int, int]]]:
    """A sampler whose arm differs from its base by draws, and the record of what it was asked for."""
    rng, asked = np.random.default_rng(seed), []

    def sample(start: int, count: int) -> tuple[Floats, Floats]:
        asked.append((start, count))
        base = rng.normal(size=count)
        return base + draw(rng, count), base

    return sample, asked


def lognormal(rng: np.random.Generator, count: int) -> Floats:
    """Skewed differences of mean TRUTH."""
    return rng.lognormal(0.0, 1.0, count)


def normal(rng: np.random.Generator, count: int) -> Floats:
    """Differences of mean TRUTH without skewness."""
    return rng.normal(TRUTH, 1.0, count)


def first_narrow(sample: Sample, width: float, first: int) -> Interval:
    """The tempting rule: the interval of all replicates so far at the first look that finds it narrow enough."""
    arm, base = sample(0, first)
    while (found := paired(arm, base)).half > width / 2.0:
        more = sample(len(arm), 1)
        arm, base = np.append(arm, more[0]), np.append(base, more[1])
    return found


def test_the_answer_comes_from_replicates_no_look_has_seen() -> None:
    sample, asked = source(1, normal)
    found = until_width(sample, 0.15)
    assert asked == [(0, 200), (200, 200), (400, 400), (800, 800), (1600, 1600)]
    assert (found.size, found.looks, found.reached) == (1600, 4, True)
    assert 2.0 * found.interval.half <= 0.15 and found.interval.level == 0.95


def test_constant_differences_need_one_look() -> None:
    sample, asked = source(1, lambda rng, count: np.zeros(count))
    found = until_width(sample, 0.0)
    assert (found.size, found.looks, found.reached) == (200, 1, True) or found.interval.half < 1e-15
    assert asked[:2] == [(0, 200), (200, 200)]


def test_it_gives_up_where_it_must_and_says_so() -> None:
    sample, asked = source(1, normal)
    found = until_width(sample, 1e-6, first=100, most=850)
    assert (found.size, found.looks, found.reached) == (800, 4, False)
    assert asked[-1] == (800, 800)


def test_looks_divide_the_error() -> None:
    levels = []

    def spy(arm: Floats, base: Floats, level: float = 0.95) -> Interval:
        levels.append(level)
        return paired(arm, base, level)

    until_width(source(1, normal)[0], 1e-6, first=50, most=400, interval=spy)
    assert levels == pytest.approx([1.0 - 0.05 / 4] * 4 + [0.95])


def test_another_interval_may_judge() -> None:
    def thirds(arm: Floats, base: Floats, level: float = 0.95) -> Interval:
        return Interval(0.0, 0.0, 1000.0 / len(arm), level)

    assert until_width(source(1, normal)[0], 1.0, interval=thirds).size == 1600


@pytest.mark.parametrize(("first", "most", "width"), [(1, 100, 1.0), (200, 100, 1.0), (200, 400, -1.0)])
def test_nonsense_is_refused(first: int, most: int, width: float) -> None:
    with pytest.raises(ValueError, match="cannot be sought"):
        until_width(source(1, normal)[0], width, first=first, most=most)


@pytest.mark.parametrize("draw", [normal, lognormal])
def test_it_covers_after_stopping(draw: Callable[[np.random.Generator, int], Floats]) -> None:
    found = [until_width(source(seed, draw)[0], 0.8, first=50, most=3_200) for seed in range(300)]
    hits = sum(not stopped.interval.excludes(TRUTH) for stopped in found)
    assert stats.binom.ppf(0.001, 300, 0.94) <= hits <= stats.binom.ppf(0.999, 300, 0.97)
    assert len({stopped.size for stopped in found}) > 1 or draw is normal
    assert np.mean([stopped.reached for stopped in found]) > 0.85


def test_the_tempting_rule_would_fail_the_coverage_test() -> None:
    hits = sum(not first_narrow(source(seed, lognormal)[0], 1.0, 10).excludes(TRUTH) for seed in range(80))
    assert hits < stats.binom.ppf(0.001, 80, 0.94)


@pytest.mark.slow
def test_it_covers_in_many_samples() -> None:
    found = [until_width(source(seed, lognormal)[0], 0.5, first=50, most=6_400) for seed in range(4_000)]
    assert 0.93 <= np.mean([not stopped.interval.excludes(TRUTH) for stopped in found]) <= 0.975
