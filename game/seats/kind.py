"""What a kind of seat is: its form, how its orders become standing orders, its strategies, what it knows, its words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from game.seats.forms import Form
from sim.declare.names import INSTRUMENTS
from sim.law.asked_orders import Standing
from sim.law.world import World
from sim.runs.build import Built

BY_POLICY: Final = "by policy"
NOTHING: Final = "nothing"

Codes = Sequence[str]  # of the states that a seat speaks for
Lay = Callable[[Standing, int, Built, Codes, Mapping[str, Any]], None]
Leave = Callable[[Standing, int, Built, Codes], None]
Reading = Callable[[Built, World, str], float]


@dataclass(frozen=True)
class Strategy:
    """Orders for every turn, None where the policy plays; for allies also stances by Council item, else silence.

    A strategy plays the same orders in every turn. "by policy" leaves the seat to the policy; "nothing" is what a seat
    that wants no part of the programme does, which must lose somewhere to be a game at all.
    """

    words: str
    orders: Mapping[str, Any] | None = None
    stances: Mapping[str, str] = field(default_factory=dict)


LEFT: Final = Strategy("left to the policy")


@dataclass(frozen=True)
class SeatKind:
    """One kind of seat. A file of `game/seats/kinds` declares one as `KIND`; everything else asks the registry."""

    name: str  # as game files say it
    words: str  # what people read
    fills: int  # its place in the order in which seats are filled
    speaks_for: Literal["nobody", "allies and partners", "rivals"]
    form: Form
    roles: Mapping[str, str]  # in its cell, the first one first, with their duties
    lay: Lay  # write orders into the standing orders of a turn
    leave: Leave  # take them out again, so that the policy plays
    strategies: Mapping[str, Strategy]
    line_ups: Mapping[str, str]  # its strategy by line-up of a tournament; others: by policy
    own: tuple[str, ...] = ()  # variables that it knows exactly of its own states
    exact: Mapping[str, Reading] = field(default_factory=dict)  # what else it knows of them
    shown: tuple[str, ...] = ()  # variables that other seats estimate of its states
    hidden: tuple[str, ...] = ()  # what other seats would like to know of them, and do not
    sits: bool = False  # in the Council
    hears: bool = False  # what is said in the Council
    proposes: tuple[str, ...] = ()  # lines of its form of which it may bring one before the Council in a turn
    asks: bool = False  # for places, and is told why it got fewer


def delegation(head: str = "head of delegation", duty: str = "speaks for the seat, sits in Council, sends the orders"
               ) -> dict[str, str]:  # fmt: skip
    """Roles of a cell that speaks for states."""
    return {
        head: duty, "military adviser": "says what forces can bear: pledges, troops, readiness",
        "budget adviser": "keeps count of the purse, drafts the orders", **ASIDE,
    }  # fmt: skip


ASIDE: Final = {
    "press officer": "reads the news, talks to other seats, writes one headline a turn",
    "analyst": "keeps the observation sheet for the hot wash",
}
MORE: Final = {"adviser": "helps where the head of delegation asks"}  # for a cell that is larger than its roles


def split(**shares: float) -> dict[str, float]:
    """All instruments, those that are not named at nothing."""
    return {name: shares.get(name, 0.0) for name in INSTRUMENTS}


def rows(built: Built, codes: Codes) -> list[int]:
    """Rows of states."""
    return [built.codes.index(code) for code in codes]
