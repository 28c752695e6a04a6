"""What a seat would realistically know: its own states exactly, others by dated estimates, some things not at all.

Pages show nothing else: they are given a `SeatView`, never the table, so that no rival's orders can reach them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from analysis.said import Said, joined
from game.core.bargains import Bargain, Term, bound_items, promised
from game.core.council.items import Item, item_of
from game.core.council.messages import Message
from game.core.council.proposal import PROPOSAL, Proposal, ending
from game.core.game_file import Seat
from game.core.names import retold, shorts_of
from game.core.phases import Table
from game.core.scoring import Outcome, points_of, score_of, value_of
from game.core.world_played import Lived
from game.seats.forms import Form, spent
from game.seats.kinds import KINDS
from sim.declare.names import AMEND, FLOWS, ITEMS, MEASURES, REFUSALS, STANCES, STATE_VARIABLES
from sim.law.measures import DECLARED
from sim.runs.events import Event, title_of

KNOWN, ESTIMATED, UNKNOWN = "known", "estimated", "unknown"
PUBLISHED: Final = ("cost", "consensus_rate", "accessions")  # of the measures, what anybody can read
GUESSED: Final = ("mutual_trust", "interoperability", "stability", "harm", "deterrence")
OLD: Final = 2  # quarters by which an estimate lags
READY: Final = ("interoperability", "institutions")  # what a candidate is judged by
OPEN_EVENTS: Final = ("track", "framework", "suspension", "arrangement", "crisis")


@dataclass(frozen=True)
class Fact:
    """One number that a seat knows, estimates, or does not know, and as of when."""

    label: str
    status: str
    value: float | None
    low: float | None
    high: float | None
    quarter: str


@dataclass(frozen=True)
class Goal:
    """An objective as its own seat sees it."""

    title: str
    secret: bool
    value: float
    points: float
    weight: float


@dataclass(frozen=True)
class ItemView:
    """An item before the Council as a seat sees it. `stance`: its own; empty for seats that do not sit."""

    item: str
    about: str
    stance: str
    bound: bool
    what: Item
    amount: int | None = None  # % of the sum that its amendment leaves
    ready: tuple[Fact, ...] = ()  # how ready a candidate is, by estimates as of all other states


class News(NamedTuple):
    """A line of news: when, in words, which states it is about, and whether it is about the Council."""

    quarter: str
    text: str
    states: tuple[str, ...] = ()
    council: bool = False


@dataclass(frozen=True)
class SeatView:
    """Everything that a page for one seat may show."""

    seat: Seat
    form: Form
    turn: int
    phase: str
    orders: dict[str, object] | None
    used: float
    score: float | None
    goals: tuple[Goal, ...]
    own: tuple[tuple[str, tuple[Fact, ...]], ...]  # by state
    others: tuple[tuple[str, tuple[Fact, ...]], ...]  # by seat
    world: tuple[Fact, ...]
    news: tuple[tuple[str, str], ...]  # quarter and text of the last turn
    ours: tuple[tuple[str, str], ...]  # of these, what is about its own states or the Council
    council: tuple[ItemView, ...]
    offers: tuple[Bargain, ...]  # of this turn, to and from this seat
    deals: tuple[Bargain, ...]  # accepted in earlier turns
    proposal: Proposal | None  # that it brings before the Council of its own in this turn
    promised: tuple[Term, ...]  # of its orders of this turn, by deals that bind
    first_due: int  # first turn whose orders are still open
    messages: tuple[Message, ...]
    messages_on: bool
    goodwill: float
    price: float
    sits: bool  # in the Council


def noise(*parts: object) -> float:
    """A number from -1 to 1 that is the same whenever the same is asked."""
    digest = hashlib.sha256("|".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2.0**63 - 1.0


def _words(name: str) -> str:
    return Said(name.replace("_", " "))


def estimate(table: Table, seat: Seat, label: str, name: str, true: float, step: int, scale: float) -> Fact:
    """An estimate: off by noise, with a band that holds the truth."""
    setup = table.course.setup
    reach = scale * (1.0 - setup.game.confidence)
    guess = true + 0.7 * reach * noise(setup.game.seed, seat.id, name, label, step)
    return Fact(_words(label), ESTIMATED, guess, guess - reach, guess + reach, setup.quarter(step))


def _at(table: Table, rows: list[int], name: str, step: int) -> float:
    """A variable of states at a step; flows as their mean up to then."""
    column = STATE_VARIABLES.index(name)
    quarters = table.course.quarters[: step + 1]
    if name in FLOWS:
        return float(np.mean([lived.states[rows, column].mean() for lived in quarters]))
    return float(quarters[-1].states[rows, column].mean())


def own_facts(table: Table, seat: Seat, names: dict[str, str]) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    """A seat's own states, exactly, as of the last quarter, and what its kind of seat knows of them beside."""
    course, found = table.course, []
    if not course.quarters:
        return ()
    step = len(course.quarters) - 1
    when, kind = course.setup.quarter(step), KINDS[seat.kind]
    for code in seat.states:
        row = course.built.codes.index(code)
        values = {name: _at(table, [row], name, step) for name in kind.own}
        if not course.only_read:  # of the world nothing is recorded but its variables
            values |= {label: read(course.built, course.engine.world, code) for label, read in kind.exact.items()}
        facts = [Fact(_words(label), KNOWN, value, None, None, when) for label, value in values.items()]
        found.append((names.get(code, code), tuple(facts)))
    return tuple(found)


