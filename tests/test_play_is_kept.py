"""Play is not lost: entries 1 to 3 of the list of what broke. Entries 4 and 5: test_lines_are_kept.py.

Faults of the disk: test_faults.py.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asking import told
from playing import ORDERS, eventful, seated, small, token_of
from webbed import to, web

from game.commands.files import delete_game
from game.core.act import Lost, Refused
from game.core.journal import create_journal, resumed_journal
from game.core.keeping.held import FAR, hold, is_held
from game.core.live_game import Room, new_room, open_room
from game.core.replay import verify_file
from game.core.room.clock import GAP, Steady
from game.web.pace import Pace
from game.web.serve import latest_game, opened, words
from sim.inputs.errors import InputError

ROOT = Path(__file__).parent.parent
HOLDER = """
import sys, time
from pathlib import Path
from game.core.live_game import open_room
room = open_room(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A room with somebody in the east, in its first turn."""
    made = seated(tmp_path / "class.game")
    yield made
    made.journal.close()


# 1. One process holds a game file


@pytest.fixture
def elsewhere(room: Room) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """The game's file, held by another process."""
    path = room.journal.path
    room.journal.close()
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline() == "held\n"
    yield path, process
    process.kill()
    process.communicate()


def test_entry_1_whoever_would_write_a_game_that_is_played_is_refused_in_words(
    elsewhere: tuple[Path, subprocess.Popen[str]],
) -> None:
    path, _ = elsewhere
    os.link(path, path.with_name("other_name.game"))
    path.with_name("link.game").symlink_to(path.name)
    for name in (path, path.with_name("other_name.game"), path.with_name("link.game")):
        for command in (("delete", name, "--yes"), ("play", "--resume", name, "--port", 8999)):
            code, said = told(*command)
            assert code == 2 and "another process holds it" in said and name.resolve().name in said
    assert path.exists() and is_held(path)
    assert told("replay", path)[0] == 0, "reading is possible meanwhile"


def test_entry_1_kill_9_leaves_nothing_to_clean_up(elsewhere: tuple[Path, subprocess.Popen[str]]) -> None:
    path, process = elsewhere
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not is_held(path)
    assert {one.name for one in path.parent.iterdir()} <= {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    open_room(path).journal.close()
    assert told("delete", path, "--yes")[0] == 0 and list(path.parent.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become somebody else")
def test_entry_1_also_another_user_is_refused(room: Room) -> None:
    """The lock is looked at with whatever rights somebody has, and without rights nobody gets that far."""
    room.journal.close()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(room.journal.path, folder))
        path.parent.chmod(0o777)
        held = hold(path)
        others_are_refused(path)
        held.release()


def others_are_refused(path: Path) -> None:
    """By the lock where somebody else may write the file, and else by the rights."""
    for mode, expected in ((0o666, "another process holds it"), (0o600, "cannot be read")):
        path.chmod(mode)
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.setuid(65534)
                delete_game(path)
            except InputError as error:
                code = 0 if expected in str(error) else 2
            except BaseException:
                code = 3
            os._exit(code)
        assert os.waitpid(child, 0)[1] == 0
        assert path.exists()


def test_entry_1_one_process_cannot_hold_a_file_twice_and_a_child_of_it_holds_nothing(room: Room) -> None:
    path = room.journal.path
    for open_again in (open_room, hold, delete_game, resumed_journal):
        with pytest.raises(InputError, match="holds it"):
            open_again(path)
    child = os.fork()
    if child == 0:
        signal.pause()
    try:
        room.journal.close()
        hold(path).release()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert FAR > 512 * 1024 * 1024, "no game is that long"


def removed(path: Path) -> None:
    path.unlink()


def replaced(path: Path) -> None:
    new = path.with_name("copy")
    shutil.copyfile(path, new)
    new.replace(path)


def cut(path: Path) -> None:
    os.truncate(path, 4096)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def written_over(path: Path) -> None:
    """As `cp other.game this.game` does: the same file, other contents."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))


def log_removed(path: Path) -> None:
    Path(f"{path}-wal").unlink()


def log_cut(path: Path) -> None:
    os.truncate(f"{path}-wal", 0)


@pytest.mark.parametrize("harm", [removed, replaced, cut, emptied, written_over, log_removed, log_cut])
def test_entry_1_a_server_whose_file_is_taken_away_says_so_before_it_says_saved(room: Room, harm: Any) -> None:
    token, path = token_of(room), room.journal.path
    room.act(token, "orders", ORDERS["east"], "k1")
    lines = len(room.journal.acts())
    harm(path)
    for _ in range(2):
        with pytest.raises(Lost, match="Not saved") as lost:
            room.act(token, "orders", {"fund": 0.5}, "k2")
    with pytest.raises(Lost):
        room.tick()
    with pytest.raises(Lost):
        room.join("Bob")
    rescued = list(path.parent.glob("class-rescued.game"))
    assert bool(rescued) == ("All that was saved is in" in str(lost.value))
    if harm in (removed, replaced, log_removed):
        again = open_room(rescued[0])
        assert len(again.journal.acts()) == lines + 1 and again.table.places["east"].orders == ORDERS["east"]
        assert again.act(token, "orders", {"fund": 0.5}, "k3") if again.steer("resume", {}) else False
        again.journal.close()


def test_entry_1_what_others_do_without_harm_is_no_alarm(room: Room) -> None:
    """A backup sets the time of the file; a program that looks into it moves the log into it."""
    token, path = token_of(room), room.journal.path
    os.utime(path)
    room.act(token, "orders", ORDERS["east"], "k1")
    subprocess.run([sys.executable, "-c", "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
                    "c.execute('PRAGMA wal_checkpoint(FULL)'); c.close()", str(path)], check=True)  # fmt: skip
    assert room.act(token, "orders", {"fund": 0.5}, "k2") and verify_file(path)[0].verified


def test_entry_1_the_desk_shows_what_happened(tmp_path: Path) -> None:
    made = web(tmp_path / "class.game", seats=("east",))
    to(made, "orders")
    desk = made.desk()
    made.room.journal.path.unlink()
    answer = made.people["east"].post("/orders", "/play", fund="0.5")
    assert answer.status_code == 503 and "Not saved" in answer.json()["refused"]
    assert "was taken away or replaced" in desk.get("/desk").text
    made.close()


# 2. Two servers on one file


def test_entry_2_a_second_writer_that_asks_for_no_lock_is_noticed(room: Room) -> None:
    """A program of before, or of somebody else, that writes acts into the file while we play."""
    token, path = token_of(room), room.journal.path
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("INSERT INTO acts (branch, at, kind, actor, member, data) VALUES (1, 0, 'close', 'clock', '', '{}')")
    other.close()
    assert room.act(token, "orders", ORDERS["east"], "k1")
    room.journal.close()
    (verdict,) = verify_file(path)
    assert not verdict.verified and "does not fit" in verdict.words()


def test_entry_2_a_course_that_two_have_written_is_not_verified(tmp_path: Path) -> None:
    """Both took the file as it was, and one wrote over the lines of the other."""
    path, copy = tmp_path / "a.game", tmp_path / "b.game"
    game = eventful(create_journal(path, small()))
    assert game.journal is not None
    game.journal.close()
    shutil.copyfile(path, copy)
    one, other = sqlite3.connect(path), sqlite3.connect(copy)
    for number, connection in enumerate((one, other)):
        connection.execute("UPDATE acts SET data = ? WHERE line = 30", (f'{{"text": "{number}"}}',))
        connection.commit()
        connection.close()
    for file in (path, copy):
        code, said = told("replay", file)
        assert code == 1 and "line 30 does not fit" in said


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


def test_entry_3_small_corrections_of_the_clock_and_short_waits_do_nothing(room: Room) -> None:
    machine = Machine()
    timed(room, machine)
    for _ in range(10):
        machine.wall += 1.5
        machine.wait(2.0, room)
    machine.steady += GAP - 1.0
    machine.wall += GAP - 1.0
    machine.wait(1.0, room)
    assert not room.table.paused


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
