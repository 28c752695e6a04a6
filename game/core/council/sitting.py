"""How the Council sits: what a seat may say there, what it does, and what is laid when silence ends."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from game.core.act import Act, Refused
from game.core.bargains import bound_items, check_answer, check_offer
from game.core.council.items import AMOUNTS, held_seats
from game.core.council.messages import check_message
from game.core.council.positions import Uneasy, uneasy_over, unplayed
from game.core.council.proposal import PROPOSAL, RESULTS, conclude
from game.seats.asking import AMENDED, ask_stance, stances_are_about
from game.seats.forms import spent, value_of
from game.seats.kinds import KINDS
from game.seats.laying import lay_seat, lay_stances
from sim.declare.names import AMEND, ITEMS, LET_PASS, MEMBER, OBJECT, STANCES

if TYPE_CHECKING:
    from game.core.phases import Table

COMMON: Final = round(100 * AMENDED)  # % of the sum that an amendment leaves where it names no amount
FUND: Final = "fund"  # the line of allies' orders out of which silence is won


def check_stance(table: "Table", act: Act) -> None:
    """Refuse a stance that cannot be taken."""
    item, stance, amount = act.data.get("item"), act.data.get("stance"), act.data.get("amount")
    if not isinstance(item, str) or item not in table.agenda or stance not in STANCES:
        raise Refused("A stance is on an item before the Council: let pass, amend, or break silence.")
    if amount is not None and (item != "programme" or stance != STANCES[AMEND] or amount not in AMOUNTS):
        raise Refused("An amendment of the programme leaves 90, 75 or 50 % of the sum.")
    if item in bound_items(table.bargains, act.actor):
        raise Refused("You have given your word on this item.")
    if stance == STANCES[OBJECT] and not can_break(table, act.actor, [item]):
        raise Refused("Too little goodwill is left to break silence.")


def check_talk(table: "Table", act: Act) -> None:
    """Refuse offers, answers and messages that cannot be made now."""
    if table.phase in ("lobby", "review"):
        raise Refused("Seats talk to each other while the game runs.")
    if act.kind == "message":
        check_message(table, act)
        return
    agenda = table.agenda if table.phase == "council" else {}
    if act.kind == "bargain":
        made = sum(one.by == act.actor for one in table.bargains)
        check_offer(act, table.game, agenda, table.first_due, made)
        stances = act.data["give"]
    else:
        check_answer(act, table.bargains, table.deals, table.game, table.first_due)
        one = table.bargains[act.data["number"]]
        stances = one.want if act.data.get("accept") else {}
        if act.data.get("accept") and (one.give or one.want) and not agenda:
            raise Refused("The Council does not sit now.")
    # Nobody can promise to break silence whose goodwill would not pay for it; only one's own is told.
    if not can_break(table, act.actor, [item for item, stance in stances.items() if stance == STANCES[OBJECT]]):
        raise Refused("Too little goodwill is left to break silence.")


def can_break(table: "Table", seat: str, items: Iterable[str]) -> bool:
    """Whether a seat's goodwill pays for breaking silence over these items; over one of the staff's own it is free."""
    return all(item == PROPOSAL for item in items) or table.goodwill(seat) >= table.price


def take_stance(table: "Table", act: Act) -> None:
    """A seat's stance, and the amount that its amendment leaves."""
    place = table.places[act.actor]
    place.stances[act.data["item"]] = STANCES.index(act.data["stance"])
    if act.data["item"] == "programme":
        place.amount = act.data.get("amount", COMMON) if place.stances["programme"] == AMEND else COMMON


def open_council(table: "Table", act: Act) -> None:
    """The agenda, and who hesitates. What policies foresee is kept in the act, so that replay need not ask them again.

    Acts of before say nothing of who hesitates: then allies that nobody plays decide as they did.
    """
    data = act.data
    if "agenda" not in data:
        rows = unplayed(table.game, held_seats(table), table.course.built, table.course.engine.world)
        data["agenda"] = table.course.agenda(table.game.quarters)
        data["uneasy"] = uneasy_over(data["agenda"], rows, table.course.engine)
    table.agenda = dict(data["agenda"]) | ({PROPOSAL: -1} if table.turn in table.proposals else {})
    table.uneasy = {
        item: {c: Uneasy(*one) for c, one in found.items()} for item, found in data.get("uneasy", {}).items()
    }
    table.blocs = "uneasy" in data


