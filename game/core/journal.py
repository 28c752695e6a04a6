"""The journal of a game: one SQLite file, append-only. Everything else about a game is replay of what it holds.

Lines are acts in the order in which they were admitted; quarters hold the full orders of everybody, so that replay
calls no policy, with a hash of the world that they led to. A branch shares its parent's lines up to where it forks.
Names of axes are kept too: when an axis has grown since, results are read by name, and orders are not read at all.
Lines are chained by hash. Whoever writes holds the file; whoever reads changes nothing.
"""

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from game.core.act import Act, Lost, NotSaved, Refused
from game.core.game_file import Setup
from game.core.keeping.chain import HEAD, ROOT, SINCE, Chain, has_chain, hash_of_line, links, look_along, root_of
from game.core.keeping.connect import OURS, connected, must_be_a_file, reading, writing
from game.core.keeping.damage import LOCKED, damaged, told_in_words
from game.core.keeping.held import Held, free_name, hold, log_of, made_private, real
from game.core.keeping.keys import fresh_key
from game.core.keeping.reader import Reader
from game.core.keeping.recorded import AXES, laid_by, told_of
from game.core.world_played import Lived, hash_of, pack_arrays
from sim.inputs.errors import fail, show_path
from sim.law.compiled import RULES_HASH
from sim.runs.build import build

FORMAT: Final = 2
FORMATS: Final = ("1", "2")  # that can be read; lines of the first are not chained
TABLES: Final = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "CREATE TABLE branches (id INTEGER PRIMARY KEY, parent INTEGER, after INTEGER, title TEXT NOT NULL,"
    " at REAL NOT NULL)",
    "CREATE TABLE acts (line INTEGER PRIMARY KEY AUTOINCREMENT, branch INTEGER NOT NULL, at REAL NOT NULL,"
    " kind TEXT NOT NULL, actor TEXT NOT NULL, member TEXT NOT NULL, key TEXT, data TEXT NOT NULL, chain TEXT,"
    " UNIQUE (member, key))",
    "CREATE TABLE quarters (branch INTEGER NOT NULL, step INTEGER NOT NULL, line INTEGER NOT NULL,"
    " rules TEXT NOT NULL, orders BLOB NOT NULL, hash TEXT NOT NULL, measures BLOB NOT NULL, states BLOB NOT NULL,"
    " PRIMARY KEY (branch, step))",
    "CREATE TABLE snapshots (branch INTEGER NOT NULL, step INTEGER NOT NULL, world BLOB NOT NULL,"
    " PRIMARY KEY (branch, step))",
    "CREATE TABLE members (token TEXT PRIMARY KEY, name TEXT NOT NULL, seat TEXT NOT NULL, joined REAL NOT NULL,"
    " gone REAL)",
)
# What else a quarter was, for the day when replay cannot say it any more; files of before have no such table.
TOLD: Final = (
    "CREATE TABLE IF NOT EXISTS told (branch INTEGER NOT NULL, step INTEGER NOT NULL, data TEXT NOT NULL,"
    " PRIMARY KEY (branch, step))"
)


