"""Arrangements and the accession track, a lane for each partner."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import home, partners
from analysis.pictures.style import (
    ARRANGEMENT_MARKERS,
    BAD,
    FOOT,
    INK,
    SIDE,
    SMALL,
    SOFT,
    TRACK_COLOURS,
    Sheet,
    blank,
    framework_look,
    inches,
    mark_years,
    nothing,
)
from analysis.words import Table, arrangement_name, counted, framework_short, listed, track_name
from sim.declare.names import ARRANGEMENTS, TRACK
from sim.law.world import NEVER
from sim.runs.results import Results


class Mark(NamedTuple):
    """A dated mark in a lane: an arrangement, or `suspension`. Step -1 stands for before the first quarter."""

    lane: int
    step: int
    what: str


class Span(NamedTuple):
    """A stay on the accession track, steps `start` to `end` (exclusive)."""

    lane: int
    start: int
    end: int
    track: str


class Timeline(NamedTuple):
    """Arrangements and accession track of every partner; a lane each."""

    quarters: tuple[str, ...]
    declared: tuple[str, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    frameworks: tuple[str, ...]
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]


def timeline(results: Results) -> Timeline:
    """Lanes by framework and name, with what was taken during the run, what was held before, and suspensions."""
    rows = [int(n) for n in partners(results)]
    at = home(results.framework, results.role)[-1]
    spans, marks = [], []
    for lane, n in enumerate(rows):
        track = results.track[:, n]
        edges = [0, *(s for s in range(1, len(track)) if track[s] != track[s - 1]), len(track)]
        spans += [Span(lane, a, b, TRACK[track[a]]) for a, b in pairwise(edges) if track[a] > 0]
        for a, name in enumerate(ARRANGEMENTS):
            since = int(results.arrangement[n, a])
            if since < NEVER and (a > 0 or since > 0):
                marks.append(Mark(lane, max(-1, since), name))
    lanes = {results.codes[n]: i for i, n in enumerate(rows)}
    for event in results.events:
        if event.kind == "suspension" and event.state in lanes:
            marks.append(Mark(lanes[event.state], event.step, "suspension"))
        if event.kind == "framework" and event.state in lanes:
            joined = Mark(lanes[event.state], event.step, "framework")
            if joined not in marks:
                marks.append(joined)
    return Timeline(
        results.quarters, results.frameworks, tuple(results.codes[n] for n in rows),
        tuple(results.names[n] for n in rows), tuple(results.frameworks[at[n]] for n in rows),
        tuple(spans), tuple(marks),
    )  # fmt: skip


def finding(data: Timeline) -> str:
    """How many arrangements were taken, and who became an ally."""
    taken = sum(m.step >= 0 and m.what in ARRANGEMENTS[1:] for m in data.marks)
    joined = [data.names[s.lane] for s in data.spans if s.track == "ally"]
    text = (
        f"Partners took {counted(taken, 'arrangement')}; {counted(len(joined), 'partner')} became "
        f"{'an ally' if len(joined) == 1 else 'allies'}"
    )
    stopped = len({m.lane for m in data.marks if m.what == "suspension"})
    text += f" ({listed(joined, 5)})" if joined else ""
    return text + (f"; cooperation with {counted(stopped, 'state')} was suspended" if stopped else "")


def table(data: Timeline) -> Table:
    """Every partner with its dated arrangements and steps on the track."""
    rows = []
    for lane, name in enumerate(data.names):
        held = [
            f"{'suspended' if m.what == 'suspension' else arrangement_name(m.what)} {_when(data, m.step)}"
            for m in sorted(data.marks, key=lambda m: m.step) if m.lane == lane
        ]  # fmt: skip
        track = [f"{track_name(s.track)} {_when(data, s.start)}" for s in data.spans if s.lane == lane]
        rows.append((name, "; ".join(held) or "none", "; ".join(track) or "not aspiring"))
    return Table(("partner", "arrangements", "accession track"), tuple(rows))


def _when(data: Timeline, step: int) -> str:
    return "before" if step < 0 else data.quarters[step]


def draw(data: Timeline, figure: Sheet) -> None:
    """A lane for each partner: bars are the accession track, marks the arrangements; held before: at the left edge."""
    if not data.codes:
        return nothing(figure, "No partner was in a framework.")
    wide, high = figure.get_size_inches()
    axes = inches(figure, 2.75, 0.75, -3.0, high - figure.head - FOOT - 1.05)
    count, steps = len(data.codes), len(data.quarters)
    axes.barh(np.arange(0, count, 2), steps + 3.0, left=-2.5, height=1.0, color="#f5f5f5")
    boxes = [Rectangle((s.start - 0.5, s.lane - 0.36), s.end - s.start, 0.72) for s in data.spans]
    shades = [TRACK_COLOURS[s.track] for s in data.spans]
    axes.add_collection(PatchCollection(boxes, facecolors=shades, edgecolors="none"))
    for name, marker in ARRANGEMENT_MARKERS.items():
        _marks(axes, data, name, marker)
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
            -2.45 / (wide - 3.0), i, framework_short(data.frameworks[i]), transform=axes.get_yaxis_transform(),
            fontsize=SMALL, fontweight="bold", color=framework_look(data.frameworks[i], data.declared)[0], va="center",
        )  # fmt: skip
    mark_years(axes, data.quarters, most=11)
    axes.set_xlim(-2.6, steps - 0.4)
    axes.set_ylim(count - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    _key(figure)


def _marks(axes: Axes, data: Timeline, name: str, marker: str) -> None:
    """Every partner's mark of one arrangement: small at the left edge where it was held before."""
    marks = [m for m in data.marks if m.what == name]
    before, later = [m.lane for m in marks if m.step < 0], [m for m in marks if m.step >= 0]
    if marks:
        place, star = -2.3 + 0.26 * ARRANGEMENTS.index(name), marker == "*"
        axes.scatter([place] * len(before), before, marker=marker, s=28 if star else 16, color=INK, linewidths=0,
                     zorder=3)  # fmt: skip
        at = [m.step + _aside(data, m) for m in later]
        axes.scatter(at, [m.lane for m in later], marker=marker, s=90 if star else 44, color=INK, edgecolors="white",
                     linewidths=0.7, zorder=4)  # fmt: skip


def _aside(data: Timeline, mark: Mark) -> float:
    """Shift of a mark, in quarters, so that marks of the same quarter stand side by side."""
    same = [m for m in data.marks if m.lane == mark.lane and m.step == mark.step]
    return 0.0 if len(same) == 1 else 0.55 * (same.index(mark) - 0.5 * (len(same) - 1))


def _key(figure: Sheet) -> None:
    """What marks and bars mean, in two lines under the lanes."""
    key = blank(inches(figure, SIDE, 0.0, -2 * SIDE, 0.45))
    key.set_xlim(0, figure.get_size_inches()[0] - 2 * SIDE)
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
    words = "small marks at the left edge: held before the first quarter"
    key.text(x, 0.25, words, va="center", fontsize=SMALL, color=SOFT)


FIGURES = (
    Chart(
        "timeline", "Arrangements and the accession track",
        "A lane for each partner: marks are arrangements taken, bars the place on the accession track. No arrangement "
        "implies accession.",
        (12, 9.5), timeline, finding, draw, table, order=160,
    ),
)  # fmt: skip
