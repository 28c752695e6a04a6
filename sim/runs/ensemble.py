"""Thousands of runs as one labelled dataset: scenarios x policies x replicates, the same luck for every policy.

    run_ensemble   scenarios x policies x replicates -> xarray.Dataset
    run_arms       any list of arms -> what each left behind

Arms are cut into chunks of replicates; threads (or processes, or a cluster) run them through the one kernel; results
are put together in the order of replicates, so the number of threads, the chunks and the machines change no bit.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import numpy as np

from sim.inputs.policy import Policy, PythonPolicy
from sim.inputs.scenario import Scenario
from sim.law.compiled import Floats, compile_rules
from sim.runs.arm import Arm, Record, Runs, arm_of, run_chunk
from sim.runs.build import build
from sim.runs.dataset import Gathered, label, summarise
from sim.runs.engine import as_scenario
from sim.runs.kept_chunks import chunk_name, log_time, read_chunk, write_chunk

if TYPE_CHECKING:
    import xarray

BLOCK: Final = 100  # replicates that quantiles are taken over; a block starts at a multiple of it
CHUNK: Final = 100
Progress = Callable[[int, int], None]


class Pool(Protocol):
    """Where chunks run: threads, processes or a cluster."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Start a call; the answer's `result()` waits for it."""


class Task(NamedTuple):
    """One chunk: which arm, and which replicates."""

    arm: int
    first: int
    replicates: int


def tasks_of(arms: int, first: int, replicates: int, chunk: int) -> Iterator[Task]:
    """All chunks, replicates of all arms in turn, so that what is done when it is stopped can be compared.

    No chunk crosses the border of a block unless it holds whole blocks.
    """
    size = chunk if chunk < BLOCK else chunk // BLOCK * BLOCK
    at = first
    while at < first + replicates:
        to_border = BLOCK - at % BLOCK
        count = min(size if size > BLOCK and to_border == BLOCK else min(size, to_border), first + replicates - at)
        yield from (Task(arm, at, count) for arm in range(arms))
        at += count


def compute(arm: Arm, seed: int, task: Task, record: Record) -> dict[str, Floats]:
    """Run one chunk; whole blocks are summed up at once, parts of a block are kept as they are."""
    runs = run_chunk(arm, seed, task.first, task.replicates, record)
    if task.replicates < BLOCK:
        return runs._asdict()
    parts = [
        summarise(Runs(*(array[at : at + BLOCK] for array in runs)), record) for at in range(0, task.replicates, BLOCK)
    ]
    return {f"{i:04d}.{name}": array for i, part in enumerate(parts) for name, array in part.items()}


def compute_and_keep(arm: Arm, seed: int, task: Task, record: Record, folder: str) -> dict[str, Floats]:
    """The same, read from `folder` where it was computed before, and left there otherwise."""
    if not folder:
        return compute(arm, seed, task, record)
    name = chunk_name(arm, seed, task.first, task.replicates, record)
    known = read_chunk(Path(folder) / name)
    if known is not None:
        return known
    began = time.perf_counter()
    arrays = compute(arm, seed, task, record)
    write_chunk(Path(folder) / name, arrays)
    log_time(Path(folder), name, time.perf_counter() - began)
    return arrays


class Gatherer:
    """Puts chunks together: tasks of an arm must come in order; parts of a block wait until it is whole."""

    def __init__(self, arms: int, end: int, record: Record) -> None:
        self.arms = [Gathered() for _ in range(arms)]
        self.end, self.record = end, record
        self._parts: list[list[dict[str, Floats]]] = [[] for _ in range(arms)]

    def add(self, task: Task, arrays: Mapping[str, Floats]) -> None:
        """Take in the next chunk."""
        gathered = self.arms[task.arm]
        if "measures" not in arrays:
            for i in range(len({name.split(".")[0] for name in arrays})):
                gathered.add({name.split(".")[1]: a for name, a in arrays.items() if name.startswith(f"{i:04d}.")})
            return
        parts = self._parts[task.arm]
        parts.append(dict(arrays))
        last = task.first + task.replicates
        if last % BLOCK == 0 or last == self.end:
            runs = Runs(*(np.concatenate([part[name] for part in parts]) for name in Runs._fields))
            gathered.add(summarise(runs, self.record))
            parts.clear()


