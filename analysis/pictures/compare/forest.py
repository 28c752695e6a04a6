"""The forest of gains over the baseline."""

from typing import NamedTuple

from analysis.pictures.chart import Chart
from analysis.pictures.compare.shared import Axis, above, axis_of, reach, rows, shade
from analysis.pictures.style import BAD, GOOD, SMALL, SOFT, Sheet, panels
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import apart, figure, noun, percent, said, span
from analysis.words import Table


class Forest(NamedTuple):
    """Gains over the baseline, best first, with intervals that hold together."""

    axis: Axis
    titles: tuple[str, ...]
    gains: tuple[Interval, ...]
    relative: tuple[str, ...]
    wins: tuple[float, ...]
    not_beaten: tuple[bool, ...]
    is_baseline: tuple[bool, ...]


def forest(judged: Judged) -> Forest:
    """Every policy against the baseline."""
    order, at, base = judged.order(), judged.at, judged.asked.baseline
    changes = [judged.lines[p][at].relative for p in order]
    return Forest(
        axis_of(judged), tuple(judged.asked.titles[p] for p in order), tuple(judged.gain(p) for p in order),
        tuple("" if c is None else f"{'−' if c.mean < 0 else '+'}{percent(abs(c.mean))} %" for c in changes),
        tuple(float(judged.wins[p]) for p in order), tuple(p in judged.best.not_beaten for p in order),
        tuple(p == base for p in order),
    )  # fmt: skip


def finding(data: Forest) -> str:
    """The best policy and its gain."""
    first = data.is_baseline.index(False)
    gain, title, m = data.gains[first], data.titles[first], data.axis.measure
    base = said(data.axis.baseline)
    if not gain.excludes():
        leads = f"{title} leads, but is not told apart from {base}"
        return leads if gain.mean > 0.0 else f"No policy is told to do better than {base} on {noun(m)}"
    if gain.mean < 0.0:
        return f"No policy does better than {base} on {noun(m)}"
    beaten = len(data.titles) - sum(data.not_beaten)
    return f"{title}: {apart(gain.mean, m, data.axis.sign, base)}; {beaten} of {len(data.titles)} policies are beaten"


def table(data: Forest) -> Table:
    """One row a policy."""
    m = data.axis.measure
    heads = ("policy", "gain", "95 %, together", "change of the measure", "best in", "may be best")
    return Table(heads, tuple(
        (t, figure(g.mean, m), span(g.low, g.high, m), r or "not bounded", f"{100 * w:.0f} %", "yes" if n else "no")
        for t, g, r, w, n in zip(data.titles, data.gains, data.relative, data.wins, data.not_beaten, strict=True)
    ))  # fmt: skip


def draw(data: Forest, sheet: Sheet) -> None:
    """A row for each policy: its gain and interval; grey: too small to matter; filled: told from the baseline."""
    [[axes]] = panels(sheet, left=2.0, right=2.75, bottom=0.5, top=0.25)
    shade(axes, data.axis)
    rows(axes, data.titles, data.axis.words())
    for i, (gain, base) in enumerate(zip(data.gains, data.is_baseline, strict=True)):
        told = gain.excludes() and not base
        colour = SOFT if not told else GOOD if gain.mean > 0.0 else BAD
        axes.plot([gain.low, gain.high], [i, i], color=colour, lw=3.2, solid_capstyle="butt", zorder=3)
        for end in (gain.low, gain.high):
            axes.plot([end, end], [i - 0.14, i + 0.14], color=colour, lw=1.6, zorder=3)
        face = colour if told else "white"
        axes.plot([gain.mean], [i], marker="s" if base else "o", ms=8, mfc=face, mec=colour, mew=1.8, zorder=4)
    reach(axes, data.gains, data.axis)
    heads = {"gain": 1.03} if sheet.narrow else {"gain": 1.03, "change": 1.17, "best in": 1.31}
    for words, x in heads.items():
        above(axes, x, words)
    for i, (gain, base) in enumerate(zip(data.gains, data.is_baseline, strict=True)):
        weight = "bold" if data.not_beaten[i] else "normal"
        axes.get_yticklabels()[i].set_fontweight(weight)
        amount = f"{'+' if gain.mean > 0 else ''}{figure(gain.mean, data.axis.measure)}"
        shown = (*(("baseline", "") if base else (amount, data.relative[i])), f"{100 * data.wins[i]:.0f} %")
        for x, words in zip(heads.values(), shown, strict=False):
            axes.text(x, i, words, transform=axes.get_yaxis_transform(), fontsize=SMALL, va="center", fontweight=weight)


FIGURES = (
    Chart(
        "forest", "Gains over the baseline",
        "Mean paired difference with 95 % intervals that hold together for all policies. Grey band: too small to "
        "matter. Filled: told from the baseline. Bold: may be best.",
        (11, 6.2), forest, finding, draw, table, order=10, narrow=(4.9, 6.4),
    ),
)  # fmt: skip
