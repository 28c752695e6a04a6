"""What a search found: the front and the shipped policies, objective against objective."""

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.chart import Chart, same
from analysis.pictures.style import BAD, FAINT, GOOD, INK, SMALL, SOFT, Sheet, aside, panels
from analysis.stats.intervals import paired
from analysis.studies.factors import unit_of
from analysis.studies.uncertain.search_runs import Search, headline
from analysis.words import counted, lower, shortened
from sim.law.compiled import Floats
from sim.law.measures import DECLARED

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LETTER = "#A84300"  # the orange of shipped policies, dark enough for letters
MOST = 3  # objectives across
KEY = 22  # columns of a title in the key


def size(data: Search) -> tuple[float, float]:
    """A panel for each objective but the first."""
    return max(4.3 + 3.9 * min(len(data.objectives) - 1, MOST), 10.0), 6.6


def shows(data: Search) -> str:
    """Which luck the means are over."""
    replicates = counted(data.found.fresh.shape[1], "replicate")
    return (f"Means over {replicates} that the search never saw; bars: 95 % intervals of the difference from "
            f"{data.rival.title}. Found policies that others dominate there are hollow.")  # fmt: skip


def draw(data: Search, figure: Sheet) -> None:
    """First objective upwards, the others across: dots are found policies, letters shipped ones, the star is chosen."""
    first, *others = data.objectives[: MOST + 1]
    [row] = panels(figure, 1, len(others), left=0.95, across=0.75, right=2.75, top=0.2, bottom=0.45)
    for other, (axes, name) in enumerate(zip(row, others, strict=True), start=1):
        _panel(axes, data, other)
        axes.set_xlabel(_label(name))
    row[0].set_ylabel(_label(first))
    _key(row[-1], data)


def _label(measure: str) -> str:
    arrow = "↑" if DECLARED[measure].direction >= 0 else "↓"
    unit = unit_of(measure).strip()
    return f"{lower(measure)}{f', {unit}' if unit else ''} {arrow}"


def _bars(data: Search, values: Floats, column: int) -> tuple[Floats, Floats]:
    """Means over replicates and half-widths of paired intervals against the rival, (P, T, M) -> (P,) both."""
    base = data.found.shipped_fresh[data.found.rival][:, column]
    half = [paired(one[:, column], base).half if len(base) > 1 else 0.0 for one in values]
    return values[:, :, column].mean(axis=1), np.array(half)


def _panel(axes: Axes, data: Search, other: int) -> None:
    found = data.found
    up, across = found.aim.columns[0], found.aim.columns[other]
    x, x_half = _bars(data, found.fresh, across)
    y, y_half = _bars(data, found.fresh, up)
    kept = found.kept
    axes.errorbar(x, y, xerr=x_half, yerr=y_half, fmt="none", ecolor=FAINT, elinewidth=1.4, zorder=1)
    axes.plot(x[~kept], y[~kept], ls="", marker="o", ms=6, mfc="white", mec=GOOD, zorder=2)
    axes.plot(x[kept], y[kept], ls="", marker="o", ms=7, mfc=GOOD, mec="white", zorder=3)
    axes.plot(x[found.chosen], y[found.chosen], ls="", marker="*", ms=19, mfc=GOOD, mec=INK, mew=1.0, zorder=5)
    sx, sx_half = _bars(data, found.shipped_fresh, across)
    sy, sy_half = _bars(data, found.shipped_fresh, up)
    axes.errorbar(sx, sy, xerr=sx_half, yerr=sy_half, fmt="none", ecolor="#f0c9a8", elinewidth=1.4, zorder=1)
    for a, b in zip(sx, sy, strict=True):
        axes.plot(a, b, ls="", marker="s", ms=6.5, mfc="white", mec=BAD, mew=1.5, zorder=4)
    axes.margins(0.08)
    axes.set_xlim(axes.get_xlim())
    axes.set_ylim(axes.get_ylim())
    aside(axes, LETTERS[: len(sx)], sx[: len(LETTERS)], sy[: len(LETTERS)], color=LETTER, fontweight="bold", zorder=6)


def _key(axes: Axes, data: Search) -> None:
    """Names of the shipped policies beside the last panel, and what the marks mean."""
    lines = [("★", f"{shortened(data.chosen.title, KEY)}: chosen", INK), ("●", "found, undominated", GOOD),
             ("○", "found, dominated", GOOD)]  # fmt: skip
    for letter, policy, (mean, sure) in zip(LETTERS, data.shipped, data.dominated, strict=False):
        lines.append(
            (
                letter,
                shortened(policy.title, KEY) + (" (dominated)" if sure else " (dominated?)" if mean else ""),
                LETTER,
            )
        )
    for i, (mark, words, colour) in enumerate(lines):
        at = 1.0 - 0.066 * i - (0.05 if i > 2 else 0.0)
        axes.text(1.05, at, mark, transform=axes.transAxes, color=colour, fontsize=SMALL, va="top", fontweight="bold")
        axes.text(1.13, at, words, transform=axes.transAxes, fontsize=SMALL, va="top", color=INK)
    at = 1.0 - 0.066 * len(lines) - 0.09
    axes.text(1.05, at, "dominated: by a found one, surely;\n?: on average only", transform=axes.transAxes,
              fontsize=SMALL, va="top", color=SOFT)  # fmt: skip


FIGURES = (
    Chart(
        "search", "What a search found", shows, size, same, headline, draw, order=30,
        command="search eastern_flank",
    ),
)  # fmt: skip
