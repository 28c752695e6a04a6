"""What an inject would do before it goes out: the present course with and without it, over this luck and others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from analysis.stats.intervals import Interval, paired
from game.core.phases import Table
from game.seats.asking import add_inject
from sim.declare.names import MEASURES
from sim.law.asked_orders import Standing, copy_standing
from sim.law.compiled import Floats
from sim.runs.arm import Arm, Record, over_run, run_chunk
from sim.runs.ensemble import Progress

SHOWN: Final = ("harm", "mutual_trust", "interoperability", "stability", "overload")
LUCKS: Final = 30
PIECE: Final = 8  # lucks between two words of progress


@dataclass(frozen=True)
class Effect:
    """A measure over the game to its end: without the inject, and what the inject adds, here and under other lucks."""

    measure: str
    without: float
    here: float
    others: Interval


@dataclass(frozen=True)
class Preview:
    """What would follow, relative to this model."""

    title: str
    quarter: str
    lucks: int
    effects: tuple[Effect, ...]


def with_inject(table: Table, data: Mapping[str, Any], step: int) -> Standing:
    """Standing orders so far with one more inject."""
    standing = copy_standing(table.course.standing)
    rows = [table.course.built.codes.index(code) for code in data["states"]]
    add_inject(standing, step, rows, str(data["kind"]), float(data["severity"]))
    return standing


@dataclass(frozen=True)
class Case:
    """Both courses, ready to run without the table."""

    title: str
    quarter: str
    seed: int
    without: Arm
    with_it: Arm


def prepare(table: Table, data: Mapping[str, Any]) -> Case:
    """Copy what is needed, so that the table can go on while the case runs."""
    setup, step = table.course.setup, table.inject_step(int(data.get("quarter", 0)))
    before, after = (
        Arm(setup.scenario, setup.policy, table.course.built, standing=standing)
        for standing in (copy_standing(table.course.standing), with_inject(table, data, step))
    )
    return Case(str(data["title"]), setup.quarter(step), setup.game.seed, before, after)


def carried_out(case: Case, lucks: int = LUCKS, progress: Progress | None = None) -> Preview:
    """Compare the two courses. The other lucks differ from the first day on, under the same standing orders.

    Later turns are played by policy, and answers of people are not foreseen. `progress` may raise, to stop it.
    """
    runs, parts = 2 * (1 + lucks), list[tuple[Floats, ...]]()
    for first in range(0, 1 + lucks, PIECE):
        count = min(PIECE, 1 + lucks - first)
        parts.append(tuple(_outcomes(arm, case.seed, first, count) for arm in (case.without, case.with_it)))
        if progress is not None:
            progress(2 * (first + count), runs)
    before, after = (np.concatenate(arms) for arms in zip(*parts, strict=True))
    effects = []
    for name in SHOWN:
        at = MEASURES.index(name)
        gap = float(after[0, at] - before[0, at])
        others = paired(np.ascontiguousarray(after[1:, at]), np.ascontiguousarray(before[1:, at]))
        effects.append(Effect(name, float(before[0, at]), gap, others))
    return Preview(case.title, case.quarter, lucks, tuple(effects))


def preview(table: Table, data: Mapping[str, Any], lucks: int = LUCKS) -> Preview:
    """What an inject would do."""
    return carried_out(prepare(table, data), lucks)


def _outcomes(arm: Arm, seed: int, first: int, count: int) -> Floats:
    """Measures over the game of some lucks, (count, M); the first of all is this one."""
    return over_run(run_chunk(arm, seed, first, count, Record()).measures)
