"""Commands for games that need no server: the tournament, and printed handouts. `run.py` parses and calls."""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from game.plan import load_game, setup_of


def show_progress(done: int, total: int) -> None:
    """One line that counts up, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r  {done} of {total} line-ups played", end="" if done < total else "\n", file=sys.stderr, flush=True)


def run_tournaments(games: Sequence[str], replicates: int, seed: int, out: Path, threads: int | None = None) -> bool:
    """Play the tournament of each game, print its table and sentences, write CSV and figure; whether all passed."""
    from game.draw_tournament import draw_tournament
    from game.tournament import run_tournament
    from game.tournament_report import sentences, winners_table, write_csv

    console, passed = Console(), True
    for name in games:
        setup = setup_of(load_game(name))
        tournament = run_tournament(setup, replicates, seed, show_progress, threads)
        console.print(f"\n{setup.game.title}: who wins in which line-up of the others", style="bold")
        console.print(winners_table(tournament))
        for sentence in sentences(tournament):
            console.print(f"• {sentence}")
        folder = out / Path(name).stem
        write_csv(tournament, Path(name).stem, folder / "tournament.csv")
        for kind in ("png", "svg"):
            draw_tournament(tournament, folder / f"tournament.{kind}")
        console.print(f"Written: {folder / 'tournament.csv'}, {folder / 'tournament.png'}, .svg")
        passed = passed and tournament.passed
    return passed


def print_handouts(name: str, out: Path) -> Path:
    """Write a game's seat briefs and order sheets as one page for a printer; its path."""
    from game.handouts import write_handouts

    path = write_handouts(setup_of(load_game(name)), out)
    print(f"Written: {path}. Open it in a browser and print; each brief and each order sheet is one page.")
    return path
