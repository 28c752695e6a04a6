"""Our own exp, log, power and ordered sum: the only place where bits could differ between machines.

Library versions of these functions differ in the last bit between processors, between Numba and plain Python,
and between NumPy releases. These use only + - * /, comparisons and exact scaling by powers of two, all of which
IEEE 754 fixes to the bit. Relative error is below 4e-16 (tested against the library in tests/test_elementary.py).
"""

import math

import numpy as np

from sim.law.compiled import Floats, rule

LN2_HIGH = 0.6931471803691238  # upper bits of ln 2: k * LN2_HIGH is exact for |k| < 2**20
LN2_LOW = 1.9082149292705877e-10
INVERSE_LN2 = 1.4426950408889634
SQRT_HALF = 0.7071067811865476
SMALL = 0.125  # up to which `small_share_of` holds
# 1 / n!
C2, C3, C4, C5, C6, C7 = 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040
# 2**k for k from -1022 to 1023, where it is exact; looking one up is quicker than ldexp.
POWERS_OF_TWO = np.ldexp(1.0, np.arange(-1022, 1024))
C8, C9, C10, C11, C12, C13 = 1 / 40320, 1 / 362880, 1 / 3628800, 1 / 39916800, 1 / 479001600, 1 / 6227020800


@rule
def exp(x: float) -> float:
    """e to the x; 0 below -700, and held at e**700 above 700 so that no rule can produce infinity."""
    if x < -700.0:
        return 0.0
    if x > 700.0:
        x = 700.0
    k = math.floor(x * INVERSE_LN2 + 0.5)
    r = (x - k * LN2_HIGH) - k * LN2_LOW
    # |r| <= 0.347, so the terms beyond r**13 / 13! are below 2**-53; two chains, so that a processor can overlap them.
    square = r * r
    even = 1.0 + square * (C2 + square * (C4 + square * (C6 + square * (C8 + square * (C10 + square * C12)))))
    odd = r * (1.0 + square * (C3 + square * (C5 + square * (C7 + square * (C9 + square * (C11 + square * C13))))))
    total = even + odd
    return total * POWERS_OF_TWO[int(k) + 1022]


@rule
def share_of(x: float) -> float:
    """1 - exp(-x), what a rate of x takes away; for small x to its last digit and quicker than through `exp`."""
    return 1.0 - exp(-x) if x > SMALL or x < -SMALL else small_share_of(x)


@rule
def small_share_of(x: float) -> float:
    """`share_of` for x between -0.125 and 0.125, without a branch, so that a processor does several at once."""
    square = x * x
    even = C2 + square * (C4 + square * (C6 + square * (C8 + square * C10)))
    odd = 1.0 + square * (C3 + square * (C5 + square * (C7 + square * C9)))
    return x * odd - square * even


@rule
def log(x: float) -> float:
    """Natural logarithm of x > 0; -745 for x <= 0, the logarithm of the smallest positive number."""
    if x <= 0.0:
        return -745.0
    m, e = math.frexp(x)
    if m < SQRT_HALF:
        m = m * 2.0
        e = e - 1
    f = m - 1.0
    s = f / (2.0 + f)
    square = s * s
    fourth = square * square
    even = square * (1 / 3 + fourth * (1 / 7 + fourth * (1 / 11 + fourth * (1 / 15 + fourth * (1 / 19 + fourth / 23)))))
    odd = fourth * (1 / 5 + fourth * (1 / 9 + fourth * (1 / 13 + fourth * (1 / 17 + fourth / 21))))
    tail = even + odd
    half = 0.5 * f * f
    return e * LN2_HIGH - ((half - (s * (half + 2.0 * tail) + e * LN2_LOW)) - f)


@rule
def power(x: float, y: float) -> float:
    """x to the y for x >= 0; 0 to any power is 0."""
    if x <= 0.0:
        return 0.0
    return exp(y * log(x))


@rule
def clip(x: float, low: float, high: float) -> float:
    """x held between low and high."""
    if x < low:
        return low
    if x > high:
        return high
    return x


@rule
def ordered_sum(values: Floats) -> float:
    """Sum of a one-dimensional array from the first element to the last."""
    total = 0.0
    for i in range(values.shape[0]):
        total = total + values[i]
    return total
