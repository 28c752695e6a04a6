"""The floor: the dense passes and the draws of one run, fused by hand, with no rule, no branch and no record.

It does the arithmetic that any program of this model must do: a number for each threat and state, the pass over all
ordered pairs, responders weighed for each call for help, learning curves for each partner and activity, one choice for
each partner and activity, and the passes over the programme. Counts of what varies are taken from a real run.
"""

import time
from typing import Any, NamedTuple

import numba
import numpy as np

from sim.declare.names import PARTNER
from sim.law.compiling import dispatchers
from sim.law.draws import ARRIVAL, ESTIMATE, draws_for, uniforms
from sim.law.elementary import small_share_of
from sim.law.forms import expected_trust, logistic
from sim.runs.engine import Engine

# Passes over (states, activities) that move the programme on: plan, request, admission, purse, backlog, memory.
PROGRAMME_PASSES = 8


class Counts(NamedTuple):
    """What one quarter of a real run holds, on average."""

    states: int
    partners: int
    threats: int
    kinds: int
    activities: int
    domains: int
    calls: int  # calls for help
    taught: int  # (activity, dimension) cells that teach
    built: int  # activities that build capability
    hosts: int


def counts_of(scenario: str, policy: str) -> tuple[Counts, int]:
    """Counts from one run, and its number of quarters."""
    engine = Engine(scenario, policy)
    calls = []
    for _ in engine.run():
        incidents = engine.quarter.incidents
        calls.append(int((incidents.severity[: incidents.number[0]] >= engine.parameters.call_above).sum()))
    menu, setting = engine.setting.menu, engine.setting
    counts = Counts(
        len(setting.entity), int((engine.built.world.role == PARTNER).sum()), len(setting.threats.label),
        setting.kinds.answered_by.shape[0], len(menu.cost), setting.kinds.answered_by.shape[1],
        round(float(np.mean(calls))), int((menu.gain > 0).sum()), int((menu.capability > 0).sum()),
        setting.hosts.shape[1],
    )  # fmt: skip
    return counts, engine.scenario.horizon


RULES = dispatchers()
expected_trust, logistic, small_share_of, uniforms = (
    RULES[one] for one in (expected_trust, logistic, small_share_of, uniforms)
)


@numba.njit(nogil=True, error_model="numpy")
def fused_run(
    quarters: int, draws: Any, entity: Any, luck: Any, estimate: Any, good: Any, bad: Any, standing: Any, level: Any,
    answers: Any, weight: Any, near: Any, force: Any, skill: Any, able: Any, aim: Any, table: Any, cost: Any,
    partners: int, calls: int, taught: int, built: int, hosts: int,
) -> float:  # fmt: skip
    """One run's dense passes; returns a number, so that nothing is left out as unused."""
    states, activities = table.shape[1], table.shape[2]
    checked = 0.0
    for _ in range(quarters):
        for t in range(luck.shape[0]):
            uniforms(draws, ARRIVAL, entity, t, luck[t])
        for k in range(estimate.shape[0]):
            uniforms(draws, ESTIMATE, entity, k, estimate[k])
        for i in range(states):
            total = 0.0
            for j in range(states):
                good[i, j] = 0.97 * good[i, j] + 0.01 * (standing[j] - 0.5)
                bad[i, j] = 0.97 * bad[i, j]
                total += expected_trust(good[i, j], bad[i, j], 0.5)
            standing[i] = total / states
        for c in range(calls):
            for m in range(states):
                total = 0.0
                for d in range(level.shape[1]):
                    total += answers[c % answers.shape[0], d] * level[m, d]
                force[m] = weight[m] * near[c % states, m] * total * standing[m]
            checked += force[c % states]
        for n in range(partners):
            for _ in range(taught // 3):
                for i in range(3):
                    skill[n, i] += (1.0 - skill[n, i]) * small_share_of(0.01 * aim[n, i])
            for _ in range(built):
                for d in range(level.shape[1]):
                    able[n, d] += (1.0 - able[n, d]) * small_share_of(0.01 * aim[n, d])
            for a in range(activities):
                table[0, n, a] = logistic(table[1, n, a])
                for h in range(hosts):
                    good[n, h] += 0.001 * table[0, n, a]
                    good[h, n] += 0.001 * table[0, n, a]
        for p in range(1, table.shape[0]):
            for n in range(states):
                for a in range(activities):
                    table[p, n, a] = 0.9 * table[p, n, a] + 0.1 * table[p - 1, n, a] * cost[a]
    return checked


def measured_floor(scenario: str, policy: str, runs: int = 40) -> float:
    """Seconds for one run's dense passes and draws, on all cores at once as the ensemble runs."""
    from concurrent.futures import ThreadPoolExecutor
    from os import cpu_count

    c, quarters = counts_of(scenario, policy)

    def work(number: int) -> float:
        rng = np.random.default_rng(number)
        arrays = (
            np.arange(c.states), np.zeros((c.threats, c.states)), np.zeros((c.kinds, c.states)),
            rng.random((c.states, c.states)), rng.random((c.states, c.states)), rng.random(c.states),
            rng.random((c.states, c.domains)), rng.random((c.kinds, c.domains)), rng.random(c.states),
            rng.random((c.states, c.states)), np.zeros(c.states), rng.random((c.states, 3)),
            rng.random((c.states, c.domains)), rng.random((c.states, c.domains)),
            rng.random((PROGRAMME_PASSES, c.states, c.activities)), rng.random(c.activities),
        )  # fmt: skip
        return float(
            fused_run(
                quarters, draws_for(1, number, 0), *arrays, c.partners, c.calls, c.taught, c.built, c.hosts
            )
        )  # fmt: skip

    work(0)
    cores = cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        began = time.perf_counter()
        list(pool.map(work, range(runs)))
        return (time.perf_counter() - began) / runs
