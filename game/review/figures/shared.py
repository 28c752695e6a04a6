"""What the review's own figures share: the foot, looks of seats and groups."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter

from analysis.pictures.chart import Chart
from analysis.pictures.style import NAMED, About, Sheet, made_by
from analysis.said import Said, Say
from analysis.words import shortened
from game.review.played import Played
from sim.law.compiled import RULES_HASH

LOOKS: Final = (
    ("#0072B2", "-", "o"), ("#D55E00", (0, (5, 1.5)), "s"), ("#009E73", (0, (5, 1.5, 1, 1.5)), "^"),
    ("#AA4499", (0, (1.2, 1.2)), "D"), ("#B8860B", (0, (7, 2)), "v"), ("#000000", (0, (2, 2)), "X"),
    ("#56B4E9", (0, (3, 1, 1, 1, 1, 1)), "P"), ("#882255", (0, (9, 2, 2, 2)), "<"),
)  # fmt: skip


SEAT: Final = 28  # columns of the title of a seat, or of a group, in a figure


def seat_name(title: str) -> str:
    """A seat's title as a figure and its words show it, cut where it is long."""
    cut = shortened(title, SEAT)
    return title.cut_to(cut) if isinstance(title, Said) else cut


def _said(named: FuncFormatter, say: Say, at: float, place: int | None = None) -> str:
    return shortened(say(named(at, place)), SEAT)


def in_words_of(chart: Chart, say: Say) -> Chart:
    """A chart that says everything in another language."""

    def draw(data: Any, figure: Sheet) -> None:
        chart.draw(data, figure)
        for text in figure.findobj(Text):
            text.set_text(say(text.get_text()))
        for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
            named = axis.get_major_formatter()
            if isinstance(named, FuncFormatter):  # names, which the text of a tick is made of when it is drawn
                axis.set_major_formatter(FuncFormatter(partial(_said, named, say)))

    return replace(
        chart, finding=lambda data: say(chart.finding(data)), shows=lambda data: say(chart.caption(data)), draw=draw
    )


@dataclass(frozen=True)
class GameFoot(About):
    """The foot of a figure about a game."""

    file: str = ""
    say: Say = str

    def lines(self) -> tuple[str, str]:
        """The two lines at the foot."""
        title, file = shortened(self.scenario, NAMED), shortened(self.file, NAMED)
        game = Said(
            "Game: %(title)s  ·  %(file)s  ·  seed %(seed)s, replicate 0 is this world",
            title=title, file=file, seed=self.seed,
        )  # fmt: skip
        made = Said(
            "Relative to this model, not a forecast.  %(made)s; facts: scenarios/data, with their sources.",
            made=made_by(self.rules_hash).partition("; ")[0],
        )
        return self.say(game), self.say(made)


def foot_of(played: Played, say: Say = str) -> GameFoot:
    """What the foot of a game's figures says."""
    setup = played.setup
    return GameFoot(setup.game.title, setup.policy.title, setup.game.seed, 0, RULES_HASH, file=played.name, say=say)
