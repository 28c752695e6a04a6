"""Game files broken in every way that we could think of, and read by every command that reads one.

    python -m benchmarks.broken_games --times 800

Bits, pages and lengths of the file are changed, rows and their values by SQL, the log that a kill leaves, and files of
other kinds take its place. Each reading ends in an answer or in words with exit code 2, within five seconds; whatever a
reading was given is the same bytes afterwards. A game that reads well in spite of it is told apart.
"""

import argparse
import contextlib
import hashlib
import io
import json
import os
import random
import shutil
import signal
import sqlite3
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient
from typer.testing import CliRunner

from analysis.commands.told import told as in_words
from benchmarks.played_games import kept, play_a_game
from game.core.keeping.held import log_of
from game.review.played import played_from
from game.review.story import story
from game.web.app import make_app
from game.web.serve import opened, words
from run import app

LONGEST, STUCK = 5.0, 900.0  # seconds of processor time of a reading, and on the clock, where it waits for ever
PAGE = 4096
Luck = random.Random
NUMBERS = (0, -1, 1, 7, 2**31, 2**62, -(2**62), 0.5, 1e308, -1e308, float("inf"))
TEXTS = (
    "", " ", "x", "null", "[]", "{}", "[[]]", '{"a": 1}', "1e999", "NaN", "\x00", "\u202e", "é" * 500, "[" * 100_000,
    '{"seat": "' + "x" * 100_000 + '"}', "9" * 5000, '{"minutes": ' + "9" * 5000 + "}", '{"seat": 3, "orders": [1]}',
    '{"orders": {"fund": "x"}, "seat": "east", "reason": 3}', '{"states": [3], "severity": "x", "title": []}',
)  # fmt: skip


# What is done to the bytes of a file


def flip_bits(path: Path, luck: Luck) -> str:
    data, count = bytearray(path.read_bytes()), luck.choice((1, 3, 20, 200))
    for _ in range(count):
        data[luck.randrange(len(data))] ^= 1 << luck.randrange(8)
    path.write_bytes(data)
    return f"{count} bits flipped"


def flip_head(path: Path, luck: Luck) -> str:
    data = bytearray(path.read_bytes())
    at = luck.randrange(0, 112)
    data[at] = luck.randrange(256)
    path.write_bytes(data)
    return f"byte {at} changed"


def cut(path: Path, luck: Luck) -> str:
    size = luck.choice((0, 1, 16, 100, PAGE, luck.randrange(path.stat().st_size)))
    os.truncate(path, size)
    return f"cut to {size} bytes"


