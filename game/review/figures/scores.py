"""Every seat's score, turn by turn."""

from typing import Final, NamedTuple

import numpy as np

from analysis.pictures.chart import Chart
from analysis.pictures.style import FAINT, SMALL, Sheet, panels, spread_labels
from analysis.pictures.write import Job
from analysis.said import Said
from analysis.words import Table, signed
from game.review.after_action import Review
from game.review.figures.shared import LOOKS, seat_name
from game.review.played import Played, values_by_turn
from sim.law.compiled import Floats

SECTION: Final = "scores"


class Paths(NamedTuple):
    """Seats' scores turn by turn."""

    points: tuple[str, ...]
    seats: tuple[str, ...]
    scores: Floats  # (S, P)


def paths(played: Played) -> Paths:
    """Scores before the first turn, after each, and at the end."""
    found = values_by_turn(played)
    count = len(next(iter(found.values())))
    ends = 1 if played.epilogue else 0
    before = count - len(played.turns) - ends
    points = (
        [Said("start")] * before + [Said("turn %(n)s", n=t.number + 1) for t in played.turns] + [Said("end")] * ends
    )
    seats = played.setup.game.seats
    return Paths(tuple(points), tuple(seat_name(s.title) for s in seats), np.stack([found[s.id] for s in seats]))


def finding(data: Paths) -> str:
    """Who ends highest and lowest, and who rose most."""
    order = np.argsort(-data.scores[:, -1], kind="stable")
    first, last = ((data.seats[i], float(data.scores[i, -1])) for i in (order[0], order[-1]))
    when = "end" if data.points[-1] == "end" else "stand"
    rise = int(np.argmax(data.scores[:, -1] - data.scores[:, 0]))
    gain = signed(float(data.scores[rise, -1] - data.scores[rise, 0]), 0)
    return (
        f"{first[0]} {when} highest at {first[1]:.0f} points, {last[0]} lowest at {last[1]:.0f}; "
        f"{data.seats[rise]} rose most ({gain})"
    )


def table(data: Paths) -> Table:
    """A row a seat."""
    rows = tuple((s, *(f"{v:.1f}" for v in data.scores[i])) for i, s in enumerate(data.seats))
    return Table((Said("seat"), *data.points), rows)


def draw(data: Paths, figure: Sheet) -> None:
    """A line a seat, named at its end."""
    axes = panels(figure, left=0.8, right=2.2, bottom=0.4, top=0.1)[0][0]
    x = np.arange(len(data.points))
    for i, scores in enumerate(data.scores):
        colour, dashes, marker = LOOKS[i % len(LOOKS)]
        axes.plot(x, scores, color=colour, ls=dashes, marker=marker, ms=6)
    axes.set_xticks(x, [p.capitalize() for p in data.points])
    axes.set_xlim(-0.15, len(x) - 1 + 0.1)
    axes.set_ylim(0, 100)
    axes.grid(axis="y", color=FAINT, lw=0.6)
    axes.set_ylabel("score, 0 to 100 points")
    ends = [float(v) for v in data.scores[:, -1]]
    for i, place in enumerate(spread_labels(ends, 5.5, 0.0, 100.0)):
        axes.annotate(
            f"{data.seats[i]}  {ends[i]:.1f}", (x[-1], ends[i]), (1.03, place / 100.0),
            textcoords="axes fraction", va="center", fontsize=SMALL,
            color=LOOKS[i % len(LOOKS)][0], annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": "#b5b5b5", "lw": 0.7, "relpos": (0.0, 0.5)},
        )  # fmt: skip


CHART: Final = Chart(
    "scores", "Scores by turn",
    "Each seat's score as if the game had ended there, 0 to 100. The end adds four quarters played by policy.",
    (11, 6.0), paths, finding, draw, table,
)  # fmt: skip


def jobs(found: Review) -> list[Job]:
    """One figure, once a turn has been resolved."""
    return [(CHART, paths(found.played))] if found.story else []
