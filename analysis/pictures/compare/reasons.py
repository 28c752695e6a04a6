"""What the gain on the measure that decides comes from: levers put back one by one, mechanisms switched off."""

from typing import Final, NamedTuple

from matplotlib.axes import Axes

from analysis.pictures.chart import Chart
from analysis.pictures.compare.shared import Axis, axis_of, reach, shade
from analysis.pictures.style import BAD, GOOD, INK, SMALL, SOFT, Sheet, folded, nothing, panels
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import figure, noun, said, span
from analysis.words import Table, plain

MOST: Final = 9  # levers shown


class Reasons(NamedTuple):
    """What each lever alone adds to a policy's gain, and what of the gain each mechanism's absence takes away."""

    axis: Axis
    own: str
    levers: tuple[tuple[str, Interval], ...]  # largest first
    mechanisms: tuple[tuple[str, Interval], ...]


def reasons(judged: Judged) -> Reasons:
    """Of the policy that is taken apart."""
    assert judged.why is not None
    why = judged.why
    levers = sorted(((plain(one.lever), one.gain) for one in why.resets), key=lambda one: -abs(one[1].mean))
    lost = tuple((one.name[:1].upper() + one.name[1:], one.lost) for one in why.lost)
    return Reasons(axis_of(judged), judged.asked.titles[why.policy], tuple(levers), lost)


def finding(data: Reasons) -> str:
    """The lever and the mechanism that matter most."""
    m, parts = data.axis.measure, []
    for found, words in ((data.levers, "by the lever {}"), (data.mechanisms, "through {}")):
        told = [one for one in found if one[1].excludes() and one[1].mean != 0.0]
        if told:
            name, gain = max(told, key=lambda one: abs(one[1].mean))
            amount = f"{'+' if gain.mean > 0.0 else ''}{figure(gain.mean, m)}"
            parts.append(f"{words.format(name.lower())} ({amount})")
    head = f"{data.own} against {said(data.axis.baseline)}, {noun(m)}: "
    return head + (
        f"most {' and '.join(parts)}" if parts else "no single lever or mechanism is told from luck (0 found)"
    )


def table(data: Reasons) -> Table:
    """Every lever and mechanism."""
    m = data.axis.measure
    return Table(("what", "lever or mechanism", "part of the gain", "95 %"), tuple(
        (kind, name, figure(one.mean, m), span(one.low, one.high, m))
        for kind, found in (("lever put back", data.levers), ("mechanism off", data.mechanisms)) for name, one in found
    ))  # fmt: skip


def draw(data: Reasons, sheet: Sheet) -> None:
    """Left: what each lever alone adds; right: what disappears without each mechanism. One scale for both."""
    if not data.levers and not data.mechanisms:
        return nothing(sheet, "No lever differs, and no mechanism is pointed to.")
    [[left, right]] = panels(sheet, 1, 2, left=2.0, across=2.6, top=0.35, bottom=0.5)
    shown = data.levers[:MOST]
    _rows(left, data, shown, "Levers, each alone")
    _rows(right, data, data.mechanisms, "Mechanisms, switched off")
    for axes in (left, right):
        reach(axes, tuple(one for _, one in (*shown, *data.mechanisms)), data.axis)
        axes.locator_params(axis="x", nbins=5)


def _rows(axes: Axes, data: Reasons, found: tuple[tuple[str, Interval], ...], title: str) -> None:
    shade(axes, data.axis)
    for i, (_, gain) in enumerate(found):
        told = gain.excludes() and gain.mean != 0.0
        colour = SOFT if not told else GOOD if gain.mean > 0.0 else BAD
        axes.plot([gain.low, gain.high], [i, i], color=colour, lw=3.0, solid_capstyle="butt")
        axes.plot([gain.mean], [i], marker="o", ms=8, mfc=colour if told else "white", mec=colour, mew=1.8)
    axes.set_yticks(range(len(found)), ["\n".join(folded(name, 20)) for name, _ in found], color=INK, fontsize=SMALL)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(len(found), 5) - 0.4, -0.6)
    axes.spines["left"].set_visible(False)
    axes.set_title(title)
    axes.set_xlabel(f"part of the gain in {noun(data.axis.measure)}")


FIGURES = (
    Chart(
        "reasons", "What the gain comes from",
        "Left: what each lever alone adds, put back to the baseline's value. Right: what is lost without a mechanism, "
        "switched off in both. Paired, 95 %; hollow: not told from luck; grey band: too small to matter.",
        (12, 6.2), reasons, finding, draw, table, order=45, narrow=(4.9, 8.4),
        when=lambda judged: judged.why is not None,
    ),
)  # fmt: skip
