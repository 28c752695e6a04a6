"""The chain: each line of a journal carries a hash over itself, what it brought about, and the line before.

So whoever changes, removes or swaps lines is found out, with the number of the first line that does not fit. The hash
is no signature: it shows damage and careless hands, not somebody who makes the whole chain anew.
"""

import hashlib
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from game.core.keeping.damage import at_line

SEALED: Final = ("axes", "created", "first_day", "laid_by", "parameters", "rules", "setup")  # facts that never change
HEAD: Final = "head"  # the last line and its hash, so that also the last lines cannot go unnoticed
ROOT: Final = "root"  # the hash over the facts
SINCE: Final = "chained_since"  # in files of before: the last line that was chained only when the game was resumed
LINE: Final = "SELECT line, branch, at, kind, actor, member, key, data FROM acts"
QUARTERS: Final = "SELECT line, branch, step, rules, orders, hash, measures, states FROM quarters"
BESIDE: Final = {
    "told": "SELECT branch, step, data FROM told",
    "snapshots": "SELECT branch, step, world FROM snapshots",
}
REMOVED: Final = "the lines from here on were removed"
END: Final = 2**63
Rows = list[tuple[Any, ...]]


class Orphans(LookupError):
    """Quarters without their line, or without what belongs to them."""


class Break(NamedTuple):
    """The first line that does not fit; 0: the setup, before the first act."""

    line: int
    words: str


@dataclass(frozen=True)
class Chain:
    """What a look along the chain found. `since`: lines up to this one were written before lines were chained."""

    since: int
    broken: Break | None = None
    head: str = ""

    def words(self) -> str:
        """For people: what is not shown by it."""
        if not self.since:
            return ""
        return f" Lines up to {self.since} were written before lines were chained: nothing shows that they are whole."


def plain(value: Any) -> Any:
    """A value of a row as JSON: bytes by their hash."""
    return hashlib.sha256(value).hexdigest() if isinstance(value, bytes) else value


def link(before: str, *parts: Any) -> str:
    """The hash of a line after another."""
    text = json.dumps([before, *parts], default=plain, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def root_of(connection: sqlite3.Connection) -> str:
    """The hash over the facts with which a game began."""
    facts = dict(connection.execute("SELECT name, value FROM meta"))
    return link("", *((name, facts.get(name)) for name in SEALED))


def has_chain(connection: sqlite3.Connection) -> bool:
    """Whether a file's lines are chained; those of before are not."""
    return any(row[1] == "chain" for row in connection.execute("PRAGMA table_info(acts)"))


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Whether there is such a table; files of before lack one."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (name,)).fetchone() is not None


def tables_beside(connection: sqlite3.Connection) -> list[str]:
    """Queries for what is kept of quarters beside themselves."""
    return [query for name, query in BESIDE.items() if has_table(connection, name)]


def hash_of_line(connection: sqlite3.Connection, before: str, line: int) -> str:
    """The hash of a line that was written just now."""
    act = connection.execute(f"{LINE} WHERE line = ?", (line,)).fetchone()
    quarters = connection.execute(f"{QUARTERS} WHERE line = ? ORDER BY branch, step", (line,)).fetchall()
    beside = [
        row for query in tables_beside(connection) for quarter in quarters
        for row in connection.execute(f"{query} WHERE branch = ? AND step = ?", quarter[1:3])
    ]  # fmt: skip
    return link(before, act, _branch(connection, act[1]), quarters, beside)


def _branch(connection: sqlite3.Connection, branch: int) -> Any:
    return connection.execute("SELECT id, parent, after, title, at FROM branches WHERE id = ?", (branch,)).fetchone()


def readable(connection: sqlite3.Connection, query: str) -> tuple[Rows, sqlite3.Error | None]:
    """Rows in the order in which they were written, as far as they can be read, and why not further."""
    rows: Rows = []
    try:
        rows.extend(connection.execute(query))
    except sqlite3.Error as error:
        return rows, error
    return rows, None


def links(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    """Every line with the hash that it should carry, from the first on; AtLine where one cannot be read."""
    brought, beside = defaultdict[Any, Rows](list), defaultdict[Any, Rows](list)
    quarters, trouble = readable(connection, QUARTERS)
    last = quarters[-1][0] if quarters and trouble else 0 if trouble else END
    lines = {row[1:3]: row[0] for row in quarters}
    for row in sorted(quarters, key=lambda row: (str(row[1]), str(row[2])) if trouble else row[1:3]):
        brought[row[0]].append(row)
    for query in tables_beside(connection):
        rows, other = readable(connection, query)
        if other:
            trouble, last = other, min(last, lines.get(rows[-1][:2], 0) if rows else 0)
        for row in rows:
            beside[lines.get(row[:2], END)].append(row)
    branches, line, before = dict[int, Any](), 0, root_of(connection)
    acts = connection.execute(f"{LINE} ORDER BY line")
    while True:
        with at_line(line + 1):
            act = next(acts, None)
        if act is None:
            break
        line = act[0]
        with at_line(line):
            if line > last and trouble is not None:
                raise trouble
            if act[1] not in branches:
                branches[act[1]] = _branch(connection, act[1])
            before = link(before, act, branches[act[1]], brought.pop(line, []), beside.pop(line, []))
        yield line, before
    orphans = [one for one in (*brought, *beside) if isinstance(one, int)]
    if brought or beside:
        raise Orphans(min(orphans, default=END))


def look_along(connection: sqlite3.Connection) -> Chain:
    """Compare every line with its hash; where a file has none, at least look whether lines are missing."""
    facts = dict(connection.execute("SELECT name, value FROM meta"))
    chained = has_chain(connection)
    since = int(facts.get(SINCE, 0))
    if chained and facts.get(ROOT) != root_of(connection):
        return Chain(since, Break(0, "the setup is not the one with which the game began"))
    lines, found = [0], str(facts.get(ROOT, ""))
    try:
        for line, found in links(connection):
            if line != lines[-1] + 1:
                return Chain(since, Break(lines[-1] + 1, "it was removed"))
            lines.append(line)
            if chained and (found,) != connection.execute("SELECT chain FROM acts WHERE line = ?", (line,)).fetchone():
                return Chain(since, Break(line, "it, or what it brought about, was changed"))
    except Orphans as orphan:
        return Chain(since, Break(min(orphan.args[0], lines[-1] + 1), "quarters are there that no line brought about"))
    last = lines[-1]
    if not chained:
        row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'acts'").fetchone()
        known = last if row is None else row[0]
        return Chain(last, None if known == last else Break(last + 1, REMOVED))
    told, _, head = str(facts.get(HEAD)).partition(":")
    if (told, head) != (str(last), found):
        return Chain(since, Break(last + 1, REMOVED))
    return Chain(since, None, found)
