"""Play is not lost: entry 3 of the list of what broke. Neither a stop nor a jump of the clock eats a phase."""

import os
import shutil
from pathlib import Path

import pytest
from kept import token_of, told
from playing import ORDERS, small

from game.core.act import Refused
from game.core.live_game import Room, new_room, open_room
from game.core.room.clock import GAP, Steady
from game.web.pace import Pace
from game.web.serve import latest_game, opened, words

# 3. Time is not eaten


class Machine:
    """The clocks of a computer: the steady one, and the one that people set."""

    def __init__(self) -> None:
        self.steady, self.wall = 100.0, 1_700_000_000.0

    def clock(self, not_before: float = 0.0) -> Steady:
        return Steady(not_before, lambda: self.steady, lambda: self.wall)

    def wait(self, seconds: float, room: Room | None = None) -> None:
        """Time goes by, and the server looks at it, as it does four times a second."""
        for _ in range(int(seconds * 4)):
            self.steady += 0.25
            self.wall += 0.25
            if room is not None:
                room.tick()


def timed(room: Room, machine: Machine) -> float:
    """Put a room on these clocks, and begin the phase of orders anew; its length in seconds."""
    room.clock = machine.clock()
    room.rewind(0, "on time")
    room.steer("close", {})
    assert room.table.deadline is not None
    return room.table.deadline - room.clock()


def test_entry_3_a_jump_of_the_clock_pauses_with_the_time_that_was_left(room: Room) -> None:
    machine = Machine()
    length = timed(room, machine)
    for jump in (3600.0, -7200.0, 86_400.0 * 365):
        machine.wait(20.0, room)
        machine.wall += jump
        machine.wait(1.0, room)
        assert room.table.paused and room.table.phase == "orders" and f"{jump:+.0f} s" in room.table.log[-1]
        machine.wait(5000.0, room)
        assert room.table.phase == "orders", "until the facilitator goes on"
        room.steer("resume", {})
        length -= 20.25
        assert room.table.deadline - room.clock() == pytest.approx(length, abs=1.0)  # type: ignore[operator]
    machine.wait(length + 2.0, room)
    assert room.table.phase == "council"


@pytest.mark.parametrize("counts", [True, False], ids=["a stopped process", "a laptop that slept"])
def test_entry_3_a_standstill_pauses_with_the_time_that_was_left(room: Room, counts: bool) -> None:
    """A steady clock counts on while a process is stopped, and on most systems not while the computer sleeps."""
    machine, token = Machine(), token_of(room)
    length = timed(room, machine)
    machine.wait(30.0, room)
    machine.wall += 1800.0
    machine.steady += 1800.0 if counts else 0.0
    if counts:  # whoever is quicker than the clock is not told that it is too late
        with pytest.raises(Refused, match="paused"):
            room.act(token, "orders", ORDERS["east"], "k")
    machine.wait(1.0, room)
    assert room.table.paused and room.table.left == pytest.approx(length - 30.0, abs=1.0)
    room.steer("resume", {})
    machine.wait(length - 35.0, room)
    assert room.table.phase == "orders" and room.act(token, "orders", ORDERS["east"], "k2")


def test_entry_3_small_corrections_of_the_clock_and_short_standstills_pause_nothing_and_eat_nothing(room: Room) -> None:
    machine = Machine()
    length = timed(room, machine)
    for _ in range(10):
        machine.wall += 1.5
        machine.wait(2.0, room)
        machine.steady += GAP - 1.0
        machine.wall += GAP - 1.0
    machine.wait(1.0, room)
    assert not room.table.paused and room.table.deadline is not None
    assert room.table.deadline - room.clock() == pytest.approx(length - 21.0, abs=3.0)


@pytest.mark.parametrize("after", [5.0, 100_000.0, -100_000.0])
def test_entry_3_a_killed_game_goes_on_with_the_time_that_was_left(room: Room, after: float, tmp_path: Path) -> None:
    machine, killed = Machine(), tmp_path / "killed.game"
    length = timed(room, machine)
    machine.wait(60.0, room)
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{room.journal.path}{suffix}", f"{killed}{suffix}")
    again = open_room(killed)
    machine.wall += after
    again.clock = machine.clock(again.table.course.setup.game.seed)
    assert again.table.paused and again.table.phase == "orders"
    assert again.table.left == pytest.approx(length - 60.0, abs=1.3), "a kill costs a second at most"
    assert not again.tick()
    again.steer("resume", {})
    machine.wait(length - 65.0, again)
    assert again.table.phase == "orders"
    machine.wait(10.0, again)
    assert again.table.phase == "council"
    again.journal.close()


def test_entry_3_timers_of_one_person_stand_still_too(tmp_path: Path) -> None:
    made, _ = new_room(tmp_path / "one.game", small())
    machine, pace = Machine(), Pace()
    made.clock = machine.clock()
    made.steer("open", {})
    pace.step(made)
    made.steer("pause", {})
    for _ in range(400):
        machine.steady += 1.0
        machine.wall += 1.0
        made.tick()
        pace.step(made)
    made.steer("resume", {})
    pace.step(made)
    assert made.table.phase == "brief" and pace.deadline(made.table) - made.clock() > 80.0  # type: ignore[operator]
    made.steer("pause", {})
    Pace(alone=True).step(made)
    assert not made.table.paused, "a game that nobody leads goes on by itself"
    made.journal.close()


def test_entry_3_the_link_and_the_sessions_of_the_facilitator_survive(tmp_path: Path) -> None:
    ready = opened(str(Path(__file__).parent / "small_game.toml"), tmp_path / "class.game", port=0)
    session = ready.site.desk_session()
    ready.site.room.journal.close()
    again = opened(None, resume=tmp_path / "class.game", port=0)
    assert again.secret == ready.secret and again.secret in words(again, 8000) and again.site.is_desk(session)
    again.site.room.journal.close()
    data = b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert ready.secret.encode() not in data, "it is not in the file as it is written"


def test_entry_3_the_latest_game_is_resumed_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = told("play", "--resume", "latest", "--port", 8999)
    assert code == 2 and "no game to go on with" in said
    files = []
    for number, name in enumerate(("tutorial", "flank", "tutorial")):
        ready = opened(name, port=0)
        files.append(ready.path)
        assert ready.path.name.startswith(f"{name}-") and ready.path.parent == Path("out/games")
        ready.site.room.journal.close()
        os.utime(ready.path, (1000.0 + number, 1000.0 + number))
    assert len(set(files)) == 3, "also where two begin in the same second"
    assert latest_game(None) == files[2] and latest_game("flank") == files[1]
    ready = opened("flank", resume=Path("latest"), port=0)
    text = words(ready, 8000)
    assert "Resumed:" in text and files[1].name in text and "The eastern flank" in text and "in the lobby" in text
    ready.site.room.journal.close()
