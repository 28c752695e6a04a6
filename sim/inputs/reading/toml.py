"""TOML files as trees of nodes, within declared limits; what people often write wrong is told with its remedy."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sim.inputs.errors import Loc, Node, Source, fail, show_key, show_value
from sim.inputs.reading.lines import key_at
from sim.inputs.reading.regular import read_text

DEEPEST: Final = 16  # tables within tables
LONGEST: Final = 1_000  # entries of a list or keys of a table
MOST: Final = 10_000  # values in a file
WHOLE: Final = 2**63  # TOML knows whole numbers of 64 bits
# What people write, and what to write instead; looked for on the line where reading stopped.
REMEDIES: Final = (
    (re.compile("[“”„‟«»‘’‚‛]"), "quotes must be straight, as in \"text\"; a word processor has turned them"),
    (re.compile(r"=\s*[-+]?\d+,\d"), "numbers are written with a point: 0.5, not 0,5"),
    (re.compile(r"=\s*(True|False|TRUE|FALSE|yes|no|on|off)\b"), "allowed: true or false"),
    (re.compile(r"=\s*[A-Za-z]"), 'texts stand in quotes, as in "text"'),
)  # fmt: skip
PROSE: Final = re.compile(r"\w\s+\w|\.\s*\.")  # never in a key
TWICE: Final = re.compile(r"Cannot (?:declare|overwrite|mutate)")


def read_toml(path: Path) -> Node:
    """A TOML file as a tree of nodes, or an InputError with file, key, line and remedy."""
    source = read_text(path)
    data = parsed(source)
    if not data:
        raise fail(source, "the file is empty: it has no keys", "line 1")
    return grow(data, source, ())


def parsed(source: Source) -> dict[str, Any]:
    """The tables of a text within the limits above."""
    _refuse_long_keys(source)
    try:
        data = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise _not_valid(source, str(error)) from None
    except RecursionError:
        lines = source.text.splitlines()
        raise _too_deep(
            source, 1 + max(range(len(lines)), key=lambda i: lines[i].count("[") + lines[i].count("{"))
        ) from None
    except ValueError:  # more digits than Python reads
        found = re.search(r"[0-9_]{4300,}", source.text)
        line = source.text.count("\n", 0, found.start()) + 1 if found else 1
        words = f"not valid TOML: a number of thousands of digits (at line {line}); allowed: at most 19"
        raise fail(source, words, key_at(source.text, line)) from None
    _refuse_excess(data, source)
    return data


def _refuse_long_keys(source: Source) -> None:
    """Keys of very many parts would cost the parser hours. Prose and lists of numbers have dots too."""
    for number, line in enumerate(source.text.splitlines(), start=1):
        if line.count(".") <= DEEPEST:
            continue
        for piece in line.split("="):
            key = piece.rpartition(",")[2].rpartition("{")[2]
            if key.count(".") > DEEPEST and re.fullmatch(r"[\w\s.\"'\[\]-]+", key) and not PROSE.search(key):
                raise _too_deep(source, number)


def _too_deep(source: Source, line: int) -> Exception:
    words = f"not valid TOML: nested too deeply (at line {line}); allowed: {DEEPEST} levels"
    return fail(source, words, f"line {line}")


def _not_valid(source: Source, told: str) -> Exception:
    """A mistake that the parser found: the key on its line, what is wrong there, and the remedy where it is known."""
    place = re.search(r"\s*\(at (?:line (\d+), column \d+|end of document)\)", told)
    lines = source.text.splitlines()
    number = int(place[1]) if place and place[1] else len(lines)
    line = lines[min(number, len(lines)) - 1]
    remedy = next((words for form, words in REMEDIES if form.search(line)), "")
    head = re.match(r"\s*\[([^\[\]]+)\]", line)
    if TWICE.match(told) and head:
        remedy = f"each entry of a list begins with two brackets: [[{head[1].strip()}]]"
    told = told if place and place[1] else told.replace("at end of document", f"at the end, line {number}")
    written = (line.partition("=")[2] or line).strip()
    words = "; ".join(filter(None, (f"not valid TOML: {told}", remedy)))
    return fail(source, words, key_at(source.text, number), show_value(written))


def _refuse_excess(data: Mapping[str, Any], source: Source) -> None:
    """InputError where the tables go deeper, are longer or hold larger whole numbers than any file needs."""
    left: list[tuple[Any, Loc]] = [(data, ())]
    seen = 0
    while left:
        value, loc = left.pop()
        seen += 1
        key = show_key(loc) if len(loc) <= DEEPEST else show_key(loc[:3]) + "..."
        if len(loc) > DEEPEST:
            raise fail(source, f"nested too deeply; allowed: {DEEPEST} levels", key)
        if isinstance(value, int) and not -WHOLE <= value < WHOLE:
            raise fail(source, "allowed: a whole number of at most 19 digits", key, show_value(value))
        if isinstance(value, dict | list):
            if len(value) > LONGEST or seen + len(value) > MOST:
                most = f"allowed: {LONGEST:,} entries, and {MOST:,} values in a file"
                raise fail(source, f"too long, {len(value):,} entries; {most}", key or "line 1")
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            left += [(item, (*loc, name)) for name, item in inner]


def grow(value: Any, file: str, loc: Loc) -> Node:
    """Plain data as a tree of nodes."""
    if isinstance(value, dict):
        return Node({key: grow(item, file, (*loc, key)) for key, item in value.items()}, file, loc)
    if isinstance(value, list):
        return Node([grow(item, file, (*loc, i)) for i, item in enumerate(value)], file, loc)
    return Node(value, file, loc)
