"""The journal of a game: one SQLite file, append-only. Everything else about a game is replay of what it holds.

Lines are acts in the order in which they were admitted; quarters hold the full orders of everybody, so that replay
calls no policy, with a hash of the world that they led to. A branch shares its parent's lines up to where it forks.
Names of axes are kept too: when an axis has grown since, results are read by name, and orders are not read at all.
"""

import contextlib
import json
import sqlite3
import threading
import time
import zlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from game.core.act import Act
from game.core.game_file import Setup, setup_from
from game.core.world_played import Lived, hash_of, pack_arrays
from sim.declare import names
from sim.law.compiled import RULES_HASH, Floats
from sim.runs.build import build
from sim.runs.events import Event

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
# What else a quarter was, for the day when replay cannot say it any more; files of before have no such table.
TOLD: Final = """
CREATE TABLE IF NOT EXISTS told (
    branch INTEGER NOT NULL, step INTEGER NOT NULL, data TEXT NOT NULL, PRIMARY KEY (branch, step)
)"""
AXES: Final[dict[str, tuple[str, ...]]] = {
    "measures": names.MEASURES, "state_variables": names.STATE_VARIABLES, "threat_kinds": names.THREAT_KINDS,
    "activities": names.ACTIVITIES, "domains": names.DOMAINS, "instruments": names.INSTRUMENTS, "items": names.ITEMS,
    "moves": names.MOVES, "arrangements": names.ARRANGEMENTS, "regions": names.REGIONS,
}  # fmt: skip
# Names of results in files that keep none: these were the names as long as none were kept.
BEFORE: Final[dict[str, tuple[str, ...]]] = {
    "measures": (
        "mutual_trust", "interoperability", "coalition_score", "capability", "disparity", "harm", "overload",
        "stability", "deterrence", "consensus_rate", "decision_delay", "legitimacy", "voice", "integration",
        "expectation_gap", "readiness", "accessions", "realignment", "cost", "burden_sharing", "leaks", "severity",
    ),
    "state_variables": (
        "trust", "interoperability", "capability", "legitimacy", "will", "readiness", "expectation", "tilt",
        "coercion", "warning", "institutions", "harm", "places", "spent", "exercises", "track", "framework",
    ),
}  # fmt: skip


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

    def meta(self, name: str, otherwise: str | None = None) -> str:
        """A fact about the game."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        found = otherwise if row is None else str(row[0])
        if found is None:
            raise KeyError(name)
        return found

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

    def axes(self) -> dict[str, tuple[str, ...]]:
        """Names of axes when the game began."""
        try:
            return {axis: tuple(found) for axis, found in json.loads(self.meta("axes")).items()}
        except KeyError:
            return BEFORE

    def _of_branch(self, columns: str, branch: int) -> list[tuple[Any, ...]]:
        """Columns of the quarters of a branch, in order; a later line of descent replaces an earlier one."""
        found: dict[int, tuple[Any, ...]] = {}
        for part, last in self.lineage(branch):
            query = f"SELECT step, branch, {columns} FROM quarters WHERE branch = ? AND line <= ? ORDER BY step"
            rows = self.connection.execute(query, (part, last if last is not None else 2**62))
            found |= {int(row[0]): row for row in rows}
        return list(found.values())

    def quarters(self, branch: int = 1) -> dict[int, tuple[bytes, str, str]]:
        """By step: orders, hash and rules hash of the quarters of a branch."""
        return {step: (*found,) for step, _, *found in self._of_branch("orders, hash, rules", branch)}

    def measures(self, branch: int = 1) -> dict[int, Floats]:
        """By step: measures as they were recorded, in the order of the names recorded then."""
        return {step: np.frombuffer(found) for step, _, found in self._of_branch("measures", branch)}

    def results(self, branch: int = 1) -> dict[int, tuple[Floats, Floats]]:
        """By step: measures and variables of states as they were recorded, which no change of rules can touch."""
        then, found = self.axes(), {}
        for step, _, measures, states in self._of_branch("measures, states", branch):
            table = np.frombuffer(zlib.decompress(states)).reshape(-1, len(then["state_variables"]))
            found[step] = (
                by_name(np.frombuffer(measures), then["measures"], names.MEASURES),
                by_name(table, then["state_variables"], names.STATE_VARIABLES),
            )
        return found

    def lived(self, branch: int = 1) -> dict[int, Lived]:
        """By step: the quarters of a branch as they were recorded, with what was told of them where that was kept."""
        results = self.results(branch)
        return {
            step: lived_of(step, orders, hashed, results[step], self._told(part, step))
            for step, part, orders, hashed in self._of_branch("orders, hash", branch)
        }

    def _told(self, branch: int, step: int) -> dict[str, Any]:
        try:
            query = "SELECT data FROM told WHERE branch = ? AND step = ?"
            row = self.connection.execute(query, (branch, step)).fetchone()
        except sqlite3.OperationalError:  # a file of before
            row = None
        return {} if row is None else dict(json.loads(row[0]))

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
                for one in lived:
                    self._put_quarter(branch, line, one)
                if lived and snapshot is not None:
                    self.connection.execute(
                        "INSERT INTO snapshots VALUES (?, ?, ?)", (branch, lived[-1].step, snapshot)
                    )
                self.connection.execute("COMMIT")
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            return line

    def _put_quarter(self, branch: int, line: int, one: Lived) -> None:
        states = pack_arrays((one.states,))
        row = (branch, one.step, line, RULES_HASH, one.orders, one.hash, one.measures.tobytes(), states)
        self.connection.execute("INSERT INTO quarters VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self.connection.execute(TOLD)
        self.connection.execute("INSERT INTO told VALUES (?, ?, ?)", (branch, one.step, json.dumps(told_of(one))))

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


def by_name(values: Floats, then: Sequence[str], now: Sequence[str]) -> Floats:
    """Recorded values (..., then) in today's columns; not a number where nothing was recorded under a name."""
    found = np.full((*values.shape[:-1], len(now)), np.nan)
    for at, name in enumerate(now):
        if name in then:
            found[..., at] = values[..., then.index(name)]
    return found


