"""AI twins: what every strategy would have done in a seat, one figure a seat."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from analysis.pictures.chart import Chart, same
from analysis.pictures.write import Job
from analysis.words import shortened
from game.review.after_action import Review
from game.review.counterfactual import Answer
from game.review.figures.effects import Effects, caption, draw, effects, size, table
from game.review.figures.shared import SEAT
from game.review.lucks import told
from game.review.played import Played

SECTION: Final = "twins"


def twin_effects(played: Played, answers: Sequence[Answer]) -> Effects:
    """One seat's twins, the best first; twin less class."""
    ranked = sorted(answers, key=lambda one: -one.own().mean.mean)
    title = shortened(played.setup.game.seat(answers[0].seat).title, SEAT)
    return effects(ranked, title, (), f"score of {title}, points: the twin's less the class's")


def finding(data: Effects) -> str:
    """How many strategies would have done better, and the best."""
    better = [i for i, one in enumerate(data.frozen) if told(one) and one.mean > 0.0]
    if not better:
        return f"No twin is told to do better than the class did as {data.subject}"
    best = data.rows[better[0]]
    many = f"{len(better)} of {len(data.rows)} twins would have done better as {data.subject}"
    if not told(data.handed[better[0]]) or data.handed[better[0]].mean < 0.0:
        return f"{many}; but “{best}” does not, if the others are played by policies"
    return f"{many}; “{best}” by {data.frozen[better[0]].mean:.1f} points on average"


CHART: Final = Chart("twin", "AI twins", caption, size, same, finding, draw, table)


def job(played: Played, answers: Sequence[Answer]) -> Job:
    """The figure of one seat's twins."""
    data = twin_effects(played, answers)
    return replace(CHART, name=f"twin_{answers[0].seat}", heading=f"AI twins of {data.subject}"), data


def jobs(found: Review) -> list[Job]:
    """A figure a seat, where counterfactuals are told."""
    return [] if found.deep is None else [job(found.played, answers) for answers in found.deep.twins.values()]
