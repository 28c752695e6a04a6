"""Objectives and scores: from what a run left behind to points, for one run or for thousands at once."""

from typing import Final, NamedTuple

import numpy as np

from game.core.game_file import Game, Objective, Seat
from sim.declare.names import MEASURES, STATE_VARIABLES
from sim.law.compiled import Floats
from sim.runs.arm import over_run, states_over_run
from sim.runs.build import Built

OF_STATES: Final = tuple(STATE_VARIABLES)  # recorded of every state, so that any objective can be read


class Outcome(NamedTuple):
    """What R runs left behind: measures (R, M), and variables of states (R, N, V), each over the run as declared."""

    measures: Floats
    states: Floats


def outcome_so_far(measures: Floats, states: Floats) -> Outcome:
    """From quarters (L, M) and (L, N, V) of one run to its outcome, R = 1."""
    return Outcome(over_run(measures[None]), states_over_run(states[None], OF_STATES))


def value_of(objective: Objective, outcome: Outcome, built: Built) -> Floats:
    """The number that an objective is about, (R,)."""
    if objective.states is None:
        return outcome.measures[:, MEASURES.index(objective.of)]
    rows = [built.codes.index(code) for code in objective.states]
    return np.asarray(outcome.states[:, rows, OF_STATES.index(objective.of)].mean(axis=1))


def points_of(objective: Objective, outcome: Outcome, built: Built) -> Floats:
    """Points of an objective, 0 to 100, (R,)."""
    share = (value_of(objective, outcome, built) - objective.low) / (objective.high - objective.low)
    return 100.0 * np.clip(share, 0.0, 1.0)


def score_of(seat: Seat, outcome: Outcome, built: Built) -> Floats:
    """A seat's score, 0 to 100: its objectives' points by weight, (R,)."""
    weights = np.array([objective.weight for objective in seat.objectives])
    points = np.stack([points_of(objective, outcome, built) for objective in seat.objectives])
    return np.asarray((weights[:, None] * points).sum(axis=0) / weights.sum())


def scores_of(game: Game, outcome: Outcome, built: Built) -> dict[str, Floats]:
    """All seats' scores, (R,) each."""
    return {seat.id: score_of(seat, outcome, built) for seat in game.seats}
