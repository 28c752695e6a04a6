"""How many replicates a wanted precision takes, without the number depending on luck in the answer's favour.

Looking until an interval happens to be narrow picks samples that happen to be calm, which then cover too seldom
(Singham & Schruben 2012, INFORMS J. Comput. 24: 624-635). Here the looks only choose the size; the answer comes from
replicates that no look has seen: two stages as in Stein (1945, Ann. Math. Statist. 16: 243-258), the first dropped.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from analysis.stats.intervals import Floats, Interval, paired

Sample = Callable[[int, int], tuple[Floats, Floats]]


class Method(Protocol):
    """An interval out of paired arms, (n,) each, such as `paired`."""

    def __call__(self, arm: Floats, base: Floats, level: float = 0.95) -> Interval: ...


class Stopped(NamedTuple):
    """The answer and the way to it."""

    size: int  # replicates in the answer; looks and answer together ran twice as many
    looks: int  # how often the width was judged
    interval: Interval  # from the fresh replicates size .. 2 size - 1
    reached: bool  # whether the answer's own interval is no wider than asked


def until_width(
    sample: Sample, width: float, level: float = 0.95, first: int = 200, most: int = 25_600, interval: Method = paired
) -> Stopped:
    """Looks at first, 2 first, ... at most `most` replicates until low to high is within `width`; then answers afresh.

    sample(start, count) gives arm and base of replicates start .. start + count - 1, (count,) each. `width` is the
    whole width, in the unit of the outcome; half of it is what stands after "±". The looks divide the error, each
    (1 - level) / planned looks: the size found is generous, and the answer, at the full level, mostly keeps to the
    width. Its coverage is that of the interval at a fixed size, whatever the looks saw.
    """
    if first < 2 or most < first or not width >= 0.0:
        raise ValueError(f"a width of {width} from {first} to {most} replicates cannot be sought")
    planned = (most // first).bit_length()
    strict = 1.0 - (1.0 - level) / planned
    arm, base = sample(0, first)
    looks = 1
    while interval(arm, base, strict).half > width / 2.0 and looks < planned:
        more_arm, more_base = sample(len(arm), len(arm))
        arm, base = np.concatenate([arm, more_arm]), np.concatenate([base, more_base])
        looks += 1
    answer = interval(*sample(len(arm), len(arm)), level)
    return Stopped(len(arm), looks, answer, answer.half <= width / 2.0)
