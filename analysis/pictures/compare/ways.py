"""Two ways to less harm: fewer and weaker attacks, and better answers."""

from typing import NamedTuple

import numpy as np

from analysis.pictures.chart import Chart
from analysis.pictures.compare.shared import above, rows
from analysis.pictures.style import GOOD, INK, SMALL, Sheet, panels
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Judged
from analysis.words import Table, signed


class Ways(NamedTuple):
    """Harm averted against no programme by its two ways, best first."""

    titles: tuple[str, ...]
    attacks: tuple[Interval, ...]
    response: tuple[Interval, ...]
    total: tuple[Interval, ...]


def ways(judged: Judged) -> Ways:
    """Sorted by harm averted."""
    order = sorted(range(len(judged.averted)), key=lambda p: -judged.averted[p].total.mean)
    own = [judged.averted[p] for p in order]
    return Ways(
        tuple(judged.asked.titles[p] for p in order), tuple(a.attacks for a in own), tuple(a.response for a in own),
        tuple(a.total for a in own),
    )  # fmt: skip


def finding(data: Ways) -> str:
    """The policy that averts most, and how."""
    a, r = data.attacks[0].mean, data.response[0].mean
    return f"{data.titles[0]} averts most: {signed(a, 1)} by fewer and weaker attacks, {signed(r, 1)} by better answers"


def table(data: Ways) -> Table:
    """One row a policy."""
    lines = tuple(
        (t, signed(a.mean), signed(r.mean), signed(w.mean), f"{signed(w.low)} to {signed(w.high)}")
        for t, a, r, w in zip(data.titles, data.attacks, data.response, data.total, strict=True)
    )
    return Table(("policy", "by fewer, weaker attacks", "by better answers", "averted in all", "95 %"), lines)


def draw(data: Ways, sheet: Sheet) -> None:
    """Two bars a policy, with intervals, and the sum as a diamond."""
    [[axes]] = panels(sheet, left=2.0, right=1.4, bottom=0.5, top=0.35)
    rows(axes, data.titles, "harm averted against no programme, points a quarter  (better →)")
    # Answers last, so that the longer bar stands below; the legend names the upper bar first.
    for parts, shift, colour, hatch, words in (
        (data.attacks, -0.19, "#E69F00", "//", "fewer, weaker attacks"),
        (data.response, 0.19, GOOD, "", "better answers"),
    ):
        at = np.arange(len(parts)) + shift
        axes.barh(at, [p.mean for p in parts], height=0.36, color=colour, hatch=hatch, edgecolor="white", lw=0.3,
                  label=words)  # fmt: skip
        for y, part in zip(at, parts, strict=True):
            axes.plot([part.low, part.high], [y, y], color=INK, lw=1.1, solid_capstyle="butt")
    total = [w.mean for w in data.total]
    axes.plot(total, range(len(total)), marker="D", ms=6, mfc="white", mec=INK, ls="none", label="both", zorder=4)
    for i, whole in enumerate(total):
        axes.text(1.02, i, signed(whole, 1), transform=axes.get_yaxis_transform(), va="center", fontsize=SMALL,
                  fontweight="bold")  # fmt: skip
    above(axes, 1.02, "both")
    axes.axvline(0.0, color=INK, lw=1.0)
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, borderaxespad=0.2, handlelength=1.6)


FIGURES = (
    Chart(
        "ways", "Two ways to less harm",
        "Against no programme, same draws. Harm is severity times the share left; its change is split exactly between "
        "the two (Shapley). Lines: 95 % intervals. An index, never deaths.",
        (11, 6.2), ways, finding, draw, table, order=30,
    ),
)  # fmt: skip
