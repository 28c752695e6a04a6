"""A game read out of its file for the review: turn by turn what was ordered, decided and seen, and what replay says."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from game.core.act import Act
from game.core.bargains import Bargain
from game.core.council.proposal import Proposal
from game.core.game_file import Inject, Setup
from game.core.journal import reading_game
from game.core.keeping.damage import at_line
from game.core.phases import Table, new_table
from game.core.replay import Verdict, as_recorded, replay
from game.core.scoring import Outcome, outcome_so_far, scores_of
from game.core.seen import SeatView, seat_view
from game.core.world_played import Recorded
from game.seats.kinds import KINDS
from sim.law.compiled import Floats
from sim.runs.build import Built


class RulesChanged(Exception):
    """A counterfactual is refused, with the verdict's words."""


@dataclass
class Turn:
    """What a turn held, as it stood when its Council ended."""

    number: int
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    stances: dict[str, dict[str, int]] = field(default_factory=dict)
    agenda: dict[str, int] = field(default_factory=dict)
    rulings: dict[str, str] = field(default_factory=dict)
    hesitant: dict[str, set[str]] | None = None  # by item: codes of allies that may break it; None: whoever likes
    amounts: dict[str, int] = field(default_factory=dict)  # % of the sum that amendments of the programme leave
    bargains: tuple[Bargain, ...] = ()
    proposal: Proposal | None = None
    log: tuple[str, ...] = ()
    views: dict[str, SeatView] = field(default_factory=dict)  # what each seat saw when orders closed
    holders: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Played:
    """A finished game, or a running one up to its last resolved turn."""

    name: str
    branch: int
    table: Table
    verdict: Verdict
    turns: tuple[Turn, ...]

    @property
    def setup(self) -> Setup:
        """Game, scenario and policy."""
        return self.table.course.setup

    @property
    def lived(self) -> int:
        """Quarters that were played."""
        return len(self.table.course.quarters)

    @property
    def finished(self) -> bool:
        """Whether nothing more will be played."""
        return self.table.phase == "review"

    @property
    def epilogue(self) -> bool:
        """Whether policy played a year after the last turn: not where the game was ended early."""
        return self.finished and self.lived > self.end_of(len(self.turns) - 1)

    def outcome(self, until: int | None = None) -> Outcome:
        """What this world left behind, at the end or after the first `until` quarters."""
        quarters = self.table.course.quarters[:until]
        return outcome_so_far(np.stack([q.measures for q in quarters]), np.stack([q.states for q in quarters]))

    def scores(self, until: int | None = None) -> dict[str, float]:
        """Every seat's score in this world."""
        found = scores_of(self.setup.game, self.outcome(until), self.table.course.built)
        return {seat: float(values[0]) for seat, values in found.items()}

    def end_of(self, turn: int) -> int:
        """Quarters played when a turn is over."""
        return self.setup.game.warm_up + (turn + 1) * self.setup.game.quarters

    def acted(self, seat: str, turn: int) -> bool:
        """Whether a seat decided anything in a turn."""
        return turn < len(self.turns) and (seat in self.turns[turn].orders or seat in self.turns[turn].stances)

    def injected(self, turn: int) -> list[tuple[int, Inject]]:
        """The facilitator's injects of a turn, by step."""
        first = self.end_of(turn - 1)
        return [(s, i) for s, i in self.table.injected if first <= s < self.end_of(turn)]

    def quarter(self, step: int) -> str:
        """A step's quarter, such as 2026-Q1."""
        return self.setup.quarter(step)

    def must_be_comparable(self) -> None:
        """Refuse counterfactuals of a game that was played under other rules or facts, or that replay contradicts."""
        if not self.verdict.verified:
            raise RulesChanged(self.verdict.words())


def played_from(path: Path, branch: int | None = None) -> Played:
    """A game file, verified, and replayed turn by turn; by default the branch that was played last."""
    with reading_game(path) as journal:
        branch = journal.branch_of(branch)
        acts, found = [act for _, act in journal.acts(branch)], replay(journal, branch)
        built = found.table.course.built
        played = played_of(journal.setup(), acts, found.recorded, found.verdict, path.name, built=built)
        if not played.verdict.verified:
            as_recorded(played.table, journal.results(branch))
        return played


def played_live(path: Path, branch: int, built: Built | None = None) -> Played:
    """A game that its server is playing, replayed once: it is not verified again, and what is `built` need not be."""
    with reading_game(path) as journal:
        orders = {step: packed for step, (packed, _, _) in journal.quarters(branch).items()}
        acts = [act for _, act in journal.acts(branch)]
        return played_of(journal.setup(), acts, orders, None, path.name, branch, built)


def played_of(
    setup: Setup, acts: Sequence[Act], recorded: Recorded | None = None, verdict: Verdict | None = None,
    name: str = "", branch: int = 1, built: Built | None = None,
) -> Played:  # fmt: skip
    """The same from acts."""
    table, turns, kept_log = new_table(setup, recorded, built=built), [Turn(0)], 0
    for act in acts:
        if act.kind == "close" and table.phase == "orders":
            turns[-1].views = {seat.id: seat_view(table, seat.id) for seat in setup.game.seats}
            turns[-1].holders = {seat: place.holder for seat, place in table.places.items()}
        if act.kind == "close" and table.phase == "council":
            _keep(table, turns[-1])
        if act.kind == "close" and table.phase == "news":
            turns[-1].log, kept_log = tuple(table.log[kept_log:]), len(table.log)
            turns.append(Turn(table.turn + 1))
        with at_line(act.line):
            table.take(act)
    turns[-1].log = tuple(table.log[kept_log:])
    resolved = max(0, (len(table.course.quarters) - setup.game.warm_up) // setup.game.quarters)
    told = verdict or Verdict(branch, len(table.course.quarters), True, True, ())
    return Played(name, told.branch, table, told, tuple(turns[: min(resolved, setup.game.turns)]))


def _keep(table: Table, turn: Turn) -> None:
    """Orders and stances as they stand when silence ends."""
    for seat, place in table.places.items():
        if place.orders is not None:
            turn.orders[seat] = dict(place.orders)
        if place.played and KINDS[table.game.seat(seat).kind].sits:
            turn.stances[seat], turn.amounts[seat] = dict(place.stances), place.amount
    turn.agenda, turn.rulings = dict(table.agenda), dict(table.rulings)
    turn.hesitant = {item: set(found) for item, found in table.uneasy.items()} if table.blocs else None
    turn.bargains, turn.proposal = tuple(table.bargains), table.proposals.get(table.turn)


def values_by_turn(played: Played) -> dict[str, Floats]:
    """Each seat's score before the first turn, after every turn and at the end."""
    game = played.setup.game
    ends = [game.warm_up, *(played.end_of(turn.number) for turn in played.turns)]
    if played.epilogue:
        ends.append(played.lived)
    found = [played.scores(end) for end in ends if end > 0]
    return {seat.id: np.array([scores[seat.id] for scores in found]) for seat in game.seats}
