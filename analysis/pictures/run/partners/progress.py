"""Trust and interoperability by framework."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import Progress, progress
from analysis.pictures.style import FAINT, SMALL, Sheet, broken, framework_look, mark_years, note, nothing, panels
from analysis.words import STILL, Table, counted, framework_name, framework_short, moved, shortened

ROOM, ONE_LINE = 36, 27  # columns of the name of a framework, and of one that needs no second line


def finding(data: Progress) -> str:
    """Where the median partner gained and lost most."""
    if not data.frameworks:
        return "0 partners were in a framework"
    parts = []
    for score, row in zip(("trust", "interoperability"), data.change(), strict=True):
        most, least = int(np.argmax(row)), int(np.argmin(row))
        text = f"{score} {moved(row[most])} in {framework_short(data.frameworks[most])}"
        if row[most] - row[least] >= STILL:
            second = moved(row[least]).removeprefix("rose by " if row[most] > 0.0 else "fell by ")
            text += f" and {second} in {framework_short(data.frameworks[least])}"
        elif len(row) > 1:
            text = f"{score} {moved(row[most])} in every framework"
        parts.append(text)
    return f"Median {parts[0]}; {parts[1]}"


def table(data: Progress) -> Table:
    """Medians of every fourth quarter, and of the last."""
    shown = sorted({*range(0, len(data.quarters), 4), len(data.quarters) - 1})
    heads = (f"{framework_short(f)} {score}" for score in ("trust", "interop.") for f in data.frameworks)
    rows = (
        (data.quarters[s], *("none" if math.isnan(v) else f"{v:.3f}" for v in data.middle[:, :, s].reshape(-1)))
        for s in shown
    )
    return Table(("quarter", *heads), tuple(rows))


def draw(data: Progress, figure: Sheet) -> None:
    """A column for each framework, a row for each score; the other frameworks' medians in grey behind."""
    count = len(data.frameworks)
    if count == 0:
        return nothing(figure, "No partner was in a framework.")
    top = 0.65 if count > 4 else 0.45
    grid = panels(figure, 2, count, left=1.0, across=0.28, down=0.3, top=top, share=("all", "row"))
    for i, framework in enumerate(data.frameworks):
        name = shortened(framework_name(framework), ROOM)
        head = f"{broken(name) if count > 4 or len(name) > ONE_LINE else name}\n{counted(int(data.states[i]), 'state')}"
        head = head.replace("Istanbul Cooperation", "Istanbul Coop.") if count > 3 else head
        grid[0][i].set_title(head, color=framework_look(framework, data.declared)[0], fontsize=SMALL + 0.5)
        for row in range(2):
            _panel(grid[row][i], data, row, i)
    for row, name in enumerate(("Trust", "Interoperability")):
        grid[row][0].set_ylabel(f"{name}, 0 to 1")
        low = max(0.0, math.floor(10.0 * float(np.nanmin(data.low[row])) - 0.9) / 10.0)
        high = min(1.0, math.ceil(10.0 * float(np.nanmax(data.high[row])) + 0.5) / 10.0)
        grid[row][0].set_ylim(low, high)
        grid[row][0].set_yticks(np.arange(round(10 * low), round(10 * high) + 1, 1 if high - low < 0.55 else 2) / 10.0)


def _panel(axes: Axes, data: Progress, row: int, i: int) -> None:
    """One score of one framework, with its first and last value."""
    colour, dashes, marker = framework_look(data.frameworks[i], data.declared)
    steps, line = np.arange(len(data.quarters)), data.middle[row, i]
    others = [np.column_stack([steps, other]) for j, other in enumerate(data.middle[row]) if j != i]
    axes.add_collection(LineCollection(others, colors=FAINT, linewidths=1.2, zorder=1))
    axes.fill_between(steps, data.low[row, i], data.high[row, i], color=colour, alpha=0.22, lw=0, zorder=2)
    ends = [int(np.argmax(~np.isnan(line))), len(steps) - 1]
    axes.plot(steps, line, color=colour, ls=dashes, marker=marker, markevery=ends, ms=6, zorder=3)
    for s, side, shift in ((ends[0], "left", 2), (ends[1], "right", -2)):
        up = (line[ends[1]] >= line[ends[0]]) == (side == "right")
        note(axes, f"{line[s]:.2f}", (s, line[s]), (shift, 8 if up else -16), ha=side, va="baseline", zorder=4,
             fontweight="bold")  # fmt: skip
    mark_years(axes, data.quarters, most=3)
    axes.grid(axis="y", color=FAINT, lw=0.6)


FIGURES = (
    Chart(
        "progress", "Trust and interoperability by framework",
        "Line: median state; band: 10th to 90th percentile of states; grey: the other frameworks. States that became "
        "allies stay in.",
        (11, 6.5), progress, finding, draw, table, order=10,
    ),
)  # fmt: skip
