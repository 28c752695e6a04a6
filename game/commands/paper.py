"""Commands for a class without devices or without internet: printed handouts, and a bundle on a stick."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.told import made_ready, told
from game.commands.options import Out


def handouts(
    game: Annotated[str, typer.Argument(help="a game: shipped name or path")],
    out: Out = None,
    language: Annotated[str, typer.Option(help="language of what is printed: en or de")] = "en",
) -> None:
    """Printable seat briefs and order sheets, for the briefing and as paper fallback."""
    told(print_handouts, game, out or Path("out") / "handouts", language)


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


def print_handouts(name: str, out: Path, language: str = "en") -> None:
    """Write a game's seat briefs and order sheets as one page for a printer."""
    from game.core.game_file import load_game, setup_of
    from game.print.handouts import write_handouts
    from game.web.language import LANGUAGES, say_in
    from sim.inputs.errors import allowed, fail, nearest

    if language not in LANGUAGES:
        words = f"no such language; {allowed(tuple(LANGUAGES))}{nearest(language, LANGUAGES)}"
        raise fail("handouts", words, "--language", repr(language))
    setup = setup_of(load_game(name))
    path = write_handouts(setup, made_ready(out), say_in(language), language)
    print(f"Written: {path}. Open it in a browser and print; each brief and each order sheet is one page.")
