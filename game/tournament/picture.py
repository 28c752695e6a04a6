"""The picture of a tournament: for each seat its strategies against the line-ups of the others."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart, same
from analysis.pictures.style import INK, LOW_HIGH, NAMED, SMALL, About, Sheet, blank, ink_on, made_by, panels
from analysis.words import shortened
from game.tournament.runs import Contest, Tournament
from sim.law.compiled import RULES_HASH

COLUMNS: Final = 2


@dataclass(frozen=True)
class Lucks(About):
    """The foot of a tournament's figure: `replicate` is the last luck."""

    def lines(self) -> tuple[str, str]:
        """The two lines at the foot."""
        game, policy = (shortened(name, NAMED) for name in (self.scenario, self.policy))
        run = f"Game: {game}  ·  empty seats: {policy}  ·  seed {self.seed}, lucks 0 to {self.replicate}"
        return run, f"In this model, not a forecast.  {made_by(self.rules_hash)}"


SHOWS: Final = (
    "Mean score of a seat, 0 to 100, by its strategy (rows) and what all others play (columns). Framed: leads every "
    "other strategy beyond the 95 % interval. Dashed: may be best."
)


def finding(tournament: Tournament) -> str:
    seats = [seat.id for seat in tournament.setup.game.seats]
    alone = sum(tournament.dominant(seat) is not None for seat in seats)
    idle = sum(not tournament.nothing_loses(seat) for seat in seats)
    if not alone and not idle:
        return "No strategy wins against every line-up for any seat, and doing nothing loses in all"
    return f"{alone} of {len(seats)} seats have one best strategy; for {idle} doing nothing does not lose"


def foot_of(tournament: Tournament) -> About:
    """What the foot says."""
    setup = tournament.setup
    return Lucks(setup.game.title, setup.policy.title, tournament.seed, tournament.replicates - 1, RULES_HASH)


def size(tournament: Tournament) -> tuple[float, float]:
    """A row for every two seats."""
    return 13.0, 2.2 + 2.75 * -(-len(tournament.setup.game.seats) // COLUMNS)


def draw(tournament: Tournament, figure: Sheet) -> None:
    """A panel for each seat."""
    rows = -(-len(tournament.setup.game.seats) // COLUMNS)
    axes = panels(figure, rows, COLUMNS, left=1.9, right=0.25, across=2.0, down=0.95, bottom=0.62, top=0.3)
    flat = [one for row in axes for one in row]
    for at, panel in enumerate(flat):
        if at >= len(tournament.setup.game.seats):
            blank(panel)
            continue
        _panel(tournament.of_seat(tournament.setup.game.seats[at].id), panel)


def _panel(contests: tuple[Contest, ...], panel: Axes) -> None:
    means = np.stack([contest.scores.mean(axis=0) for contest in contests], axis=1)  # (strategies, line-ups)
    panel.imshow(means, cmap=LOW_HIGH, vmin=0.0, vmax=100.0, aspect="auto")
    for (row, column), value in np.ndenumerate(means):
        best = contests[column].best
        ink = ink_on(LOW_HIGH(value / 100.0))
        bold = "bold" if row == best.winner else "normal"
        panel.text(column, row, f"{value:.0f}", ha="center", va="center", fontsize=SMALL, color=ink, fontweight=bold)
        if row in best.not_beaten:
            dashes = "-" if row == best.winner else (0, (2, 1.5))
            panel.add_patch(Rectangle(
                (column - 0.47, row - 0.43), 0.94, 0.86, fill=False, edgecolor="#D55E00", linewidth=2.0,
                linestyle=dashes,
            ))  # fmt: skip
    panel.set_title(shortened(contests[0].seat.title, NAMED), color=INK, pad=6)
    panel.set_yticks(range(len(means)), list(contests[0].strategies), color=INK)
    names = [contest.line_up for contest in contests]
    panel.set_xticks(range(len(contests)), [_two_lines(name) for name in names], color=INK, fontsize=9.0)
    panel.tick_params(length=0)
    for spine in panel.spines.values():
        spine.set_visible(False)


def _two_lines(name: str) -> str:
    """A line-up's name over two lines, so that five fit beside each other."""
    words = name.split(" ")
    middle = (len(words) + 1) // 2
    return " ".join(words[:middle]) + "\n" + " ".join(words[middle:])


CHART: Final = Chart("tournament", "Which strategy wins against whom", SHOWS, size, same, finding, draw)
