"""The story of a game by turn: what each seat believed and ordered, then the truth: Council, crises, scores."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from analysis.said import Said, joined, listed
from analysis.words import Table, number, signed
from game.core.bargains import Bargain, form_of
from game.core.council.proposal import ending
from game.core.game_file import Seat
from game.core.seen import ESTIMATED, Fact, said_of
from game.core.world_played import Lived
from game.review.counterfactual import done, words_of
from game.review.played import Played, Turn, values_by_turn
from sim.declare.names import FLOWS, ITEMS, MEASURES, STANCES, STATE_VARIABLES
from sim.law.compiled import Floats
from sim.runs.events import Event

RESULTS: Final = (Said("held up"), Said("agreed as amended"), Said("agreed"))


ELSEWHERE: Final = {
    "crisis": (
        Said("%(n)s crisis elsewhere, in states that no seat speaks for"),
        Said("%(n)s crises elsewhere, in states that no seat speaks for"),
    ),
    "event": (
        Said("%(n)s event elsewhere, in states that no seat speaks for"),
        Said("%(n)s events elsewhere, in states that no seat speaks for"),
    ),
}


class Side(NamedTuple):
    """One seat's side of a turn: who sat there, what it decided, and its estimates beside the truth."""

    seat: str
    title: str
    holder: str
    decided: str
    believed: Table


