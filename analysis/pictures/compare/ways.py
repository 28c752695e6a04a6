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
    return f"{data.titles[0]} averts most: {signed(a)} by fewer and weaker attacks, {signed(r)} by better answers"


def table(data: Ways) -> Table:
    """One row a policy."""
    lines = tuple(
        (t, signed(a.mean), signed(r.mean), signed(w.mean), f"{signed(w.low)} to {signed(w.high)}")
        for t, a, r, w in zip(data.titles, data.attacks, data.response, data.total, strict=True)
    )
    return Table(("policy", "by fewer, weaker attacks", "by better answers", "averted in all", "95 %"), lines)


def draw(data: Ways, sheet: Sheet) -> None:
    """The two ways stacked, losses to the left of zero; their sum as a diamond with its interval."""
    [[axes]] = panels(sheet, left=2.0, right=1.0, bottom=0.5, top=0.6 if sheet.narrow else 0.35)
    rows(axes, data.titles, "harm averted against no programme, points a quarter  (better →)")
    places = np.arange(len(data.titles))
    means = np.array([[part.mean for part in parts] for parts in (data.response, data.attacks)])
    for means_of, below, colour, hatch, words in (
        (means[0], np.zeros(len(places)), GOOD, "", "better answers"),
        (means[1], np.where(means[0] * means[1] > 0.0, means[0], 0.0), "#E69F00", "//", "fewer, weaker attacks"),
    ):
        axes.barh(places, means_of, left=below, height=0.56, color=colour, hatch=hatch, edgecolor="white", lw=0.3,
                  label=words)  # fmt: skip
    for i, whole in enumerate(data.total):
        axes.plot([whole.low, whole.high], [i, i], color=INK, lw=1.3, solid_capstyle="butt", zorder=4)
        for end in (whole.low, whole.high):
            axes.plot([end, end], [i - 0.1, i + 0.1], color=INK, lw=1.3, zorder=4)
        axes.text(1.02, i, signed(whole.mean), transform=axes.get_yaxis_transform(), va="center", fontsize=SMALL,
                  fontweight="bold")  # fmt: skip
    axes.plot([w.mean for w in data.total], places, marker="D", ms=6.5, mfc="white", mec=INK, ls="none", label="both",
              zorder=5)  # fmt: skip
    above(axes, 1.02, "both")
    axes.axvline(0.0, color=INK, lw=1.0)
    axes.legend(loc="lower left", bbox_to_anchor=(-0.65 if sheet.narrow else 0.0, 1.0),
                ncols=2 if sheet.narrow else 3, borderaxespad=0.2, handlelength=1.6)  # fmt: skip


FIGURES = (
    Chart(
        "ways", "Two ways to less harm",
        "Against no programme, same draws. Harm is severity times the share left; its change is split exactly between "
        "the two (Shapley). Lines: 95 % intervals of both together. An index, never deaths.",
        (11, 6.2), ways, finding, draw, table, order=30, narrow=(4.9, 6.4),
    ),
)  # fmt: skip
