"""A room: one game file with the table that it replays to, the people in its seats, and the clock. No HTTP.

All writing goes through one lock: an act is checked, taken in, and on disk before anybody is told. Who acts is taken
from the token of the member, never from what it sends. The clock of the room is steady: after a restart, or where the
machine's clock jumped or the process stood still, the game is paused with the time that was left.
"""

import hmac
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from game.core.act import CLOCK, FACILITATOR, Act, Lost, Refused, only_read
from game.core.game_file import Setup
from game.core.journal import Journal, create_journal, open_journal, reading_game, resumed_journal
from game.core.keeping.chain import HEAD
from game.core.keeping.damage import told_in_words
from game.core.keeping.held import private
from game.core.keeping.keys import CODE_LENGTH, PIN_PARTS, bare, digest, fresh_key, fresh_link, secret_from, short_code
from game.core.phases import Table, new_table
from game.core.replay import replay, table_of
from game.core.room.clock import Steady
from game.core.room.people import Member, makes_room, pseudonym
from sim.inputs.errors import fail, show_path

MOST: Final = 400  # members of a room
ADDED: Final = ("agenda", "uneasy", "stand", "announced")  # to acts, so that replay need not ask again
KEPT: Final = 1.0  # seconds between two notes of the time in the file: what a kill can cost of a phase


