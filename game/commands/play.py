"""The command that serves a game."""

from pathlib import Path
from typing import Annotated

import typer

from analysis.commands.told import told


def play(
    game: Annotated[str | None, typer.Argument(help="a game: shipped name or path; default flank")] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="port that browsers connect to")] = 8000,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="game file to write; default in out/games")] = None,
    resume: Annotated[Path | None, typer.Option(help="go on with this game file; latest: the one played last")] = None,
    one_person: Annotated[bool, typer.Option("--one-person", help="phases end by timer; no PINs")] = False,
    seed: Annotated[int | None, typer.Option(min=0, help="seed of the luck, for a league; default drawn")] = None,
    address: Annotated[
        str | None, typer.Option(help="where others reach it, if a proxy, a tunnel or a container stands between")
    ] = None,
    proxy: Annotated[
        str | None, typer.Option(help="IP address of a reverse proxy that speaks https for us; goes with --address")
    ] = None,
    tables: Annotated[int, typer.Option(min=1, max=4, help="rooms side by side, with the same shocks")] = 1,
    demo: Annotated[bool, typer.Option("--demo", help="a game that policies play, to look at and to join")] = False,
) -> None:
    """Serve a classroom game: prints address, room code, QR code, PINs and the facilitator's secret link.

    Example: python run.py play flank --port 8080
    """
    from sim.outputs.files import room_for_file

    if out is not None and resume is None:
        room_for_file(out)
    from game.web import serve

    if tables > 1:
        told(serve.side_by_side, tables, game, port, seed, address, bool(demo or out or resume or one_person or proxy))
    elif demo:
        told(serve.demo, game, port, out, address, proxy)
    else:
        told(serve.serve, game, port, out, one_person, resume, seed, address, proxy)
