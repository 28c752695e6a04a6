"""Deals between any two seats: stances in the Council, and lines of orders of a coming turn. Carried out by the table.

"We let this pass if you let that pass", "we pledge at least so much, if you take no offer". An accepted deal that binds
is carried out for both: its stances stand, and orders are moved to what was promised. One that does not bind is a
promise: nothing is moved, and when its turn is over both read who kept it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from game.core.act import Act, Refused
from game.core.game_file import Game
from game.seats.forms import Form, spent, value_of
from game.seats.kinds import KINDS
from sim.declare.names import STANCES

BOUNDS: Final = ("least", "most")
MOST_TERMS: Final = 4  # lines of orders on one side of a deal
MOST_OFFERS: Final = 20  # of one seat in a turn
LONGEST: Final = 200  # characters of words


class Term(NamedTuple):
    """A line of one's orders, and how much it is to be at least or at most."""

    line: str
    bound: str
    value: float


@dataclass
class Bargain:
    """An offer between two seats: what each would do in the Council, and in the orders of turn `due`."""

    number: int
    by: str
    to: str
    give: dict[str, str]
    want: dict[str, str]
    words: str = ""
    answer: str = ""  # "", accepted, declined
    give_orders: tuple[Term, ...] = ()
    want_orders: tuple[Term, ...] = ()
    turn: int = 0  # in which it was offered
    due: int = 0  # turn whose orders are meant
    binding: bool = True
    kept: dict[str, bool] = field(default_factory=dict)  # by seat, once it is known

    @property
    def accepted(self) -> bool:
        """Whether both have agreed."""
        return self.answer == "accepted"

    def stances_of(self, seat: str) -> dict[str, str]:
        """What a seat does in the Council."""
        return self.give if seat == self.by else self.want if seat == self.to else {}

    def orders_of(self, seat: str) -> tuple[Term, ...]:
        """What a seat does in its orders."""
        return self.give_orders if seat == self.by else self.want_orders if seat == self.to else ()


def terms_of(listed: Any) -> tuple[Term, ...]:
    """Lines of orders out of an act that was checked."""
    return tuple(Term(str(line), str(bound), float(value)) for line, bound, value in listed or ())


def bargain_of(act: Act, number: int, turn: int = 0) -> Bargain:
    """The offer that an act makes."""
    data = act.data
    return Bargain(
        number, act.actor, data["to"], dict(data["give"]), dict(data["want"]), str(data.get("words", ""))[:LONGEST],
        give_orders=terms_of(data.get("give_orders")), want_orders=terms_of(data.get("want_orders")), turn=turn,
        due=int(data.get("due", turn)), binding=bool(data.get("binding", True)),
    )  # fmt: skip


def bound_items(bargains: Iterable[Bargain], seat: str) -> set[str]:
    """Items on which a seat has given its word, in this turn's Council."""
    return {item for one in bargains if one.accepted and one.binding for item in one.stances_of(seat)}


def promised(deals: Iterable[Bargain], seat: str, turn: int, binding: bool = True) -> tuple[Term, ...]:
    """What a seat has promised of its orders of a turn, by deals that bind or by those that do not."""
    found = [one for one in deals if one.accepted and one.due == turn and one.binding == binding]
    return tuple(term for one in found for term in one.orders_of(seat))


def form_of(game: Game, seat: str) -> Form:
    """The form of a seat."""
    return KINDS[game.seat(seat).kind].form


def limits(form: Form, terms: Iterable[Term]) -> dict[str, tuple[float, float]]:
    """The lowest and highest that each line may be under these terms."""
    found = {line.name: (line.low, line.high) for line in form.lines}
    for line, bound, value in terms:
        low, high = found[line]
        found[line] = (max(low, value), high) if bound == "least" else (low, min(high, value))
    return found


def can_be(form: Form, terms: Sequence[Term]) -> bool:
    """Whether orders exist that keep all these terms within the purse."""
    kept = limits(form, terms)
    lowest = {name: low for name, (low, _) in kept.items()}
    return all(low <= high for low, high in kept.values()) and spent(form, lowest) <= form.holds + 1e-9


def carried_out(form: Form, orders: Mapping[str, Any], terms: Sequence[Term]) -> dict[str, Any]:
    """Orders moved to what was promised; where the purse holds less, all that is not promised gives way."""
    if not terms:
        return dict(orders)
    kept = limits(form, terms)
    moved = {name: min(high, max(low, value_of(form, orders, name))) for name, (low, high) in kept.items()}
    over = spent(form, moved) - form.holds
    if over > 0.0:
        least = {name: low for name, (low, _) in kept.items()}
        share = over / (spent(form, moved) - spent(form, least))
        moved = {name: value - share * (value - least[name]) for name, value in moved.items()}
    return dict(orders) | moved


