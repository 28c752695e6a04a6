"""What choices changed, frozen and handed: the numbers, table and drawing that twins and decisions share."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.pictures.style import FAINT, GOOD, INK, SMALL, SOFT, Sheet, panels
from analysis.said import Said, joined
from analysis.stats.intervals import Interval
from analysis.words import Table, shortened, signed
from game.review.counterfactual import FROZEN, HANDED, Answer
from game.review.lucks import between, told

HAND: Final = "#B35900"
GROUP: Final = 22  # columns of a group before its row
ROW: Final = 0.4  # inches that a row of effects takes


class Effects(NamedTuple):
    """Rows of choices: what each changed in one score, in points, frozen and handed."""

    subject: str
    rows: tuple[str, ...]
    groups: tuple[str, ...]  # of each row; empty where there are none
    frozen: tuple[Interval, ...]
    handed: tuple[Interval, ...]
    here: tuple[float, ...]  # this world, frozen
    here_handed: tuple[float, ...]
    axis: str
    lucks: int
    words: tuple[str, ...]


def effects(answers: Sequence[Answer], subject: str, groups: tuple[str, ...], axis: str) -> Effects:
    """What each choice changed in its own seat's score."""
    own = [(one.own(), one.own(True)) for one in answers]
    return Effects(
        subject, tuple(one.title for one in answers), groups, tuple(f.mean for f, _ in own),
        tuple(h.mean for _, h in own), tuple(f.here for f, _ in own), tuple(h.here for _, h in own), axis,
        answers[0].lucks if answers else 0, tuple(one.words for one in answers),
    )  # fmt: skip


def table(data: Effects) -> Table:
    """Both answers of every row."""
    rows = []
    for i, row in enumerate(data.rows):
        pairs = ((data.here[i], data.frozen[i]), (data.here_handed[i], data.handed[i]))
        cells = [
            cell for here, one in pairs
            for cell in (signed(here, 2), signed(one.mean, 2), between(signed(one.low, 2), signed(one.high, 2)))
        ]  # fmt: skip
        rows.append(((joined((data.groups[i], row.lower()), ", ") if data.groups else row), data.words[i], *cells))
    world = [Said("this world, %(others)s", others=one) for one in (FROZEN, HANDED)]
    heads = (
        Said("choice"), Said("in words"), world[0], Said("mean over fresh lucks"), Said("95 %"), world[1], Said("mean"),
        Said("95 %"),
    )  # fmt: skip
    return Table(heads, tuple(rows))


def caption(data: Effects) -> str:
    """What the marks are."""
    return Said(
        "Means over %(lucks)s fresh lucks with 95 %% intervals; crosses: this world's luck. Filled: the others' orders "
        "as given. Open: the other seats handed to policies. Bold: told from 0. Relative to this model.",
        lucks=data.lucks,
    )


def size(data: Effects) -> tuple[float, float]:
    """A row for each choice."""
    return 11, 3.3 + ROW * max(len(data.rows), 2)


def draw(data: Effects, figure: Sheet) -> None:
    """Two intervals a row: filled above, the others frozen; open below, handed to policies; crosses: this world."""
    axes = panels(figure, left=2.6, right=2.0, bottom=0.5, top=0.55)[0][0]
    axes.axvline(0.0, color=INK, lw=1.0, zorder=1)
    for i in range(len(data.rows)):
        _interval(axes, data.frozen[i], data.here[i], i - 0.17, GOOD, "o", True)
        _interval(axes, data.handed[i], data.here_handed[i], i + 0.17, HAND, "s", False)
        beside = axes.get_yaxis_transform()
        for x, one in ((1.13, data.frozen[i]), (1.25, data.handed[i])):
            axes.text(x, i, signed(one.mean, 1), transform=beside, fontsize=SMALL, va="center", ha="right",
                      fontweight="bold" if told(one) else "normal")  # fmt: skip
        if data.groups and i and data.groups[i] != data.groups[i - 1]:
            axes.axhline(i - 0.5, color=FAINT, lw=1.0)
    for x, head in ((1.13, Said("frozen")), (1.25, Said("handed"))):
        axes.annotate(head, (x, 1.0), (0, 6), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL,
                      color=SOFT, ha="right", va="bottom", annotation_clip=False)  # fmt: skip
    marks: list[Any] = [
        Line2D([], [], color=GOOD, lw=2.6, marker="o", ms=6, label=FROZEN),
        Line2D([], [], color=HAND, lw=2.6, marker="s", ms=6, mfc="white", label=HANDED),
        Line2D([], [], color=INK, lw=0, marker="x", ms=6, label=Said("this world's luck")),
    ]  # fmt: skip
    axes.legend(handles=marks, loc="lower left", bbox_to_anchor=(-0.2, 1.0), ncols=3, borderaxespad=0.2)
    axes.set_yticks(range(len(data.rows)), _labels(data), color=INK)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(len(data.rows), 2) - 0.4, -0.6)
    axes.set_xlabel(data.axis)
    axes.spines["left"].set_visible(False)


def _labels(data: Effects) -> list[str]:
    """Row labels; a group is named once."""
    if not data.groups:
        return list(data.rows)
    found = []
    for i, row in enumerate(data.rows):
        first = i == 0 or data.groups[i] != data.groups[i - 1]
        found.append(f"{shortened(data.groups[i], GROUP)}:  {row.lower()}" if first else row.lower())
    return found


def _interval(axes: Axes, one: Interval, here: float, y: float, colour: str, marker: str, filled: bool) -> None:
    axes.plot([one.low, one.high], [y, y], color=colour, lw=2.6, solid_capstyle="butt", zorder=3)
    axes.plot([one.mean], [y], marker=marker, ms=6, mfc=colour if filled else "white", mec=colour, mew=1.6, zorder=4)
    axes.plot([here], [y], marker="x", ms=5.5, color=INK, mew=1.3, zorder=5)
