"""A grid over one or two levers or parameters: at every point the policy against the baseline, same luck everywhere."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.stats.intervals import Interval, paired
from analysis.studies.compare.comparison import direction, smallest_of, turned
from analysis.studies.compare.verdict import apart, noun, said, span
from analysis.studies.factors import Choice, Running, known
from analysis.words import counted, lower
from sim.declare.levers import LEVERS
from sim.declare.names import MEASURES
from sim.declare.parameters import Parameters, specs
from sim.inputs.errors import fail
from sim.inputs.policy import Policy
from sim.inputs.reading.regular import read_text
from sim.inputs.reading.toml import parsed
from sim.inputs.scenario import Scenario
from sim.law.compiled import Floats
from sim.runs.arm import Arm, arm_of
from sim.runs.build import build

POINTS: Final = (9, 6)  # values of a number that names none, on a line and on each side of a grid
MOST: Final = 400  # points
Value = float | str


class Axis(NamedTuple):
    """What varies and its values; `entry`: the name inside a lever that is a table."""

    name: str
    kind: str  # "lever" or "parameter"
    values: tuple[Value, ...]
    default: Value  # under the policy
    unit: str
    entry: str = ""

    @property
    def title(self) -> str:
        """In words."""
        return f"{lower(self.name)}: {lower(self.entry)}" if self.entry else lower(self.name)


class Swept(NamedTuple):
    """Gains of the policy over the baseline on the grid, more is better; intervals hold over all points at once."""

    axes: tuple[Axis, ...]
    gains: tuple[Interval, ...]  # the last axis runs fastest
    measure: str
    sign: int
    smallest: float
    policy: str
    baseline: str
    replicates: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Values along each axis."""
        return tuple(len(axis.values) for axis in self.axes)

    def place(self, at: int) -> str:
        """A point in words: envelope 120, learning 0.2."""
        where = zip(self.axes, np.unravel_index(at, self.shape), strict=True)
        return ", ".join(f"{axis.title} {shown(axis.values[int(i)])}" for axis, i in where)


def shown(value: Value) -> str:
    """A value as it is written."""
    return lower(value) if isinstance(value, str) else f"{value:.4g}"


def asked_of(words: Sequence[str]) -> dict[str, Any]:
    """What varies: `name`, `name=low:high`, `name=low:high:count`, `name=a,b,c`, or a TOML file of lists by name."""
    found: dict[str, Any] = {}
    for word in words:
        if word.endswith(".toml"):
            for name, values in parsed(read_text(Path(word))).items():
                parts = values.items() if isinstance(values, Mapping) else [("", values)]
                found |= {f"{name}.{part}" if part else name: value for part, value in parts}
            continue
        name, _, values = word.partition("=")
        found[name] = values
    if not 1 <= len(found) <= 2:
        raise fail("sweep", "name one or two levers or parameters", "VARY", ", ".join(found) or "none")
    return found


def axes_of(policy: Choice, scenario: Scenario, asked: Mapping[str, Any]) -> tuple[Axis, ...]:
    """The axes of the grid, checked."""
    axes = tuple(axis_of(policy, scenario, name, values, POINTS[len(asked) - 1]) for name, values in asked.items())
    if (points := int(np.prod([len(axis.values) for axis in axes]))) > MOST:
        raise fail("sweep", f"allowed: up to {MOST} points", "VARY", f"{points:,} points")
    return axes


def axis_of(policy: Choice, scenario: Scenario, word: str, given: Any, points: int) -> Axis:
    """One axis: a parameter, a lever, or one name of a lever that is a table, as in `split.exercises`."""
    name, _, entry = word.partition(".")
    known("VARY", name, (*LEVERS, *specs()), "lever or parameter")
    if name in specs():
        spec = specs()[name]
        if entry:
            raise fail("VARY", f"{name} is one number; write {name}", value=repr(word))
        own = scenario.parameters.get(name)
        default = Parameters._field_defaults[name] if own is None else own.value
        return Axis(name, "parameter", numbers(word, given, spec.low, spec.high, points), float(default), spec.unit)
    if not isinstance(policy, Policy):
        raise fail(policy.path, "levers vary in policies written in TOML only; this one is written in Python")
    lever, default = LEVERS[name], getattr(policy, name)
    if lever.kind == "choice":
        listed = given.split(",") if isinstance(given, str) and given else given or lever.names
        return Axis(name, "lever", tuple(known(name, str(v), lever.names, "choice") for v in listed), default, "")
    if lever.kind == "number":
        values = numbers(word, given, lever.low, lever.high, points)
        return Axis(name, "lever", values, float(default), lever.unit)
    names = scenario.framework_names() if name == "focus_framework" else lever.names
    known(f"VARY {name}", f"{name}.{entry}", [f"{name}.{one}" for one in names], f"{lever.what} of this table")
    values = numbers(word, given, lever.low, lever.high, points)
    return Axis(name, "lever", values, float(default.get(entry, 0.0)), lever.unit, entry)


