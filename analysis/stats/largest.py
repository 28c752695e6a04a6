"""Many amounts that sum up, told by their largest: what stays unnamed is smaller than anything named."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from analysis.stats.intervals import Floats

FIRST: Final = 8  # amounts that are named where there are so many


def largest(names: Sequence[str], amounts: Floats, first: int = FIRST) -> tuple[tuple[str, ...], Floats]:
    """Amounts of the same name summed, gains first, then what stays unnamed as one; together they keep their sum.

    From the largest, as many are named as it takes until the rest together is no larger than the smallest of them.
    """
    sums = {name: 0.0 for name in names}
    for name, amount in zip(names, amounts, strict=True):
        sums[name] += float(amount)
    order = sorted((name for name in sums if sums[name] != 0.0), key=lambda name: -abs(sums[name]))
    count = first
    while count < len(order) and abs(sum(sums[name] for name in order[count:])) > abs(sums[order[count - 1]]):
        count += 1
    rest = order[count:] if len(order) > count + 1 else []
    kept = sorted(order[: len(order) - len(rest)], key=lambda name: -sums[name])
    found = [*kept, *([f"{len(rest)} smaller causes"] if rest else [])]
    return tuple(found), np.array([*(sums[name] for name in kept), *([sum(sums[n] for n in rest)] if rest else [])])
