"""The room: people, seats and the clock around a journal; what it acknowledges is on disk, once."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playing import ORDERS, SEATS, small, state_of

from game.core.act import Refused
from game.core.keeping.keys import digest
from game.core.live_game import Room, new_room, new_secret, open_room
from game.core.replay import verify


@dataclass
class Watch:
    """A clock that stands still until it is moved."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Class:
    """A room with somebody in every seat but the rival's."""

    room: Room
    secret: str
    watch: Watch
    tokens: dict[str, str]
    path: Path

    def reopened(self) -> Room:
        """The room as another process would find it."""
        self.room.journal.close()
        self.room = open_room(self.path)
        self.room.clock = self.watch
        return self.room


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Class]:
    path = tmp_path / "room.interlock"
    room, secret = new_room(path, small())
    room.clock = watch = Watch()
    tokens = {}
    for seat in SEATS[:-1]:
        tokens[seat] = room.join(seat.upper())
        room.sit(digest(tokens[seat]), seat, room.pins[seat])
    made = Class(room, secret, watch, tokens, path)
    yield made
    made.room.journal.close()


def start(room: Room) -> None:
    room.steer("open", {})
    room.steer("close", {})


def test_tokens_are_fresh_and_kept_as_hashes_only(held: Class) -> None:
    room = held.room
    a, b = room.join("Ann"), room.join("Ann")
    assert a != b and len(a) >= 32
    for suffix in ("", "-wal"):
        data = Path(f"{held.path}{suffix}").read_bytes()
        for secret in (a, b, held.secret, *held.tokens.values()):
            assert secret.encode() not in data
    assert room.is_facilitator(held.secret)
    assert not room.is_facilitator(held.secret + "x") and not room.is_facilitator("")
    newer = new_secret(room)
    assert room.is_facilitator(newer) and not room.is_facilitator(held.secret)


def test_names_are_cleaned_and_wanted(held: Class) -> None:
    token = held.room.join("  A \n very   long name that goes on and on  ")
    member = held.room.member(token)
    assert member is not None and member.name == "A very long name that go"
    for empty in ("", "   ", "\n"):
        with pytest.raises(Refused):
            held.room.join(empty)


def test_a_seat_wants_its_pin_and_the_facilitator_none(held: Class) -> None:
    room, token = held.room, digest(held.room.join("Late"))
    for pin in ("", "0000", room.pins["east"], "ÄÖÜ€"):
        with pytest.raises(Refused):
            room.sit(token, "rival", pin)
    with pytest.raises(Refused):
        room.sit(token, "no seat", "")
    with pytest.raises(Refused):
        room.sit("no member", "rival")
    assert room.members[token].seat == ""
    room.sit(token, "rival", room.pins["rival"].lower())
    assert room.members[token].seat == "rival" and room.table.places["rival"].holder
    room.sit(token, "east")  # several may share a seat
    assert room.members[token].seat == "east" and not room.table.places["rival"].holder


def test_the_actor_is_the_holder_of_the_token(held: Class) -> None:
    room = held.room
    start(room)
    room.act(held.tokens["west"], "orders", {"fund": 0.5}, "k")
    assert room.table.places["west"].orders == {"fund": 0.5} and room.table.places["east"].orders is None
    data = {"seat": "east", "orders": {}, "reason": "x", "minutes": 1}
    for kind in ("close", "open", "inject", "override", "orders_for", "take", "leave", "pause", "nonsense"):
        with pytest.raises(Refused):
            room.act(held.tokens["west"], kind, data, f"k-{kind}")
    for nobody in ("", "made up", digest(held.tokens["west"])):
        with pytest.raises(Refused):
            room.act(nobody, "orders", {"fund": 0.5}, "k")


def test_the_same_key_is_the_same_line_and_another_members_key_is_its_own(held: Class) -> None:
    room = held.room
    start(room)
    first = room.act(held.tokens["east"], "orders", {"fund": 0.5}, "same")
    assert room.act(held.tokens["east"], "orders", {"fund": 0.5}, "same") == first
    assert room.table.places["east"].orders == {"fund": 0.5}
    second = room.act(held.tokens["west"], "orders", {"fund": 0.9}, "same")
    assert second != first and room.table.places["west"].orders == {"fund": 0.9}
    once = room.steer("close", {}, "close once", "orders")
    assert room.steer("close", {}, "close once", "orders") == once, "saved, its answer lost, and sent again"
    with pytest.raises(Refused, match="over already"):
        room.steer("close", {}, "a second click", "orders")
    assert room.table.phase == "council"
    assert room.act(held.tokens["east"], "orders", {"fund": 0.5}, "same") == first, "acknowledged, though closed by now"


def test_what_is_acknowledged_is_there_after_a_crash(held: Class, tmp_path: Path) -> None:
    """Nothing is closed: another process reads what kill -9 would leave."""
    room = held.room
    start(room)
    for seat in SEATS[:-1]:
        room.act(held.tokens[seat], "orders", ORDERS[seat], "k")
    for suffix in ("", "-wal"):
        shutil.copy(f"{held.path}{suffix}", f"{tmp_path / 'killed'}{suffix}")
    other = open_room(tmp_path / "killed")
    for one in (room, other):
        one.table.paused, one.table.left, one.table.log = True, 0.0, []  # it stands still with the time that was left
    assert state_of(other.table) == state_of(room.table) and other.code == room.code and other.pins == room.pins
    assert other.members == room.members and other.is_facilitator(held.secret)
    east = held.tokens["east"]
    assert other.act(east, "orders", ORDERS["east"], "k") == room.act(east, "orders", ORDERS["east"], "k")
    other.journal.close()