@dataclass
class Room:
    """A game that people are in."""

    journal: Journal
    table: Table
    code: str
    branch: int = 1
    joining: bool = True  # whether somebody may come in
    members: dict[str, Member] = field(default_factory=dict)
    pins: dict[str, str] = field(default_factory=dict)  # by seat
    version: int = 0  # grows with every change
    # What members may see grow: the number of all changes would tell when a rival acts. It goes on over restarts.
    public: int = field(default_factory=lambda: int(time.time()))
    private: dict[str, int] = field(default_factory=dict)  # by seat
    listeners: list[Callable[[], None]] = field(default_factory=list)
    clock: Callable[[], float] = field(default_factory=Steady)
    kept: float = 0.0  # when the time was kept in the file last
    lock: threading.RLock = field(default_factory=threading.RLock)

    def is_facilitator(self, secret: str) -> bool:
        """Whether a secret is the facilitator's."""
        return hmac.compare_digest(digest(secret), self.journal.meta("facilitator"))

    def member(self, token: str) -> Member | None:
        """Who holds a token."""
        return self.members.get(digest(token))

    def version_for(self, seat: str = "") -> int:
        """What grows with whatever the pages of a seat show; no seat: with what everybody sees."""
        return self.public + self.private.get(seat, 0)

    def join(self, name: str, address: str = "", old: str = "") -> str:
        """Somebody comes in under a pseudonym; a fresh token. `address`: of the device; `old`: its token of before."""
        with self.lock:
            if not self.joining:
                raise Refused("Joining is closed. Ask the facilitator.")
            before = self.member(old)
            clean = pseudonym(name, [one.name for one in self.members.values() if one is not before])
            if before is not None:  # whoever joins again is one person, not two
                self.drop(before.token)
            if len(self.members) >= MOST:
                idle = makes_room(self.members.values())
                if idle is None:
                    raise Refused("The room is full.")
                self.drop(idle.token)
            token = secrets.token_urlsafe(24)
            self._remember(Member(digest(token), clean, address=address))
            self._changed(())
            return token

    def _remember(self, member: Member, seat: str = "") -> None:
        """Keep a member in a seat or in the lobby; in a game that is only read, for as long as it is shown."""
        if self.journal.held is not None:
            self.journal.put_member(member.token, member.name, seat)
        member.seat = seat
        self.members[member.token] = member

    def let_in(self, joining: bool) -> None:
        """Open or close the door for whoever is not in yet."""
        with self.lock:
            self.journal.set_meta(joining="open" if joining else "closed")
            self.joining = joining
            self._changed(())

    def clear_lobby(self) -> None:
        """Whoever waits without a seat is gone."""
        with self.lock:
            for one in [one for one in self.members.values() if not one.seat]:
                self.drop(one.token)

    def drop(self, token: str) -> None:
        """Somebody is gone, out of its seat too: its token is worth nothing any more."""
        with self.lock:
            self.leave(token)
            if token in self.members:
                if self.journal.held is not None:
                    self.journal.drop_member(token)
                del self.members[token]
                self._changed(())

    def sit(self, token: str, seat: str, pin: str | None = None) -> None:
        """Give a member a seat: by its PIN, or by the facilitator (no PIN asked). Several may share a seat."""
        with self.lock:
            member = self.members.get(token)
            if member is None or seat not in self.table.places:
                raise Refused("There is no such member or seat.")
            if pin is not None and not hmac.compare_digest(bare(pin), bare(self.pins[seat])):
                raise Refused("This is not the PIN of that seat.")
            if member.seat == seat:
                return
            self.leave(token)
            if not self.table.places[seat].holder:
                self._write(Act("take", FACILITATOR, {"seat": seat, "name": seat}, self.clock()))
            self._remember(member, seat)
            self._changed()

    def leave(self, token: str) -> None:
        """Take a member out of its seat; an empty seat is played by policy."""
        with self.lock:
            member = self.members.get(token)
            if member is None or not member.seat:
                return
            seat = member.seat
            if not any(other.seat == seat for other in self.members.values() if other is not member):
                self._write(Act("leave", FACILITATOR, {"seat": seat}, self.clock()))
            self._remember(member)
            self._changed()

    def act(self, token: str, kind: str, data: dict[str, Any], key: str) -> int:
        """A member acts for its seat; its line in the journal. The same key with the same contents is the same line."""
        with self.lock:
            member = self.member(token)
            if member is None:
                raise Refused("You are in no seat.")
            known = self._sent_before(member.token, key, Act(kind, member.seat, data))
            if known is not None:
                return known
            if not member.seat:
                raise Refused("You are in no seat.")
            self.stand_still()
            return self._write(Act(kind, member.seat, data, self.clock()), member.token, key)

    def steer(self, kind: str, data: dict[str, Any], key: str | None = None, during: str = "") -> int:
        """The facilitator acts; whoever calls has checked the secret. `during`: refused in any other phase.

        What was saved and comes again, because its answer was lost, is answered alike, whatever the phase is by now.
        """
        with self.lock:
            known = self._sent_before(FACILITATOR, key, Act(kind, FACILITATOR, data)) if key else None
            if known is not None:
                return known
            if during and during != self.table.phase:
                raise Refused("This phase is over already.")
            self.stand_still()
            return self._write(Act(kind, FACILITATOR, data, self.clock()), FACILITATOR, key)

    def _sent_before(self, member: str, key: str, act: Act) -> int | None:
        """The line of what was sent with this key before, None where nothing was; refused where it was something else.

        A member who is in no seat any more still hears that what it sent from there is saved.
        """
        found = self.journal.sent(member, key)
        if found is None:
            return None
        line, before = found
        if (before.kind, contents(before)) != (act.kind, contents(act)) or act.actor not in ("", before.actor):
            raise Refused("This was sent before with other contents, and is not saved. Load the page again.")
        return line

    def tick(self) -> bool:
        """End the phase whose deadline has passed; whether that happened."""
        if isinstance(self.clock, Steady):
            self.clock.beat()
        with self.lock:
            table = self.table
            if table.course.only_read or self.journal.held is None:
                return False
            before = self.journal.lost
            try:
                self.journal.check()
            except Lost:
                if not before:
                    self._changed()  # the desk shows it
                raise
            self.stand_still()
            now = self.clock()
            if table.paused or table.deadline is None:
                return False
            if now < table.deadline:
                if abs(now - self.kept) >= KEPT:
                    self.journal.keep_time(now)
                    self.kept = now
                return False
            self._write(Act("close", CLOCK, {}, now))
            return True

    def stand_still(self) -> None:
        """Pause where the machine's clock jumped or time went by without us, with the time that was left before."""
        why = self.clock.why_stood() if isinstance(self.clock, Steady) else ""
        if why and not self.table.paused and self.table.deadline is not None and not self.table.course.only_read:
            self._write(Act("pause", CLOCK, {"why": why}, self.clock()))

    def rewind(self, turn: int, title: str, key: str = "") -> int:
        """Open a branch at the beginning of a turn and go on there; nothing is deleted. The branch.

        The same key with the same contents is the same branch.
        """
        with self.lock:
            asked, name = [turn, title], f"rewind:{key}"
            known = json.loads(self.journal.known(name) or "null") if key else None
            if known is not None:
                if known[1:] != asked:
                    raise Refused("This was sent before with other contents, and is not saved. Load the page again.")
                return int(known[0])
            after, made = self.line_before(turn), len(self.journal.branches()) + 1
            facts = {name: json.dumps([made, *asked])} if key else {}
            self.branch = self.journal.fork(self.branch, after, title[:80] or f"again from turn {turn + 1}", facts)
            self.reload()
            return self.branch

    def line_before(self, turn: int) -> int:
        """The line with which a turn began."""
        if self.table.course.only_read:
            raise only_read()
        recorded = {step: orders for step, (orders, _, _) in self.journal.quarters(self.branch).items()}
        table = new_table(self.table.course.setup, recorded)
        for line, act in self.journal.acts(self.branch):
            table.apply(act)
            if table.phase == "brief" and table.turn == turn:
                return line
        raise Refused("This turn has not begun yet.")

    def reload(self) -> None:
        """The table as the journal says; after a crash, a branch, or a failed write."""
        with self.lock:
            self.table = table_of(self.journal, self.branch)
            held = {member.seat for member in self.members.values()}
            for seat, place in self.table.places.items():
                if place.holder and seat not in held:
                    self._write(Act("leave", FACILITATOR, {"seat": seat}, self.clock()))
            for member in self.members.values():
                if member.seat and not self.table.places[member.seat].holder:
                    self._write(Act("take", FACILITATOR, {"seat": member.seat, "name": member.seat}, self.clock()))
            self._changed()

    def _write(self, act: Act, member: str = "", key: str | None = None) -> int:
        """Check, take in, and write: on disk when this returns."""
        self.table.check(act)
        self.journal.check()
        try:
            lived = self.table.apply(act)
            snapshot = self.table.course.snapshot() if lived else None
            line = self.journal.append(self.branch, act, member, key, lived, snapshot)
        except BaseException:
            self.table = table_of(self.journal, self.branch)
            raise
        self._changed(audience(act, self.table))
        return line

    def announce(self) -> None:
        """Something that everybody may see has come, and nothing is written: pages look again."""
        with self.lock:
            self._changed()

    def _changed(self, seats: Collection[str] | None = None) -> None:
        """Tell listeners that pages of these seats have changed, or those of everybody."""
        self.version += 1
        if seats is None:
            self.public += 1
        for seat in seats or ():
            self.private[seat] = self.private.get(seat, 0) + 1
        for listener in list(self.listeners):
            listener()


