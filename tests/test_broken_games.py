"""Entry 18: game files that are broken, foreign, or only to be read. Many more: `python -m benchmarks.broken_games`."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from playing import changed, of_before, small
from typer.testing import CliRunner

from benchmarks.broken_games import broken
from benchmarks.played_games import kept, play_a_game
from game.core.act import Refused
from game.core.journal import open_journal
from game.core.keeping.connect import LARGEST
from game.core.keeping.keys import digest
from game.core.live_game import new_room, open_room
from run import app
from sim.inputs.errors import InputError

COMMANDS = ("replay", "export", "review", "lucks", "rescue", "delete")


def told(command: str, path: Path) -> tuple[int, str]:
    """A command about a file: its exit code and what it says; a traceback fails the test."""
    more = {"delete": ["--yes"], "export": ["--out", str(path.parent / "out")], "play": ["--resume"]}.get(command, [])
    words = [command, *more, str(path)] if command == "play" else [command, str(path), *more]
    found = CliRunner().invoke(app, words)
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.output


def everything_in(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {one.name: (one.read_bytes(), one.stat().st_mtime_ns) for one in folder.iterdir() if one.is_file()}


@pytest.fixture(scope="module")
def games(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A game as a clean end leaves it, as a kill does, and as it was written before lines were chained."""
    folder = tmp_path_factory.mktemp("games")
    return kept(play_a_game(folder / "played.game", turns=2), folder)


def test_entry_18_broken_files_are_told_in_words_or_read(tmp_path: Path) -> None:
    counts, wrong = broken(15, 11, tmp_path)
    assert wrong == [] and counts["told in words"] > 5, counts


@pytest.mark.slow
def test_entry_18_more_of_them(tmp_path: Path) -> None:
    counts, wrong = broken(30, 100, tmp_path)
    assert wrong == [], counts


def test_entry_18_the_line_is_named_and_what_can_be_read_is_kept(games: dict[str, Path], tmp_path: Path) -> None:
    for name in ("whole", "before"):
        connection = sqlite3.connect(games[name])
        query = "SELECT line FROM acts WHERE kind = 'close' AND branch = 2 ORDER BY line LIMIT 1 OFFSET 6"
        (line,) = connection.execute(query).fetchone()
        connection.close()
        path = changed(games[name], f"UPDATE acts SET data = '{{' WHERE line = {line}", chained=False)
        for command in ("export", "review", "lucks", "play"):
            code, said = told(command, path)
            assert code == 2 and f"damaged at line {line} (" in said, said
            assert "the course up to turn 1 can be read" in said and "run.py rescue" in said
        code, said = told("rescue", path)
        assert code == 0 and f"{line - 1} lines kept" in said
        rescued = path.with_stem(f"{path.stem}-rescued")
        room = open_room(rescued)
        assert len(room.journal.acts(room.branch)) > 20 and room.table.turn == 1
        room.steer("note", {"text": "it goes on"})
        room.journal.close()
        assert told("replay", rescued)[0] == 0


def test_entry_18_another_programs_database_is_never_changed(tmp_path: Path) -> None:
    for mode in ("WAL", "DELETE"):
        for tables in ("", "CREATE TABLE moz_places (id, url)", "CREATE TABLE meta (name, value)"):
            folder = tmp_path / f"{mode}{len(tables)}"
            folder.mkdir()
            path = folder / "places.sqlite"
            made = sqlite3.connect(path, isolation_level=None)
            made.execute(f"PRAGMA journal_mode = {mode}")
            made.executescript(tables or "PRAGMA user_version = 7")
            before = everything_in(folder)
            for command in (*COMMANDS, "play"):  # also while that program has it open
                code, said = told(command, path)
                assert code == 2 and "places.sqlite: not a game file" in said, said
                assert everything_in(folder) == before
            made.close()
            before = everything_in(folder)
            for command in (*COMMANDS, "play"):
                assert told(command, path)[0] == 2 and everything_in(folder) == before


