"""The review's own pictures: where this world fell, what choices changed, scores by turn, the league."""

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.pictures.style import FAINT, GOOD, INK, SMALL, SOFT, Sheet, panels, spread_labels
from analysis.stats.intervals import Interval
from analysis.words import signed
from game.review.counterfactual import FROZEN, HANDED
from game.review.figures.effects import Effects, Lucks, Paths, seat_title, told
from game.review.league import League

HAND: Final = "#B35900"
LOOKS: Final = (
    ("#0072B2", "-", "o"), ("#D55E00", (0, (5, 1.5)), "s"), ("#009E73", (0, (5, 1.5, 1, 1.5)), "^"),
    ("#AA4499", (0, (1.2, 1.2)), "D"), ("#B8860B", (0, (7, 2)), "v"), ("#000000", (0, (2, 2)), "X"),
    ("#56B4E9", (0, (3, 1, 1, 1, 1, 1)), "P"), ("#882255", (0, (9, 2, 2, 2)), "<"),
)  # fmt: skip
ROW: Final = 0.4  # inches that a row of effects takes


def draw_lucks(data: Lucks, figure: Sheet) -> Sheet:
    """A strip a seat: the class's orders over other lucks above the line, policy play below, this world as a line."""
    axes = panels(figure, left=1.75, right=3.3, bottom=0.5, top=0.62)[0][0]
    middles = (data.edges[1:] + data.edges[:-1]) / 2.0
    for row, one in enumerate(data.lucks):
        for tall, side, colour in ((data.own[row], -0.4, GOOD), (data.policy[row], 0.4, "#bdbdbd")):
            axes.fill_between(middles, row, row + side * tall, step="mid", color=colour, lw=0.3, edgecolor="white")
        axes.plot([one.here, one.here], [row - 0.44, row + 0.44], color=INK, lw=2.6, zorder=5, solid_capstyle="butt")
        axes.axhline(row, color=SOFT, lw=0.6, zorder=1)
        beside = axes.get_yaxis_transform()
        cells = (f"{one.here:.1f}", f"{one.policy_mean:.1f}", signed(one.skill.mean, 1), signed(one.luck, 1),
                 f"{one.percentile:.0f} %")  # fmt: skip
        for x, cell, bold in zip(COLUMNS, cells, (True, False, told(one.skill), False, False), strict=True):
            axes.text(x, row, cell, transform=beside, fontsize=SMALL, va="center", ha="right",
                      fontweight="bold" if bold else "normal")  # fmt: skip
    for x, head in zip(COLUMNS, ("this\nworld", "= policy\nplay", "+ skill", "+ luck", "lucks\nbelow"), strict=True):
        axes.annotate(head, (x, 1.0), (0, 4), xycoords="axes fraction", textcoords="offset points", fontsize=9.0,
                      color=SOFT, ha="right", va="bottom", annotation_clip=False)  # fmt: skip
    marks: list[Any] = [
        Line2D([], [], color=GOOD, lw=7, label="the class's orders, other lucks"),
        Line2D([], [], color="#bdbdbd", lw=7, label="policy play, same lucks"),
        Line2D([], [], color=INK, lw=2.6, label="this world"),
    ]  # fmt: skip
    axes.legend(handles=marks, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2,
                borderaxespad=0.2, handlelength=1.2)  # fmt: skip
    axes.set_yticks(range(len(data.lucks)), [seat_title(one) for one in data.lucks], color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(data.lucks) - 0.4, -0.6)
    axes.set_xlim(data.edges[0], data.edges[-1])
    axes.set_xlabel("score, 0 to 100 points  (better →)")
    axes.spines["left"].set_visible(False)
    return figure


COLUMNS: Final = (1.09, 1.2, 1.3, 1.39, 1.49)


