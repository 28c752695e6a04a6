"""Where this world fell among other courses of luck: this world = policy play + skill + luck."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.lines import Line2D

from analysis.pictures.chart import Chart
from analysis.pictures.style import GOOD, INK, SMALL, SOFT, Sheet, panels
from analysis.pictures.write import Job
from analysis.said import Said, listed
from analysis.words import Table, signed
from game.review.after_action import Review
from game.review.figures.shared import seat_name
from game.review.lucks import Luck, between, told, words_for
from sim.law.compiled import Floats

SECTION: Final = "lucks"
BINS: Final = 80
COLUMNS: Final = (1.09, 1.2, 1.3, 1.39, 1.49)  # places of the numbers beside the axes


class Strips(NamedTuple):
    """Seats' scores over other lucks, and how often each came out: strips of bins, each strip's tallest bin 1."""

    lucks: tuple[Luck, ...]
    runs: int
    edges: Floats  # (B + 1,) of bins, in points
    own: Floats  # (S, B) the class's orders
    policy: Floats  # (S, B) policy play


def strips(found: Sequence[Luck]) -> Strips:
    """Only the seats' scores: measures have other units."""
    scores = tuple(one for one in found if not one.value.measure)
    every = np.concatenate([np.concatenate([one.lucks, one.policy, [one.here]]) for one in scores])
    edges = np.linspace(every.min() - 1.0, every.max() + 1.0, BINS + 1)
    own, policy = (
        np.stack([_strip(values, edges) for values in many])
        for many in ([one.lucks for one in scores], [one.policy for one in scores])
    )
    return Strips(scores, len(scores[0].lucks), edges, own, policy)


def _strip(values: Floats, edges: Floats) -> Floats:
    counts = np.histogram(values, edges)[0]
    return np.asarray(counts / max(int(counts.max()), 1))


def seat_title(luck: Luck) -> str:
    """The seat's title of a score, as a figure shows it."""
    title = luck.value.title
    return seat_name(title.values["seat"] if isinstance(title, Said) else title)


def finding(data: Strips) -> str:
    """Which seats the class's play helped, and which it harmed."""
    up = [seat_title(one) for one in data.lucks if one.skill.low > 0.0]
    down = [seat_title(one) for one in data.lucks if one.skill.high < 0.0]
    pairs = ((Said("better for %(seats)s"), up), (Said("worse for %(seats)s"), down))
    told_seats = [Said(word, seats=_few(seats, len(data.lucks))) for word, seats in pairs if seats]
    if not told_seats:
        return Said("The class's play is not told from policy play for any seat")
    return Said("Against policy play, the class's play was %(how)s", how=listed(told_seats))


def _few(seats: Sequence[str], of: int) -> str:
    """Up to two seats by name, more by number."""
    return listed(seats) if len(seats) < 3 else Said("%(n)s of %(all)s seats", n=len(seats), all=of)


def lucks_table(found: Sequence[Luck]) -> Table:
    """This world = policy play + skill + luck, value by value."""
    rows = tuple(
        (
            one.value.title, words_for(one.value, one.here), f"{one.percentile:.0f} %",
            words_for(one.value, one.policy_mean), words_for(one.value, one.skill.mean, True),
            between(words_for(one.value, one.skill.low, True), words_for(one.value, one.skill.high, True)),
            words_for(one.value, one.luck, True),
            between(words_for(one.value, one.low), words_for(one.value, one.high)),
        ) for one in found
    )  # fmt: skip
    return Table((
        Said("value"), Said("this world"), Said("of lucks came out below"), Said("policy play"), Said("+ skill"),
        Said("95 % of skill"), Said("+ luck"), Said("the class's orders, 5 to 95 % of lucks"),
    ), rows)  # fmt: skip


def draw(data: Strips, figure: Sheet) -> None:
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
    for x, head in zip(
        COLUMNS,
        (Said("this\nworld"), Said("= policy\nplay"), Said("+\nskill"), Said("+\nluck"), Said("lucks\nbelow")),
        strict=True,
    ):
        axes.annotate(head, (x, 1.0), (0, 4), xycoords="axes fraction", textcoords="offset points", fontsize=9.0,
                      color=SOFT, ha="right", va="bottom", annotation_clip=False)  # fmt: skip
    marks: list[Any] = [
        Line2D([], [], color=GOOD, lw=7, label=Said("the class's orders, other lucks")),
        Line2D([], [], color="#bdbdbd", lw=7, label=Said("policy play, same lucks")),
        Line2D([], [], color=INK, lw=2.6, label=Said("this world")),
    ]  # fmt: skip
    axes.legend(handles=marks, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2,
                borderaxespad=0.2, handlelength=1.2)  # fmt: skip
    axes.set_yticks(range(len(data.lucks)), [seat_title(one) for one in data.lucks], color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(data.lucks) - 0.4, -0.6)
    axes.set_xlim(data.edges[0], data.edges[-1])
    axes.set_xlabel(Said("score, 0 to 100 points  (better →)"))
    axes.spines["left"].set_visible(False)


def caption(data: Strips) -> str:
    """What stands above and below the lines."""
    both = len(data.lucks[0].policy)
    first = Said("the first %(n)s of them", n=Said(f"{both:,}"))
    return Said(
        "Above each line: the class's orders under %(runs)s other lucks; below: every seat left to policy, %(which)s. "
        "This world = policy play + skill + luck. Bold: skill told from 0.",
        runs=Said(f"{data.runs:,}"), which=Said("the same lucks") if both == data.runs else first,
    )  # fmt: skip


CHART: Final = Chart(
    "lucks", "Luck and skill", caption, lambda data: (11, 3.4 + 0.75 * len(data.lucks)), strips, finding, draw,
    lambda data: lucks_table(data.lucks),
)  # fmt: skip


def jobs(found: Review) -> list[Job]:
    """One figure, where counterfactuals are told."""
    return [] if found.deep is None else [(CHART, strips(found.deep.lucks))]
