"""Every measure, with and without the programme."""

from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.style import BAD, GOOD, SMALL, SOFT, Sheet, canvas
from analysis.words import Table, measure_name, number, plain
from sim.declare.names import MEASURES
from sim.law.compiled import Floats
from sim.law.measures import DECLARED
from sim.runs.results import Results

ARROWS = {1: "↑", -1: "↓", 0: ""}
COLUMNS = 6


class Lines(NamedTuple):
    """Every measure by step, (M, S), and in the paired run without a programme."""

    quarters: tuple[str, ...]
    measures: tuple[str, ...]
    units: tuple[str, ...]
    directions: tuple[int, ...]
    values: Floats
    without: Floats | None


def lines(results: Results) -> Lines:
    """Every measure by step."""
    return Lines(
        results.quarters, MEASURES, tuple(DECLARED[m].unit for m in MEASURES),
        tuple(DECLARED[m].direction for m in MEASURES), results.measures.T.copy(),
        None if results.without is None else results.without.measures.T.copy(),
    )  # fmt: skip


def finding(data: Lines) -> str:
    """How many measures ended better than in the pair without a programme."""
    if data.without is None:
        return f"{len(data.measures)} measures through {len(data.quarters)} quarters"
    gap = (data.values.mean(axis=1) - data.without.mean(axis=1)) * np.array(data.directions)
    scale = 0.005 * np.maximum(np.abs(data.values).max(axis=1), 1e-9)
    better, worse = int((gap > scale).sum()), int((gap < -scale).sum())
    return (
        f"Against no programme, the run's mean is better on {better} and worse on {worse} of "
        f"{sum(d != 0 for d in data.directions)} measures that have a better side"
    )


def table(data: Lines) -> Table:
    """First, mean and last value of every measure, with and without the programme."""
    rows = []
    for i, name in enumerate(data.measures):
        mine = [number(v) for v in (data.values[i, 0], data.values[i].mean(), data.values[i, -1])]
        pair = ["not run"] * 2
        if data.without is not None:
            pair = [number(v) for v in (data.without[i].mean(), data.without[i, -1])]
        rows.append((plain(name), data.units[i], *mine, *pair))
    heads = ("measure", "unit", "first", "mean", "last", "mean without a programme", "last without a programme")
    return Table(heads, tuple(rows))


def draw(data: Lines, figure: Sheet) -> None:
    """A small panel for each measure: full line with the programme, dashed without; each on its own scale."""
    axes = canvas(figure)
    steps = np.linspace(0.03, 0.76, data.values.shape[1])
    boxes, courses = [], []
    for i, name in enumerate(data.measures):
        x, y = i % COLUMNS, i // COLUMNS
        both = data.values[i : i + 1] if data.without is None else np.stack([data.values[i], data.without[i]])
        low, top = float(both.min()), float(both.max())
        if top - low < 0.02:
            low, top = low - 0.01, top + 0.01
        heights = y + 0.88 - 0.5 * (both - low) / (top - low)
        boxes.append(Rectangle((x + 0.03, y + 0.36), 0.73, 0.54))
        courses.append([np.column_stack([x + steps, one]) for one in heights])
        axes.text(x + 0.03, y + 0.17, measure_name(name), fontsize=SMALL + 0.5, fontweight="bold")
        unit = f"{data.units[i]} {ARROWS[data.directions[i]]}".replace("-1", "−1")
        axes.text(x + 0.03, y + 0.31, unit, fontsize=9.0, color=SOFT)
        axes.text(x + 0.775, heights[0, -1], number(float(data.values[i, -1])), fontsize=SMALL, va="center",
                  color="#005a8e", fontweight="bold")  # fmt: skip
    axes.add_collection(PatchCollection(boxes, facecolor="#f3f3f3", edgecolor="none"))
    pairs = [pair for _, *without in courses for pair in without]
    axes.add_collection(LineCollection(pairs, colors=BAD, linewidths=1.3, linestyles=[(0, (3, 1.2))]))
    axes.add_collection(LineCollection([mine for mine, *_ in courses], colors=GOOD, linewidths=1.9))
    axes.set_xlim(0, COLUMNS)
    axes.set_ylim(-(-len(data.measures) // COLUMNS), 0)


FIGURES = (
    Chart(
        "measures", "Every measure, with and without the programme",
        "Full line: this run, last value at its end; dashed: the same draws without a programme. Each panel has its "
        "own scale; ↑ more is better, ↓ less is better.",
        (12, 7.5), lines, finding, draw, table, order=20,
    ),
)  # fmt: skip