def other_facts(table: Table, seat: Seat) -> tuple[tuple[str, tuple[Fact, ...]], ...]:
    """Other seats' states by estimates half a year old; what a rival feels nobody knows."""
    course, found = table.course, []
    if not course.quarters:
        return ()
    step = max(0, len(course.quarters) - 1 - OLD)
    for other in course.setup.game.seats:
        kind, rows = KINDS[other.kind], [course.built.codes.index(code) for code in other.states]
        facts = [Fact(Said(label), UNKNOWN, None, None, None, "") for label in kind.hidden]
        for name in kind.shown:
            scale = 3.0 if name == "harm" else 0.3
            facts.append(estimate(table, seat, name, other.id, _at(table, rows, name, step), step, scale))
        if facts and other.id != seat.id:
            found.append((other.title, tuple(facts)))
    return tuple(found)


def world_facts(table: Table, seat: Seat) -> tuple[Fact, ...]:
    """Measures of the whole: published ones exactly, the others by estimates."""
    course = table.course
    if not course.quarters:
        return ()
    step = len(course.quarters) - 1
    now, then = course.quarters[-1], course.quarters[max(0, step - OLD)]
    found = [
        Fact(_words(name), KNOWN, float(now.measures[MEASURES.index(name)]), None, None, course.setup.quarter(step))
        for name in PUBLISHED
    ]  # fmt: skip
    for name in GUESSED:
        true = float(then.measures[MEASURES.index(name)])
        scale = 0.3 * max(1.0, abs(true)) if DECLARED[name].high > 1.0 else 0.3
        found.append(estimate(table, seat, name, "world", true, then.step, scale))
    return tuple(found)


def news_for(
    table: Table, seat: Seat | None, first: int = 0, names: Mapping[str, str] | None = None
) -> tuple[tuple[str, str], ...]:
    """Events from a step on as a seat reads them; None: as the public screen shows them. What many do is one line."""
    return tuple((one.quarter, one.text) for one in told_for(table, seat, first, names))


