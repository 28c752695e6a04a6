"""Regret of every policy over scenarios."""

from typing import NamedTuple

import numpy as np
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.style import GOOD, INK, SMALL, SOFT, Sheet, folded, ink_on, note, panels
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Comparison
from analysis.words import Table, counted, number, shortened
from sim.law.compiled import Floats

RIGHT = (1.02, 1.12, 1.21)  # where the criteria stand beside the matrix, as shares of its width
ABREAST = 6  # scenarios whose names stand level
REGRET = LinearSegmentedColormap.from_list("regret", ["#ffffff", "#fbe3cf", "#f0b07a", "#d5762f", "#93400f", "#5b2408"])


class Regrets(NamedTuple):
    """Regret by policy and scenario, in smallest differences that matter; policies from the least largest regret."""

    titles: tuple[str, ...]
    scenarios: tuple[str, ...]  # titles
    values: Floats  # (P, S)
    best: tuple[int, ...]  # row of the best policy in each scenario
    told: tuple[bool, ...]  # whether it is told apart from all others
    matters: tuple[bool, ...]  # whether it leads all others by more than the smallest difference that matters
    largest: tuple[Interval, ...]
    mean: tuple[Interval, ...]
    enough: tuple[float, ...]


def regrets(whole: Comparison) -> Regrets:
    """The matrix and the criteria."""
    over = whole.over
    assert over is not None
    order = [int(p) for p in np.argsort(over.criteria.minimax_regret, kind="stable")]
    values = over.regrets.T[order]
    return Regrets(
        tuple(whole.titles[p] for p in order), tuple(one.asked.title for one in whole.scenarios), values,
        tuple(int(r) for r in values.argmin(axis=0)),
        tuple(len(one.best.not_beaten) == 1 for one in whole.scenarios),
        tuple(one.best.winner is not None for one in whole.scenarios),
        tuple(over.intervals.largest[p] for p in order), tuple(over.intervals.mean[p] for p in order),
        tuple(float(over.criteria.satisficing[p]) for p in order),
    )  # fmt: skip


def finding(data: Regrets) -> str:
    """The least largest regret, and how many policies win somewhere."""
    alone = len({r for r, t in zip(data.best, data.told, strict=True) if t})
    clear = len({r for r, t in zip(data.best, data.matters, strict=True) if t})
    return (
        f"{data.titles[0]} has the least largest regret ({number(data.largest[0].mean)} smallest differences); "
        f"{counted(alone, 'policy is', 'policies are')} best alone somewhere, {clear} by more than matters"
    )


def table(data: Regrets) -> Table:
    """The matrix with the criteria."""
    rows = tuple(
        (t, *(number(float(v)) for v in row), f"{number(l.mean)} ({number(l.low)} to {number(l.high)})",
         f"{number(m.mean)} ({number(m.low)} to {number(m.high)})", f"{100 * e:.0f} %")
        for t, row, l, m, e in zip(data.titles, data.values, data.largest, data.mean, data.enough, strict=True)
    )  # fmt: skip
    return Table(("policy", *data.scenarios, "largest", "mean", "within 1 of the best"), rows)


def draw(data: Regrets, sheet: Sheet) -> None:
    """Policies by scenarios; the criteria at the right. Ringed: best; double ring: best alone."""
    level = len(data.scenarios) <= ABREAST
    [[axes]] = panels(sheet, left=1.85, right=3.15, bottom=0.55 if level else 1.35, top=0.35)
    # Regrets are skewed: the square root keeps small ones apart.
    shades = np.sqrt(data.values / max(float(data.values.max()), 1e-9))
    axes.imshow(shades, cmap=REGRET, vmin=0.0, vmax=1.0, aspect="auto")
    for (p, s), value in np.ndenumerate(data.values):
        axes.text(s, p, f"{value:.1f}", ha="center", va="center", fontsize=SMALL,
                  color=ink_on(REGRET(float(shades[p, s]))),
                  fontweight="bold" if p == data.best[s] else "normal")  # fmt: skip
    boxes = [Rectangle((s - 0.46, p - 0.44), 0.92, 0.88) for s, p in enumerate(data.best)]
    axes.add_collection(PatchCollection(
        boxes, facecolors="none", edgecolors=GOOD, linewidths=[2.6 if told else 1.2 for told in data.told],
        linestyles=["-" if told else (0, (2, 1.5)) for told in data.told],
    ))  # fmt: skip
    for x, words in zip(RIGHT, ("largest", "mean", "within 1\nof the best"), strict=True):
        note(axes, words, (x, 1.0), (0, 6), xycoords="axes fraction", fontsize=SMALL, color=SOFT, va="bottom",
             annotation_clip=False)  # fmt: skip
    for p, (largest, mean, enough) in enumerate(zip(data.largest, data.mean, data.enough, strict=True)):
        for x, words in zip(RIGHT, (number(largest.mean), number(mean.mean), f"{100 * enough:.0f} %"), strict=True):
            axes.text(x, p, words, transform=axes.get_yaxis_transform(), fontsize=SMALL, va="center",
                      fontweight="normal" if p else "bold")  # fmt: skip
    axes.set_yticks(range(len(data.titles)), list(data.titles), color=INK)
    # A title's first part names the scenario; many stand upright beside each other.
    names = [shortened(s.partition(":")[0], 26) for s in data.scenarios]
    if level:
        room = int(90 / len(names))
        axes.set_xticks(range(len(names)), ["\n".join(folded(name, room)) for name in names], color=INK)
    else:
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor", color=INK)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


FIGURES = (
    Chart(
        "regret", "Regret over scenarios",
        "How far each policy falls short of the scenario's best, in smallest differences that matter. Framed: best; "
        "full frame: told from all others. Right: largest and mean, and scenarios within 1 of the best.",
        (13, 7.0), regrets, finding, draw, table, when=lambda whole: whole.over is not None,
    ),
)  # fmt: skip