class Journal(Reader):
    """One game file. `append` is the only way in, and commits before it returns. Without `held` it is only read."""

    def __init__(self, path: Path, connection: sqlite3.Connection, held: Held | None = None) -> None:
        super().__init__(path, connection)
        self.held, self.head, self.lost = held, "", ""
        self.leave: Callable[[], object] | None = None  # what is let go of besides
        self._chain: Chain | None = None
        if held is not None:
            held.note()
            self.head = self.known(HEAD) or ""

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file, and let go of it."""
        with self.lock:
            self.connection.close()
            if self.held is not None:
                self.held.release()
            if self.leave is not None:
                self.leave()

    def chain(self) -> Chain:
        """What a look along the chain shows; once, where the file is only read."""
        if self._chain is None or self.held is not None:
            self._chain = look_along(self.connection)
        return self._chain

    def must_be_whole(self) -> None:
        """`Damaged` where a line does not fit what was written."""
        broken = self.chain().broken
        if broken is not None:
            raise damaged(self.path, broken.line, self.turns_before(broken.line), broken.words)

    def check(self) -> None:
        """Lost, in words, where the file is not as we left it: called before each "saved", and now and then."""
        if self.held is None:
            raise Refused("This game file is only read: nothing can be saved in it.")
        with self.lock:
            if not self.lost and not self.held.same():
                self.lost = self._changed_by_others()
            if self.lost:
                raise Lost(self.lost)

    def _changed_by_others(self) -> str:
        """What is wrong where something was written that we did not write; empty where it was harmless."""
        assert self.held is not None
        file = show_path(self.path)
        why = f"the game file {file}, or its log, was taken away or replaced"
        if not self.held.gone():
            why = f"another program wrote into the game file {file}"
            with contextlib.suppress(sqlite3.Error), contextlib.closing(connected(self.path, "ro")) as fresh:
                if fresh.execute("PRAGMA quick_check").fetchone() == ("ok",) and self._holds_all(fresh):
                    self.held.note()
                    return ""
        return f"Not saved: {why}. {self._rescued()} Stop this server."

    def _holds_all(self, fresh: sqlite3.Connection) -> bool:
        """Whether a connection sees what we wrote last."""
        found = fresh.execute("SELECT value FROM meta WHERE name = ?", (HEAD,)).fetchone()
        return found is not None and bool(found[0] == self.head)

    def _rescued(self) -> str:
        """Write what we still have of a lost file beside it."""
        new = free_name(self.path.with_stem(f"{self.path.stem}-rescued"))
        try:
            made_private(new)
            self.connection.execute("VACUUM INTO ?", (str(new),))
            with contextlib.closing(connected(new, "ro")) as fresh:
                if look_along(fresh).broken is None and self._holds_all(fresh):
                    return f"All that was saved is in {show_path(new)}, to go on with by --resume."
        except (sqlite3.Error, OSError):
            pass
        with contextlib.suppress(OSError):
            new.unlink()
        return "What was saved is not where it was, and could not be written anew."

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """What is written inside is on disk whole afterwards, or not at all, and in the file that we hold."""
        with self.lock:
            self.check()
            assert self.held is not None
            head = self.head
            try:
                self.connection.execute("BEGIN IMMEDIATE")
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException as error:
                self.head = head
                with contextlib.suppress(sqlite3.Error):  # SQLite may have taken it back by itself
                    if self.connection.in_transaction:
                        self.connection.execute("ROLLBACK")
                self.held.note()
                if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
                    words = f"Not saved: {error}. Try again; where it stays so, look at the server's disk."
                    raise NotSaved(words) from error
                raise
            if self.held.gone():
                self.check()
            self.held.note()

    def set_meta(self, **facts: str) -> None:
        """Keep facts about the game, such as the hash of the facilitator's secret."""
        with self._transaction() as write:
            write.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

    def keep_time(self, now: float) -> None:
        """Remember the time of the room, for the case that this process is killed. It need not outlive the power."""
        with self.lock:
            self.connection.execute("PRAGMA synchronous = NORMAL")
            try:
                self.set_meta(clock=repr(now))
            finally:
                self.connection.execute("PRAGMA synchronous = FULL")

    def fork(self, parent: int, after: int, title: str, facts: Mapping[str, str] | None = None) -> int:
        """Open a branch after a line of another, which is played from now on; nothing is deleted. `facts`: kept too."""
        with self._transaction() as write:
            row = (parent, after, title, time.time())
            branch = write.execute("INSERT INTO branches (parent, after, title, at) VALUES (?, ?, ?, ?)", row).lastrowid
            kept = {"branch": str(branch), **(facts or {})}
            write.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", kept.items())
            return int(branch or 0)

    def append(
        self, branch: int, act: Act, member: str = "", key: str | None = None, lived: Sequence[Lived] = (),
        snapshot: bytes | None = None,
    ) -> int:  # fmt: skip
        """Write an act, and what it brought about, in one transaction; its line. It is on disk when this returns."""
        with self._transaction() as write:
            if (self.known(HEAD) or "") != self.head:
                self.lost = "Not saved: another program wrote into the game file. Stop the server."
                raise Lost(self.lost)
            line = int(write.execute(
                "INSERT INTO acts (branch, at, kind, actor, member, key, data) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (branch, act.at, act.kind, act.actor, member, key, json.dumps(act.data, sort_keys=True)),
            ).lastrowid or 0)  # fmt: skip
            for one in lived:
                states = pack_arrays((one.states,))
                row = (branch, one.step, line, RULES_HASH, one.orders, one.hash, one.measures.tobytes(), states)
                write.execute("INSERT INTO quarters VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
                write.execute("INSERT INTO told VALUES (?, ?, ?)", (branch, one.step, json.dumps(told_of(one))))
            if lived and snapshot is not None:
                write.execute("INSERT INTO snapshots VALUES (?, ?, ?)", (branch, lived[-1].step, snapshot))
            chain = hash_of_line(write, self.head.partition(":")[2], line)
            write.execute("UPDATE acts SET chain = ? WHERE line = ?", (chain, line))
            self.head = f"{line}:{chain}"
            write.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (HEAD, self.head))
        if lived:
            self.settle()
        return line

    def settle(self) -> None:
        """Move the log into the file: who copies the file alone copies all turns that are played."""
        assert self.held is not None
        with self.lock, contextlib.suppress(sqlite3.Error):  # what is saved is saved, be it in the log
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
        self.held.note()

    def put_member(self, token: str, name: str, seat: str) -> None:
        """Remember a member by the hash of its token; a new seat replaces the old one."""
        with self._transaction() as write:
            write.execute(
                "INSERT INTO members (token, name, seat, joined) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (token) DO UPDATE SET name = excluded.name, seat = excluded.seat, gone = NULL",
                (token, name, seat, time.time()),
            )

    def drop_member(self, token: str) -> None:
        """A member leaves; its token is worth nothing any more. Of whoever never acted nothing is kept."""
        with self._transaction() as write:
            acted = "EXISTS (SELECT 1 FROM acts WHERE member = token)"
            write.execute(f"DELETE FROM members WHERE token = ? AND NOT {acted}", (token,))
            write.execute("UPDATE members SET gone = ? WHERE token = ?", (time.time(), token))


