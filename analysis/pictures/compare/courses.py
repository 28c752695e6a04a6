"""How the gains of all policies come about through time."""

from typing import Final, NamedTuple

import numpy as np

from analysis.pictures.chart import Chart
from analysis.pictures.compare.shared import Axis, led, shade, unit
from analysis.pictures.style import GOOD, INK, Sheet, mark_years, panels, spread_labels
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import apart, figure, noun, said
from analysis.words import Table, shortened, signed
from sim.inputs.values import quarter_number, quarter_text
from sim.law.compiled import Floats

OTHERS: Final = ("#6b6b6b", "#8a5a00", "#007a59", "#882255", "#44546a", "#b84f00")


class Courses(NamedTuple):
    """Mean gains over the baseline by step, more is better, (P, L) of all policies, best first."""

    measure: str
    sign: int
    smallest: float
    quarters: tuple[str, ...]
    titles: tuple[str, ...]
    gains: Floats
    leader: int  # rows of `titles`
    baseline: int


def courses(judged: Judged) -> Courses:
    """All policies' gains by quarter; luck is shared, so these are means of paired differences."""
    asked, order, means = judged.asked, judged.order(), judged.steps.mean
    first = quarter_number(asked.start)
    return Courses(
        asked.measure, asked.sign, asked.smallest, tuple(quarter_text(first + s) for s in range(means.shape[1])),
        tuple(asked.titles[p] for p in order), asked.sign * (means[order] - means[asked.baseline]),
        order.index(judged.leader), order.index(asked.baseline),
    )  # fmt: skip


def finding(data: Courses) -> str:
    """When the leader is furthest ahead, and in how many quarters it is ahead."""
    own, base = data.gains[data.leader], said(data.titles[data.baseline])
    top = int(np.argmax(own))
    ahead = f"{data.titles[data.leader]} is ahead of {base} in {int((own > 0.0).sum())} of {len(own)} quarters"
    return f"{ahead}, most in {data.quarters[top]} ({apart(float(own[top]), data.measure, data.sign, base)})"


def table(data: Courses) -> Table:
    """Gains in the first, the middle and the last quarter."""
    picks = (0, len(data.quarters) // 2, -1)
    rows = tuple((t, *(figure(float(g[i]), data.measure) for i in picks)) for t, g in zip(data.titles, data.gains))
    return Table(("policy", *(f"gain in {data.quarters[i]}" for i in picks)), rows)


def draw(data: Courses, sheet: Sheet) -> None:
    """A line for each policy; the baseline is the line at zero."""
    [[axes]] = panels(sheet, left=1.05, right=2.6, bottom=0.3, top=0.1)
    if sheet.narrow:
        box = axes.get_position()
        axes.set_position((box.x0, box.y0, box.width - 1.05 / float(sheet.get_size_inches()[0]), box.height))
    steps, last = np.arange(len(data.quarters)), len(data.quarters) - 1
    shade(axes, Axis(data.measure, data.sign, data.smallest, data.titles[data.baseline]), upright=True)
    for i, gains in enumerate(data.gains):
        leads, colour = i == data.leader, OTHERS[i % len(OTHERS)]
        if i != data.baseline:
            axes.plot(steps, gains, color=GOOD if leads else colour, lw=2.6 if leads else 1.2, zorder=5 if leads else 3)
    mark_years(axes, data.quarters)
    ends = [float(gains[-1]) for gains in data.gains]
    low, high = axes.get_ylim()
    places = spread_labels(ends, 0.062 * (high - low), low, high)
    for i, (place, end) in enumerate(zip(places, ends, strict=True)):
        strong = i in (data.leader, data.baseline)
        colour = GOOD if i == data.leader else INK if strong else OTHERS[i % len(OTHERS)]
        title = shortened(data.titles[i], 16) if sheet.narrow else data.titles[i]
        words = title if i == data.baseline else f"{title}  {signed(end, 3 if abs(end) < 1 else 1)}"
        led(axes, words, (last, end), (1.035, (place - low) / (high - low)), (1, 1), strong, colour)
    word = "more" if data.sign > 0 else "less"
    axes.set_ylabel(f"{word} {noun(data.measure)}, {unit(data.measure)}\n(better ↑)")


FIGURES = (
    Chart(
        "courses", "How the gains come about",
        "Mean gain over the baseline in each quarter, over paired replicates. Blue and heavy: the leading policy. Grey "
        "band: too small to matter.",
        (11, 6.2), courses, finding, draw, table, order=20, narrow=(4.9, 5.6),
    ),
)  # fmt: skip
