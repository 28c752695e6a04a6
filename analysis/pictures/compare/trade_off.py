"""Cost, harm averted and trust of every policy."""

from typing import Any, NamedTuple

import numpy as np

from analysis.pictures.chart import Chart
from analysis.pictures.compare.shared import led
from analysis.pictures.style import FAINT, GOOD, SOFT, Sheet, panels, spread_labels
from analysis.stats.robustness import pareto
from analysis.studies.compare.comparison import COST, Judged
from analysis.words import Table, number, shortened
from sim.declare.names import MEASURES
from sim.law.compiled import Floats

TRUST = MEASURES.index("mutual_trust")
BESIDE = 22  # columns between the two panels
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "h", "p", "*")


class Trade(NamedTuple):
    """Cost, harm averted and trust of every policy, and which no other policy beats on all three."""

    titles: tuple[str, ...]
    cost: Floats
    averted: Floats
    trust: Floats
    kept: tuple[bool, ...]


def trade(judged: Judged) -> Trade:
    """Three goods that pull apart."""
    mean = judged.outcomes.mean(axis=1)
    saved = np.array([one.total.mean for one in judged.averted])
    kept = pareto(np.column_stack([mean[:, COST], saved, mean[:, TRUST]]), np.array([-1.0, 1.0, 1.0]))
    return Trade(judged.asked.titles, mean[:, COST], saved, mean[:, TRUST], tuple(bool(k) for k in kept))


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
    """Harm averted against trust and against cost; filled: beaten on all three by no other policy."""
    [grid] = panels(sheet, 1, 2, left=0.85, right=0.4, across=2.6, bottom=0.5, widths=[1.0, 1.0], top=0.15)
    looks: list[dict[str, Any]] = [
        {"marker": MARKERS[i % len(MARKERS)], "ls": "none", "mfc": GOOD if kept else "white",
         "mec": GOOD if kept else SOFT} for i, kept in enumerate(data.kept)
    ]  # fmt: skip
    for axes, across in zip(grid, (data.trust, data.cost), strict=True):
        for x, y, look in zip(across, data.averted, looks, strict=True):
            axes.plot([x], [y], ms=11, mew=1.6, zorder=3, **look)
        axes.margins(0.14, 0.12)
        axes.grid(color=FAINT, lw=0.6)
        axes.set_ylabel("harm averted, points a quarter  (↑ better)")
    left = grid[0]
    left.set_xlabel("mutual trust at the end, 0 to 1  (better →)")
    left.locator_params(axis="x", nbins=5)
    grid[1].set_xlabel("cost, EUR million a quarter  (← better)")
    (low, high), right = left.get_ylim(), left.get_xlim()[1]
    places = spread_labels([float(v) for v in data.averted], 0.062 * (high - low), low, high)
    for i, place in enumerate(places):
        share = (place - low) / (high - low)
        led(
            left,
            shortened(data.titles[i], BESIDE),
            (data.trust[i], data.averted[i]),
            (1.07, share),
            (17, 7),
            data.kept[i],
        )
        left.plot([1.045], [share], transform=left.transAxes, ms=7, clip_on=False, **looks[i])
    left.set_xlim(right=right)


FIGURES = (
    Chart(
        "trade_off", "Cost, harm averted and trust",
        "Means over replicates. Filled: no other policy is at least as good on all three and better on one.",
        (12, 6.2), trade, finding, draw, table, order=40,
    ),
)  # fmt: skip
