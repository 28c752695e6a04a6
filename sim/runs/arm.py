"""One arm of an experiment, and the one function that runs a chunk of its replicates, here or on another machine.

An arm is a scenario under a policy with some parameters replaced. What a chunk leaves behind depends on its arm, the
seed and the numbers of its replicates only, so any thread, process or machine gives the same bits.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from sim.declare.levers import Levers
from sim.declare.names import FLOWS, MEASURES, SCORES, STATE_VARIABLES
from sim.declare.parameters import Parameters
from sim.inputs.checks import refuse_parameters
from sim.inputs.levers import again
from sim.inputs.policy import Policy, PythonPolicy
from sim.inputs.scenario import Scenario
from sim.law.asked_orders import Standing, nothing_asked
from sim.law.blocks import Table
from sim.law.choices.everyone import EVERYBODY
from sim.law.compiled import COMPILING_IS_OFF, RULES_HASH, Floats, Ints
from sim.law.job import WHOLE, Job
from sim.law.ledger import CAUSES
from sim.law.measures import DECLARED
from sim.law.measures.states import measure_states
from sim.runs.batch import arrays_of, do, new_arena, under_each
from sim.runs.build import Built, build, levers_of
from sim.runs.engine import Engine, as_policy, as_scenario

AT_END: Final = np.array([DECLARED[name].over_run == "end" for name in MEASURES])


class Record(NamedTuple):
    """What an ensemble keeps. Step means and quantiles, and the mean and scatter of outcomes, it always keeps."""

    outcomes: bool = True  # every measure over the run, of each replicate
    contributions: bool = False  # the ledger's mean
    states: tuple[str, ...] = ()  # these state variables over the run, of each replicate
    paths: bool = False  # and at every step


@dataclass(frozen=True)
class Arm:
    """A scenario under a policy with some parameters replaced; `agents` are the user's own Mesa agent classes."""

    scenario: Scenario
    policy: Policy | PythonPolicy
    built: Built = field(repr=False, compare=False)
    parameters: tuple[tuple[str, float], ...] = ()
    agents: Mapping[str, type] = field(default_factory=dict, compare=False)
    standing: Standing | None = field(default=None, repr=False, compare=False)  # what a game's seats asked for

    @property
    def compiled(self) -> bool:
        """True where nothing of it is written in Python, so that the compiled kernel can run it."""
        return isinstance(self.policy, Policy) and not self.agents

    @cached_property
    def values(self) -> Parameters:
        """All parameters: defaults, the scenario's overrides, then this arm's."""
        return self.built.parameters._replace(**dict(self.parameters))

    @property
    def levers(self) -> Levers:
        """The policy's levers."""
        assert isinstance(self.policy, Policy)
        return levers_of(self.policy, self.built.frameworks)

    @cached_property
    def fingerprint(self) -> str:
        """Hash of every number that can change a result of this arm, beside seed and replicate."""
        digest = hashlib.sha256(repr((RULES_HASH, self.scenario.horizon, *self.values)).encode())
        numbers: list[Any] = [self.built.setting, self.built.world]
        if isinstance(self.policy, Policy):
            asked = () if self.standing is None else self.standing
            numbers += [self.levers, asked]
            for levers in (self.levers, *(asked.levers if asked else ())):
                digest.update(repr([part for part in levers if not isinstance(part, np.ndarray)]).encode())
        else:
            digest.update(self.policy.source.encode())
        digest.update(repr(sorted((n, f"{c.__module__}.{c.__qualname__}") for n, c in self.agents.items())).encode())
        for array in arrays_of(tuple(numbers)):
            digest.update(repr(array.shape).encode() + np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:24]


def arm_of(
    scenario: Scenario | str | Path, policy: Policy | PythonPolicy | str | Path,
    parameters: Mapping[str, float] | None = None, agents: Mapping[str, type] | None = None, built: Built | None = None,
    within: bool = True,
) -> Arm:  # fmt: skip
    """An arm; unknown parameters are refused, and values out of their range too, unless `within` is False.

    A mechanism is switched off by a value that its range may leave out.
    """
    world, chosen = as_scenario(scenario), dict(sorted((parameters or {}).items()))
    refuse_parameters(chosen, within)
    replaced = tuple((name, float(value)) for name, value in chosen.items())
    return Arm(world, as_policy(policy, world), built or build(world), replaced, dict(agents or {}))


class Runs(NamedTuple):
    """What R replicates left behind. L steps, V recorded state variables."""

    measures: Floats  # (R, L, MEASURES)
    states: Floats  # (R, L, N, V)
    ledgers: Floats  # (R, CAUSES, SCORES, N), or (R, 0, 0, 0)


def run_chunk(arm: Arm, seed: int, first: int, count: int, record: Record) -> Runs:
    """Run replicates first ... first + count - 1 of an arm, through the compiled entry where that can be."""
    if not arm.compiled:
        return _run_with_mesa(arm, seed, first, record, _empty_runs(arm, count, record))
    job = job_of(arm, seed, first, count, record)
    do(job)
    return Runs(job.measures, job.states, job.ledgers)


