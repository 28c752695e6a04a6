"""The command that asks whether games are worth playing."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from analysis.commands.help import Bare, For, drawn_for
from analysis.commands.told import made_ready, told
from analysis.pictures.forms import Form
from game.commands.options import Out, Threads

CLASS_GAMES: Final = ["flank", "south", "door"]
WIDE: Final = 150  # columns of a terminal that shows all line-ups side by side


def tournament(
    games: Annotated[list[str] | None, typer.Argument(help="games; default the class games")] = None,
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="lucks")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="seed of the luck")] = 1,
    out: Out = None,
    threads: Threads = None,
    form: For = "web",
    bare: Bare = False,
) -> None:
    """Is a game worth playing? Every strategy of every seat against line-ups of the others; exit code 1 where not."""
    folder = out or Path("out") / "tournament"
    told(lambda: run_tournaments(games or CLASS_GAMES, replicates, seed, folder, threads, drawn_for(form, bare)))


def silences(
    games: Annotated[list[str] | None, typer.Argument(help="games; default the class games")] = None,
    lucks: Annotated[int, typer.Option("--replicates", "-r", help="lucks")] = 200,
) -> None:
    """Who breaks silence where nobody decides it? Exit code 1 where the Council could not see it coming."""
    told(run_silences, games or CLASS_GAMES, lucks)


def run_silences(games: Sequence[str], lucks: int) -> None:
    """Play each game by policy under many lucks, and print who broke silence and whether it was told before."""
    from game.core.game_file import load_game, setup_of
    from game.tournament.silences import ORDERED
    from game.tournament.silences import silences as of_game

    passed = True
    for setup in [setup_of(load_game(name)) for name in games]:
        for title in ORDERED:
            found = of_game(setup, title, lucks)
            print(f"{setup.game.title}, {found.words()}.")
            passed = passed and found.passed
    if not passed:
        raise SystemExit(1)


def show_progress(done: int, total: int) -> None:
    """One line that counts up, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r  {done} of {total} line-ups played", end="" if done < total else "\n", file=sys.stderr, flush=True)


def run_tournaments(
    games: Sequence[str], replicates: int, seed: int, out: Path, threads: int | None, form: Form
) -> None:  # fmt: skip
    """Play the tournament of each game, print its table and sentences, write CSV and figure; exit code 1 where a game
    is not worth playing.
    """
    from rich.console import Console

    from analysis.pictures.write import draw_charts
    from game.core.game_file import load_game, setup_of
    from game.tournament.picture import CHART, foot_of
    from game.tournament.report import sentences, winners_table, write_csv
    from game.tournament.runs import run_tournament

    console, passed = Console(markup=False, emoji=False), True
    setups = {name: setup_of(load_game(name)) for name in games}  # mistakes are told before anything is run
    made_ready(out, *(Path(name).stem for name in games))
    for name, setup in setups.items():
        tournament = run_tournament(setup, max(replicates, 2), seed, show_progress, threads)
        folder = out / Path(name).stem
        write_csv(tournament, Path(name).stem, folder / "tournament.csv")
        draw_charts([(CHART, tournament)], foot_of(tournament), folder, form=form)
        console.print(f"\n{setup.game.title}: who wins in which line-up of the others", style="bold")
        console.print(winners_table(tournament, console.width >= WIDE))
        for sentence in sentences(tournament):
            console.print(f"• {sentence}")
        console.print(f"Written: {folder / 'tournament.csv'}, {folder / 'tournament.'}{', .'.join(form.formats)}")
        passed = passed and tournament.passed
    if not passed:
        raise SystemExit(1)
