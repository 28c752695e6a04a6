"""Commands about game files: verify by replay, export, delete."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.told import told
from game.commands.options import GameFile, Out
from sim.inputs.errors import InputError, Problem


def replay(file: GameFile) -> None:
    """Verify a game from its file alone; exit code 1 where it cannot be verified."""
    verified: list[bool] = []
    told(lambda: verified.append(replay_game(file)))
    if not all(verified):
        raise typer.Exit(1)


def export(file: GameFile, out: Out = None) -> None:
    """Write a game's acts, measures and scores as CSV and JSON; pseudonyms only."""
    told(export_files, file, out)


def delete(file: GameFile, yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False) -> None:
    """Delete a game file and all that belongs to it."""
    if yes or typer.confirm(f"Delete {file} for good?"):
        told(lambda: print("Deleted:", *delete_game(file)))


def game_file(path: Path) -> Path:
    """A path that is a game file; InputError in words where it is none."""
    from game.core.journal import open_journal

    try:
        open_journal(path).close()
    except (FileNotFoundError, ValueError) as error:
        raise InputError([Problem(str(path), "", "", str(error).removeprefix(f"{path}: "))]) from None
    return path


def replay_game(path: Path) -> bool:
    """Replay all branches of a file and say whether they come out as recorded."""
    from game.core.replay import verify_file

    verdicts = verify_file(game_file(path))
    for verdict in verdicts:
        print(verdict.words())
    return all(verdict.verified for verdict in verdicts)


def export_files(path: Path, out: Path | None) -> None:
    """Write CSV and JSON of a game."""
    from game.core.export import export_game

    for written in export_game(game_file(path), out or Path("out") / f"{path.stem}_export"):
        print(written)


def delete_game(path: Path) -> list[Path]:
    """Delete a game file with what SQLite keeps beside it; what was deleted."""
    game_file(path)
    found = [one for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm")) if one.exists()]
    for one in found:
        one.unlink()
    return found
