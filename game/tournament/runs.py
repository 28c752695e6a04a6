"""Is a game worth playing? Each seat tries each strategy of its list against line-ups of the others, on the same luck.

A strategy that wins whatever the others do would leave a seat nothing to think about, and one that does nothing must
not pay. Both are asked of every seat in every line-up, with intervals over luck that hold together for all strategies.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from analysis.stats.best import Best, compare_with_best, simultaneous_differences
from game.core.game_file import Seat, Setup
from game.core.scoring import OF_STATES, Outcome, scores_of
from game.core.world_played import standing_of
from game.seats.kind import BY_POLICY, NOTHING
from game.seats.kinds import KINDS
from game.seats.laying import play
from sim.law.compiled import Floats
from sim.runs.arm import Arm, Record
from sim.runs.build import Built, build
from sim.runs.ensemble import run_arms

LINE_UPS: Final = ("all by policy", "hard bargaining", "common effort", "crisis duty", "left alone")  # of the others
LEVEL: Final = 0.95
BATCH: Final = 16  # arms in memory at once
Played = tuple[str, ...]  # the strategy of each seat, in the order of the seats


@dataclass(frozen=True)
class Contest:
    """One seat's strategies in one line-up of the others: scores (R, strategies) on the same luck."""

    line_up: str
    seat: Seat
    strategies: tuple[str, ...]
    scores: Floats

    @cached_property
    def best(self) -> Best:
        """Each strategy against the best of the others."""
        return compare_with_best(self.scores, 1, LEVEL)

    @property
    def winner(self) -> str | None:
        """The strategy that leads all others beyond the interval, if there is one."""
        return None if self.best.winner is None else self.strategies[self.best.winner]

    @cached_property
    def beat_nothing(self) -> tuple[str, ...]:
        """Strategies that lead doing nothing beyond the interval."""
        gains = simultaneous_differences(self.scores, self.strategies.index(NOTHING), LEVEL)
        return tuple(name for name, gain in zip(self.strategies, gains, strict=True) if gain.low > 0.0)


@dataclass(frozen=True)
class Tournament:
    """All contests of a game."""

    setup: Setup
    seed: int
    replicates: int
    contests: tuple[Contest, ...]

    def of_seat(self, seat: str) -> tuple[Contest, ...]:
        """A seat's contests, in the order of line-ups."""
        return tuple(contest for contest in self.contests if contest.seat.id == seat)

    def dominant(self, seat: str) -> str | None:
        """The strategy that wins in every line-up, if there is one: then the seat has nothing to decide."""
        winners = {contest.winner for contest in self.of_seat(seat)}
        return winners.pop() if len(winners) == 1 else None

    def nothing_loses(self, seat: str) -> bool:
        """Whether some strategy beats doing nothing in every line-up."""
        return all(contest.beat_nothing for contest in self.of_seat(seat))

    @property
    def passed(self) -> bool:
        """Whether no seat has a dominant strategy and nobody does well by doing nothing."""
        ids = [seat.id for seat in self.setup.game.seats]
        return all(self.dominant(name) is None and self.nothing_loses(name) for name in ids)


def line_up_of(setup: Setup, line_up: str) -> Played:
    """What each seat plays in a line-up."""
    return tuple(KINDS[seat.kind].line_ups.get(line_up, BY_POLICY) for seat in setup.game.seats)


def with_strategy(played: Played, at: int, strategy: str) -> Played:
    """The same with one seat's strategy changed."""
    return (*played[:at], strategy, *played[at + 1 :])


def arm_for(setup: Setup, built: Built, played: Played) -> Arm:
    """The arm in which seats play these strategies in every turn."""
    standing = standing_of(setup, built)
    for seat, name in zip(setup.game.seats, played, strict=True):
        play(standing, built, seat, KINDS[seat.kind].strategies[name])
    return Arm(setup.scenario, setup.policy, built, standing=standing)


def variables_of(setup: Setup) -> tuple[str, ...]:
    """Variables of states that some objective is about; the others need not be recorded."""
    about = {aim.of for seat in setup.game.seats for aim in seat.objectives if aim.states is not None}
    return tuple(name for name in OF_STATES if name in about)


def scores_by_play(
    setup: Setup, built: Built, wanted: list[Played], replicates: int, seed: int,
    progress: Callable[[int, int], None] | None, threads: int | None,
) -> dict[Played, Floats]:  # fmt: skip
    """Scores (R, seats) of every play that is wanted; each is run once, and only its scores are kept."""
    found: dict[Played, Floats] = {}
    record = Record(states=variables_of(setup))
    columns = [OF_STATES.index(name) for name in record.states]
    for first in range(0, len(wanted), BATCH):
        batch = wanted[first : first + BATCH]
        arms = [arm_for(setup, built, played) for played in batch]
        for played, gathered in zip(batch, run_arms(arms, replicates, seed, record, threads), strict=True):
            states = np.zeros((replicates, len(built.codes), len(OF_STATES)))
            states[:, :, columns] = np.concatenate(gathered.states)
            scores = scores_of(setup.game, Outcome(np.concatenate(gathered.outcomes), states), built)
            found[played] = np.stack(list(scores.values()), axis=1)
        if progress is not None:
            progress(len(found), len(wanted))
    return found


def run_tournament(
    setup: Setup, replicates: int = 200, seed: int = 1, progress: Callable[[int, int], None] | None = None,
    threads: int | None = None, line_ups: tuple[str, ...] = LINE_UPS,
) -> Tournament:  # fmt: skip
    """Play every seat's strategies against every line-up, all on the same `replicates` lucks."""
    built, seats = build(setup.scenario), setup.game.seats
    plays = {
        (line_up, s, name): with_strategy(line_up_of(setup, line_up), s, name)
        for line_up in line_ups for s, seat in enumerate(seats) for name in KINDS[seat.kind].strategies
    }  # fmt: skip
    scores = scores_by_play(setup, built, list(dict.fromkeys(plays.values())), replicates, seed, progress, threads)
    contests = []
    for line_up in line_ups:
        for s, seat in enumerate(seats):
            names = tuple(KINDS[seat.kind].strategies)
            columns = [scores[plays[line_up, s, name]][:, s] for name in names]
            contests.append(Contest(line_up, seat, names, np.stack(columns, axis=1)))
    return Tournament(setup, seed, replicates, tuple(contests))
