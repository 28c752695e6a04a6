"""Reading and merging input files: every mistake is told with file, key, value and what is allowed.

A file is read into a tree of nodes that remember where they were written, so that a mistake in a file that others
extend is reported where it stands. Scenarios and policies share everything here and in
`sim/inputs/errors.py`.
"""

import difflib
import os
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

Loc: TypeAlias = tuple[str | int, ...]
Keys: TypeAlias = Mapping[str, tuple[str, ...]]
FOLDER: Final = Path(__file__).resolve().parents[2] / "scenarios"
LARGEST: Final = 4_000_000  # bytes; a larger file is no scenario


class Problem(NamedTuple):
    """One mistake: where it is, what stands there, and what is allowed."""

    file: str
    key: str
    value: str
    message: str

    def __str__(self) -> str:
        where = f"{self.key} = {self.value}" if self.key and self.value else self.key or self.value
        return ": ".join(part for part in (self.file, where, self.message) if part)


class InputError(ValueError):
    """An input file is wrong. The text has one line for each problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def fail(file: str, message: str, key: str = "", value: str = "") -> InputError:
    """An InputError with one problem."""
    return InputError([Problem(file, key, value, message)])


@dataclass(frozen=True)
class Node:
    """A value with the file and the place in that file where it was written."""

    value: Any
    file: str
    loc: Loc


# words for people


def show_key(loc: Loc) -> str:
    """A dotted key such as `threats[2].kind`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def show_value(value: object) -> str:
    """A value as it is quoted in a message: short, and never a whole table."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(str(key) for key in list(value)[:4]) + (", ..." if len(value) > 4 else "") + "}"
    text = {True: "true", False: "false"}.get(value, repr(value)) if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def show_path(path: Path) -> str:
    """The path as a person would type it: relative where it lies below the working directory."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
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


# reading


def names_in(folder: Path, suffixes: Sequence[str] = (".toml",)) -> tuple[str, ...]:
    """Names of the files in a folder, without suffix, in alphabetical order."""
    return tuple(sorted(p.stem for p in folder.iterdir() if p.suffix in suffixes)) if folder.is_dir() else ()


def find(name: str | Path, folder: Path, what: str, beside: Path | None = None) -> Path:
    """The file that a path or a name means. A name is looked for `beside` the file that uses it, then in `folder`."""
    text = os.fspath(name)
    if not text or not text.isprintable() or len(text) > 1000:
        raise fail(show_value(text), f"not a name of a {what}; {allowed(names_in(folder))}")
    if Path(text).suffix in (".toml", ".py") or os.sep in text or "/" in text:
        path = (beside / text) if beside and not Path(text).is_absolute() else Path(text)
        if exists(path):
            return path
        known = (*names_in(path.parent), *names_in(folder))
        raise fail(text, f"there is no such file{nearest(Path(text).stem, known)}")
    for place in (beside, folder):
        for suffix in (".toml", ".py"):
            if place and exists(place / (text + suffix)):
                return place / (text + suffix)
    raise fail(text, f"there is no {what} of this name; {allowed(names_in(folder))}{nearest(text, names_in(folder))}")


def exists(path: Path) -> bool:
    """Whether a path leads anywhere; a path that the system cannot take leads nowhere."""
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def read_text(path: Path) -> str:
    """The text of a file, or an InputError that says why it cannot be read."""
    file = show_path(path)
    if path.is_dir():
        raise fail(file, "this is a directory; a file is needed")
    try:
        if path.stat().st_size > LARGEST:
            raise fail(file, f"the file is larger than {LARGEST // 1_000_000} MB")
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise fail(file, f"not a text file in UTF-8 (byte {error.start} cannot be read)") from None
    except OSError as error:
        raise fail(file, f"cannot be read: {error.strerror}") from None
    if not text.strip():
        raise fail(file, "the file is empty")
    return text


def read_toml(path: Path) -> Node:
    """A TOML file as a tree of nodes."""
    file, text = show_path(path), read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise fail(file, f"not valid TOML: {error}") from None
    except RecursionError:
        raise fail(file, "not valid TOML: nested too deeply") from None
    except ValueError as error:
        raise fail(file, f"not valid TOML: {error}") from None
    if not data:
        raise fail(file, "the file is empty: it has no keys")
    return grow(data, file, ())


def grow(value: Any, file: str, loc: Loc) -> Node:
    """Plain data as a tree of nodes."""
    if isinstance(value, dict):
        return Node({key: grow(item, file, (*loc, key)) for key, item in value.items()}, file, loc)
    if isinstance(value, list):
        return Node([grow(item, file, (*loc, i)) for i, item in enumerate(value)], file, loc)
    return Node(value, file, loc)


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


# merging


def merge(base: Node, over: Node, keys: Keys, whole: Sequence[str] = ()) -> Node:
    """`over` laid on `base`: tables merge, arrays named in `keys` merge entry by entry, all else is replaced."""
    result: dict[str, Node] = dict(base.value)
    for key, node in over.value.items():
        old = result.get(key)
        if old is not None and key in keys and isinstance(old.value, list) and isinstance(node.value, list):
            result[key] = Node(_merge_entries(old.value, node.value, keys[key]), node.file, node.loc)
        else:
            result[key] = node if old is None or key in whole else _merge_values(old, node)
    return Node(result, over.file, over.loc)


