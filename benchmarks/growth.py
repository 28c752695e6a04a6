"""How the ensemble's time grows with runs, states (synthetic) and steps, and how near it is to the machine's limits."""

import os
import time
from dataclasses import replace
from typing import Any, TypeVar, cast

import numba
import numpy as np

from sim.runs.arm import Arm, arm_of
from sim.runs.batch import new_arena
from sim.runs.build import Built
from sim.runs.ensemble import run_arms

T = TypeVar("T", bound=tuple[Any, ...])
CORES = os.cpu_count() or 1


def with_states(built: Built, states: int) -> Built:
    """The same world with `states` synthetic states: copies of the shipped ones, each with draws of its own."""
    own = len(built.codes)
    rows = np.arange(states) % own

    def widened(value: T) -> T:
        parts: list[Any] = []
        for part in value:
            if isinstance(part, tuple):
                parts.append(widened(part))
            elif isinstance(part, np.ndarray):
                for axis, length in enumerate(part.shape):
                    part = np.take(part, rows, axis=axis) if length == own else part
                parts.append(np.ascontiguousarray(part))
            else:
                parts.append(part)
        return cast(T, cast(Any, type(value))(*parts))

    setting = widened(built.setting)
    setting = setting._replace(entity=setting.entity + 20_000 * (np.arange(states) // own))
    codes = tuple(f"{built.codes[row]}{at // own or ''}" for at, row in enumerate(rows))
    return built._replace(codes=codes, setting=setting, world=widened(built.world))


def seconds_a_run(arm: Arm, runs: int) -> float:
    """Seconds for one run of an arm, on all cores."""
    run_arms([arm], CORES, threads=CORES, chunk=1)
    began = time.perf_counter()
    run_arms([arm], runs, threads=CORES, chunk=max(1, min(25, runs // CORES)))
    return (time.perf_counter() - began) / runs


def bandwidth() -> float:
    """Bytes a second that one core copies between two arrays too large for its caches."""
    source, target = np.ones(32_000_000), np.zeros(32_000_000)
    target[:] = source
    began = time.perf_counter()
    for _ in range(3):
        target[:] = source
    return 3 * 2 * source.nbytes / (time.perf_counter() - began)


@numba.njit(nogil=True, error_model="numpy")
def multiply_add(values: Any, rounds: int) -> None:
    """Two operations on each value, round after round, within the first cache."""
    for _ in range(rounds):
        for i in range(values.shape[0]):
            values[i] = values[i] * 0.999999 + 1e-7


def arithmetic_rate() -> float:
    """Multiplications and additions a second of one core on data in its first cache."""
    values = np.ones(1024)
    multiply_add(values, 10)
    began = time.perf_counter()
    multiply_add(values, 200_000)
    return 2 * 1024 * 200_000 / (time.perf_counter() - began)


def print_growth(quick: bool = False) -> None:
    """Print how time grows, and the machine's limits."""
    arm = arm_of("eastern_flank", "status_quo")
    arena = new_arena(arm.built.setting, arm.built.world, _levers(arm))
    held = arena.floats.nbytes + arena.ints.nbytes + arm.built.setting.proximity.nbytes
    print("\nruns       ", end="")
    for runs in (20, 100) if quick else (20, 200, 2000):
        print(f"{runs:6d}: {1e3 * seconds_a_run(arm, runs):6.2f} ms a run  ", end="")
    print("\nquarters   ", end="")
    for horizon in (20, 40):
        cut = replace(arm, scenario=arm.scenario.model_copy(update={"horizon": horizon}))
        print(f"{horizon:6d}: {1e3 * seconds_a_run(cut, 20 if quick else 200):6.2f} ms a run  ", end="")
    print("\nstates     ", end="")
    for states in (70, 140) if quick else (70, 140, 280, 560, 1000):
        wide = replace(arm, built=with_states(arm.built, states))
        print(f"{states:6d}: {1e3 * seconds_a_run(wide, 4 if states > 200 else 20):6.1f} ms a run  ", end="")
    print(
        f"\n\nA run's moving arrays hold {held / 1024:.0f} KiB and stay in the second cache; this core copies "
        f"{bandwidth() / 1e9:.1f} GB/s from memory and does {arithmetic_rate() / 1e9:.1f} thousand million operations "
        "a second in its first cache."
    )


def _levers(arm: Arm) -> Any:
    from sim.inputs.policy import Policy
    from sim.runs.build import levers_of

    assert isinstance(arm.policy, Policy)
    return levers_of(arm.policy, arm.built.frameworks)
