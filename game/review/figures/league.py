"""Duplicate league: every group at its difference from the other tables, seat by seat."""

from typing import Final

import numpy as np

from analysis.pictures.chart import Chart, same
from analysis.pictures.style import FAINT, INK, Sheet, panels
from analysis.pictures.write import Job
from analysis.said import Said
from analysis.words import shortened
from game.review.after_action import Review
from game.review.figures.shared import LOOKS, SEAT, seat_name
from game.review.league import League, league_table

SECTION: Final = "league"


def named(group: str) -> str:
    """A group as a figure names it: its file's name as somebody wrote it, cut where it is long."""
    return shortened(group, SEAT)


def size(data: League) -> tuple[float, float]:
    """A line a group for every seat."""
    return 11.0, max(5.4, 2.9 + len(data.seats) * (0.12 + 0.16 * len(data.groups)))


def finding(data: League) -> str:
    """Whose seat did best against the same seat at the other tables."""
    g, s = np.unravel_index(int(np.argmax(data.differences)), data.differences.shape)
    best = float(data.differences[g, s])
    group = data.groups[int(g)]
    return Said(
        "Largest lead: %(group)s as %(seat)s, %(best)s points above the other tables",
        group=group if isinstance(group, Said) else named(group), seat=seat_name(data.seats[int(s)]),
        best=Said(f"{best:.1f}"),
    )  # fmt: skip


def draw(data: League, figure: Sheet) -> None:
    """A row a seat; a marker a group at its difference from the mean of the others."""
    axes = panels(figure, left=2.3, right=2.2, bottom=0.5, top=0.1)[0][0]
    axes.axvline(0.0, color=INK, lw=1.0)
    for g in range(len(data.groups)):
        colour, _, marker = LOOKS[g % len(LOOKS)]
        shift = 0.7 * (g / max(len(data.groups) - 1, 1) - 0.5)
        rows = np.arange(len(data.seats)) + shift
        axes.hlines(rows, 0.0, data.differences[g], color=colour, lw=1.6)
        axes.plot(data.differences[g], rows, ls="none", marker=marker, ms=8, color=colour, label="group")
    for s in range(1, len(data.seats)):
        axes.axhline(s - 0.5, color=FAINT, lw=1.0)
    axes.set_yticks(range(len(data.seats)), list(data.seats), color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(data.seats) - 0.45, -0.55)
    axes.margins(x=0.08)
    axes.set_xlabel("points above or below the mean of the other tables in this seat  (better →)")
    legend = axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0)
    for text, group in zip(legend.get_texts(), data.groups, strict=True):
        text.set_text(named(group))  # a label that begins with _ would not be shown
    axes.spines["left"].set_visible(False)


CHART: Final = Chart(
    "league", "Duplicate league",
    "The same game, seed and shocks at every table; a seat is compared with the same seat elsewhere. One world: luck "
    "that answers to decisions is not averaged out.",
    size, same, finding, draw, league_table,
)  # fmt: skip


def jobs(found: Review) -> list[Job]:
    """One figure, where there are other tables."""
    return [] if found.league is None else [(CHART, found.league)]
