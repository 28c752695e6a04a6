"""What states are called in a game: their own names, or invented ones where the game says so.

Rules, files and journals keep the real codes. Only what people read is told in other names, so that a class can play a
conflict without a student having to play against home.
"""

import re
from functools import cache
from typing import NamedTuple

from analysis.said import Said
from game.core.game_file import Game
from sim.inputs.reading.rows import read_rows
from sim.inputs.toml_files import FOLDER
from sim.runs.build import Built


class Invented(NamedTuple):
    """An invented state: its name, and three letters for the map."""

    name: str
    short: str


@cache
def invented() -> dict[str, Invented]:
    """Invented names by real code."""
    rows = read_rows(FOLDER / "data" / "fictional.csv", ("code", "name", "short"))
    return {row["code"]: Invented(row["name"], row["short"]) for row in rows}


def names_of(game: Game, built: Built) -> dict[str, str]:
    """What each state of the cast is called in this game, by code."""
    if not game.fictional:
        return dict(zip(built.codes, map(Said, built.names), strict=True))
    return {code: invented()[code].name for code in built.codes}


def shorts_of(game: Game, built: Built) -> dict[str, str]:
    """What stands on each state's tile of the map, by code."""
    return {code: invented()[code].short if game.fictional else code for code in built.codes}


def retold(text: str, game: Game, built: Built) -> str:
    """A text made by the simulation, such as a line of news, in the names of this game."""
    if not game.fictional:
        return text
    found = _pattern(built.codes, built.names).sub(lambda found: _instead(found[0], built), text)
    return text if found == text else found


@cache
def _pattern(codes: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    """Every real name and code as a whole word, the longest first, because one name may begin another."""
    words = sorted((*names, *codes), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(re.escape(word) for word in words) + r")\b")


def _instead(word: str, built: Built) -> str:
    """The invented name for a real name, or the invented code for a real code."""
    if word in built.codes:
        return invented()[word].short
    return invented()[built.codes[built.names.index(word)]].name
