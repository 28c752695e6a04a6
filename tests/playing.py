"""A game played by hand in tests: acts one after another on a clock that the test sets, with or without a file."""

import hashlib
import shutil
import sqlite3
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from game.core.act import CLOCK, FACILITATOR, Act
from game.core.game_file import Setup, load_game, setup_of
from game.core.journal import Journal, chained_from
from game.core.keeping.chain import SINCE
from game.core.phases import Table, new_table
from game.core.world_played import Course, Lived, hash_of
from sim.declare.levers import Levers
from sim.law.asked_orders import Standing

SMALL = Path(__file__).parent / "small_game.toml"
SEATS = ("staff", "east", "west", "candidates", "caucasus", "rival")
ORDERS: dict[str, dict[str, Any]] = {
    "staff": {"envelope": 200, "conditionality": 0.9},
    "east": {"fund": 1.5, "lead": 0.5, "pledge": 0.4, "troops": 0.4},
    "west": {"fund": 0.2, "lead": 2.0, "pledge": 0.6, "troops": 0.6},
    "candidates": {"exercises": 2.0, "information": 0.0, "accept": 0.0, "troops": 0.0},
    "caucasus": {"capacity": 2.5, "exercises": 0.0, "accept": 0.5},
    "rival": {"coercion": 8.0, "wedge": 0.5, "target": "MDA"} | dict.fromkeys(
        ("counter_offer", "disinformation", "snap_exercise", "transparency_offer", "restraint"), 0.0
    ),
}  # fmt: skip


@cache
def small() -> Setup:
    """The game for tests, resolved."""
    return setup_of(load_game(SMALL))


def longer(**changes: Any) -> Setup:
    """The same with other settings of the game."""
    setup = small()
    game = setup.game.model_copy(update=changes)
    return replace(setup, game=game, scenario=setup.scenario.model_copy(update={"horizon": game.horizon()}))


@dataclass
class Play:
    """A table, the time at it, and the journal where there is one."""

    table: Table
    journal: Journal | None = None
    now: float = 1000.0
    acts: list[Act] = field(default_factory=list)

    def do(self, kind: str, actor: str, /, **data: Any) -> list[Lived]:
        """One act, a second later."""
        self.now += 1.0
        act = Act(kind, actor, data, self.now)
        lived = self.table.apply(act)
        self.acts.append(act)
        if self.journal is not None:
            self.journal.append(1, act, lived=lived, snapshot=self.table.course.snapshot() if lived else None)
        return lived

    def close(self) -> list[Lived]:
        """The clock ends the phase."""
        return self.do("close", CLOCK)

    def to(self, phase: str, turn: int | None = None) -> None:
        """Go on until a phase."""
        if self.table.phase == "lobby":
            self.do("open", FACILITATOR)
        while self.table.phase != phase or (turn is not None and self.table.turn != turn):
            self.close()


def play(setup: Setup | None = None, journal: Journal | None = None) -> Play:
    """A table at which nobody sits yet."""
    return Play(new_table(setup or small()), journal)


def eventful(journal: Journal | None = None, setup: Setup | None = None) -> Play:
    """A whole game with everything in it: orders of all seats, silence broken, a bargain, an inject, an override."""
    game = play(setup, journal)
    for seat in SEATS[:-1]:
        game.do("take", FACILITATOR, seat=seat, name=seat)
    game.to("orders")
    for seat, orders in ORDERS.items():
        game.do("orders", seat, **orders)
    game.do("inject", FACILITATOR, title="Grid down", kind="cyber_attack", states=["MDA"], severity=40, quarter=1)
    game.close()
    game.do("bargain", "east", to="west", give={"status": "let_pass"}, want={"status": "amend"})
    game.do("answer", "west", number=0, accept=True)
    game.do("stance", "east", item="mandate", stance="object")
    game.to("orders", 1)
    game.do("pause", FACILITATOR)
    game.do("resume", FACILITATOR)
    game.do("extend", FACILITATOR, minutes=2.0)
    game.do("orders", "east", fund=0.0)
    game.do("orders_for", FACILITATOR, seat="rival", orders=ORDERS["rival"], reason="typed in from paper")
    game.close()
    game.do("override", FACILITATOR, item="programme", result="held_up", reason="to see what happens")
    game.do("leave", FACILITATOR, seat="west")
    game.to("review")
    return game


def changed(path: Path, *statements: str, chained: bool = True) -> Path:
    """A copy of a game file, changed from outside. `chained`: with a chain that fits, as if it had been written so."""
    copy = Path(shutil.copy(path, path.parent / f"changed_{len(list(path.parent.iterdir()))}.interlock"))
    connection = sqlite3.connect(copy, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    if chained:
        chained_from(connection)
        connection.execute(f"DELETE FROM meta WHERE name = '{SINCE}'")
    connection.close()
    return copy


def of_before(path: Path) -> Path:
    """A copy of a game file as it was written before lines were chained."""
    return changed(
        path, "ALTER TABLE acts DROP COLUMN chain", "UPDATE meta SET value = '1' WHERE name = 'format'",
        "DELETE FROM meta WHERE name IN ('head', 'root', 'laid_by', 'link_key', 'clock')", "PRAGMA application_id = 0",
        chained=False,
    )  # fmt: skip


def in_order(value: Any) -> Any:
    """The same with dictionaries by key: a journal keeps no order of theirs."""
    if isinstance(value, dict):
        return sorted((repr(key), in_order(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return [in_order(one) for one in value]
    return in_order(vars(value)) if is_dataclass(value) else repr(value)


def state_of(table: Table) -> str:
    """A hash of all that a table is: its own fields, standing orders, and the world."""
    course: Course = table.course
    own = {one.name: getattr(table, one.name) for one in fields(table) if one.name != "course"}
    text = repr(in_order(own)) + repr([(q.step, q.hash, q.events) for q in course.quarters]) + str(course.engine.step)
    world = hash_of(course.engine.world, course.standing)
    return hashlib.sha256((text + world).encode()).hexdigest()


def same_standing(a: Course, b: Course) -> bool:
    """Whether the same was asked for."""
    return equal_standing(a.standing, b.standing)


def equal_standing(a: Standing, b: Standing) -> bool:
    """Whether two sets of standing orders ask for the same, levers included."""
    return all(
        levers_alike(x, y) if isinstance(x, Levers) else all(map(levers_alike, x, y)) if isinstance(x, list)
        else np.array_equal(x, y, equal_nan=True)
        for x, y in zip(a, b, strict=True)
    )  # fmt: skip


def levers_alike(a: Levers, b: Levers) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a, b, strict=True))
