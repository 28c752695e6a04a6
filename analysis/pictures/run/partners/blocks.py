"""Who trusts whom: mutual trust of every pair of states, and of groups."""

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import group_name, grouped
from analysis.pictures.style import (
    FOOT,
    INK,
    LOW_HIGH,
    SMALL,
    SOFT,
    Sheet,
    broken,
    inches,
    ink_on,
    nothing,
    spread_labels,
)
from analysis.words import Table, counted, framework_short, signed, the_framework
from sim.law.compiled import Floats
from sim.runs.results import Results


class Blocks(NamedTuple):
    """Mutual trust of every pair, states ordered by group; `first` of each group; means over pairs of groups (G, G)."""

    codes: tuple[str, ...]
    groups: tuple[str, ...]
    first: tuple[int, ...]
    trust: Floats
    change: Floats
    mean: Floats
    mean_change: Floats


def blocks(results: Results) -> Blocks:
    """Mutual trust at the end and its change since before the first quarter."""
    groups, members = grouped(results)
    order = np.array([n for rows in members for n in rows], dtype=np.int64)
    end = results.mutual_trust[1][np.ix_(order, order)].copy()
    change = end - results.mutual_trust[0][np.ix_(order, order)]
    np.fill_diagonal(end, np.nan)
    np.fill_diagonal(change, np.nan)
    edges = np.cumsum([0] + [len(rows) for rows in members])
    means = np.full((2, len(groups), len(groups)), np.nan)
    for i, a, b in np.ndindex(means.shape):
        part = (end, change)[i][edges[a] : edges[a + 1], edges[b] : edges[b + 1]]
        if (~np.isnan(part)).any():
            means[i, a, b] = float(np.nanmean(part))
    return Blocks(
        tuple(results.codes[n] for n in order), tuple(groups), tuple(int(e) for e in edges[:-1]), end, change,
        means[0], means[1],
    )  # fmt: skip


def finding(data: Blocks) -> str:
    """Trust with the allies against trust within the frameworks."""
    if len(data.groups) < 2:
        return f"No framework has partners; trust of {counted(len(data.codes), 'ally', 'allies')} is shown"
    ties = data.mean[0, 1:]
    best, worst = int(np.argmax(ties)) + 1, int(np.argmin(ties)) + 1
    told = [f"{data.mean[0, b]:.2f} ({signed(data.mean_change[0, b])})" for b in (best, worst)]
    text = f"Allies and {the_framework(data.groups[best])} trust each other at {told[0]}"
    return text if best == worst else f"{text}; with {the_framework(data.groups[worst])} it is {told[1]}"


def table(data: Blocks) -> Table:
    """Mean mutual trust between groups at the end, and its change."""
    rows = (
        (group_name(group), *(
            "one state" if math.isnan(mean) else f"{mean:.3f} ({signed(change, 3)})"
            for mean, change in zip(means, changes, strict=True)
        )) for group, means, changes in zip(data.groups, data.mean, data.mean_change, strict=True)
    )  # fmt: skip
    return Table(("mean trust at the end (change)", *(group_name(g) for g in data.groups)), tuple(rows))


def draw(data: Blocks, figure: Sheet) -> None:
    """Left: every pair at the end. Right: the mean of every pair of groups, and its change over the run."""
    if not np.isfinite(data.trust).any():
        return nothing(figure, "There is no pair of states to show.")
    wide, high = figure.get_size_inches()
    side, count = high - figure.head - FOOT - 0.55, len(data.codes)
    edges = [*data.first, count]
    norm = Normalize(float(np.nanmin(data.trust)), float(np.nanmax(data.trust)))  # for pairs and for means
    axes = _matrix(inches(figure, 1.75, 0.15, side, side), data.trust, norm)
    axes.hlines([e - 0.5 for e in edges], -0.5, count - 0.5, color="white", lw=2.0)
    axes.vlines([e - 0.5 for e in edges], -0.5, count - 0.5, color="white", lw=2.0)
    middles = [(a + b - 1) / 2.0 for a, b in pairwise(edges)]
    short = ["Allies" if g == "allies" else framework_short(g) for g in data.groups]
    sizes = [b - a for a, b in pairwise(edges)]
    full = [broken(group_name(g)) if n >= 4 else w for g, n, w in zip(data.groups, sizes, short, strict=True)]
    axes.set_yticks(spread_labels(middles, 0.055 * count, 0.0, count - 1.0), full)
    axes.set_xticks(spread_labels(middles, 0.075 * count, 0.0, count - 1.0), short)
    left = 1.75 + side + 1.05
    box = min(wide - left - 0.25, side)
    means = _matrix(inches(figure, left, 0.15 + side - box, box, box), data.mean, norm)
    for (a, b), value in np.ndenumerate(data.mean):
        if math.isnan(value):
            means.text(b, a, "one\nstate", ha="center", va="center", fontsize=SMALL, color=SOFT)
            continue
        looks: dict[str, Any] = {"ha": "center", "va": "center", "color": ink_on(LOW_HIGH(norm(float(value))))}
        means.text(b, a - 0.13, f"{value:.2f}", fontsize=12, fontweight="bold", **looks)
        means.text(b, a + 0.22, signed(float(data.mean_change[a, b])), fontsize=SMALL, **looks)
    means.set_yticks(range(len(short)), short)
    means.set_xticks(range(len(short)), short)


def _matrix(axes: Axes, values: Floats, norm: Normalize) -> Axes:
    """Trust in shades."""
    colours = LOW_HIGH.with_extremes(bad="#ffffff")
    axes.imshow(np.ma.masked_invalid(values), cmap=colours, norm=norm, interpolation="nearest")
    axes.tick_params(length=0, colors=INK)
    axes.xaxis.tick_top()
    axes.spines[:].set_visible(False)
    return axes


FIGURES = (
    Chart(
        "trust_blocks", "Who trusts whom",
        "Mutual trust, 0 to 1 (darker is more). Left: every pair at the end. Right: mean of each pair of groups "
        "and, below it, its change over the run.",
        (12, 7.5), blocks, finding, draw, table, order=80,
    ),
)  # fmt: skip
