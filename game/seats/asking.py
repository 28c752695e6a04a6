"""What people ask for, written into standing orders by name; the one place that knows how they keep it."""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.declare.activities import MENU
from sim.declare.names import ACTIVITIES, AMEND, ITEMS, MOVES, THREAT_KINDS
from sim.law.asked_orders import Standing

Rows = Sequence[int]
AMENDED = 0.75  # share of the proposed programme that an amendment at the table leaves


def ask_of_states(standing: Standing, turn: int, rows: Rows, asked: Mapping[str, float]) -> None:
    """What states do in a turn, by name: fund, lead, pledge, troops, accept, apply; the same in all these rows."""
    for name, value in asked.items():
        getattr(standing, name)[turn, rows] = value


def ask_places(standing: Standing, turn: int, rows: Rows, factors: Mapping[str, float]) -> None:
    """Factors on the places that partners would ask for, by instrument."""
    standing.request[turn, rows] = [factors[MENU[activity].instrument] for activity in ACTIVITIES]


def ask_moves(standing: Standing, turn: int, rival: int, efforts: Mapping[str, float], target: int | None) -> None:
    """A rival's effort by move, and the row of the state that it leans on."""
    standing.move[turn, rival] = [efforts[move] for move in MOVES]
    if target is not None:
        standing.target[turn, rival] = target


def ask_stance(standing: Standing, turn: int, rows: Rows, item: str, stance: int, amount: float = AMENDED) -> None:
    """A stance of allies on an item of the Council; -1: as the policy decides. Amended programmes are cut."""
    standing.stance[turn, rows, ITEMS.index(item)] = stance
    if item == "programme":
        standing.amount[turn, rows] = amount if stance == AMEND else np.nan


def stances_are_about(standing: Standing, turn: int, item: str, row: int) -> None:
    """The state that stances on an item are about; for items that are about none, and -1: whichever."""
    standing.about[turn, ITEMS.index(item)] = row if item in ("status", "outreach") else -1


def add_inject(standing: Standing, step: int, rows: Rows, kind: str, severity: float) -> None:
    """Severity that the facilitator adds to what happens in a quarter; a negative one takes it back."""
    for row in rows:
        standing.inject[step, row, THREAT_KINDS.index(kind)] += severity
    standing.added[step] = int(np.any(standing.inject[step] != 0.0))


def leave_states(standing: Standing, turn: int, rows: Rows) -> None:
    """Nothing is asked of states any more in a turn."""
    for name in ("fund", "lead", "pledge", "troops", "request", "accept", "amount"):
        getattr(standing, name)[turn, rows] = np.nan
    standing.stance[turn, rows], standing.apply[turn, rows] = -1, -1


def leave_moves(standing: Standing, turn: int, rivals: Rows) -> None:
    """Nothing is asked of rivals any more in a turn."""
    standing.move[turn, rivals], standing.target[turn, rivals] = np.nan, -1