def check_win(table: "Table", act: Act) -> None:
    """Refuse what would not win an uneasy ally that nobody plays."""
    item, code = act.data.get("item"), act.data.get("state")
    if not isinstance(item, str) or item not in table.agenda:
        raise Refused("An offer is about items before the Council.")
    one = table.uneasy.get(item, {}).get(str(code))
    if one is None or (item, code) in table.won or code in spoken_for(table):
        raise Refused("This ally need not be won.")
    form, orders = KINDS[table.game.seat(act.actor).kind].form, table.places[act.actor].orders or {}
    more = orders | {FUND: value_of(form, orders, FUND) + one.price}
    if more[FUND] > form.line(FUND).high + 1e-9:
        raise Refused("You pay all that an ally may pay into the common fund already.")
    if spent(form, more) > form.holds + 1e-9:
        raise Refused("Too little effort is left: keep some of it for the Council.")


def spoken_for(table: "Table") -> set[str]:
    """Codes of the states in seats that somebody plays: they are not won, but asked."""
    playing = held_seats(table)
    return {code for seat in table.game.seats if seat.id in playing for code in seat.states}


def win(table: "Table", act: Act) -> None:
    """An uneasy ally keeps silence, and the seat that won it pays more into the common fund, out of its effort."""
    item, code = act.data["item"], act.data["state"]
    seat, place = table.game.seat(act.actor), table.places[act.actor]
    orders: dict[str, Any] = dict(place.orders or {})
    orders[FUND] = value_of(KINDS[seat.kind].form, orders, FUND) + table.uneasy[item][code].price
    place.orders = table.orders_given[table.turn, seat.id] = orders
    lay_seat(table.course.standing, table.turn, table.course.built, seat, orders)
    table.won[item, code] = seat.id


def lay_council(table: "Table") -> None:
    """Write what was decided into the standing orders of the turn: blocs, then seats, then rulings."""
    standing, built = table.course.standing, table.course.built
    if table.blocs:
        lay_blocs(table)
    for seat in table.game.seats:
        place = table.places[seat.id]
        if KINDS[seat.kind].sits and place.played:
            lay_stances(standing, table.turn, built, seat, place.stances, table.agenda, place.amount / 100.0)
            table.stances_taken[table.turn, seat.id] = dict(place.stances)
    for item, result in table.rulings.items():
        if item in ITEMS:
            rule(table, item, RESULTS[result])
    if PROPOSAL in table.agenda:
        conclude(table)


def lay_blocs(table: "Table") -> None:
    """Allies that nobody plays keep silence, but for those that hesitate, who decide for themselves if not won."""
    standing, course = table.course.standing, table.course
    playing = [seat for seat, place in table.places.items() if place.played]
    rows = unplayed(table.game, playing, course.built, course.engine.world)
    for item in ITEMS:
        free = {code for code in table.uneasy.get(item, {}) if (item, code) not in table.won}
        silent = [m for m in rows if course.built.codes[m] not in free]
        ask_stance(standing, table.turn, silent, item, LET_PASS)
        stances_are_about(standing, table.turn, item, table.agenda.get(item, -1))


def rule(table: "Table", item: str, stance: int) -> None:
    """An override: every ally lets the item pass, but the one with most goodwill, if the result asks for it."""
    world, standing = table.course.engine.world, table.course.standing
    allies = [n for n in range(len(table.course.built.codes)) if world.role[n] == MEMBER]
    ask_stance(standing, table.turn, allies, item, LET_PASS)
    stances_are_about(standing, table.turn, item, table.agenda[item])
    if stance != LET_PASS:
        ask_stance(standing, table.turn, [max(allies, key=lambda n: float(world.goodwill[n]))], item, stance)
