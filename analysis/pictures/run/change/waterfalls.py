"""What moved the scores: the largest entries of the ledger, of the mean partner and of one partner."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import partners
from analysis.pictures.style import BAD, GOOD, INK, SMALL, SOFT, Sheet, note, panels
from analysis.words import Table, cause_name, moved, plain, signed
from sim.declare.names import SCORES, STATE_VARIABLES
from sim.law.compiled import Floats
from sim.law.ledger import CAUSES
from sim.runs.results import Results


class Waterfall(NamedTuple):
    """What moved a score from `start` (before the first quarter) to `end`: named amounts that sum to the change."""

    subject: str
    score: str
    start: float
    end: float
    causes: tuple[str, ...]
    amounts: Floats


def waterfall(results: Results, score: str, code: str | None = None, top: int = 8) -> Waterfall:
    """The `top` largest contributions, gains first, then the rest as one; of one state, or of the mean partner."""
    rows = partners(results) if code is None else np.array([results.codes.index(code)])
    at = SCORES.index(score)
    ledger = results.contributions[:, at, rows].mean(axis=1) if len(rows) else np.zeros(len(CAUSES))
    end = float(results.states[-1, rows, STATE_VARIABLES.index(score)].mean()) if len(rows) else 0.0
    order = sorted(range(len(CAUSES)), key=lambda c: -abs(ledger[c]))
    kept = sorted((c for c in order[:top] if abs(ledger[c]) >= 0.0005), key=lambda c: -ledger[c])
    rest = [c for c in range(len(CAUSES)) if c not in kept and ledger[c] != 0.0]
    names = [CAUSES[c] for c in kept]
    amounts = [float(ledger[c]) for c in kept]
    if rest:
        names.append(f"{len(rest)} smaller causes" if len(rest) > 1 else CAUSES[rest[0]])
        amounts.append(float(ledger[rest].sum()))
    subject = "mean partner" if code is None else results.names[int(rows[0])]
    return Waterfall(subject, score, end - float(ledger.sum()), end, tuple(names), np.array(amounts))


class Waterfalls(NamedTuple):
    """Trust and interoperability of one subject."""

    trust: Waterfall
    interoperability: Waterfall


def mean_waterfalls(results: Results) -> Waterfalls:
    """The mean partner."""
    return Waterfalls(waterfall(results, "trust"), waterfall(results, "interoperability"))


def partner_waterfalls(results: Results, code: str | None = None) -> Waterfalls:
    """One partner; if none is named, the one whose trust changed most against the mean partner's change."""
    if code is None:
        rows = partners(results)
        change = results.contributions[:, 0, :].sum(axis=0)[rows]
        if len(rows):
            code = results.codes[int(rows[int(np.argmax(np.abs(change - change.mean())))])]
    return Waterfalls(waterfall(results, "trust", code), waterfall(results, "interoperability", code))


def finding(data: Waterfalls) -> str:
    """Change of both scores with the largest gain and loss of trust."""
    trust, skill = data
    who = "the mean partner" if trust.subject == "mean partner" else trust.subject
    text = f"Trust of {who} {moved(trust.end - trust.start)}, interoperability {moved(skill.end - skill.start)}"
    if not trust.causes and not skill.causes:
        text += " (0 entries in the ledger)"
    named = [i for i, c in enumerate(trust.causes) if not c.endswith("smaller causes")]
    if named:
        top = max(named, key=lambda i: abs(trust.amounts[i]))
        entry = f"{cause_name(trust.causes[top]).lower()} ({signed(float(trust.amounts[top]))})"
        text += f"; the largest entry for trust is {entry}"
    return text


def table(data: Waterfalls) -> Table:
    """Start, every amount, end; amounts sum to the change."""
    return booked(data, "before the first quarter", "at the end")


def booked(falls: Iterable[Waterfall], first: str, last: str) -> Table:
    """Every amount between two named ends."""
    rows = []
    for one in falls:
        rows.append((one.score, first, f"{one.start:.4f}"))
        rows += [(one.score, cause_name(c), signed(float(a), 4)) for c, a in zip(one.causes, one.amounts, strict=True)]
        rows.append((one.score, last, f"{one.end:.4f}"))
    return Table(("score", "cause", "amount, 0 to 1"), tuple(rows))


def draw(data: Waterfalls, figure: Sheet) -> None:
    """Trust left, interoperability right; bars float from start to end and sum to the change."""
    grid = panels(figure, 1, 2, left=2.35, right=0.5, across=2.6, top=0.35, bottom=0.5)
    for axes, one in zip(grid[0], data, strict=True):
        draw_waterfall(one, axes, "Before the start", "At the end", plain(one.score))


def draw_waterfall(data: Waterfall, axes: Axes, first: str, last: str, title: str) -> None:
    """One waterfall between two named ends: gains full, losses hatched, every amount written at its bar."""
    edges = data.start + np.concatenate([[0.0], np.cumsum(data.amounts)])
    rows = np.arange(1, len(data.amounts) + 1)
    bottom = len(data.amounts) + 1
    low, high = float(min(edges.min(), data.end)), float(max(edges.max(), data.end))
    origin = 0.0 if low < 0.5 * high else low - 0.25 * max(high - low, 0.02)
    axes.barh([0, bottom], [data.start - origin, data.end - origin], left=origin, height=0.66, color="#6b6b6b")
    for kept, colour, hatch in ((data.amounts > 0.0, GOOD, ""), (data.amounts <= 0.0, BAD, "//")):
        axes.barh(rows[kept], np.abs(data.amounts[kept]), left=np.minimum(edges[:-1], edges[1:])[kept], height=0.66,
                  color=colour, hatch=hatch, edgecolor="white", lw=0.3)  # fmt: skip
    joints = [[(edge, i), (edge, i + 1)] for i, edge in enumerate(edges)]
    axes.add_collection(LineCollection(joints, colors=SOFT, linewidths=0.7, zorder=0))
    for i, amount in enumerate(data.amounts):
        note(axes, signed(float(amount), 3), (max(edges[i], edges[i + 1]), i + 1))
    for at, value in ((0, data.start), (bottom, data.end)):
        note(axes, f"{value:.3f}", (value, at), fontweight="bold")
    axes.set_yticks(range(bottom + 1), [first, *map(cause_name, data.causes), last], color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(bottom, 8) + 0.6, -0.6)
    axes.set_xlim(origin, high + 0.22 * (high - origin))
    axes.set_title(f"{title} {signed(data.end - data.start, 3)}")
    if origin > 0.0:
        axes.set_xlabel(f"axis starts at {origin:.2f}", fontsize=SMALL, color=SOFT)


SHOWS = (
    "Contributions from the ledger, 0 to 1; they sum to the change. Blue: gains; hatched orange: losses. "
    "Accounting in rule order, not causation."
)
FIGURES = (
    Chart(
        "waterfall_mean", "What moved the mean partner", SHOWS,
        (12, 6.0), mean_waterfalls, finding, draw, table, order=140,
    ),
    Chart(
        "waterfall_partner", "What moved the partner furthest from the mean", SHOWS,
        (12, 6.0), partner_waterfalls, finding, draw, table, order=150,
    ),
)  # fmt: skip
