"""Which parameters and levers move a measure most: Morris screening or Sobol indices, computed by SALib.

`morris` and `sobol` take any function of a table of points, so that functions with known indices pass through the same
lines as the model. Replicates are the same at every point: the indices tell what a factor does under that luck.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.pictures.words import counted, listed, lower, number
from analysis.studies.factors import Experiment, Factor, Running, extra, unit_of
from sim.declare.names import MEASURES
from sim.law.compiled import Floats

LEVELS: Final = 4  # of Morris' grid, as Campolongo, Cariboni & Saltelli (2007) advise
NOTHING: Final = 1e-3  # of the response's standard deviation over the points: a factor below it moves nothing
SLIGHT: Final = 0.1  # of the strongest factor's effect
EFFECTS: Final = ("mu", "mu_star", "mu_star_conf", "sigma")
SHARES: Final = ("S1", "S1_conf", "ST", "ST_conf")
Vectorised = Callable[[Floats], Floats]  # points (P, F) -> responses (P,) or (P, M)


@dataclass(frozen=True)
class Indices:
    """What each factor does to one response, (F,) each, with the half-widths of 95 % bootstrap intervals."""

    method: str
    names: tuple[str, ...]
    columns: dict[str, Floats]  # mu, mu_star, mu_star_conf, sigma; or S1, S1_conf, ST, ST_conf
    deviation: float  # standard deviation of the response over the points
    points: int

    @property
    def main(self) -> Floats:
        """The index that factors are ranked by: mu*, in the unit of the response, or ST, a share of its variance."""
        return self.columns["mu_star" if self.method == "morris" else "ST"]

    @property
    def half(self) -> Floats:
        """Half the width of the interval of `main`."""
        return self.columns["mu_star_conf" if self.method == "morris" else "ST_conf"]

    @property
    def order(self) -> list[int]:
        """Factors from strongest to weakest."""
        return [int(i) for i in np.argsort(-self.main, kind="stable")]

    @property
    def idle(self) -> list[int]:
        """Factors that move nothing."""
        least = NOTHING * (self.deviation if self.method == "morris" else 1.0)
        return [i for i, value in enumerate(self.main) if value <= least]

    @property
    def slight(self) -> int:
        """How many factors move the response less than a tenth as far as the strongest one, or explain less than a
        hundredth of its variance."""
        below = SLIGHT * self.main.max(initial=0.0) if self.method == "morris" else SLIGHT**2
        return int((self.main < below).sum())


def _problem(names: Sequence[str], low: Floats, high: Floats) -> dict[str, Any]:
    bounds = [[float(a), float(b)] for a, b in zip(low, high, strict=True)]
    return {"num_vars": len(names), "names": list(names), "bounds": bounds}


def _by_column(response: Floats, points: Floats) -> list[Floats]:
    values = np.asarray(response, dtype=np.float64)
    if len(values) != len(points) or not np.isfinite(values).all():
        raise ValueError(f"the function must give {len(points)} finite responses")
    return [values] if values.ndim == 1 else list(values.T)


def morris(model: Vectorised, names: Sequence[str], low: Floats, high: Floats, trajectories: int = 10,
           seed: int = 1) -> list[Indices]:  # fmt: skip
    """Elementary effects over the whole range of each factor (Morris 1991): one `Indices` a response.

    mu_star is the mean absolute effect (Campolongo et al. 2007); sigma, its scatter, tells of interaction and bend.
    """
    sampler, analyzer = extra("SALib.sample.morris"), extra("SALib.analyze.morris")
    problem = _problem(names, low, high)
    points = np.asarray(sampler.sample(problem, trajectories, num_levels=LEVELS, seed=seed))
    found = []
    for values in _by_column(model(points), points):
        told = analyzer.analyze(problem, points, values, num_levels=LEVELS, seed=seed)
        columns = {name: np.asarray(told[name], dtype=np.float64) for name in EFFECTS}
        found.append(Indices("morris", tuple(names), columns, float(values.std()), len(points)))
    return found


def sobol(model: Vectorised, names: Sequence[str], low: Floats, high: Floats, samples: int = 64,
          seed: int = 1) -> list[Indices]:  # fmt: skip
    """Shares of the response's variance (Sobol' 2001; Saltelli et al. 2010): S1 alone, ST with all interactions.

    `samples` is rounded up to a power of two, as Sobol' sequences need; (F + 2) as many points are run.
    """
    sampler, analyzer = extra("SALib.sample.sobol"), extra("SALib.analyze.sobol")
    problem = _problem(names, low, high)
    points = np.asarray(sampler.sample(problem, _power(samples), calc_second_order=False, seed=seed))
    found = []
    for values in _by_column(model(points), points):
        columns = {name: np.zeros(len(names)) for name in SHARES}
        if np.ptp(values) > 0.0:
            told = analyzer.analyze(problem, values, calc_second_order=False, seed=seed + 1)  # 0 would be no seed
            columns = {name: np.asarray(told[name], dtype=np.float64) for name in columns}
        found.append(Indices("sobol", tuple(names), columns, float(values.std()), len(points)))
    return found


METHODS: Final = {"morris": morris, "sobol": sobol}
SAMPLES: Final = {"morris": 10, "sobol": 64}


def runs(found: Experiment, method: str, samples: int, replicates: int) -> int:
    """How many runs an analysis takes."""
    factors = len(found.factors)
    points = samples * (factors + 1) if method == "morris" else _power(samples) * (factors + 2)
    return points * replicates * (1 if found.baseline is None else 2)


def _power(samples: int) -> int:
    return 1 << max(1, (samples - 1).bit_length())


@dataclass(frozen=True)
class Sensitivity:
    """What each factor does to one measure of a scenario under a policy, or to its difference from a baseline."""

    indices: Indices
    factors: tuple[Factor, ...]
    measure: str
    baseline: str  # "" where the measure itself is the response
    replicates: int

    @property
    def what(self) -> str:
        """The response in words."""
        name = lower(self.measure)
        return f"the difference in {name} from {self.baseline}" if self.baseline else name


def analyse(
    found: Experiment, running: Running, method: str, samples: int, measures: Sequence[str]
) -> list[Sensitivity]:
    """Sensitivity of each of the measures, from the same runs."""
    columns = [MEASURES.index(name) for name in measures]
    names = [factor.name for factor in found.factors]

    def model(points: Floats) -> Floats:
        return found.response(points, running)[:, columns]

    several = METHODS[method](model, names, found.low, found.high, samples, running.seed)
    title = found.baseline.title if found.baseline is not None else ""
    return [
        Sensitivity(indices, found.factors, measure, title, running.replicates)
        for indices, measure in zip(several, measures, strict=True)
    ]


def amount(data: Sensitivity, i: int) -> str:
    """A factor's main index with its interval, in words."""
    index = data.indices
    if index.method == "sobol":
        return f"ST {index.main[i]:.2f} ± {index.half[i]:.2f}"
    return f"μ* {number(float(index.main[i]))} ± {number(float(index.half[i]))}"


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
    unit = unit_of(data.measure) if index.method == "morris" else ""
    told = f"In this model {lower(index.names[first])} moves {data.what} most ({amount(data, first)}{unit})"
    if others:
        told += f", then {listed([f'{lower(index.names[i])} ({amount(data, i)})' for i in others[:2]])}"
    slight = index.slight
    if index.method == "sobol":
        return f"{told}; {slight} of the {len(index.names)} tried explain less than 1 % of its variance each."
    return f"{told}; {slight} of the {len(index.names)} tried move it less than a tenth as far as the first."


def idle_sentence(data: Sensitivity) -> str:
    """Which factors move nothing."""
    names = [lower(data.indices.names[i]) for i in data.indices.idle]
    if not names:
        return "None of them moves nothing at all here."
    whole = "of its variance" if data.indices.method == "sobol" else "of its scatter over the points"
    return (f"{counted(len(names), 'factor')} move{'s' if len(names) == 1 else ''} it by less than a thousandth "
            f"{whole}: {listed(names, 200)}.")  # fmt: skip


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