def told_for(table: Table, seat: Seat | None, first: int, names: Mapping[str, str] | None) -> list[News]:
    """The same with whom each is about."""
    found, inside = list[News](), seat is not None and KINDS[seat.kind].hears
    for lived in table.course.quarters[first:]:
        when = table.course.setup.quarter(lived.step)
        found += [
            News(when, retold(one.title, table.game, table.course.built) if names else one.title, one.states)
            for step, one in table.injected if step == lived.step
        ]  # fmt: skip
        found += [News(when, quoted(table, number)) for step, number in table.quoted if step == lived.step]
        turn, begun = divmod(lived.step - table.game.warm_up, table.game.quarters)
        if not begun and turn in table.proposals:
            found.append(News(when, ending(table, turn, inside), council=True))
        taken: dict[str, list[Event]] = {}
        for event in lived.events:
            open_to_all = event.kind in OPEN_EVENTS or event.kind == "council"
            if event.kind == "arrangement":
                taken.setdefault(Said(title_of(event.about)) if event.about else event.text, []).append(event)
            elif open_to_all or inside or (seat is not None and event.state in seat.states):
                found.append(news_of(table, event, when, inside, names))
        for title, events in taken.items():
            whose = tuple(event.state for event in events)
            states = joined((called(table, code, names) for code in whose), ", ")
            told = Said("%(what)s: taken by %(states)s", what=title, states=states)
            found.append(News(when, told if events[0].about else title, whose))
        found += [News(when, text, seat.states if seat else ()) for text in cuts_of(table, seat, lived, names)]
    return found


def quoted(table: Table, number: int) -> str:
    """A message that the facilitator quotes to all."""
    one, titles = table.messages[number], {seat.id: seat.title for seat in table.game.seats}
    return Said("%(by)s to %(to)s: “%(words)s”", by=titles[one.by], to=titles[one.to], words=one.words)


def called(table: Table, code: str, names: Mapping[str, str] | None) -> str:
    """What a state is called: by these names, or by its own."""
    built = table.course.built
    return names[code] if names else Said(built.names[built.codes.index(code)])


def news_of(table: Table, event: Event, when: str, inside: bool, names: Mapping[str, str] | None) -> News:
    """One event in words. Who wrote the letter that held an item up is known in the Council, not outside."""
    council, whose = event.kind == "council", tuple(code for code in (event.state, event.of) if code)
    if not event.form:  # recorded before fields were
        return News(when, retold(event.text, table.game, table.course.built) if names else event.text, whose, council)
    short = shorts_of(table.game, table.course.built) if names else {}
    by = [short.get(code, code) for code in event.by] if inside else []
    return News(when, said_of(event, called(table, event.of, names) if event.of else "", by), whose, council)


def said_of(event: Event, name: str = "", by: Sequence[str] = ()) -> str:
    """An event as `Event.told` tells it, in words that other languages can say."""
    if not event.form:
        return event.text
    named = event.form.replace("{}", "%(name)s")
    if event.kind == "framework":
        joins = Said(event.form.removeprefix("{} joins "))
        return Said("%(name)s joins %(framework)s", name=name, framework=joins)
    if event.kind == "crisis":
        hard = event.form.rpartition(" ")[2]
        threat = Said(event.about.replace("_", " "))
        return Said("%(name)s: %(threat)s, severity %(hard)s", name=name, threat=threat, hard=hard)
    if event.kind == "arrangement":
        return Said("%(name)s takes %(what)s", name=name, what=Said(title_of(event.about)))
    told = Said(named, name=name) if event.of else Said(named)
    return Said("%(what)s by %(whom)s", what=told, whom=", ".join(by)) if by else told


def cuts_of(table: Table, seat: Seat | None, lived: Lived, names: Mapping[str, str] | None) -> list[str]:
    """Why a seat that asks for places got fewer than it asked for: told to nobody else."""
    built = table.course.built
    if seat is None or not KINDS[seat.kind].asks:
        return []
    why: dict[str, list[str]] = {}
    for code in seat.states:
        row = built.codes.index(code)
        if lived.refused[row]:
            why.setdefault(REFUSALS[lived.refused[row]], []).append(called(table, code, names))
    return [
        Said("%(states)s: less than was asked for (%(reason)s)", states=joined(whose, ", "), reason=Said(reason))
        for reason, whose in why.items()
    ]


