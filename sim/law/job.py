"""The one compiled entry: quarters of replicates of an arm, whole runs for the ensemble, parts of a quarter for others.

The ensemble, the Mesa face, the game and every replay do their work through it, so that no rule exists twice.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.declare.parameters import Parameters
from sim.law.asked_orders import Standing, in_force, lay
from sim.law.compiled import Floats, Ints, rule
from sim.law.draws import Draws
from sim.law.measures.states import measure_states
from sim.law.orders import Orders
from sim.law.quarter import admit, advance, decide, measure
from sim.law.world import Quarter, Setting, World

DECIDE, LAY, ADMIT, ADVANCE, MEASURE = 1, 2, 4, 8, 16  # what is done in a quarter
WHOLE: Final = DECIDE | LAY | ADMIT | ADVANCE | MEASURE


class Job(NamedTuple):
    """All that the one entry takes: an arm's blocks, which quarters of which replicates, and where results go."""

    setting: Setting
    world: World
    orders: tuple[Orders, ...]  # the same rows under the policy's levers and under those of each set of standing orders
    quarter: Quarter
    standing: Standing
    p: Parameters
    seed: np.uint64
    first: int  # replicate
    step: int  # first step
    until: int  # the step after the last one
    what: int
    who: int
    row: int
    floats: Floats  # what moves, flat, and how it looked on the first day; (0,) to go on from where the world is
    ints: Ints
    first_floats: Floats
    first_ints: Ints
    chosen: Ints  # (V,) state variables that are kept
    measures: Floats  # (R, L, MEASURES)
    states: Floats  # (R, L or 0, N, V)
    ledgers: Floats  # (R, CAUSES, SCORES, N) or (R, 0, 0, 0)


@rule
def copied(given: Floats, taken: Floats) -> None:
    """Copy one flat array onto another."""
    for i in range(given.shape[0]):
        taken[i] = given[i]


@rule
def first_day_again(job: Job) -> None:
    """Put back everything that moves."""
    copied(job.first_floats, job.floats)
    for i in range(job.first_ints.shape[0]):
        job.ints[i] = job.first_ints[i]


@rule
def keep_ledger(contributions: Floats, kept: Floats) -> None:
    """Keep a run's ledger (CAUSES, SCORES, N); nothing where it has no rows."""
    for c in range(kept.shape[0]):
        for s in range(kept.shape[1]):
            copied(contributions[c, s], kept[c, s])


@rule
def play_quarter(job: Job, r: int, step: int) -> None:
    """One quarter of one replicate, or the parts of it that are asked for."""
    draws = Draws(job.seed, np.uint64(job.first + r), np.uint64(step))
    orders = job.orders[in_force(job.standing, step) + 1]
    setting, world, p, quarter = job.setting, job.world, job.p, job.quarter
    if job.what & DECIDE:
        decide(job.who, job.row, setting, world, orders, draws, p)
    if job.what & LAY:
        lay(job.standing, step, orders)
    if job.what & ADMIT:
        admit(setting, world, orders, step, p, quarter)
    if job.what & ADVANCE:
        advance(setting, world, orders, draws, p, quarter)
    if job.what & MEASURE:
        measure(setting, world, p, quarter, job.measures[r, step - job.step])
        if job.states.shape[1] > 0:
            measure_states(setting, world, quarter, job.chosen, job.states[r, step - job.step])


@rule
def run(job: Job) -> None:
    """The one entry: replicates first, first + 1, ... of an arm, each from `step` to `until`."""
    for r in range(job.measures.shape[0]):
        first_day_again(job)
        for step in range(job.step, job.until):
            play_quarter(job, r, step)
        keep_ledger(job.quarter.ledger.contributions, job.ledgers[r])
