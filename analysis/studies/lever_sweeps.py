"""What each lever does when it alone is moved, and a first table of policies: paired replicates, the same luck.

Every number is a mean of paired differences from `status_quo` with half the width of its 95 % interval.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from analysis.stats.intervals import Interval, paired
from analysis.studies.compare.comparison import direction
from analysis.studies.factors import Running
from sim.declare.levers import LEVERS
from sim.declare.names import MEASURES
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import Policy, load_policy, policy_names
from sim.law.compiled import Floats
from sim.runs.arm import arm_of
from sim.runs.build import build

BASE: Final = "status_quo"
SCENARIOS: Final = ("eastern_flank", "baseline_2025")
SMALL: Final = {m: {"harm": 0.025, "cost": 0.5}.get(m, 0.005) for m in MEASURES}  # smaller differences do not matter
ENVELOPES: Final = (0.0, 30.0, 60.0, 120.0, 240.0, 360.0, 600.0)
SHARES: Final = (0.0, 0.15, 0.3, 0.5, 0.75)
WEIGHTS: Final = (0.0, 0.5, 1.0, 2.0, 5.0)
Value = float | str


class Dial(NamedTuple):
    """A lever, or one name of a lever that is a table, and the values it takes in a sweep."""

    lever: str
    name: str  # "" where the lever is one number or one word
    values: tuple[Value, ...]
    default: Value


def gains(gap: Interval, sign: int) -> bool:
    """Whether a difference is a gain (sign -1: less is better) by more than luck."""
    return gap.excludes() and sign * gap.mean > 0.0


def outcomes(scenarios: Sequence[str], policies: Sequence[Policy | str], replicates: int, seed: int) -> Floats:
    """Every measure over the run, (scenarios, policies, replicates, MEASURES)."""
    worlds = [load_scenario(name) for name in scenarios]
    arms = [arm_of(w, p, built=b) for w, b in zip(worlds, map(build, worlds), strict=True) for p in policies]
    return Running(seed, replicates).outcomes(arms).reshape(len(worlds), len(policies), replicates, len(MEASURES))


def dials() -> list[Dial]:
    """Every lever with its values: numbers over their range, names one by one; a table name by name."""
    found = []
    for lever, declared in LEVERS.items():
        default = declared.default
        if isinstance(default, str):
            found.append(Dial(lever, "", declared.names, default))
        elif isinstance(default, Mapping):
            grid = WEIGHTS if lever.startswith("focus") else SHARES
            for name, value in default.items():
                found.append(Dial(lever, name, tuple(sorted({*grid, value})), value))
        else:
            steps = ENVELOPES if lever == "envelope" else tuple(declared.high * i / 4 for i in range(5))
            found.append(Dial(lever, "", tuple(sorted({*steps, default})), default))
    return found


def changes_of(dial: Dial, value: Value) -> dict[str, Any]:
    """The change of a policy that sets this dial to this value; the other shares keep their proportions."""
    default = LEVERS[dial.lever].default
    if not isinstance(default, Mapping):
        return {dial.lever: value}
    changed = {**default, dial.name: float(value)}
    if dial.lever in ("split", "rule"):
        rest = sum(share for name, share in default.items() if name != dial.name)
        changed = {n: float(value) if n == dial.name else s * (1.0 - float(value)) / rest for n, s in default.items()}
    return {dial.lever: changed}


class Sweep(NamedTuple):
    """Outcomes of a sweep: by scenario the base (R, MEASURES), by scenario and dial (values, R, MEASURES)."""

    base: dict[str, Floats]
    moved: dict[tuple[str, Dial], Floats]
    replicates: int
    seed: int

    def difference(self, scenario: str, dial: Dial, at: int, measure: str) -> Interval:
        """Paired difference from the base of one value of a dial."""
        i = MEASURES.index(measure)
        return paired(self.moved[scenario, dial][at, :, i], self.base[scenario][:, i])

    def inner(self, scenario: str, dial: Dial, measure: str) -> tuple[float, bool] | None:
        """The best value if it lies inside the range and beats both ends by more than luck, and whether it matters."""
        if isinstance(dial.default, str):
            return None
        sign, runs = direction(measure), self.moved[scenario, dial][:, :, MEASURES.index(measure)]
        best = int(np.argmax(sign * runs.mean(axis=1)))
        if best in (0, len(runs) - 1):
            return None
        ends = [paired(runs[best], runs[end]) for end in (0, -1)]
        if not all(gains(gap, sign) for gap in ends):
            return None
        return float(dial.values[best]), min(abs(gap.mean) for gap in ends) >= SMALL[measure]


def sweep(replicates: int = 20, seed: int = 1, only: Sequence[Dial] | None = None) -> Sweep:
    """Move every lever alone through its values in both scenarios."""
    chosen, base = dials() if only is None else list(only), load_policy(BASE)
    assert isinstance(base, Policy)
    settings = [(dial, value) for dial in chosen for value in dial.values]
    policies = [base, *(base.model_copy(update=changes_of(*setting)) for setting in settings)]
    found = dict(zip(SCENARIOS, outcomes(SCENARIOS, policies, replicates, seed), strict=True))
    moved = {(s, dial): runs[1:][[own is dial for own, _ in settings]] for s, runs in found.items() for dial in chosen}
    return Sweep({s: runs[0] for s, runs in found.items()}, moved, replicates, seed)


class FirstTable(NamedTuple):
    """Differences of every policy from status quo on each scenario's primary measure."""

    cells: dict[str, dict[str, Interval]]  # by scenario and policy
    measure: dict[str, str]
    smallest: dict[str, float]
    replicates: int
    seed: int

    def ranked(self, scenario: str) -> list[str]:
        """Policies from best to worst by mean."""
        sign = direction(self.measure[scenario])
        return sorted(self.cells[scenario], key=lambda p: -sign * self.cells[scenario][p].mean)


def first_table(replicates: int = 30, seed: int = 1) -> FirstTable:
    """Every shipped policy in every shipped scenario, paired with status quo."""
    worlds, policies = {s: load_scenario(s) for s in scenario_names()}, policy_names()
    measure = {s: world.primary_measure for s, world in worlds.items()}
    cells = {}
    for s, runs in zip(worlds, outcomes(tuple(worlds), policies, replicates, seed), strict=True):
        primary = dict(zip(policies, runs[:, :, MEASURES.index(measure[s])], strict=True))
        cells[s] = {p: paired(values, primary[BASE]) for p, values in primary.items()}
    return FirstTable(cells, measure, {s: world.smallest_difference for s, world in worlds.items()}, replicates, seed)
