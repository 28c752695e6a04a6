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
COLUMNS = 5
LEFT, RIGHT = 0.2, 0.77  # of a panel, where its box begins and ends


class Lines(NamedTuple):
    """Every measure by step, (M, S), and in the paired run without a programme."""

    quarters: tuple[str, ...]
    measures: tuple[str, ...]
    units: tuple[str, ...]
    directions: tuple[int, ...]
    values: Floats
    without: Floats | None
    primary: str
    ends: tuple[bool, ...]  # a run is summed up by the value at its end, not by its mean


def lines(results: Results) -> Lines:
    """Every measure by step."""
    return Lines(
        results.quarters, MEASURES, tuple(DECLARED[m].unit for m in MEASURES),
        tuple(DECLARED[m].direction for m in MEASURES), results.measures.T.copy(),
        None if results.without is None else results.without.measures.T.copy(), results.scenario.primary_measure,
        tuple(DECLARED[m].over_run == "end" for m in MEASURES),
    )  # fmt: skip


def finding(data: Lines) -> str:
    """What the scenario is judged by, and one more measure, with and without a programme."""
    told = [_told(data, name) for name in dict.fromkeys((data.primary, "mutual_trust"))]
    return "; ".join(told)


def _told(data: Lines, name: str) -> str:
    at = data.measures.index(name)
    own, other = (None if v is None else _outcome(v[at], data.ends[at]) for v in (data.values, data.without))
    pair = "" if other is None else f", {number(other)} without a programme"
    return f"{measure_name(name)} {number(own or 0.0)}{pair} ({'at the end' if data.ends[at] else 'mean'})"


def _outcome(values: Floats, end: bool) -> float:
    return float(values[-1] if end else values.mean())


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
    """A small panel for each measure, with its scale and years: full line with the programme, dashed without."""
    axes = canvas(figure)
    count = data.values.shape[1]
    steps = np.linspace(LEFT, RIGHT, count)
    boxes, courses = [], []
    for i, name in enumerate(data.measures):
        x, y = i % COLUMNS, i // COLUMNS
        both = data.values[i : i + 1] if data.without is None else np.stack([data.values[i], data.without[i]])
        low, top = float(both.min()), float(both.max())
        if top - low < 0.02:
            low, top = low - 0.01, top + 0.01
        heights = y + 0.80 - 0.42 * (both - low) / (top - low)
        boxes.append(Rectangle((x + LEFT, y + 0.36), RIGHT - LEFT, 0.46))
        courses.append([np.column_stack([x + steps, one]) for one in heights])
        axes.text(x + 0.02, y + 0.16, measure_name(name), fontsize=SMALL + 0.5, fontweight="bold")
        unit = f"{data.units[i]} {ARROWS[data.directions[i]]}".replace("-1", "−1")
        axes.text(x + 0.02, y + 0.31, unit, fontsize=9.0, color=SOFT)
        for place, value in ((0.42, top), (0.79, low)):
            axes.text(x + LEFT - 0.02, y + place, number(value), fontsize=9.0, color=SOFT, ha="right", va="center")
        for place, quarter, side in ((LEFT, data.quarters[0], "left"), (RIGHT, data.quarters[-1], "right")):
            axes.text(x + place, y + 0.92, quarter[:4], fontsize=9.0, color=SOFT, ha=side, va="center")
        axes.text(x + RIGHT + 0.015, heights[0, -1], number(float(data.values[i, -1])), fontsize=SMALL, va="center",
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
        "own scale, written at its left; ↑ more is better, ↓ less is better.",
        (12, 9.0), lines, finding, draw, table, order=20,
    ),
)  # fmt: skip
