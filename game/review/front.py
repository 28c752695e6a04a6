"""What a turn's orders did, on a few lucks, as soon as it is resolved: for the front page of each seat.

The question is the review's (`counterfactual.deletion_question`, others' orders frozen), asked of every seat that acted
and of this turn only: its score with its orders less its score had policy played this turn for it.
"""

from typing import Final, NamedTuple

import numpy as np

from game.core.scoring import points_of, score_of
from game.review.lucks import Bench, without_seats
from game.review.played import Played

FEW: Final = 20  # lucks beside this one


class Did(NamedTuple):
    """What the orders of one seat did to its own score in one turn; points, 0 to 100."""

    here: float  # in this world
    mean: float  # over the other lucks: by skill, as luck has no part in it
    aim: str  # title of the aim on which they told most
    points: float  # of that aim, on average
    before: float  # score when the turn began
    after: float  # and when it was over

    @property
    def rest(self) -> float:
        """What luck, others, and the course of things did."""
        return self.after - self.before - self.here


def did(played: Played, turn: int, lucks: int = FEW) -> dict[str, Did]:
    """What each seat's orders of the last resolved turn did; seats that left it to policy are not in it."""
    game, built = played.setup.game, played.table.course.built
    seats = [seat for seat in game.seats if played.acted(seat.id, turn)]
    if not seats:
        return {}
    before, after = played.scores(played.end_of(turn - 1)), played.scores(played.end_of(turn))
    asked = [without_seats(played, [], []), *(without_seats(played, [seat.id], [turn]) for seat in seats)]
    base, *others = Bench(played).forked(asked, 0, 1 + lucks, played.end_of(turn - 1))
    found = {}
    for seat, other in zip(seats, others, strict=True):
        gain = score_of(seat, base, built) - score_of(seat, other, built)
        aims = [float(np.mean((points_of(a, base, built) - points_of(a, other, built))[1:])) for a in seat.objectives]
        most = max(range(len(aims)), key=lambda at: abs(aims[at]) * seat.objectives[at].weight)
        found[seat.id] = Did(
            float(gain[0]), float(gain[1:].mean()), seat.objectives[most].title, aims[most], before[seat.id],
            after[seat.id],
        )  # fmt: skip
    return found
