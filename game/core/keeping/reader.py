"""Reading a journal: its setup, its branches, the acts of a branch and the quarters that they brought about."""

import contextlib
import json
import sqlite3
import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from game.core.act import BY_SEATS, COMINGS, STEERING, Act
from game.core.game_file import Setup, setup_from
from game.core.keeping.chain import has_table
from game.core.keeping.damage import at_line, told_in_words
from game.core.keeping.recorded import BEFORE, by_name, lived_of
from game.core.world_played import Lived, unzipped
from sim.declare import names
from sim.inputs.errors import fail, show_path
from sim.law.compiled import Floats

KINDS_OF_ACTS: Final = frozenset((*STEERING, *BY_SEATS, *COMINGS))
LARGEST: Final = 16_000_000  # bytes of the states of one quarter


@dataclass(frozen=True)
class Branch:
    """A course of the game: the main one, or one that forks off after a line of its parent."""

    id: int
    parent: int | None
    after: int
    title: str


class Reader:
    """A game file that is read. What is damaged in it is told by `told_in_words`, with the line that it is about."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path, self.connection, self.lock = path, connection, threading.RLock()

    def in_words(self) -> contextlib.AbstractContextManager[None]:
        """Around everything that reads this file: errors come out as `Damaged`."""
        return told_in_words(self.path, self.turns_before)

    def known(self, name: str) -> str | None:
        """A fact about the game, where it is kept."""
        row = self.connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def meta(self, name: str, otherwise: str | None = None) -> str:
        """A fact about the game that every file keeps, or that is otherwise so."""
        found = self.known(name) or otherwise
        if found is None:
            raise KeyError(name)
        return found

    def last_branch(self) -> int:
        """The branch that was played last."""
        return int(self.known("branch") or 1)

    def branch_of(self, asked: int | None) -> int:
        """The branch that was asked for, by default the one that was played last; InputError where there is none."""
        ids = [one.id for one in self.branches()]
        branch = self.last_branch() if asked is None else asked
        if branch not in ids:
            listed = ", ".join(map(str, ids))
            raise fail(show_path(self.path), f"allowed: the branches of this game, {listed}", "branch", str(branch))
        return branch

    def setup(self) -> Setup:
        """Game, scenario and policy as they were when the game began."""
        return setup_from(json.loads(self.meta("setup")))

    def branches(self) -> list[Branch]:
        """All branches, the main one first."""
        rows = self.connection.execute("SELECT id, parent, after, title FROM branches ORDER BY id").fetchall()
        return [Branch(*row) for row in rows]

    def lineage(self, branch: int) -> list[tuple[int, int | None]]:
        """The branches that a branch is made of, oldest first, each with the last line that counts."""
        known = {one.id: one for one in self.branches()}
        found: list[tuple[int, int | None]] = [(branch, None)]
        while (one := known[found[0][0]]).parent is not None:
            if one.parent >= one.id:
                raise ValueError(f"branch {one.id} forks off branch {one.parent}, which is younger")
            found.insert(0, (one.parent, one.after))
        # What forks off early leaves out what its parent's own branches would have added later.
        limit: int | None = None
        for at in range(len(found) - 1, -1, -1):
            own = found[at][1]
            limit = own if limit is None else limit if own is None else min(own, limit)
            found[at] = (found[at][0], limit if at < len(found) - 1 else None)
        return found

    def _parts(self, branch: int, query: str) -> Generator[tuple[Any, ...], None, None]:
        """Rows of a branch and of those that it is made of, by a query that takes a branch and the last line."""
        for part, last in self.lineage(branch):
            yield from self.connection.execute(query, (part, last if last is not None else 2**62))

    def acts(self, branch: int = 1) -> list[tuple[int, Act]]:
        """The acts of a branch with their line numbers."""
        found, line = list[tuple[int, Act]](), 0
        query = "SELECT line, kind, actor, data, at FROM acts WHERE branch = ? AND line <= ? ORDER BY line"
        with contextlib.closing(self._parts(branch, query)) as rows:
            while True:
                with at_line(line + 1):  # where reading breaks off, the next line is to blame
                    row = next(rows, None)
                if row is None:
                    return found
                line = row[0]
                with at_line(line):
                    found.append((line, act_of(*row)))

    def turns_before(self, line: int) -> int:
        """Turns that were resolved before a line, in the branch that was played last: each is ended by its Council."""
        query = "SELECT kind FROM acts WHERE branch = ? AND line <= ?"
        ended = 0
        for part, last in self.lineage(self.last_branch()):
            rows = self.connection.execute(f"{query} ORDER BY line", (part, min(line - 1, last or line)))
            ended += sum(kind == "close" for (kind,) in rows)
        return (ended + 1) // 4

    def axes(self) -> dict[str, tuple[str, ...]]:
        """Names of axes when the game began."""
        kept = self.known("axes")
        return BEFORE if kept is None else {axis: tuple(found) for axis, found in json.loads(kept).items()}

    def _of_branch(self, columns: str, branch: int) -> list[tuple[Any, ...]]:
        """Step, line, branch and columns of the quarters of a branch; a later line of descent replaces an earlier."""
        query = f"SELECT step, line, branch, {columns} FROM quarters WHERE branch = ? AND line <= ? ORDER BY step"
        found, line = dict[int, tuple[Any, ...]](), 0
        with contextlib.closing(self._parts(branch, query)) as rows:
            while True:
                with at_line(line + 1):  # where reading breaks off, a later line is to blame
                    row = next(rows, None)
                    if row is None:
                        return list(found.values())
                    found[int(row[0])] = row
                    line = int(row[1])

    def quarters(self, branch: int = 1) -> dict[int, tuple[bytes, str, str]]:
        """By step: orders, hash and rules hash of the quarters of a branch."""
        return {step: (*found,) for step, _, _, *found in self._of_branch("orders, hash, rules", branch)}

    def lines_of_quarters(self, branch: int = 1) -> dict[int, int]:
        """By step: the line that brought a quarter about."""
        return {step: line for step, line, *_ in self._of_branch("hash", branch)}

    def measures(self, branch: int = 1) -> dict[int, Floats]:
        """By step: measures as they were recorded, in the order of the names recorded then."""
        return {step: np.frombuffer(found) for step, _, _, found in self._of_branch("measures", branch)}

    def results(self, branch: int = 1) -> dict[int, tuple[Floats, Floats]]:
        """By step: measures and variables of states as they were recorded, which no change of rules can touch."""
        then, found = self.axes(), dict[int, tuple[Floats, Floats]]()
        for step, line, _, measures, states in self._of_branch("measures, states", branch):
            with at_line(line):
                table = np.frombuffer(unzipped(states, LARGEST)).reshape(-1, len(then["state_variables"]))
                found[step] = (
                    by_name(np.frombuffer(measures), then["measures"], names.MEASURES),
                    by_name(table, then["state_variables"], names.STATE_VARIABLES),
                )
        return found

    def lived(self, branch: int = 1) -> dict[int, Lived]:
        """By step: the quarters of a branch as they were recorded, with what was told of them where that was kept."""
        results, found = self.results(branch), dict[int, Lived]()
        for step, line, part, orders, hashed in self._of_branch("orders, hash", branch):
            with at_line(line):
                found[step] = lived_of(step, orders, hashed, results[step], self._told(part, step))
        return found

    def _told(self, branch: int, step: int) -> dict[str, Any]:
        if not has_table(self.connection, "told"):
            return {}  # a file of before
        query = "SELECT data FROM told WHERE branch = ? AND step = ?"
        row = self.connection.execute(query, (branch, step)).fetchone()
        return {} if row is None else dict(json.loads(row[0]))

    def sent(self, member: str, key: str) -> tuple[int, Act] | None:
        """What a member wrote with this key before, if anything, and its line."""
        query = "SELECT line, kind, actor, data, at FROM acts WHERE member = ? AND key = ?"
        row = self.connection.execute(query, (member, key)).fetchone()
        return None if row is None else (row[0], act_of(*row))

    def members(self) -> list[tuple[str, str, str]]:
        """Token hash, pseudonym and seat of everybody who is in."""
        query = "SELECT token, name, seat FROM members WHERE gone IS NULL ORDER BY joined"
        return [(str(t), str(n), str(s)) for t, n, s in self.connection.execute(query)]


def act_of(line: int, kind: str, actor: str, data: str, at: float) -> Act:
    """A line of the journal as an act; ValueError where it is none."""
    found = json.loads(data)
    if kind not in KINDS_OF_ACTS or not isinstance(actor, str) or not isinstance(found, dict):
        raise ValueError(f"{str(kind)[:20]!r} of {str(actor)[:20]!r} is no act")
    return Act(kind, actor, found, float(at), line)
