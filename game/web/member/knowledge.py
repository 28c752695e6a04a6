"""What pages may know beside a `SeatView`: public facts, own past, series and map. The table stays on this side."""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from analysis.said import Said
from game.core.council.items import ABOUT_STATES
from game.core.council.proposal import PROPOSAL, line_of
from game.core.game_file import Seat
from game.core.names import names_of, retold, shorts_of
from game.core.phases import Table
from game.core.scoring import score_of
from game.core.seen import (
    ESTIMATED,
    GUESSED,
    KNOWN,
    OLD,
    PUBLISHED,
    UNKNOWN,
    Fact,
    SeatView,
    estimate,
    news_for,
    seat_view,
)
from game.seats.kinds import KINDS
from sim.declare.names import ALLY, MEASURES, NOT_ASPIRING, ROLES, STATE_VARIABLES
from sim.law.measures import DECLARED

MAPPED: Final = ("trust", "interoperability", "harm", "readiness", "legitimacy", "tilt")
WIDE: Final = {"harm": 3.0}  # how far estimates of a state reach at most; others: 0.3, as in `view`


class Alarm(NamedTuple):
    """An event of this turn that was told to all before it struck."""

    title: str
    where: tuple[str, ...]  # names of the states struck
    states: tuple[str, ...]
    hard: str  # how hard, in words


TOLD: Final = 3  # lines of orders that the front page repeats
HARD: Final = ((30.0, "severe"), (15.0, "serious"), (0.0, "limited"))  # from this severity on


@dataclass(frozen=True)
class Public:
    """What everybody in the room may know."""

    phase: str
    turn: int
    turns: int
    quarters: str  # the quarters of the present turn
    paused: bool
    left: float | None
    seats: tuple[tuple[str, str, str, bool], ...]  # id, title, kind, whether somebody sits there
    news: tuple[tuple[str, str], ...]
    briefing: tuple[str, ...]
    notice: str | None
    scores: tuple[tuple[str, float], ...]  # in review only
    alarms: tuple[Alarm, ...] = ()
    ended: bool = False  # before the last turn
    agenda: tuple[tuple[str, str], ...] = ()  # of the Council that sits: item, and the state or line that it is about


@dataclass(frozen=True)
class Series:
    """A number over time: the unknown has no value, an estimate has a band."""

    title: str
    status: str
    quarters: tuple[str, ...]
    values: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]


@dataclass(frozen=True)
class Tile:
    """A state on the map as a seat sees it."""

    code: str
    name: str
    x: int
    y: int
    role: str
    own: bool
    fact: Fact


def news(table: Table, seat: Seat | None, first: int = 0) -> tuple[tuple[str, str], ...]:
    """News as a seat or the public reads them, in the names of this game."""
    return news_for(table, seat, first, names_of(table.game, table.course.built))


def view_of(table: Table, seat: str) -> SeatView:
    """What a seat sees, in the names of this game."""
    return seat_view(table, seat, names_of(table.game, table.course.built))


def public(table: Table, left: float | None) -> Public:
    """What the projector shows."""
    game, lived = table.game, table.course.quarters
    setup = table.course.setup
    scores: tuple[tuple[str, float], ...] = ()
    if table.phase == "review" and lived:
        outcome = table.course.outcome()
        scores = tuple((s.title, float(score_of(s, outcome, table.course.built)[0])) for s in game.seats)
    last = table.first_step + game.quarters - 1
    return Public(
        table.phase, table.turn, game.turns, span(setup.quarter(table.first_step), setup.quarter(last)),
        table.paused, left,
        tuple((s.id, s.title, s.kind, bool(table.places[s.id].holder)) for s in game.seats),
        news(table, None, max(0, len(lived) - game.quarters)), game.briefing, game.notice, scores,
        alarms(table) if table.phase != "review" else (), table.ended, agenda(table),
    )  # fmt: skip


def span(first: str, last: str) -> str:
    """Two quarters and what lies between: a whole year is said as such."""
    year = first[:4] if first[:4] == last[:4] and first.endswith("Q1") and last.endswith("Q4") else ""
    return year or Said("%(first)s – %(last)s", first=first, last=last)


def course_of(table: Table, seat: Seat) -> dict[str, float]:
    """Lines of the form that go on as they are unless somebody changes them: a bid for membership stands."""
    course, form = table.course, KINDS[seat.kind].form
    if "apply" not in form.names() or course.only_read:
        return {}
    rows = [course.built.codes.index(code) for code in seat.states]
    return {"apply": 1.0} if any(NOT_ASPIRING < course.engine.world.track[row] < ALLY for row in rows) else {}


def before(table: Table, seat: Seat) -> dict[str, Any]:
    """What the form offers: orders of this turn, else those of the last one, else what is usual and the course."""
    given = table.places[seat.id].orders
    last = table.orders_meant.get((table.turn - 1, seat.id), {})
    return dict(given) if given is not None else course_of(table, seat) | last


def alarms(table: Table) -> tuple[Alarm, ...]:
    """Events of the present turn that were told to all, the hardest first."""
    built, names = table.course.built, names_of(table.game, table.course.built)
    struck = sorted((i for turn, i in table.announced if turn == table.turn), key=lambda one: -one.severity)
    return tuple(
        Alarm(
            retold(one.title, table.game, built), tuple(names[code] for code in one.states), one.states,
            next(word for least, word in HARD if one.severity >= least),
        ) for one in struck
    )  # fmt: skip


