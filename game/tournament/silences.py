"""Who breaks silence where nobody at the table decides it: a state that the Council saw coming, or one out of the blue.

Games are played at the real table, by policy, under many lucks: once with every seat empty, and once with a staff that
asks for much and a rival that divides, so that there is something to block. A broken silence counts as foreseen where
the page of that Council named the state and its reason; such a state can be won.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from game.core.act import CLOCK, FACILITATOR, Act
from game.core.council.positions import Uneasy
from game.core.game_file import Setup
from game.core.phases import Table, new_table
from game.seats.kinds import KINDS
from sim.runs.ensemble import Progress

ORDERED: Final = {
    "all by policy": {},
    "large programme, rival that divides": {"staff": "capability", "rival": "divide"},
}
MOST: Final = 0.05  # of the silences broken may come from where nobody could see it


class Break(NamedTuple):
    """One silence broken: an ally, an item, a quarter; and why, where the Council could read it before."""

    code: str
    item: str
    reason: str


@dataclass(frozen=True)
class Silences:
    """All silences broken in a game under many lucks, in one way of playing it."""

    title: str
    lucks: int
    broken: tuple[Break, ...]

    @property
    def unforeseen(self) -> int:
        """How many came from a state that no seat could foresee or sway."""
        return sum(not one.reason for one in self.broken)

    @property
    def passed(self) -> bool:
        """Whether they are few enough."""
        return self.unforeseen <= MOST * len(self.broken)

    def words(self) -> str:
        """One line."""
        count = Counter((one.code, one.reason or "no reason shown") for one in self.broken).most_common(3)
        most = "; most often " + ", ".join(f"{c} ({why}) {n}" for (c, why), n in count) if count else ""
        return (
            f"{self.title}: {len(self.broken)} silences broken in {self.lucks} lucks, {self.unforeseen} by a state "
            f"that no seat could foresee or sway{most}"
        )


def silences(setup: Setup, title: str, lucks: int, progress: Progress | None = None) -> Silences:
    """Play a game under so many lucks. title: one of `ORDERED`."""
    broken: list[Break] = []
    for luck in range(lucks):
        game = setup.game.model_copy(update={"seed": setup.game.seed + luck})
        broken += _breaks(new_table(replace(setup, game=game)), ORDERED[title])
        if progress is not None:
            progress(luck + 1, lucks)
    return Silences(title, lucks, tuple(broken))


def _breaks(table: Table, strategies: dict[str, str]) -> list[Break]:
    """One game to its last turn."""
    found: list[Break] = []
    shown: dict[str, dict[str, Uneasy]] = {}
    table.apply(Act("open", FACILITATOR))
    while table.phase != "review" and not (table.phase == "news" and table.last_turn):
        if table.phase == "orders":
            for seat in table.game.seats:
                strategy = KINDS[seat.kind].strategies.get(strategies.get(KINDS[seat.kind].name, ""))
                if strategy is not None and strategy.orders is not None:
                    table.apply(Act("orders", seat.id, dict(strategy.orders)))
        if table.phase == "council":
            shown = table.uneasy
        for quarter in table.apply(Act("close", CLOCK)):
            for event in quarter.events if table.phase == "news" else ():
                if event.kind == "council":
                    known = shown.get(event.about, {})
                    found += [Break(c, event.about, known[c].reason if c in known else "") for c in event.by]
    return found