def numbers(word: str, given: Any, low: float, high: float, points: int) -> tuple[float, ...]:
    """The values of a number: those given, else evenly over its range; each within the range."""
    try:
        if isinstance(given, str) and (":" in given or not given):
            ends = [float(part) for part in given.split(":")] if given else [low, high]
            count = int(ends[2]) if len(ends) == 3 else points
            if len(ends) > 3 or not 2 <= count <= MOST:
                raise ValueError
            values = np.linspace(ends[0], ends[1], count).tolist()
        else:
            values = [float(part) for part in (given.split(",") if isinstance(given, str) else given)]
    except (TypeError, ValueError):
        told = f"allowed: low:high, low:high:count, or values parted with commas, {low:g} to {high:g}"
        raise fail("VARY", told, word, repr(given)) from None
    wrong = [value for value in values if not low <= value <= high]
    if wrong:
        raise fail("VARY", f"allowed: {low:g} to {high:g}", word, f"{wrong[0]:g}")
    if not values:
        raise fail("VARY", "no value is given", word)
    return tuple(sorted(set(values)))


def changed(policy: Policy, axis: Axis, value: Value) -> Policy:
    """The policy with a lever set; the other shares of a split keep their proportions."""
    if not axis.entry:
        return policy.model_copy(update={axis.name: value})
    table: dict[str, float] = dict(getattr(policy, axis.name))
    if LEVERS[axis.name].kind == "split":
        others = [name for name in LEVERS[axis.name].names if name != axis.entry]
        rest = sum(table.get(name, 0.0) for name in others)
        left = 1.0 - float(value)
        table = {n: table.get(n, 0.0) * left / rest if rest > 0.0 else left / len(others) for n in others}
    return policy.model_copy(update={axis.name: {**table, axis.entry: float(value)}})


def sweep(
    scenario: Scenario, policy: Choice, baseline: Choice, axes: Sequence[Axis], measure: str, running: Running
) -> Swept:  # fmt: skip
    """Run the grid. Levers vary in the policy only, parameters in both."""
    if policy.content_hash() == baseline.content_hash() and all(axis.kind == "parameter" for axis in axes):
        raise fail("--policy", "policy and baseline are the same, so that no parameter tells them apart; name another")
    built = build(scenario)
    own: list[Arm] = []
    base: list[Arm] = []
    for at in np.ndindex(*(len(axis.values) for axis in axes)):
        pairs = [(axis, axis.values[i]) for axis, i in zip(axes, at, strict=True)]
        replaced = {axis.name: float(value) for axis, value in pairs if axis.kind == "parameter"}
        chosen = policy
        for axis, value in pairs:
            if axis.kind == "lever":
                assert isinstance(chosen, Policy)
                chosen = changed(chosen, axis, value)
        own.append(arm_of(scenario, chosen, replaced, built=built))
        base.append(arm_of(scenario, baseline, replaced, built=built))
    found: Floats = running.outcomes([*own, *base])[:, :, MEASURES.index(measure)]
    sign, level = direction(measure), 1.0 - 0.05 / len(own)
    both = zip(found[: len(own)], found[len(own) :], strict=True)
    return Swept(
        tuple(axes), tuple(turned(paired(a, b, level), sign) for a, b in both), measure, sign,
        smallest_of(scenario, measure), policy.title, baseline.title, running.replicates,
    )  # fmt: skip


def finding(data: Swept) -> str:
    """The sentence: where the gain is largest, and at how many points it is told."""
    means = [gain.mean for gain in data.gains]
    top = int(np.argmax(means))
    best, m, base, points = data.gains[top], data.measure, said(data.baseline), counted(len(means), "point")
    up, down = sum(g.low > 0.0 for g in data.gains), sum(g.high < 0.0 for g in data.gains)
    if not up and not down:
        return f"In this model {noun(m)} cannot be told from {base} at any of {points}."
    told = f"told better than {base} at {up} and worse at {down} of {points}, over all of them at once"
    if not up:
        return f"In this model no point is told better than {base} in {noun(m)}; {down} of {points} are told worse."
    return (
        f"In this model {data.place(top)} is best: {apart(best.mean, m, data.sign, base)} (gain "
        f"{span(best.low, best.high, m)}); {told}."
    )


def rows(data: Swept) -> tuple[list[str], list[list[Any]]]:
    """Heads and rows of the table, in the order of the grid."""
    heads = [*(axis.title for axis in data.axes), "measure", "gain", "low", "high", "level", "told"]
    table = []
    for at, gain in enumerate(data.gains):
        where = zip(data.axes, np.unravel_index(at, data.shape), strict=True)
        table.append([
            *(axis.values[int(i)] for axis, i in where), data.measure, gain.mean, gain.low, gain.high, gain.level,
            int(gain.excludes()),
        ])  # fmt: skip
    return heads, table
