"""A room with a game in it, and what tests of keeping play ask of it."""

import secrets

from typer.testing import CliRunner

from game.core.keeping.keys import digest
from game.core.live_game import Room
from run import app


def token_of(room: Room) -> str:
    """A token for whoever sits in the east: only hashes are kept, so that a test takes a new one."""
    token = room.join(f"Ann {secrets.token_hex(2)}")
    room.sit(digest(token), "east")
    return token


def told(*arguments: object) -> tuple[int, str]:
    """A command: its exit code and what it says; a traceback fails the test."""
    found = CliRunner().invoke(app, [str(one) for one in arguments])
    assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
    return found.exit_code, found.output
