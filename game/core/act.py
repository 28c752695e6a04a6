"""Acts: everything that anybody does in a game, as one kind of line in the journal. Words for refusals."""

from dataclasses import dataclass, field
from typing import Any, Final

FACILITATOR: Final = "facilitator"
CLOCK: Final = "clock"
STEERING: Final = (
    "open", "close", "pause", "resume", "extend", "inject", "withdraw_inject", "override", "orders_for", "note",
    "messages", "quote", "end",
)  # fmt: skip
BY_SEATS: Final = ("orders", "draft", "stance", "win", "bargain", "answer", "message")
COMINGS: Final = ("take", "leave")


@dataclass(frozen=True)
class Act:
    """One line of the journal. `actor`: the facilitator, the clock, or a seat's id."""

    kind: str
    actor: str
    data: dict[str, Any] = field(default_factory=dict)
    at: float = 0.0  # seconds since the epoch, on the clock of the room
    line: int = field(default=0, compare=False)  # where it stands in a journal; 0: nowhere yet


class Refused(Exception):
    """An act that the rules of play do not allow, with the reason in words for the person who tried."""

    status = 409  # of the answer on the web


class NotSaved(Refused):
    """An act that may be allowed but could not be written: whoever tried may try again."""

    status = 503


class Lost(NotSaved):
    """The game's file is not there any more, or is not what was written: nothing more can be saved in it."""


def only_read() -> Refused:
    """Why nothing can be done in a game whose quarters are shown as recorded, because today's rules lead elsewhere."""
    return Refused("The rules have changed since this game was played: it can be read, not played on.")
