"""Mistakes in input files: told with file, key, value and what is allowed, at the place where they were written.

Data read from files are nodes that remember where they were written, so that a mistake in a file that others extend
is reported where it stands. Only the standard library is used here, so that checking a file starts fast.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from sim.inputs.reading.lines import line_of

Loc: TypeAlias = tuple[str | int, ...]
MISSING: Final = object()  # the value of a key that is not there
MOST_TOLD: Final = 50  # problems in one message


class Source(str):
    """A file as messages name it, which remembers its text, so that they can say the line."""

    text: str

    def __new__(cls, file: str, text: str = "") -> "Source":
        """The name `file` with its text."""
        made = super().__new__(cls, file)
        made.text = text
        return made

    def place(self, key: str) -> str:
        """The line of the file on which the key stands; nothing where it is not known."""
        line = line_of(self.text, key)
        return f"line {line}" if line else ""


class Problem(NamedTuple):
    """One mistake: where it is, what stands there, and what is allowed."""

    file: str
    key: str
    value: str
    message: str

    @property
    def line(self) -> int:
        """The line of the file on which the key stands; 0 where it is not known."""
        return line_of(self.file.text, self.key) if isinstance(self.file, Source) else 0

    def __str__(self) -> str:
        where = f"{self.key} = {self.value}" if self.key and self.value else self.key or self.value
        place = self.file.place(self.key) if isinstance(self.file, Source) and "line " not in self.message else ""
        return ": ".join(part for part in (self.file, where, self.message) if part) + (f" ({place})" if place else "")


class InputError(ValueError):
    """An input file is wrong. The text has one line for each problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        told = [str(problem) for problem in self.problems[:MOST_TOLD]]
        more = len(self.problems) - len(told)
        super().__init__("\n".join([*told, *([f"and {more:,} problems more"] if more else ())]))

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it comes back whole from another process."""
        return type(self), (self.problems,)


def fail(file: str, message: str, key: str = "", value: str = "") -> InputError:
    """An InputError with one problem."""
    return InputError([Problem(file, key, value, message)])


# words for people


def show_key(loc: Loc) -> str:
    """A dotted key such as `threats[2].kind`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part[:80]}" if text else part[:80]
    return text


def show_value(value: object) -> str:
    """A value as it is quoted in a message: short, and never a whole table."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(str(key) for key in list(value)[:4]) + (", ..." if len(value) > 4 else "") + "}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int) and abs(value) >= 10**30:
        return f"a whole number of about {int(value.bit_length() * 0.30103):,} digits"
    try:
        text = repr(value)
    except (RecursionError, ValueError):  # nested too deeply, or digits without end inside a list
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


def show_path(path: Path) -> str:
    """The path as a person would type it: relative where it lies below the working directory."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError, RuntimeError):  # elsewhere, or links in a circle
        return str(path)


def nearest(word: object, names: Iterable[str]) -> str:
    """`; did you mean 'name'?`, or nothing where no name is near."""
    known = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(str(word).casefold()[:80], list(known), n=1, cutoff=0.5)
    return f"; did you mean '{known[found[0]]}'?" if found else ""


def allowed(names: Sequence[str]) -> str:
    """`allowed: a, b, c`, cut after 40 names."""
    more = f" and {len(names) - 40} more" if len(names) > 40 else ""
    return "allowed: " + ", ".join(names[:40]) + more


# data that remember where they were written


@dataclass(frozen=True)
class Node:
    """A value with the file and the place in that file where it was written."""

    value: Any
    file: str
    loc: Loc


def plain(node: Node) -> Any:
    """The tree as plain data."""
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    return [plain(item) for item in node.value] if isinstance(node.value, list) else node.value


def locate(node: Node, loc: Loc) -> tuple[str, Loc]:
    """File and place in that file of a place in the merged data."""
    for depth, part in enumerate(loc):
        inside = isinstance(node.value, dict) and part in node.value
        listed = isinstance(node.value, list) and isinstance(part, int) and part < len(node.value)
        if not inside and not listed:
            return node.file, (*node.loc, *loc[depth:])
        node = node.value[part]
    return node.file, node.loc
