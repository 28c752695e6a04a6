"""Who trusts whom: mutual trust of groups of states."""

import math
from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import Normalize

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import group_name, grouped
from analysis.pictures.style import BASE, INK, LOW_HIGH, SMALL, SOFT, Sheet, folded, ink_on, nothing, panels
from analysis.words import Table, counted, framework_short, signed, the_framework
from sim.law.compiled import Floats
from sim.runs.results import Results


class Blocks(NamedTuple):
    """Mutual trust of pairs of groups at the end, (G, G): mean, its change, lowest and highest; NaN: no pair."""

    groups: tuple[str, ...]
    states: tuple[int, ...]
    mean: Floats
    change: Floats
    low: Floats
    high: Floats


def blocks(results: Results) -> Blocks:
    """Over pairs of different states; the change is since before the first quarter."""
    groups, members = grouped(results)
    first, last = results.mutual_trust
    found = np.full((4, len(groups), len(groups)), np.nan)
    for a, b in np.ndindex(len(groups), len(groups)):
        pairs = np.array([(i, j) for i in members[a] for j in members[b] if i != j]).reshape(-1, 2)
        if len(pairs):
            end, begin = (trust[pairs[:, 0], pairs[:, 1]] for trust in (last, first))
            found[:, a, b] = end.mean(), (end - begin).mean(), end.min(), end.max()
    return Blocks(tuple(groups), tuple(len(rows) for rows in members), *found)


def finding(data: Blocks) -> str:
    """Trust with the allies against trust within the frameworks."""
    if len(data.groups) < 2:
        return f"No framework has partners; trust of {counted(sum(data.states), 'ally', 'allies')} is shown"
    ties = data.mean[0, 1:]
    best, worst = int(np.argmax(ties)) + 1, int(np.argmin(ties)) + 1
    told = [f"{data.mean[0, b]:.2f} ({signed(data.change[0, b])})" for b in (best, worst)]
    text = f"Allies and {the_framework(data.groups[best])} trust each other at {told[0]}"
    return text if best == worst else f"{text}; with {the_framework(data.groups[worst])} it is {told[1]}"


def table(data: Blocks) -> Table:
    """Mean mutual trust between groups at the end, its change, and the range over pairs."""
    rows = tuple(
        (group_name(group), *("one state" if math.isnan(data.mean[a, b]) else
          f"{data.mean[a, b]:.3f} ({signed(data.change[a, b], 3)}; {data.low[a, b]:.2f} to {data.high[a, b]:.2f})"
          for b in range(len(data.groups)))) for a, group in enumerate(data.groups)
    )  # fmt: skip
    heads = ("mean trust at the end (change; lowest to highest pair)", *(group_name(g) for g in data.groups))
    return Table(heads, rows)


def size(data: Blocks) -> tuple[float, float]:
    """A row a group."""
    return 11.0, 2.7 + 0.85 * max(len(data.groups), 3)


def draw(data: Blocks, figure: Sheet) -> None:
    """Every pair of groups: its mean, the change, and the range of its pairs of states."""
    if not np.isfinite(data.mean).any():
        return nothing(figure, "There is no pair of states to show.")
    [[axes]] = panels(figure, left=2.6, right=0.3, top=0.35, bottom=0.0)
    count = len(data.groups)
    norm = Normalize(float(np.nanmin(data.mean)) - 0.05, float(np.nanmax(data.mean)) + 0.05)
    colours = LOW_HIGH.with_extremes(bad="#ffffff")
    axes.imshow(np.ma.masked_invalid(data.mean), cmap=colours, norm=norm, interpolation="nearest", aspect="auto")
    axes.hlines(np.arange(count + 1) - 0.5, -0.5, count - 0.5, color="white", lw=2.0)
    axes.vlines(np.arange(count + 1) - 0.5, -0.5, count - 0.5, color="white", lw=2.0)
    for (a, b), value in np.ndenumerate(data.mean):
        if math.isnan(value):
            axes.text(b, a, "one state", ha="center", va="center", fontsize=SMALL, color=SOFT)
            continue
        looks: dict[str, Any] = {"ha": "center", "va": "center", "color": ink_on(LOW_HIGH(norm(float(value))))}
        words = f"{value:.2f} ({signed(float(data.change[a, b]))})"
        axes.text(b, a - 0.15, words, fontsize=BASE, fontweight="bold", **looks)
        axes.text(b, a + 0.2, f"{data.low[a, b]:.2f} to {data.high[a, b]:.2f}", fontsize=SMALL, **looks)
    names = ["\n".join(folded(group_name(g), 24)) + f" ({n})" for g, n in zip(data.groups, data.states, strict=True)]
    axes.set_yticks(range(count), names, color=INK)
    axes.set_xticks(range(count), ["Allies" if g == "allies" else framework_short(g) for g in data.groups], color=INK)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


FIGURES = (
    Chart(
        "trust_blocks", "Who trusts whom",
        "Mutual trust of groups (their states in brackets), 0 to 1, darker is more: mean of their pairs at the end and "
        "its change over the run; below, the lowest and the highest pair.",
        size, blocks, finding, draw, table, order=80,
    ),
)  # fmt: skip
