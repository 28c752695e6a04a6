"""The figures of a review by section of the report: its own, a file each in `figures`, and others of runs."""

from pathlib import Path
from typing import Any, Final

from analysis.pictures import compare, run
from analysis.pictures.chart import files
from analysis.pictures.compare.shared import briefly as titled
from analysis.pictures.compare.shared import foot_of as against
from analysis.pictures.run.shared import briefly as named
from analysis.pictures.style import About
from analysis.pictures.write import Drawn, Job, Tell, charts_of, draw_charts, figure_of
from game.review import figures
from game.review.after_action import Review
from game.review.figures.shared import foot_of

ORDER: Final = ("scores", "league", "lucks", "twins", "decisions")
POLICIES: Final = ("forest", "courses", "trade_off", "ways")
SINGLE: Final = ("progress", "waterfall_mean", "waterfall_partner", "measures", "map_trust_change", "harm")
Jobs = dict[str, tuple[About, list[Job]]]


def jobs_of(found: Review) -> Jobs:
    """By section of the report: the foot and the figures with their numbers."""
    foot = foot_of(found.played)
    jobs: Jobs = {section: (foot, []) for section in ORDER}
    for file in files(figures):
        if hasattr(file, "SECTION"):
            jobs[file.SECTION][1].extend(file.jobs(found))
    if found.deep is not None:
        jobs["policies"] = (against(found.deep.judged), charts_of(compare, titled(found.deep.judged), POLICIES))
        jobs["moved"] = (foot, charts_of(run, named(found.deep.moved.results), SINGLE))
    return jobs


def draw_all(jobs: Jobs, folder: Path, tell: Tell | None = None) -> dict[str, list[Drawn]]:
    """Draw all figures as SVG; by section."""
    found, done, total = {}, 0, sum(len(charts) for _, charts in jobs.values())
    for section, (foot, charts) in jobs.items():

        def count(name: str, at: int, of: int, before: int = done) -> None:
            if tell is not None:
                tell("Figures", before + at, total)

        found[section] = draw_charts(charts, foot, folder, ("svg",), count)
        done += len(charts)
    return found


def pictures(jobs: Jobs) -> list[Any]:
    """The same figures, for the PDF."""
    return [figure_of(chart, data, foot) for foot, charts in jobs.values() for chart, data in charts]
