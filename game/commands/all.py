"""Commands about games, as `run.py` offers them."""

from collections.abc import Callable
from typing import Any, Final

from game.commands.files import delete, export, replay, rescue
from game.commands.paper import bundle, handouts
from game.commands.play import play
from game.commands.review import league, lucks, review, twin, without
from game.commands.tournament import silences, tournament

GAME_COMMANDS: Final[tuple[Callable[..., Any], ...]] = (
    play, replay, export, rescue, delete, review, lucks, twin, without, league, tournament, silences, handouts, bundle,
)  # fmt: skip
