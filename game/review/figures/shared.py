"""What the review's own figures share: the foot, looks of seats and groups."""

from dataclasses import dataclass
from typing import Final

from analysis.pictures.style import NAMED, About, made_by
from analysis.words import shortened
from game.review.played import Played
from sim.law.compiled import RULES_HASH

LOOKS: Final = (
    ("#0072B2", "-", "o"), ("#D55E00", (0, (5, 1.5)), "s"), ("#009E73", (0, (5, 1.5, 1, 1.5)), "^"),
    ("#AA4499", (0, (1.2, 1.2)), "D"), ("#B8860B", (0, (7, 2)), "v"), ("#000000", (0, (2, 2)), "X"),
    ("#56B4E9", (0, (3, 1, 1, 1, 1, 1)), "P"), ("#882255", (0, (9, 2, 2, 2)), "<"),
)  # fmt: skip


SEAT: Final = 28  # columns of the title of a seat, or of a group, in a figure


@dataclass(frozen=True)
class GameFoot(About):
    """The foot of a figure about a game."""

    file: str = ""

    def lines(self) -> tuple[str, str]:
        """The two lines at the foot."""
        title, file = shortened(self.scenario, NAMED), shortened(self.file, NAMED)
        game = f"Game: {title}  ·  {file}  ·  seed {self.seed}, replicate 0 is this world"
        return game, f"Relative to this model, not a forecast.  {made_by(self.rules_hash)}"


def foot_of(played: Played) -> GameFoot:
    """What the foot of a game's figures says."""
    setup = played.setup
    return GameFoot(setup.game.title, setup.policy.title, setup.game.seed, 0, RULES_HASH, file=played.name)
