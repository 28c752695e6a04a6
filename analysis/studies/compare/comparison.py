"""Policies compared in one scenario, as numbers: outcomes of paired replicates in, everything that is said out.

Axes: P policies, R replicates, M measures, L steps, Q quantiles, N states. Differences are policy less baseline, in the
unit of the measure; a *gain* is turned so that more is better.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from analysis.stats.best import Best, compare_with_best, simultaneous_differences
from analysis.stats.intervals import Interval, better_than, paired, ratio, variance_ratio, win_probability
from analysis.stats.robustness import RegretIntervals, Robustness, bootstrap_regret, regret, robustness
from analysis.stats.stopping import Stopped
from analysis.studies.compare.places import Places
from sim.declare.names import MEASURES
from sim.inputs.scenario import Scenario
from sim.law.compiled import Floats
from sim.law.measures import DECLARED
from sim.runs.dataset import Gathered

if TYPE_CHECKING:
    import pandas

    from analysis.studies.compare.nested import Nested
    from analysis.studies.compare.reasons import Why

# What is told of every policy on every measure; on the primary measure intervals hold together over the policies.
COLUMNS: Final = (
    "scenario", "policy", "baseline", "measure", "unit", "direction", "primary", "replicates", "mean", "baseline_mean",
    "difference", "low", "high", "level", "interval", "relative_percent", "relative_low", "relative_high",
    "variance_ratio", "beats_baseline", "beats_low", "beats_high", "best_in",
)  # fmt: skip
HARM, SEVERITY, COST = (MEASURES.index(name) for name in ("harm", "severity", "cost"))
POINT: Final = 0.01  # what "a point" of a score from 0 to 1 is; a point of any other measure is one unit


class Line(NamedTuple):
    """One policy on one measure."""

    mean: float
    difference: Interval  # policy less baseline
    variance_ratio: float  # how many times fewer runs pairing needs
    relative: Interval | None  # change in %, None where the baseline's mean may be 0
    better: Interval  # share of replicates in which it beats the baseline


class Averted(NamedTuple):
    """Harm averted by a policy against the run without a programme, same draws, and the two ways to it."""

    total: Interval
    attacks: Interval  # fewer or weaker attacks
    response: Interval  # a smaller share left after all answers
    share: Interval | None  # % of the harm without a programme
    more: Interval | None  # % more than the baseline averts


class Asked(NamedTuple):
    """What a comparison is asked in one scenario."""

    name: str
    title: str
    question: str
    measure: str
    sign: int  # 1 where more is better, -1 where less is
    smallest: float  # smallest difference that matters, in the unit of the measure
    policies: tuple[str, ...]
    titles: tuple[str, ...]
    baseline: int
    seed: int
    first: int
    replicates: int
    start: str  # the first quarter
    about: str = ""  # whom the question is about, in words


class Steps(NamedTuple):
    """The primary measure by step: means (P, L), quantiles (P, Q, L)."""

    mean: Floats
    quantiles: Floats

    @classmethod
    def of(cls, found: Sequence[Gathered], measure: str) -> "Steps":
        """One measure of every policy's arm."""
        at = MEASURES.index(measure)
        return cls(np.stack([one.step_mean[:, at] for one in found]),
                   np.stack([one.step_quantiles[:, :, at] for one in found]))  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """One scenario: every policy on every measure against the baseline, and against the best."""

    asked: Asked
    outcomes: Floats  # (P, R, M)
    lines: tuple[tuple[Line, ...], ...]  # P x M
    primary: tuple[Interval, ...]  # P differences on the primary measure that hold together
    best: Best
    wins: Floats  # (P,) share of replicates in which a policy is best
    averted: tuple[Averted, ...]
    price: tuple[float | None, ...]  # EUR million for a point gained against no programme
    steps: Steps
    without: Floats  # (M,) mean outcomes without a programme, same draws
    places: Places | None = None
    why: "Why | None" = None
    nested: "Nested | None" = None
    stopped: Stopped | None = None  # how the number of replicates was found, where a width was asked for

    @property
    def at(self) -> int:
        """Column of the primary measure."""
        return MEASURES.index(self.asked.measure)

    def values(self) -> Floats:
        """The primary measure, (R, P)."""
        return np.ascontiguousarray(self.outcomes[:, :, self.at].T)

    def gains(self) -> Floats:
        """Mean gain of every policy over the baseline on the primary measure, (P,); more is better."""
        mean = self.asked.sign * self.outcomes[:, :, self.at].mean(axis=1)
        return np.asarray(mean - mean[self.asked.baseline])

    def over_nothing(self) -> Floats:
        """Mean gain of every policy over no programme on the primary measure, (P,)."""
        return np.asarray(self.asked.sign * (self.outcomes[:, :, self.at].mean(axis=1) - self.without[self.at]))

    @property
    def leader(self) -> int:
        """The policy with the best mean among all but the baseline."""
        return leader_of(self.gains(), self.asked.baseline)

    def order(self) -> list[int]:
        """Policies from the best mean to the worst."""
        return [int(p) for p in np.argsort(-self.gains(), kind="stable")]

    def gain(self, policy: int) -> Interval:
        """The simultaneous interval of a policy's gain."""
        return turned(self.primary[policy], self.asked.sign)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """COLUMNS of every policy on every measure; None where there is nothing to tell."""
        asked = self.asked
        for p, policy in enumerate(asked.policies):
            for m, measure in enumerate(MEASURES):
                line, first, declared = self.lines[p][m], m == self.at, DECLARED[measure]
                gap = self.primary[p] if first else line.difference
                yield (
                    asked.name, policy, asked.policies[asked.baseline], measure, declared.unit, declared.direction,
                    "yes" if first else "no", asked.replicates, line.mean, self.lines[asked.baseline][m].mean,
                    *ends(gap), gap.level, "simultaneous over policies" if first else "paired", *ends(line.relative),
                    line.variance_ratio, *ends(line.better), float(self.wins[p]) if first else None,
                )  # fmt: skip


