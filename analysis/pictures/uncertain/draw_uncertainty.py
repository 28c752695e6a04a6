"""Pictures of sensitivity and discovery: what moves a measure, and where a policy fails."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle

from analysis.pictures.style import BAD, BASE, FAINT, GOOD, INK, NEUTRAL, RC, SMALL, SOFT, About, Sheet, panels, sheet
from analysis.studies.factors import unit_of
from analysis.studies.uncertain import discover_runs as discover
from analysis.studies.uncertain import sensitivity_runs as sensitivity
from analysis.studies.uncertain.discover_runs import Discovery
from analysis.studies.uncertain.sensitivity_runs import Sensitivity
from analysis.words import counted, lower, number
from sim.law.compiled import Floats
from sim.outputs.files import whole

SHOWN = 14  # factors in the ranking
NAMED = 9  # factors numbered in the scatter


class Foot(About):
    """The foot of a figure that shows many replicates."""

    def lines(self) -> tuple[str, str]:
        """The same two lines, with all replicates."""
        run, model = super().lines()
        return run.replace(f"replicate {self.replicate}", counted(self.replicate, "replicate")), model


def draw_sensitivity(data: Sensitivity, foot: About) -> Sheet:
    """Ranking of factors with intervals; where the method tells it, also how uneven an effect is."""
    index, method = data.indices, data.indices.method
    shown = min(SHOWN, len(index.names))
    size = 12 if method.scatter else 11, 3.1 + 0.3 * max(shown, 9)
    shows = method.shows.format(what=data.what, unit=_unit(data), points=index.points, replicates=data.replicates)
    figure = sheet(size, sensitivity.headline(data), shows, foot)
    if method.scatter is None:
        [[axes]] = panels(figure, 1, 1, left=2.6, top=0.25, bottom=0.45)
        _ranking(axes, data, shown)
        return figure
    [[left, right]] = panels(figure, 1, 2, left=2.6, across=0.95, top=0.3, bottom=0.45, right=0.35)
    _ranking(left, data, shown)
    _scatter(right, data, index.columns[method.scatter])
    return figure


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
    axes.annotate(even, (0.97 * end, 0.97 * end), (-6, -2) if top < right else (6, -10), textcoords="offset points",
                  ha="right" if top < right else "left", va="center", fontsize=SMALL, color=SOFT)  # fmt: skip
    for rank, i in enumerate(named):
        axes.annotate(str(rank + 1), (index.main[i], sigma[i]), (0, 7), textcoords="offset points", ha="center",
                      fontsize=SMALL)  # fmt: skip
    axes.set_xlim(0.0, right)
    axes.set_ylim(0.0, top)
    axes.set_xlabel(method.axis.format(unit=_unit(data)))
    axes.set_ylabel(method.scatter_axis)
    axes.set_title("Each dot one factor, by its rank; grey: the weaker ones", fontsize=SMALL, color=SOFT)


def draw_discovery(data: Discovery, foot: About) -> Sheet:
    """The box as bars within the full ranges, and the worlds over its two strongest factors; or the differences."""
    title, count = discover.headline(data), len(data.points)
    if data.box is None:
        figure = sheet((10, 5.6), title, f"How {count} worlds came out; failing: {data.rule.words}.", foot)
        [[axes]] = panels(figure, 1, 1, left=0.9, top=0.15, bottom=0.45)
        _differences(axes, data)
        return figure
    shows = (f"Failing: {data.rule.words}. Left: ranges of the region within the declared ranges. Right: the {count} "
             "worlds that it was found in.")  # fmt: skip
    figure = sheet((12, 6.2), title, shows, foot)
    [[left, right]] = panels(figure, 1, 2, left=2.3, across=1.1, top=0.55, bottom=0.45, widths=[0.85, 1.0])
    _box_bars(left, data)
    _worlds(right, data)
    return figure


def _box_bars(axes: Axes, data: Discovery) -> None:
    assert data.box is not None
    kinds = {factor.name: factor for factor in data.factors}
    for line, (name, (low, high)) in enumerate(data.box.limits.items()):
        factor = kinds[name]
        span = factor.high - factor.low
        start, end = (low - factor.low) / span, (high - factor.low) / span
        axes.barh(line, 1.0, height=0.34, color=FAINT)
        axes.barh(line, end - start, left=start, height=0.34, color=BAD, hatch="//", edgecolor="white", lw=0.4)
        for place, value, here in ((0.0, factor.low, low == factor.low), (1.0, factor.high, high == factor.high)):
            axes.text(place, line + 0.36, f"{value:.3g}", ha="left" if place == 0.0 else "right", fontsize=SMALL,
                      color=INK if here else SOFT)  # fmt: skip
        for place, value, ours in ((start, low, low > factor.low), (end, high, high < factor.high)):
            if ours:
                axes.text(place, line - 0.27, f"{value:.3g}", ha="center", fontsize=BASE, fontweight="bold", color=BAD)
    names = list(data.box.limits)
    axes.set_yticks(range(len(names)), [lower(name) for name in names], color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.set_ylim(max(len(names), 3) - 0.4, -0.7)
    axes.set_xlim(-0.02, 1.02)
    axes.set_title("The region: hatched; the whole range: grey")


def _worlds(axes: Axes, data: Discovery) -> None:
    """Worlds over the two strongest factors of the box; with one factor, against what is judged."""
    assert data.box is not None
    names, kinds = list(data.box.limits), {factor.name: factor for factor in data.factors}
    across = kinds[names[0]]
    x = data.points[:, data.names.index(across.name)]
    low, high = data.box.limits[across.name]
    if len(names) > 1:
        up = kinds[names[1]]
        y = data.points[:, data.names.index(up.name)]
        bottom, top = data.box.limits[up.name]
        axes.set_ylabel(f"{lower(up.name)} ({up.unit})")
        axes.set_ylim(up.low - 0.02 * (up.high - up.low), up.high + 0.02 * (up.high - up.low))
        axes.add_patch(Rectangle((low, bottom), high - low, top - bottom, fill=False, ec=INK, lw=1.8, zorder=2))
    else:
        y = data.values
        axes.axhline(data.rule.bound, color=SOFT, lw=1.0, ls=(0, (4, 3)))
        axes.axvspan(low, high, color=FAINT, alpha=0.5, zorder=0)
        axes.set_ylabel(_judged(data))
    bad = data.failing
    axes.plot(x[~bad], y[~bad], ls="", marker="o", ms=5, mfc="white", mec=GOOD, label=f"holds ({(~bad).sum()})")
    axes.plot(x[bad], y[bad], ls="", marker="X", ms=6.5, mfc=BAD, mec="white", mew=0.5, label=f"fails ({bad.sum()})")
    axes.set_xlabel(f"{lower(across.name)} ({across.unit})")
    axes.set_xlim(across.low - 0.02 * (across.high - across.low), across.high + 0.02 * (across.high - across.low))
    axes.legend(loc="lower right", bbox_to_anchor=(1.02, 1.0), ncols=2, handletextpad=0.2)


def _judged(data: Discovery) -> str:
    name, unit = lower(data.rule.measure), _in_brackets(data.rule.measure)
    return f"{name}: {data.policy} less {data.baseline}{unit}" if data.rule.difference else f"{name}{unit}"


def _in_brackets(measure: str) -> str:
    return f" ({unit_of(measure).strip()})" if unit_of(measure) else ""


def _differences(axes: Axes, data: Discovery) -> None:
    low, high, bound = float(data.values.min()), float(data.values.max()), data.rule.bound
    wide = max((high - low) / min(30, max(5, len(data.values) // 8)), 1e-9)  # a bin's edge lies on the bound
    edges = bound + wide * np.arange(np.floor((low - bound) / wide), np.ceil((high - bound) / wide) + 2.0)
    bad = data.failing
    axes.hist(data.values[~bad], bins=list(edges), color=GOOD, edgecolor="white", label=f"holds ({(~bad).sum()})")
    axes.hist(data.values[bad], bins=list(edges), color=BAD, edgecolor="white", hatch="//",
              label=f"fails ({bad.sum()})")  # fmt: skip
    axes.axvline(data.rule.bound, color=INK, lw=1.2, ls=(0, (4, 3)))
    axes.annotate(number(data.rule.bound), (data.rule.bound, 1.0), (4, -2), xycoords=("data", "axes fraction"),
                  textcoords="offset points", va="top", fontsize=SMALL)  # fmt: skip
    axes.set_xlabel(_judged(data))
    axes.set_ylabel("worlds")
    axes.legend(loc="upper right")


def save_figure(draw: Any, data: Any, foot: About, folder: Path, name: str,
                formats: Sequence[str] = ("png", "svg")) -> list[Path]:  # fmt: skip
    """Draw once and write in every format; the same numbers give the same SVG bytes."""
    with matplotlib.rc_context(RC):
        figure = draw(data, foot)
        FigureCanvasAgg(figure)
        for kind in formats:
            options: dict[str, Any] = {"metadata": {"Date": None}} if kind == "svg" else {}
            with whole(folder / f"{name}.{kind}") as path:
                figure.savefig(path, format=kind, **options)
    return [folder / f"{name}.{kind}" for kind in formats]
