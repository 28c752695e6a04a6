"""A winner among equals is rare, a clear one is found, and intervals hold together, whatever the shape of the luck."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from waiting import calls_of

from analysis.stats.best import compare_with_best, simultaneous_differences
from analysis.stats.intervals import Floats, paired

POLICIES, REPLICATES = 9, 200
Law = Callable[[np.random.Generator, tuple[int, int]], Floats]


def lognormal(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Skewed, mean 0."""
    return rng.lognormal(0.0, 1.0, shape) - np.exp(0.5)


def calm_first(rng: np.random.Generator, shape: tuple[int, int], sign: float = 1.0) -> Floats:
    """One calm policy and skewed others: every difference from the first is skewed the same way."""
    return np.where(np.arange(shape[1]) == 0, 0.1 * rng.normal(size=shape), sign * lognormal(rng, shape))


def luck(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Shared luck of a replicate, (R, 1)."""
    return rng.normal(size=(shape[0], 1))


# Nine policies of equal mean 0.
LAWS: dict[str, Law] = {
    "independent": lambda rng, shape: rng.normal(size=shape),
    "shared luck 0.9": lambda rng, shape: 3.0 * luck(rng, shape) + rng.normal(size=shape),
    "shared luck 0.9999": lambda rng, shape: 100.0 * luck(rng, shape) + rng.normal(size=shape),
    "skewed": lognormal,
    "skewed, each its size": lambda rng, shape: lognormal(rng, shape) * np.linspace(0.2, 1.8, shape[1]),
    "one calm, gains": calm_first,
    "one calm, losses": lambda rng, shape: calm_first(rng, shape, -1.0),
}


def equal_policies(law: str, trials: int, seed: int = 5) -> list[Floats]:
    """Samples of nine equal policies, (REPLICATES, POLICIES) each."""
    rng = np.random.default_rng(seed)
    return [LAWS[law](rng, (REPLICATES, POLICIES)) for _ in range(trials)]


def at_most(share: float, trials: int) -> float:
    """The most failures of a share that luck explains, one time in a thousand."""
    return float(stats.binom.ppf(0.999, trials, share))


# equal policies


@pytest.mark.parametrize("law", LAWS)
def test_no_winner_among_equals(law: str) -> None:
    found = [compare_with_best(values, 1) for values in equal_policies(law, 60)]
    assert sum(best.winner is not None for best in found) <= at_most(0.05, 60)
    assert sum(0 not in best.not_beaten for best in found) <= at_most(0.05, 60)


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("sign", [1, -1])
def test_no_winner_among_equals_in_many_samples(law: str, sign: int) -> None:
    found = [compare_with_best(values, sign) for values in equal_policies(law, 150, 6)]
    assert sum(best.winner is not None for best in found) <= at_most(0.05, 150)
    assert sum(0 not in best.not_beaten for best in found) <= at_most(0.05, 150)


@pytest.mark.parametrize("law", LAWS)
def test_differences_from_the_baseline_hold_together(law: str) -> None:
    found = [simultaneous_differences(values, 0) for values in equal_policies(law, 60)]
    missed = sum(any(interval.excludes() for interval in intervals) for intervals in found)
    assert missed <= at_most(0.06, 60)


def test_one_at_a_time_would_fail_the_test() -> None:
    samples = equal_policies("independent", 100)
    missed = sum(any(paired(v[:, i], v[:, 0]).excludes() for i in range(1, POLICIES)) for v in samples)
    assert missed > at_most(0.065, 100)


def test_the_simultaneous_interval_is_no_wider_than_bonferroni() -> None:
    ratios = []
    for values in equal_policies("shared luck 0.9", 20):
        ours = [interval.half for interval in simultaneous_differences(values, 0)[1:]]
        theirs = [paired(values[:, i], values[:, 0], 1.0 - 0.05 / 8).half for i in range(1, POLICIES)]
        ratios.append(np.mean(ours) / np.mean(theirs))
    assert 0.85 < np.mean(ratios) < 1.05


# unequal policies


@pytest.mark.parametrize("law", ["shared luck 0.9", "skewed", "one calm, losses"])
def test_a_clear_winner_is_found_and_the_truth_covered(law: str) -> None:
    means = np.array([0.0, 0.1, 0.2, 0.0, 0.0, 2.2, 0.0, 0.1, 0.0])
    truth = means - np.where(np.arange(POLICIES) == 5, 0.2, 2.2)
    found = [compare_with_best(values + means, 1) for values in equal_policies(law, 60)]
    assert sum(best.winner == 5 and best.not_beaten == (5,) for best in found) >= 54
    missed = sum(any(interval.excludes(t) for interval, t in zip(best.intervals, truth)) for best in found)
    assert missed <= at_most(0.06, 60)
    assert all(interval.high <= 0.0 for best in found if best.winner == 5 for interval in best.intervals[:5])


def test_a_lead_within_the_margin_wins_nothing() -> None:
    values = equal_policies("shared luck 0.9", 1)[0] + np.where(np.arange(POLICIES) == 3, 1.0, 0.0)
    assert [compare_with_best(values, 1, margin=m).winner for m in (0.0, 0.3, 1.0, 2.0)] == [3, 3, None, None]
    assert compare_with_best(-values, -1, margin=0.3) == compare_with_best(values, 1, margin=0.3)


@pytest.mark.slow
def test_a_lead_that_only_equals_the_margin_seldom_wins() -> None:
    lead = np.where(np.arange(POLICIES) == 3, 1.0, 0.0)
    found = [compare_with_best(values + lead, 1, margin=1.0) for values in equal_policies("skewed", 200)]
    assert sum(best.winner is not None for best in found) <= at_most(0.05, 200)


def test_constant_leads_are_exact() -> None:
    values = np.random.default_rng(0).integers(0, 9, (50, 1)) + np.array([0.0, 1.0, 3.0])
    best = compare_with_best(values, 1)
    assert [(i.low, i.mean, i.high) for i in best.intervals] == [(-3.0,) * 3, (-2.0,) * 3, (2.0,) * 3]
    assert (best.winner, best.not_beaten) == (2, (2,))
    worst = compare_with_best(values, -1)
    assert (worst.winner, worst.intervals[0].mean) == (0, 1.0)


def test_a_copy_of_the_best_shares_the_first_place() -> None:
    values = np.random.default_rng(1).normal(size=(100, 4)) + np.array([0.0, 2.0, 0.0, 0.0])
    best = compare_with_best(np.column_stack([values, values[:, 1]]), 1)
    assert (best.winner, best.not_beaten) == (None, (1, 4))
    assert best.intervals[1] == best.intervals[4]
    assert not best.intervals[1].excludes()
    same = compare_with_best(np.ones((10, 3)), 1)
    assert (same.winner, same.not_beaten) == (None, (0, 1, 2))


def test_a_rare_event_widens_the_others_within_bounds() -> None:
    values = np.random.default_rng(1).normal(size=(200, 3))
    rare = values[:, [0]] + (np.arange(200) < 2)[:, None]
    alone = simultaneous_differences(values, 0)
    beside = simultaneous_differences(np.hstack([values, rare]), 0)
    assert beside[1].half < 2.0 * alone[1].half
    assert not beside[3].excludes()


def test_the_baseline_keeps_its_place() -> None:
    values = np.random.default_rng(1).normal(size=(60, 3)) + np.array([5.0, 1.0, 0.0])
    found = simultaneous_differences(values, 1)
    assert [round(interval.mean) for interval in found] == [4, 0, -1]
    assert (found[1].low, found[1].high) == (0.0, 0.0)


@settings(max_examples=15, deadline=None)
@given(arrays(np.float64, (12, 4), elements=st.integers(-5, 5).map(float)), st.permutations(range(4)))
def test_the_order_of_policies_does_not_matter(values: Floats, order: list[int]) -> None:
    here, there = compare_with_best(values, 1), compare_with_best(values[:, order], 1)
    for place, policy in enumerate(order):
        ours, theirs = here.intervals[policy], there.intervals[place]
        assert (ours.low, ours.mean, ours.high) == pytest.approx((theirs.low, theirs.mean, theirs.high), abs=1e-9)
    assert all(interval.low <= interval.mean <= interval.high for interval in here.intervals)
    assert int(np.argmax(values.mean(axis=0))) in here.not_beaten


def test_too_little_is_refused() -> None:
    for values in (np.zeros((1, 3)), np.zeros((5, 1)), np.zeros(5)):
        with pytest.raises(ValueError, match="comparisons"):
            compare_with_best(values, 1)
        with pytest.raises(ValueError, match="comparisons"):
            simultaneous_differences(values, 0)


def test_nine_policies_are_compared_in_a_few_steps_over_whole_arrays() -> None:
    """25 ms on an idle machine: 1,337 calls, none of them for a single pair."""
    values = equal_policies("skewed", 1)[0]
    assert calls_of(lambda: compare_with_best(values, 1)) < 3000
