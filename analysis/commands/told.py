"""Mistakes in what was asked, told in words: for every command; and what can be found wrong before anything is run."""

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer


def in_words(command: Callable[..., None]) -> Callable[..., None]:
    """The command with its mistakes told in words."""

    @functools.wraps(command)
    def in_their_place(*arguments: Any, **options: Any) -> None:
        told(functools.partial(command, *arguments, **options))

    return in_their_place


def told(work: Callable[..., None], *arguments: Any) -> None:
    """Do the work; a mistake in what was asked, a file that cannot be read or written, or an optional package that is
    missing, is told in words, exit code 2.

    Any other missing module is a fault of the program or of its installation, and keeps its traceback.
    """
    from sim.inputs.errors import InputError

    try:
        work(*arguments)
    except InputError as error:
        raise _ended(str(error)) from None
    except ModuleNotFoundError as error:
        from analysis.stats.extras import remedy

        words = remedy(error)
        if words is None:
            raise
        raise _ended(words) from None
    except OSError as error:
        words = error.strerror or str(error)
        raise _ended(f"{error.filename}: {words}" if error.filename else words) from None
    except KeyboardInterrupt:
        raise _ended("Stopped. What was run is kept; the same command goes on from there.", 130) from None


def all_valid(files: list[Path], facts: bool) -> bool:
    """Whether all these files are right; each is described, or what is wrong with it is said."""
    from sim.inputs.describe import describe_all
    from sim.inputs.errors import InputError

    wrong = 0
    for file in files:
        try:
            for paragraph in describe_all(file, facts):
                print(paragraph)
        except InputError as error:
            print(error, file=sys.stderr)
            wrong += 1
    return not wrong


def _ended(words: str, code: int = 2) -> typer.Exit:
    print(words, file=sys.stderr)
    return typer.Exit(code)


def made_ready(folder: Path, *inner: str) -> Path:
    """The folder for outputs, when it and those inside it take files."""
    from sim.outputs.files import room_for

    return room_for(folder, *inner)


def reach(cluster: str | None) -> None:
    """A mistake in a cluster's address, or one where nobody answers, is told before anything is loaded."""
    if cluster is not None:
        from sim.runs.cluster import refuse_silent

        refuse_silent(cluster)