def pages(path: Path, luck: Luck) -> str:
    """A page is swapped with another, zeroed, filled with noise, or written over by another."""
    data = bytearray(path.read_bytes())
    count = max(1, len(data) // PAGE)
    a, b, how = luck.randrange(count), luck.randrange(count), luck.choice(("swap", "zero", "noise", "copy"))
    one, other = (data[n * PAGE : (n + 1) * PAGE] for n in (a, b))
    new = {"swap": other, "copy": other, "zero": bytes(len(one)), "noise": luck.randbytes(len(one))}[how]
    data[a * PAGE : (a + 1) * PAGE] = new
    if how == "swap":
        data[b * PAGE : (b + 1) * PAGE] = one
    path.write_bytes(data)
    return f"page {a}: {how} {b}"


def more(path: Path, luck: Luck) -> str:
    with path.open("ab") as file:
        file.write(luck.randbytes(luck.choice((1, 100, 10_000))))
    return "noise at the end"


# What is done to rows


def by_sql(path: Path, work: Callable[[sqlite3.Connection], str]) -> str:
    """Change a file by SQL; where that fails it stays as it is."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        try:
            return work(connection)
        except (sqlite3.Error, OverflowError) as error:
            return f"refused by SQLite: {error}"


def nasty(luck: Luck, old: Any) -> Any:
    """A value that does not belong."""
    if isinstance(old, str) and luck.random() < 0.3 and old.startswith(("{", "[")):
        return json.dumps(nested(json.loads(old), luck))
    if isinstance(old, bytes) and luck.random() < 0.6 and old:
        broken = bytearray(old)
        broken[luck.randrange(len(broken))] ^= 1 << luck.randrange(8)
        return bytes(broken[: luck.choice((None, len(broken) // 2, 1))])
    return luck.choice((luck.choice(NUMBERS), luck.choice(TEXTS), luck.randbytes(luck.choice((0, 3, 300)))))


def nested(value: Any, luck: Luck) -> Any:
    """Plain data with one value changed somewhere within."""
    if isinstance(value, dict) and value and luck.random() < 0.9:
        key = luck.choice(list(value))
        how = luck.random()
        if how < 0.1:
            return {name: one for name, one in value.items() if name != key}
        return value | {key: nested(value[key], luck)}
    if isinstance(value, list) and value and luck.random() < 0.9:
        at = luck.randrange(len(value))
        return [*value[:at], nested(value[at], luck), *value[at + 1 :]]
    if isinstance(value, int | float) and luck.random() < 0.5:
        return luck.choice((value + 1, value * 1000, -value, 10**9, 0.1))
    return luck.choice((None, True, -1, 10**12, "x", "", [], {}, [[None]], 0.5))


def a_value(path: Path, luck: Luck) -> str:
    def work(connection: sqlite3.Connection) -> str:
        table = luck.choice(("meta", "branches", "acts", "acts", "acts", "quarters", "quarters", "told", "members"))
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        column, rowids = luck.choice(columns), [row for (row,) in connection.execute(f"SELECT rowid FROM {table}")]
        at = luck.choice(rowids)
        (old,) = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (at,)).fetchone()
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (nasty(luck, old), at))
        return f"{table}.{column} of row {at}"

    return by_sql(path, work)


def a_fact(path: Path, luck: Luck) -> str:
    """A fact of the game, mostly inside its setup."""

    def work(connection: sqlite3.Connection) -> str:
        names = [name for (name,) in connection.execute("SELECT name FROM meta")]
        name = "setup" if luck.random() < 0.6 else luck.choice(names)
        (old,) = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if luck.random() < 0.15:
            connection.execute("DELETE FROM meta WHERE name = ?", (name,))
            return f"meta.{name} deleted"
        new = json.dumps(nested(json.loads(old), luck)) if name in ("setup", "axes", "parameters") else nasty(luck, old)
        connection.execute("UPDATE meta SET value = ? WHERE name = ?", (new, name))
        return f"meta.{name}"

    return by_sql(path, work)


def rows(path: Path, luck: Luck) -> str:
    """Rows are removed, swapped, doubled or moved."""
    table, how = luck.choice(("acts", "acts", "quarters", "told", "branches", "members", "snapshots")), luck.random()

    def work(connection: sqlite3.Connection) -> str:
        ids = [row for (row,) in connection.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]
        a, b = luck.choice(ids), luck.choice(ids)
        if how < 0.4:
            connection.execute(f"DELETE FROM {table} WHERE rowid {luck.choice(('=', '=', '>=', '<='))} ?", (a,))
            return f"{table}: rows at {a} removed"
        if how < 0.8:
            for old, new in ((a, -1), (b, a), (-1, b)):
                connection.execute(f"UPDATE {table} SET rowid = ? WHERE rowid = ?", (new, old))
            return f"{table}: rows {a} and {b} swapped"
        connection.execute(f"UPDATE {table} SET rowid = ? WHERE rowid = ?", (luck.choice((0, -5, 10**9, 2**62)), a))
        return f"{table}: row {a} moved"

    return by_sql(path, work)


SCHEMA = (
    "DROP TABLE {table}", "ALTER TABLE {table} RENAME TO gone", "DROP TABLE IF EXISTS told",
    "ALTER TABLE {table} ADD COLUMN more TEXT",
    "DROP TABLE acts; CREATE VIEW acts AS WITH RECURSIVE n(line) AS (SELECT 1 UNION ALL SELECT line + 1 FROM n) SELECT "
    "line, 1 AS branch, 0.0 AS at, 'note' AS kind, 'x' AS actor, '' AS member, NULL AS key, '{{}}' AS data FROM n",
    "CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM acts; END", "DELETE FROM {table}",
    "UPDATE branches SET parent = id", "INSERT INTO branches VALUES (9, 9, 5, 'loop', 0.0)",
    "UPDATE branches SET parent = 2 WHERE id = 1", "UPDATE meta SET value = '99' WHERE name = 'branch'",
    "UPDATE meta SET value = '3' WHERE name = 'format'", "UPDATE quarters SET orders = zeroblob(50000000)",
    "UPDATE acts SET data = '{{}}'", "UPDATE acts SET kind = 'take'", "UPDATE quarters SET line = line + 1",
    "UPDATE acts SET line = -line", "UPDATE sqlite_sequence SET seq = 9223372036854775807",
    "UPDATE acts SET at = 'soon'", "UPDATE quarters SET step = step + 1000000", "UPDATE quarters SET rules = 'ffff'",
    "UPDATE meta SET value = 'ffff' WHERE name = 'rules'",
)  # fmt: skip


def schema(path: Path, luck: Luck) -> str:
    text = luck.choice(SCHEMA).format(table=luck.choice(("meta", "acts", "quarters", "told", "members", "branches")))
    return by_sql(path, lambda connection: (connection.executescript(text), text[:60])[1])


def other_rules(path: Path, luck: Luck) -> str:
    """As if it had been played under other rules, and then broken."""
    by_sql(path, lambda one: (one.execute("UPDATE meta SET value = 'ffff' WHERE name = 'rules'"), "")[1])
    by_sql(path, lambda one: (one.execute("UPDATE quarters SET rules = 'ffff', hash = 'other'"), "")[1])
    return "other rules; " + a_value(path, luck)


# What takes the place of a file


def another(path: Path, luck: Luck) -> str:
    """No game at all, or nothing that can be read."""
    how = luck.choice(("empty", "text", "noise", "folder", "pipe", "device", "database", "link", "nothing", "zip"))
    path.unlink()
    if how == "folder":
        path.mkdir()
    elif how == "pipe":
        os.mkfifo(path)
    elif how == "device":
        path.symlink_to(luck.choice(("/dev/null", "/dev/zero", "/dev/full")))
    elif how == "link":
        path.symlink_to(path.name)
    elif how == "database":
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as made:
            made.execute(f"PRAGMA journal_mode = {luck.choice(('WAL', 'DELETE'))}")
            made.execute(luck.choice(("CREATE TABLE meta (a)", "CREATE TABLE moz_places (id, url)")))
    elif how != "nothing":
        texts = {
            "empty": b"",
            "text": b"title = 'x'\n",
            "noise": luck.randbytes(5000),
            "zip": b"PK\x03\x04" + bytes(99),
        }
        path.write_bytes(texts[how])
    return how


def in_log(path: Path, luck: Luck) -> str:
    """The log that a kill left."""
    log = log_of(path)
    if not log.exists():
        return flip_bits(path, luck)
    return "log: " + luck.choice((flip_bits, cut, pages, more, flip_head))(log, luck)


BREAKS = (
    flip_bits, flip_bits, flip_head, cut, pages, pages, more, a_value, a_value, a_value, a_value, a_fact, a_fact, rows,
    rows, schema, schema, other_rules, another, in_log, in_log,
)  # fmt: skip


# Reading


class Hung(BaseException):
    """A reading that took too long."""


@contextlib.contextmanager
def limited() -> Iterator[None]:
    """Break off what works, or waits, for too long; how busy the machine is must not matter."""

    def late(*_: object) -> None:
        raise Hung

    timers = ((signal.ITIMER_PROF, signal.SIGPROF, LONGEST), (signal.ITIMER_REAL, signal.SIGALRM, STUCK))
    before = [signal.signal(which, late) for _, which, _ in timers]
    for timer, _, seconds in timers:
        signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        for (timer, which, _), handler in zip(timers, before, strict=True):
            signal.setitimer(timer, 0.0)
            signal.signal(which, handler)


def go_on(path: Path) -> None:
    """What `play --resume` does before it serves, then the pages of the facilitator, and what the review tells."""
    ready = opened(None, resume=path, port=0)
    try:
        words(ready, 8000)
        browser = TestClient(make_app(ready.site))
        browser.get("/desk", params={"secret": ready.secret})
        for page in ("/desk", "/screen"):
            assert browser.get(page).status_code == 200, page
        for seat in ready.site.table.game.seats:
            ready.site.view(seat.id)
    finally:
        ready.site.room.journal.close()
    story(played_from(path))


def command(*arguments: str) -> tuple[int, str, str]:
    """A command of the project in this process: exit code, what it said, and the traceback if there was one."""
    found = CliRunner().invoke(app, list(arguments))
    raised = found.exception if not isinstance(found.exception, SystemExit) else None
    trace = "".join(traceback.format_exception(raised)) if raised is not None else ""
    return found.exit_code, found.output, trace


def resume(path: Path) -> tuple[int, str, str]:
    """The same for `play --resume`, which would serve."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            in_words(go_on, path)
    except Hung:
        raise
    except BaseException as error:
        code = getattr(error, "exit_code", None)
        return (code, said.getvalue(), "") if code is not None else (1, "", traceback.format_exc())
    return 0, "", ""


def readings(path: Path, out: Path) -> dict[str, Callable[[], tuple[int, str, str]]]:
    """By name: every way to read a game."""
    file = str(path)
    return {
        "replay": lambda: command("replay", file), "export": lambda: command("export", file, "--out", str(out)),
        "lucks": lambda: command("lucks", file, "-r", "2"), "resume": lambda: resume(path),
        "rescue": lambda: command("rescue", file, "--out", str(out / "rescued.game")),
        "without": lambda: command("without", file, "--seat", "allies", "--turn", "1", "-r", "2"),
        "twin": lambda: command("twin", file, "--seat", "allies", "--strategy", "nothing", "-r", "2"),
    }  # fmt: skip


def bytes_of(path: Path) -> dict[str, str]:
    """What lies under a name and beside it."""
    return {
        one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in path.parent.glob(f"{path.name}*")
        if one.is_file() and not one.is_symlink()
    }  # fmt: skip


def broken(times: int, seed: int, folder: Path, told: bool = False) -> tuple[Counter[str], list[str]]:
    """Break files and read each in two ways; counts of what came of it, and what must not have been."""
    sources = kept(play_a_game(folder / "played.game"), folder)
    counts, wrong = Counter[str](), list[str]()
    for number in range(times):
        luck = Luck(f"{seed}-{number}")
        source = luck.choice(list(sources))
        path = folder / "broken" / f"{source}-{number}.game"
        path.parent.mkdir()
        shutil.copyfile(sources[source], path)
        if log_of(sources[source]).exists():
            shutil.copyfile(log_of(sources[source]), log_of(path))
        way = luck.choice(BREAKS)
        if source == "killed" and way in (a_value, a_fact, rows, schema, other_rules):
            way = in_log  # SQL would take the log in
        what = f"{number} {source}: {way.__name__}: {way(path, luck)}"
        ways = readings(path, folder / "out")
        for name in luck.sample(list(ways), 2):
            before, began = bytes_of(path), time.process_time()
            try:
                with limited():
                    code, said, trace = ways[name]()
            except Hung:
                code, said, trace = -1, "", f"took more than {LONGEST:g} s"
            spent = time.process_time() - began
            counts["readings"] += 1
            counts[f"slowest {name}"] = max(counts[f"slowest {name}"], round(1000 * spent))
            if trace or code not in (0, 1, 2):
                wrong.append(f"{what}: {name}: {trace.strip()[-1500:]}")
            elif code == 2 and path.name not in said:
                wrong.append(f"{what}: {name}: says nothing of the file: {said[:300]!r}")
            elif name != "resume" and bytes_of(path) != before:
                wrong.append(f"{what}: {name}: changed the file")
            counts["told in words" if code == 2 else "found not as recorded" if code == 1 else "read"] += 1
            if told:
                print(f"{what}: {name}: {code} {spent:.2f} s {' '.join(said.split())[-160:]}", flush=True)
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        shutil.rmtree(path.parent)
        shutil.rmtree(folder / "out", ignore_errors=True)
    return counts, wrong


def summary(times: int, counts: Counter[str], wrong: list[str]) -> str:
    """What came of it, in a sentence."""
    slowest = max(ms for name, ms in counts.items() if name.startswith("slowest"))
    return (
        f"{times} broken game files, {counts['readings']} readings: {counts['told in words']} told in words, "
        f"{counts['found not as recorded']} found not as recorded, {counts['read']} read; tracebacks, hangs, changed "
        f"files or messages without the file {len(wrong)}; slowest {slowest / 1000:.1f} s of processor time"
    )


def main() -> None:
    """Break, read, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=800)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--told", action="store_true", help="print every reading")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        counts, wrong = broken(asked.times, asked.seed, Path(folder), asked.told)
    for line in wrong:
        print(line)
    print(summary(asked.times, counts, wrong))
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
