"""Mistakes in what was asked, told in words: for every command."""

import sys
from collections.abc import Callable
from typing import Any

import typer


def told(work: Callable[..., None], *arguments: Any) -> None:
    """Do the work; a mistake in what was asked is told in words, with exit code 2."""
    from sim.inputs.errors import InputError

    try:
        work(*arguments)
    except (InputError, ModuleNotFoundError) as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        print("Stopped. What was run is kept; the same command goes on from there.", file=sys.stderr)
        raise typer.Exit(130) from None
