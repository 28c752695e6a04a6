"""Figures written to files, by as many processes as the machine has processors."""

import multiprocessing
import os
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any, Final, NamedTuple

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg

from analysis.pictures.chart import Chart, figures
from analysis.pictures.fit import fit
from analysis.pictures.forms import FORMS, PRINT, Form
from analysis.pictures.style import PRESENT, RC, About, Sheet, folded
from analysis.words import Table
from sim.inputs.errors import InputError
from sim.law.compiled import RULES_HASH
from sim.outputs.files import whole, write_text
from sim.runs.results import Results

WEB: Final = FORMS["web"]


class Drawn(NamedTuple):
    """A drawn chart: what it says, its table, and its files by format."""

    name: str
    heading: str
    title: str
    shows: str
    table: Table
    files: dict[str, Path]


def about(results: Results) -> About:
    """What the foot of every figure of a run says."""
    past = results.scenario.end() < PRESENT
    return About(results.scenario.title, results.policy.title, results.seed, results.replicate, RULES_HASH, past=past)


def figure_of(chart: Chart, data: Any, foot: About, narrow: bool = False) -> Sheet:
    """The picture of numbers, with head and foot; `narrow`: for one column of a page."""
    with matplotlib.rc_context(RC):
        figure = chart.sheet(data, foot, narrow)
        chart.draw(data, figure)
        if figure.narrow:
            fold_labels(figure)
        FigureCanvasAgg(figure)
        return figure


def sized(chart: Chart, form: Form) -> Form:
    """The form of one figure: what cannot be read in one column goes over two."""
    return form._replace(wide=PRINT.wide) if form.narrow and chart.narrow is None else form


def fold_labels(figure: Sheet) -> None:
    """Labels of axes along the bottom in lines that a narrow sheet has room for."""
    room = int((float(figure.get_size_inches()[0]) - 0.4) / 0.093)
    for axes in figure.axes:
        axes.set_xlabel("\n".join(folded(axes.get_xlabel(), room)))


def save(
    chart: Chart, data: Any, foot: About, folder: Path, formats: Sequence[str], form: Form = WEB
) -> None:  # fmt: skip
    """Draw a chart once and write it in every format; the same numbers give the same SVG bytes."""
    with matplotlib.rc_context(RC):
        figure = figure_of(chart, data, foot, form.narrow)
        placed = fit(figure, sized(chart, form))
        if form.bare:
            words = (chart.finding(data) + ".", chart.caption(data), *foot.lines())
            write_text(folder / f"{chart.name}.txt", "\n".join(words) + "\n")
        for kind in sorted(formats, reverse=True):  # SVG, which keeps letters, before what keeps shapes
            options: dict[str, Any] = dict(placed)
            if kind == "png":
                dots = form.dots or chart.dots
                options |= {"dpi": dots} if dots else {"pil_kwargs": {"compress_level": 2}}
            if kind in ("svg", "pdf"):
                options["metadata"] = {"Date" if kind == "svg" else "CreationDate": None}
            with whole(folder / f"{chart.name}.{kind}") as path:
                figure.savefig(path, format=kind, **options)


Job = tuple[Chart, Any]
Tell = Callable[[str, int, int], None]


def _work(jobs: Sequence[Job], foot: About, folder: Path, form: Form, taken: Any, tell: Tell | None) -> None:
    """Draw the next chart that nobody has taken, until none is left. `taken` is a counter shared by processes."""
    while True:
        with taken.get_lock():
            at = taken.value
            taken.value = at + 1
        if at >= len(jobs):
            return
        chart, data = jobs[at]
        save(chart, data, foot, folder, form.formats, form)
        if tell is not None:
            tell(chart.name, min(taken.value, len(jobs)), len(jobs))


def _help(jobs: Sequence[Job], foot: About, folder: Path, form: Form, taken: Any) -> None:
    """The same in a helper process: what it cannot write it leaves to whoever waits for it, who says so once."""
    try:
        _work(jobs, foot, folder, form, taken, None)
    except InputError:
        sys.exit(1)


def draw_jobs(jobs: Sequence[Job], foot: About, folder: Path, form: Form, tell: Tell | None) -> None:
    """Draw all jobs: with helper processes where forking is there and safe, else one after the other."""
    safe = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"
    safe = safe and threading.active_count() == 1 and not multiprocessing.current_process().daemon
    count = min((os.cpu_count() or 1) - 1, len(jobs) // 4) if safe else 0
    if not count:
        for at, job in enumerate(jobs, start=1):
            save(*job, foot, folder, form.formats, form)
            if tell is not None:
                tell(job[0].name, at, len(jobs))
        return
    context = multiprocessing.get_context("fork")
    taken = context.Value("i", 0)
    work = (jobs, foot, folder, form, taken)
    helpers = [context.Process(target=_help, args=work, daemon=True) for _ in range(count)]
    with warnings.catch_warnings():  # 3.12 warns of threads that libraries hold; none of them runs our code
        warnings.simplefilter("ignore", DeprecationWarning)
        for helper in helpers:
            helper.start()
    try:
        _work(*work, tell)
        for helper in helpers:
            helper.join()
    finally:
        for helper in helpers:
            helper.terminate()
    if any(helper.exitcode for helper in helpers):
        for job in jobs:
            save(*job, foot, folder, form.formats, form)


def charts_of(package: ModuleType, subject: Any, only: Sequence[str] = ()) -> list[Job]:
    """The figures of a package, or those named, with their numbers from a run or a comparison."""
    known = {chart.name: chart for chart in figures(package) if chart.when(subject)}
    return [(known[name], known[name].data(subject)) for name in only or known]


def draw_charts(
    jobs: Sequence[Job], foot: About, folder: Path, formats: Sequence[str] | None = None, tell: Tell | None = None,
    form: Form = WEB,
) -> list[Drawn]:  # fmt: skip
    """Draw figures into `folder`. `tell(name, done, all)` is called as they get done. formats: other ones."""
    folder.mkdir(parents=True, exist_ok=True)
    form = form if formats is None else form._replace(formats=tuple(formats))
    draw_jobs(jobs, foot, folder, form, tell)
    return [
        Drawn(
            c.name,
            c.heading,
            c.finding(d),
            c.caption(d),
            c.table(d),
            {k: folder / f"{c.name}.{k}" for k in (*form.formats, *(("txt",) if form.bare else ()))},
        )
        for c, d in jobs
    ]


def files_of(drawn: Sequence[Drawn]) -> list[Path]:
    """The files of drawn figures, figure by figure."""
    return [path for one in drawn for path in one.files.values()]
