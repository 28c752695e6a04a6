"""The figures of a run, written to files; with two processors in half the time."""

import multiprocessing
import os
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.pictures.run.charts import CHARTS, Chart
from analysis.pictures.style import RC, About, Sheet, sheet
from analysis.words import Table
from sim.inputs.errors import InputError
from sim.law.compiled import RULES_HASH
from sim.outputs.files import whole
from sim.runs.results import Results


class Drawn(NamedTuple):
    """A chart of one run: what it says, its table, and its files by format."""

    name: str
    heading: str
    title: str
    shows: str
    table: Table
    files: dict[str, Path]


def about(results: Results) -> About:
    """What the foot of every figure of a run says."""
    return About(results.scenario.title, results.policy.title, results.seed, results.replicate, RULES_HASH)


def figure_of(chart: Chart, data: Any, foot: About) -> Sheet:
    """The picture of numbers, with head and foot."""
    with matplotlib.rc_context(RC):
        return _picture(chart, data, foot)


def _picture(chart: Chart, data: Any, foot: About) -> Sheet:
    figure = chart.draw(data, sheet(chart.size, chart.finding(data), chart.shows, foot))
    FigureCanvasAgg(figure)
    return figure


def save(chart: Chart, data: Any, foot: About, folder: Path, formats: Sequence[str]) -> None:
    """Draw a chart once and write it in every format; the same numbers give the same SVG bytes."""
    with matplotlib.rc_context(RC):
        figure = _picture(chart, data, foot)
        for kind in formats:
            options: dict[str, Any] = {"pil_kwargs": {"compress_level": 2}} if kind == "png" else {}
            if kind in ("svg", "pdf"):
                options["metadata"] = {"Date" if kind == "svg" else "CreationDate": None}
            with whole(folder / f"{chart.name}.{kind}") as path:
                figure.savefig(path, format=kind, **options)


Job = tuple[Chart, Any]
Tell = Callable[[str, int, int], None]


def _work(
    jobs: Sequence[Job], foot: About, folder: Path, formats: Sequence[str], taken: Any, tell: Tell | None
) -> None:
    """Draw the next chart that nobody has taken, until none is left. `taken` is a counter shared by processes."""
    while True:
        with taken.get_lock():
            at = taken.value
            taken.value = at + 1
        if at >= len(jobs):
            return
        save(jobs[at][0], jobs[at][1], foot, folder, formats)
        if tell is not None:
            tell(jobs[at][0].name, min(taken.value, len(jobs)), len(jobs))


def _help(*work: Any) -> None:
    """The same in a helper process: what it cannot write it leaves to whoever waits for it, who says so once."""
    try:
        _work(*work, None)
    except InputError:
        sys.exit(1)


def draw_jobs(jobs: Sequence[Job], foot: About, folder: Path, formats: Sequence[str], tell: Tell | None) -> None:
    """Draw all jobs: with one helper process where forking is there and safe, else one after the other."""
    alone = "fork" not in multiprocessing.get_all_start_methods() or sys.platform == "darwin"
    alone = alone or threading.active_count() > 1 or (os.cpu_count() or 1) < 2 or len(jobs) < 4
    if alone or multiprocessing.current_process().daemon:
        for at, job in enumerate(jobs):
            save(job[0], job[1], foot, folder, formats)
            if tell is not None:
                tell(job[0].name, at + 1, len(jobs))
        return
    context = multiprocessing.get_context("fork")
    taken = context.Value("i", 0)
    helper = context.Process(target=_help, args=(jobs, foot, folder, formats, taken), daemon=True)
    with warnings.catch_warnings():  # 3.12 warns of threads that libraries hold; none of them runs our code
        warnings.simplefilter("ignore", DeprecationWarning)
        helper.start()
    try:
        _work(jobs, foot, folder, formats, taken, tell)
        helper.join()
    finally:
        if helper.is_alive():
            helper.terminate()
    if helper.exitcode != 0:
        for job in jobs:
            save(job[0], job[1], foot, folder, formats)


def draw_charts(
    results: Results, folder: Path, formats: Sequence[str] = ("png", "svg"), tell: Tell | None = None,
    only: Sequence[str] | None = None,
) -> list[Drawn]:  # fmt: skip
    """Draw the charts of a run into `folder`. `tell(name, done, all)` is called as they get done."""
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [(c, c.data(results)) for c in CHARTS if only is None or c.name in only]
    draw_jobs(jobs, about(results), folder, formats, tell)
    drawn = []
    for chart, data in jobs:
        files = {kind: folder / f"{chart.name}.{kind}" for kind in formats}
        drawn.append(Drawn(chart.name, chart.heading, chart.finding(data), chart.shows, chart.table(data), files))
    return drawn


def draw_all(
    results: Results, folder: Path, formats: Sequence[str] = ("png", "svg"), tell: Tell | None = None,
) -> list[Path]:  # fmt: skip
    """Draw every chart of a run into `folder`; the paths of the files, chart by chart."""
    return [path for one in draw_charts(results, folder, formats, tell) for path in one.files.values()]
