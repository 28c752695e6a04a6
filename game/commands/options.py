"""Options that several commands about games take."""

from pathlib import Path
from typing import Annotated

import typer

Out = Annotated[Path | None, typer.Option("--out", "-o", help="folder for all outputs")]
Threads = Annotated[int | None, typer.Option(min=1, help="threads; default one for each processor")]
Branch = Annotated[int | None, typer.Option(min=1, help="branch of the game; default the one played last")]
Seat = Annotated[str, typer.Option("--seat", "-s", help="a seat of the game, by its id")]
GameFile = Annotated[Path, typer.Argument(help="a game file")]
