"""The world of a game: quarters played under standing orders, each remembered with the orders that moved it.

Orders come from the policy with the seats' standing orders laid over them, or, on replay, from the journal: then no
policy is called. Under other rules replay may not be possible: then quarters are what the journal recorded of them.
"""

import hashlib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from game.core.game_file import Setup
from game.core.scoring import Outcome, outcome_so_far
from sim.declare.levers import Levers
from sim.declare.names import ITEMS, STATE_VARIABLES
from sim.law.asked_orders import Standing, nothing_asked
from sim.law.compiled import Floats
from sim.law.measures.states import measure_states
from sim.law.orders import Orders, no_orders
from sim.runs.batch import arrays_of
from sim.runs.build import Built, build, levers_of
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


Recorded = Mapping[int, bytes | Lived]  # by step what the journal holds: orders to replay, or what came out, to show


@dataclass
class Course:
    """A world that is being played."""

    setup: Setup
    built: Built
    engine: Engine
    standing: Standing
    recorded: Recorded = field(default_factory=dict)
    quarters: list[Lived] = field(default_factory=list)
    astray: list[int] | None = None  # steps whose recorded orders do not follow from the acts; None: nobody looks

    @property
    def only_read(self) -> bool:
        """Whether quarters are shown as they were recorded, because today's rules lead elsewhere."""
        return any(isinstance(one, Lived) for one in self.recorded.values())

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
            step, known = engine.step, self.recorded.get(engine.step)
            if isinstance(known, Lived):
                self.quarters.append(known)
                engine.step += 1
                yield engine.step
                continue
            before = seen(engine)
            self.look_at_orders()
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
        known = self.recorded.get(self.engine.step)
        if isinstance(known, bytes):
            self.engine.orders = unpack_orders(known, self.engine.orders)
        else:
            self.engine.decide_as_asked(self.standing)

    def look_at_orders(self) -> None:
        """Note a quarter whose recorded orders are not those that acts and policy lead to."""
        known = self.recorded.get(self.engine.step)
        if self.astray is not None and isinstance(known, bytes):
            self.engine.decide_as_asked(self.standing)
            asked = self.engine.orders
            shape = len(self.built.codes), len(self.built.rivals), asked.levers
            if not same_orders(asked, unpack_orders(known, no_orders(*shape))):
                self.astray.append(self.engine.step)

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


def standing_of(setup: Setup, built: Built) -> Standing:
    """Standing orders of a game in which nobody has asked for anything yet."""
    game = setup.game
    standing = nothing_asked(
        len(built.codes), len(built.rivals), levers_of(setup.policy, built.frameworks), game.turns, game.horizon()
    )
    for turn in range(game.turns):
        first = game.warm_up + turn * game.quarters
        standing.turn[first : first + game.quarters] = turn
    return standing


def new_course(
    setup: Setup, recorded: Recorded | None = None, looked_at: bool = False, built: Built | None = None
) -> Course:  # fmt: skip
    """The world of a game on the scenario's first day. `looked_at`: whether recorded orders are set against acts.

    built: of this scenario, where it was made before.
    """
    built = built or build(setup.scenario)
    engine = Engine(setup.scenario, setup.policy, setup.game.seed, 0, ledger=True, built=built)
    return Course(setup, built, engine, standing_of(setup, built), recorded or {}, astray=[] if looked_at else None)


def _scalars(levers: Levers) -> np.ndarray[Any, Any]:
    return np.array([part for part in levers if not isinstance(part, np.ndarray)], dtype=np.float64)


def same_orders(a: Orders, b: Orders) -> bool:
    """Whether orders ask for the same. Notes of the desk, and domains of a plan without places, do not count."""
    planned, kept = a.plan.any(axis=1), [name for name in Orders._fields if name not in ("desk", "plan_domain")]
    pairs = [(getattr(a, name), getattr(b, name)) for name in kept if name != "levers"]
    pairs += [(a.desk.share, b.desk.share)]
    pairs += [(a.plan_domain[planned], b.plan_domain[planned]), *zip(a.levers, b.levers, strict=True)]
    return all(np.array_equal(one, other, equal_nan=True) for one, other in pairs)


def pack_orders(orders: Orders) -> bytes:
    """All rows of orders, levers first, as compressed bytes."""
    return zlib.compress(_raw([_scalars(orders.levers), *arrays_of(orders)]), 6)


def unpack_orders(data: bytes, orders: Orders) -> Orders:
    """Write packed rows into `orders`, which has the right shapes; the orders with the packed levers.

    Levers get arrays of their own: those of `orders` belong to the policy or to standing orders.
    """
    own = [part.copy() if isinstance(part, np.ndarray) else part for part in orders.levers]
    orders = orders._replace(levers=Levers._make(own))
    at = _scalars(orders.levers).nbytes
    size = at + sum(array.nbytes for array in arrays_of(orders))
    raw = unzipped(data, size)
    if len(raw) != size:
        raise ValueError("these orders were packed for another cast")
    scalars = np.frombuffer(raw, np.float64, at // 8)
    for array in arrays_of(orders):
        array[...] = np.frombuffer(raw, array.dtype, array.size, at).reshape(array.shape)
        at += array.nbytes
    left = iter(scalars.tolist())
    kinds = {name: type(part) for name, part in orders.levers._asdict().items()}
    values = {n: k(next(left)) for n, k in kinds.items() if not issubclass(k, np.ndarray)}
    return orders._replace(levers=orders.levers._replace(**values))


def pack_arrays(value: Any) -> bytes:
    """The arrays of a named tuple as compressed bytes: a snapshot."""
    return zlib.compress(_raw(arrays_of(value)), 6)


def _raw(arrays: Sequence[np.ndarray[Any, Any]]) -> bytes:
    return b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)


def unzipped(data: bytes, most: int) -> bytes:
    """What was packed, of at most so many bytes, whatever a damaged file may promise; ValueError where it is not."""
    undone = zlib.decompressobj()
    try:
        found = undone.decompress(data, most + 1)
    except zlib.error as error:
        raise ValueError(f"packed data are damaged: {error}") from None
    if len(found) > most or not undone.eof:
        raise ValueError("packed data are damaged: they do not end where they should")
    return found


def hash_of(*values: Any) -> str:
    """SHA-256 over all arrays, as 32 hexadecimal digits."""
    digest = hashlib.sha256()
    for value in values:
        for array in arrays_of(value) if isinstance(value, tuple) else [value]:
            digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:32]
