"""How often somebody may ask: token buckets by session, and by address for whoever has none.

A class may share one address: what its members need hangs on no bucket of an address.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

KEPT: Final = 5000  # buckets; the oldest full ones are forgotten first


class Rate(NamedTuple):
    """So many at once, and so many a second in the long run."""

    burst: float
    a_second: float


class Rates(NamedTuple):
    """All rates. A load test may widen them; a class never meets them."""

    reads: Rate = Rate(80, 10)
    writes: Rate = Rate(25, 3)
    pins: Rate = Rate(5, 0.1)
    desk: Rate = Rate(120, 20)
    strangers: Rate = Rate(600, 150)  # without a session, by address; the way in is not counted
    joins: Rate = Rate(30, 1)  # with a wrong code, by address; a right one never waits
    secrets: Rate = Rate(10, 0.5)  # wrong facilitator's secrets, by address
    previews: Rate = Rate(4, 0.2)
    questions: Rate = Rate(8, 0.3)  # of the review, by member


@dataclass
class Limits:
    """Buckets by what is done and by whom."""

    rates: Rates = field(default_factory=Rates)
    clock: Callable[[], float] = time.monotonic
    buckets: dict[tuple[str, str], tuple[float, float]] = field(default_factory=dict)

    def allow(self, what: str, who: str = "") -> bool:
        """Take one out of a bucket; False where it is empty."""
        rate: Rate = getattr(self.rates, what)
        now = self.clock()
        level, at = self.buckets.pop((what, who), (rate.burst, now))
        level = min(rate.burst, level + (now - at) * rate.a_second)
        allowed = level >= 1.0
        self.buckets[what, who] = (level - 1.0 if allowed else level, now)
        if len(self.buckets) > KEPT:
            del self.buckets[next(iter(self.buckets))]
        return allowed
