"""The command line, asked within the test's own process."""

from pathlib import Path

from typer.testing import CliRunner, Result

from run import app


def call(*words: str | Path) -> Result:
    """A command with its words: what it said, and how it ended."""
    return CliRunner().invoke(app, [str(word) for word in words])


def told(*words: object) -> tuple[int, str]:
    """A command: its exit code and what it says; a traceback fails the test."""
    found = call(*map(str, words))
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.output
