"""Commands about the review of a game; what they call is imported when they run, so that others start fast."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.help import Bare, For, drawn_for
from analysis.commands.told import told
from game.commands.options import Branch, GameFile, Out, Seat, Threads


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
    from game.commands.review_shown import review_command

    told(review_command, file, out, lucks_, replicates, threads, branch, tuple(others or ()))


def lucks(
    file: GameFile,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="other lucks")] = 1000,
    branch: Branch = None,
    threads: Threads = None,
) -> None:
    """Where this world fell among other courses of luck, and what the class's play was worth."""
    from game.commands.review_shown import lucks_command

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
    from game.commands.review_shown import twin_command

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
    from game.commands.review_shown import without_command

    told(without_command, file, seat, turn, item, replicates, threads, branch)


def league(
    files: Annotated[list[Path], typer.Argument(help="files of one game and seed")],
    out: Out = None,
    form: For = "web",
    bare: Bare = False,
) -> None:
    """Duplicate league: several tables on the same shocks, scored on differences."""
    from game.commands.review_shown import league_command

    told(lambda: league_command(files, out, drawn_for(form, bare)))
