"""What a process of its own works out for the review, while pages go on: answers to questions, and the whole report."""

import io
import logging
import os
import signal
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import matplotlib

from analysis.pictures.chart import Chart
from analysis.pictures.style import RC
from analysis.pictures.write import figure_of
from analysis.said import Said, joined
from analysis.words import Table as Shown
from game.review.after_action import review
from game.review.counterfactual import answer_table, deletion, twin
from game.review.figures import lucks as beside_lucks
from game.review.figures import twins as beside_twins
from game.review.figures.shared import foot_of, in_words_of
from game.review.front import Did, did
from game.review.hotwash.slide_files import Show, show
from game.review.hotwash.slides import slides
from game.review.league import beside
from game.review.lucks import LUCKS, Bench, lucks, ready
from game.review.played import Played, played_from, played_live
from game.review.report import write_review
from game.web.language import say_in
from sim.runs.build import Built

LOG: Final = logging.getLogger("interlock.web")
NICE: Final = 5  # answers wait for pages, not pages for answers
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Answered:
    """One answer as a page shows it."""

    title: str
    finding: str
    table: Shown
    more: tuple[str, ...]
    command: str
    picture: bytes | None = None
    alt: str = ""


@dataclass
class Desk:
    """A finished game as this process holds it, read when it is first asked about."""

    path: Path
    branch: int
    bench: Bench | None = None
    built: Built | None = None  # of the game that goes on

    @cached_property
    def played(self) -> Played:
        """The game."""
        return played_from(self.path, self.branch)

    @property
    def runs(self) -> Bench:
        """The bench, made when it is first needed."""
        self.bench = self.bench or Bench(self.played)
        return self.bench


def picture_of(chart: Chart, data: Any, played: Played, language: str) -> bytes:
    """A chart as SVG, in a language."""
    say = say_in(language)
    with matplotlib.rc_context(RC):
        out = io.BytesIO()
        figure_of(in_words_of(chart, say), data, foot_of(played, say)).savefig(
            out, format="svg", metadata={"Date": None}
        )
        return out.getvalue()


def step(tell: Tell) -> Callable[[int, int], None]:
    """Progress of runs."""
    return lambda done, total: tell("Runs", done, total)


def answer_lucks(desk: Desk, tell: Tell, language: str) -> Answered:
    """Where this world fell among 1,000 other lucks."""
    values = lucks(desk.runs, LUCKS, step(tell))
    seats, chart = beside_lucks.strips(values), beside_lucks.CHART
    finding = chart.finding(seats)
    return Answered(
        Said(chart.heading), Said("%(finding)s, over %(n)s other lucks.", finding=finding, n=Said(f"{LUCKS:,}")),
        beside_lucks.lucks_table(values), (Said("This world = policy play + skill + luck."),),
        f"python run.py lucks {desk.played.name}",
        picture_of(chart, seats, desk.played, language), finding,
    )  # fmt: skip


def answer_twin(desk: Desk, tell: Tell, seat: str, language: str) -> Answered:
    """What a seat's AI twins would have done under the same luck."""
    answers = twin(desk.runs, seat, progress=step(tell))
    chart, data = beside_twins.job(desk.played, answers)
    finding = chart.finding(data)
    more = [joined((one.title, line), ": ") for one in answers for line in one.refused[:2]]
    return Answered(
        Said("AI twins: %(seat)s", seat=data.subject), Said("%(finding)s.", finding=finding), chart.table(data),
        tuple(more[:12]),
        f"python run.py twin {desk.played.name} --seat {seat}", picture_of(chart, data, desk.played, language), finding,
    )  # fmt: skip


def answer_without(desk: Desk, tell: Tell, seat: str, turn: int, language: str) -> Answered:
    """What a seat's decisions of one turn changed."""
    one = deletion(desk.runs, seat, turn, progress=step(tell))
    title = desk.played.setup.game.seat(seat).title
    return Answered(
        Said("Without %(seat)s, turn %(n)s", seat=title, n=turn + 1), one.words, answer_table(one), one.refused[:12],
        f"python run.py without {desk.played.name} --seat {seat} --turn {turn + 1}",
    )  # fmt: skip


def answer_front(desk: Desk, tell: Tell, branch: int, turn: int) -> dict[str, Did]:
    """What orders did in the last turn of a game that goes on; before the first one only the rules are made ready."""
    ready()
    if turn < 0:
        return {}
    played = played_live(desk.path, branch, desk.built)
    desk.built = played.table.course.built
    return did(played, turn)


def answer_slides(desk: Desk, tell: Tell, language: str) -> Show:
    """The hot wash as slides, with its files, in a language."""
    say = say_in(language)
    return show(slides(desk.played, tell, beside(desk.path, desk.played), say), say)


def report(desk: Desk, tell: Tell, folder: Path) -> bool:
    """The whole report, written into a folder."""
    return bool(write_review(review(desk.played, tell=tell), folder, tell))


JOBS: Final[Mapping[str, Callable[..., Any]]] = {
    "lucks": answer_lucks, "twin": answer_twin, "without": answer_without, "report": report,
    "front": answer_front, "slides": answer_slides,
}  # fmt: skip


def work(pipe: Connection, path: Path, branch: int, folder: str) -> None:
    """Do jobs as they come through the pipe, until it ends: ("told", progress), then ("done", what came out).

    What is kept for a while is kept in `folder`, which whoever ends this process removes.
    """
    tempfile.tempdir = folder
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this process
    if hasattr(os, "nice"):
        os.nice(NICE)
    desk = Desk(path, branch)
    while True:
        try:
            job, arguments = pipe.recv()
        except EOFError:
            return
        try:
            told = JOBS[job](desk, lambda *far: pipe.send(("told", far)), *arguments)
            pipe.send(("done", told))
        except Exception:
            LOG.exception("The review could not work out %s %s", job, arguments)
            pipe.send(("failed", None))
