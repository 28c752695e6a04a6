"""Many runs of one arm in one compiled call: decide, admit, advance, measure, over and over, without Python between.

An `Arena` holds everything that moves in one run as views onto two flat buffers, so that the first day comes back with
two copies. Threads take one arena each; the call keeps no lock.
"""

from typing import Any, NamedTuple, TypeVar, cast

import numpy as np

from sim.declare.levers import Levers
from sim.law.asked_orders import Standing, under
from sim.law.blocks import Table
from sim.law.compiled import COMPILING_IS_OFF, Floats, Ints, call
from sim.law.job import Job, run
from sim.law.ledger import new_ledger
from sim.law.orders import Orders, no_orders
from sim.law.world import Quarter, Setting, World, new_quarter

T = TypeVar("T", bound=tuple[Any, ...])


class Arena(NamedTuple):
    """What moves in a run, on two flat buffers, and how both looked on the first day."""

    world: World
    orders: Orders
    quarter: Quarter
    floats: Floats
    ints: Ints
    first_floats: Floats
    first_ints: Ints


def arrays_of(value: Any) -> list[Any]:
    """Every array of nested named tuples and lists, in order."""
    if isinstance(value, tuple | list):
        return [array for part in value for array in arrays_of(part)]
    return [value] if isinstance(value, np.ndarray) else []


def _on_buffers(value: T, floats: Floats, ints: Ints, at: list[int]) -> T:
    """The same named tuple with its arrays copied onto the buffers from position `at` (floats, ints) on."""
    found: list[Any] = []
    for part in value:
        if isinstance(part, np.ndarray):
            kind = 0 if part.dtype == np.float64 else 1
            view = (floats, ints)[kind][at[kind] : at[kind] + part.size].reshape(part.shape)
            view[...] = part
            at[kind] += part.size
            found.append(view)
        else:
            found.append(_on_buffers(part, floats, ints, at) if isinstance(part, tuple) else part)
    return cast(T, cast(Any, type(value))(*found))


def new_arena(setting: Setting, world: World, levers: Levers, ledger: bool = False) -> Arena:
    """An arena on the first day of `world`, with empty orders under these levers."""
    states = len(setting.entity)
    orders = no_orders(states, len(setting.rivals), levers)
    quarter = new_quarter(states, len(setting.threats.label), new_ledger(states, ledger))
    arrays = arrays_of((world, orders, quarter))
    floats = np.zeros(sum(a.size for a in arrays if a.dtype == np.float64))
    ints = np.zeros(sum(a.size for a in arrays if a.dtype == np.int64), dtype=np.int64)
    at = [0, 0]
    moving = (
        _on_buffers(world, floats, ints, at), _on_buffers(orders, floats, ints, at),
        _on_buffers(quarter, floats, ints, at),
    )  # fmt: skip
    return Arena(*moving, floats, ints, floats.copy(), ints.copy())


def under_each(orders: Orders, standing: Standing) -> tuple[Orders, ...]:
    """The same rows of orders under the policy's levers, and under those of each set of standing orders."""
    return orders, *(under(orders, levers) for levers in standing.levers)


def do(job: Job, table: Table | None = None) -> None:
    """Do a job, compiled unless compiling is off; `table` is the job's, where it was made before."""
    if COMPILING_IS_OFF:
        run(job)
    else:
        table = table or Table(job)  # it must live until the call returns
        call(table.address)
