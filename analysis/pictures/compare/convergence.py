"""How the leading policy's gain settles as replicates add up."""

from typing import NamedTuple

import numpy as np

from analysis.pictures.chart import Chart
from analysis.pictures.compare.shared import Axis, axis_of, shade, unit
from analysis.pictures.style import GOOD, SMALL, Sheet, panels, spread_labels
from analysis.stats.best import simultaneous_differences
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Judged, turned
from analysis.studies.compare.verdict import figure, noun, said, span
from analysis.words import Table

FEWEST = 10  # replicates from which on convergence is drawn
MARKED = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000)


class Path(NamedTuple):
    """A gain and its interval as replicates add up."""

    axis: Axis
    title: str
    sizes: tuple[int, ...]
    gains: tuple[Interval, ...]


def path(judged: Judged) -> Path:
    """The leader against the baseline after n replicates, each time in the intervals of the forest."""
    values, asked = judged.values(), judged.asked
    whole = len(values)
    sizes = sorted({int(n) for n in np.unique(np.round(np.geomspace(min(FEWEST, max(2, whole // 2)), whole, 20)))})
    found = (simultaneous_differences(values[:n], asked.baseline)[judged.leader] for n in sizes)
    gains = tuple(turned(interval, asked.sign) for interval in found)
    return Path(axis_of(judged), asked.titles[judged.leader], tuple(sizes), gains)


def finding(data: Path) -> str:
    """The width at the end."""
    last, m = data.gains[-1], data.axis.measure
    text = f"After {data.sizes[-1]} replicates the gain of {said(data.title)} is {figure(last.mean, m)}"
    return f"{text}, ± {figure(last.half, m)}"


def table(data: Path) -> Table:
    """Some sizes."""
    last, m = len(data.sizes) - 1, data.axis.measure
    picks = sorted({0, len(data.sizes) // 3, 2 * len(data.sizes) // 3, last})
    gains = ((data.sizes[i], data.gains[i]) for i in picks)
    rows = tuple((str(n), figure(gain.mean, m), span(gain.low, gain.high, m)) for n, gain in gains)
    return Table(("replicates", "gain", "95 %"), rows)


def draw(data: Path, sheet: Sheet) -> None:
    """The gain and its interval against the number of replicates."""
    [[axes]] = panels(sheet, left=0.95, right=1.3, bottom=0.5, top=0.1)
    shade(axes, data.axis, upright=True)
    low, mean, high = np.array([(g.low, g.mean, g.high) for g in data.gains]).T
    axes.fill_between(data.sizes, low, high, color=GOOD, alpha=0.22, lw=0)
    for edge in (low, high):
        axes.plot(data.sizes, edge, color=GOOD, lw=0.9, ls=(0, (4, 2)))
    axes.plot(data.sizes, mean, color=GOOD, lw=2.4)
    axes.set_xscale("log")
    axes.set_xlim(data.sizes[0], max(data.sizes[-1], data.sizes[0] + 1))
    picks = [n for n in MARKED if data.sizes[0] <= n <= data.sizes[-1]] or list(data.sizes)
    axes.set_xticks(picks, [str(n) for n in picks])
    axes.minorticks_off()
    bottom, top = min(low.min(), -data.axis.smallest), max(high.max(), data.axis.smallest)
    air = 0.06 * (top - bottom)
    axes.set_ylim(bottom - air, top + air)
    last, (bottom, top) = (low[-1], mean[-1], high[-1]), axes.get_ylim()
    places = spread_labels(list(last), 0.055 * (top - bottom), bottom, top)
    for place, value, weight in zip(places, last, ("normal", "bold", "normal"), strict=True):
        axes.text(1.015, (place - bottom) / (top - bottom), figure(value, data.axis.measure), transform=axes.transAxes,
                  va="center", fontsize=SMALL, fontweight=weight)  # fmt: skip
    axes.set_xlabel("replicates (log scale)")
    axes.set_ylabel(f"gain in {noun(data.axis.measure)}, {unit(data.axis.measure)}")


FIGURES = (
    Chart(
        "convergence", "Appendix: how the estimate settles",
        "The leading policy's gain over the baseline after the first n replicates, with its 95 % interval, which holds "
        "together for all policies as in the forest. Grey band: too small to matter.",
        (11, 5.6), path, finding, draw, table, order=90, narrow=(4.9, 5.4),
    ),
)  # fmt: skip
