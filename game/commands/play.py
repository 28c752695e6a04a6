"""Commands for games that need no server: the tournament, and printed handouts. `run.py` parses and calls."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from game.core.game_file import load_game, setup_of

WIDE: Final = 150  # columns of a terminal that shows all line-ups side by side


def show_progress(done: int, total: int) -> None:
    """One line that counts up, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r  {done} of {total} line-ups played", end="" if done < total else "\n", file=sys.stderr, flush=True)


def run_tournaments(games: Sequence[str], replicates: int, seed: int, out: Path, threads: int | None = None) -> None:
    """Play the tournament of each game, print its table and sentences, write CSV and figure; exit code 1 where a game
    is not worth playing.
    """
    from game.tournament.picture import draw_tournament
    from game.tournament.report import sentences, winners_table, write_csv
    from game.tournament.runs import run_tournament

    console, passed = Console(), True
    setups = {name: setup_of(load_game(name)) for name in games}  # mistakes are told before anything is run
    for name, setup in setups.items():
        tournament = run_tournament(setup, max(replicates, 2), seed, show_progress, threads)
        console.print(f"\n{setup.game.title}: who wins in which line-up of the others", style="bold")
        console.print(winners_table(tournament, console.width >= WIDE))
        for sentence in sentences(tournament):
            console.print(f"• {sentence}")
        folder = out / Path(name).stem
        write_csv(tournament, Path(name).stem, folder / "tournament.csv")
        for kind in ("png", "svg"):
            draw_tournament(tournament, folder / f"tournament.{kind}")
        console.print(f"Written: {folder / 'tournament.csv'}, {folder / 'tournament.png'}, .svg")
        passed = passed and tournament.passed
    if not passed:
        raise SystemExit(1)


def print_handouts(name: str, out: Path) -> None:
    """Write a game's seat briefs and order sheets as one page for a printer."""
    from game.print.handouts import write_handouts

    path = write_handouts(setup_of(load_game(name)), out)
    print(f"Written: {path}. Open it in a browser and print; each brief and each order sheet is one page.")
