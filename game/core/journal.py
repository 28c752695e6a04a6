"""The journal of a game: one SQLite file, append-only. Everything else about a game is replay of what it holds.

Lines are acts in the order in which they were admitted; quarters hold the full orders of everybody, so that replay
calls no policy, with a hash of the world that they led to. A branch shares its parent's lines up to where it forks.
"""

import json
import sqlite3
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from game.core.act import Act
from game.core.game_file import Setup, setup_from
from game.core.packing import hash_of, pack_arrays
from game.core.world_played import Lived
from sim.declare.names import STATE_VARIABLES
from sim.law.compiled import RULES_HASH, Floats
from sim.runs.build import build

FORMAT: Final = 1
TABLES: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE branches (id INTEGER PRIMARY KEY, parent INTEGER, after INTEGER, title TEXT NOT NULL, at REAL NOT NULL);
CREATE TABLE acts (
    line INTEGER PRIMARY KEY AUTOINCREMENT, branch INTEGER NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL,
    actor TEXT NOT NULL, member TEXT NOT NULL, key TEXT, data TEXT NOT NULL, UNIQUE (member, key)
);
CREATE TABLE quarters (
    branch INTEGER NOT NULL, step INTEGER NOT NULL, line INTEGER NOT NULL, rules TEXT NOT NULL, orders BLOB NOT NULL,
    hash TEXT NOT NULL, measures BLOB NOT NULL, states BLOB NOT NULL, PRIMARY KEY (branch, step)
);
CREATE TABLE snapshots (
    branch INTEGER NOT NULL, step INTEGER NOT NULL, world BLOB NOT NULL, PRIMARY KEY (branch, step)
);
CREATE TABLE members (
    token TEXT PRIMARY KEY, name TEXT NOT NULL, seat TEXT NOT NULL, joined REAL NOT NULL, gone REAL
);
"""


@dataclass(frozen=True)
class Branch:
    """A course of the game: the main one, or one that forks off after a line of its parent."""

    id: int
    parent: int | None
    after: int
    title: str


class Journal:
    """One game file. `append` is the only way in, and commits before it returns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.RLock()
        self.connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
            self.connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.DatabaseError:
            self.connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.connection.close()

    def meta(self, name: str) -> str:
        """A fact about the game."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise KeyError(name)
        return str(row[0])

    def set_meta(self, name: str, value: str) -> None:
        """Keep a fact about the game, such as the hash of the facilitator's secret."""
        with self.lock:
            self.connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def last_branch(self) -> int:
        """The branch that was played last."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = 'branch'").fetchone()
        return 1 if row is None else int(row[0])

    def setup(self) -> Setup:
        """Game, scenario and policy as they were when the game began."""
        return setup_from(json.loads(self.meta("setup")))

    def branches(self) -> list[Branch]:
        """All branches, the main one first."""
        rows = self.connection.execute("SELECT id, parent, after, title FROM branches ORDER BY id").fetchall()
        return [Branch(*row) for row in rows]

    def fork(self, parent: int, after: int, title: str) -> int:
        """Open a branch after a line of another; nothing is deleted."""
        with self.lock:
            cursor = self.connection.execute(
                "INSERT INTO branches (parent, after, title, at) VALUES (?, ?, ?, ?)",
                (parent, after, title, time.time()),
            )
            return int(cursor.lastrowid or 0)

    def lineage(self, branch: int) -> list[tuple[int, int | None]]:
        """The branches that a branch is made of, oldest first, each with the last line that counts."""
        known = {one.id: one for one in self.branches()}
        found: list[tuple[int, int | None]] = [(branch, None)]
        while (one := known[found[0][0]]).parent is not None:
            found.insert(0, (one.parent, one.after))
        # What forks off early leaves out what its parent's own branches would have added later.
        limit: int | None = None
        for at in range(len(found) - 1, -1, -1):
            own = found[at][1]
            limit = own if limit is None else limit if own is None else min(own, limit)
            found[at] = (found[at][0], limit if at < len(found) - 1 else None)
        return found

    def acts(self, branch: int = 1) -> list[tuple[int, Act]]:
        """The acts of a branch with their line numbers."""
        found = []
        for part, last in self.lineage(branch):
            rows = self.connection.execute(
                "SELECT line, kind, actor, data, at FROM acts WHERE branch = ? AND line <= ? ORDER BY line",
                (part, last if last is not None else 2**62),
            ).fetchall()
            found += [(int(line), Act(kind, actor, json.loads(data), at)) for line, kind, actor, data, at in rows]
        return found

    def quarters(self, branch: int = 1) -> dict[int, tuple[bytes, str, str]]:
        """By step: orders, hash and rules hash of the quarters of a branch."""
        found: dict[int, tuple[bytes, str, str]] = {}
        for part, last in self.lineage(branch):
            rows = self.connection.execute(
                "SELECT step, orders, hash, rules FROM quarters WHERE branch = ? AND line <= ? ORDER BY step",
                (part, last if last is not None else 2**62),
            ).fetchall()
            found |= {int(step): (orders, hashed, rules) for step, orders, hashed, rules in rows}
        return found

    def results(self, branch: int = 1) -> dict[int, tuple[Floats, Floats]]:
        """By step: measures and variables of states as they were recorded, which no change of rules can touch."""
        found: dict[int, tuple[Floats, Floats]] = {}
        for part, last in self.lineage(branch):
            rows = self.connection.execute(
                "SELECT step, measures, states FROM quarters WHERE branch = ? AND line <= ? ORDER BY step",
                (part, last if last is not None else 2**62),
            ).fetchall()
            for step, measures, states in rows:
                table = np.frombuffer(zlib.decompress(states), np.float64).reshape(-1, len(STATE_VARIABLES))
                found[int(step)] = (np.frombuffer(measures, np.float64), table)
        return found

    def line_of(self, member: str, key: str) -> int | None:
        """The line that a member wrote with this key before, if any: a second sending changes nothing."""
        row = self.connection.execute("SELECT line FROM acts WHERE member = ? AND key = ?", (member, key)).fetchone()
        return None if row is None else int(row[0])

    def append(
        self, branch: int, act: Act, member: str = "", key: str | None = None, lived: Sequence[Lived] = (),
        snapshot: bytes | None = None,
    ) -> int:  # fmt: skip
        """Write an act, and what it brought about, in one transaction; its line. It is on disk when this returns."""
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                cursor = self.connection.execute(
                    "INSERT INTO acts (branch, at, kind, actor, member, key, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (branch, act.at, act.kind, act.actor, member, key, json.dumps(act.data, sort_keys=True)),
                )
                line = int(cursor.lastrowid or 0)
                self.connection.executemany(
                    "INSERT INTO quarters VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (
                            branch,
                            one.step,
                            line,
                            RULES_HASH,
                            one.orders,
                            one.hash,
                            one.measures.tobytes(),
                            pack_arrays((one.states,)),
                        )
                        for one in lived
                    ],
                )
                if lived and snapshot is not None:
                    self.connection.execute(
                        "INSERT INTO snapshots VALUES (?, ?, ?)", (branch, lived[-1].step, snapshot)
                    )
                self.connection.execute("COMMIT")
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            return line

    def members(self) -> list[tuple[str, str, str]]:
        """Token hash, pseudonym and seat of everybody who is in."""
        query = "SELECT token, name, seat FROM members WHERE gone IS NULL ORDER BY joined"
        return [(str(t), str(n), str(s)) for t, n, s in self.connection.execute(query)]

    def put_member(self, token: str, name: str, seat: str) -> None:
        """Remember a member by the hash of its token; a new seat replaces the old one."""
        with self.lock:
            self.connection.execute(
                "INSERT INTO members (token, name, seat, joined) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (token) DO UPDATE SET name = excluded.name, seat = excluded.seat, gone = NULL",
                (token, name, seat, time.time()),
            )

    def drop_member(self, token: str) -> None:
        """A member leaves; its token is worth nothing any more."""
        with self.lock:
            self.connection.execute("UPDATE members SET gone = ? WHERE token = ?", (time.time(), token))


def create_journal(path: Path, setup: Setup) -> Journal:
    """A new game file; refuses to write over another one."""
    if path.exists():
        raise FileExistsError(f"{path} exists; a game is never written over")
    path.parent.mkdir(parents=True, exist_ok=True)
    journal = Journal(path)
    journal.connection.executescript(TABLES)
    built = build(setup.scenario)
    facts = {
        "format": str(FORMAT), "setup": json.dumps(setup.as_json(), sort_keys=True), "rules": RULES_HASH,
        "first_day": hash_of(built.setting, built.world), "created": str(time.time()),
        "parameters": json.dumps(built.parameters._asdict()),
    }  # fmt: skip
    for name, value in facts.items():
        journal.set_meta(name, value)
    journal.connection.execute("INSERT INTO branches VALUES (1, NULL, 0, 'main', ?)", (time.time(),))
    return journal


def open_journal(path: Path) -> Journal:
    """A game file that exists; ValueError where it is none."""
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such game file")
    try:
        journal = Journal(path)
    except sqlite3.DatabaseError:
        raise ValueError(f"{path}: not a game file") from None
    try:
        found = journal.meta("format")
    except (sqlite3.DatabaseError, KeyError):
        journal.close()
        raise ValueError(f"{path}: not a game file") from None
    if found != str(FORMAT):
        journal.close()
        raise ValueError(f"{path}: game files of format {found} cannot be read by this version")
    return journal


def facts_of(journal: Journal) -> dict[str, Any]:
    """What a person wants to know about a file."""
    setup = journal.setup()
    return {
        "title": setup.game.title,
        "seed": setup.game.seed,
        "rules": journal.meta("rules"),
        "acts": len(journal.acts()),
    }
