"""Arrangements and the accession track, a lane for each partner."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import home, partners, suspended
from analysis.pictures.style import (
    BAD,
    FOOT,
    INK,
    SIDE,
    SMALL,
    SOFT,
    TRACK_COLOURS,
    Sheet,
    blank,
    inches,
    mark_years,
    nothing,
)
from analysis.words import Table, arrangement_name, counted, framework_short, listed, track_name
from sim.declare.names import ARRANGEMENTS, TRACK
from sim.law.world import NEVER
from sim.runs.results import Results

NAMES, LANES, AFTER = 2.4, 4.85, 0.8  # inches from the left edge to what was held and to the first quarter; right edge
SHORT: Final = {name: name.upper() for name in ARRANGEMENTS} | {"framework": "joins", "interoperability_platform": "IP"}


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
    stops: tuple[Span, ...]  # cooperation suspended


def timeline(results: Results) -> Timeline:
    """Lanes by framework and name, with what was taken during the run, what was held before, and suspensions."""
    rows = [int(n) for n in partners(results)]
    at, stopped = home(results.framework, results.role)[-1], suspended(results)
    spans, marks, stops = list[Span](), list[Mark](), list[Span]()
    for lane, n in enumerate(rows):
        for found, values, names in ((spans, results.track[:, n], TRACK), (stops, stopped[:, n], ("", "suspended"))):
            edges = [0, *(s for s in range(1, len(values)) if values[s] != values[s - 1]), len(values)]
            found += [Span(lane, a, b, names[int(values[a])]) for a, b in pairwise(edges) if values[a] > 0]
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
        tuple(spans), tuple(marks), tuple(stops),
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


def size(data: Timeline) -> tuple[float, float]:
    """A lane a partner."""
    return 12.0, 3.6 + 0.215 * max(len(data.codes), 6)


def draw(data: Timeline, figure: Sheet) -> None:
    """A lane for each partner: words are arrangements, strips the accession track."""
    if not data.codes:
        return nothing(figure, "No partner was in a framework.")
    wide, high = figure.get_size_inches()
    axes = inches(figure, LANES, 0.75, -(LANES + AFTER), high - figure.head - FOOT - 1.05)
    count, steps = len(data.codes), len(data.quarters)
    quarter = (wide - LANES - AFTER) / steps  # inches
    axes.barh(np.arange(0, count, 2), steps, left=-0.5, height=1.0, color="#f5f5f5", zorder=0)
    boxes = [Rectangle((s.start - 0.5, s.lane + 0.24), s.end - s.start, 0.22) for s in data.spans]
    shades = [TRACK_COLOURS[s.track] for s in data.spans]
    axes.add_collection(PatchCollection(boxes, facecolors=shades, edgecolors="none", zorder=1))
    for stop in data.stops:
        box = (stop.start - 0.5, stop.lane + 0.2), stop.end - stop.start, 0.28
        axes.add_patch(Rectangle(*box, fc="white", ec=BAD, hatch="//////", lw=0.6, zorder=2))
    for lane in range(count):
        _lane(axes, data, lane, quarter)
    axes.set_yticks(range(count), list(data.names), color=INK)
    axes.tick_params(axis="y", length=0, pad=(LANES - NAMES + 0.08) * 72.0)
    firsts = [i for i in range(count) if i == 0 or data.frameworks[i] != data.frameworks[i - 1]]
    axes.hlines([i - 0.5 for i in firsts[1:]], -0.5, steps, color=SOFT, lw=0.8)
    for i in firsts:
        axes.text(1.01, i, framework_short(data.frameworks[i]), transform=axes.get_yaxis_transform(), va="center",
                  fontsize=SMALL, fontweight="bold")  # fmt: skip
    mark_years(axes, data.quarters, most=11)
    axes.set_xlim(-0.5, steps - 0.4)
    axes.set_ylim(count - 0.5, -0.5)
    axes.text(-(LANES - NAMES) / (wide - LANES - AFTER), 1.004, "held before", transform=axes.transAxes, fontsize=SMALL,
              color=SOFT, va="bottom")  # fmt: skip
    _key(figure)


def _lane(axes: Axes, data: Timeline, lane: int, quarter: float) -> None:
    """A partner's arrangements: what was held before at the left, then each at its date, near ones together."""
    marks = sorted((m for m in data.marks if m.lane == lane and m.what != "suspension"), key=lambda m: m.step)
    held = " ".join(SHORT[m.what] for m in marks if m.step < 0)
    wide = quarter * len(data.quarters)
    axes.text(-(LANES - NAMES) / wide, lane, held, transform=axes.get_yaxis_transform(), fontsize=SMALL - 1.0,
              va="center", color=SOFT)  # fmt: skip
    later, end = [m for m in marks if m.step >= 0], len(data.quarters)
    while later:
        together = [later.pop(0)]
        while later and (later[0].step - together[0].step) * quarter < 0.25 + _wide(together):
            together.append(later.pop(0))
        first, last = together[0].step, together[-1].step
        turned = end - first < _wide(together) / quarter + 1.0  # no room at the right
        axes.plot([m.step for m in together], [lane - 0.08] * len(together), ls="", marker="o", ms=3.5, color=INK)
        x, side = (first - 0.25, "right") if turned else (last + 0.25, "left")
        axes.text(x, lane - 0.08, " ".join(SHORT[m.what] for m in together), fontsize=SMALL - 1.0, va="center", ha=side)


def _wide(marks: Sequence[Mark]) -> float:
    """Inches that their words take where letters are largest against the sheet, in print."""
    return 0.095 * (sum(len(SHORT[m.what]) + 1 for m in marks))


def _key(figure: Sheet) -> None:
    """What strips mean, under the lanes."""
    key = blank(inches(figure, SIDE, 0.0, -2 * SIDE, 0.45))
    key.set_xlim(0, figure.get_size_inches()[0] - 2 * SIDE)
    key.set_ylim(0, 1)
    x = 0.0
    for name in TRACK[1:]:
        key.add_patch(Rectangle((x, 0.3), 0.3, 0.3, facecolor=TRACK_COLOURS[name], edgecolor=SOFT, lw=0.4))
        key.text(x + 0.38, 0.45, track_name(name), va="center", fontsize=SMALL)
        x += 0.38 + 0.095 * len(track_name(name)) + 0.35
    key.add_patch(Rectangle((x, 0.3), 0.3, 0.3, fc="white", ec=BAD, hatch="//////", lw=0.6))
    key.text(x + 0.38, 0.45, "cooperation suspended", va="center", fontsize=SMALL)


FIGURES = (
    Chart(
        "timeline", "Arrangements and the accession track",
        "A lane for each partner: words are arrangements taken (IP: Interoperability Platform), strips the place on "
        "the accession track. No arrangement implies accession.",
        size, timeline, finding, draw, table, order=160,
    ),
)  # fmt: skip
