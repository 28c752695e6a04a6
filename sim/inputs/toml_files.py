"""Finding files, and merging each onto the file that it extends. Scenarios, policies and games share this."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from sim.inputs.errors import InputError, Node, Problem, allowed, fail, nearest, plain, show_key, show_value
from sim.inputs.reading.regular import Unreadable
from sim.inputs.reading.sheets import is_book, parted, read_policy
from sim.inputs.reading.toml import read_toml

Keys: TypeAlias = Mapping[str, tuple[str, ...]]
FOLDER: Final = Path(__file__).resolve().parents[2] / "scenarios"
LONGEST_CHAIN: Final = 32  # files that extend each other


# finding


def names_in(folder: Path, suffixes: Sequence[str] = (".toml",)) -> tuple[str, ...]:
    """Names of the files in a folder, without suffix, in alphabetical order."""
    return tuple(sorted(p.stem for p in folder.iterdir() if p.suffix in suffixes)) if folder.is_dir() else ()


def find(name: str | Path, folder: Path, what: str, beside: Path | None = None) -> Path:
    """The file that a path or a name means. A name is looked for `beside` the file that uses it, then in `folder`.

    One policy of a workbook is `path#name`.
    """
    text = os.fspath(name)
    if not text or not text.isprintable() or len(text) > 1000:
        raise fail(show_value(text), f"not a name of a {what}; {allowed(names_in(folder))}")
    if is_book(text) and what != "policy":
        raise fail(text, f"a {what} is a TOML file; a workbook holds policies, or facts that a scenario names")
    if Path(text).suffix in (".toml", ".py") or os.sep in text or "/" in text or is_book(text):
        path = (beside / text) if beside and not Path(text).is_absolute() else Path(text)
        if exists(parted(path)[0]):
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


def read_tree(path: Path) -> Node:
    """A TOML file, or a policy of a workbook, as a tree of nodes."""
    return read_policy(path) if is_book(path) else read_toml(path)


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
        known = {identity(entry, fields) for entry in _entries(base, key)} - {()}
        seen: set[tuple[object, ...]] = set()
        for entry in _entries(node, key):
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
        if key in result and isinstance(result[key].value, list):
            kept = [_stripped(entry) for entry in result[key].value if not _removed(entry)]
            result[key] = Node(kept, result[key].file, result[key].loc)
    return Node(result, node.file, node.loc)


def _removed(entry: Node) -> bool:
    return isinstance(entry.value, dict) and "remove" in entry.value and entry.value["remove"].value is True


def _stripped(entry: Node) -> Node:
    if not isinstance(entry.value, dict) or "remove" not in entry.value:
        return entry
    return Node({key: item for key, item in entry.value.items() if key != "remove"}, entry.file, entry.loc)


def load_tree(path: Path, finder: Callable[[str, Path], Path], keys: Keys, whole: Sequence[str] = ()) -> Node:
    """A file merged onto the file that it extends, and so on down the chain."""
    nodes, chain = [read_tree(path)], [path.resolve()]
    while (parent := nodes[-1].value.get("extends")) is not None:
        found = _parent(parent, finder, chain)
        try:
            nodes.append(read_tree(found))
        except Unreadable as error:
            words = f"{error.problems[0].file}: {error.problems[0].message}"
            raise fail(parent.file, words, "extends", show_value(parent.value)) from None
        chain.append(found.resolve())
    base = None
    for node in reversed(nodes):
        problems = list(entry_problems(node, base, keys))
        if problems:
            raise InputError(problems)
        base = without_removed(merge(base, node, keys, whole) if base else node, keys)
    assert base is not None
    return base


def _parent(parent: Node, finder: Callable[[str, Path], Path], chain: Sequence[Path]) -> Path:
    """The file that the last of a chain extends."""
    value = parent.value
    if not isinstance(value, str):
        raise fail(parent.file, "allowed: the name or the path of one file", "extends", show_value(plain(parent)))
    try:
        path = finder(value, chain[-1].parent)
    except InputError as error:
        raise fail(parent.file, error.problems[0].message, "extends", show_value(value)) from None
    if path.resolve() in chain:
        circle = " -> ".join(p.name for p in (*chain[chain.index(path.resolve()) :], path))
        raise fail(parent.file, f"files extend each other in a circle: {circle}", "extends", show_value(value))
    if len(chain) == LONGEST_CHAIN:
        words = f"more than {LONGEST_CHAIN} files extend each other, from {chain[0].name} on"
        raise fail(parent.file, words, "extends", show_value(value))
    return path
