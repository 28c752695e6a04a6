"""The courses of all policies through time."""

from typing import Any, NamedTuple

import numpy as np

from analysis.pictures.chart import Chart
from analysis.pictures.compare.shared import led, unit
from analysis.pictures.style import GOOD, INK, SOFT, Sheet, mark_years, panels, spread_labels
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import figure, noun, said
from analysis.words import Table
from sim.inputs.values import quarter_number, quarter_text
from sim.law.compiled import Floats


class Courses(NamedTuple):
    """The primary measure by step: quantiles (Q, L) of leader and baseline, means (P, L) of all, best first."""

    measure: str
    quarters: tuple[str, ...]
    titles: tuple[str, ...]
    means: Floats
    leader: int  # rows of `titles`
    baseline: int
    fans: Floats  # (2, Q, L): leader, baseline
    rising: bool  # more is better


def courses(judged: Judged) -> Courses:
    """All policies' courses."""
    asked, order, length = judged.asked, judged.order(), judged.steps.mean.shape[1]
    first = quarter_number(asked.start)
    return Courses(
        asked.measure, tuple(quarter_text(first + s) for s in range(length)), tuple(asked.titles[p] for p in order),
        judged.steps.mean[order], order.index(judged.leader), order.index(asked.baseline),
        judged.steps.quantiles[[judged.leader, asked.baseline]], asked.sign > 0,
    )  # fmt: skip


def finding(data: Courses) -> str:
    """How leader and baseline end."""
    a, b = (
        f"{figure(float(data.means[p, -1]), data.measure)} under {said(data.titles[p])}"
        for p in (data.leader, data.baseline)
    )
    return f"{noun(data.measure).capitalize()} ends at {a} and at {b}"


def table(data: Courses) -> Table:
    """First, middle and last step of every policy's mean."""
    picks = (0, len(data.quarters) // 2, -1)
    rows = tuple((t, *(figure(float(m[i]), data.measure) for i in picks)) for t, m in zip(data.titles, data.means))
    return Table(("policy", *(f"mean in {data.quarters[i]}" for i in picks)), rows)


def draw(data: Courses, sheet: Sheet) -> None:
    """All means as lines; 5 to 95 % and 25 to 75 % of replicates as bands for leader and baseline."""
    [[axes]] = panels(sheet, left=0.95, right=2.5, bottom=0.3, top=0.1)
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
    for i, (place, end) in enumerate(zip(places, ends, strict=True)):
        strong = i in (data.leader, data.baseline)
        colour = GOOD if i == data.leader else INK if strong else SOFT
        words, to = f"{data.titles[i]}  {figure(end, data.measure)}", (1.035, (place - low) / (high - low))
        led(axes, words, (len(steps) - 1, end), to, (1, 1), strong, colour)
    axes.set_ylabel(f"{noun(data.measure)}, {unit(data.measure)}  ({'↑' if data.rising else '↓'} better)")


FIGURES = (
    Chart(
        "courses", "The courses of all policies",
        "Lines: means over replicates. Bands: 5 to 95 % and 25 to 75 % of replicates, blue the leading policy, grey "
        "and dashed the baseline. Luck is shared, so bands overlap far more than gains do.",
        (11, 6.2), courses, finding, draw, table, order=20,
    ),
)  # fmt: skip
