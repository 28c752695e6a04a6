"""Mistakes in what was asked, told in words: for every command."""

import sys
from collections.abc import Callable
from typing import Any

import typer


def told(work: Callable[..., None], *arguments: Any) -> None:
    """Do the work; a mistake in what was asked, or an optional package that is missing, is told in words, exit code 2.

    Any other missing module is a fault of the program or of its installation, and keeps its traceback.
    """
    from sim.inputs.errors import InputError

    try:
        work(*arguments)
    except InputError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except ModuleNotFoundError as error:
        from analysis.stats.extras import remedy

        words = remedy(error)
        if words is None:
            raise
        print(words, file=sys.stderr)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        print("Stopped. What was run is kept; the same command goes on from there.", file=sys.stderr)
        raise typer.Exit(130) from None
