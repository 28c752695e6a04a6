"""From a seat's orders to standing orders: the rows of the model that its lines reach, for one game turn."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from game.core.game_file import Seat, Setup
from game.seats.forms import FORMS, Form
from sim.declare.activities import MENU
from sim.declare.levers import NUMBERS
from sim.declare.names import ACTIVITIES, INSTRUMENTS, ITEMS, LET_PASS, MEMBER, MOVES, OBJECT
from sim.law.asked_orders import Standing, ask_levers, nothing_asked
from sim.runs.build import Built, levers_of

OF_INSTRUMENT = np.array([INSTRUMENTS.index(MENU[activity].instrument) for activity in ACTIVITIES])


def standing_of(setup: Setup, built: Built) -> Standing:
    """Standing orders of a game in which nobody has asked for anything yet."""
    game, levers = setup.game, levers_of(setup.policy, built.frameworks)
    standing = nothing_asked(len(built.codes), len(built.rivals), levers, game.turns, game.horizon())
    for turn in range(game.turns):
        first = game.warm_up + turn * game.quarters
        standing.turn[first : first + game.quarters] = turn
    return standing


def rows_of(built: Built, seat: Seat) -> list[int]:
    """Rows of the states that a seat speaks for."""
    return [built.codes.index(code) for code in seat.states]


def _value(form: Form, orders: Mapping[str, Any], name: str) -> float:
    return float(orders.get(name, form.line(name).default))


def lay_seat(standing: Standing, turn: int, built: Built, seat: Seat, orders: Mapping[str, Any]) -> None:
    """Write one seat's orders into the rows of a turn."""
    form, rows = FORMS[seat.kind], rows_of(built, seat)
    if seat.kind == "staff":
        shares = np.array([_value(form, orders, name) for name in INSTRUMENTS])
        total = float(shares.sum())
        split = shares / total if total > 0.0 else np.full(len(INSTRUMENTS), 1.0 / len(INSTRUMENTS))
        ask_levers(standing, turn, {name: _value(form, orders, name) for name in NUMBERS} | {"split": split})
    elif seat.kind == "members":
        for name in ("fund", "lead", "pledge", "troops"):
            getattr(standing, name)[turn, rows] = _value(form, orders, name)
    elif seat.kind == "partners":
        weights = np.array([_value(form, orders, name) for name in INSTRUMENTS])
        standing.request[turn, rows] = weights[OF_INSTRUMENT]
        for name in ("accept", "pledge", "troops"):
            getattr(standing, name)[turn, rows] = _value(form, orders, name)
        standing.apply[turn, rows] = int(_value(form, orders, "apply"))
    else:
        numbers = [built.rivals.index(code) for code in seat.states]
        for v in numbers:
            effort = np.array([_value(form, orders, move) for move in MOVES])
            standing.move[turn, v] = effort / form.holds * built.setting.rival_budget[v]
            if orders.get("target") in built.codes:
                standing.target[turn, v] = built.codes.index(orders["target"])


def signatory(built: Built, seat: Seat) -> int:
    """The row of the ally that signs for a seat: the first of its states that is one from the first day; -1: none."""
    return next((row for row in rows_of(built, seat) if built.world.role[row] == MEMBER), -1)


def lay_stances(
    standing: Standing, turn: int, built: Built, seat: Seat, stances: Mapping[str, int], agenda: Mapping[str, int]
) -> None:
    """Write a members' seat's stances: on the items on the agenda, and on later ones of the same kind in this turn.

    One ally signs the letter that breaks silence and pays the whole price: shared by a whole seat it would be nothing.
    """
    signs = signatory(built, seat)
    for row in rows_of(built, seat):
        for i, item in enumerate(ITEMS):
            stance = stances.get(item, LET_PASS)
            standing.stance[turn, row, i] = LET_PASS if stance == OBJECT and row != signs else stance
    for i, item in enumerate(ITEMS):
        # Acts about one state bind for this state only; the programme and the mandate are about none.
        about = agenda.get(item, -1)
        standing.about[turn, i] = about if item in ("status", "outreach") else -1


def leave_to_policy(standing: Standing, built: Built, seat: Seat, turns: list[int]) -> None:
    """Take a seat's orders out again, so that the policy plays it in these turns."""
    rows = rows_of(built, seat)
    for turn in turns:
        if seat.kind == "staff":
            ask_levers(standing, turn, {})
        elif seat.kind == "rival":
            numbers = [built.rivals.index(code) for code in seat.states]
            standing.move[turn, numbers], standing.target[turn, numbers] = np.nan, -1
        else:
            for name in ("fund", "lead", "pledge", "troops", "request", "accept"):
                getattr(standing, name)[turn, rows] = np.nan
            standing.stance[turn, rows], standing.apply[turn, rows] = -1, -1
