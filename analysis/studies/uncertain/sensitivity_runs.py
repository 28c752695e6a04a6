"""Which parameters and levers move a measure most: the model as the function that a sampling method asks.

Replicates are the same at every point: the indices tell what a factor does under that luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.stats.sensitivity import METHODS, Indices, Method
from analysis.studies.factors import (
    Choice,
    Experiment,
    Factor,
    Running,
    experiment,
    known,
    levers_named,
    measure_named,
    parameters_named,
    unit_of,
)
from analysis.words import counted, listed, lower, number
from sim.declare.names import MEASURES
from sim.inputs.scenario import Scenario
from sim.law.compiled import Floats
from sim.runs.engine import as_policy, as_scenario

if TYPE_CHECKING:
    import pandas


def runs(found: Experiment, method: Method, samples: int, replicates: int) -> int:
    """How many runs an analysis takes."""
    return method.points(samples, len(found.factors)) * replicates * (1 if found.baseline is None else 2)


@dataclass(frozen=True)
class Sensitivity:
    """What each factor does to one measure of a scenario under a policy, or to its difference from a baseline."""

    indices: Indices
    factors: tuple[Factor, ...]
    measure: str
    baseline: str  # "" where the measure itself is the response
    replicates: int
    scenario: str = ""  # titles
    policy: str = ""
    seed: int = 1

    @property
    def what(self) -> str:
        """The response in words."""
        name = lower(self.measure)
        return f"the difference in {name} from {self.baseline}" if self.baseline else name

    def to_dataframe(self) -> "pandas.DataFrame":
        """A row for each factor, strongest first."""
        import pandas

        heads, table = rows(self)
        return pandas.DataFrame(table, columns=heads)


def analyse(
    found: Experiment, running: Running, method: Method, samples: int, measures: Sequence[str]
) -> list[Sensitivity]:
    """Sensitivity of each of the measures, from the same runs."""
    columns = [MEASURES.index(name) for name in measures]
    names = [factor.name for factor in found.factors]

    def model(points: Floats) -> Floats:
        return found.response(points, running)[:, columns]

    several = method.indices(model, names, found.low, found.high, samples, running.seed)
    title = found.baseline.title if found.baseline is not None else ""
    about = running.replicates, found.scenario.title, found.policy.title, running.seed
    return [
        Sensitivity(indices, found.factors, measure, title, *about)
        for indices, measure in zip(several, measures, strict=True)
    ]


def sensitivity(
    scenario: Scenario | str | Path, policy: Choice | str | Path, baseline: Choice | str | Path | None = None,
    parameters: Sequence[str] = ("assumed",), levers: Sequence[str] = (), method: str = "morris",
    samples: int | None = None, measure: str | None = None, seed: int = 1, replicates: int = 4,
    threads: int | None = None, cluster: str | None = None,
) -> Sensitivity:  # fmt: skip
    """Which parameters and levers move a measure most, or, with a baseline, the difference from it under the same luck.

    method: "morris" ranks many factors, "sobol" shares out the variance among few. measure: default the scenario's
    primary one. Names are as on the command line: "assumed", "all", "none", or those of parameters and levers.
    """
    world, how = as_scenario(scenario), METHODS[known("--method", method, tuple(METHODS), "method")]
    base = None if baseline is None else as_policy(baseline, world)
    found = experiment(world, as_policy(policy, world), base, (*parameters_named(parameters), *levers_named(levers)))
    (data,) = analyse(
        found, Running(seed, replicates, 0, threads, cluster), how, samples or how.samples,
        [measure_named(measure or world.primary_measure)],
    )  # fmt: skip
    return data


def amount(data: Sensitivity, i: int) -> str:
    """A factor's main index with its interval, in words."""
    index = data.indices
    main, half = (f"{x:.2f}" if index.method.share else number(float(x)) for x in (index.main[i], index.half[i]))
    return f"{index.method.symbol} {main} ± {half}"


def headline(data: Sensitivity) -> str:
    """The finding in the two lines that a figure has."""
    index = data.indices
    moving = [lower(index.names[i]) for i in index.order if i not in index.idle and index.main[i] > index.half[i]]
    if not moving:
        return f"In this model none of the {len(index.names)} tried surely moves {data.what}"
    others = f", then {listed(moving[1:3])}" if len(moving) > 1 else ""
    return f"In this model {moving[0]} moves {data.what} most{others}, of {len(index.names)} tried"


def finding(data: Sensitivity) -> str:
    """The sentence: what moves the measure most, and how many of the factors hardly do."""
    index = data.indices
    moving = [i for i in index.order if i not in index.idle]
    if not moving:
        return f"In this model none of the {len(index.names)} tried moves {data.what}."
    first, *others = [moving[0], *(i for i in moving[1:] if index.main[i] > index.half[i])]
    unit = "" if index.method.share else unit_of(data.measure)
    told = f"In this model {lower(index.names[first])} moves {data.what} most ({amount(data, first)}{unit})"
    if others:
        told += f", then {listed([f'{lower(index.names[i])} ({amount(data, i)})' for i in others[:2]])}"
    return f"{told}; {index.slight} of the {len(index.names)} tried {index.method.weak}."


def idle_sentence(data: Sensitivity) -> str:
    """Which factors move nothing."""
    names = [lower(data.indices.names[i]) for i in data.indices.idle]
    if not names:
        return "None of them moves nothing at all here."
    return (f"{counted(len(names), 'factor')} move{'s' if len(names) == 1 else ''} it by less than a thousandth "
            f"{data.indices.method.whole}: {listed(names, 200)}.")  # fmt: skip


def rows(data: Sensitivity) -> tuple[list[str], list[list[Any]]]:
    """Heads and rows of the table, strongest factor first."""
    index = data.indices
    heads = ["factor", "kind", "low", "high", "unit", "measure", *index.columns, "moves_nothing"]
    table = []
    for i in index.order:
        factor = data.factors[i]
        values = [float(column[i]) for column in index.columns.values()]
        table.append([factor.name, factor.kind, factor.low, factor.high, factor.unit, data.measure, *values,
                      int(i in index.idle)])  # fmt: skip
    return heads, table
