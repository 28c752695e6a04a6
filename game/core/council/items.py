"""What an item before the Council is, in numbers that everybody at the table may read: the sum, who pays, for whom."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from analysis.said import Said
from game.core.council.positions import Position, positions_on, speaker_of, unplayed
from game.core.council.proposal import PROPOSAL, line_of
from game.core.game_file import Seat
from game.seats.forms import Line, spent
from game.seats.kinds import KINDS
from game.seats.laying import rows_of
from sim.declare.names import INSTRUMENTS, MEMBER, TRACK

if TYPE_CHECKING:
    from game.core.phases import Table

ABOUT_STATES: Final = ("status", "outreach")  # items that are about one state
AMOUNTS: Final = (90, 75, 50)  # % of the sum that an amendment leaves


@dataclass(frozen=True)
class Side:
    """States that think the same of an item for the same reason."""

    leans: int
    reason: str
    whom: str  # name of the state that a quarrel is with
    states: tuple[str, ...]  # names


@dataclass(frozen=True)
class Hesitant:
    """A state that nobody plays and that may break silence: why, and what would settle it."""

    code: str
    name: str
    reason: str
    whom: str
    price: float  # more of one's part in the common fund
    won_by: str  # title of the seat that won it


@dataclass(frozen=True)
class Item:
    """One item. Money in EUR million a year."""

    item: str
    about: str = ""  # name of the state
    total: float | None = None
    parts: tuple[tuple[str, float], ...] = ()  # who pays which share of it
    ours: float | None = None  # the reader's part, in EUR million a year
    split: tuple[tuple[str, float], ...] = ()  # over instruments, of 1
    hours: float | None = None  # of the staff; None: nobody plays it
    holds: float = 0.0  # hours that the staff has
    least: float = 1.0  # share of the sum at which plans run on while it is held up
    stage: str = ""  # that the candidate has reached
    framework: str = ""  # that the partner would join
    sides: tuple[Side, ...] = ()
    uneasy: tuple[Hesitant, ...] = ()
    line: Line | None = None  # of the staff's form, that its own item is about
    value: float = 0.0  # that it would have
    followers: tuple[tuple[str, int], ...] = ()  # seat's title, and how many allies that nobody plays keep its silence


def sum_asked(table: "Table") -> float:
    """EUR million a year that the staff's proposal asks of the allies."""
    return float(table.course.standing.levers[table.turn].envelope)


def held_seats(table: "Table") -> set[str]:
    """Seats that somebody holds, which everybody may know; not whether they have decided anything."""
    return {seat for seat, place in table.places.items() if place.holder}


def sides_of(positions: list[Position], names: Mapping[str, str]) -> tuple[Side, ...]:
    """Positions, those for it first, states of one mind together."""

    def key(one: Position) -> tuple[int, str, str]:
        return -one.leans, one.reason, one.whom

    return tuple(
        Side(-minus, reason, names.get(whom, whom), tuple(names.get(one.code, one.code) for one in group))
        for (minus, reason, whom), group in groupby(sorted(positions, key=key), key=key)
    )


def shares_of(table: "Table") -> dict[str, float]:
    """Each ally seat's part in the common fund, by income, and that of all others, of 1."""
    built, world = table.course.built, table.course.engine.world
    weight = {n: float(built.setting.weight[n]) for n in range(len(built.codes)) if world.role[n] == MEMBER}
    total, found = sum(weight.values()), dict[str, float]()
    for seat in table.game.seats:
        if KINDS[seat.kind].sits:
            found[seat.id] = sum(weight.pop(n, 0.0) for n in rows_of(built, seat)) / total
    return found | {"": sum(weight.values()) / total}


def item_of(table: "Table", item: str, seat: Seat, names: Mapping[str, str]) -> Item:
    """An item of the agenda as a seat reads it; of others' secrets it holds nothing."""
    course, row = table.course, table.agenda[item]
    built, world, inside = course.built, course.engine.world, KINDS[seat.kind].hears
    code, total = built.codes[row], sum_asked(table)
    titles = {one.id: one.title for one in table.game.seats}
    known = positions_on(item, row, built, world, course.engine.step, total) if item != PROPOSAL else []
    found = Item(item, names.get(code, code) if item in ABOUT_STATES else "", sides=sides_of(known, names))
    if inside:
        found = with_blocs(table, found, seat.id, names, titles)
    if item == PROPOSAL:
        one = table.proposals[table.turn]
        return replace(found, line=line_of(table, one), value=one.value)
    if item == "programme":
        levers, shares = course.standing.levers[table.turn], shares_of(table)
        staff = next((one for one in table.game.seats if KINDS[one.kind].speaks_for == "nobody"), None)
        orders = table.places[staff.id].orders if staff else None
        form = KINDS[staff.kind].form if staff else None
        return replace(
            found, total=total, parts=tuple((titles.get(one, ""), share) for one, share in shares.items() if share > 0),
            ours=shares[seat.id] * total if seat.id in shares else None,
            split=tuple(zip(INSTRUMENTS, map(float, levers.split), strict=True)),
            hours=None if orders is None or form is None else spent(form, orders), holds=form.holds if form else 0.0,
            least=float(course.engine.parameters.least_amended),
        )  # fmt: skip
    if item == "status":
        return replace(found, stage=TRACK[int(world.track[row])])
    if item == "outreach" and built.setting.waiting[row] >= 0:
        return replace(found, framework=Said(built.frameworks[built.setting.waiting[row]].replace("_", " ")))
    return found


def with_blocs(table: "Table", item: Item, reader: str, names: Mapping[str, str], titles: Mapping[str, str]) -> Item:
    """The same with the allies that nobody plays: who keeps silence with whom, who may not, and whom the reader won."""
    built, world = table.course.built, table.course.engine.world
    found, count, known = [], dict[str, int](), table.uneasy.get(item.item, {})
    for m in unplayed(table.game, held_seats(table), built, world):
        code = built.codes[m]
        won = reader if table.won.get((item.item, code)) == reader else ""
        if code in known:
            one = known[code]
            name = names.get(code, code)
            found.append(
                Hesitant(code, name, one.reason, names.get(one.whom, one.whom), one.price, titles.get(won, ""))
            )
        if code not in known or won:
            speaker = won or speaker_of(m, table.game, built, world).id
            count[speaker] = count.get(speaker, 0) + 1
    return replace(item, uneasy=tuple(found), followers=tuple((titles[seat], n) for seat, n in count.items()))