def ends(interval: Interval | None) -> tuple[float | None, float | None, float | None]:
    """Mean, lower and upper end; nothing where there is no interval."""
    return (None, None, None) if interval is None else (interval.mean, interval.low, interval.high)


def turned(interval: Interval, sign: int) -> Interval:
    """The interval with more as better."""
    if sign > 0:
        return interval
    return Interval(-interval.mean + 0.0, -interval.high + 0.0, -interval.low + 0.0, interval.level)


def leader_of(gains: Floats, baseline: int) -> int:
    """The policy with the largest gain, the baseline left out."""
    return max((p for p in range(len(gains)) if p != baseline), key=lambda p: float(gains[p]))


def direction(measure: str) -> int:
    """1 where more is better, -1 where less is; where neither is declared better, more counts as better."""
    return DECLARED[measure].direction or 1


def smallest_of(scenario: Scenario, measure: str) -> float:
    """The scenario's smallest difference that matters; for other measures 1 % of a score's range, or one unit."""
    if measure == scenario.primary_measure:
        return scenario.smallest_difference
    declared = DECLARED[measure]
    return POINT * (declared.high - declared.low) if declared.high - declared.low <= 2.0 else 1.0


def point_of(measure: str) -> float:
    """What a point of a measure is: 0.01 of a score, one unit of anything else."""
    return POINT if DECLARED[measure].high - DECLARED[measure].low <= 2.0 else 1.0


def judge(asked: Asked, outcomes: Floats, without: Floats, steps: Steps) -> Judged:
    """All numbers of one scenario, from outcomes (P, R, M) and those without a programme (R, M), same draws."""
    base = outcomes[asked.baseline]
    at = MEASURES.index(asked.measure)
    primary = np.ascontiguousarray(outcomes[:, :, at].T)
    lines = tuple(
        tuple(line(own[:, m], base[:, m], direction(name)) for m, name in enumerate(MEASURES)) for own in outcomes
    )
    return Judged(
        asked, outcomes, lines, tuple(simultaneous_differences(primary, asked.baseline)),
        compare_with_best(primary, asked.sign, margin=asked.smallest), win_probability(primary, asked.sign),
        tuple(averted(own, base, without) for own in outcomes),
        tuple(price(asked, own, without) for own in outcomes), steps, without.mean(axis=0),
    )  # fmt: skip