def audience(act: Act, table: Table) -> tuple[str, ...] | None:
    """Seats whose pages an act changes; the facilitator's desk shows every act. None: the pages of everybody."""
    if act.kind in ("orders", "draft", "stance", "win"):
        return (act.actor,)
    if act.kind in ("bargain", "message"):
        return (act.actor, str(act.data["to"]))
    if act.kind == "answer":
        bargain = table.bargains[act.data["number"]]
        return (bargain.by, bargain.to)
    if act.kind == "orders_for":
        return (str(act.data["seat"]),)
    if act.kind in ("inject", "withdraw_inject"):
        return None if act.data.get("announce") or act.data.get("announced") else ()
    if act.kind in ("note", "override"):
        return ()
    return None


def contents(act: Act) -> str:
    """What somebody sent, to compare, without what is added at the table."""
    return json.dumps({name: value for name, value in act.data.items() if name not in ADDED}, sort_keys=True)


def new_room(path: Path, setup: Setup) -> tuple[Room, str]:
    """A new game file and its room, with the facilitator's secret."""
    code = short_code(CODE_LENGTH)
    pins = {seat.id: "-".join(map(short_code, PIN_PARTS)) for seat in setup.game.seats}
    link, secret = fresh_link()
    facts = {"code": code, "branch": "1", "web_key": fresh_key()} | link
    facts |= {f"pin:{seat}": pin for seat, pin in pins.items()}
    journal = create_journal(path, setup, facts)
    return Room(journal, new_table(setup), code, pins=pins), secret


def open_room(path: Path) -> Room:
    """The room of a game file, after a crash or the next day: its members' tokens still hold, time stood still.

    A file that cannot be written is shown and not played on.
    """
    must_come_out(path)
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    journal = resumed_journal(path) if writable else open_journal(path)
    private(journal.path)
    try:
        with told_in_words(path, journal.turns_before):
            journal.must_be_whole()
            branch = journal.branch_of(None)
            table, acts = table_of(journal, branch), journal.acts(branch)
            stopped = max([float(journal.known("clock") or 0.0), *(act.at for _, act in acts[-1:])])
            room = Room(journal, table, journal.meta("code"), branch, clock=Steady(stopped))
            room.pins = {seat.id: journal.meta(f"pin:{seat.id}") for seat in table.game.seats}
            room.joining = journal.meta("joining", "open") == "open"
            room.members = {token: Member(token, name, seat) for token, name, seat in journal.members()}
            room.is_facilitator("")
            bytes.fromhex(journal.meta("web_key", ""))
        if table.deadline is not None and not table.paused and not table.course.only_read and journal.held is not None:
            room._write(Act("pause", CLOCK, {"why": "the server was stopped"}, min(stopped, table.deadline)))
    except BaseException:
        journal.close()
        raise
    return room


def must_come_out(path: Path) -> None:
    """Refuse a file of before whose acts do not lead to what is recorded: chained from now on, it would look whole."""
    with reading_game(path) as journal:
        if journal.known(HEAD) is None:
            for branch in journal.branches():
                verdict = replay(journal, branch.id).verdict
                if verdict.wrong or verdict.unfit:
                    raise fail(show_path(path), verdict.words())


def secret_of(room: Room) -> str:
    """The facilitator's secret, the same after every restart; empty in a file of before, which keeps only its hash."""
    kept = room.journal.known("link_key")
    return secret_from(kept) if kept else ""


def new_secret(room: Room) -> str:
    """A fresh facilitator's secret: the old one is worth nothing any more."""
    facts, secret = fresh_link()
    room.journal.set_meta(**facts)
    return secret
