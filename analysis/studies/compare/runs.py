"""Runs of a comparison: scenario by scenario, so that memory stays bounded; chunks on disk, so that it resumes."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from analysis.stats.best import simultaneous_differences
from analysis.stats.intervals import Interval
from analysis.stats.stopping import Stopped, until_width
from analysis.studies.compare.comparison import (
    Asked,
    Comparison,
    Judged,
    Steps,
    direction,
    judge,
    leader_of,
    over_scenarios,
    smallest_of,
)
from analysis.studies.compare.nested import EACH, Nested, design, nest, unasked, varied
from analysis.studies.compare.places import STATES, places_of
from analysis.studies.compare.reasons import Why, take_apart
from analysis.words import about
from sim.declare.names import MEASURES, PARTNER, SCORES
from sim.declare.no_programme import NO_LEVERS, NO_PARAMETERS
from sim.inputs.errors import InputError, Problem, allowed, nearest
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import Policy, PythonPolicy, load_policy, policy_names
from sim.inputs.reading.sheets import is_book, parted, policies_in
from sim.inputs.scenario import Scenario
from sim.law.compiled import Floats
from sim.runs.arm import Arm, Record, arm_of, over_run
from sim.runs.build import Built, build
from sim.runs.dataset import Gathered
from sim.runs.ensemble import Task, compute_and_keep, pool_for, run_arms

if TYPE_CHECKING:
    import xarray

ALL: Final = "all"
NO_PROGRAMME: Final = "no_programme"
RECORD: Final = Record(states=STATES)
LEDGER: Final = Record(contributions=True, states=STATES)  # keeping the ledger triples the cost of a run
LOOK_CLOSER: Final = 50  # replicates of what explains a difference: it asks for less precision than the difference
MOST: Final = 25_600  # replicates beyond which no width is sought
Tell = Callable[[str, int, int], None]
Keep = Callable[[str, "xarray.Dataset"], None]


@dataclass(frozen=True)
class Plan:
    """What is compared, and how. Names are shipped names or paths; `plan_of` checks and completes them."""

    scenarios: tuple[str, ...]
    policies: tuple[str, ...] = ()
    baseline: str = "status_quo"
    replicates: int = 200
    measure: str | None = None
    seed: int = 1
    width: float | None = None  # of the widest interval, in the unit of the primary measure
    points: int | None = None  # of the nested design; default: a small one, no dearer than the comparison
    explain: str | None = None  # the policy taken apart; default: the leading one


@dataclass(frozen=True)
class Where:
    """Where runs happen and where their chunks are kept."""

    folder: Path | None = None
    threads: int | None = None
    cluster: str | None = None


def short(name: str) -> str:
    """A file's name without folder and suffix, or that of a policy in a workbook."""
    file, policy = parted(name)
    return policy or file.stem


def each_of(policies: Iterable[str]) -> Iterator[str]:
    """The policies, where a workbook of several stands for each of them."""
    for name in policies:
        inside = policies_in(parted(name)[0]) if is_book(name) and not parted(name)[1] else {}
        yield from (f"{name}#{one}" for one in inside) if len(inside) > 1 else (name,)


def plan_of(asked: Plan) -> Plan:
    """A checked plan: "all" stands for all shipped scenarios, no policies for all shipped ones; InputError if wrong."""
    named = scenario_names() if ALL in asked.scenarios else ()
    worlds = tuple(dict.fromkeys((*named, *(name for name in asked.scenarios if name != ALL))))
    chosen = tuple(dict.fromkeys(each_of(asked.policies or policy_names())))
    if short(asked.baseline) not in map(short, chosen):
        chosen = (asked.baseline, *chosen)
    baseline = next(p for p in chosen if short(p) == short(asked.baseline))
    points = unasked(asked.replicates, len(chosen)) if asked.points is None else asked.points
    plan = replace(asked, scenarios=worlds, policies=chosen, baseline=baseline, points=points)
    problems = list(_wrong(plan))
    if problems:
        raise InputError(problems)
    for world in worlds:
        names = load_scenario(world).framework_names()
        for policy in chosen:
            load_policy(policy, names)
    return plan


def _wrong(plan: Plan) -> Iterator[Problem]:
    """What cannot be compared."""
    names = [short(p) for p in plan.policies]
    for what, given in (("SCENARIO", plan.scenarios), ("--policies", plan.policies)):
        stems = [short(name) for name in given]
        for name in dict.fromkeys(stem for stem in stems if stems.count(stem) > 1):
            yield Problem("compare", what, name, "two files share this name; rename one")
    if not plan.scenarios:
        yield Problem("compare", "SCENARIO", "", f"none is given; {allowed((ALL, *scenario_names()))}")
    if len(plan.policies) < 2:
        yield Problem("compare", "--policies", names[0], "a comparison needs a policy beside the baseline")
    if plan.measure is not None and plan.measure not in MEASURES:
        told = f"not a measure; {allowed(MEASURES)}{nearest(plan.measure, MEASURES)}"
        yield Problem("compare", "--measure", repr(plan.measure), told)
    if plan.explain is not None and short(plan.explain) not in names:
        told = f"not one of the policies compared; {allowed(names)}{nearest(plan.explain, names)}"
        yield Problem("compare", "--explain", repr(plan.explain), told)
    if not 2 <= plan.replicates <= 1_000_000:
        yield Problem("compare", "--replicates", str(plan.replicates), "allowed: 2 to 1,000,000")
    if plan.width is not None and not plan.width > 0.0:
        yield Problem("compare", "--until-width", str(plan.width), "allowed: a width above 0, in the measure's unit")
    if plan.points and not 4 <= plan.points <= 100_000:
        yield Problem("compare", "--parameters", str(plan.points), "allowed: 4 to 100,000 points")
    if not 0 <= plan.seed < 2**64:
        yield Problem("compare", "--seed", str(plan.seed), "allowed: 0 to 2**64 - 1")


