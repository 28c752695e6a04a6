"""Where a policy fails: the region of worlds, or, where there is none, how worlds came out."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart, same
from analysis.pictures.style import BAD, BASE, FAINT, GOOD, INK, SMALL, SOFT, Sheet, note, panels
from analysis.studies.factors import unit_of
from analysis.studies.uncertain.discover_runs import Discovery, headline
from analysis.words import lower, number


def size(data: Discovery) -> tuple[float, float]:
    """Wider with a region, which takes two panels."""
    return (10, 5.6) if data.box is None else (12, 6.2)


def shows(data: Discovery) -> str:
    """What counts as failing, and how many worlds are shown."""
    if data.box is None:
        return f"How {len(data.points)} worlds came out; failing: {data.rule.words}."
    return (f"Failing: {data.rule.words}. Left: ranges of the region within the declared ranges. Right: the "
            f"{len(data.points)} worlds that it was found in.")  # fmt: skip


def draw(data: Discovery, figure: Sheet) -> None:
    """The box as bars within the full ranges, and the worlds over its two strongest factors; or the differences."""
    if data.box is None:
        [[axes]] = panels(figure, left=0.9, top=0.15, bottom=0.45)
        return _differences(axes, data)
    [[left, right]] = panels(figure, 1, 2, left=2.3, across=1.1, top=0.55, bottom=0.45, widths=[0.85, 1.0])
    _box_bars(left, data)
    _worlds(right, data)


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
    note(axes, number(data.rule.bound), (data.rule.bound, 1.0), (4, -2), xycoords=("data", "axes fraction"), va="top")
    axes.set_xlabel(_judged(data))
    axes.set_ylabel("worlds")
    axes.legend(loc="upper right")


FIGURES = (
    Chart(
        "discover", "Where a policy fails", shows, size, same, headline, draw, order=20,
        command="discover eastern_flank --policy threat_tailored",
    ),
)  # fmt: skip
