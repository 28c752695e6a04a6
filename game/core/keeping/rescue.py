"""Rescue: what can be read of a damaged game, in a new file that can be played on; the damaged one stays as it is."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Final

from game.core.journal import Journal, new_file, reading_game
from game.core.keeping.chain import HEAD, ROOT, SINCE, readable
from game.core.keeping.damage import AtLine, damaged
from game.core.replay import table_of

# What is copied of each table, up to a line.
KEPT: Final = {
    "acts": "line <= ?", "branches": "id = 1 OR after <= ?", "quarters": "line <= ?",
    "told": "(branch, step) IN (SELECT branch, step FROM quarters WHERE line <= ?)",
    "snapshots": "(branch, step) IN (SELECT branch, step FROM quarters WHERE line <= ?)", "members": "? > 0",
}  # fmt: skip


def rescue(path: Path, out: Path) -> int:
    """Write all lines before the first damaged one into a new file; how many they are."""
    with reading_game(path, chained=False) as journal:
        journal.setup()
        last = whole_lines(journal)
        while last > 0:
            with new_file(out, copied(journal.connection, last)) as made:
                try:
                    for branch in made.branches():
                        table_of(made, branch.id)
                    return last
                except AtLine as error:
                    last = min(last, error.line) - 1
            out.unlink()
    raise damaged(path, 0, 0, "no line can be kept")


def whole_lines(journal: Journal) -> int:
    """Lines before the first that is damaged, or does not fit."""
    try:
        broken = journal.chain().broken
    except AtLine as error:
        return error.line - 1
    (last,) = journal.connection.execute("SELECT max(line) FROM acts").fetchone()
    return int(last or 0) if broken is None else broken.line - 1


def copied(source: sqlite3.Connection, last: int) -> Callable[[sqlite3.Connection], None]:
    """Fills a new file with the lines up to one, and with what they brought about."""

    def fill(connection: sqlite3.Connection) -> None:
        for table, which in KEPT.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "chain"]
            listed = ", ".join(columns)
            rows, _ = readable(source, f"SELECT {listed} FROM {table} WHERE {which.replace('?', str(last))}")
            holes = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT OR IGNORE INTO {table} ({listed}) VALUES ({holes})", rows)
        facts, _ = readable(source, "SELECT name, value FROM meta")
        kept = [fact for fact in facts if fact[0] not in (HEAD, ROOT, SINCE)]
        connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", kept)
        known = "SELECT CAST(id AS TEXT) FROM branches"
        connection.execute(f"UPDATE meta SET value = '1' WHERE name = 'branch' AND value NOT IN ({known})")

    return fill