def line(own: Floats, base: Floats, sign: int) -> Line:
    """One policy on one measure, (R,) each."""
    return Line(
        float(own.mean()), paired(own, base), variance_ratio(own, base), ratio(own, base), better_than(own, base, sign)
    )


def shapley(severity: Floats, left: Floats, other_severity: Floats, other_left: Floats) -> tuple[Floats, Floats]:
    """Exact shares of `left - other_left` due to severity and to the share left, harm being severity x share left.

    Each factor is moved alone, before and after the other, and the two effects are averaged (Shapley 1953). Where
    nothing arose in one run its share left counts as the other's, so that all of the change is due to severity.
    """
    share = np.divide(left, severity, out=np.zeros_like(left), where=severity > 0.0)
    other = np.divide(other_left, other_severity, out=np.zeros_like(left), where=other_severity > 0.0)
    share, other = np.where(severity > 0.0, share, other), np.where(other_severity > 0.0, other, share)
    attacks = (severity - other_severity) * (share + other) / 2.0
    response = (share - other) * (severity + other_severity) / 2.0
    return np.asarray(attacks), np.asarray(response)


def averted(own: Floats, base: Floats, without: Floats) -> Averted:
    """Harm averted against no programme, (R, M) each."""
    attacks, response = shapley(without[:, SEVERITY], without[:, HARM], own[:, SEVERITY], own[:, HARM])
    nothing = np.zeros(len(own))
    share = ratio(own[:, HARM], without[:, HARM])
    return Averted(
        paired(without[:, HARM], own[:, HARM]), paired(attacks, nothing), paired(response, nothing),
        None if share is None else turned(share, -1),
        ratio(without[:, HARM] - own[:, HARM], without[:, HARM] - base[:, HARM]),
    )  # fmt: skip


def price(asked: Asked, own: Floats, without: Floats) -> float | None:
    """EUR million a quarter that the programme costs for each point gained against no programme; None without gain."""
    at = MEASURES.index(asked.measure)
    gain = asked.sign * float((own[:, at] - without[:, at]).mean()) / point_of(asked.measure)
    extra = float((own[:, COST] - without[:, COST]).mean())
    if asked.measure == "cost" or not paired(own[:, at], without[:, at]).excludes() or gain <= 0.0:
        return None
    return extra / gain


@dataclass(frozen=True)
class Over:
    """Policies over scenarios, (S, P), in smallest differences that matter: gains over no programme, and regrets."""

    gains: Floats
    regrets: Floats
    criteria: Robustness
    intervals: RegretIntervals
    good_enough: float  # a policy satisfies where it is within this many smallest differences of the best


def over_scenarios(judged: "tuple[Judged, ...]", good_enough: float = 1.0) -> Over:
    """All criteria over scenarios. Units differ between scenarios, so each is measured in its smallest differences."""
    scale = np.array([one.asked.smallest for one in judged])
    gains = np.stack([one.over_nothing() for one in judged]) / scale[:, None]
    replicates = min(one.asked.replicates for one in judged)
    values = np.stack([one.asked.sign * one.values()[:replicates] for one in judged])
    ones = np.ones(len(judged))
    return Over(
        gains, regret(gains, ones), robustness(gains, ones, gains.max(axis=1) - good_enough),
        bootstrap_regret(values, scale), good_enough,
    )  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """Scenarios by policies: everything that is said, drawn and written about them."""

    scenarios: tuple[Judged, ...]
    over: Over | None

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies, the same in every scenario."""
        return self.scenarios[0].asked.policies

    @property
    def titles(self) -> tuple[str, ...]:
        """Titles of the policies."""
        return self.scenarios[0].asked.titles

    def to_dataframe(self) -> "pandas.DataFrame":
        """A row for every policy on every measure of every scenario, with the columns of differences.csv."""
        import pandas

        return pandas.DataFrame([row for one in self.scenarios for row in one.rows()], columns=list(COLUMNS))
