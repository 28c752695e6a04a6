"""Where a policy fails: many worlds over the parameters' ranges, and the box that holds most of the failures."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from analysis.stats.discover import LEAST, PRIM, Box, Flags, Fresh, find_box
from analysis.stats.extras import load
from analysis.stats.latin import latin
from analysis.studies.factors import Experiment, Factor, Running, known, unit_of
from analysis.words import listed, lower, number
from sim.declare.names import MEASURES
from sim.inputs.errors import fail
from sim.inputs.scenario import Scenario
from sim.law.compiled import Floats
from sim.law.measures import DECLARED

MOST: Final = 1e9  # no measure goes that far


class Rule(NamedTuple):
    """When a world counts as a failure of the policy."""

    words: str  # "its harm is higher than under Status quo"
    measure: str
    difference: bool  # whether the difference from the baseline counts, or the outcome itself
    above: bool  # fails above the bound, else below
    bound: float

    def value(self, policy: Floats, baseline: Floats | None) -> Floats:
        """What is judged, mean over replicates: (P, R, M) -> (P,)."""
        column = MEASURES.index(self.measure)
        values = policy[:, :, column]
        if self.difference:
            assert baseline is not None
            values = values - baseline[:, :, column]
        return np.asarray(values.mean(axis=1))

    def fails(self, values: Floats) -> Flags:
        """Which worlds fail, (P,)."""
        return np.asarray(values > self.bound if self.above else values < self.bound)


FORM: Final = re.compile(r"(difference(?:\s+(?:of|in))?\s+)?(\w+)\s*([<>])=?\s*([-+]?[\d.]+(?:[eE][-+]?\d+)?)")


def rule_of(text: str, scenario: Scenario, baseline: str) -> Rule:
    """`worse`, `matters`, `MEASURE > NUMBER` or `difference MEASURE > NUMBER`."""
    measure = scenario.primary_measure
    name, direction = lower(measure), DECLARED[measure].direction or 1
    if text in ("worse", "matters"):
        least = scenario.smallest_difference if text == "matters" else 0.0
        far = f" by more than {number(least)}{unit_of(measure)}" if least else ""
        side = "higher" if direction < 0 else "lower"
        return Rule(f"its {name} is {side} than under {baseline}{far}", measure, True, direction < 0,
                    -direction * least)  # fmt: skip
    parts = FORM.fullmatch(text.strip())
    if parts is None:
        raise fail("--fails", 'allowed: worse, matters, "harm > 65", "difference harm > 0.5"', value=repr(text))
    measure = known("--fails", parts[2], MEASURES, "measure")
    bound = np.nan
    with suppress(ValueError):
        bound = float(parts[4])
    if not abs(bound) < MOST:
        raise fail("--fails", f"the bound is not a number between -{MOST:g} and {MOST:g}", value=repr(parts[4]))
    side = "above" if parts[3] == ">" else "below"
    what = f"its difference in {lower(measure)} from {baseline}" if parts[1] else f"its {lower(measure)}"
    return Rule(f"{what} is {side} {number(bound)}", measure, bool(parts[1]), parts[3] == ">", bound)


@dataclass(frozen=True)
class Discovery:
    """Worlds, which of them fail, the box, and its test on fresh worlds."""

    policy: str
    baseline: str
    rule: Rule
    factors: tuple[Factor, ...]
    points: Floats
    values: Floats
    box: Box | None
    fresh: Fresh | None

    @property
    def failing(self) -> Flags:
        """Which worlds fail, (P,)."""
        return self.rule.fails(self.values)

    @property
    def names(self) -> list[str]:
        """Names of the factors."""
        return [factor.name for factor in self.factors]


Judge = Callable[[Floats, bool], Floats]  # points, whether with fresh luck -> what is judged, (P,)


def discover_in(
    judge: Judge, rule: Rule, factors: tuple[Factor, ...], count: int, seed: int, policy: str, baseline: str
) -> Discovery:
    """Discovery in any function of the factors: sample, find the box, test it on a second sample with fresh luck."""
    load(PRIM)  # before any run, so that its absence is told at once
    low, high = np.array([f.low for f in factors]), np.array([f.high for f in factors])
    points = latin(count, low, high, seed)
    values = judge(points, False)
    found = Discovery(policy, baseline, rule, factors, points, values, None, None)
    box = find_box(points, found.failing, found.names, low, high)
    if box is None:
        return found
    others = latin(count, low, high, seed + 1)
    again = judge(others, True)
    fresh = Fresh(others, again, rule.fails(again), box.inside(others, found.names))
    return replace(found, box=box, fresh=fresh)


def discover(found: Experiment, running: Running, rule: Rule, count: int) -> Discovery:
    """Where the experiment's policy fails; fresh worlds meet the replicates that follow those of the first sample."""

    def judge(points: Floats, fresh: bool) -> Floats:
        now = replace(running, first=running.first + running.replicates) if fresh else running
        return rule.value(*found.run(points, now))

    title = found.baseline.title if found.baseline is not None else ""
    return discover_in(judge, rule, found.factors, count, running.seed, found.policy.title, title)