@dataclass
class Bench:
    """One scenario made ready to run, with what all its runs share."""

    plan: Plan
    where: Where
    tell: Tell
    scenario: Scenario
    built: Built
    policies: tuple[Policy | PythonPolicy, ...]
    baseline: int

    def arms(self, parameters: Mapping[str, float] | None = None) -> list[Arm]:
        """An arm for each policy."""
        return [arm_of(self.scenario, p, parameters, built=self.built) for p in self.policies]

    def without(self) -> Arm:
        """The arm without a programme."""
        return without_programme(self.scenario, self.policies[self.baseline], self.built)

    def run(self, what: str, arms: Sequence[Arm], replicates: int, first: int, record: Record) -> list[Gathered]:
        """Run arms under the plan's seed."""
        return run_arms(
            arms, replicates, self.plan.seed, record, self.where.threads, folder=self.where.folder,
            cluster=self.where.cluster, progress=lambda done, total: self.tell(what, done, total), first=first,
        )  # fmt: skip

    def computed(
        self, arms: Sequence[Arm], tasks: Sequence[Task], what: str
    ) -> Iterator[tuple[Task, Mapping[str, Floats]]]:  # fmt: skip
        """Chunks in their order; unlike `run_arms` every arm may have replicates of its own."""
        where, seed, waiting = self.where, self.plan.seed, deque[tuple[Task, Any]]()
        with pool_for(arms, where.threads or os.cpu_count() or 1, where.cluster) as (pool, width):
            try:
                for at, task in enumerate((*tasks, None)):
                    if task is not None:
                        arguments = (arms[task.arm], seed, task, Record(), str(where.folder or ""))
                        waiting.append((task, pool.submit(compute_and_keep, *arguments)))
                    while waiting and (task is None or len(waiting) >= width):
                        ready, future = waiting.popleft()
                        yield ready, future.result()
                        self.tell(what, (at - len(waiting)) * EACH, len(tasks) * EACH)
            except BaseException:
                for _, future in waiting:
                    future.cancel()
                raise


def without_programme(scenario: Scenario, base: Policy | PythonPolicy, built: Built) -> Arm:
    """The arm of a baseline with no money, no outreach and a shut door."""
    base = base if isinstance(base, Policy) else load_policy("status_quo")
    assert isinstance(base, Policy)
    return arm_of(scenario, base.model_copy(update=dict(NO_LEVERS)), NO_PARAMETERS, built=built)


def outcomes_of(gathered: Gathered) -> Floats:
    """Outcomes of one arm, (R, M)."""
    return np.concatenate(gathered.outcomes)


def bench_of(plan: Plan, name: str, where: Where, tell: Tell) -> Bench:
    """A scenario made ready."""
    scenario = load_scenario(name)
    policies = tuple(load_policy(p, scenario.framework_names()) for p in plan.policies)
    return Bench(plan, where, tell, scenario, build(scenario), policies, plan.policies.index(plan.baseline))


def compare_scenario(bench: Bench, name: str, keep: Keep | None = None, closer: bool = True) -> Judged:
    """Run and judge one scenario; `keep` is given the labelled dataset before it is dropped. closer: say why, too."""
    plan = bench.plan
    measure = plan.measure or bench.scenario.primary_measure
    stopped = None if plan.width is None else _size(bench, measure, plan.width)
    first, replicates = (0, plan.replicates) if stopped is None else (stopped.size, stopped.size)
    asked = Asked(
        short(name), bench.scenario.title, bench.scenario.question, measure, direction(measure),
        smallest_of(bench.scenario, measure), tuple(short(p) for p in plan.policies),
        tuple(p.title for p in bench.policies), bench.baseline, plan.seed, first, replicates,
        bench.scenario.start, about(bench.built.names, bench.built.setting.focus.tolist(), len(bench.built.rivals)),
    )  # fmt: skip
    arms = [*bench.arms(), bench.without()]
    found = bench.run("policies", arms, replicates, first, RECORD)
    if keep is not None:
        from sim.runs.dataset import label

        names = (*asked.policies, NO_PROGRAMME)
        keep(asked.name, label(arms, found, [asked.name], names, plan.seed, first, replicates, RECORD))
    outcomes = np.stack([outcomes_of(one) for one in found[:-1]])
    judged = judge(asked, outcomes, outcomes_of(found[-1]), Steps.of(found[:-1], measure))
    policy = judged.leader if plan.explain is None else asked.policies.index(short(plan.explain))
    policy = policy if policy != asked.baseline else leader_of(judged.gains(), asked.baseline)
    pair = found[policy], found[asked.baseline]
    judged = replace(judged, places=places_of(bench.built, pair), stopped=stopped)
    if not closer:
        return judged
    why = why_of(bench, judged, policy)
    return replace(judged, why=why, nested=nested_of(bench, asked) if plan.points else None)


