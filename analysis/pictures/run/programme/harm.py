"""Harm by threat: what arose, was answered and was averted."""

from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from analysis.pictures.chart import Chart
from analysis.pictures.style import INK, Sheet, mark_years, note, panels
from analysis.words import Table, number, plain
from sim.declare.names import RIVAL, THREAT_KINDS
from sim.declare.threat_kinds import KINDS
from sim.law.compiled import Floats
from sim.runs.results import Results


class Harm(NamedTuple):
    """Harm points a quarter by threat kind: as it arose, left, and left in the paired run without a programme."""

    quarters: tuple[str, ...]
    kinds: tuple[str, ...]
    arose: Floats
    left: Floats
    left_without: Floats | None
    by_quarter: Floats
    by_quarter_without: Floats | None


def to_people(results: Results, values: Floats) -> Floats:
    """(S, K): of `values` (S, N, K), the part that falls on people, a state of the focus: as the measure has it."""
    weight = np.array([KINDS[k].people for k in THREAT_KINDS])
    counted = (results.role != RIVAL) & (results.focus == 1)
    states = np.maximum(counted.sum(axis=1), 1)
    return np.asarray((values * counted[:, :, None]).sum(axis=1) * weight / states[:, None])


def harm(results: Results) -> Harm:
    """Harm by threat kind, the largest first, means over the run."""
    arose, left = to_people(results, results.severity).mean(axis=0), to_people(results, results.harm)
    other = None if results.without is None else to_people(results.without, results.without.harm)
    order = sorted(range(len(arose)), key=lambda k: -arose[k])
    return Harm(
        results.quarters, tuple(THREAT_KINDS[k] for k in order), arose[order], left.mean(axis=0)[order],
        None if other is None else other.mean(axis=0)[order], left.sum(axis=1),
        None if other is None else other.sum(axis=1),
    )  # fmt: skip


def finding(data: Harm) -> str:
    """Share answered, and what the programme averted."""
    arose, left = float(data.arose.sum()), float(data.left.sum())
    share = 100.0 * (arose - left) / arose if arose > 0.0 else 0.0
    text = f"States and coalitions answered {share:.0f} % of {number(arose)} harm points a quarter"
    if data.left_without is not None:
        averted = float(data.left_without.sum()) - left
        text += f"; the programme {'averted' if averted >= 0.0 else 'added'} {number(abs(averted))}"
    return text


def table(data: Harm) -> Table:
    """Harm by kind: arose, answered, left, and the paired difference."""
    parts = [*((plain(kind), slice(i, i + 1)) for i, kind in enumerate(data.kinds)), ("All kinds", slice(None))]
    heads = ("threat kind", "arose", "answered", "left", "left without a programme", "averted by the programme")
    return Table(heads, tuple(_row(data, name, at) for name, at in parts))


def _row(data: Harm, name: str, at: slice) -> tuple[str, ...]:
    """Some kinds taken together."""
    arose, left = float(data.arose[at].sum()), float(data.left[at].sum())
    pair = ("not run", "not run")
    if data.left_without is not None:
        without = float(data.left_without[at].sum())
        pair = (number(without), number(without - left))
    return (name, number(arose), number(arose - left), number(left), *pair)


def draw(data: Harm, figure: Sheet) -> None:
    """Left: by kind, what was answered and left, and what the pair without a programme left. Right: by quarter."""
    [[bars, time]] = panels(figure, 1, 2, left=1.95, right=0.35, across=0.95, top=0.4, bottom=0.5, widths=[1.5, 1.0])
    rows = np.arange(len(data.kinds))
    bars.barh(rows, data.left, height=0.62, color="#4d4d4d")
    bars.barh(rows, data.arose - data.left, left=data.left, height=0.62, color="#cfe3f2", hatch="//",
              edgecolor="#7fb3d8", lw=0.5)  # fmt: skip
    keys: list[Artist] = [
        Patch(facecolor="#4d4d4d", label="left"),
        Patch(facecolor="#cfe3f2", hatch="//", edgecolor="#7fb3d8", label="answered by states and coalitions"),
    ]
    if data.left_without is not None:
        bars.scatter(data.left_without, rows, marker="D", s=52, color="#D55E00", edgecolors="white", zorder=4)
        words = "without a programme"
        keys.append(Line2D([], [], marker="D", ms=7, color="#D55E00", ls="", label=words))
    for i in range(len(rows)):
        text = f"{number(data.left[i])} of {number(data.arose[i])} left"
        if data.left_without is not None:
            gap = data.left_without[i] - data.left[i]
            text += f"; {number(abs(gap))} {'averted' if gap >= 0 else 'added'}"
        note(bars, text, (data.arose[i], i), (5, 0))
    bars.set_yticks(rows, [plain(k).replace(" and ", "\nand ") for k in data.kinds], color=INK)
    bars.tick_params(axis="y", length=0)
    bars.set_ylim(len(rows) - 0.4, -0.6)
    reach = float(data.arose.max()) or 1.0
    bars.set_xlim(0.0, 1.75 * reach)
    bars.set_xlabel("harm points a quarter, mean over the run")
    bars.set_xticks([t for t in bars.get_xticks() if t <= 1.02 * reach])
    bars.legend(
        handles=keys, loc="lower left", bbox_to_anchor=(-0.32, 1.0), ncols=3, borderaxespad=0.1, columnspacing=1.2,
        handletextpad=0.5, handlelength=1.5,
    )  # fmt: skip
    _through_time(data, time)


def _through_time(data: Harm, axes: Axes) -> None:
    """Harm left by quarter, with and without the programme; the area between is what the programme averted."""
    steps = np.arange(len(data.quarters))
    if data.by_quarter_without is not None:
        axes.fill_between(steps, data.by_quarter, data.by_quarter_without, color="#D55E00", alpha=0.25, lw=0)
        axes.plot(
            steps, data.by_quarter_without, color="#D55E00", ls=(0, (3, 1.2)), lw=1.5, label="without a programme"
        )
    axes.plot(steps, data.by_quarter, color="#333333", lw=1.8, label="with the programme")
    axes.set_ylim(0.0, 1.28 * axes.get_ylim()[1])
    mark_years(axes, data.quarters, most=4)
    axes.set_title("Harm left, points a quarter")
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)


FIGURES = (
    Chart(
        "harm", "Harm by threat",
        "Mean over members and partners of the focus; an index, never deaths. Averted: paired run without a "
        "programme, same draws, less this run.",
        (12, 6.5), harm, finding, draw, table, order=120,
    ),
)  # fmt: skip