def goals_of(table: Table, seat: Seat, outcome: Outcome) -> tuple[Goal, ...]:
    """A seat's objectives with their points so far."""
    built = table.course.built
    return tuple(
        Goal(
            one.title, one.secret, float(value_of(one, outcome, built)[0]), float(points_of(one, outcome, built)[0]),
            one.weight,
        ) for one in seat.objectives
    )  # fmt: skip


def council_for(table: Table, seat: Seat, names: dict[str, str]) -> tuple[ItemView, ...]:
    """The agenda as a seat sees it; nobody sees another's stance before the deadline."""
    if table.phase != "council":
        return ()
    place, bound = table.places[seat.id], bound_items(table.bargains, seat.id)
    found, sits = [], KINDS[seat.kind].sits
    for item in (*ITEMS, PROPOSAL):
        if item in table.agenda:
            what = item_of(table, item, seat, names)
            stance = STANCES[place.stances.get(item, 0)] if sits else ""
            ready = candidate_facts(table, seat, table.agenda[item]) if item == "status" else ()
            amount = place.amount if item == "programme" and stance == STANCES[AMEND] else None
            found.append(ItemView(item, what.about, stance, item in bound, what, amount, ready))
    return tuple(found)


def candidate_facts(table: Table, seat: Seat, row: int) -> tuple[Fact, ...]:
    """How ready a candidate is: exactly for whoever speaks for it, by dated estimates for all others."""
    course, code = table.course, table.course.built.codes[row]
    if not course.quarters:
        return ()
    last = len(course.quarters) - 1
    if code in seat.states:
        when = course.setup.quarter(last)
        return tuple(Fact(_words(name), KNOWN, _at(table, [row], name, last), None, None, when) for name in READY)
    step = max(0, last - OLD)
    return tuple(estimate(table, seat, name, code, _at(table, [row], name, step), step, 0.3) for name in READY)


def own_proposal(table: Table, seat_id: str) -> Proposal | None:
    """What a seat has drafted, for its own eyes; before the Council all read it as an item."""
    one = table.proposals.get(table.turn)
    return replace(one) if one is not None and one.by == seat_id else None


def seat_view(table: Table, seat_id: str, names: dict[str, str] | None = None) -> SeatView:
    """What one seat sees now. `names`: the names under which states appear, by code."""
    course, seat = table.course, table.game.seat(seat_id)
    named = names or dict(zip(course.built.codes, map(Said, course.built.names), strict=True))
    kind, place, lived = KINDS[seat.kind], table.places[seat_id], course.quarters
    outcome = course.outcome() if lived else None
    sits, told = kind.sits, told_for(table, seat, max(0, len(lived) - table.game.quarters), names)
    ours = [one for one in told if one.council or set(one.states) & set(seat.states)]
    return SeatView(
        seat=seat, form=kind.form, turn=table.turn, phase=table.phase, orders=place.orders,
        used=spent(kind.form, place.orders or {}),
        score=None if outcome is None else float(score_of(seat, outcome, course.built)[0]),
        goals=() if outcome is None else goals_of(table, seat, outcome), own=own_facts(table, seat, named),
        others=other_facts(table, seat), world=world_facts(table, seat),
        news=tuple((one.quarter, one.text) for one in told), ours=tuple((one.quarter, one.text) for one in ours),
        council=council_for(table, seat, named),
        offers=tuple(replace(b, kept=dict(b.kept)) for b in table.bargains if seat_id in (b.by, b.to)),
        deals=tuple(
            replace(b, kept=dict(b.kept)) for b in table.deals if seat_id in (b.by, b.to) and b.turn < table.turn
        ),
        proposal=own_proposal(table, seat_id),
        promised=promised(table.deals, seat_id, table.turn), first_due=table.first_due,
        messages=tuple(one for one in table.messages if seat_id in (one.by, one.to)), messages_on=table.messages_on,
        goodwill=table.goodwill(seat_id) if sits else 0.0, price=table.price, sits=sits,
    )  # fmt: skip
