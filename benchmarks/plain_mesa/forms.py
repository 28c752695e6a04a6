"""Shared forms (ODD 7.3) in plain Python; `exp` and `power` are the elementary functions of the project (ODD 7.1)."""

from math import sqrt
from typing import TYPE_CHECKING

from sim.law.elementary import exp, power

if TYPE_CHECKING:
    from benchmarks.plain_mesa.state import State

__all__ = [
    "bounded_pareto",
    "clip",
    "exp",
    "expected",
    "learn",
    "logistic",
    "mutual_trust",
    "pair_interoperability",
    "poisson_count",
    "power",
    "sqrt",
]  # fmt: skip


def clip(x: float, low: float, high: float) -> float:
    """x held between low and high."""
    if x < low:
        return low
    if x > high:
        return high
    return x


def learn(level: float, gain: float) -> float:
    """The learning curve: the share 1 - exp(-gain) of the distance to one is closed."""
    return level + (1.0 - level) * (1.0 - exp(-gain))


def logistic(x: float) -> float:
    """1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


def expected(evidence: list[float]) -> float:
    """What evidence [for, against] says beside the base [2], which stands where nothing is known."""
    good, bad, base = evidence
    return (good + 2.0 * base) / (good + bad + 2.0)


def mutual_trust(one: "State", other: "State") -> float:
    """Mean of what two states expect of each other."""
    return 0.5 * (expected(one.trust[other]) + expected(other.trust[one]))


def pair_interoperability(one: "State", other: "State") -> float:
    """The least of the lesser technical level and the geometric means of the procedural and human ones."""
    technical, procedural, human = one.interoperability
    their_technical, their_procedural, their_human = other.interoperability
    return min(technical, their_technical, sqrt(procedural * their_procedural), sqrt(human * their_human))


def poisson_count(rate: float, u: float, largest: int) -> int:
    """The smallest n with P(N <= n) > u for N Poisson with mean `rate`, at most `largest`."""
    probability = exp(-rate)
    cumulative = probability
    n = 0
    while u >= cumulative and n < largest:
        n += 1
        probability = probability * rate / n
        cumulative = cumulative + probability
    return n


def bounded_pareto(u: float, tail: float, cap: float) -> float:
    """A severity between 1 and `cap` whose density falls as x**-tail, by inversion."""
    shape = tail - 1.0
    return power(1.0 - u * (1.0 - power(cap, -shape)), -1.0 / shape)
