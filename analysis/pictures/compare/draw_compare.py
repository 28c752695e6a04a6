"""Pictures of a comparison: the forest of gains, courses, trade-offs, the two ways to less harm, convergence."""

from typing import Any, Final

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.compare.numbers_compare import Axis, Bands, Fan, Forest, Path, Trade, Ways
from analysis.pictures.style import BAD, FAINT, GOOD, INK, SMALL, SOFT, Sheet, mark_years, panels, spread_labels
from analysis.stats.intervals import Interval
from analysis.studies.compare.verdict import figure, noun
from analysis.words import signed
from sim.law.measures import DECLARED

FEWEST_ROWS: Final = 5  # room is kept for so many policies, so that few do not stand far apart
MATTERS: Final = "#ececec"  # the band in which a difference does not matter
LEADER_LINE: Final[dict[str, Any]] = {"arrowstyle": "-", "color": "#b5b5b5", "lw": 0.7, "relpos": (0.0, 0.5)}
MARKERS: Final = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "h", "p", "*")


def draw_forest(data: Forest, figure_: Sheet) -> Sheet:
    """A row for each policy: its gain and interval; grey: too small to matter; filled: told from the baseline."""
    axes = panels(figure_, left=2.0, right=2.75, bottom=0.5, top=0.25)[0][0]
    shade(axes, data.axis)
    for i, (gain, base) in enumerate(zip(data.gains, data.is_baseline, strict=True)):
        told = gain.excludes() and not base
        colour = SOFT if base or not told else GOOD if gain.mean > 0.0 else BAD
        axes.plot([gain.low, gain.high], [i, i], color=colour, lw=3.2, solid_capstyle="butt", zorder=3)
        for end in (gain.low, gain.high):
            axes.plot([end, end], [i - 0.14, i + 0.14], color=colour, lw=1.6, zorder=3)
        face = colour if told else "white"
        axes.plot([gain.mean], [i], marker="s" if base else "o", ms=8, mfc=face, mec=colour, mew=1.8, zorder=4)
    count = len(data.titles)
    beside = axes.get_yaxis_transform()
    heads = ((1.03, "gain"), (1.17, "change"), (1.31, "best in"))
    for x, words in heads:
        above(axes, x, words)
    for i in range(count):
        weight = "bold" if data.not_beaten[i] else "normal"
        gain = data.gains[i]
        text = (
            "baseline"
            if data.is_baseline[i]
            else f"{'+' if gain.mean > 0 else ''}{figure(gain.mean, data.axis.measure)}"
        )
        shown = (text, "" if data.is_baseline[i] else data.relative[i], f"{100 * data.wins[i]:.0f} %")
        for (x, _), words in zip(heads, shown, strict=True):
            axes.text(x, i, words, transform=beside, fontsize=SMALL, va="center", fontweight=weight)
    axes.set_yticks(range(count), list(data.titles), color=INK)
    for label, kept in zip(axes.get_yticklabels(), data.not_beaten, strict=True):
        label.set_fontweight("bold" if kept else "normal")
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(count, FEWEST_ROWS) - 0.4, -0.6)
    reach(axes, data.gains, data.axis)
    axes.set_xlabel(data.axis.words())
    axes.spines["left"].set_visible(False)
    return figure_


def above(axes: Axes, x: float, words: str) -> None:
    """The head of a column of numbers beside the axes; x is a share of their width."""
    axes.annotate(
        words, (x, 1.0), (0, 9), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL, color=SOFT,
        va="center", annotation_clip=False,
    )  # fmt: skip


def shade(axes: Axes, axis: Axis, upright: bool = False) -> None:
    """The band of differences too small to matter, and the line of no difference."""
    band, line = (axes.axhspan, axes.axhline) if upright else (axes.axvspan, axes.axvline)
    band(-axis.smallest, axis.smallest, color=MATTERS, lw=0, zorder=0)
    line(0.0, color=INK, lw=1.0, zorder=1)


def reach(axes: Axes, gains: tuple[Interval, ...], axis: Axis) -> None:
    """Limits that hold all intervals and the band, with some air."""
    low = min([-axis.smallest, *(g.low for g in gains if np.isfinite(g.low))])
    high = max([axis.smallest, *(g.high for g in gains if np.isfinite(g.high))])
    air = 0.05 * (high - low)
    axes.set_xlim(low - air, high + air)


