"""What an experiment varies, and the model as a function of a table of points: one row a point, one column a factor.

A factor is a parameter or a numeric lever with its declared range. Every point meets the same replicates, so what
differs between two points is never luck alone. Shared by sensitivity analysis, discovery and search.
"""

import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.declare.levers import LEVERS, NUMBERS
from sim.declare.names import MEASURES
from sim.declare.parameters import specs
from sim.inputs.errors import allowed, fail, nearest
from sim.inputs.policy import Policy, PythonPolicy
from sim.inputs.scenario import Scenario
from sim.law.compiled import RULES_HASH, Floats
from sim.law.measures import DECLARED
from sim.runs.arm import Arm, arm_of
from sim.runs.build import Built, build
from sim.runs.ensemble import Progress, run_arms

BATCH: Final = 1000  # arms run in one call, so that what they leave behind beside outcomes need not all be held
Choice = Policy | PythonPolicy


class Factor(NamedTuple):
    """One parameter or lever that varies between `low` and `high`."""

    name: str
    kind: str  # "parameter" or "lever"
    low: float
    high: float
    unit: str


def known(option: str, word: str, names: Sequence[str], what: str) -> str:
    """The word, if it is one of the names; else an InputError with the nearest one."""
    if word in names:
        return word
    raise fail(option, f"not a {what}; {allowed(names)}{nearest(word, names)}", value=repr(word))


def measure_named(word: str) -> str:
    """A measure by name."""
    return known("--measure", word, MEASURES, "measure")


def parameters_named(words: Sequence[str]) -> tuple[Factor, ...]:
    """Parameters by name; `assumed` means all whose source says so, `all` means all, `none` none."""
    declared = specs()
    names: list[str] = []
    for word in words:
        if word == "all":
            names += declared
        elif word == "assumed":
            names += [name for name, spec in declared.items() if "assumed" in spec.source]
        elif word != "none":
            names.append(known("--parameters", word, ("all", "assumed", "none", *declared), "parameter"))
    return tuple(
        Factor(name, "parameter", declared[name].low, declared[name].high, declared[name].unit)
        for name in dict.fromkeys(names)
    )


def levers_named(words: Sequence[str]) -> tuple[Factor, ...]:
    """Numeric levers by name; `all` means all of them."""
    names: list[str] = []
    for word in words:
        names += NUMBERS if word == "all" else [known("--levers", word, ("all", *NUMBERS), "numeric lever")]
    return tuple(
        Factor(name, "lever", LEVERS[name].low, LEVERS[name].high, LEVERS[name].unit) for name in dict.fromkeys(names)
    )


@dataclass(frozen=True)
class Running:
    """How runs are made: the key of luck, the replicates, the machines, where chunks are kept, whom to tell."""

    seed: int = 1
    replicates: int = 8
    first: int = 0
    threads: int | None = None
    cluster: str | None = None
    folder: Path | None = None
    progress: Progress | None = None

    def outcomes(self, arms: Sequence[Arm]) -> Floats:
        """Every measure over the run, (arms, replicates, MEASURES); equal arms run once."""
        places: dict[tuple[Any, ...], int] = {}
        keys = [(id(arm.scenario), id(arm.policy), arm.parameters) for arm in arms]
        unique: list[Arm] = []
        for key, arm in zip(keys, arms, strict=True):
            if key not in places:
                places[key] = len(unique)
                unique.append(arm)
        values: list[Floats] = []
        for at in range(0, len(unique), BATCH):
            found = run_arms(
                unique[at : at + BATCH], self.replicates, self.seed, None, self.threads, folder=self.folder,
                cluster=self.cluster, progress=self.progress, first=self.first,
            )  # fmt: skip
            values += [np.concatenate(gathered.outcomes) for gathered in found]
        return np.stack([values[places[key]] for key in keys])