def percent(share: float) -> str:
    """A share as a whole percentage."""
    return f"{100.0 * share:.0f} %"


def limit_words(factor: Factor, low: float, high: float) -> str:
    """A restriction in words: learning is below 0.4."""
    name = lower(factor.name)
    if low > factor.low and high < factor.high:
        return f"{name} is between {low:.3g} and {high:.3g}"
    return f"{name} is above {low:.3g}" if low > factor.low else f"{name} is below {high:.3g}"


def headline(data: Discovery) -> str:
    """The finding in the two lines that a figure has."""
    share = percent(float(data.failing.mean())).replace(" ", "\N{NO-BREAK SPACE}")
    if data.box is None or data.fresh is None:
        return f"In this model {data.policy} fails in {share} of worlds, in no region that can be told"
    if not data.fresh.holds:
        return f"In this model {data.policy} fails in {share} of worlds; the region found does not hold on fresh worlds"
    kinds = {factor.name: factor for factor in data.factors}
    where = listed([limit_words(kinds[name], *ends) for name, ends in list(data.box.limits.items())[:2]])
    there = percent(data.fresh.density).replace(" ", "\N{NO-BREAK SPACE}")
    return (f"In this model {data.policy} fails in {share} of worlds, but in {there} where {where}"
            f"{' ...' if len(data.box.limits) > 2 else ''}")  # fmt: skip


def finding(data: Discovery) -> str:
    """The sentence: how often the policy fails, where, and whether the region holds on fresh worlds."""
    failures, count = int(data.failing.sum()), len(data.points)
    against = f" against {data.baseline}" if data.rule.difference else ""
    told = f"In this model {data.policy} fails{against} in {percent(failures / count)} of {count} worlds"
    if min(failures, count - failures) < LEAST:
        few = "failures" if failures < LEAST else "worlds without failure"
        return f"{told} ({data.rule.words}): too few {few} ({min(failures, count - failures)}) to look for a region."
    if data.box is None or data.fresh is None:
        return f"{told}, and no region of the {len(data.factors)} factors holds them together."
    kinds = {factor.name: factor for factor in data.factors}
    where = listed([limit_words(kinds[name], *ends) for name, ends in data.box.limits.items()])
    if not data.fresh.holds:
        return (f"{told}; the region found (where {where}) does not hold on fresh worlds: "
                f"{percent(data.fresh.density)} fail there, {percent(data.fresh.rate)} everywhere.")  # fmt: skip
    return (f"{told}, mostly where {where}: there in {percent(data.fresh.density)} of fresh worlds, against "
            f"{percent(data.fresh.rate)} of all.")  # fmt: skip


def details(data: Discovery) -> list[str]:
    """What stands below the sentence: what failing means, and the box in sample and on fresh worlds."""
    told = [f"Failing: {data.rule.words}, as the mean over the replicates of a world."]
    if data.box is None or data.fresh is None:
        return told
    low, high = data.fresh.interval
    told.append(
        f"Where it was found: coverage {percent(data.box.coverage)} of the failures, density "
        f"{percent(data.box.density)}. On {len(data.fresh.points)} fresh worlds with fresh luck: coverage "
        f"{percent(data.fresh.coverage)}, density {percent(data.fresh.density)} (95 % interval {percent(low)} to "
        f"{percent(high)}; {int(data.fresh.inside.sum())} worlds inside), against {percent(data.fresh.rate)} of all."
    )
    return told


def rows(data: Discovery) -> tuple[list[str], list[list[object]]]:
    """Heads and rows of the table: every world, what is judged in it, whether it fails and lies in the box."""
    heads = ["sample", *data.names, data.rule.measure, "fails", "inside"]
    inside = data.box.inside(data.points, data.names) if data.box else np.zeros(len(data.points), dtype=bool)
    parts = [("first", data.points, data.values, data.failing, inside)]
    if data.fresh is not None:
        parts.append(("fresh", data.fresh.points, data.fresh.values, data.fresh.failing, data.fresh.inside))
    table: list[list[object]] = []
    for name, points, values, failing, within in parts:
        for i, point in enumerate(points):
            table.append([name, *(float(x) for x in point), float(values[i]), int(failing[i]), int(within[i])])
    return heads, table