def _size(bench: Bench, measure: str, width: float) -> Stopped:
    """How many replicates bring the widest of the simultaneous intervals within a width."""
    at = MEASURES.index(measure)
    arms = [*bench.arms(), bench.without()]  # the same arms and records as the answer's, which then only reads chunks

    def sample(first: int, count: int) -> tuple[Floats, Floats]:
        found = bench.run(f"looking, {count} replicates", arms, count, first, RECORD)
        values = np.stack([outcomes_of(one)[:, at] for one in found[:-1]], axis=1)
        return values, values[:, bench.baseline]

    def widest(arm: Floats, base: Floats, level: float = 0.95) -> Interval:
        return max(simultaneous_differences(arm, bench.baseline, level), key=lambda one: one.half)

    start = bench.plan.replicates
    return until_width(sample, width, first=start, most=max(start, MOST), interval=widest)


def why_of(bench: Bench, judged: Judged, policy: int) -> Why:
    """The policy taken apart against the baseline, over the first replicates."""
    asked, group = judged.asked, bench.built.world.role == PARTNER
    replicates = min(asked.replicates, LOOK_CLOSER)
    both = bench.policies[policy], bench.policies[asked.baseline]
    arms = [arm_of(bench.scenario, one, built=bench.built) for one in both]
    pair = bench.run("accounts", arms, replicates, asked.first, LEDGER)
    ledgers = np.stack([one.contributions[:, :, group].mean(axis=2) for one in pair])
    ends = np.zeros((2, len(SCORES)))
    for score in ("trust", "interoperability"):
        for i, one in enumerate(pair):
            ends[i, SCORES.index(score)] = np.concatenate(one.states)[:, group, STATES.index(score)].mean()

    def run(arms: Sequence[Arm], count: int) -> list[Floats]:
        if not arms:
            return []
        return [outcomes_of(one) for one in bench.run("what explains it", arms, count, asked.first, Record())]

    return take_apart(judged, policy, ledgers, ends, bench.scenario, bench.built, both, replicates, run)


def nested_of(bench: Bench, asked: Asked) -> Nested:
    """The nested design: every point has its own replicates, beyond those of the comparison itself."""
    names, points = varied(), bench.plan.points or 0
    values = design(points, asked.seed, names)
    arms = [arm for row in values for arm in bench.arms(dict(zip(names, map(float, row), strict=True)))]
    start, policies = asked.first + asked.replicates, len(asked.policies)
    tasks = [Task(i, start + i // policies * EACH, EACH) for i in range(len(arms))]
    outcomes = np.zeros((len(arms), EACH, len(MEASURES)))
    for task, arrays in bench.computed(arms, tasks, "parameters"):
        outcomes[task.arm] = over_run(arrays["measures"])
    return nest(asked, outcomes.reshape(points, policies, EACH, len(MEASURES)), values, names)


def compare_plan(plan: Plan, where: Where, tell: Tell | None = None, keep: Keep | None = None) -> Comparison:
    """Run a checked plan scenario by scenario."""
    judged = []
    for name in plan.scenarios:

        def told(what: str, done: int, total: int, name: str = name) -> None:
            if tell is not None:
                tell(f"{short(name)}: {what}", done, total)

        judged.append(compare_scenario(bench_of(plan, name, where, told), name, keep))
    whole = tuple(judged)
    return Comparison(whole, over_scenarios(whole) if len(whole) > 1 else None)


def compare(
    scenarios: Sequence[str], policies: Sequence[str] | None = None, baseline: str = "status_quo",
    replicates: int = 200, measure: str | None = None, seed: int = 1, width: float | None = None,
    points: int | None = None,
    explain: str | None = None, folder: Path | str | None = None, threads: int | None = None,
    cluster: str | None = None, tell: Tell | None = None, keep: Keep | None = None,
) -> Comparison:  # fmt: skip
    """Scenarios by policies with the same luck: every number that a verdict needs.

    width: replicates are added until the widest interval of the primary measure is within it. points: of a nested
    design over the assumed parameters. explain: the policy taken apart. folder: where chunks are kept.
    """
    asked = Plan(
        tuple(scenarios), tuple(policies or ()), baseline, replicates, measure, seed, width, points, explain
    )  # fmt: skip
    return compare_plan(plan_of(asked), Where(None if folder is None else Path(folder), threads, cluster), tell, keep)