def test_a_failed_write_leaves_table_and_file_as_they_were(held: Class, monkeypatch: pytest.MonkeyPatch) -> None:
    room = held.room
    start(room)
    before, count = state_of(room.table), len(room.journal.acts())

    def full(*_: object, **__: object) -> int:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr(room.journal, "append", full)
        with pytest.raises(OSError):
            room.act(held.tokens["east"], "orders", {"fund": 0.5}, "k")
        with pytest.raises(OSError):
            room.steer("close", {})
    assert state_of(room.table) == before and len(room.journal.acts()) == count
    room.act(held.tokens["east"], "orders", {"fund": 0.5}, "k")
    assert room.table.places["east"].orders == {"fund": 0.5}


def test_the_clock_ends_phases_and_late_orders_are_refused(held: Class) -> None:
    room = held.room
    start(room)
    assert not room.tick()
    held.watch.now += 60.0 * small().game.minutes_orders + 0.1
    with pytest.raises(Refused, match="Too late"):
        room.act(held.tokens["east"], "orders", {"fund": 0.5}, "late")
    assert room.tick() and room.table.phase == "council" and not room.tick()
    with pytest.raises(Refused, match="closed"):
        room.act(held.tokens["east"], "orders", {"fund": 0.5}, "late")
    held.watch.now += 60.0 * small().game.minutes_council + 0.1
    assert room.tick() and room.table.phase == "news" and not room.tick(), "the facilitator ends the news"
    assert all(act.kind != "orders" for _, act in room.journal.acts())


def test_a_paused_clock_ends_nothing(held: Class) -> None:
    room = held.room
    start(room)
    room.steer("pause", {})
    held.watch.now += 1e6
    assert not room.tick()
    room.steer("resume", {})
    assert not room.tick() and room.table.phase == "orders"


def test_rewinding_opens_a_branch_and_deletes_nothing(held: Class) -> None:
    room = held.room
    start(room)
    room.act(held.tokens["east"], "orders", {"fund": 0.0}, "k1")
    for _ in range(4):
        room.steer("close", {})
    assert (room.table.phase, room.table.turn) == ("orders", 1)
    main = [line for line, _ in room.journal.acts(1)]
    with pytest.raises(Refused):
        room.rewind(2, "not yet")
    branch = room.rewind(0, "again")
    assert branch == room.branch == 2 and (room.table.phase, room.table.turn) == ("brief", 0)
    assert [line for line, _ in room.journal.acts(1)] == main
    room.steer("close", {})
    room.act(held.tokens["east"], "orders", {"fund": 1.3}, "k2")
    for _ in range(3):
        room.steer("close", {})
    assert [verify(room.journal, one.id).verified for one in room.journal.branches()] == [True, True]
    assert room.journal.quarters(1)[2][1] != room.journal.quarters(2)[2][1]
    later = held.reopened()
    assert later.branch == 2 and (later.table.phase, later.table.turn) == ("brief", 1)


def test_after_a_rewind_those_are_in_seats_who_sit_there_now(held: Class) -> None:
    room = held.room
    start(room)
    for _ in range(3):
        room.steer("close", {})
    room.leave(digest(held.tokens["west"]))
    late = room.join("Late")
    room.sit(digest(late), "rival")
    room.rewind(0, "again")
    assert {seat: bool(place.holder) for seat, place in room.table.places.items()} == {
        "staff": True, "east": True, "west": False, "candidates": True, "caucasus": True, "rival": True,
    }  # fmt: skip


def test_who_leaves_hands_the_seat_to_the_policy_and_who_comes_late_takes_over(held: Class) -> None:
    room = held.room
    start(room)
    room.leave(digest(held.tokens["east"]))
    assert room.table.places["east"].holder == ""
    with pytest.raises(Refused, match="no seat"):
        room.act(held.tokens["east"], "orders", {"fund": 0.5}, "k")
    late = room.join("Late")
    room.sit(digest(late), "east", room.pins["east"])
    room.act(late, "orders", {"fund": 0.5}, "k")
    assert room.table.places["east"].orders == {"fund": 0.5}


def test_orders_sent_at_once_by_many_threads_are_all_there_once(held: Class) -> None:
    room = held.room
    start(room)
    told: list[int] = []

    def send(seat: str, number: int) -> None:
        for _ in range(2):  # every client sends twice
            told.append(room.act(held.tokens[seat], "orders", ORDERS[seat], f"{seat}-{number}"))

    threads = [threading.Thread(target=send, args=(seat, n)) for seat in SEATS[:-1] for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = [line for line, act in room.journal.acts() if act.kind == "orders"]
    assert len(told) == 80 and sorted(set(told)) == written and len(written) == 40


def test_a_full_room_lets_the_longest_waiting_go_and_never_somebody_in_a_seat(
    held: Class, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("game.core.live_game.MOST", len(held.room.members) + 1)
    seated = {token for token, member in held.room.members.items() if member.seat}
    first, second, third = (held.room.join(name) for name in ("one", "two", "three"))
    assert seated <= set(held.room.members) and len(held.room.members) <= len(seated) + 1
    assert held.room.member(third) is not None
    assert held.room.member(first) is None and held.room.member(second) is None
