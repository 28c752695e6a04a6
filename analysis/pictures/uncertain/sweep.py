"""A grid over one or two levers or parameters: a line with its band, or a map of gains."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart, same
from analysis.pictures.compare.shared import Axis as Gains
from analysis.pictures.compare.shared import shade
from analysis.pictures.style import GOOD, INK, LOSS_GAIN, SMALL, SOFT, Sheet, ink_on, panels, scale
from analysis.studies.compare.verdict import figure, noun, said
from analysis.studies.uncertain.sweep_runs import Axis, Swept, finding, rows, shown
from analysis.words import Table, lower
from sim.law.measures import DECLARED


def caption(data: Swept) -> str:
    """What is drawn."""
    marks = "Grey vertical line: the policy's own value; grey band: too small to matter."
    if len(data.axes) == 2:
        marks = "Bold on colour: told from luck; pale: not told. Framed: nearest to the policy's own values."
    return (
        f"Gain of {said(data.policy)}, so changed, over {said(data.baseline)} in {noun(data.measure)}, "
        f"{data.replicates} paired replicates a point; intervals hold over all points at once. {marks}"
    )


def words_of(axis: Axis) -> str:
    """The label of an axis."""
    return f"{axis.title} ({axis.unit})" if axis.unit else axis.title


def draw(data: Swept, sheet: Sheet) -> None:
    """A line where one thing varies, a map where two do."""
    if len(data.axes) == 1:
        _line(panels(sheet, left=1.1, bottom=0.45)[0][0], data)
    else:
        _map(panels(sheet, left=1.9, bottom=0.95, top=0.05)[0][0], data, sheet)


def _line(axes: Axes, data: Swept) -> None:
    """Mean and band against the value; names stand side by side."""
    [axis] = data.axes
    mean, low, high = np.array([(gain.mean, gain.low, gain.high) for gain in data.gains]).T
    word = "more" if data.sign > 0 else "less"
    shade(axes, Gains(data.measure, data.sign, data.smallest, data.baseline), upright=True)
    if isinstance(axis.default, str):
        at = np.arange(len(axis.values))
        axes.errorbar(at, mean, (mean - low, high - mean), color=GOOD, fmt="o", ms=7, lw=2.0, capsize=4)
        axes.set_xticks(at, [shown(value) for value in axis.values])
        axes.set_xlim(-0.5, len(at) - 0.5)
    else:
        at = np.array([float(value) for value in axis.values])
        axes.axvline(axis.default, color=SOFT, lw=1.0, ls=(0, (4, 3)))
        axes.fill_between(at, low, high, color=GOOD, alpha=0.22, lw=0)
        axes.plot(at, mean, color=GOOD, marker="o", ms=5)
    axes.set_xlabel(words_of(axis))
    axes.set_ylabel(f"{word} {noun(data.measure)}, {DECLARED[data.measure].unit}\n(better ↑)")


def _map(axes: Axes, data: Swept, sheet: Sheet) -> None:
    """Cells with their gains; the first axis goes up, the second to the right."""
    down, across = data.axes
    means = np.array([gain.mean for gain in data.gains]).reshape(data.shape)
    largest = max(float(np.abs(means).max()), 1e-12)
    norm = Normalize(-largest, largest)
    own = tuple(_nearest(axis) for axis in data.axes)
    for at, gain in enumerate(data.gains):
        i, j = (int(n) for n in np.unravel_index(at, data.shape))
        told = gain.excludes()
        face = LOSS_GAIN(norm(gain.mean)) if told else "white"
        axes.add_patch(Rectangle((j - 0.5, i - 0.5), 1, 1, facecolor=face, edgecolor="white", lw=1.0))
        axes.text(j, i, figure(gain.mean, data.measure), ha="center", va="center", fontsize=SMALL,
                  color=ink_on(face) if told else SOFT, fontweight="bold" if told else "normal")  # fmt: skip
        if (i, j) == own:
            axes.add_patch(Rectangle((j - 0.46, i - 0.44), 0.92, 0.88, fill=False, edgecolor=INK, lw=1.6))
    axes.set_xlim(-0.5, data.shape[1] - 0.5)
    axes.set_ylim(-0.5, data.shape[0] - 0.5)
    axes.set_xticks(range(data.shape[1]), [shown(value) for value in across.values])
    axes.set_yticks(range(data.shape[0]), [shown(value) for value in down.values])
    axes.tick_params(length=0)
    axes.set_xlabel(words_of(across))
    axes.set_ylabel(words_of(down))
    axes.spines[["left", "bottom"]].set_visible(False)
    scale(sheet, 0.62, 0.32, LOSS_GAIN, -largest, largest, f"gain, {DECLARED[data.measure].unit}")


def _nearest(axis: Axis) -> int:
    """The place of the policy's own value."""
    if isinstance(axis.default, str):
        return axis.values.index(axis.default) if axis.default in axis.values else -1
    return int(np.argmin([abs(float(value) - axis.default) for value in axis.values]))


def title(data: Swept) -> str:
    """The first part of the finding."""
    return finding(data).partition(";")[0].rstrip(".")


def size(data: Swept) -> tuple[float, float]:
    """Room for every cell."""
    return (11, 5.6) if len(data.axes) == 1 else (11, 3.6 + 0.5 * max(data.shape[0], 4))


def table(data: Swept) -> Table:
    """The grid as texts."""
    heads, lines = rows(data)
    return Table(tuple(heads), tuple(
        tuple(lower(cell) if isinstance(cell, str) else f"{cell:.4g}" for cell in line) for line in lines
    ))  # fmt: skip


FIGURES = (
    Chart(
        "sweep", "A grid", caption, size, same, title, draw, table, order=40,
        command="sweep eastern_flank envelope=0:360:7 warfighting",
    ),
)  # fmt: skip
