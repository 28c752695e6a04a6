"""The verdict so far of a comparison that was stopped, from the chunks that are on the disk: nothing is run."""

from dataclasses import replace
from pathlib import Path

from analysis.studies.compare.comparison import Comparison, Judged, over_scenarios
from analysis.studies.compare.runs import RECORD, Bench, Plan, Where, bench_of, compare_scenario
from sim.runs.ensemble import CHUNK, tasks_of
from sim.runs.kept_chunks import chunk_name


def done(bench: Bench, folder: Path) -> int:
    """Replicates that every arm has on the disk, from the first on."""
    arms, plan, whole = [*bench.arms(), bench.without()], bench.plan, 0
    for task in tasks_of(1, 0, plan.replicates, CHUNK):
        names = (chunk_name(arm, plan.seed, task.first, task.replicates, RECORD) for arm in arms)
        if not all((folder / name).is_file() for name in names):
            break
        whole += task.replicates
    return whole


def so_far(plan: Plan, where: Where) -> Comparison | None:
    """Every scenario that has replicates of all its policies; None where none has, or where a width was asked for."""
    if where.folder is None or plan.width is not None:
        return None
    found: list[Judged] = []
    for name in plan.scenarios:
        bench = bench_of(plan, name, where, lambda *far: None)
        if replicates := done(bench, where.folder):
            bench.plan = replace(plan, replicates=replicates)
            found.append(compare_scenario(bench, name, closer=False))
    whole = tuple(found)
    return Comparison(whole, over_scenarios(whole) if len(whole) > 1 else None) if whole else None
