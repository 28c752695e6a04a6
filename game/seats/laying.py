"""From a seat's orders and stances to standing orders, for one game turn or for all."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from game.seats.asking import AMENDED, ask_stance, stances_are_about
from game.seats.kind import Strategy, rows
from game.seats.kinds import KINDS
from sim.declare.names import ITEMS, LET_PASS, MEMBER, OBJECT, STANCES
from sim.law.asked_orders import Standing
from sim.runs.build import Built


class Speaker(Protocol):
    """What laying orders needs to know of a seat."""

    @property
    def kind(self) -> str: ...

    @property
    def states(self) -> tuple[str, ...]: ...


def rows_of(built: Built, seat: Speaker) -> list[int]:
    """Rows of the states that a seat speaks for."""
    return rows(built, seat.states)


def lay_seat(standing: Standing, turn: int, built: Built, seat: Speaker, orders: Mapping[str, Any]) -> None:
    """Write one seat's orders into a turn."""
    KINDS[seat.kind].lay(standing, turn, built, seat.states, orders)


def signatory(built: Built, seat: Speaker) -> int:
    """The row of the ally that signs for a seat: the first of its states that is one from the first day; -1: none."""
    return next((row for row in rows_of(built, seat) if built.world.role[row] == MEMBER), -1)


def lay_stances(
    standing: Standing,
    turn: int,
    built: Built,
    seat: Speaker,
    stances: Mapping[str, int],
    agenda: Mapping[str, int],
    amount: float = AMENDED,
) -> None:
    """Write the stances of a seat in the Council: on items on the agenda, and on later ones of the kind in this turn.

    One ally signs the letter that breaks silence and pays the whole price: shared by a whole seat it would be nothing.
    Acts about one state bind for this state only.
    """
    signs, own = signatory(built, seat), rows_of(built, seat)
    for item in ITEMS:
        stance = stances.get(item, LET_PASS)
        ask_stance(standing, turn, own, item, LET_PASS if stance == OBJECT else stance, amount)
        if stance == OBJECT and signs in own:
            ask_stance(standing, turn, [signs], item, OBJECT)
        stances_are_about(standing, turn, item, agenda.get(item, -1))


def leave_to_policy(standing: Standing, built: Built, seat: Speaker, turns: Sequence[int]) -> None:
    """Take a seat's orders out again, so that the policy plays it in these turns."""
    for turn in turns:
        KINDS[seat.kind].leave(standing, turn, built, seat.states)


def play(standing: Standing, built: Built, seat: Speaker, strategy: Strategy) -> None:
    """Lay a strategy over every turn of a game, as the table lays the orders and stances of people."""
    if strategy.orders is None:
        return
    stances = {item: STANCES.index(stance) for item, stance in strategy.stances.items()}
    for turn in range(len(standing.fund)):
        lay_seat(standing, turn, built, seat, strategy.orders)
        if KINDS[seat.kind].sits:
            lay_stances(standing, turn, built, seat, stances, {})
