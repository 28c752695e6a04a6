"""The few functional forms that every mechanism shares."""

import math

from sim.law.compiled import Floats, rule
from sim.law.elementary import SMALL, exp, power, share_of, small_share_of


@rule
def learn(level: float, gain: float) -> float:
    """One learning curve: `level` in [0, 1] after closing the share 1 - exp(-gain) of its distance to one.

    Diminishing return within a quarter and over time: the bounded alternative to the power law of practice
    (Newell & Rosenbloom 1981). gain >= 0, shares of the gap.
    """
    return level + (1.0 - level) * share_of(gain)


@rule
def rising(floor: float, x: float) -> float:
    """One weight that never vanishes: `floor` where x is 0, 1 where it is 1."""
    return floor + (1.0 - floor) * x


@rule
def learn_all(amount: float, largest: float, aim: Floats, level: Floats) -> None:
    """`learn` in several fields: each `level` (D,) gains `amount` times its `aim` (D,), which is `largest` at most."""
    if amount * largest > SMALL:
        for d in range(level.shape[0]):
            level[d] = learn(level[d], amount * aim[d])
    else:  # the same to the bit, several fields at once
        for d in range(level.shape[0]):
            level[d] = level[d] + (1.0 - level[d]) * small_share_of(amount * aim[d])


@rule
def fade(level: float, floor: float, rate: float) -> float:
    """One decay: `level` after a quarter of moving towards `floor` at `rate` (1/quarter, half-life ln 2 / rate)."""
    return floor + (level - floor) * exp(-rate)


@rule
def expected_trust(evidence_for: float, evidence_against: float, base: float) -> float:
    """Expected value of an opinion with a base rate, (for + 2 base) / (for + against + 2) (Josang 2016).

    Without evidence it is `base`, 0 to 1: what a pair would think of each other if nothing were done together.
    """
    return (evidence_for + 2.0 * base) / (evidence_for + evidence_against + 2.0)


@rule
def logistic(x: float) -> float:
    """One choice: probability or share 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


@rule
def contest(effort: float, threat: float) -> float:
    """One contest: the share of `threat` that is left against `effort`, threat / (threat + effort); 0 if no threat."""
    if threat <= 0.0:
        return 0.0
    return threat / (threat + effort)


@rule
def coordinated(mean: float, weakest: float) -> float:
    """Quality of a grouping in [0, 1]: half the mean of its pairs, half its weakest link."""
    return 0.5 * weakest + 0.5 * mean


@rule
def richardson(own: float, other: float, reaction: float, restraint: float, grievance: float) -> float:
    """One arms dynamic: change in a quarter, reaction * other - restraint * own + grievance (Richardson 1960).

    Two sides with reactions k, l and restraints a, b settle where a * b > k * l and run away otherwise.
    """
    return reaction * other - restraint * own + grievance


@rule
def poisson_count(rate: float, uniform: float, largest: int) -> int:
    """Arrivals by one inversion: the smallest n with P(N <= n) > uniform, at most `largest`.

    For a fixed uniform the count never falls when the rate rises, so a higher rate never removes an arrival.
    """
    if uniform < 1.0 - rate:  # which is below exp(-rate): most draws are settled without it
        return 0
    probability = exp(-rate)
    cumulative = probability
    n = 0
    while uniform >= cumulative and n < largest:
        n += 1
        probability = probability * rate / n
        cumulative = cumulative + probability
    return n


@rule
def bounded_pareto(uniform: float, tail: float, cap: float) -> float:
    """Severity between 1 and `cap` whose density falls as x**-tail (tail > 1), by inversion."""
    return below_cap(uniform, tail, kept_below(cap, tail))


@rule
def kept_below(cap: float, tail: float) -> float:
    """Share of an uncapped Pareto severity that lies below `cap`."""
    return 1.0 - power(cap, 1.0 - tail)


@rule
def below_cap(uniform: float, tail: float, kept: float) -> float:
    """`bounded_pareto` where the share below the cap is known."""
    return power(1.0 - uniform * kept, 1.0 / (1.0 - tail))


@rule
def pair_interoperability(interoperability: Floats, i: int, j: int) -> float:
    """Interoperability of a pair: the least of the lesser technical level and the geometric means of the other two.

    interoperability: (N, 3). After LISI (a pair reaches the level that both hold) and NATO's three dimensions, of which
    none replaces another: radios that fit do not help people who never met.
    """
    technical = min(interoperability[i, 0], interoperability[j, 0])
    procedural = math.sqrt(interoperability[i, 1] * interoperability[j, 1])
    human = math.sqrt(interoperability[i, 2] * interoperability[j, 2])
    return min(technical, procedural, human)
