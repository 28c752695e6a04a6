"""What keeps a game, measured: kills, faults, failing writes, broken files, a hostile class; and the page on it.

python -m benchmarks.reliability             all of it, hours; goes on after an interruption; writes docs/reliability.md
python -m benchmarks.reliability --quick     a few of each, to see that it works; writes nothing
"""

import argparse
import json
import os
import platform
import sqlite3
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from benchmarks.broken_files import summary as figures
from benchmarks.broken_files import tried
from benchmarks.broken_games import broken, summary
from benchmarks.failing_writes import every_fault, vfs
from benchmarks.history import played_under_faults
from benchmarks.hostile import hostile
from benchmarks.kill import killed

PAGE = Path(__file__).parents[1] / "docs" / "reliability.md"
Part = tuple[list[tuple[str, str, str]], list[str]]
TEXT = """# What keeps a game

Written by `python -m benchmarks.reliability`; do not edit. Measured on {date}: {cores} processor cores, Python
{python}, SQLite {sqlite}, {system}. Where a figure is not zero that should be, the command ends with exit code 1 and
writes nothing.

| what is done | how | what came of it |
|---|---|---|
{rows}

## What is promised

- **Saved is saved.** "Saved" is said after the act, and all that it brought about, is on disk in one transaction. A
  form that is sent again under its key is the same act; another form under that key is refused.
- **One process holds a game.** The lock is the system's, and ends with the process. Whoever else would write the file
  is refused in words with exit code 2. A server whose file is taken away, replaced, cut or written over says "not
  saved", and writes what it has into a file beside it.
- **Time is not eaten.** Deadlines run on a steady clock. After a restart, a jump of the clock or a standstill the
  game is paused with the time that was left, to the second, until the facilitator goes on.
- **Changes are found.** Each line of the journal is chained by hash to the one before; `run.py replay` names the
  first line that does not fit, and sets the recorded orders against the acts.
- **Damage is told.** A damaged file is told with its line and the turns that can be read; `run.py rescue` writes
  these into a new file. Reading changes no byte, of whatever file.

What is not promised: that the disk itself keeps what it said it kept when the power goes (SQLite asks it to, with
synchronous = FULL); and that somebody who makes the whole chain anew is found out, for the chain is no signature. A
copy of a game is its file after the server has stopped, or what `run.py export` writes.

## How it is measured

- **Kills** (`benchmarks.kill`): kill -9 at random moments while 20 players send orders without a break; the file is
  read before a server starts on it again.
- **Faults under a history** (`benchmarks.history`): kills, a process that is stopped for seconds, a clock that is set
  forward and back, a disk that fails at a write, a second writer. Every call of every client is noted with its times;
  the journal must be an order of them that fits those times and a model of the table, and no page may have shown what
  was not so. This is how Jepsen tests databases.
- **Failing writes** (`benchmarks.failing_writes`): SQLite's own table of calls to the system is replaced; the n-th
  write fails, for every n, while a game is begun and while a turn is played. After each fault the file, as a kill
  would leave it then, is opened and compared with what was told. This is how SQLite tests itself.
- **Broken files** (`benchmarks.broken_games`): bits, pages, lengths, rows, values, logs, other programs' files; each
  is read by two of seven commands, within five seconds of processor time.
- **Files of every kind** (`benchmarks.broken_files`): scenarios, policies, games, data and chunks of sweeps, with other
  lines, values, tables, encodings and bytes; each is read within five seconds of processor time and, where it is still
  valid, run. A message counts only where it names file and key; a chunk only where its numbers are the same.
- **A hostile class** (`benchmarks.hostile`): honest students play a whole game while others hold sockets and
  half-sent requests, send broken ones, guess codes and PINs, flood the lobby, forge forms and cookies, hide signs in
  names, delete the file, start a second server, and ask the review without end. Counted are words that somebody read
  who must not, acts that were lost, doubled or refused, answers of 500, who was kept out for more than 3 s, and pages
  of the review that took more than 2 s.
"""


def kills(quick: bool) -> Part:
    """A class plays, and its server is killed."""
    sound, lines = killed(2 if quick else 50)
    row = ("a class plays, and its server is killed", "`benchmarks.kill`", f"{lines[0]}; {lines[-1]}")
    return [row], [] if sound else lines


def faults(quick: bool) -> Part:
    """A class plays under faults of all kinds, and its history is checked."""
    _, wrong, words = played_under_faults(6 if quick else 60)
    return [("a class plays under faults of all kinds", "`benchmarks.history`", words)], wrong


def writes(quick: bool) -> Part:
    """Every write of a game fails once, where SQLite lets its table of calls be replaced."""
    rows = []
    for line in every_fault(120 if quick else 1) if vfs() is not None else ():
        scene, fault, found = line.split(": ", 2)
        rows.append((f"{scene}, with {fault}", "`benchmarks.failing_writes`", found))
    return rows, []


def games(quick: bool) -> Part:
    """Game files are broken, and read."""
    times = 12 if quick else 800
    with tempfile.TemporaryDirectory() as folder:
        counts, unfit = broken(times, 1, Path(folder))
    return [("game files are broken, and read", "`benchmarks.broken_games`", summary(times, counts, unfit))], unfit


def files(quick: bool) -> Part:
    """Files of every kind, and chunks, are broken, read and run."""
    by_kind, unread = tried(*((60, 40) if quick else (10_000, 9_000)), 1, os.cpu_count() or 1)
    row = ("files of every kind are broken, read and run", "`benchmarks.broken_files`", figures(by_kind, unread)[-1])
    return [row], unread


def people(quick: bool) -> Part:
    """A class plays among hostile people."""
    found = hostile(60 if quick else 2000)
    row = ("a class plays among hostile people", "`benchmarks.hostile`", "; ".join(found.lines()))
    wrong = [f"{count} {what}" for what, count in found.wrong().items() if count]
    return [row], [*wrong, *found.leaks, *found.broken, *found.failed]


PARTS: dict[str, Callable[[bool], Part]] = {
    "kills": kills, "faults": faults, "writes": writes, "games": games, "people": people, "files": files,
}  # fmt: skip


def measured(quick: bool, kept: Path) -> Part:
    """All parts' rows, and what was wrong; a part that an interrupted run finished is read from `kept`."""
    rows, wrong = [], []
    for name, part in PARTS.items():
        file = kept / f"{name}.json"
        if quick or not file.exists():
            print(f"{name} …", flush=True)
            of_part = part(quick)
            if not quick and not of_part[1]:
                kept.mkdir(parents=True, exist_ok=True)
                file.write_text(json.dumps(of_part[0]), encoding="utf-8")
        else:
            of_part = [tuple(row) for row in json.loads(file.read_text(encoding="utf-8"))], []
        for row in of_part[0]:
            print(": ".join(row), flush=True)
        rows += of_part[0]
        wrong += of_part[1]
    return rows, wrong


def main() -> None:
    """Measure, print, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--kept", type=Path, default=Path("out") / "reliability", help="finished parts of a run")
    args = parser.parse_args()
    rows, wrong = measured(args.quick, args.kept)
    if wrong:
        raise SystemExit("\n".join(wrong))
    if not args.quick:
        told = {
            "date": date.today().isoformat(), "cores": os.cpu_count(), "python": platform.python_version(),
            "sqlite": sqlite3.sqlite_version, "system": platform.system(),
            "rows": "\n".join(f"| {' | '.join(row)} |" for row in rows),
        }  # fmt: skip
        PAGE.write_text(TEXT.format(**told), encoding="utf-8")
        print(f"Written: {PAGE}")


if __name__ == "__main__":
    main()