@pytest.mark.parametrize("kind", ["empty", "text", "folder", "pipe", "device", "circle", "nothing", "large"])
def test_entry_18_only_regular_files_of_a_known_size_are_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "some.game"
    if kind in ("empty", "text"):
        path.write_text("" if kind == "empty" else "title = 'x'")
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "circle":
        path.symlink_to(path.name)
    elif kind == "large":
        path.touch()
        os.truncate(path, LARGEST + 1)
    for command in (*COMMANDS, "play"):
        code, said = told(command, path)
        assert code == 2 and ".game" in said, said


def test_entry_18_a_name_that_no_system_takes_is_told_too() -> None:
    for path in (Path("some\0.game"), Path("x" * 5000)):
        for read in (open_journal, open_room):
            with pytest.raises(InputError, match=r"no such game file|cannot be read"):
                read(path)


def test_entry_18_games_are_read_without_a_trace(games: dict[str, Path], tmp_path: Path) -> None:
    for name, source in games.items():
        folder = tmp_path / name
        folder.mkdir()
        for one in source.parent.glob(f"{source.name}*"):
            shutil.copy(one, folder)
        before = everything_in(folder)
        assert told("replay", folder / source.name)[0] == 0
        open_journal(folder / source.name).close()
        assert everything_in(folder) == before


def test_entry_18_a_game_that_cannot_be_written_is_shown_and_not_played_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, secret = new_room(tmp_path / "class.game", small())
    token = made.join("Ann")
    made.sit(digest(token), "east", made.pins["east"])
    made.journal.close()
    before = everything_in(tmp_path)
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everything
    room = open_room(made.journal.path)
    assert room.is_facilitator(secret) and room.member(token) is not None and not room.tick()
    late = room.join("Bob")
    assert room.member(late) is not None, "whoever comes may look"
    room.drop(digest(late))
    for act in (lambda: room.steer("open", {}), lambda: room.rewind(0, "x"), lambda: room.leave(digest(token))):
        with pytest.raises(Refused):
            act()
    room.journal.close()
    assert everything_in(tmp_path) == before


def test_entry_18_that_a_file_cannot_be_written_is_found_before_anybody_plays(
    games: dict[str, Path], tmp_path: Path
) -> None:
    """A version of SQLite to come has written it: it can be read, and not written, by ours."""
    path = Path(shutil.copy(games["whole"], tmp_path))
    data = bytearray(path.read_bytes())
    data[18] = 9
    path.write_bytes(data)
    assert told("replay", path)[0] == 0
    code, said = told("play", path)
    assert code == 2 and "whole.game: cannot be written" in said and path.read_bytes() == data


def test_entry_18_a_file_that_another_program_has_locked_is_no_damage(games: dict[str, Path], tmp_path: Path) -> None:
    path = Path(shutil.copy(games["whole"], tmp_path))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA journal_mode = DELETE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(InputError, match="another program has locked it"):
        open_room(path)
    other.close()
    open_room(path).journal.close()


def test_entry_18_a_branch_that_is_not_there_is_no_damage(games: dict[str, Path]) -> None:
    found = CliRunner().invoke(app, ["lucks", str(games["whole"]), "--branch", "7"])
    assert found.exit_code == 2 and "branch = 7: allowed: the branches of this game, 1, 2" in found.output


def test_entry_18_what_a_row_promises_is_not_believed(games: dict[str, Path]) -> None:
    """Packed data that unpack to more than there can be are not unpacked."""
    import zlib

    bomb = zlib.compress(bytes(200_000_000)).hex()
    other_rules = "UPDATE quarters SET rules = 'ffff', hash = 'other'"  # then results are read as they were recorded
    for column, *more in (("orders",), ("states", other_rules)):
        for source in (games["whole"], of_before(games["whole"])):
            broken = f"UPDATE quarters SET {column} = x'{bomb}' WHERE step = 3"
            code, said = told("export", changed(source, *more, broken, chained=False))
            assert code == 2 and "damaged at line" in said, said
