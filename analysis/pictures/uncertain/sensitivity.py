"""What moves a measure: factors ranked, with intervals, and how even their effects are."""

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.chart import Chart, same
from analysis.pictures.style import BAD, FAINT, GOOD, INK, NEUTRAL, SMALL, SOFT, Sheet, aside, note, panels
from analysis.studies.factors import unit_of
from analysis.studies.uncertain.sensitivity_runs import Sensitivity, headline
from analysis.words import lower
from sim.law.compiled import Floats

SHOWN = 14  # factors in the ranking
NAMED = 9  # factors numbered in the scatter


def size(data: Sensitivity) -> tuple[float, float]:
    """A line for each factor shown, and a second panel where the method scatters."""
    return 12 if data.indices.method.scatter else 11, 3.1 + 0.3 * max(min(SHOWN, len(data.indices.names)), 9)


def shows(data: Sensitivity) -> str:
    """What the method's numbers are."""
    index, what = data.indices, {"what": data.what, "unit": _unit(data)}
    return index.method.shows.format(points=index.points, replicates=data.replicates, **what) + _unsure(data)


def _unsure(data: Sensitivity) -> str:
    """What must be said where shares of variance come out, or may be, as no share can be."""
    index = data.indices
    wild = index.method.share and bool(((index.main + index.half > 1.0) | (index.main < 0.0)).any())
    return " Shares above 1 or below 0 cannot be: too few samples; take more (--samples)." if wild else ""


def draw(data: Sensitivity, figure: Sheet) -> None:
    """Ranking of factors with intervals; where the method tells it, also how uneven an effect is."""
    index, method = data.indices, data.indices.method
    shown = min(SHOWN, len(index.names))
    if method.scatter is None:
        [[axes]] = panels(figure, left=2.6, top=0.25, bottom=0.45)
        return _ranking(axes, data, shown)
    [[left, right]] = panels(figure, 1, 2, left=2.6, across=0.95, top=0.3, bottom=0.45, right=0.35)
    _ranking(left, data, shown)
    _scatter(right, data, index.columns[method.scatter])


def _unit(data: Sensitivity) -> str:
    return f" ({unit_of(data.measure).strip()})" if unit_of(data.measure) else ""


def _ranking(axes: Axes, data: Sensitivity, shown: int) -> None:
    """The strongest factors, one a line, with their intervals and, where the method tells them, their signs."""
    index, method = data.indices, data.indices.method
    top = index.order[:shown]
    lines = np.arange(shown)
    apart = 0.17 if method.alone else 0.0
    axes.errorbar(index.main[top], lines - apart, xerr=index.half[top], fmt="o", ms=7, color=GOOD, elinewidth=1.6,
                  label=method.key, zorder=3)  # fmt: skip
    axes.barh(lines - apart, index.main[top], height=0.3 if method.alone else 0.5, color=GOOD, alpha=0.25)
    if method.alone:
        first, half = index.columns[method.alone][top], index.columns[f"{method.alone}_conf"][top]
        axes.errorbar(first, lines + apart, xerr=half, fmt="s", ms=6, color=BAD, elinewidth=1.6, mfc="white",
                      label=method.alone_key, zorder=3)  # fmt: skip
        axes.barh(lines + apart, first, height=0.3, color=BAD, alpha=0.2)
        axes.legend(loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2)
    if method.sign:
        _signs(axes, data, top, index.columns[method.sign])
    axes.set_xlabel(method.axis.format(unit=_unit(data)))
    axes.axvline(0.0, color=SOFT, lw=0.8)
    if _unsure(data):
        limits = axes.get_xlim()
        for low, high in ((-9.0, 0.0), (1.0, 9.0)):
            axes.axvspan(low, high, color=FAINT, alpha=0.5, lw=0, zorder=0)
        axes.set_xlim(limits)
    ranks = [f"  {line + 1}" if method.scatter else "" for line in range(shown)]
    axes.set_yticks(lines, [lower(index.names[i]) + rank for i, rank in zip(top, ranks, strict=True)], color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(shown - 0.4, -0.6)
    axes.set_xlim(left=min(0.0, axes.get_xlim()[0]) if method.share else 0.0)


def _signs(axes: Axes, data: Sensitivity, top: list[int], mean: Floats) -> None:
    """Which way each factor moves the response: the signed mean against the mean size."""
    index = data.indices
    for line, i in enumerate(top):
        sign = "+" if mean[i] > 0.7 * index.main[i] else "−" if mean[i] < -0.7 * index.main[i] else "±"
        end = index.main[i] + index.half[i]
        axes.annotate(sign if index.main[i] > 0.0 else "", (end, line), (5, 0), textcoords="offset points", va="center")
    axes.set_title("Strongest first; + raises it, − lowers it, ± either", fontsize=SMALL, color=SOFT)


def _scatter(axes: Axes, data: Sensitivity, sigma: Floats) -> None:
    """Size against scatter: near the axis an even effect, on and above the diagonal one that depends on the others."""
    index, method = data.indices, data.indices.method
    axes.errorbar(index.main, sigma, xerr=index.half, fmt="o", ms=5, color=NEUTRAL, ecolor=FAINT, elinewidth=1.2)
    named = index.order[:NAMED]
    axes.errorbar(index.main[named], sigma[named], xerr=index.half[named], fmt="o", ms=7, color=GOOD, elinewidth=1.2)
    right = 1.08 * max(float((index.main + index.half).max(initial=0.0)), 1e-9)
    top = 1.15 * max(float(sigma.max(initial=0.0)), 1e-9)
    end = min(right, top)
    axes.plot([0.0, end], [0.0, end], color=SOFT, lw=1.0, ls=(0, (4, 3)))
    even = f"{method.scatter_axis.partition(':')[0]} = {method.symbol}"
    shift, side = ((-6, -2), "right") if top < right else ((6, -10), "left")
    note(axes, even, (0.97 * end, 0.97 * end), shift, ha=side, color=SOFT)
    axes.set_xlim(0.0, right)
    axes.set_ylim(0.0, top)
    aside(axes, [str(rank + 1) for rank in range(len(named))], index.main[named], sigma[named])
    axes.set_xlabel(method.axis.format(unit=_unit(data)))
    axes.set_ylabel(method.scatter_axis)
    axes.set_title("Each dot one factor, by its rank; grey: the weaker ones", fontsize=SMALL, color=SOFT)


FIGURES = (
    Chart(
        "sensitivity", "What moves a measure", shows, size, same, headline, draw, order=10,
        command="sensitivity eastern_flank --policy threat_tailored --baseline status_quo --levers all",
    ),
)  # fmt: skip
