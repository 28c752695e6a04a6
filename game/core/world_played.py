"""The world of a game: quarters played under standing orders, each remembered with the orders that moved it.

Orders come from the policy with the seats' standing orders laid over them, or, on replay, from the journal: then no
policy is called.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from game.core.game_file import Setup
from game.core.packing import hash_of, pack_arrays, pack_orders, unpack_orders
from game.core.scoring import Outcome, outcome_so_far
from game.seats.laying import standing_of
from sim.declare.names import ITEMS, STATE_VARIABLES
from sim.law.asked_orders import Standing
from sim.law.compiled import Floats
from sim.law.measures.states import measure_states
from sim.runs.build import Built, build
from sim.runs.engine import Engine
from sim.runs.events import Event, news
from sim.runs.events import standing as seen

ALL = np.arange(len(STATE_VARIABLES))


@dataclass(frozen=True)
class Lived:
    """One quarter that was played."""

    step: int
    orders: bytes
    hash: str
    measures: Floats
    states: Floats  # (N, STATE_VARIABLES)
    decided: tuple[int, ...]
    about: tuple[int, ...]
    events: tuple[Event, ...]
    refused: tuple[int, ...]  # by state: why places that it asked for were cut (REFUSALS); 0: none were


@dataclass
class Course:
    """A world that is being played."""

    setup: Setup
    built: Built
    engine: Engine
    standing: Standing
    recorded: Mapping[int, bytes] = field(default_factory=dict)  # orders of steps that the journal holds
    quarters: list[Lived] = field(default_factory=list)

    def live(self, until: int) -> list[Lived]:
        """Play quarter by quarter until a step; the quarters just played."""
        first = len(self.quarters)
        for _ in self.steps(until):
            pass
        return self.quarters[first:]

    def steps(self, until: int) -> Iterator[int]:
        """The same, yielding after each quarter the number of steps done."""
        engine = self.engine
        while engine.step < until:
            step, before = engine.step, seen(engine)
            self.decide()
            packed = pack_orders(engine.orders)
            engine.advance()
            states = np.zeros((len(self.built.codes), len(STATE_VARIABLES)))
            measure_states(engine.setting, engine.world, engine.quarter, ALL, states)
            quarter = engine.quarter
            self.quarters.append(Lived(
                step, packed, hash_of(engine.world, engine.measures), engine.measures.copy(), states,
                tuple(quarter.decided.tolist()), tuple(quarter.target.tolist()),
                tuple(news(engine, before, seen(engine))), tuple(quarter.refused.max(axis=1).tolist()),
            ))  # fmt: skip
            yield engine.step

    def decide(self) -> None:
        """Fill this quarter's orders: as recorded, or by policy with the seats' standing orders laid over."""
        engine = self.engine
        if engine.step in self.recorded:
            engine.orders = unpack_orders(self.recorded[engine.step], engine.orders)
            return
        engine.decide_as_asked(self.standing)

    def agenda(self, quarters: int) -> dict[str, int]:
        """Items that the next quarters bring before the Council, as far as can be foreseen, with the row of the state
        that each is about.
        """
        engine, found = self.engine, dict[str, int]()
        now = engine.step
        for ahead in range(quarters):
            engine.step = now + ahead
            self.decide()
            for item, row in zip(ITEMS, engine.orders.item.tolist(), strict=True):
                if row >= 0:
                    found.setdefault(item, row)
        engine.step = now
        return found

    def outcome(self) -> Outcome:
        """What the quarters so far left behind."""
        return outcome_so_far(
            np.stack([lived.measures for lived in self.quarters]), np.stack([lived.states for lived in self.quarters])
        )

    def snapshot(self) -> bytes:
        """The world as it is."""
        return pack_arrays(self.engine.world)


def new_course(setup: Setup, recorded: Mapping[int, bytes] | None = None) -> Course:
    """The world of a game on the scenario's first day."""
    built = build(setup.scenario)
    engine = Engine(setup.scenario, setup.policy, setup.game.seed, 0, ledger=True, built=built)
    return Course(setup, built, engine, standing_of(setup, built), recorded or {})