def _merge_values(old: Node, new: Node) -> Node:
    if not isinstance(old.value, dict) or not isinstance(new.value, dict):
        return new
    both = {key: _merge_values(old.value[key], new.value[key]) for key in old.value if key in new.value}
    return Node({**old.value, **new.value, **both}, new.file, new.loc)


def _merge_entries(old: list[Node], new: list[Node], fields: tuple[str, ...]) -> list[Node]:
    result = list(old)
    places = {identity(node, fields): i for i, node in enumerate(old)}
    for node in new:
        place = places.get(identity(node, fields)) if identity(node, fields) else None
        if place is None:
            result.append(node)
        else:
            result[place] = _merge_values(result[place], node)
    return result


def identity(node: Node, fields: tuple[str, ...]) -> tuple[object, ...]:
    """What tells an entry from the others of its array; empty where it is not given."""
    if not isinstance(node.value, dict) or fields[0] not in node.value:
        return ()
    parts = tuple(node.value[field].value if field in node.value else None for field in fields)
    return parts if all(part is None or isinstance(part, str | int) for part in parts) else ()


def entry_problems(node: Node, base: Node | None, keys: Keys) -> Iterator[Problem]:
    """Entries that stand twice in one file, and `remove` where there is nothing to remove."""
    for key, fields in keys.items():
        array = node.value.get(key)
        known = {identity(entry, fields) for entry in _entries(base, key)} - {()}
        seen: set[tuple[object, ...]] = set()
        for entry in array.value if array and isinstance(array.value, list) else []:
            name, where = identity(entry, fields), show_key((*entry.loc, fields[0]))
            value = show_value(name[0] if name else "")
            if name and name in seen:
                yield Problem(entry.file, where, value, f"stands twice in [[{key}]]; each entry is written once")
            seen.add(name)
            if isinstance(entry.value, dict) and "remove" in entry.value:
                yield from _remove_problems(entry, name, known, where, value)


def _remove_problems(
    entry: Node, name: tuple[object, ...], known: set[tuple[object, ...]], where: str, value: str
) -> Iterator[Problem]:
    flag = entry.value["remove"]
    if not isinstance(flag.value, bool):
        yield Problem(entry.file, show_key(flag.loc), show_value(flag.value), "allowed: true or false")
    elif flag.value and name not in known:
        names = [str(other[0]) for other in known]
        near = nearest(name[0], names) if name else ""
        yield Problem(entry.file, where, value, f"nothing of this name to remove in what this file extends{near}")


def _entries(node: Node | None, key: str) -> list[Node]:
    array = node.value.get(key) if node else None
    return array.value if array and isinstance(array.value, list) else []


def without_removed(node: Node, keys: Keys) -> Node:
    """The tree without the entries that were removed, and without the word `remove`."""
    result = dict(node.value)
    for key in keys:
        if key not in result or not isinstance(result[key].value, list):
            continue
        kept = [entry for entry in result[key].value if not _removed(entry)]
        result[key] = Node([_stripped(entry) for entry in kept], result[key].file, result[key].loc)
    return Node(result, node.file, node.loc)


def _removed(entry: Node) -> bool:
    return isinstance(entry.value, dict) and "remove" in entry.value and entry.value["remove"].value is True


def _stripped(entry: Node) -> Node:
    if not isinstance(entry.value, dict) or "remove" not in entry.value:
        return entry
    return Node({key: item for key, item in entry.value.items() if key != "remove"}, entry.file, entry.loc)


def load_tree(
    path: Path, finder: Callable[[str, Path], Path], keys: Keys, whole: Sequence[str] = (), chain: tuple[Path, ...] = ()
) -> Node:
    """A file merged onto the file that it extends, and so on down the chain."""
    node, here = read_toml(path), path.resolve()
    chain = (*chain, here)
    parent = node.value.get("extends")
    base = None
    if parent is not None:
        base = load_tree(_parent(parent, here, finder, chain), finder, keys, whole, chain)
    problems = list(entry_problems(node, base, keys))
    if problems:
        raise InputError(problems)
    return without_removed(merge(base, node, keys, whole) if base else node, keys)


def _parent(parent: Node, here: Path, finder: Callable[[str, Path], Path], chain: tuple[Path, ...]) -> Path:
    value = parent.value
    if not isinstance(value, str):
        raise fail(parent.file, "allowed: the name or the path of one file", "extends", show_value(plain(parent)))
    try:
        path = finder(value, here.parent)
    except InputError as error:
        raise fail(parent.file, error.problems[0].message, "extends", show_value(value)) from None
    if path.resolve() in chain:
        circle = " -> ".join(p.name for p in (*chain[chain.index(path.resolve()) :], path))
        raise fail(parent.file, f"files extend each other in a circle: {circle}", "extends", show_value(value))
    return path
