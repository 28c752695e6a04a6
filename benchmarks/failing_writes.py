"""An error of the disk at every single write of a game, in turn, as SQLite tests itself.

    python -m benchmarks.failing_writes

SQLite lets a program put its own functions in place of those by which it writes. Ours count, and let the n-th call fail
(with "input/output error" once, or with "no space left" from then on), for every n until a whole turn of play goes
through without meeting one. After each fault: whoever was told "saved" finds the act in the file, once; nothing that
was refused is half there; the file opens, its chain is whole, replay verifies it; and play goes on when the disk does.
"""

import _sqlite3
import argparse
import contextlib
import ctypes
import errno
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.played_games import GAME
from game.core.act import NotSaved
from game.core.game_file import load_game, setup_of
from game.core.keeping.held import log_of
from game.core.keeping.keys import digest
from game.core.live_game import Room, new_room, open_room
from game.core.replay import verify_file
from sim.inputs.errors import InputError

# What SQLite writes by, with the types of the functions: number of the file, buffer, bytes, place.
SIZE, PLACE = ctypes.c_size_t, ctypes.c_int64
CALLS: dict[str, tuple[Any, ...]] = {
    "pwrite": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, SIZE, PLACE),
    "pwrite64": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, SIZE, PLACE),
    "write": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, SIZE),
    "ftruncate": (ctypes.c_int, ctypes.c_int, PLACE),
    "fsync": (ctypes.c_int, ctypes.c_int),
    "fdatasync": (ctypes.c_int, ctypes.c_int),
    "fallocate": (ctypes.c_int, ctypes.c_int, PLACE, PLACE),
}  # fmt: skip


class Vfs(ctypes.Structure):
    """SQLite's table of what it asks of the system, as far as we need it (sqlite3.h, `struct sqlite3_vfs`)."""

    _fields_ = (
        ("version", ctypes.c_int), ("size", ctypes.c_int), ("longest", ctypes.c_int), ("next", ctypes.c_void_p),
        ("name", ctypes.c_char_p), ("data", ctypes.c_void_p),
        *((name, ctypes.c_void_p) for name in (
            "open", "delete", "access", "full", "dlopen", "dlerror", "dlsym", "dlclose", "random", "sleep", "time",
            "error", "time64",
        )),
        ("set_call", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)),
        ("get_call", ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_char_p)),
    )  # fmt: skip


def vfs() -> Any:
    """The table of the SQLite that Python uses; None where its functions cannot be reached, or not be replaced."""
    try:
        find = ctypes.CDLL(_sqlite3.__file__ if hasattr(_sqlite3, "__file__") else None).sqlite3_vfs_find
    except (AttributeError, OSError):
        return None
    find.restype, find.argtypes = ctypes.POINTER(Vfs), [ctypes.c_char_p]
    found = find(None)
    return found if found and found.contents.version >= 3 and found.contents.set_call else None


@dataclass
class Disk:
    """Counts writes, and lets some fail."""

    fails_at: int = 0  # the write that fails, from 1; 0: none
    fails_on: bool = False  # whether all that follow fail too
    with_error: int = errno.EIO
    writes: int = 0
    failed: Counter[str] = field(default_factory=Counter)

    def must_fail(self, call: str) -> bool:
        """Whether this write fails; each is counted."""
        self.writes += 1
        fails = self.fails_at and (self.writes == self.fails_at or (self.fails_on and self.writes > self.fails_at))
        self.failed[call] += bool(fails)
        return bool(fails)


def in_place_of(name: str, true: Callable[..., int], disk: Disk) -> Callable[..., int]:
    """A function of the system that fails when it is its turn."""

    def ours(*given: Any) -> int:
        if disk.must_fail(name):
            ctypes.set_errno(disk.with_error)
            return -1
        return true(*given)

    return ours


@contextlib.contextmanager
def failing(disk: Disk) -> Iterator[None]:
    """Put our functions in the place of those of the system."""
    table = vfs()
    kept: list[tuple[bytes, Any]] = []
    assert table is not None, "the functions of this SQLite cannot be replaced"
    for name, (result, *arguments) in CALLS.items():
        true = table.contents.get_call(table, name.encode())
        if not true:
            continue
        kind = ctypes.CFUNCTYPE(result, *arguments, use_errno=True)

        made = kind(in_place_of(name, kind(true), disk))
        kept.append((name.encode(), made))
        assert table.contents.set_call(table, name.encode(), ctypes.cast(made, ctypes.c_void_p)) == 0
    try:
        yield
    finally:
        for call, _ in kept:
            table.contents.set_call(table, call, None)


@dataclass
class Told:
    """What somebody who plays was told."""

    saved: list[str] = field(default_factory=list)  # keys
    refused: list[str] = field(default_factory=list)


KINDS_OF_FAULTS: dict[str, dict[str, Any]] = {
    "an input/output error, once": {},
    "no space left until somebody is told": {"with_error": errno.ENOSPC, "fails_on": True},
}  # fmt: skip


