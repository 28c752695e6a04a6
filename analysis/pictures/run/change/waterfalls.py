"""What moved the scores: the largest entries of the ledger, of the mean partner and of one partner."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import partners
from analysis.pictures.style import BAD, GOOD, INK, SOFT, Sheet, note, panels
from analysis.stats.largest import largest
from analysis.words import Table, cause_name, family_of, moved, plain, signed
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


def waterfall(results: Results, score: str, code: str | None = None) -> Waterfall:
    """Every contribution, gains first; of one state, or of the mean partner."""
    rows = partners(results) if code is None else np.array([results.codes.index(code)])
    at = SCORES.index(score)
    ledger = results.contributions[:, at, rows].mean(axis=1) if len(rows) else np.zeros(len(CAUSES))
    end = float(results.states[-1, rows, STATE_VARIABLES.index(score)].mean()) if len(rows) else 0.0
    order = sorted((c for c in range(len(CAUSES)) if ledger[c] != 0.0), key=lambda c: -ledger[c])
    subject = "mean partner" if code is None else results.names[int(rows[0])]
    return Waterfall(subject, score, end - float(ledger.sum()), end, tuple(CAUSES[c] for c in order), ledger[order])


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
    if trust.causes:
        causes, amounts = largest([*map(family_of, trust.causes)], trust.amounts)
        top = int(np.argmax(np.abs(amounts)))
        entry = f"{cause_name(causes[top]).lower()} ({signed(float(amounts[top]))})"
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
    """Trust left, interoperability right; bars float from the first value to the last and sum to the change."""
    grid = panels(figure, 1, 2, left=2.1, right=0.75, across=2.6, top=0.35, bottom=0.5)
    for axes, one in zip(grid[0], data, strict=True):
        draw_waterfall(one, axes, "Before the start", "At the end", plain(one.score))


def draw_waterfall(data: Waterfall, axes: Axes, first: str, last: str, title: str) -> None:
    """One waterfall from zero, which is the first value, to the last: gains full, losses hatched, each with its amount.

    Activities are summed by instrument, threats into one: the table has each. The line between the ends is the change.
    """
    causes, amounts = largest([*map(family_of, data.causes)], data.amounts)
    edges = np.concatenate([[0.0], np.cumsum(amounts)])
    rows, bottom = np.arange(1, len(amounts) + 1), len(amounts) + 1
    for kept, colour, hatch in ((amounts > 0.0, GOOD, ""), (amounts <= 0.0, BAD, "//")):
        axes.barh(rows[kept], np.abs(amounts[kept]), left=np.minimum(edges[:-1], edges[1:])[kept], height=0.66,
                  color=colour, hatch=hatch, edgecolor="white", lw=0.3)  # fmt: skip
    axes.barh([bottom], [edges[-1]], height=0.66, color="#6b6b6b")
    axes.add_collection(LineCollection(
        [[(edge, i), (edge, i + 1)] for i, edge in enumerate(edges)], colors=SOFT, linewidths=0.7, zorder=0
    ))  # fmt: skip
    axes.axvline(0.0, color=INK, lw=1.0)
    for i, amount in enumerate(amounts):
        note(axes, signed(float(amount), 3), (max(edges[i], edges[i + 1]), i + 1))
    note(axes, f"{data.start:.3f}", (0.0, 0), fontweight="bold")
    words = f"{data.end:.3f} ({signed(data.end - data.start, 3)})"
    note(axes, words, (max(0.0, float(edges[-1])), bottom), fontweight="bold")
    axes.set_yticks(range(bottom + 1), [first, *map(cause_name, causes), last], color=INK)
    for i in (0, -1):
        axes.get_yticklabels()[i].set_fontweight("bold")
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(bottom, 8) + 0.6, -0.6)
    low, high = float(edges.min()), max(float(edges.max()), 0.01)
    axes.set_xlim(low - 0.02 * (high - low), high + 0.3 * (high - low))
    axes.locator_params(axis="x", nbins=4)
    axes.set_title(title)
    axes.set_xlabel("change of the score")


OF_ONE = "waterfall_partner"
SHOWS = (
    "Contributions from the ledger; they sum to the change of a score of 0 to 1. Activities by instrument. Blue: "
    "gains; hatched orange: losses. Accounting in rule order, not causation."
)
FIGURES = (
    Chart(
        "waterfall_mean", "What moved the mean partner", SHOWS,
        (12, 6.0), mean_waterfalls, finding, draw, table, order=140, narrow=(4.9, 9.0),
    ),
    Chart(
        OF_ONE, "What moved one partner", SHOWS,
        (12, 6.0), partner_waterfalls, finding, draw, table, order=150, narrow=(4.9, 9.0),
    ),
)  # fmt: skip
