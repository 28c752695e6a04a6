"""Short messages between seats. The facilitator reads them, may switch them off, and may quote them to all."""

from typing import TYPE_CHECKING, Final, NamedTuple

from game.core.act import Act, Refused

if TYPE_CHECKING:
    from game.core.phases import Table

TONES: Final = ("say", "promise", "offer", "warn")
LONGEST: Final = 240  # characters
MOST: Final = 30  # of one seat in a turn


class Message(NamedTuple):
    """One message, as it was sent in a turn. `item`: of the Council's agenda, if it is about one."""

    number: int
    turn: int
    by: str
    to: str
    tone: str
    item: str
    words: str


def check_message(table: "Table", act: Act) -> None:
    """Refuse what is not to be sent."""
    data = act.data
    if not table.messages_on:
        raise Refused("The facilitator has switched messages off.")
    if data.get("to") not in list(table.places) or data["to"] == act.actor:
        raise Refused("A message goes to another seat.")
    if not isinstance(data.get("words"), str) or not 0 < len(data["words"].strip()) <= LONGEST:
        raise Refused("A message has up to 240 characters.")
    if data.get("tone", TONES[0]) not in TONES:
        raise Refused("A message says, promises, offers or warns.")
    if data.get("item", "") != "" and (table.phase != "council" or data["item"] not in list(table.agenda)):
        raise Refused("An offer is about items before the Council.")
    if sum(one.by == act.actor and one.turn == table.turn for one in table.messages) >= MOST:
        raise Refused("You have sent enough messages for one turn.")


def send(table: "Table", act: Act) -> None:
    """A message goes out."""
    data = act.data
    table.messages.append(Message(
        len(table.messages), table.turn, act.actor, data["to"], data.get("tone", TONES[0]), data.get("item", ""),
        data["words"].strip(),
    ))  # fmt: skip


def check_quote(table: "Table", act: Act) -> None:
    """Refuse to quote what nobody wrote."""
    number = act.data.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(table.messages):
        raise Refused("There is no such message.")
    if any(number == one for _, one in table.quoted):
        raise Refused("This message has been quoted already.")


def quote(table: "Table", act: Act) -> None:
    """A message stands in everybody's news from now on."""
    table.quoted.append((table.course.engine.step - 1, act.data["number"]))
