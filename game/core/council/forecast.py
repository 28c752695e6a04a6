"""What an item would change for a seat's aims, as far as anybody can expect: the same runs for all, of no luck.

Every seat is left to policy from the first day on; only what lies before the Council is taken from the game: the
proposed sum and its split, and which items are on the agenda. So a forecast cannot tell of anybody's orders. The mean
is over lucks that are not the game's own.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from game.core.council.proposal import PROPOSAL
from game.core.game_file import Seat, Setup
from game.core.scoring import OF_STATES, Outcome, points_of
from game.core.world_played import standing_of
from game.seats.asking import ask_stance
from sim.declare.names import LET_PASS, MEMBER, OBJECT
from sim.law.asked_orders import Standing, ask_levers
from sim.law.compiled import Floats
from sim.runs.arm import Arm, Record, over_run, run_chunk, states_over_run
from sim.runs.build import Built

if TYPE_CHECKING:
    from game.core.phases import Table

LUCKS: Final = 16


@dataclass(frozen=True)
class Prospect:
    """One aim of a seat, in points at the end of the game: where an item passes, and where it is held up."""

    title: str
    secret: bool
    passed: float
    held_up: float


@dataclass(frozen=True)
class Case:
    """All that forecasts of one Council rest on; whoever has the same case gets the same numbers."""

    setup: Setup
    built: Built
    turn: int
    items: tuple[str, ...]
    envelope: float
    split: tuple[float, ...]
    proposal: tuple[str, float] | None = None  # the staff's own item: a lever, and its value

    @property
    def key(self) -> tuple[object, ...]:
        """What tells two Councils of a game apart."""
        return self.turn, self.items, self.envelope, self.split, self.proposal


Outcomes = Mapping[str, Outcome]  # by the item whose end is another one; empty: all is agreed, but the staff's own


def case_of(table: "Table") -> Case:
    """The Council that sits now."""
    course, levers = table.course, table.course.standing.levers[table.turn]
    split = tuple(map(float, levers.split))
    own = table.proposals[table.turn] if PROPOSAL in table.agenda else None
    return Case(
        course.setup, course.built, table.turn, tuple(table.agenda), float(levers.envelope), split,
        None if own is None else (own.line, own.value),
    )  # fmt: skip


def outcomes_of(case: Case, lucks: int = LUCKS) -> Outcomes:
    """Policy play under other lucks, once with everything agreed, and once for each item that ends otherwise."""
    with ThreadPoolExecutor(2) as pool:
        futures = {name: pool.submit(_played, case, name, lucks) for name in ("", *case.items)}
        return {name: future.result() for name, future in futures.items()}


def prospects(case: Case, outcomes: Outcomes, item: str, seat: Seat) -> tuple[Prospect, ...]:
    """What an item would change for each aim of a seat."""

    def mean(points: Floats) -> float:
        return float(np.mean(points))

    passed, held_up = (item, "") if item == PROPOSAL else ("", item)
    return tuple(
        Prospect(
            one.title, one.secret, mean(points_of(one, outcomes[passed], case.built)),
            mean(points_of(one, outcomes[held_up], case.built)),
        ) for one in seat.objectives
    )  # fmt: skip


def _played(case: Case, other: str, lucks: int) -> Outcome:
    """What runs leave behind; the first luck is the game's own and is left out."""
    needed = {aim.of for seat in case.setup.game.seats for aim in seat.objectives if aim.states is not None}
    record = Record(states=tuple(name for name in OF_STATES if name in needed))
    arm = Arm(case.setup.scenario, case.setup.policy, case.built, standing=_standing(case, other))
    runs = run_chunk(arm, case.setup.game.seed, 1, lucks, record)
    states = np.full((lucks, len(case.built.codes), len(OF_STATES)), np.nan)
    if record.states:
        states[:, :, [OF_STATES.index(name) for name in record.states]] = states_over_run(runs.states, record.states)
    return Outcome(over_run(runs.measures), states)


def _standing(case: Case, other: str) -> Standing:
    """The Council's results in one turn, all else left to policy; the first ally signs an objection.

    The staff's own item is set against what policy would do, not against orders, which are private.
    """
    standing = standing_of(case.setup, case.built)
    asked = {"envelope": case.envelope, "split": np.array(case.split)}
    own = dict([case.proposal]) if case.proposal and other == PROPOSAL else {}
    ask_levers(standing, case.turn, asked | own)
    allies = [n for n in range(len(case.built.codes)) if case.built.world.role[n] == MEMBER]
    for item in case.items:
        if item != PROPOSAL:
            ask_stance(standing, case.turn, allies, item, LET_PASS)
    if other not in ("", PROPOSAL):
        ask_stance(standing, case.turn, allies[:1], other, OBJECT)
    return standing
