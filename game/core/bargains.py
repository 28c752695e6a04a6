"""Trades across Council items: "we let this pass if you let that pass". Accepted ones bind both."""

from collections.abc import Mapping
from dataclasses import dataclass

from game.core.act import Act, Refused
from sim.declare.names import STANCES


@dataclass
class Bargain:
    """An offer between two seats of allies: stances by item that each would take."""

    number: int
    by: str
    to: str
    give: dict[str, str]
    want: dict[str, str]
    words: str = ""
    answer: str = ""  # "", accepted, declined


def bargain_of(act: Act, number: int) -> Bargain:
    """The offer that an act makes."""
    data = act.data
    return Bargain(
        number, act.actor, data["to"], dict(data["give"]), dict(data["want"]), str(data.get("words", ""))[:200]
    )


def bound_items(bargains: list[Bargain], seat: str) -> set[str]:
    """Items on which a seat has given its word."""
    found: set[str] = set()
    for bargain in bargains:
        if bargain.answer == "accepted":
            found |= set(bargain.give) if bargain.by == seat else set(bargain.want) if bargain.to == seat else set()
    return found


def may_bargain(bargains: list[Bargain], act: Act, agenda: Mapping[str, int], allies: set[str]) -> None:
    """Refuse an offer or an answer that makes no sense."""
    data = act.data
    if act.kind == "bargain":
        if str(data.get("to")) not in allies - {act.actor}:
            raise Refused("An offer goes to another seat of allies.")
        for side in ("give", "want"):
            stances = data.get(side)
            if not isinstance(stances, dict) or not stances:
                raise Refused("An offer says what you do and what you want.")
            if any(item not in agenda or stance not in STANCES for item, stance in stances.items()):
                raise Refused("An offer is about items before the Council.")
        if sum(bargain.by == act.actor for bargain in bargains) >= 20:
            raise Refused("You have made enough offers for one Council.")
        return
    number = data.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(bargains):
        raise Refused("There is no such offer.")
    bargain = bargains[number]
    if bargain.to != act.actor or bargain.answer:
        raise Refused("This offer is not open to you.")
    if data.get("accept"):
        if set(bargain.give) & bound_items(bargains, bargain.by) or set(bargain.want) & bound_items(
            bargains, act.actor
        ):
            raise Refused("One of you has given its word on such an item already.")