def run_forked(arms: Sequence[Arm], seed: int, first: int, count: int, record: Record, step: int) -> list[Runs]:
    """The same as run_chunk of each arm, for compiled arms that are alike up to a step: what they share is run once."""
    jobs = [job_of(arm, seed, first, count, record) for arm in arms]
    tables = [None if COMPILING_IS_OFF else Table(job) for job in jobs]

    def part(at: int, r: int, begin: int, end: int, floats: Floats, ints: Ints) -> None:
        job, table = jobs[at], tables[at]
        now: dict[str, Any] = {
            "first": first + r, "step": begin, "until": end, "first_floats": floats, "first_ints": ints,
            "measures": job.measures[r : r + 1, begin:], "states": job.states[r : r + 1, begin:],
            "ledgers": job.ledgers[r : r + 1],
        }  # fmt: skip
        if table is not None:
            for name, value in now.items():
                table.put(name, value)
        do(job._replace(**now), table)

    one, floats, ints = jobs[0], jobs[0].first_floats, jobs[0].first_ints
    for r in range(count):
        part(0, r, 0, step, floats, ints)
        here = one.floats.copy(), one.ints.copy()
        for at, job in enumerate(jobs):
            part(at, r, step, arms[at].scenario.horizon, *here)
            job.measures[r, :step], job.states[r, :step] = one.measures[r, :step], one.states[r, :step]
    return [Runs(job.measures, job.states, job.ledgers) for job in jobs]


def job_of(arm: Arm, seed: int, first: int, count: int, record: Record) -> Job:
    """A chunk of an arm's replicates from the first day to the horizon, as the one entry takes it."""
    arena = new_arena(arm.built.setting, arm.built.world, arm.levers, record.contributions)
    standing = arm.standing or nothing_asked(len(arm.built.codes), len(arm.built.rivals), arm.levers)
    door, frameworks = "standing orders, turn {}", arm.built.frameworks
    asked = [again(door.format(turn), levers, frameworks) for turn, levers in enumerate(standing.levers, start=1)]
    standing = standing._replace(levers=asked)
    return Job(
        arm.built.setting, arena.world, under_each(arena.orders, standing), arena.quarter, standing, arm.values,
        np.uint64(seed), first, 0, arm.scenario.horizon, WHOLE, EVERYBODY, 0, arena.floats, arena.ints,
        arena.first_floats, arena.first_ints, _columns(record), *_empty_runs(arm, count, record),
    )  # fmt: skip


def _columns(record: Record) -> Ints:
    return np.array([STATE_VARIABLES.index(name) for name in record.states], dtype=np.int64)


def _empty_runs(arm: Arm, count: int, record: Record) -> Runs:
    states, horizon = len(arm.built.codes), arm.scenario.horizon
    ledger = (len(CAUSES), len(SCORES), states) if record.contributions else (0, 0, 0)
    return Runs(
        np.zeros((count, horizon, len(MEASURES))),
        np.zeros((count, horizon if record.states else 0, states, len(record.states))), np.zeros((count, *ledger)),
    )  # fmt: skip


def _run_with_mesa(arm: Arm, seed: int, first: int, record: Record, runs: Runs) -> Runs:
    """The same, replicate by replicate through the Mesa face, for policies and agents written in Python."""
    from sim.runs.mesa_model import PartnershipModel  # only here, because Mesa starts slowly

    columns = _columns(record)
    for r in range(len(runs.measures)):
        model = PartnershipModel(
            arm.scenario, arm.policy, seed, first + r, agent_classes=arm.agents, ledger=record.contributions
        )
        engine: Engine = model.engine
        engine.parameters = arm.values
        for step, _ in enumerate(model.quarters()):
            runs.measures[r, step] = engine.measures
            if record.states:
                measure_states(engine.setting, engine.world, engine.quarter, columns, runs.states[r, step])
        if record.contributions:
            runs.ledgers[r] = engine.contributions
    return runs


def over_run(measures: Floats) -> Floats:
    """Each measure summed up over the run as declared: its last value, or its mean. (R, L, M) -> (R, M)."""
    return np.where(AT_END, measures[:, -1], ordered_mean(np.moveaxis(measures, 1, 0)))


def states_over_run(states: Floats, names: tuple[str, ...]) -> Floats:
    """State variables over the run: flows as their mean, all others at the end. (R, L, N, V) -> (R, N, V)."""
    if states.shape[1] == 0:
        return np.zeros((states.shape[0], *states.shape[2:]))
    flows = np.array([name in FLOWS for name in names])
    return np.where(flows, ordered_mean(np.moveaxis(states, 1, 0)), states[:, -1])


def ordered_mean(values: Floats) -> Floats:
    """Mean over the first axis, added up in order, so that its bits are the same on every machine."""
    total = np.zeros(values.shape[1:])
    for value in values:
        total += value
    return total / max(len(values), 1)
