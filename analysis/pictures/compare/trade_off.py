"""Cost, harm averted and trust of every policy."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.chart import Chart
from analysis.pictures.style import FAINT, GOOD, SMALL, SOFT, Sheet, panels, spread_labels
from analysis.stats.robustness import pareto
from analysis.studies.compare.comparison import COST, HARM, Judged, turned
from analysis.words import Table, number, shortened
from sim.declare.names import MEASURES
from sim.law.compiled import Floats

TRUST = MEASURES.index("mutual_trust")
BESIDE = 22  # columns between the two panels


class Trade(NamedTuple):
    """Cost, harm averted and trust of every policy, and which no other policy beats on all three.

    `spread`: (3, P, 2), how far each reaches below and above, from the paired difference to the baseline.
    """

    titles: tuple[str, ...]
    cost: Floats
    averted: Floats
    trust: Floats
    kept: tuple[bool, ...]
    spread: Floats


def trade(judged: Judged) -> Trade:
    """Three goods that pull apart."""
    mean = judged.outcomes.mean(axis=1)
    saved = np.array([one.total.mean for one in judged.averted])
    kept = pareto(np.column_stack([mean[:, COST], saved, mean[:, TRUST]]), np.array([-1.0, 1.0, 1.0]))
    gaps = [[lines[m].difference for lines in judged.lines] for m in (COST, HARM, TRUST)]
    gaps[1] = [turned(gap, -1) for gap in gaps[1]]
    spread = np.array([[(gap.mean - gap.low, gap.high - gap.mean) for gap in row] for row in gaps])
    return Trade(
        judged.asked.titles, mean[:, COST], saved, mean[:, TRUST], tuple(bool(k) for k in kept), np.maximum(spread, 0.0)
    )


def finding(data: Trade) -> str:
    """How many policies are beaten on all three."""
    kept = [t for t, k in zip(data.titles, data.kept, strict=True) if k]
    return f"{len(kept)} of {len(data.titles)} policies are beaten by no other on cost, harm averted and trust together"


def table(data: Trade) -> Table:
    """One row a policy."""
    rows = tuple(
        (t, number(float(c)), number(float(a)), f"{u:.3f}", "yes" if k else "no")
        for t, c, a, u, k in zip(data.titles, data.cost, data.averted, data.trust, data.kept, strict=True)
    )
    heads = ("policy", "cost, EUR mn a quarter", "harm averted", "mutual trust", "beaten on all three by none")
    return Table(heads, rows)


def draw(data: Trade, sheet: Sheet) -> None:
    """Harm averted against trust and against cost, the names between; filled: beaten on all three by no other."""
    [[left, right]] = panels(sheet, 1, 2, left=0.85, right=0.85, across=2.7, bottom=0.5, top=0.15, share=(False, True))
    for axes, across, spread, words in (
        (left, data.trust, data.spread[2], "mutual trust at the end, 0 to 1  (better →)"),
        (right, data.cost, data.spread[0], "cost, EUR million a quarter  (← better)"),
    ):
        axes.errorbar(across, data.averted, xerr=spread.T, yerr=data.spread[1].T, fmt="none", ecolor="#9a9a9a",
                      elinewidth=1.3, zorder=2)  # fmt: skip
        for x, y, kept in zip(across, data.averted, data.kept, strict=True):
            colour = GOOD if kept else SOFT
            axes.plot([x], [y], marker="o", ms=9, mew=1.6, zorder=3, ls="none", mfc=colour if kept else "white",
                      mec=colour)  # fmt: skip
        axes.margins(0.08, 0.08)
        axes.grid(color=FAINT, lw=0.6)
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlabel(words)
        axes.set_ylabel("harm averted, points a quarter  (↑ better)")
    right.yaxis.tick_right()
    right.yaxis.set_label_position("right")
    right.spines["left"].set_visible(False)
    right.spines["right"].set_visible(True)
    _names(data, left, right)


def _names(data: Trade, left: Axes, right: Axes) -> None:
    """Every policy's name once, between the panels, with a thin line to its point in each."""
    low, high = left.get_ylim()
    for axes in (left, right):
        axes.autoscale(False)
    line: dict[str, Any] = {"color": "#b5b5b5", "lw": 0.7, "zorder": 1, "clip_on": False}
    places = spread_labels([float(v) for v in data.averted], 0.062 * (high - low), low, high)
    wide = left.get_window_extent().width
    middle = 1.0 + 0.5 * (right.get_window_extent().x0 - left.get_window_extent().x1) / wide
    for i, place in enumerate(places):
        left.text(middle, place, shortened(data.titles[i], BESIDE), transform=left.get_yaxis_transform(), va="center",
                  ha="center", fontsize=SMALL, fontweight="bold" if data.kept[i] else "normal")  # fmt: skip
        for axes, across, edge, side in ((left, data.trust, 1.0, 1.0), (right, data.cost, 0.0, -1.0)):
            outer = edge + side * 0.05
            to = axes.transData.inverted().transform(axes.transAxes.transform((outer, 0.0)))[0]
            axes.plot([across[i], to], [data.averted[i], place], **line)


FIGURES = (
    Chart(
        "trade_off", "Cost, harm averted and trust",
        "Means; lines: 95 % intervals of the paired difference from the baseline, which has none. Filled and bold: no "
        "other policy is at least as good on all three and better on one.",
        (12, 6.6), trade, finding, draw, table, order=40,
    ),
)  # fmt: skip
