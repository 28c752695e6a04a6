"""Interlock's ensemble beside plain Mesa, in one run: interleaved rounds, equal outputs, and how far the machine is.

    python -m benchmarks.speed             five rounds of 120 plain-Mesa runs each, some minutes
    python -m benchmarks.speed --quick     one small round, to see that it works

Both sides use both processor cores, start from the scenario's name, and give every measure at every step. Ratios are
medians over rounds; a slow machine slows both sides of a round.
"""

import argparse
import os
import statistics
import time
from collections.abc import Sequence
from typing import Any

import mesa
import numpy as np

from benchmarks.floor import measured_floor
from benchmarks.growth import print_growth
from benchmarks.plain_mesa.model import PlainPartnershipModel
from sim.declare.names import MEASURES
from sim.runs.arm import arm_of, over_run
from sim.runs.ensemble import run_arms

SCENARIO, POLICY, SEED = "eastern_flank", "status_quo", 1
CORES = os.cpu_count() or 1


def plain_mesa(replicates: Sequence[int]) -> tuple[np.ndarray, float]:
    """Outcomes (R, MEASURES) of plain Mesa's `batch_run` on all cores, and the seconds that it took."""
    began = time.perf_counter()
    rows: list[dict[str, Any]] = mesa.batch_run(
        PlainPartnershipModel,
        {"scenario": [SCENARIO], "policy": [POLICY], "seed": [SEED], "replicate": list(replicates)},
        number_processes=CORES, max_steps=1000, data_collection_period=1, display_progress=False,
    )  # fmt: skip
    seconds = time.perf_counter() - began
    by_run: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_run.setdefault(row["replicate"], []).append(row)
    steps = [
        [[row[name] for name in MEASURES] for row in sorted(by_run[r], key=lambda row: row["Step"])] for r in replicates
    ]
    return over_run(np.array(steps)), seconds


def ensemble(first: int, replicates: int, threads: int = CORES) -> tuple[np.ndarray, float]:
    """Outcomes (R, MEASURES) of Interlock's ensemble, and the seconds that it took, from the scenario's name on."""
    began = time.perf_counter()
    found = run_arms([arm_of(SCENARIO, POLICY)], replicates, SEED, threads=threads, chunk=25, first=first)
    return np.concatenate(found[0].outcomes), time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=120, help="plain-Mesa runs a round")
    parser.add_argument("--times", type=int, default=20, help="ensemble runs for each plain-Mesa run")
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    rounds, runs, times = (1, 4, 10) if chosen.quick else (chosen.rounds, chosen.runs, chosen.times)
    ensemble(0, 2)  # rules compiled or loaded, as batch_run's processes load theirs
    ratios, plain_ms, ours_ms, floors = [], [], [], []
    for number in range(rounds):
        first = number * runs
        slow, slow_seconds = plain_mesa(range(first, first + runs))
        quick, quick_seconds = ensemble(first, runs * times)
        floor_seconds = measured_floor(SCENARIO, POLICY)
        gap = float(np.abs(slow - quick[:runs]).max())
        assert gap < 1e-9, f"outputs differ by {gap}"
        plain_ms.append(1e3 * slow_seconds / runs)
        ours_ms.append(1e3 * quick_seconds / (runs * times))
        floors.append(1e3 * floor_seconds)
        ratios.append(plain_ms[-1] / ours_ms[-1])
        print(
            f"round {number + 1}: plain Mesa {plain_ms[-1]:7.1f} ms a run, ensemble {ours_ms[-1]:6.2f} ms, "
            f"ratio {ratios[-1]:5.0f}; floor {floors[-1]:.2f} ms; outputs equal to {gap:.0e}",
            flush=True,
        )
    shares = [ours / floor for ours, floor in zip(ours_ms, floors, strict=True)]
    print(f"median of {rounds}: {statistics.median(ratios):.0f} times plain Mesa's batch_run on {CORES} cores")
    print(f"median of {rounds}: {statistics.median(shares):.1f} times the floor of the same work")
    print_growth(chosen.quick)


if __name__ == "__main__":
    main()
