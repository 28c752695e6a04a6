"""What each decision of the class changed, all in one figure."""

from collections.abc import Sequence
from typing import Final

from analysis.pictures.chart import Chart, same
from analysis.pictures.write import Job
from analysis.words import counted, shortened, signed
from game.review.after_action import Review
from game.review.counterfactual import Answer
from game.review.figures.effects import Effects, caption, draw, effects, size, table
from game.review.figures.shared import SEAT
from game.review.lucks import told
from game.review.played import Played

SECTION: Final = "decisions"


def deletion_effects(played: Played, answers: Sequence[Answer]) -> Effects:
    """Every decision's effect on its own seat's score: with it less without it."""
    groups = tuple(shortened(played.setup.game.seat(one.seat).title, SEAT) for one in answers)
    short = [one._replace(title=f"Turn {one.turn + 1}") for one in answers]
    return effects(short, "the seats' decisions", groups, "points of the seat's own score, with less without")


def finding(data: Effects) -> str:
    """The decisions that moved their seats' scores most."""
    if not data.rows:
        return "No seat decided anything"
    sure = [i for i in range(len(data.rows)) if told(data.frozen[i])]
    if not sure:
        return "No single decision is told to have moved its seat's own score"
    top = max(sure, key=lambda i: abs(data.frozen[i].mean))
    gain = signed(data.frozen[top].mean, 1)
    return (
        f"{len(sure)} of {counted(len(data.rows), 'decision')} moved their seat's own score; most, "
        f"{data.groups[top]}'s in {data.rows[top].lower()} ({gain} points)"
    )


CHART: Final = Chart("decisions", "What each decision changed", caption, size, same, finding, draw, table)


def jobs(found: Review) -> list[Job]:
    """One figure, where there is a decision to leave out."""
    deep = found.deep
    return [] if deep is None or not deep.deletions else [(CHART, deletion_effects(found.played, deep.deletions))]