def draw_fan(data: Fan, figure_: Sheet) -> Sheet:
    """All means as lines; 5 to 95 % and 25 to 75 % of replicates as bands for leader and baseline."""
    axes = panels(figure_, left=0.95, right=2.5, bottom=0.3, top=0.1)[0][0]
    steps = np.arange(len(data.quarters))
    looks: tuple[tuple[int, str, Any], ...] = ((1, "#8c8c8c", (0, (5, 2))), (0, GOOD, "-"))
    for row, colour, dashes in looks:
        for inner, outer, alpha in ((0, 4, 0.14), (1, 3, 0.22)):
            axes.fill_between(steps, data.fans[row, inner], data.fans[row, outer], color=colour, alpha=alpha, lw=0)
        for edge in (0, 4):
            axes.plot(steps, data.fans[row, edge], color=colour, lw=0.8, ls=dashes)
    for i, mean in enumerate(data.means):
        if i not in (data.leader, data.baseline):
            axes.plot(steps, mean, color="#a8a8a8", lw=0.9, zorder=2)
    axes.plot(steps, data.means[data.baseline], color=INK, lw=2.0, ls=(0, (5, 2)), zorder=4)
    axes.plot(steps, data.means[data.leader], color=GOOD, lw=2.6, zorder=5)
    mark_years(axes, data.quarters)
    ends = [float(m[-1]) for m in data.means]
    low, high = axes.get_ylim()
    places = spread_labels(ends, 0.052 * (high - low), low, high)
    last = len(steps) - 1
    for i, (place, at_end) in enumerate(zip(places, ends, strict=True)):
        strong = i in (data.leader, data.baseline)
        colour = GOOD if i == data.leader else INK if strong else SOFT
        axes.annotate(
            f"{data.titles[i]}  {figure(at_end, data.measure)}", (last, at_end), (1.035, (place - low) / (high - low)),
            textcoords="axes fraction", va="center", fontsize=SMALL, color=colour,
            fontweight="bold" if strong else "normal", annotation_clip=False,
            arrowprops={**LEADER_LINE, "shrinkA": 1, "shrinkB": 1},
        )  # fmt: skip
    unit = DECLARED[data.measure].unit.replace("-1", "−1")
    axes.set_ylabel(f"{noun(data.measure)}, {unit}  ({'↑' if data.rising else '↓'} better)")
    return figure_


def draw_trade(data: Trade, figure_: Sheet) -> Sheet:
    """Harm averted against trust and against cost; filled: beaten on all three by no other policy."""
    grid = panels(figure_, 1, 2, left=0.85, right=0.4, across=2.6, bottom=0.5, widths=[1.0, 1.0], top=0.15)[0]
    for axes, x in zip(grid, (data.trust, data.cost), strict=True):
        for i, title in enumerate(data.titles):
            axes.plot([x[i]], [data.averted[i]], marker=MARKERS[i % len(MARKERS)], ms=11, ls="none",
                      mfc=GOOD if data.kept[i] else "white", mec=GOOD if data.kept[i] else SOFT, mew=1.6, label=title,
                      zorder=3)  # fmt: skip
        axes.margins(0.14, 0.12)
        axes.grid(color=FAINT, lw=0.6)
        axes.set_ylabel("harm averted, points a quarter  (↑ better)")
    grid[0].set_xlabel("mutual trust at the end, 0 to 1  (better →)")
    grid[0].locator_params(axis="x", nbins=5)
    grid[1].set_xlabel("cost, EUR million a quarter  (← better)")
    low, high = grid[0].get_ylim()
    places = spread_labels([float(v) for v in data.averted], 0.062 * (high - low), low, high)
    right = grid[0].get_xlim()[1]
    for i, place in enumerate(places):
        share = (place - low) / (high - low)
        grid[0].annotate(
            data.titles[i], (data.trust[i], data.averted[i]), (1.07, share), textcoords="axes fraction",
            va="center", fontsize=SMALL, fontweight="bold" if data.kept[i] else "normal", annotation_clip=False,
            arrowprops={**LEADER_LINE, "shrinkA": 17, "shrinkB": 7},
        )  # fmt: skip
        grid[0].plot([1.045], [share], transform=grid[0].transAxes, marker=MARKERS[i % len(MARKERS)], ms=7, ls="none",
                     mfc=GOOD if data.kept[i] else "white", mec=GOOD if data.kept[i] else SOFT,
                     clip_on=False)  # fmt: skip
    grid[0].set_xlim(right=right)
    return figure_


def draw_ways(data: Ways, figure_: Sheet) -> Sheet:
    """Two bars a policy, with intervals, and the sum as a diamond."""
    axes = panels(figure_, left=2.0, right=1.4, bottom=0.5, top=0.35)[0][0]
    count = len(data.titles)
    # Answers last, so that the longer bar stands below; the legend names the upper bar first.
    looks = (
        (data.attacks, -0.19, "#E69F00", "//", "fewer, weaker attacks"),
        (data.response, 0.19, GOOD, "", "better answers"),
    )
    for parts, shift, colour, hatch, words in looks:
        rows = np.arange(count) + shift
        axes.barh(
            rows,
            [p.mean for p in parts],
            height=0.36,
            color=colour,
            hatch=hatch,
            edgecolor="white",
            lw=0.3,
            label=words,
        )
        for y, part in zip(rows, parts, strict=True):
            axes.plot([part.low, part.high], [y, y], color=INK, lw=1.1, solid_capstyle="butt")
    total = [w.mean for w in data.total]
    axes.plot(total, range(count), marker="D", ms=6, mfc="white", mec=INK, ls="none", label="both", zorder=4)
    for i, whole in enumerate(data.total):
        axes.text(1.02, i, signed(whole.mean, 1), transform=axes.get_yaxis_transform(), va="center", fontsize=SMALL,
                  fontweight="bold")  # fmt: skip
    above(axes, 1.02, "both")
    axes.axvline(0.0, color=INK, lw=1.0)
    axes.set_yticks(range(count), list(data.titles), color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(count, FEWEST_ROWS) - 0.4, -0.6)
    axes.set_xlabel("harm averted against no programme, points a quarter  (better →)")
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, borderaxespad=0.2, handlelength=1.6)
    axes.spines["left"].set_visible(False)
    return figure_