def agenda(table: Table) -> tuple[tuple[str, str], ...]:
    """What the Council sits over, as everybody may read it."""
    built, names = table.course.built, names_of(table.game, table.course.built)

    def about(item: str, row: int) -> str:
        if item == PROPOSAL:
            return Said(line_of(table, table.proposals[table.turn]).label)
        return names[built.codes[row]] if item in ABOUT_STATES else ""

    found = tuple((item, about(item, row)) for item, row in table.agenda.items())
    return found if table.phase == "council" else ()


def sent(table: Table) -> tuple[int, int]:
    """How many of the seats that somebody sits in have sent their orders, and how many there are."""
    held = [place for place in table.places.values() if place.holder]
    return sum(place.orders is not None for place in held), len(held)


class Done(NamedTuple):
    """One line of a seat's orders in the last turn that is not as usual."""

    label: str
    value: float
    usual: float


def done(table: Table, seat: Seat) -> tuple[Done, ...] | None:
    """What a seat ordered in the present turn, what is least usual first; None where policy played it."""
    orders, form = table.orders_given.get((table.turn, seat.id)), KINDS[seat.kind].form
    if orders is None:
        return None
    given = [(line, float(orders.get(line.name, line.default))) for line in form.lines]
    off = [(abs(value - line.default) / (line.high - line.low), line, value) for line, value in given]
    ranked = sorted((one for one in off if one[0] > 0.01), key=lambda one: -one[0])
    return tuple(Done(line.label, value, line.default) for _, line, value in ranked[:TOLD])


def past_of(table: Table, seat: Seat) -> list[dict[str, Any]]:
    """A seat's past turns: what it read, what it ordered, what it did in the Council."""
    found: list[dict[str, Any]] = []
    game, lived = table.game, table.course.quarters
    everything = news(table, seat)
    for turn in range(-1, table.turn + 1):
        first = 0 if turn < 0 else game.warm_up + turn * game.quarters
        last = game.warm_up + (turn + 1) * game.quarters
        when = {table.course.setup.quarter(lived_.step) for lived_ in lived[first:last]}
        if when:
            found.append({
                "turn": turn, "news": [one for one in everything if one[0] in when],
                "orders": table.orders_given.get((turn, seat.id)), "stances": table.stances_taken.get((turn, seat.id)),
            })  # fmt: skip
    return found[::-1]


def series_for(table: Table, seat: Seat) -> list[Series]:
    """Everything that a seat may follow over time."""
    course = table.course
    if not course.quarters:
        return []
    quarters = tuple(course.setup.quarter(lived.step) for lived in course.quarters)
    rows = [course.built.codes.index(code) for code in seat.states]
    found = []
    for name in KINDS[seat.kind].own:
        values = [float(lived.states[rows, STATE_VARIABLES.index(name)].mean()) for lived in course.quarters]
        found.append(_exact(f"our {name}", quarters, values))
    for name in PUBLISHED:
        values = [float(lived.measures[MEASURES.index(name)]) for lived in course.quarters]
        found.append(_exact(name, quarters, values))
    return found + [_guessed(table, seat, name, quarters) for name in GUESSED]


def _exact(title: str, quarters: tuple[str, ...], values: list[float]) -> Series:
    nothing = (None,) * len(values)
    return Series(title.replace("_", " "), KNOWN, quarters, tuple(values), nothing, nothing)


def _guessed(table: Table, seat: Seat, name: str, quarters: tuple[str, ...]) -> Series:
    """The same estimates as in the view, each as it was known two quarters later."""
    at, facts = MEASURES.index(name), []
    for lived in table.course.quarters[: max(1, len(quarters) - OLD)]:
        true = float(lived.measures[at])
        scale = 0.3 * max(1.0, abs(true)) if DECLARED[name].high > 1.0 else 0.3
        facts.append(estimate(table, seat, name, "world", true, lived.step, scale))
    nothing = (None,) * (len(quarters) - len(facts))
    return Series(
        name.replace("_", " "), ESTIMATED, quarters, tuple(f.value for f in facts) + nothing,
        tuple(f.low for f in facts) + nothing, tuple(f.high for f in facts) + nothing,
    )  # fmt: skip


def map_for(table: Table, seat: Seat, variable: str) -> list[Tile]:
    """Every state with one variable: own ones exactly, others by estimates, rivals not at all."""
    course, built, found = table.course, table.course.built, []
    known_of_own = set(KINDS[seat.kind].own)
    names, shorts = names_of(table.game, built), shorts_of(table.game, built)
    for row, (code, (x, y)) in enumerate(zip(built.codes, built.tiles, strict=True)):
        role, own = ROLES[int(course.engine.world.role[row])], code in seat.states
        fact = Fact(Said(variable), UNKNOWN, None, None, None, "")
        if course.quarters and own and variable in known_of_own:
            step = len(course.quarters) - 1
            value = float(course.quarters[step].states[row, STATE_VARIABLES.index(variable)])
            fact = Fact(Said(variable), KNOWN, value, None, None, course.setup.quarter(step))
        elif course.quarters and role != "rival":
            step = max(0, len(course.quarters) - 1 - OLD)
            value = float(course.quarters[step].states[row, STATE_VARIABLES.index(variable)])
            fact = estimate(table, seat, variable, code, value, step, WIDE.get(variable, 0.3))
        found.append(Tile(shorts[code], names[code], int(x), int(y), role, own, fact))
    return found


def cast_of(table: Table) -> list[tuple[str, str]]:
    """Codes and names of all states, which everybody knows."""
    return sorted(names_of(table.game, table.course.built).items(), key=lambda one: one[1])