def keeps(form: Form, orders: Mapping[str, Any], terms: Iterable[Term]) -> bool:
    """Whether orders are what was promised."""
    return all(low - 1e-9 <= value_of(form, orders, n) <= high + 1e-9 for n, (low, high) in limits(form, terms).items())


# What may be offered


def check_terms(form: Form, listed: Any) -> None:
    """Refuse promises about orders that this form does not know."""
    if not isinstance(listed, list | tuple) or len(listed) > MOST_TERMS:
        raise Refused("A deal is about up to 4 lines of orders on either side.")
    for one in listed:
        if not isinstance(one, list | tuple) or len(one) != 3 or one[0] not in form.names() or one[1] not in BOUNDS:
            raise Refused("A deal names lines of the order form of the seat that gives them.")
        line, value = form.line(one[0]), one[2]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not line.low <= value <= line.high:
            raise Refused("What is promised must be within the range of its line.")
    if not can_be(form, terms_of(listed)):
        raise Refused("Nobody can order all of that out of one purse.")


def check_offer(act: Act, game: Game, agenda: Mapping[str, int], first_due: int, made: int) -> None:
    """Refuse an offer that makes no sense. `agenda`: empty where the Council does not sit; `made`: offers before."""
    data, ids = act.data, [seat.id for seat in game.seats]
    if data.get("to") not in ids or data["to"] == act.actor:
        raise Refused("An offer goes to another seat.")
    sides = ((act.actor, "give"), (data["to"], "want"))
    if not all(isinstance(data.get(side), dict) for _, side in sides):
        raise Refused("An offer says what you do and what you want.")
    binding, words = data.get("binding", True), data.get("words", "")
    if not isinstance(binding, bool) or not isinstance(words, str):
        raise Refused("A deal binds, or is a promise.")
    empty = [not data[side] and not data.get(f"{side}_orders") for _, side in sides]
    if any(empty) if binding else empty[0]:
        raise Refused("An offer says what you do and what you want.")
    for seat, side in sides:
        if data[side] and not agenda:
            raise Refused("The Council does not sit now.")
        if data[side] and not KINDS[game.seat(seat).kind].sits:
            raise Refused("Only allies sit in the Council.")
        if any(item not in agenda or stance not in STANCES for item, stance in data[side].items()):
            raise Refused("An offer is about items before the Council.")
        check_terms(form_of(game, seat), data.get(f"{side}_orders", ()))
    if data.get("give_orders") or data.get("want_orders"):
        due = data.get("due")
        if not isinstance(due, int) or isinstance(due, bool) or not first_due <= due < game.turns:
            raise Refused("Orders are promised for a turn whose orders are still open.")
    if made >= MOST_OFFERS:
        raise Refused("You have made enough offers for one turn.")


def check_answer(act: Act, bargains: Sequence[Bargain], deals: Sequence[Bargain], game: Game, first_due: int) -> None:
    """Refuse an answer that comes too late, or that would promise what cannot be kept."""
    number = act.data.get("number")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < len(bargains):
        raise Refused("There is no such offer.")
    one = bargains[number]
    if one.to != act.actor or one.answer:
        raise Refused("This offer is not open to you.")
    if not act.data.get("accept"):
        return
    about_orders = bool(one.give_orders or one.want_orders)
    if about_orders and one.due < first_due:
        raise Refused("Too late: the orders that this offer is about are closed.")
    for seat in (one.by, one.to):
        if one.binding and set(one.stances_of(seat)) & bound_items(bargains, seat):
            raise Refused("One of you has given its word on such an item already.")
        if one.binding and not can_be(form_of(game, seat), (*promised(deals, seat, one.due), *one.orders_of(seat))):
            raise Refused("One of you has promised too much of its purse already.")


def judge(
    deals: Iterable[Bargain], turn: int, game: Game, orders: Mapping[tuple[int, str], Mapping[str, Any]],
    stances: Mapping[str, Mapping[str, int]],
) -> None:  # fmt: skip
    """Note of every deal who kept it, when the Council of a turn ends. Orders left to policy keep no promise."""
    for one in deals:
        for seat in (one.by, one.to):
            terms, said = one.orders_of(seat), one.stances_of(seat)
            if terms and one.due == turn:
                given = orders.get((turn, seat))
                one.kept[seat] = (
                    one.kept.get(seat, True) and given is not None and keeps(form_of(game, seat), given, terms)
                )
            if said and one.turn == turn:
                done = all(STANCES[stances[seat].get(item, 0)] == stance for item, stance in said.items())
                one.kept[seat] = one.kept.get(seat, True) and done
