"""Our exp, log, power and ordered sum agree with the library, and compiled with plain Python to the bit."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.law.elementary import clip, exp, log, ordered_sum, power

ERROR = 4e-16  # relative, of exp, and of log away from one
NEAR_ONE = 9e-16  # relative, of log between one half and two


@pytest.fixture(scope="module")
def compiled() -> dict[Any, Any]:
    """Rules as Python may call them compiled."""
    from sim.law.compiling import dispatchers

    return dispatchers(for_python=True)


def apart(ours: float, library: float) -> float:
    return abs(ours - library) / abs(library)


def test_exp_agrees_with_the_library_on_a_dense_sample() -> None:
    worst = max(apart(exp(x), math.exp(x)) for x in np.linspace(-699.9, 699.9, 50_001))
    assert worst < ERROR


def test_exp_agrees_with_the_library_near_zero() -> None:
    worst = max(apart(exp(x), math.exp(x)) for x in np.linspace(-3.0, 3.0, 50_001))
    assert worst < ERROR


def test_log_agrees_with_the_library_on_a_dense_sample() -> None:
    for x in np.exp(np.linspace(-690.0, 690.0, 50_001)):
        assert abs(log(x) - math.log(x)) <= ERROR * abs(math.log(x)), x


def test_log_agrees_with_the_library_near_one() -> None:
    for x in np.linspace(0.5, 2.0, 50_001):
        assert abs(log(x) - math.log(x)) <= NEAR_ONE * abs(math.log(x)), x


@settings(deadline=None, max_examples=500)
@given(st.floats(-700.0, 700.0))
def test_exp_agrees_with_the_library_anywhere(x: float) -> None:
    assert apart(exp(x), math.exp(x)) < ERROR


@settings(deadline=None, max_examples=500)
@given(st.floats(1e-300, 1e300))
def test_log_agrees_with_the_library_anywhere(x: float) -> None:
    error = NEAR_ONE if 0.5 < x < 2.0 else ERROR
    assert abs(log(x) - math.log(x)) <= error * abs(math.log(x))


@settings(deadline=None, max_examples=500)
@given(st.floats(0.01, 100.0), st.floats(-3.0, 3.0))
def test_power_agrees_with_the_library_as_far_as_its_exponent_is_exact(x: float, y: float) -> None:
    # An error of y * log(x) is a relative error of the result.
    assert apart(power(x, y), math.pow(x, y)) < ERROR + 1.2e-15 * abs(y * math.log(x))


def test_exp_at_its_edges() -> None:
    assert exp(0.0) == 1.0
    assert exp(-700.1) == 0.0
    assert exp(-1e300) == 0.0
    assert exp(-700.0) > 0.0
    assert exp(700.1) == exp(700.0) == exp(1e300)
    assert math.isfinite(exp(1e300))


def test_log_at_its_edges() -> None:
    assert log(1.0) == 0.0
    assert log(0.0) == log(-1.0) == -745.0
    assert -745.2 < log(5e-324) < -744.4


@pytest.mark.parametrize("y", [-2.0, 0.0, 0.5, 3.0])
def test_zero_to_any_power_is_zero(y: float) -> None:
    assert power(0.0, y) == 0.0
    assert power(-1.0, y) == 0.0


def test_powers_that_are_known() -> None:
    assert power(1.0, 7.3) == 1.0
    assert power(5.0, 0.0) == 1.0
    assert power(2.0, 10.0) == pytest.approx(1024.0, rel=1e-14)
    assert power(9.0, 0.5) == pytest.approx(3.0, rel=1e-15)
    assert power(60.0, -1.4) == pytest.approx(60.0**-1.4, rel=1e-14)


@settings(deadline=None, max_examples=300)
@given(st.floats(-700.0, 700.0), st.floats(-700.0, 700.0))
def test_exp_never_falls(x: float, y: float) -> None:
    assert exp(min(x, y)) <= exp(max(x, y)) * (1.0 + ERROR)


def test_clip_holds_a_value_between_its_bounds() -> None:
    assert [clip(x, 0.0, 1.0) for x in (-0.1, 0.0, 0.4, 1.0, 1.1)] == [0.0, 0.0, 0.4, 1.0, 1.0]


def test_ordered_sum_adds_from_the_first_to_the_last() -> None:
    values = np.array([1e16, 1.0, -1e16, 1.0])
    assert ordered_sum(values) == ((1e16 + 1.0) - 1e16) + 1.0 == 1.0
    assert ordered_sum(values[::-1].copy()) == 0.0
    assert math.fsum(values) == 2.0
    assert ordered_sum(np.zeros(0)) == 0.0


def test_ordered_sum_is_the_plain_loop_to_the_bit() -> None:
    values = np.random.default_rng(1).normal(size=10_000)
    total = 0.0
    for value in values.tolist():
        total = total + value
    assert ordered_sum(values) == total


@pytest.mark.parametrize("function, low, high", [(exp, -720.0, 720.0), (log, -1.0, 1e6)])
def test_compiled_equals_plain_python_to_the_bit(compiled: Any, function: Any, low: float, high: float) -> None:
    values = np.random.default_rng(2).uniform(low, high, 10_000).tolist()
    quick = compiled[function]
    assert [quick(x) for x in values] == [function(x) for x in values]


def test_compiled_power_equals_plain_python_to_the_bit(compiled: Any) -> None:
    rng = np.random.default_rng(3)
    pairs = list(zip(rng.uniform(0.0, 50.0, 10_000).tolist(), rng.uniform(-4.0, 4.0, 10_000).tolist(), strict=True))
    assert [compiled[power](x, y) for x, y in pairs] == [power(x, y) for x, y in pairs]
