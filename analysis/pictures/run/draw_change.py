"""Pictures of change: the waterfall of contributions, arrangements through time, every measure with its pair."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Rectangle

from analysis.pictures.run.draw_partners import nothing
from analysis.pictures.run.numbers_change import Lines, Mark, Timeline, Waterfall, Waterfalls, cause_name
from analysis.pictures.style import (
    ARRANGEMENT_MARKERS,
    BAD,
    FOOT,
    GOOD,
    INK,
    SMALL,
    SOFT,
    TRACK_COLOURS,
    Sheet,
    blank,
    framework_look,
    mark_years,
    panels,
)
from analysis.words import arrangement_name, framework_short, number, plain, signed, track_name
from sim.declare.names import ARRANGEMENTS, TRACK

MEASURE_NAMES = {"coalition_score": "Coalition i-Score"}
ARROWS = {1: "↑", -1: "↓", 0: ""}
BASE_TITLE = SMALL + 0.5


def draw_waterfalls(data: Waterfalls, figure: Sheet) -> Sheet:
    """Trust left, interoperability right; bars float from start to end and sum to the change."""
    grid = panels(figure, 1, 2, left=2.35, right=0.5, across=2.6, top=0.35, bottom=0.5)
    for axes, one in zip(grid[0], data, strict=True):
        draw_waterfall(one, axes)
    return figure


def draw_waterfall(data: Waterfall, axes: Axes) -> Axes:
    """One waterfall on one axes: gains full, losses hatched, every amount written at its bar."""
    edges = data.start + np.concatenate([[0.0], np.cumsum(data.amounts)])
    rows = np.arange(1, len(data.amounts) + 1)
    last = len(data.amounts) + 1
    low = float(min(edges.min(), data.end))
    high = float(max(edges.max(), data.end))
    reach = max(high - low, 0.02)
    origin = 0.0 if low < 0.5 * high else low - 0.25 * reach
    right = high + 0.22 * (high - origin)
    axes.barh([0, last], [data.start - origin, data.end - origin], left=origin, height=0.66, color="#6b6b6b")
    for up, colour, hatch in ((True, GOOD, ""), (False, BAD, "//")):
        kept = data.amounts > 0.0 if up else data.amounts <= 0.0
        axes.barh(
            rows[kept],
            np.abs(data.amounts[kept]),
            left=np.minimum(edges[:-1], edges[1:])[kept],
            height=0.66,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            lw=0.3,
        )
    axes.add_collection(
        LineCollection([[(edges[i], i), (edges[i], i + 1)] for i in range(last)], colors=SOFT, linewidths=0.7, zorder=0)
    )
    for i, amount in enumerate(data.amounts):
        axes.annotate(
            signed(float(amount), 3),
            (max(edges[i], edges[i + 1]), i + 1),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
        )
    for at, value in ((0, data.start), (last, data.end)):
        axes.annotate(
            f"{value:.3f}",
            (value, at),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALL,
            fontweight="bold",
        )
    axes.set_yticks(
        range(last + 1), ["Before the start", *(cause_name(c) for c in data.causes), "At the end"], color=INK
    )
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(last, 8) + 0.6, -0.6)
    axes.set_xlim(origin, right)
    axes.set_title(f"{plain(data.score)} {signed(data.end - data.start, 3)}")
    if origin > 0.0:
        axes.set_xlabel(f"axis starts at {origin:.2f}", fontsize=SMALL, color=SOFT)
    return axes


def draw_timeline(data: Timeline, figure: Sheet) -> Sheet:
    """A lane for each partner: bars are the accession track, marks the arrangements; held before: at the left edge."""
    if not data.codes:
        return nothing(figure, "No partner was in a framework.")
    wide, high = figure.get_size_inches()
    axes = figure.add_axes(
        (2.75 / wide, (FOOT + 0.75) / high, 1.0 - 3.0 / wide, (high - figure.head - FOOT - 1.05) / high)
    )
    count, steps = len(data.codes), len(data.quarters)
    axes.barh(np.arange(0, count, 2), steps + 3.0, left=-2.5, height=1.0, color="#f5f5f5")
    boxes = [Rectangle((s.start - 0.5, s.lane - 0.36), s.end - s.start, 0.72) for s in data.spans]
    axes.add_collection(
        PatchCollection(boxes, facecolors=[TRACK_COLOURS[s.track] for s in data.spans], edgecolors="none")
    )
    for name, marker in ARRANGEMENT_MARKERS.items():
        marks = [m for m in data.marks if m.what == name]
        if marks:
            before = [m.lane for m in marks if m.step < 0]
            place = -2.3 + 0.26 * ARRANGEMENTS.index(name)
            axes.scatter(
                [place] * len(before),
                before,
                marker=marker,
                s=28 if marker == "*" else 16,
                color=INK,
                linewidths=0,
                zorder=3,
            )
            later = [m for m in marks if m.step >= 0]
            at = [m.step + _aside(data, m) for m in later]
            axes.scatter(
                at,
                [m.lane for m in later],
                marker=marker,
                s=90 if marker == "*" else 44,
                color=INK,
                edgecolors="white",
                linewidths=0.7,
                zorder=4,
            )
    stopped = [m for m in data.marks if m.what == "suspension"]
    axes.scatter(
        [m.step for m in stopped], [m.lane for m in stopped], marker="x", s=48, color=BAD, linewidths=2.2, zorder=5
    )
    axes.set_yticks(range(count), list(data.names))
    for label, framework in zip(axes.get_yticklabels(), data.frameworks, strict=True):
        label.set_color(framework_look(framework, data.declared)[0])
    firsts = [i for i in range(count) if i == 0 or data.frameworks[i] != data.frameworks[i - 1]]
    axes.hlines([i - 0.5 for i in firsts[1:]], -2.5, steps, color=SOFT, lw=0.8)
    for i in firsts:
        axes.text(
            -2.45 / (wide - 3.0),
            i,
            framework_short(data.frameworks[i]),
            transform=axes.get_yaxis_transform(),
            fontsize=SMALL,
            fontweight="bold",
            color=framework_look(data.frameworks[i], data.declared)[0],
            va="center",
            ha="left",
        )
    mark_years(axes, data.quarters, most=11)
    axes.set_xlim(-2.6, steps - 0.4)
    axes.set_ylim(count - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    _timeline_key(data, figure, wide, high)
    return figure


def _aside(data: Timeline, mark: Mark) -> float:
    """Shift of a mark, in quarters, so that marks of the same quarter stand side by side."""
    same = [m for m in data.marks if m.lane == mark.lane and m.step == mark.step]
    return 0.0 if len(same) == 1 else 0.55 * (same.index(mark) - 0.5 * (len(same) - 1))


def _timeline_key(data: Timeline, figure: Sheet, wide: float, high: float) -> None:
    """What marks and bars mean, in two lines under the lanes."""
    key = blank(figure.add_axes((0.3 / wide, (FOOT + 0.0) / high, 1.0 - 0.6 / wide, 0.45 / high)))
    key.set_xlim(0, wide - 0.6)
    key.set_ylim(0, 1)
    x = 0.0
    for name, marker in ARRANGEMENT_MARKERS.items():
        key.scatter([x + 0.08], [0.75], marker=marker, s=90 if marker == "*" else 44, color=INK, linewidths=0)
        key.text(x + 0.22, 0.75, arrangement_name(name), va="center", fontsize=SMALL)
        x += 0.22 + 0.092 * len(arrangement_name(name)) + 0.28
    key.scatter([x + 0.08], [0.75], marker="x", s=48, color=BAD, linewidths=2.2)
    key.text(x + 0.22, 0.75, "suspended", va="center", fontsize=SMALL)
    x = 0.0
    for name in TRACK[1:]:
        key.add_patch(Rectangle((x, 0.08), 0.3, 0.34, facecolor=TRACK_COLOURS[name], edgecolor=SOFT, lw=0.4))
        key.text(x + 0.38, 0.25, track_name(name), va="center", fontsize=SMALL)
        x += 0.38 + 0.095 * len(track_name(name)) + 0.35
    key.text(
        x, 0.25, "small marks at the left edge: held before the first quarter", va="center", fontsize=SMALL, color=SOFT
    )


def draw_lines(data: Lines, figure: Sheet) -> Sheet:
    """A small panel for each measure: full line with the programme, dashed without; each on its own scale."""
    wide, high = figure.get_size_inches()
    axes = blank(figure.add_axes((0.3 / wide, FOOT / high, 1.0 - 0.6 / wide, (high - figure.head - FOOT) / high)))
    columns = 6
    rows = -(-len(data.measures) // columns)
    steps = np.linspace(0.03, 0.76, data.values.shape[1])
    boxes, mine, pair = [], [], []
    for i, name in enumerate(data.measures):
        x, y = i % columns, i // columns
        both = data.values[i] if data.without is None else np.concatenate([data.values[i], data.without[i]])
        low, top = float(both.min()), float(both.max())
        if top - low < 0.02:
            low, top = low - 0.01, top + 0.01

        def at(values: "np.ndarray", y: int = y, low: float = low, top: float = top) -> "np.ndarray":
            return y + 0.88 - 0.5 * (values - low) / (top - low)

        boxes.append(Rectangle((x + 0.03, y + 0.36), 0.73, 0.54))
        mine.append(np.column_stack([x + steps, at(data.values[i])]))
        if data.without is not None:
            pair.append(np.column_stack([x + steps, at(data.without[i])]))
        axes.text(x + 0.03, y + 0.17, MEASURE_NAMES.get(name, plain(name)), fontsize=BASE_TITLE, fontweight="bold")
        axes.text(
            x + 0.03,
            y + 0.31,
            f"{data.units[i]} {ARROWS[data.directions[i]]}".replace("-1", "−1"),
            fontsize=9.0,
            color=SOFT,
        )
        ends = [at(data.values[i])[-1]]
        axes.text(
            x + 0.775,
            ends[0],
            number(float(data.values[i, -1])),
            fontsize=SMALL,
            va="center",
            color="#005a8e",
            fontweight="bold",
        )
    axes.add_collection(PatchCollection(boxes, facecolor="#f3f3f3", edgecolor="none"))
    axes.add_collection(LineCollection(pair, colors=BAD, linewidths=1.3, linestyles=[(0, (3, 1.2))]))
    axes.add_collection(LineCollection(mine, colors=GOOD, linewidths=1.9))
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    return figure
