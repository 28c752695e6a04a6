"""Which groups of states gain and which lose: harm averted and trust gained, in intervals that hold together."""

from typing import NamedTuple

import numpy as np

from analysis.pictures.chart import Chart
from analysis.pictures.style import BAD, GOOD, INK, NEUTRAL, SMALL, Sheet, panels
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.places import ASKED, Group
from analysis.studies.compare.verdict import said
from analysis.words import Table, listed, signed

HUNDREDTHS = 100.0
SIDES = (("harm averted, hundredths of a point a quarter", "averted"), ("trust gained, hundredths", "trust"))


class Rows(NamedTuple):
    """Groups, the largest gain of harm averted first."""

    own: str
    base: str
    groups: tuple[Group, ...]


def rows(judged: Judged) -> Rows:
    """The groups of the policy that is taken apart, else of the leading one."""
    assert judged.places is not None
    own = judged.leader if judged.why is None else judged.why.policy
    groups = sorted(judged.places.groups, key=lambda group: -group.averted.mean)
    return Rows(judged.asked.titles[own], judged.asked.titles[judged.asked.baseline], tuple(groups))


def finding(data: Rows) -> str:
    """Who sees less harm and who more: those asked about first, then the largest."""
    told = [group for group in data.groups if group.averted.excludes()]
    told.sort(key=lambda group: (group.name != ASKED, -abs(group.averted.mean)))
    less = [group.name for group in told if group.averted.mean > 0.0]
    more = [group.name for group in told if group.averted.mean < 0.0]
    text = f"{data.own} against {said(data.base)}: less harm in {listed(less, 3) or 'no group'}"
    return f"{text}; more in {listed(more, 3) or 'none'}"


def table(data: Rows) -> Table:
    """One row a group."""
    heads = ("group", "states", "harm averted", "joint 95 %", "trust gained", "joint 95 %")
    lines = (
        (group.name, str(group.states), *_ends(group.averted), *_ends(group.trust)) for group in data.groups
    )  # fmt: skip
    return Table(heads, tuple(lines))


def _ends(interval: Interval) -> tuple[str, str]:
    low, high = (signed(HUNDREDTHS * end) for end in (interval.low, interval.high))
    return signed(HUNDREDTHS * interval.mean), f"{low} to {high}"


def size(data: Rows) -> tuple[float, float]:
    """A row a group."""
    return 11.0, 3.2 + 0.27 * len(data.groups)


def draw(data: Rows, sheet: Sheet) -> None:
    """Blue gains, orange loses, grey is not told from luck; markers differ too."""
    places = np.arange(len(data.groups))
    for axes, (words, name) in zip(panels(sheet, 1, 2, left=2.9, bottom=0.45, across=0.4)[0], SIDES, strict=True):
        axes.axvline(0.0, color=INK, lw=1.0)
        for at, group in enumerate(data.groups):
            one: Interval = getattr(group, name)
            told = one.excludes()
            colour, mark = (NEUTRAL, "o") if not told else (GOOD, ">") if one.mean > 0.0 else (BAD, "<")
            axes.plot([HUNDREDTHS * one.low, HUNDREDTHS * one.high], [at, at], color=colour, lw=2.4)
            axes.plot(HUNDREDTHS * one.mean, at, mark, color=colour, ms=7, mfc=colour if told else "white")
        names = [f"{group.name} ({group.states})" for group in data.groups] if name == "averted" else []
        axes.set_yticks(places, names or [""] * len(places), color=INK)
        axes.tick_params(axis="y", length=0)
        axes.set_ylim(len(places) - 0.4, -0.6)
        axes.grid(axis="y")
        axes.set_xlabel(words, fontsize=SMALL)
        axes.spines["left"].set_visible(False)


FIGURES = (
    Chart(
        "groups", "Which groups gain and lose",
        "Mean difference of a group's states (their number in brackets), policy against baseline; intervals hold over "
        "all states and groups at once. Grey, hollow: not told from luck.",
        size, rows, finding, draw, table, order=55, when=lambda judged: judged.places is not None,
    ),
)  # fmt: skip
