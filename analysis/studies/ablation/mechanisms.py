"""The table of mechanisms: each system, benefit, threat and challenge of the subject, switched off, moves a measure.

`docs/mechanisms.toml` names for every mechanism the rule that makes it, the key by which a user configures it, and the
measure that shows it. `effect` runs a scenario with and without it on the same draws.
"""

import importlib
import multiprocessing
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

import numpy as np
from pydantic import Field, field_validator

from analysis.studies.ablation.runs import Switch, check, parse, trace, value
from sim.declare.levers import LEVERS
from sim.declare.parameters import Parameters
from sim.inputs.errors import InputError, Problem
from sim.inputs.models import fields_at, validated
from sim.inputs.policy import Policy
from sim.inputs.reading.toml import read_toml
from sim.inputs.scenario import Scenario
from sim.inputs.values import Name, Table, Text
from sim.law.compiled import Floats, compile_rules

TABLE: Final = Path(__file__).resolve().parents[3] / "docs" / "mechanisms.toml"
TEST: Final = "tests/test_mechanisms.py"
SECTIONS: Final = (
    "Foundations and objectives", "Main frameworks", "Partnership for Peace", "Mediterranean Dialogue",
    "Istanbul Cooperation Initiative", "Roles and benefits", "Regional security dynamics", "Evolution of engagement",
    "Contemporary threats", "Exercises and capacity building", "Challenges and criticisms", "Future directions",
    "Impact on alliances",
)  # fmt: skip
GROUPS: Final = ("framework", "activity", "benefit", "threat", "challenge", "future", "impact")


class Row(Table):
    """One mechanism. `sign` is what switching it OFF does to the measure; `least` the smallest size that counts."""

    name: Text = Field(description="unique name")
    seed: Text = Field(description="words of the overview that the project grew from")
    section: Annotated[str, Name("section", SECTIONS)] = Field(description="section of that overview")
    group: Annotated[str, Name("group", GROUPS)] = Field(description="what it is")
    rule: Text = Field(description="file:function")
    key: tuple[Text, ...] = Field(description="scenario:key or policy:key by which a user sets it", min_length=1)
    scenario: Text = Field(description="shipped scenario")
    policy: Text = Field(default="status_quo", description="shipped policy")
    horizon: Annotated[int, Field(ge=4, le=200)] = Field(default=24, description="quarters run")
    on: Switch = Field(default=Switch(), description="what differs in both runs")
    off: Switch = Field(description="what differs in the run without the mechanism")
    measure: Text = Field(description="a measure, or a restricted one")
    sign: Literal[-1, 1] = Field(description="direction in which the measure moves without the mechanism")
    least: Annotated[float, Field(gt=0.0)] = Field(description="smallest mean paired difference, without sign")
    why: Text = Field(description="why it moves, in one sentence")

    @field_validator("measure")
    @classmethod
    def measure_known(cls, value: str) -> str:
        """A measure of the model, or one of the restricted ones."""
        parse(value)
        return value

    @field_validator("key")
    @classmethod
    def keys_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """Every key is one that scenario or policy files have."""
        for key in value:
            check_key(key)
        return value


def check_key(key: str) -> None:
    """ValueError unless a scenario or a policy file has this key, such as `scenario:frameworks.without`."""
    file, _, path = key.partition(":")
    check(file, ("scenario", "policy"))
    model: type[Scenario] | type[Policy] = Scenario if file == "scenario" else Policy
    first, *inner = path.split(".")
    check(first, tuple(fields_at(model, ())))
    if file == "policy" and inner:
        check(inner[0], LEVERS[first].names)
    elif first == "parameters":
        check(".".join(inner), Parameters._fields)
    elif inner:
        check(inner[0], tuple(fields_at(model, (first, 0))))


class Document(Table):
    """The whole file."""

    row: tuple[Row, ...] = Field(description="one for each mechanism", min_length=1)


def load_table(path: Path = TABLE) -> tuple[Row, ...]:
    """All rows of the table; InputError with file, key, value and what is allowed where it is wrong."""
    node = read_toml(path)
    rows = validated(Document, node).row
    names = [row.name for row in rows]
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise InputError(Problem(node.file, "row.name", name, "stands twice; names are unique") for name in twice)
    return rows


def find_row(name: str, rows: Sequence[Row] | None = None) -> Row:
    """The row of this name."""
    known = {row.name: row for row in (load_table() if rows is None else rows)}
    return known[check(name, tuple(known))]


def values(row: Row, off: bool, replicates: int, seed: int) -> Floats:
    """(replicates,) the row's measure with (off: without) its mechanism."""
    parts = (row.on, row.off) if off else (row.on,)
    switches = "\n".join(part.model_dump_json() for part in parts)
    runs = [trace(row.scenario, row.policy, switches, row.horizon, seed, replicate) for replicate in range(replicates)]
    return np.array([value(row.measure, run, row.scenario) for run in runs])


def effect(row: Row, replicates: int = 30, seed: int = 1) -> Floats:
    """Paired differences, (replicates,): the measure without the mechanism less the measure with it, same draws."""
    return values(row, True, replicates, seed) - values(row, False, replicates, seed)


class Measured(NamedTuple):
    """What switching a row off does: mean paired difference, its 95 % interval, and the measure with the mechanism."""

    row: Row
    mean: float
    low: float
    high: float
    level: float


def interval(differences: Floats) -> tuple[float, float, float]:
    """Mean and 95 % t-interval of paired differences."""
    from scipy import stats

    n = len(differences)
    mean, spread = float(differences.mean()), float(differences.std(ddof=1))
    half = float(stats.t.ppf(0.975, n - 1)) * spread / float(np.sqrt(n))
    return mean, mean - half, mean + half


def measure_row(row: Row, replicates: int = 40, seed: int = 1) -> Measured:
    """The row's effect and its interval."""
    level = float(values(row, False, replicates, seed).mean())
    return Measured(row, *interval(effect(row, replicates, seed)), level)


def measure_rows(rows: Sequence[Row], replicates: int, seed: int) -> list[Measured]:
    """Rows that share the runs with their mechanisms on."""
    return [measure_row(row, replicates, seed) for row in rows]


def measure_all(
    replicates: int = 40, seed: int = 1, workers: int = 2, rows: Iterable[Row] | None = None
) -> list[Measured]:
    """Every row of the table measured, in order, by `workers` processes (1: by this one)."""
    chosen = list(load_table() if rows is None else rows)
    groups: dict[tuple[str, str, str, int], list[Row]] = {}
    for row in chosen:
        key = (row.scenario, row.policy, row.on.model_dump_json(), row.horizon)
        groups.setdefault(key, []).append(row)
    if workers <= 1:
        found = [measure_rows(group, replicates, seed) for group in groups.values()]
    else:
        compile_rules()
        with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
            jobs = [pool.submit(measure_rows, group, replicates, seed) for group in groups.values()]
            found = [job.result() for job in jobs]
    by_name = {item.row.name: item for group in found for item in group}
    return [by_name[row.name] for row in chosen]


def rule_function(row: Row) -> Callable[..., Any]:
    """The function that makes the mechanism; AttributeError or ImportError where there is none."""
    file, _, name = row.rule.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(file.removesuffix(".py").replace("/", ".")), name)
    return found
