"""Commands about games, as `run.py` offers them: parse and call, nothing else.

What a command calls is imported when it runs, so that the other commands start fast.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from analysis.commands.told import told

Out = Annotated[Path | None, typer.Option("--out", "-o", help="folder for all outputs")]
Threads = Annotated[int | None, typer.Option(min=1, help="threads; default one for each processor")]
Branch = Annotated[int | None, typer.Option(min=1, help="branch of the game; default the one played last")]
Seat = Annotated[str, typer.Option("--seat", "-s", help="a seat of the game, by its id")]
GameFile = Annotated[Path, typer.Argument(help="a game file")]


def play(
    game: Annotated[str, typer.Argument(help="a game: shipped name or path")] = "flank",
    port: Annotated[int, typer.Option(min=1, max=65535, help="port that browsers connect to")] = 8000,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="game file to write; default in out/games")] = None,
    resume: Annotated[Path | None, typer.Option(help="go on with this game file, as after a crash")] = None,
    one_person: Annotated[bool, typer.Option("--one-person", help="phases end by timer; no PINs")] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="seed of the luck, for a league; default drawn")] = None,
    demo: Annotated[bool, typer.Option("--demo", help="a game that policies play, to look at and to join")] = False,
) -> None:
    """Serve a classroom game: prints address, room code, QR code, PINs and the facilitator's secret link.

    Example: python run.py play flank --port 8080
    """
    from game.web import serve

    if demo:
        told(serve.demo, game, port, out)
    else:
        told(serve.serve, game, port, out, one_person, resume, seed)


def replay(file: GameFile) -> None:
    """Verify a game from its file alone; exit code 1 where it cannot be verified."""
    from game.commands.room import replay_game

    verified: list[bool] = []
    told(lambda: verified.append(replay_game(file)))
    if not all(verified):
        raise typer.Exit(1)


def export(file: GameFile, out: Out = None) -> None:
    """Write a game's acts, measures and scores as CSV and JSON; pseudonyms only."""
    from game.commands.room import export_files

    told(export_files, file, out)


def delete(file: GameFile, yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False) -> None:
    """Delete a game file and all that belongs to it."""
    from game.commands.room import delete_game

    if yes or typer.confirm(f"Delete {file} for good?"):
        told(lambda: print("Deleted:", *delete_game(file)))


def review(
    file: GameFile,
    out: Out = None,
    replicates: Annotated[int | None, typer.Option("--replicates", "-r", help="lucks of each question")] = None,
    lucks_: Annotated[int, typer.Option("--lucks", help="other lucks that this world is set among")] = 1000,
    others: Annotated[list[Path] | None, typer.Option("--with", help="files of the same league")] = None,
    branch: Branch = None,
    threads: Threads = None,
) -> None:
    """The whole after-action review of a game: a page, a PDF and figures.

    Example: python run.py review out/games/flank.interlock
    """
    from game.commands.review import review_command

    told(review_command, file, out, lucks_, replicates, threads, branch, tuple(others or ()))


def lucks(
    file: GameFile,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="other lucks")] = 1000,
    branch: Branch = None,
    threads: Threads = None,
) -> None:
    """Where this world fell among other courses of luck, and what the class's play was worth."""
    from game.commands.review import lucks_command

    told(lucks_command, file, replicates, threads, branch)


def twin(
    file: GameFile,
    seat: Seat,
    strategy: Annotated[str | None, typer.Option(help="one strategy in full; default all, in short")] = None,
    replicates: Annotated[int | None, typer.Option("--replicates", "-r", help="fresh lucks")] = None,
    branch: Branch = None,
    threads: Threads = None,
) -> None:
    """What a seat's AI twins would have done under the same luck."""
    from game.commands.review import twin_command

    told(twin_command, file, seat, strategy, replicates, threads, branch)


def without(
    file: GameFile,
    seat: Seat,
    turn: Annotated[int, typer.Option("--turn", "-t", min=1, help="game turn, from 1")],
    item: Annotated[str | None, typer.Option(help="only the stance on this Council item")] = None,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="fresh lucks")] = 200,
    branch: Branch = None,
    threads: Threads = None,
) -> None:
    """What one decision changed: in this world, and on average over fresh luck."""
    from game.commands.review import without_command

    told(without_command, file, seat, turn, item, replicates, threads, branch)


def league(files: Annotated[list[Path], typer.Argument(help="files of one game and seed")], out: Out = None) -> None:
    """Duplicate league: several tables on the same shocks, scored on differences."""
    from game.commands.review import league_command

    told(league_command, files, out)


def tournament(
    games: Annotated[list[str] | None, typer.Argument(help="games; default the class games")] = None,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="lucks")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="seed of the luck")] = 1,
    out: Out = None,
    threads: Threads = None,
) -> None:
    """Is a game worth playing? Every strategy of every seat against line-ups of the others; exit code 1 where not."""
    from game.commands.play import run_tournaments

    chosen = games or ["flank", "south", "door"]
    told(run_tournaments, chosen, replicates, seed, out or Path("out") / "tournament", threads)


def handouts(game: Annotated[str, typer.Argument(help="a game: shipped name or path")], out: Out = None) -> None:
    """Printable seat briefs and order sheets, for the briefing and as paper fallback."""
    from game.commands.play import print_handouts

    told(print_handouts, game, out or Path("out") / "handouts")


def bundle(
    out: Out = None,
    platform: Annotated[str, typer.Option(help="here, windows, macos or linux")] = "here",
    python: Annotated[str, typer.Option(help="Python version of the class's laptop, such as 3.12")] = "",
) -> None:
    """Everything for a laptop without internet: wheels, files that start a game, the facilitator's guide.

    Example: python run.py bundle --platform windows --python 3.12 --out out/bundle
    """
    from game.print.bundle import make_bundle

    told(lambda: print("Written:", make_bundle(out or Path("out") / "bundle", platform, python)))


GAME_COMMANDS: Final[tuple[Callable[..., Any], ...]] = (
    play,
    replay,
    export,
    delete,
    review,
    lucks,
    twin,
    without,
    league,
    tournament,
    handouts,
    bundle,
)
