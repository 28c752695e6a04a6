"""A room: one game file with the table that it replays to, the people in its seats, and the clock. No HTTP.

All writing goes through one lock: an act is checked, taken in, and on disk before anybody is told. Who acts is taken
from the token of the member, never from what it sends.
"""

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from game.core.act import CLOCK, FACILITATOR, Act, Refused, only_read
from game.core.game_file import Setup
from game.core.journal import Journal, create_journal, open_journal, private
from game.core.phases import Table, new_table
from game.core.replay import table_of
from game.seats.people import Member, makes_room, pseudonym

LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that is taken for another
MOST: Final = 400  # members of a room
CODE_LENGTH = 5
PIN_PARTS: Final = (4, 4)  # 8.5e11 PINs: 1,000 guesses a second for 90 minutes find one with a chance of 6e-6


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
    clock: Callable[[], float] = time.time
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
            self.members[digest(token)] = Member(digest(token), clean, address=address)
            self.journal.put_member(digest(token), clean, "")
            self._changed(())
            return token

    def let_in(self, joining: bool) -> None:
        """Open or close the door for whoever is not in yet."""
        with self.lock:
            self.joining = joining
            self.journal.set_meta("joining", "open" if joining else "closed")
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
            if self.members.pop(token, None) is not None:
                self.journal.drop_member(token)
                self._changed(())

    def sit(self, token: str, seat: str, pin: str | None = None) -> None:
        """Give a member a seat: by its PIN, or by the facilitator (no PIN asked). Several may share a seat."""
        with self.lock:
            member = self.members.get(token)
            if member is None or seat not in self.table.places:
                raise Refused("There is no such member or seat.")
            if pin is not None and not hmac.compare_digest(bare(pin), bare(self.pins[seat])):
                raise Refused("This is not the PIN of that seat.")
            self.leave(token)
            if not self.table.places[seat].holder:
                self._write(Act("take", FACILITATOR, {"seat": seat, "name": seat}, self.clock()))
            member.seat = seat
            self.journal.put_member(token, member.name, seat)
            self._changed()

    def leave(self, token: str) -> None:
        """Take a member out of its seat; an empty seat is played by policy."""
        with self.lock:
            member = self.members.get(token)
            if member is None or not member.seat:
                return
            seat, member.seat = member.seat, ""
            self.journal.put_member(token, member.name, "")
            if not any(other.seat == seat for other in self.members.values()):
                self._write(Act("leave", FACILITATOR, {"seat": seat}, self.clock()))
            self._changed()

    def act(self, token: str, kind: str, data: dict[str, Any], key: str) -> int:
        """A member acts for its seat; its line in the journal. The same key again is the same line."""
        with self.lock:
            member = self.member(token)
            if member is None or not member.seat:
                raise Refused("You are in no seat.")
            known = self.journal.line_of(member.token, key)
            if known is not None:
                return known
            return self._write(Act(kind, member.seat, data, self.clock()), member.token, key)

    def steer(self, kind: str, data: dict[str, Any], key: str | None = None) -> int:
        """The facilitator acts; whoever calls has checked the secret."""
        with self.lock:
            known = self.journal.line_of(FACILITATOR, key) if key else None
            if known is not None:
                return known
            return self._write(Act(kind, FACILITATOR, data, self.clock()), FACILITATOR, key)

    def tick(self) -> bool:
        """End the phase whose deadline has passed; whether that happened."""
        with self.lock:
            table = self.table
            if table.course.only_read or table.paused or table.deadline is None or self.clock() < table.deadline:
                return False
            self._write(Act("close", CLOCK, {}, self.clock()))
            return True

    def rewind(self, turn: int, title: str) -> int:
        """Open a branch at the beginning of a turn and go on there; nothing is deleted. The branch."""
        with self.lock:
            after = self.line_before(turn)
            self.branch = self.journal.fork(self.branch, after, title[:80] or f"again from turn {turn + 1}")
            self.journal.set_meta("branch", str(self.branch))
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
        try:
            lived = self.table.apply(act)
            snapshot = self.table.course.snapshot() if lived else None
            line = self.journal.append(self.branch, act, member, key, lived, snapshot)
        except BaseException:
            self.table = table_of(self.journal, self.branch)
            raise
        self._changed(audience(act, self.table))
        return line

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
    if act.kind in ("orders", "stance"):
        return (act.actor,)
    if act.kind == "bargain":
        return (act.actor, str(act.data["to"]))
    if act.kind == "answer":
        bargain = table.bargains[act.data["number"]]
        return (bargain.by, bargain.to)
    if act.kind == "orders_for":
        return (str(act.data["seat"]),)
    if act.kind in ("note", "inject", "withdraw_inject", "override"):
        return ()
    return None


def digest(text: str) -> str:
    """SHA-256 of a secret: only this is kept."""
    return hashlib.sha256(text.encode()).hexdigest()


def bare(pin: str) -> bytes:
    """A PIN without what may stand between its parts."""
    return "".join(sign for sign in pin.upper() if sign.isalnum()).encode()


def short_code(length: int) -> str:
    """Letters and digits that cannot be mistaken for one another."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def new_room(path: Path, setup: Setup) -> tuple[Room, str]:
    """A new game file and its room, with the facilitator's secret, which is kept nowhere."""
    journal = create_journal(path, setup)
    secret = secrets.token_urlsafe(18)
    code = short_code(CODE_LENGTH)
    pins = {seat.id: "-".join(map(short_code, PIN_PARTS)) for seat in setup.game.seats}
    facts = {"facilitator": digest(secret), "code": code, "branch": "1"} | {f"pin:{s}": p for s, p in pins.items()}
    for name, value in facts.items():
        journal.set_meta(name, value)
    return Room(journal, new_table(setup), code, pins=pins), secret


def open_room(path: Path) -> Room:
    """The room of a game file, after a crash or the next day: its members' tokens still hold."""
    journal = open_journal(path)
    private(path)
    branch = journal.last_branch()
    table = table_of(journal, branch)
    room = Room(journal, table, journal.meta("code"), branch)
    room.pins = {seat.id: journal.meta(f"pin:{seat.id}") for seat in table.game.seats}
    room.joining = journal.meta("joining", "open") == "open"
    room.members = {token: Member(token, name, seat) for token, name, seat in journal.members()}
    return room


def new_secret(room: Room) -> str:
    """A fresh facilitator's secret: the old one is worth nothing any more."""
    secret = secrets.token_urlsafe(18)
    room.journal.set_meta("facilitator", digest(secret))
    return secret