def create_journal(path: Path, setup: Setup, more: Mapping[str, str] | None = None) -> Journal:
    """A new game file, which this process holds; refuses to write over another one. Whole, or not there.

    more: other facts to keep, such as the room's code.
    """
    built = build(setup.scenario)
    facts = {
        "format": str(FORMAT), "setup": json.dumps(setup.as_json(), sort_keys=True), "rules": RULES_HASH,
        "first_day": hash_of(built.setting, built.world), "created": str(time.time()),
        "parameters": json.dumps(built.parameters._asdict()), "axes": json.dumps(AXES), "laid_by": laid_by(),
        **(more or {}),
    }  # fmt: skip

    def fill(connection: sqlite3.Connection) -> None:
        connection.executemany("INSERT INTO meta VALUES (?, ?)", facts.items())
        connection.execute("INSERT INTO branches VALUES (1, NULL, 0, 'main', ?)", (time.time(),))

    return new_file(path, fill)


def new_file(path: Path, fill: Callable[[sqlite3.Connection], None]) -> Journal:
    """A file with the tables of a game, filled and chained, which this process holds."""
    path = real(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        made_private(path)
    except FileExistsError:
        raise FileExistsError(f"{path} exists; a game is never written over") from None
    held = hold(path)
    try:
        connection = writing(path)
        with contextlib.ExitStack() as left:
            left.callback(connection.close)
            connection.execute(f"PRAGMA application_id = {OURS}")
            connection.execute("BEGIN IMMEDIATE")
            for table in (*TABLES, TOLD):
                connection.execute(table)
            fill(connection)
            chained_from(connection)
            connection.execute("COMMIT")
            left.pop_all()
    except BaseException as error:
        for one in (path, log_of(path), Path(f"{path}-shm")):
            one.unlink(missing_ok=True)
        held.release()
        if isinstance(error, sqlite3.Error):
            raise OSError(f"{path}: cannot be written: {error}") from error
        raise
    journal = Journal(path, connection, held)
    journal.settle()
    return journal


def chained_from(connection: sqlite3.Connection) -> None:
    """Chain all lines that there are, and remember up to where they were not chained when they were written."""
    root, line = root_of(connection), 0
    chain = root
    for line, chain in list(links(connection)):
        connection.execute("UPDATE acts SET chain = ? WHERE line = ?", (chain, line))
    facts = {ROOT: root, HEAD: f"{line}:{chain}", "format": str(FORMAT)} | ({SINCE: str(line)} if line else {})
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())


def open_journal(path: Path) -> Journal:
    """A game file, to read: nothing is changed. InputError in words where it is none."""
    must_be_a_file(path)  # under the name that was given
    path = real(path)
    with contextlib.ExitStack() as left:
        journal = Journal(path, left.enter_context(reading(path)))
        with journal.in_words():
            found = journal.meta("format")
            if found not in FORMATS:
                raise fail(show_path(path), f"game files of format {found[:20]} cannot be read by this version")
        journal.leave = left.pop_all().close
    return journal


@contextlib.contextmanager
def reading_game(path: Path, chained: bool = True) -> Iterator[Journal]:
    """A game file while it is read: whatever is wrong with it is told with its line. `chained`: also a broken chain."""
    with told_in_words(path, lambda line: 0):
        journal = open_journal(path)
    with journal, journal.in_words():
        if chained:
            journal.must_be_whole()
        yield journal


def resumed_journal(path: Path) -> Journal:
    """A game file to go on with, which this process holds. Lines of a file of before are chained from now on."""
    must_be_a_file(path)
    path = real(path)
    with reading_game(path):
        pass  # before anything is opened to write: it is a game, and whole
    held = hold(path)
    with contextlib.ExitStack() as left:
        left.callback(held.release)
        try:
            connection = writing(path)
            left.callback(connection.close)
            connection.execute("BEGIN IMMEDIATE")
            # Also proves, before anybody plays, that the file can be written.
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('format', ?)", (str(FORMAT),))
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('web_key', ?)", (fresh_key(),))
            if not has_chain(connection):
                connection.execute("ALTER TABLE acts ADD COLUMN chain TEXT")
                connection.execute(TOLD)
                chained_from(connection)
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            words = LOCKED if "locked" in str(error) else f"cannot be written: {error}. It can be read"
            raise fail(show_path(path), words) from error
        left.pop_all()
    return Journal(path, connection, held)


def facts_of(journal: Journal) -> dict[str, Any]:
    """What a person wants to know about a file."""
    setup = journal.setup()
    return {
        "title": setup.game.title,
        "seed": setup.game.seed,
        "rules": journal.meta("rules"),
        "acts": len(journal.acts()),
    }