def draw_effects(data: Effects, figure: Sheet) -> Sheet:
    """Two intervals a row: filled above, the others frozen; open below, handed to policies; crosses: this world."""
    axes = panels(figure, left=2.6, right=2.0, bottom=0.5, top=0.55)[0][0]
    axes.axvline(0.0, color=INK, lw=1.0, zorder=1)
    for i in range(len(data.rows)):
        _interval(axes, data.frozen[i], data.here[i], i - 0.17, GOOD, "o", True)
        _interval(axes, data.handed[i], data.here_handed[i], i + 0.17, HAND, "s", False)
        beside = axes.get_yaxis_transform()
        for x, one in ((1.13, data.frozen[i]), (1.25, data.handed[i])):
            axes.text(x, i, signed(one.mean, 1), transform=beside, fontsize=SMALL, va="center", ha="right",
                      fontweight="bold" if told(one) else "normal")  # fmt: skip
        if data.groups and i and data.groups[i] != data.groups[i - 1]:
            axes.axhline(i - 0.5, color=FAINT, lw=1.0)
    for x, head in ((1.13, "frozen"), (1.25, "handed")):
        axes.annotate(head, (x, 1.0), (0, 6), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL,
                      color=SOFT, ha="right", va="bottom", annotation_clip=False)  # fmt: skip
    marks: list[Any] = [
        Line2D([], [], color=GOOD, lw=2.6, marker="o", ms=6, label=FROZEN),
        Line2D([], [], color=HAND, lw=2.6, marker="s", ms=6, mfc="white", label=HANDED),
        Line2D([], [], color=INK, lw=0, marker="x", ms=6, label="this world's luck"),
    ]  # fmt: skip
    axes.legend(handles=marks, loc="lower left", bbox_to_anchor=(-0.2, 1.0), ncols=3, borderaxespad=0.2)
    axes.set_yticks(range(len(data.rows)), _labels(data), color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(len(data.rows), 2) - 0.4, -0.6)
    axes.set_xlabel(data.axis)
    axes.spines["left"].set_visible(False)
    return figure


def _labels(data: Effects) -> list[str]:
    """Row labels; a group is named once."""
    if not data.groups:
        return list(data.rows)
    found = []
    for i, row in enumerate(data.rows):
        first = i == 0 or data.groups[i] != data.groups[i - 1]
        found.append(f"{data.groups[i]}:  {row.lower()}" if first else row.lower())
    return found


def _interval(axes: Axes, one: Interval, here: float, y: float, colour: str, marker: str, filled: bool) -> None:
    axes.plot([one.low, one.high], [y, y], color=colour, lw=2.6, solid_capstyle="butt", zorder=3)
    axes.plot([one.mean], [y], marker=marker, ms=6, mfc=colour if filled else "white", mec=colour, mew=1.6, zorder=4)
    axes.plot([here], [y], marker="x", ms=5.5, color=INK, mew=1.3, zorder=5)


def draw_paths(data: Paths, figure: Sheet) -> Sheet:
    """A line a seat, named at its end."""
    axes = panels(figure, left=0.8, right=2.2, bottom=0.4, top=0.1)[0][0]
    x = np.arange(len(data.points))
    for i, scores in enumerate(data.scores):
        colour, dashes, marker = LOOKS[i % len(LOOKS)]
        axes.plot(x, scores, color=colour, ls=dashes, marker=marker, ms=6)
    axes.set_xticks(x, [p.capitalize() for p in data.points])
    axes.set_xlim(-0.15, len(x) - 1 + 0.1)
    axes.set_ylim(0, 100)
    axes.grid(axis="y", color=FAINT, lw=0.6)
    axes.set_ylabel("score, 0 to 100 points")
    ends = [float(v) for v in data.scores[:, -1]]
    for i, place in enumerate(spread_labels(ends, 5.5, 0.0, 100.0)):
        axes.annotate(
            f"{data.seats[i]}  {ends[i]:.1f}", (x[-1], ends[i]), (1.03, place / 100.0), textcoords="axes fraction",
            va="center", fontsize=SMALL, color=LOOKS[i % len(LOOKS)][0], annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#b5b5b5", "lw": 0.7, "relpos": (0.0, 0.5)},
        )  # fmt: skip
    return figure


def draw_league(data: League, figure: Sheet) -> Sheet:
    """A row a seat; a marker a group at its difference from the mean of the others."""
    axes = panels(figure, left=1.9, right=2.2, bottom=0.5, top=0.1)[0][0]
    axes.axvline(0.0, color=INK, lw=1.0)
    for g, group in enumerate(data.groups):
        colour, _, marker = LOOKS[g % len(LOOKS)]
        shift = 0.5 * (g / max(len(data.groups) - 1, 1) - 0.5)
        rows = np.arange(len(data.seats)) + shift
        axes.hlines(rows, 0.0, data.differences[g], color=colour, lw=1.6)
        axes.plot(data.differences[g], rows, ls="none", marker=marker, ms=8, color=colour, label=group)
    for s in range(1, len(data.seats)):
        axes.axhline(s - 0.5, color=FAINT, lw=1.0)
    axes.set_yticks(range(len(data.seats)), list(data.seats), color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(data.seats) - 0.45, -0.55)
    axes.margins(x=0.08)
    axes.set_xlabel("points above or below the mean of the other tables in this seat  (better →)")
    axes.legend(loc="upper left", bbox_to_anchor=(1.02, 1.0), borderaxespad=0.0)
    axes.spines["left"].set_visible(False)
    return figure