def draw_path(data: Path, figure_: Sheet) -> Sheet:
    """The gain and its interval against the number of replicates."""
    axes = panels(figure_, left=0.95, right=1.3, bottom=0.5, top=0.1)[0][0]
    shade(axes, data.axis, upright=True)
    low = np.array([g.low for g in data.gains])
    high = np.array([g.high for g in data.gains])
    mean = np.array([g.mean for g in data.gains])
    axes.fill_between(data.sizes, low, high, color=GOOD, alpha=0.22, lw=0)
    for edge in (low, high):
        axes.plot(data.sizes, edge, color=GOOD, lw=0.9, ls=(0, (4, 2)))
    axes.plot(data.sizes, mean, color=GOOD, lw=2.4)
    axes.set_xscale("log")
    axes.set_xlim(data.sizes[0], max(data.sizes[-1], data.sizes[0] + 1))
    picks = [
        n for n in (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000) if data.sizes[0] <= n <= data.sizes[-1]
    ]
    axes.set_xticks(picks or list(data.sizes), [str(n) for n in picks or data.sizes])
    axes.minorticks_off()
    air = 0.06 * (max(high.max(), data.axis.smallest) - min(low.min(), -data.axis.smallest))
    axes.set_ylim(min(low.min(), -data.axis.smallest) - air, max(high.max(), data.axis.smallest) + air)
    last = data.gains[-1]
    bottom, top = axes.get_ylim()
    labels = spread_labels([last.low, last.mean, last.high], 0.055 * (top - bottom), bottom, top)
    for place, value, weight in zip(
        labels, (last.low, last.mean, last.high), ("normal", "bold", "normal"), strict=True
    ):
        axes.text(1.015, (place - bottom) / (top - bottom), figure(value, data.axis.measure), transform=axes.transAxes,
                  va="center", fontsize=SMALL, fontweight=weight)  # fmt: skip
    axes.set_xlabel("replicates (log scale)")
    unit = DECLARED[data.axis.measure].unit.replace("-1", "−1")
    axes.set_ylabel(f"gain in {noun(data.axis.measure)}, {unit}")
    return figure_


def draw_bands(data: Bands, figure_: Sheet) -> Sheet:
    """Thin: 5 to 95 % over the parameters; thick: the interval over luck at default parameters."""
    axes = panels(figure_, left=2.0, right=3.3, bottom=0.5, top=0.35)[0][0]
    shade(axes, data.axis)
    count = len(data.titles)
    for i in range(count):
        axes.plot([data.low[i], data.high[i]], [i + 0.17] * 2, color=SOFT, lw=1.6, ls=(0, (4, 1.5)))
        axes.plot([data.mean[i]], [i + 0.17], marker="|", ms=10, color=SOFT, mew=2.0)
        axes.plot(
            [data.over_luck[i].low, data.over_luck[i].high], [i - 0.17] * 2, color=GOOD, lw=4.0, solid_capstyle="butt"
        )
        axes.plot([data.over_luck[i].mean], [i - 0.17], marker="o", ms=7, mfc="white", mec=GOOD, mew=1.8)
        beside = axes.get_yaxis_transform()
        axes.text(1.03, i, f"{100 * data.wins[i]:.0f} %", transform=beside, va="center", fontsize=SMALL)
        axes.text(
            1.14, i, data.hinges[i].replace(", ", "\n"), transform=beside, va="center", fontsize=8.5, linespacing=1.0
        )
    above(axes, 1.03, "best at")
    above(axes, 1.14, "hinges on")
    axes.plot([], [], color=GOOD, lw=4.0, label="over luck, default parameters, 95 %")
    axes.plot([], [], color=SOFT, lw=1.6, ls=(0, (4, 1.5)), label="over parameters, 5 to 95 %")
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    axes.set_yticks(range(count), list(data.titles), color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(count, FEWEST_ROWS) - 0.4, -0.6)
    axes.set_xlabel(data.axis.words())
    axes.spines["left"].set_visible(False)
    return figure_