class TurnStory(NamedTuple):
    """A turn: the seats' sides first, then what happened."""

    number: int
    title: str
    sides: tuple[Side, ...]
    council: tuple[str, ...]
    bargains: tuple[str, ...]
    injects: tuple[str, ...]
    crises: tuple[str, ...]
    news: tuple[str, ...]
    log: tuple[str, ...]
    scores: Table

    @property
    def decisions(self) -> Table:
        """Who played each seat, and what it decided."""
        return Table(
            ("seat", "played by", "decided"), tuple((s.title, s.holder or "policy", s.decided) for s in self.sides)
        )

    @property
    def happened(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What happened under its headings, but for other news."""
        told = {"Council": self.council, "Bargains": self.bargains, "Injects": self.injects,
                "Facilitator's log": self.log, "Crises": self.crises}  # fmt: skip
        return tuple((heading, lines) for heading, lines in told.items() if lines)


def story(played: Played) -> tuple[TurnStory, ...]:
    """All resolved turns."""
    scores = values_by_turn(played)
    return tuple(_turn(played, turn, scores) for turn in played.turns)


def quarters_of(played: Played, turn: int) -> list[Lived]:
    """The quarters of a turn."""
    return played.table.course.quarters[played.end_of(turn - 1) : played.end_of(turn)]


def _turn(played: Played, turn: Turn, scores: dict[str, Floats]) -> TurnStory:
    number_, lived = turn.number, quarters_of(played, turn.number)
    first, last = played.quarter(lived[0].step), played.quarter(lived[-1].step)
    events = [(played.quarter(e.step), e) for quarter in lived for e in quarter.events]
    return TurnStory(
        number_, Said("Turn %(n)s: %(first)s to %(last)s", n=number_ + 1, first=first, last=last),
        tuple(_side(played, turn, seat) for seat in played.setup.game.seats), tuple(_council(played, turn, lived)),
        tuple(_bargains(played, turn)),
        tuple(
            Said(
                "%(when)s: %(title)s (%(kind)s, severity %(hard)s, %(states)s)", when=played.quarter(s), title=i.title,
                kind=Said(i.kind.replace("_", " ")), hard=Said(f"{i.severity:g}"), states=listed(i.states, 8),
            ) for s, i in played.injected(number_)
        ),
        _told(played, [(q, e) for q, e in events if e.kind == "crisis"], ELSEWHERE["crisis"]),
        _told(played, [(q, e) for q, e in events if e.kind not in ("crisis", "council")], ELSEWHERE["event"]), turn.log,
        _scores(played, number_, scores),
    )  # fmt: skip


def _told(played: Played, events: list[tuple[str, Event]], elsewhere: tuple[Said, Said]) -> tuple[str, ...]:
    """Events of states that somebody speaks for, each; the others counted."""
    ours = {code for seat in played.setup.game.seats for code in seat.states}
    built = played.table.course.built
    names = dict(zip(built.codes, map(Said, built.names), strict=True))
    kept = [joined((q, said_of(e, names.get(e.of, ""))), ": ") for q, e in events if e.state in ours]
    rest = len(events) - len(kept)
    return (*kept, *([Said(elsewhere[rest > 1].form, n=rest)] if rest else []))


def _scores(
    played: Played, turn: int, scores: dict[str, Floats]
) -> Table:  # fmt: skip
    """Every seat's score after the turn, and what the turn changed."""
    rows = []
    for seat in played.setup.game.seats:
        path = scores[seat.id]
        at = turn + (1 if len(path) > len(played.turns) else 0)
        before = f"{path[at - 1]:.1f}" if at > 0 else Said("none")
        gain = signed(float(path[at] - path[at - 1]), 1) if at > 0 else "0.0"
        rows.append((seat.title, before, f"{path[at]:.1f}", gain))
    heads = (Said("seat"), Said("score before"), Said("score after"), Said("change"))
    return Table(heads, tuple(rows))


def _side(played: Played, turn: Turn, seat: Seat) -> Side:
    """What a seat ordered, and what it believed when it did."""
    return Side(
        seat.id, seat.title, turn.holders.get(seat.id, ""),
        words_of(played, seat.id, turn.number) if played.acted(seat.id, turn.number) else Said("left to policy"),
        Table(
            (Said("about"), Said("estimate when orders closed"), Said("truth then"), Said("truth after the turn")),
            tuple(_believed(played, turn, seat)),
        ),
    )  # fmt: skip


def _believed(played: Played, turn: Turn, seat: Seat) -> Iterator[tuple[str, ...]]:
    """A seat's estimates beside the truth; what it knew exactly is not repeated."""
    view = turn.views.get(seat.id)
    if view is None:
        return
    course = played.table.course
    last = played.end_of(turn.number) - 1
    for fact in view.world:
        if fact.status == ESTIMATED:
            column = MEASURES.index(fact.label.replace(" ", "_"))
            then, now = (float(course.quarters[s].measures[column]) for s in (_step(played, fact), last))
            yield (Said("all: %(what)s", what=fact.label), _estimate(fact), number(then), number(now))
    rows = {s.title: [course.built.codes.index(c) for c in s.states] for s in played.setup.game.seats}
    for title, facts in view.others:
        for fact in facts:
            if fact.status == ESTIMATED:
                then, now = (_mean(played, rows[title], fact.label, s) for s in (_step(played, fact), last))
                yield (joined((title, fact.label), ": "), _estimate(fact), number(then), number(now))


def _step(played: Played, fact: Fact) -> int:
    """The step that a fact is dated by."""
    return next(q.step for q in played.table.course.quarters if played.quarter(q.step) == fact.quarter)


def _mean(played: Played, rows: list[int], label: str, step: int) -> float:
    """A variable of some states at a step, flows as their mean up to then: as estimates are made."""
    name = label.replace(" ", "_")
    quarters = played.table.course.quarters[: step + 1]
    values = [float(q.states[rows, STATE_VARIABLES.index(name)].mean()) for q in quarters]
    return float(np.mean(values)) if name in FLOWS else values[-1]


def _estimate(fact: Fact) -> str:
    low, high = (number(v) if v is not None else "" for v in (fact.low, fact.high))
    return Said(
        "%(value)s (%(low)s to %(high)s), as of %(quarter)s",
        value=Said(number(fact.value or 0.0)), low=Said(low), high=Said(high), quarter=fact.quarter,
    )  # fmt: skip


def _council(played: Played, turn: Turn, lived: list[Lived]) -> Iterator[str]:
    """Item by item: what became of it in the turn's quarters, and who broke silence."""
    names = [Said(name) for name in played.table.course.built.names]
    for i, item in enumerate(ITEMS):
        results: dict[str, list[str]] = {}
        about: set[str] = set()
        for quarter in lived:
            if quarter.decided[i] >= 0:
                results.setdefault(RESULTS[quarter.decided[i]], []).append(played.quarter(quarter.step))
                if item in ("status", "outreach") and quarter.about[i] >= 0:
                    about.add(names[quarter.about[i]])
        if results:
            told = joined((Said("%(what)s in %(when)s", what=w, when=listed(q)) for w, q in results.items()), "; ")
            of = Said(item.capitalize())
            if about:
                of = Said("%(item)s of %(states)s", item=of, states=listed(sorted(about)))
            parts = [Said("%(item)s: %(told)s.", item=of, told=told), *_broken(played, turn, lived, item)]
            if item in turn.rulings:
                parts.append(
                    Said("The facilitator ruled: %(result)s.", result=Said(turn.rulings[item].replace("_", " ")))
                )
            yield joined(parts)
    if turn.proposal is not None:
        yield Said("In the Council, %(what)s.", what=ending(played.table, turn.number, inside=True))


def _broken(played: Played, turn: Turn, lived: list[Lived], item: str) -> list[Said]:
    """Who broke silence on an item: seats at the table, and allies that policy played."""
    said = [
        seat.title for seat in played.setup.game.seats
        if STANCES[turn.stances.get(seat.id, {}).get(item, 0)] == "object"
    ]  # fmt: skip
    seated = {code for seat in played.setup.game.seats if seat.id in turn.stances for code in seat.states}
    codes = dict.fromkeys(
        code for quarter in lived for event in quarter.events
        if event.kind == "council" and event.about == item for code in event.by if code not in seated
    )  # fmt: skip
    unplayed = Said("allies whom policy played (%(codes)s)", codes=listed(codes, 8))
    parts = [*said, *([unplayed] if codes else [])]
    return [Said("Silence was broken by %(who)s.", who=listed(parts))] if parts else []


def _bargains(played: Played, turn: Turn) -> Iterator[str]:
    titles = {seat.id: seat.title for seat in played.setup.game.seats}
    for one in turn.bargains:
        sides = (
            joined([*(done(s, i) for i, s in one.stances_of(seat).items()), *_lines(played, one, seat)], ", ")
            for seat in (one.by, one.to)
        )  # fmt: skip
        give, want = sides
        kept = [
            Said("kept by %(seat)s", seat=titles[seat]) if well else Said("broken by %(seat)s", seat=titles[seat])
            for seat, well in one.kept.items()
        ]
        answer = Said(one.answer) if one.answer else Said("no answer")
        yield Said(
            "%(by)s offered %(to)s: %(give)s, for %(want)s; %(end)s.", by=titles[one.by], to=titles[one.to], give=give,
            want=want, end=joined([answer, *kept], ", "),
        )  # fmt: skip


def _lines(played: Played, one: Bargain, seat: str) -> list[Said]:
    """What a seat was to order, in words."""
    form = form_of(played.setup.game, seat)
    return [
        Said(
            "%(line)s %(bound)s %(value)s in turn %(n)s",
            line=Said(form.line(line).label),
            bound=Said(f"at {bound}"),
            value=Said(f"{value:g}"),
            n=one.due + 1,
        )
        for line, bound, value in one.orders_of(seat)
    ]
