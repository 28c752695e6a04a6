"""One process holds a game file, and whoever else would write it is refused.

The lock is the system's own, on a byte beyond the end of any game: it goes with the process, however that ends, and
holds against every user and every name of the file. Locks of this kind are lost where a process opens and closes the
same file beside SQLite, so that a file that this process holds is never opened here again.
"""

import contextlib
import os
import stat
import struct
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sim.inputs.errors import InputError, fail, show_path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FAR: Final = 0x7FFF0000  # the byte that is locked; SQLite locks others, and Windows takes no higher one
Place = tuple[int, int]  # device and inode
Look = tuple[int, ...] | None
_HELD: Final[dict[Place | None, "Held"]] = {}


@dataclass
class Held:
    """A game file that this process holds, with what it looked like when we last wrote it."""

    path: Path
    handle: int
    place: Place
    seen: tuple[Look, Look] = (None, None)
    log: Place | None = None  # where the log beside it lies, once there is one

    def release(self) -> None:
        """Let go of the file."""
        if _HELD.pop(self.place, None) is self:
            _unlock(self.handle)  # a child that was forked a moment ago may still have it open
            os.close(self.handle)

    def note(self) -> None:
        """Remember how file and log look now: we have just written them."""
        self.seen = (look(self.path), look(log_of(self.path)))
        self.log = self.log or place_of(self.seen[1])

    def gone(self) -> bool:
        """Whether another file, or none, has the name of the game or of its log by now."""
        moved = self.log is not None and place_of(look(log_of(self.path))) != self.log
        return moved or place_of(look(self.path)) != self.place

    def same(self) -> bool:
        """Whether nobody but us has written since."""
        return self.seen == (look(self.path), look(log_of(self.path)))


def look(path: Path) -> Look:
    """What tells whether a file is as it was left: device, inode, bytes, time of the last change; None: gone."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def real(path: Path) -> Path:
    """Where a name leads: SQLite keeps its log beside the file, not beside a link to it."""
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # it leads nowhere, which is told when it is opened
        return path


def place_of(found: Look) -> Place | None:
    """Where a file lies."""
    return None if found is None else (found[0], found[1])


def log_of(path: Path) -> Path:
    """SQLite's write-ahead log, which lies beside a game while it is played, and after a kill."""
    return Path(f"{path}-wal")


def in_use(path: Path) -> InputError:
    """Why a game file is not written."""
    words = "is being played: another process holds it. Stop that server first; replay, review and export only read it"
    return fail(show_path(path), words)


def made_private(path: Path) -> None:
    """A new empty file that only its owner may read; FileExistsError where there is one of this name."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def private(path: Path) -> None:
    """A game is its user's own: what SQLite keeps beside the file takes the same rights."""
    with contextlib.suppress(OSError):  # somebody else's file, or a disk that knows no rights
        path.chmod(0o600)


def free_name(path: Path) -> Path:
    """This name, or the first one like it that is free."""
    names = (path if n == 1 else path.with_stem(f"{path.stem}-{n}") for n in range(1, 10_000))
    return next(name for name in names if not name.exists())


def hold(path: Path) -> Held:
    """Hold a game file until `release`, or until this process ends; InputError in words where that cannot be."""
    found = look(path)
    if found is None:
        raise fail(show_path(path), "there is no such game file")
    if held_here(path):
        raise in_use(path)
    try:
        handle = os.open(path, os.O_RDWR)
    except OSError as error:
        raise fail(show_path(path), f"cannot be written: {error.strerror}. It can be read") from None
    if not _lock(handle):
        os.close(handle)
        raise in_use(path)
    held = os.fstat(handle)
    made = _HELD[held.st_dev, held.st_ino] = Held(path, handle, (held.st_dev, held.st_ino))
    if made.gone():  # taken away between looking and locking
        made.release()
        raise fail(show_path(path), "was taken away just now")
    return made


def held_here(path: Path) -> bool:
    """Whether this process holds a file, so that it must not open it beside SQLite."""
    return place_of(look(path)) in _HELD


def is_held(path: Path) -> bool:
    """Whether some process holds a game file, this one included; nothing is locked to find out."""
    found = look(path)
    if found is None or held_here(path):
        return found is not None
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would keep us waiting
            return False
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return _locked(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":

    def _lock(handle: int) -> bool:
        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        os.lseek(handle, FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

    def _locked(handle: int) -> bool:
        if not _lock(handle):
            return True
        _unlock(handle)
        return False

else:
    # Locks of an open file, where the system has them: SQLite drops those of the process when it unlocks.
    SET: Final = getattr(fcntl, "F_OFD_SETLK", fcntl.F_SETLK)
    GET: Final = getattr(fcntl, "F_OFD_GETLK", fcntl.F_GETLK)
    LINUX: Final = sys.platform == "linux"

    def _asked(kind: int) -> bytes:
        """The system's `struct flock` for our byte."""
        if LINUX:
            return struct.pack("hhqqi0q", kind, os.SEEK_SET, FAR, 1, 0)
        return struct.pack("qqihh", FAR, 1, 0, kind, os.SEEK_SET)

    def _lock(handle: int) -> bool:
        try:
            fcntl.fcntl(handle, SET, _asked(fcntl.F_WRLCK))
        except (BlockingIOError, PermissionError):
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.fcntl(handle, SET, _asked(fcntl.F_UNLCK))

    def _locked(handle: int) -> bool:
        found = fcntl.fcntl(handle, GET, _asked(fcntl.F_RDLCK))
        kind: int = struct.unpack("hhqqi0q", found)[0] if LINUX else struct.unpack("qqihh", found)[3]
        return kind != fcntl.F_UNLCK

    def _forget() -> None:
        """A child of this process does not hold what its parent holds, also when it outlives it."""
        for held in _HELD.values():
            os.close(held.handle)
        _HELD.clear()

    os.register_at_fork(after_in_child=_forget)