def run_arms(
    arms: Sequence[Arm], replicates: int, seed: int = 1, record: Record | None = None, threads: int | None = None,
    chunk: int = CHUNK, folder: Path | str | None = None, cluster: str | None = None, progress: Progress | None = None,
    first: int = 0,
) -> list[Gathered]:  # fmt: skip
    """Run replicates first ... first + replicates - 1 of every arm.

    folder: where chunks are kept, here and not on a cluster's workers, so that the same call goes on where it was
    stopped. cluster: address of a Dask scheduler. progress: called with the runs done and the runs in all.
    """
    record = record or Record()
    gatherer = Gatherer(len(arms), first + replicates, record)
    waiting: deque[tuple[Task, Any]] = deque()
    done, total = 0, replicates * len(arms)
    with pool_for(arms, threads or os.cpu_count() or 1, cluster) as (pool, width):
        try:
            for task in (*tasks_of(len(arms), first, replicates, chunk), None):
                if task is not None:
                    arm = arms[task.arm]
                    arguments = (arm, seed, task, record, str(folder or ""))
                    waiting.append((task, pool.submit(compute_and_keep, *arguments)))
                while waiting and (task is None or len(waiting) >= width):
                    ready, future = waiting.popleft()
                    gatherer.add(ready, future.result())
                    done += ready.replicates
                    if progress is not None:
                        progress(done, total)
        except BaseException:
            for _, future in waiting:
                future.cancel()
            raise
    return gatherer.arms


@contextmanager
def pool_for(arms: Sequence[Arm], threads: int, cluster: str | None) -> Iterator[tuple[Pool, int]]:
    """Where the chunks run, and how many may be on their way at once."""
    if cluster is not None:
        from sim.runs.cluster import connected

        with connected(cluster) as (pool, width):
            yield pool, width
        return
    compile_rules()
    local: Executor
    if all(arm.compiled for arm in arms):
        local = ThreadPoolExecutor(threads)
    else:
        import multiprocessing
        import signal

        # Ctrl-C in a terminal reaches these processes too: they finish their chunks, and only we stop.
        deaf = (signal.SIGINT, signal.SIG_IGN)
        local = ProcessPoolExecutor(threads, multiprocessing.get_context("spawn"), signal.signal, deaf)
    with local:
        yield local, 2 * threads


Scenarios = Scenario | str | Path | Sequence[Scenario | str | Path]
Policies = Policy | PythonPolicy | str | Path | Sequence[Policy | PythonPolicy | str | Path]


def as_list(value: Any) -> list[Any]:
    """One thing as a list of one."""
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def run_ensemble(
    scenarios: Scenarios, policies: Policies, replicates: int, seed: int = 1,
    parameters: Mapping[str, float] | None = None, record: Record | None = None, threads: int | None = None,
    chunk: int = CHUNK, folder: Path | str | None = None, cluster: str | None = None, progress: Progress | None = None,
    first: int = 0, agents: Mapping[str, type] | None = None,
) -> "xarray.Dataset":  # fmt: skip
    """Every scenario under every policy with the same draws, as one labelled dataset with a manifest.

    `outcome` (scenario, policy, replicate, measure) is each measure over the run as declared; `step_mean` and
    `step_quantile` follow it by step; `Record` says what else is kept. Shorter scenarios are filled with NaN.
    """
    record = record or Record()
    worlds = [as_scenario(s) for s in as_list(scenarios)]
    built = [build(world) for world in worlds]
    given = as_list(policies)
    arms = [arm_of(w, p, parameters, agents, b) for w, b in zip(worlds, built, strict=True) for p in given]
    found = run_arms(arms, replicates, seed, record, threads, chunk, folder, cluster, progress, first)
    names = [_name(s, w.title) for s, w in zip(as_list(scenarios), worlds, strict=True)]
    titles = [_name(p, arm.policy.title) for p, arm in zip(given, arms, strict=False)]
    return label(arms, found, names, titles, seed, first, replicates, record)


def _name(given: Any, title: str) -> str:
    return Path(given).stem if isinstance(given, str | Path) else title
