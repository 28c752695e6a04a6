"""Everything of a game as CSV and JSON for a spreadsheet: acts, measures by quarter, scores. Pseudonyms only."""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from game.core.journal import Journal, facts_of, reading_game
from game.core.phases import Table
from game.core.replay import replay
from game.core.scoring import outcome_so_far, scores_of
from sim.outputs import files

FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
ACTS: Final = ("branch", "line", "at", "kind", "actor", "member", "data")


def guarded(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(value, str) and value.lstrip(" \ufeff").startswith(FORMULAS):
        return "'" + value
    return value


def write_csv(path: Path, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> Path:
    """One table."""
    return files.write_csv(path, heads, ([guarded(value) for value in row] for row in rows))


def acts_of(journal: Journal) -> list[tuple[Any, ...]]:
    """All lines of all branches; members by pseudonym, so that no token leaves the file."""
    query = "SELECT token, name FROM members"
    names = {str(token): str(name) for token, name in journal.connection.execute(query)}
    rows = journal.connection.execute("SELECT branch, line, at, kind, actor, member, data FROM acts ORDER BY line")
    return [(b, line, at, kind, actor, names.get(m, ""), data) for b, line, at, kind, actor, m, data in rows]


def measures_of(journal: Journal, branch: int) -> list[tuple[Any, ...]]:
    """Every measure of every quarter, as recorded."""
    setup = journal.setup()
    return [(branch, setup.quarter(step), *values.tolist()) for step, values in journal.measures(branch).items()]


def scores_by_turn(table: Table, branch: int) -> list[tuple[Any, ...]]:
    """Every seat's score as it stood at the end of each quarter."""
    course, found = table.course, []
    for last in range(1, len(course.quarters) + 1):
        lived = course.quarters[:last]
        outcome = outcome_so_far(np.stack([q.measures for q in lived]), np.stack([q.states for q in lived]))
        when = course.setup.quarter(lived[-1].step)
        scores = scores_of(table.game, outcome, course.built)
        found += [(branch, when, seat, float(score[0])) for seat, score in scores.items()]
    return found


def export_game(path: Path, out: Path) -> list[Path]:
    """Write a game's tables and one JSON file with all of it; the paths."""
    with reading_game(path) as journal:
        files.room_for(out)
        acts, measures, scores = acts_of(journal), list[tuple[Any, ...]](), list[tuple[Any, ...]]()
        branches, verified = journal.branches(), dict[str, str]()
        heads = ("branch", "quarter", *journal.axes()["measures"])
        for branch in branches:
            table, _, verdict = replay(journal, branch.id)
            verified[str(branch.id)] = verdict.words()
            measures += measures_of(journal, branch.id)
            scores += scores_by_turn(table, branch.id)
        everything = {
            "facts": facts_of(journal), "setup": journal.setup().as_json(),
            "branches": [{"id": b.id, "parent": b.parent, "after": b.after, "title": b.title} for b in branches],
            "verified": verified,
            "acts": [dict(zip(ACTS, (*row[:-1], json.loads(row[-1])), strict=True)) for row in acts],
            "measures": [dict(zip(heads, row, strict=True)) for row in measures],
            "scores": [dict(zip(("branch", "quarter", "seat", "score"), row, strict=True)) for row in scores],
        }  # fmt: skip
    whole = files.write_text(out / "game.json", json.dumps(everything, indent=1, ensure_ascii=False) + "\n")
    return [
        write_csv(out / "acts.csv", ACTS, acts),
        write_csv(out / "measures.csv", heads, measures),
        write_csv(out / "scores.csv", ("branch", "quarter", "seat", "score"), scores), whole,
    ]  # fmt: skip
