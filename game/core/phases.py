"""The table: whose turn it is and what may be done. Its state is nothing but the acts of the journal, applied in order.

    lobby -> brief -> orders -> council -> news -> brief ... -> news -> review

`check` refuses what the rules of play do not allow and changes nothing; `apply` changes the state. Orders are private
and simultaneous: they can be edited until the phase closes. The Council decides by consensus: at the deadline silence
means assent, and an ally who breaks it pays a price that is shown. Nobody counts hands.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from analysis.said import Said, joined
from game.core.act import BY_SEATS, CLOCK, COMINGS, FACILITATOR, STEERING, Act, Refused, only_read
from game.core.bargains import Bargain, bargain_of, carried_out, form_of, judge, promised
from game.core.council.messages import Message, check_quote, quote, send
from game.core.council.positions import Uneasy
from game.core.council.proposal import Proposal, check_draft, draft
from game.core.council.rulings import check_ruling, end, enter_orders, override
from game.core.council.sitting import (
    COMMON,
    check_stance,
    check_talk,
    check_win,
    lay_council,
    open_council,
    take_stance,
    win,
)
from game.core.game_file import Game, Inject, Setup
from game.core.keeping.damage import at_line
from game.core.world_played import Course, Lived, Recorded, new_course
from game.seats.asking import add_inject
from game.seats.forms import wrong_with
from game.seats.kinds import KINDS
from game.seats.laying import lay_seat, signatory
from sim.declare.names import STANCES, THREAT_KINDS
from sim.runs.build import Built

NEXT: Final = {"lobby": "brief", "brief": "orders", "orders": "council", "council": "news", "news": "brief"}


@dataclass
class Place:
    """A seat at the table in the present turn."""

    holder: str = ""  # a pseudonym; empty: played by policy
    orders: dict[str, Any] | None = None
    stances: dict[str, int] = field(default_factory=dict)
    amount: int = COMMON  # % of the sum that this seat's amendment of the programme leaves

    @property
    def played(self) -> bool:
        """Whether somebody decided anything in this turn."""
        return self.orders is not None or bool(self.stances)


@dataclass
class Table:
    """A game in progress."""

    course: Course
    phase: str = "lobby"
    turn: int = 0
    paused: bool = False
    deadline: float | None = None  # seconds since the epoch, on the clock of the room
    left: float = 0.0  # seconds left when paused
    places: dict[str, Place] = field(default_factory=dict)
    agenda: dict[str, int] = field(default_factory=dict)
    bargains: list[Bargain] = field(default_factory=list)  # offers of this turn
    deals: list[Bargain] = field(default_factory=list)  # those that were accepted, of all turns
    messages: list[Message] = field(default_factory=list)
    messages_on: bool = True
    quoted: list[tuple[int, int]] = field(default_factory=list)  # step after which, and number of the message
    rulings: dict[str, str] = field(default_factory=dict)  # the facilitator's overrides of Council results
    won: dict[tuple[str, str], str] = field(default_factory=dict)  # by item and ally that nobody plays: who won it
    uneasy: dict[str, dict[str, Uneasy]] = field(
        default_factory=dict
    )  # by item and code: allies that hesitate, and why
    ended: bool = False  # by the facilitator, before the last turn
    blocs: bool = True  # whether allies that nobody plays keep silence; not in files of before
    orders_given: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)
    orders_meant: dict[tuple[int, str], dict[str, Any]] = field(default_factory=dict)  # before deals moved them
    stances_taken: dict[tuple[int, str], dict[str, int]] = field(default_factory=dict)
    injected: list[tuple[int, Inject]] = field(default_factory=list)
    announced: list[tuple[int, Inject]] = field(default_factory=list)  # by turn: told to all before they strike
    proposals: dict[int, Proposal] = field(default_factory=dict)  # by turn: what the staff brought of its own
    log: list[str] = field(default_factory=list)

    @property
    def game(self) -> Game:
        """The game that is played."""
        return self.course.setup.game

    @property
    def first_step(self) -> int:
        """First quarter of the present turn."""
        return self.game.warm_up + self.turn * self.game.quarters

    @property
    def last_turn(self) -> bool:
        """Whether no turn follows."""
        return self.turn == self.game.turns - 1

    @property
    def first_due(self) -> int:
        """The first turn whose orders are still open."""
        return self.turn + (self.phase in ("council", "news"))

    def inject_step(self, quarter: int) -> int:
        """The step in which an inject that is put in now strikes: of this turn, or of the next while news is read."""
        return self.first_step + quarter + (self.game.quarters if self.phase == "news" else 0)

    def check(self, act: Act) -> None:
        """Refuse what may not be done now."""
        if self.course.only_read:
            raise only_read()
        if act.kind in STEERING:
            if act.actor not in (FACILITATOR, CLOCK):
                raise Refused("Only the facilitator may do this.")
            self._check_steering(act)
        elif act.kind in BY_SEATS:
            self._check_seat(act)
        elif act.kind in COMINGS:
            if act.actor != FACILITATOR:
                raise Refused("Only the facilitator may do this.")
            if str(act.data.get("seat")) not in self.places:
                raise Refused("There is no such seat.")
            if act.kind == "take" and self.places[act.data["seat"]].holder not in ("", act.data.get("name")):
                raise Refused("This seat is taken.")
        else:
            raise Refused("There is no act of this kind.")

    def apply(self, act: Act) -> list[Lived]:
        """Take in an act that `check` lets pass; the quarters that it brought about."""
        self.check(act)
        return self.take(act)

    def take(self, act: Act) -> list[Lived]:
        """The same with an act of the journal, which was checked when it was written."""
        before = len(self.course.quarters)
        if act.kind in TAKEN:
            TAKEN[act.kind](self, act)
        else:
            getattr(self, f"_{act.kind}")(act)
        return self.course.quarters[before:]

    # What is allowed

    def _check_steering(self, act: Act) -> None:
        if act.kind == "open" and self.phase != "lobby":
            raise Refused("The game is open already.")
        if act.kind == "close" and self.phase in ("lobby", "review"):
            raise Refused("There is no phase to end.")
        if act.kind == "close" and act.actor == CLOCK and self.paused:
            raise Refused("The clock stands still.")
        if act.kind == "withdraw_inject":
            self._check_running()
        if act.kind == "inject":
            self.check_inject(act.data)
        if act.kind == "extend":
            minutes = act.data.get("minutes", 1.0)
            if not isinstance(minutes, int | float) or not 0.0 < minutes <= 60.0:
                raise Refused("A phase is extended by up to 60 minutes.")
        if act.kind in ("override", "orders_for", "end"):
            check_ruling(self, act)
        if act.kind == "messages" and not isinstance(act.data.get("on"), bool):
            raise Refused("Messages are on or off.")
        if act.kind == "quote":
            check_quote(self, act)
        if act.kind == "orders_for":
            self._check_orders(act.data.get("seat"), act.data.get("orders"))

    def check_inject(self, data: Mapping[str, Any]) -> None:
        """Refuse an inject that cannot go out now."""
        self._check_running()
        codes, states = self.course.built.codes, data.get("states") or ()
        severity, quarter = data.get("severity"), data.get("quarter", 0)
        if not isinstance(data.get("title"), str) or not 0 < len(data["title"].strip()) <= 200:
            raise Refused("An inject has a headline of up to 200 characters.")
        listed = isinstance(states, list | tuple) and states and all(code in codes for code in states)
        if data.get("kind") not in THREAT_KINDS or not listed:
            raise Refused("An inject names a kind of threat and states of the cast.")
        if isinstance(severity, bool) or not isinstance(severity, int | float) or not 1.0 <= severity <= 100.0:
            raise Refused("Severity runs from 1 to 100 points.")
        if isinstance(quarter, bool) or not isinstance(quarter, int) or not 0 <= quarter < self.game.quarters:
            last = self.game.quarters - 1
            raise Refused(Said("The quarter of the turn runs from 0 to %(last)s.", last=last))
        if self.phase == "news" and self.last_turn:
            raise Refused("No turn follows; nothing can be put in any more.")

    def _check_running(self) -> None:
        if self.phase in ("lobby", "review"):
            raise Refused("Injects go out while the game runs.")

    def _check_seat(self, act: Act) -> None:
        if act.actor not in self.places:
            raise Refused("There is no such seat.")
        if self.paused:
            raise Refused("The game is paused.")
        if self.deadline is not None and act.at > self.deadline:
            raise Refused("Too late: the time for this phase is over.")
        if act.kind == "orders":
            self._check_orders(act.actor, act.data)
            return
        if act.kind == "draft":
            check_draft(self, act)
            return
        if act.kind in ("bargain", "answer", "message"):
            check_talk(self, act)
            return
        if self.phase != "council":
            raise Refused("The Council does not sit now.")
        if not KINDS[self.game.seat(act.actor).kind].sits:
            raise Refused("Only allies sit in the Council.")
        if act.kind == "stance":
            check_stance(self, act)
        else:
            check_win(self, act)

    def _check_orders(self, seat: Any, orders: Any) -> None:
        if self.phase != "orders":
            raise Refused("Orders are closed.")
        if not isinstance(seat, str) or seat not in self.places or not isinstance(orders, dict):
            raise Refused("There is no such seat.")
        problems = wrong_with(KINDS[self.game.seat(seat).kind].form, orders, self.course.built.codes)
        if problems:
            raise Refused(joined(problems))

    # What a broken silence costs

    @property
    def price(self) -> float:
        """Goodwill that an objection costs the ally that signs it."""
        return float(self.course.engine.parameters.objection_price)

    def goodwill(self, seat: str) -> float:
        """Goodwill of the ally that signs for a seat: the seat breaks silence with one voice."""
        row = signatory(self.course.built, self.game.seat(seat))
        return float(self.course.engine.world.goodwill[row]) if row >= 0 and not self.course.only_read else 0.0

    # What acts do

    def _take(self, act: Act) -> None:
        self.places[act.data["seat"]].holder = str(act.data.get("name", "somebody"))

    def _leave(self, act: Act) -> None:
        self.places[act.data["seat"]].holder = ""

    def _orders(self, act: Act) -> None:
        self.places[act.actor].orders = dict(act.data)

    def _bargain(self, act: Act) -> None:
        self.bargains.append(bargain_of(act, len(self.bargains), self.turn))

    def _answer(self, act: Act) -> None:
        bargain = self.bargains[act.data["number"]]
        bargain.answer = "accepted" if act.data.get("accept") else "declined"
        if bargain.accepted:
            self.deals.append(bargain)
        if bargain.accepted and bargain.binding:
            self.places[bargain.by].stances.update({i: STANCES.index(s) for i, s in bargain.give.items()})
            self.places[bargain.to].stances.update({i: STANCES.index(s) for i, s in bargain.want.items()})

    def _messages(self, act: Act) -> None:
        self.messages_on = act.data["on"]

    def _note(self, act: Act) -> None:
        self.log.append(str(act.data.get("text", "")))

    def _pause(self, act: Act) -> None:
        if not self.paused:
            self.paused, self.left = True, max(0.0, (self.deadline or act.at) - act.at)
        if act.data.get("why"):
            self.log.append(Said("Paused: %(why)s.", why=Said(act.data["why"])))

    def _resume(self, act: Act) -> None:
        if self.paused:
            self.paused = False
            self.deadline = None if self.deadline is None else act.at + self.left

    def _extend(self, act: Act) -> None:
        more = 60.0 * float(act.data.get("minutes", 1.0))
        if self.paused:
            self.left += more
        elif self.deadline is not None:
            self.deadline += more

    def _inject(self, act: Act) -> None:
        data = act.data
        step = self.inject_step(int(data.get("quarter", 0)))
        inject = Inject(title=data["title"], kind=data["kind"], states=tuple(data["states"]), severity=data["severity"])
        self.injected.append((step, inject))
        if data.get("announce"):
            self.announced.append((self.turn + (self.phase == "news"), inject))
        self._lay_inject(step, inject, 1.0)

    def _withdraw_inject(self, act: Act) -> None:
        for at, (step, inject) in enumerate(self.injected):
            if inject.title == act.data.get("title") and step >= self.course.engine.step:
                del self.injected[at]
                act.data["announced"] = any(one is inject for _, one in self.announced)
                self.announced = [(turn, one) for turn, one in self.announced if one is not inject]
                self._lay_inject(step, inject, -1.0)
                return

    def _lay_inject(self, step: int, inject: Inject, sign: float) -> None:
        rows = [self.course.built.codes.index(code) for code in inject.states]
        add_inject(self.course.standing, step, rows, inject.kind, sign * inject.severity)

    def _open(self, act: Act) -> None:
        self.course.live(self.game.warm_up)
        self._enter("brief", act.at)

    def _close(self, act: Act) -> None:
        if self.phase == "orders":
            # In the act, so that files of before, in which policy played whoever sent nothing, lead where they led.
            if not {"agenda", "stand"} & set(act.data):
                act.data["stand"] = self.standing()
            for seat, orders in act.data.get("stand", {}).items():
                self.places[seat].orders = dict(orders)
            self._lay_orders()
            open_council(self, act)
        elif self.phase == "council":
            lay_council(self)
            said = {seat: place.stances for seat, place in self.places.items()}
            judge(self.deals, self.turn, self.game, self.orders_given, said)
            self.course.live(self.first_step + self.game.quarters)
        elif self.phase == "news":
            if self.last_turn:
                self.course.live(self.game.horizon())
                self._enter("review", act.at)
                return
            self.turn += 1
            self._clear()
        self._enter(NEXT[self.phase], act.at)

    def _enter(self, phase: str, now: float) -> None:
        minutes = {"orders": self.game.minutes_orders, "council": self.game.minutes_council}.get(phase)
        self.phase, self.paused = phase, False
        self.deadline = None if minutes is None else now + 60.0 * minutes

    def _clear(self) -> None:
        self.agenda, self.bargains, self.rulings, self.won = {}, [], {}, {}
        self.uneasy = {}
        for place in self.places.values():
            place.orders, place.stances, place.amount = None, {}, COMMON

    def standing(self) -> dict[str, dict[str, Any]]:
        """Orders of the last turn that stand, of seats that somebody sits in and that have sent no others."""
        return {
            seat: dict(self.orders_meant[self.turn - 1, seat]) for seat, place in self.places.items()
            if place.holder and place.orders is None and (self.turn - 1, seat) in self.orders_meant
        }  # fmt: skip

    def _lay_orders(self) -> None:
        for seat in self.game.seats:
            place, terms = self.places[seat.id], promised(self.deals, seat.id, self.turn)
            if place.orders is not None:
                self.orders_meant[self.turn, seat.id] = place.orders
            if terms:
                place.orders = carried_out(form_of(self.game, seat.id), place.orders or {}, terms)
            orders = place.orders
            if orders is not None:
                lay_seat(self.course.standing, self.turn, self.course.built, seat, orders)
                self.orders_given[self.turn, seat.id] = orders


TAKEN: Final[Mapping[str, Callable[[Table, Act], None]]] = {  # acts of the Council and of talk
    "draft": draft, "stance": take_stance, "win": win, "message": send, "quote": quote,
    "override": override, "orders_for": enter_orders, "end": end,
}  # fmt: skip


def new_table(
    setup: Setup, recorded: Recorded | None = None, looked_at: bool = False, built: Built | None = None
) -> Table:  # fmt: skip
    """An empty table."""
    course = new_course(setup, recorded, looked_at, built)
    return Table(course, places={seat.id: Place() for seat in setup.game.seats})


def replayed(
    setup: Setup, acts: Iterable[Act], recorded: Recorded | None = None, looked_at: bool = False
) -> Table:  # fmt: skip
    """The table after these acts."""
    table = new_table(setup, recorded, looked_at)
    for act in acts:
        with at_line(act.line):
            table.take(act)
    return table
