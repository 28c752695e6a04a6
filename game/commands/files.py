"""Commands about game files: verify by replay, export, delete."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.told import told
from game.commands.options import GameFile, Out
from sim.inputs.errors import fail


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


def rescue(
    file: GameFile, out: Annotated[Path | None, typer.Option("--out", "-o", help="the new game file")] = None
) -> None:
    """Keep what can be read of a damaged game in a new file, which can be played on; the damaged one stays."""
    told(rescue_game, file, out)


def replay_game(path: Path) -> bool:
    """Replay all branches of a file and say whether they come out as recorded."""
    from game.core.replay import verify_file

    verdicts = verify_file(path)
    for verdict in verdicts:
        print(verdict.words())
    return all(verdict.verified for verdict in verdicts)


def export_files(path: Path, out: Path | None) -> None:
    """Write CSV and JSON of a game."""
    from game.core.export import export_game

    for written in export_game(path, out or Path("out") / f"{path.stem}_export"):
        print(written)


def delete_game(path: Path) -> list[Path]:
    """Delete a game file, which nobody plays, with what SQLite keeps beside it; what was deleted."""
    from game.core.journal import open_journal
    from game.core.keeping.held import hold, log_of, real

    open_journal(path).close()
    path = real(path)  # not a link to it
    held, found = hold(path), [one for one in (path, log_of(path), Path(f"{path}-shm")) if one.exists()]
    try:
        if sys.platform == "win32":
            held.release()  # there an open file cannot be deleted
        for one in found:
            one.unlink()
    finally:
        held.release()
    return found


def rescue_game(path: Path, out: Path | None) -> None:
    """Write the lines before the first damaged one into a new file."""
    from game.core.keeping.held import free_name
    from game.core.keeping.rescue import rescue

    new = out or free_name(path.with_stem(f"{path.stem}-rescued"))
    try:
        lines = rescue(path, new)
    except OSError as error:
        raise fail("", str(error)) from None
    print(f"{new}: {lines} lines kept; go on with python run.py play --resume {new}")
