"""An item of the staff's own: one line of its form, carried in this turn without staff hours if no ally breaks silence.

It is decided at the table, by the same silence, and what comes of it is a lever of the turn; so journal, replay, other
lucks and twins follow. Nothing that runs is held up by breaking silence over it, so that costs no goodwill.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Final

from analysis.said import Said, joined
from game.core.act import Act, Refused
from game.seats.forms import Line, value_of
from game.seats.kinds import KINDS
from sim.declare.names import AMEND, LET_PASS, OBJECT
from sim.law.asked_orders import Standing, ask_levers

if TYPE_CHECKING:
    from game.core.phases import Table

PROPOSAL: Final = "proposal"  # its name on the agenda
RESULTS: Final = {"agreed": LET_PASS, "amended": AMEND, "held_up": OBJECT}


@dataclass
class Proposal:
    """What the staff brings before the Council in a turn."""

    by: str
    line: str
    value: float
    before: float = 0.0  # what orders say on this line; nobody else's page shows it
    result: str = ""  # once silence has ended


def check_draft(table: "Table", act: Act) -> None:
    """Refuse an item that cannot be brought. An empty line takes it back."""
    seat, line, value = table.game.seat(act.actor), act.data.get("line"), act.data.get("value", nan)
    kind, place = KINDS[seat.kind], table.places[act.actor]
    if not kind.proposes:
        raise Refused("Only the staff brings an item of its own before the Council.")
    if table.phase != "orders":
        raise Refused("An item of your own is drafted while orders are open.")
    if line == "":
        return
    if not isinstance(line, str) or line not in kind.proposes:
        raise Refused("Your item is one line of your form.")
    number, asked = isinstance(value, int | float) and not isinstance(value, bool), kind.form.line(line)
    if not number or not asked.low <= value <= asked.high:
        raise Refused("The value of your item is within the range of its line.")
    orders = place.orders if place.orders is not None else table.standing().get(seat.id)
    if orders is None:
        raise Refused("Send your orders first: your item changes one of their lines.")
    if value_of(kind.form, orders, line) == value:
        raise Refused("Your orders say that already.")


def draft(table: "Table", act: Act) -> None:
    """The item of this turn, in place of any before."""
    table.proposals.pop(table.turn, None)
    if act.data["line"]:
        table.proposals[table.turn] = Proposal(act.actor, act.data["line"], float(act.data["value"]))


def line_of(table: "Table", one: Proposal) -> Line:
    """The line of the form that it is about."""
    return KINDS[table.game.seat(one.by).kind].form.line(one.line)


def result_of(stances: Iterable[int]) -> str:
    """What comes of it: one objection holds it up, an amendment goes half the way."""
    worst = max(stances, default=LET_PASS)
    return next(name for name, stance in RESULTS.items() if stance == worst)


def conclude(table: "Table") -> None:
    """Silence has ended."""
    one, standing = table.proposals[table.turn], table.course.standing
    said = (place.stances.get(PROPOSAL, LET_PASS) for place in table.places.values())
    one.before = float(getattr(standing.levers[table.turn], one.line))
    one.result = table.rulings.get(PROPOSAL) or result_of(said)
    carry(standing, table.turn, one, one.result)


def carry(standing: Standing, turn: int, one: Proposal, result: str) -> None:
    """Write what came of it into the levers of the turn."""
    value = {"agreed": one.value, "amended": (one.value + one.before) / 2.0, "held_up": one.before}[result]
    ask_levers(standing, turn, standing.levers[turn]._asdict() | {one.line: value})


def ending(table: "Table", turn: int, inside: bool) -> str:
    """What became of it, as news; who broke silence is known in the Council, not outside."""
    one = table.proposals[turn]
    by = [
        seat.title for seat in table.game.seats
        if table.stances_taken.get((turn, seat.id), {}).get(PROPOSAL) == OBJECT
    ]  # fmt: skip
    result: str = Said(one.result.replace("_", " "))
    if inside and by and one.result == "held_up":
        result = Said("%(what)s by %(whom)s", what=result, whom=joined(by, ", "))
    return Said(
        "the staff's own item (%(line)s %(value)s): %(result)s",
        line=Said(line_of(table, one).label), value=Said(f"{one.value:g}"), result=result,
    )  # fmt: skip
