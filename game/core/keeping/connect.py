"""SQLite connections to game files: to write, to read without changing anything, and never to another program's."""

import contextlib
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from game.core.keeping.held import held_here, is_held, log_of
from sim.inputs.errors import InputError, fail, show_path

OURS: Final = 0x496C6B31  # "Ilk1", SQLite's number of the program that a file belongs to
LARGEST: Final = 512_000_000  # bytes of a game file; a whole class game has some 2 million
ROW: Final = 64_000_000  # bytes of the longest value that is read
SIGN: Final = b"SQLite format 3\x00"
NEEDED: Final = {"meta", "branches", "acts", "quarters", "snapshots", "members"}


def not_a_game(path: Path, why: str) -> InputError:
    """Why a file is not opened."""
    return fail(show_path(path), f"not a game file: {why}")


def must_be_a_file(path: Path) -> bytes:
    """The first bytes of a regular file of a size that a game can have; InputError in words where it is none."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise not_a_game(path, "it is a directory")
        if not stat.S_ISREG(found.st_mode):
            raise not_a_game(path, "only regular files are read")
        if found.st_size > LARGEST:
            raise not_a_game(path, f"it has more than {LARGEST // 1_000_000} MB")
        if held_here(path):
            return SIGN
        with path.open("rb") as file:
            return file.read(100)
    except InputError:
        raise
    except FileNotFoundError:
        raise fail(show_path(path), "there is no such game file") from None
    except OSError as error:
        raise fail(show_path(path), f"cannot be read: {error.strerror}") from None
    except ValueError:  # a name that no system takes
        raise fail(repr(str(path)), "there is no such game file") from None


def connected(path: Path, how: str) -> sqlite3.Connection:
    """A connection: `rw`, `ro`, or `ro&immutable=1` where nobody writes."""
    uri = f"{path.absolute().as_uri()}?mode={how}"
    made = sqlite3.connect(uri, uri=True, timeout=2.0, isolation_level=None, check_same_thread=False)
    made.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, ROW)
    made.execute("PRAGMA trusted_schema = OFF")
    made.execute("PRAGMA cell_size_check = ON")
    return made


def writing(path: Path) -> sqlite3.Connection:
    """To a file that this process holds: what is committed is on disk."""
    made = connected(path, "rw")
    try:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("PRAGMA synchronous = FULL")
    except sqlite3.Error:
        made.close()
        raise
    return made


@contextlib.contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """To a game file, whoever else plays it meanwhile; not a byte of it, nor beside it, is changed.

    A file that nobody holds is read as it lies there; where a kill left a log beside it, from a copy of both.
    """
    head, played, log = must_be_a_file(path), is_held(path), log_of(path)
    if not head.startswith(SIGN):
        raise not_a_game(path, "it is empty" if not head else "it does not begin as one")
    with contextlib.ExitStack() as left:
        if played:
            found = connected(path, "ro")
        elif log.is_file() and log.stat().st_size:
            copy = Path(left.enter_context(tempfile.TemporaryDirectory(prefix="interlock-"))) / path.name
            for one in (path, log):
                shutil.copyfile(one, log_of(copy) if one == log else copy)
            found = connected(copy, "ro")
        else:
            found = connected(path, "ro&immutable=1")
        left.callback(found.close)
        must_be_ours(path, found)
        yield found


def must_be_ours(path: Path, connection: sqlite3.Connection) -> None:
    """InputError in words where a database is another program's."""
    ours = False
    try:
        (program,) = connection.execute("PRAGMA application_id").fetchone()
        ours = program == OURS
        found = {name: kind for kind, name in connection.execute("SELECT type, name FROM sqlite_master")}
        tables = {name for name, kind in found.items() if kind == "table"}
    except sqlite3.DatabaseError as error:
        if ours:
            raise
        raise not_a_game(path, str(error)) from None
    if not ours and not tables >= NEEDED:
        raise not_a_game(path, "it is a database of another program")
    if not tables >= NEEDED or any(kind in ("view", "trigger") for kind in found.values()):
        raise sqlite3.DatabaseError("its tables are not those of a game")
