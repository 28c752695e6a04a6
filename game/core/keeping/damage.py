"""The one place where trouble with reading a game becomes words: which line is damaged, and what can be read."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from sim.inputs.errors import InputError, Problem, fail, show_path

LOCKED: Final = "another program has locked it; close that program and try again"


class Damaged(InputError):
    """A game file that cannot be read whole."""


class AtLine(Exception):
    """Trouble with a line of a journal, or with what it brought about; its cause is the error itself."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"line {line}")


@contextlib.contextmanager
def at_line(line: int) -> Iterator[None]:
    """Say of what fails inside which line it is about; 0: of no line of a file."""
    try:
        yield
    except AtLine:
        raise
    except Exception as error:
        if not line:
            raise
        raise AtLine(line) from error


def said(error: BaseException) -> str:
    """An error in few words."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}"[:100] if words else type(error).__name__


def damaged(path: Path, line: int, turns: int, why: str) -> Damaged:
    """What is wrong with a game file, how far it can be read, and what helps."""
    where = "line 0, the setup" if line == 0 else f"line {line}"
    remedy = f"; python run.py rescue {show_path(path)} keeps that part in a new file" if line else ""
    words = f"damaged at {where} ({why}), the course up to turn {turns} can be read{remedy}"
    return Damaged([Problem(show_path(path), "", "", words)])


@contextlib.contextmanager
def told_in_words(path: Path, turns_before: Callable[[int], int]) -> Iterator[None]:
    """Every error of reading a game, but not of the disk that something else is written to, as `Damaged`."""
    try:
        yield
    except (InputError, OSError, MemoryError):
        raise
    except Exception as error:
        line, cause = (error.line, error.__cause__) if isinstance(error, AtLine) else (0, error)
        if isinstance(cause, sqlite3.OperationalError) and "locked" in str(cause):
            raise fail(show_path(path), LOCKED) from error
        turns = _asked(turns_before, line) if line else 0
        raise damaged(path, line, turns, said(cause) if cause else str(error)) from error


def _asked(turns_before: Callable[[int], int], line: int) -> int:
    with contextlib.suppress(Exception):  # what counts the turns reads the same damaged file
        return turns_before(line)
    return 0
