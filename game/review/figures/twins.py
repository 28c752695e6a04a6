"""AI twins: what every strategy would have done in a seat, one figure a seat."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from analysis.pictures.chart import Chart, same
from analysis.pictures.write import Job
from analysis.said import Said
from game.review.after_action import Review
from game.review.counterfactual import Answer
from game.review.figures.effects import Effects, caption, draw, effects, size, table
from game.review.figures.shared import seat_name
from game.review.lucks import told
from game.review.played import Played

SECTION: Final = "twins"


def twin_effects(played: Played, answers: Sequence[Answer]) -> Effects:
    """One seat's twins, the best first; twin less class."""
    ranked = sorted(answers, key=lambda one: -one.own().mean.mean)
    title = seat_name(played.setup.game.seat(answers[0].seat).title)
    axis = Said("score of %(seat)s, points: the twin's less the class's", seat=title)
    return effects(ranked, title, (), axis)


def finding(data: Effects) -> str:
    """How many strategies would have done better, and the best."""
    better = [i for i, one in enumerate(data.frozen) if told(one) and one.mean > 0.0]
    if not better:
        return Said("No twin is told to do better than the class did as %(seat)s", seat=data.subject)
    best = data.rows[better[0]]
    many = Said(
        "%(n)s of %(all)s twins would have done better as %(seat)s",
        n=len(better), all=len(data.rows), seat=data.subject,
    )  # fmt: skip
    if not told(data.handed[better[0]]) or data.handed[better[0]].mean < 0.0:
        return Said("%(many)s; but “%(best)s” does not, if the others are played by policies", many=many, best=best)
    by = Said(f"{data.frozen[better[0]].mean:.1f}")
    return Said("%(many)s; “%(best)s” by %(by)s points on average", many=many, best=best, by=by)


CHART: Final = Chart("twin", "AI twins", caption, size, same, finding, draw, table)


def job(played: Played, answers: Sequence[Answer]) -> Job:
    """The figure of one seat's twins."""
    data = twin_effects(played, answers)
    return replace(CHART, name=f"twin_{answers[0].seat}", heading=Said("AI twins of %(seat)s", seat=data.subject)), data


def jobs(found: Review) -> list[Job]:
    """A figure a seat, where counterfactuals are told."""
    return [] if found.deep is None else [job(found.played, answers) for answers in found.deep.twins.values()]
