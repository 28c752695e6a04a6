"""What the figures of a comparison share: the axis of gains, rows of policies, the foot."""

from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.style import INK, NAMED, PRESENT, SMALL, SOFT, About, Sheet, folded, note
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import noun, said
from analysis.words import shortened
from sim.inputs.values import quarter_number
from sim.law.compiled import RULES_HASH
from sim.law.measures import DECLARED

FEWEST_ROWS: Final = 5  # room is kept for so many policies, so that few do not stand far apart
MATTERS: Final = "#ececec"  # the band in which a difference does not matter


def briefly(judged: Judged) -> Judged:
    """What is compared, with titles of policies that fit into a figure."""
    titles = tuple(shortened(title, NAMED) for title in judged.asked.titles)
    return replace(judged, asked=judged.asked._replace(titles=titles))


def foot_of(judged: Judged, scenario: str | None = None) -> About:
    """What the foot of a scenario's figures says."""
    asked = judged.asked
    luck = f"paired replicates {asked.first} to {asked.first + asked.replicates - 1}"
    base = asked.titles[asked.baseline]
    past = quarter_number(asked.start) + judged.steps.mean.shape[1] <= quarter_number(PRESENT)
    return About(scenario or asked.title, base, asked.seed, luck, RULES_HASH, "policies against", past)


def unit(measure: str) -> str:
    """The unit of a measure, with a true minus."""
    return DECLARED[measure].unit.replace("-1", "−1")


class Axis(NamedTuple):
    """What a gain is measured in."""

    measure: str
    sign: int
    smallest: float
    baseline: str

    def words(self) -> str:
        """The label of an axis of gains."""
        word = "more" if self.sign > 0 else "less"
        return f"{word} {noun(self.measure)} than {said(self.baseline)}, {unit(self.measure)}  (better →)"


def axis_of(judged: Judged) -> Axis:
    """The axis of the primary measure's gains."""
    asked = judged.asked
    return Axis(asked.measure, asked.sign, asked.smallest, asked.titles[asked.baseline])


def narrow(axes: Axes) -> bool:
    """Whether a figure is drawn for one column of a page."""
    return isinstance(axes.figure, Sheet) and axes.figure.narrow


def above(axes: Axes, x: float, words: str) -> None:
    """The head of a column of numbers beside the axes; x is a share of their width."""
    note(axes, words, (x, 1.0), (0, 9), xycoords="axes fraction", color=SOFT, annotation_clip=False)


def shade(axes: Axes, axis: Axis, upright: bool = False) -> None:
    """The band of differences too small to matter, and the line of no difference."""
    band, line = (axes.axhspan, axes.axhline) if upright else (axes.axvspan, axes.axvline)
    band(-axis.smallest, axis.smallest, color=MATTERS, lw=0, zorder=0)
    line(0.0, color=INK, lw=1.0, zorder=1)


def reach(axes: Axes, gains: tuple[Interval, ...], axis: Axis) -> None:
    """Limits that hold all intervals and the band, with some air."""
    low = min([-axis.smallest, *(g.low for g in gains if np.isfinite(g.low))])
    high = max([axis.smallest, *(g.high for g in gains if np.isfinite(g.high))])
    air = 0.05 * (high - low)
    axes.set_xlim(low - air, high + air)


def led(axes: Axes, words: str, at: tuple[float, float], to: tuple[float, float], shrink: tuple[int, int],
        strong: bool, colour: str = INK) -> None:  # fmt: skip
    """A label beside the axes, at a share of them, with a thin line to its point."""
    line = {"arrowstyle": "-", "color": "#b5b5b5", "lw": 0.7, "relpos": (0.0, 0.5)}
    axes.annotate(
        words, at, to, textcoords="axes fraction", va="center", fontsize=SMALL, color=colour, annotation_clip=False,
        fontweight="bold" if strong else "normal", arrowprops={**line, "shrinkA": shrink[0], "shrinkB": shrink[1]},
    )  # fmt: skip


def rows(axes: Axes, titles: tuple[str, ...], words: str) -> None:
    """A row for each policy, the first at the top; `words` label the axis along them."""
    names = ["\n".join(folded(title, 18)) for title in titles] if narrow(axes) else titles
    axes.set_yticks(range(len(titles)), names, color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(len(titles), FEWEST_ROWS) - 0.4, -0.6)
    axes.set_xlabel(words)
    axes.spines["left"].set_visible(False)
