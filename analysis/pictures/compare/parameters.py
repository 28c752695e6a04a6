"""Gains over the ranges of assumed parameters."""

from typing import Any, NamedTuple

from analysis.pictures.chart import Chart
from analysis.pictures.compare.shared import Axis, above, axis_of, rows, shade
from analysis.pictures.style import GOOD, SMALL, SOFT, Sheet, panels
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import span
from analysis.words import Table, lower


class Bands(NamedTuple):
    """Each policy's gain over luck and over the parameters' ranges, best first."""

    axis: Axis
    titles: tuple[str, ...]
    over_luck: tuple[Interval, ...]
    low: tuple[float, ...]
    mean: tuple[float, ...]
    high: tuple[float, ...]
    wins: tuple[float, ...]
    hinges: tuple[str, ...]


def bands(judged: Judged) -> Bands:
    """The nested design against the default parameters."""
    assert judged.nested is not None
    order = [p for p in judged.order() if p != judged.asked.baseline]
    own = [judged.nested.spreads[p] for p in order]
    names = tuple(
        ", ".join(f"{lower(h.parameter)} {'+' if h.rho > 0 else '−'}" for h in s.hinges) or "no single parameter"
        for s in own
    )
    return Bands(
        axis_of(judged), tuple(judged.asked.titles[p] for p in order), tuple(judged.gain(p) for p in order),
        tuple(s.low for s in own), tuple(s.mean for s in own), tuple(s.high for s in own),
        tuple(s.wins for s in own), names,
    )  # fmt: skip


def finding(data: Bands) -> str:
    """How many gains keep their sign."""
    sure = sum(a > 0.0 or b < 0.0 for a, b in zip(data.low, data.high, strict=True))
    if len(data.titles) == 1:
        return f"Over 5 to 95 % of the parameters' ranges the difference {'keeps' if sure else 'changes'} its sign"
    return f"Over 5 to 95 % of the parameters' ranges {sure} of {len(data.titles)} differences keep their sign"


def table(data: Bands) -> Table:
    """One row a policy."""
    m = data.axis.measure
    columns = zip(data.titles, data.over_luck, data.low, data.high, data.wins, data.hinges, strict=True)
    lines = ((t, span(i.low, i.high, m), span(a, b, m), f"{100 * w:.0f} %", h) for t, i, a, b, w, h in columns)
    return Table(("policy", "over luck", "over parameters, 5 to 95 %", "best at", "hinges on"), tuple(lines))


def draw(data: Bands, sheet: Sheet) -> None:
    """Thin: 5 to 95 % over the parameters; thick: the interval over luck at default parameters."""
    [[axes]] = panels(sheet, left=2.0, right=3.3, bottom=0.5, top=0.35)
    shade(axes, data.axis)
    rows(axes, data.titles, data.axis.words())
    beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center"}
    for i, luck in enumerate(data.over_luck):
        axes.plot([data.low[i], data.high[i]], [i + 0.17] * 2, color=SOFT, lw=1.6, ls=(0, (4, 1.5)))
        axes.plot([data.mean[i]], [i + 0.17], marker="|", ms=10, color=SOFT, mew=2.0)
        axes.plot([luck.low, luck.high], [i - 0.17] * 2, color=GOOD, lw=4.0, solid_capstyle="butt")
        axes.plot([luck.mean], [i - 0.17], marker="o", ms=7, mfc="white", mec=GOOD, mew=1.8)
        axes.text(1.03, i, f"{100 * data.wins[i]:.0f} %", fontsize=SMALL, **beside)
        axes.text(1.14, i, data.hinges[i].replace(", ", "\n"), fontsize=8.5, linespacing=1.0, **beside)
    above(axes, 1.03, "best at")
    above(axes, 1.14, "hinges on")
    axes.plot([], [], color=GOOD, lw=4.0, label="over luck, 95 %")
    axes.plot([], [], color=SOFT, lw=1.6, ls=(0, (4, 1.5)), label="over parameters, 5 to 95 %")
    axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)


FIGURES = (
    Chart(
        "parameters", "Over the ranges of assumed parameters",
        "Default parameters (thick) against points over all assumed parameters at once (thin, luck taken out). "
        "Hinges: rank correlation with the gain clearly above chance; + raises it. Grey band: too small to matter.",
        (12, 6.4), bands, finding, draw, table, order=80, when=lambda judged: judged.nested is not None,
    ),
)  # fmt: skip