@dataclass(frozen=True)
class Experiment:
    """A scenario under a policy, and a baseline if differences count, as functions of the factors' values."""

    scenario: Scenario
    policy: Choice
    baseline: Choice | None
    factors: tuple[Factor, ...]
    built: Built = field(repr=False)

    @property
    def low(self) -> Floats:
        """Lower ends of the ranges, (F,)."""
        return np.array([factor.low for factor in self.factors])

    @property
    def high(self) -> Floats:
        """Upper ends of the ranges, (F,)."""
        return np.array([factor.high for factor in self.factors])

    def arms(self, points: Floats, policy: Choice, levers: bool) -> list[Arm]:
        """One arm a point; levers vary in the policy under study only."""
        found = []
        for point in points:
            values = {f.name: float(x) for f, x in zip(self.factors, point, strict=True) if f.kind == "parameter"}
            changes = {f.name: float(x) for f, x in zip(self.factors, point, strict=True) if f.kind == "lever"}
            chosen = policy
            if levers and changes:
                assert isinstance(policy, Policy)
                chosen = policy.model_copy(update=changes)
            found.append(arm_of(self.scenario, chosen, values, built=self.built))
        return found

    def run(self, points: Floats, running: Running) -> tuple[Floats, Floats | None]:
        """Outcomes of the policy and of the baseline at every point, (points, replicates, MEASURES) each."""
        arms = self.arms(points, self.policy, True)
        if self.baseline is None:
            return running.outcomes(arms), None
        both = running.outcomes([*arms, *self.arms(points, self.baseline, False)])
        return both[: len(points)], both[len(points) :]

    def response(self, points: Floats, running: Running) -> Floats:
        """Outcome, or difference from the baseline under the same draws, averaged: (points, MEASURES)."""
        policy, baseline = self.run(points, running)
        return np.asarray((policy if baseline is None else policy - baseline).mean(axis=1))


def experiment(
    scenario: Scenario, policy: Choice, baseline: Choice | None = None, factors: Sequence[Factor] = ()
) -> Experiment:
    """An experiment; levers can vary only where the policy is a table of levers."""
    if not isinstance(policy, Policy) and any(factor.kind == "lever" for factor in factors):
        raise fail(policy.path, "levers vary in policies written in TOML only; this one is written in Python")
    return Experiment(scenario, policy, baseline, tuple(factors), build(scenario))


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Progress]:
    """A bar over several calls that make `total` runs together, with the time left; silent where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TextColumn("runs,"),
               TimeRemainingColumn(), TextColumn("left"))  # fmt: skip
    before = 0
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(what, total=total)

        def show(done: int, of: int) -> None:
            nonlocal before
            bar.update(task, completed=min(before + done, total))
            before += of if done == of else 0

        yield show


def manifest(about: Mapping[str, Any], found: Experiment, running: Running) -> dict[str, Any]:
    """Where every number came from."""
    return {
        **about, "interlock": version("interlock-sim"), "rules_hash": RULES_HASH,
        "scenario": found.scenario.title, "scenario_hash": found.scenario.content_hash(),
        "policy": found.policy.title, "policy_hash": found.policy.content_hash(),
        "baseline": found.baseline and found.baseline.title,
        "baseline_hash": found.baseline and found.baseline.content_hash(),
        "seed": running.seed, "first_replicate": running.first, "replicates": running.replicates,
        "factors": {f.name: [f.kind, f.low, f.high, f.unit] for f in found.factors},
        "python": platform.python_version(),
        "versions": {p: version(p) for p in ("numpy", "numba", "SALib", "ema_workbench", "pymoo") if _there(p)},
    }  # fmt: skip


def _there(package: str) -> bool:
    try:
        return bool(version(package))
    except ModuleNotFoundError:
        return False


def unit_of(measure: str) -> str:
    """The unit of a measure as a sentence wants it: nothing where it is a score from 0 to 1."""
    unit = DECLARED[measure].unit
    return "" if unit[0].isdigit() or unit[0] == "-" else f" {unit}"