def acts_of(room: Room, tokens: dict[str, str]) -> Iterator[tuple[str, Callable[[], object]]]:
    """A turn of play, act by act, each with the key under which it is sent; some write no act and have none."""
    seats = list(tokens)
    yield "", lambda: room.join("Late")
    yield "open", lambda: room.steer("open", {}, "open")
    yield "orders open", lambda: room.steer("close", {}, "orders open")
    for edit in range(2):
        for seat in seats:
            key = f"{seat} {edit}"
            yield key, lambda seat=seat, key=key: room.act(tokens[seat], "orders", {}, key)  # type: ignore[misc]
    yield "", lambda: room.leave(digest(tokens[seats[-1]]))
    yield "", lambda: room.sit(digest(tokens[seats[-1]]), seats[-1], room.pins[seats[-1]])
    yield "council", lambda: room.steer("close", {}, "council")
    yield "news", lambda: room.steer("close", {}, "news")
    yield "", lambda: room.rewind(0, "again", "again")
    yield "note", lambda: room.steer("note", {"text": "again"}, "note")


def play_with(room: Room, tokens: dict[str, str], disk: Disk) -> Told:
    """Play a turn on a disk; what fails is tried again under the same key, as pages do."""
    told = Told()
    for key, act in acts_of(room, tokens):
        for _ in range(2):
            try:
                act()
            except NotSaved:
                told.refused.append(key)
                disk.fails_at = 0  # the disk is well again
                continue
            told.saved.append(key)
            break
        else:
            raise AssertionError(f"{key}: not saved on a disk that is well again")
    return told


def checked(path: Path, told: Told) -> None:
    """What is in the file against what was told."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        written = Counter(key for (key,) in connection.execute("SELECT key FROM acts WHERE key IS NOT NULL"))
    missing = [key for key in told.saved if key and key != "again" and written[key] != 1]
    assert not missing, f"saved and not there once: {missing}"
    assert all(verdict.verified for verdict in verify_file(path)), "replay"


def after_a_kill(room: Room, folder: Path, told: Told) -> None:
    """The same for what lies on the disk at this moment, as if the process were killed."""
    copy = folder / "killed.game"
    for one, other in ((room.journal.path, copy), (log_of(room.journal.path), log_of(copy))):
        shutil.copyfile(one, other)
    again = open_room(copy)
    assert (again.table.phase, again.branch) == (room.table.phase, room.branch)
    assert [a.data for _, a in again.journal.acts(again.branch)] == [a.data for _, a in room.journal.acts(room.branch)]
    again.journal.close()
    checked(copy, told)


def one_fault(begun: Path, tokens: dict[str, str], folder: Path, disk: Disk) -> Told:
    """A turn of play with one fault."""
    path = folder / "class.game"
    shutil.copyfile(begun, path)
    with failing(disk):
        try:
            room = open_room(path)
        except (InputError, NotSaved):
            disk.fails_at = 0
            room = open_room(path)
        told = play_with(room, tokens, disk)
    after_a_kill(room, folder, told)
    room.journal.close()
    open_room(path).journal.close()
    return told


def one_fault_at_the_start(folder: Path, disk: Disk) -> None:
    """A fault while a new game is written: there is a whole game afterwards, or none, and the next try makes one."""
    path, setup = folder / "new.game", setup_of(load_game(GAME))
    with failing(disk):
        try:
            new_room(path, setup)[0].journal.close()
        except (OSError, NotSaved):
            disk.fails_at = 0
            if path.exists():
                open_room(path).journal.close()
                path.unlink()
            new_room(path, setup)[0].journal.close()
    open_room(path).journal.close()


def begun_game(folder: Path) -> tuple[Path, dict[str, str]]:
    """A game in its lobby with somebody in every seat, and their tokens."""
    room, _ = new_room(folder / "begun.game", setup_of(load_game(GAME)))
    tokens = {seat.id: room.join(f"Player {seat.id}") for seat in room.table.game.seats}
    for seat, token in tokens.items():
        room.sit(digest(token), seat, room.pins[seat])
    room.journal.close()
    return room.journal.path, tokens


def every_fault(every: int = 1, tell: Callable[[str], None] = print) -> list[str]:
    """All faults at every write, or at each so manieth; lines for people. AssertionError where something is lost."""
    lines = []
    with tempfile.TemporaryDirectory() as name:
        begun, tokens = begun_game(Path(name))

        def at(disk: Disk, fault: Callable[[Path], Any]) -> Any:
            folder = Path(tempfile.mkdtemp(dir=name))
            try:
                return fault(folder)
            except Exception as error:
                raise AssertionError(f"write {disk.fails_at or disk.writes}: {error}") from error
            finally:
                shutil.rmtree(folder)

        scenes: dict[str, Callable[[Path, Disk], Any]] = {
            "a new game": one_fault_at_the_start,
            "a turn of play": lambda folder, disk: one_fault(begun, tokens, folder, disk),
        }  # fmt: skip
        for scene, play in scenes.items():
            whole = Disk()
            at(whole, lambda folder: play(folder, whole))  # noqa: B023
            for kind, settings in KINDS_OF_FAULTS.items():
                tried = failed = 0
                for n in range(1, whole.writes + 1, every):
                    disk = Disk(n, **settings)
                    at(disk, lambda folder: play(folder, disk))  # noqa: B023
                    tried, failed = tried + 1, failed + disk.failed.total()
                lines.append(f"{scene}: {kind}: {tried} of {whole.writes} writes, {failed} failed, 0 acts lost")
                tell(lines[-1])
    return lines


def main() -> None:
    """Let every write fail, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="only each so manieth write")
    every_fault(max(1, parser.parse_args().every))


if __name__ == "__main__":
    main()