def told_of(one: Lived) -> dict[str, Any]:
    """What the Council decided, why places were cut, and the news, without positions on any axis but the cast's."""
    return {
        "decided": dict(zip(names.ITEMS, one.decided, strict=True)),
        "about": dict(zip(names.ITEMS, one.about, strict=True)),
        "refused": [names.REFUSALS[reason] for reason in one.refused],
        "events": [astuple(event)[1:] for event in one.events],
    }  # fmt: skip


def lived_of(step: int, orders: bytes, hashed: str, results: tuple[Floats, Floats], told: dict[str, Any]) -> Lived:
    """A quarter as it was recorded."""
    decided, about = ([told.get(what, {}).get(item, -1) for item in names.ITEMS] for what in ("decided", "about"))
    why = [names.REFUSALS.index(w) if w in names.REFUSALS else 0 for w in told.get("refused", ())]
    return Lived(
        step, orders, hashed, *results, tuple(decided), tuple(about),
        tuple(event_of(step, *event) for event in told.get("events", ())), tuple(why or [0] * len(results[1])),
    )  # fmt: skip


def create_journal(path: Path, setup: Setup) -> Journal:
    """A new game file; refuses to write over another one."""
    if path.exists():
        raise FileExistsError(f"{path} exists; a game is never written over")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(0o600, exist_ok=False)
    private(path)
    journal = Journal(path)
    journal.connection.executescript(TABLES)
    built = build(setup.scenario)
    facts = {
        "format": str(FORMAT), "setup": json.dumps(setup.as_json(), sort_keys=True), "rules": RULES_HASH,
        "first_day": hash_of(built.setting, built.world), "created": str(time.time()),
        "parameters": json.dumps(built.parameters._asdict()), "axes": json.dumps(AXES),
    }  # fmt: skip
    for name, value in facts.items():
        journal.set_meta(name, value)
    journal.connection.execute("INSERT INTO branches VALUES (1, NULL, 0, 'main', ?)", (time.time(),))
    return journal


def private(path: Path) -> None:
    """A game is its user's own: what SQLite keeps beside the file takes the same rights."""
    with contextlib.suppress(OSError):  # somebody else's file, or a disk that knows no rights
        path.chmod(0o600)


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


def event_of(
    step: int, kind: str, state: str, text: str, about: str = "", by: Sequence[str] = (), of: str = "", form: str = ""
) -> Event:
    """A piece of news as it was recorded; older files hold its words only."""
    return Event(step, kind, state, text, about, tuple(by), of, form)
