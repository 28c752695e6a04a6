"""Where in the text of a TOML file a key stands, so that a message can name the line."""

import re
from collections.abc import Iterator
from typing import Final

Place = tuple[str | int, ...]
DEEPEST: Final = 16  # parts of a key that are looked at
PART: Final = r"""(?:"[^"]*"|'[^']*'|[\w-]+)"""
KEY: Final = re.compile(rf"\s*({PART}(?:\s*\.\s*{PART})*)\s*=")
HEAD: Final = re.compile(rf"\s*(\[\[?)\s*({PART}(?:\s*\.\s*{PART})*)\s*\]")
NAMED: Final = re.compile(r"\[(\d+)\]|([^\s.\[\]]+)")


def line_of(text: str, key: str) -> int:
    """The line of a key such as `threats[2].kind`, or of the nearest table above it; 0 where there is none."""
    wanted: Place = tuple(int(number) if number else name for number, name in NAMED.findall(key))
    best, found = 0, 0
    for place, line in places(text):
        depth = next((i for i, (a, b) in enumerate(zip(place, wanted)) if a != b), min(len(place), len(wanted)))
        if depth in (len(place), len(wanted)) and depth > best:
            best, found = depth, line
    return found


def key_at(text: str, line: int) -> str:
    """The key that stands on a line, or above it where the line goes on with its value; else `line 3`."""
    above = [place for place, at in places(text) if at <= line]
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in above[-1]) if above else ""
    return name.removeprefix(".") or f"line {line}"


def places(text: str) -> Iterator[tuple[Place, int]]:
    """Every table and every key that begins a line, with its line; what stands within long texts is left out."""
    table: Place = ()
    entries: dict[Place, int] = {}
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
        if head := HEAD.match(line):
            table = _resolved(_parts(head[2]), entries, head[1] == "[[")
            yield table, number
        elif key := KEY.match(line):
            yield (*table, *_parts(key[1])), number


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(PART, text)[:DEEPEST])


def _resolved(parts: tuple[str, ...], entries: dict[Place, int], more: bool) -> Place:
    """A header's place: each array on the way stands for its last entry, and `more` opens a new one."""
    place: Place = ()
    for i, part in enumerate(parts):
        place = (*place, part)
        if more and i == len(parts) - 1:
            entries[place] = entries.get(place, -1) + 1
        if place in entries:
            place = (*place, entries[place])
    return place
