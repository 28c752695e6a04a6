"""Every figure of a review, each with its numbers, and who draws it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from analysis.pictures import compare, run
from analysis.pictures.chart import Chart, same
from analysis.pictures.compare.shared import foot_of as against
from analysis.pictures.style import About
from analysis.pictures.write import Drawn, Job, Tell, charts_of, draw_charts, figure_of
from game.review.after_action import Review
from game.review.counterfactual import Answer
from game.review.figures import draw, effects
from game.review.figures.draw import ROW
from game.review.figures.effects import Effects
from game.review.league import league_table
from game.review.played import Played
from sim.law.compiled import RULES_HASH

BOTH: Final = (
    "Means over {} fresh lucks with 95 % intervals; crosses: this world's luck. Filled: the others' orders as given. "
    "Open: the other seats handed to policies. Bold: told from 0. Relative to this model."
)
POLICIES: Final = ("forest", "courses", "trade_off", "ways")
SINGLE: Final = ("progress", "waterfall_mean", "waterfall_partner", "measures", "map_trust_change", "harm")


@dataclass(frozen=True)
class GameFoot(About):
    """The foot of a figure about a game."""

    file: str = ""

    def lines(self) -> tuple[str, str]:
        """The two lines at the foot."""
        game = f"Game: {self.scenario}  ·  {self.file}  ·  seed {self.seed}, replicate 0 is this world"
        return game, f"Relative to this model; retrodiction, never prediction.  Rules {self.rules_hash[:12]}."


def foot_of(played: Played) -> GameFoot:
    """What the foot of a game's figures says."""
    setup = played.setup
    return GameFoot(setup.game.title, setup.policy.title, setup.game.seed, 0, RULES_HASH, file=played.name)


PATHS: Final = Chart(
    "scores", "Scores by turn",
    "Each seat's score as if the game had ended there, 0 to 100. The end adds four quarters played by policy.",
    (11, 6.0), effects.paths, effects.find_paths, draw.draw_paths, effects.paths_table,
)  # fmt: skip
LEAGUE: Final = Chart(
    "league", "Duplicate league",
    "The same game, seed and shocks at every table; a seat is compared with the same seat elsewhere. One world: luck "
    "that answers to decisions is not averaged out.",
    (11, 6.4), same, effects.find_league, draw.draw_league, league_table,
)  # fmt: skip


def luck_chart(rows: int, runs: int, both: int) -> Chart:
    """Where this world fell."""
    same_ones = "the same lucks" if both == runs else f"the first {both:,} of them"
    shows = (
        f"Above each line: the class's orders under {runs:,} other lucks; below: every seat left to policy, "
        f"{same_ones}. This world = policy play + skill + luck. Bold: skill told from 0."
    )
    return Chart(
        "lucks", "Luck and skill", shows, (11, 3.4 + 0.75 * rows), same, effects.find_lucks, draw.draw_lucks,
        lambda data: effects.lucks_table(data.lucks),
    )  # fmt: skip


def effect_chart(name: str, heading: str, data: Effects, twin: bool) -> Chart:
    """What choices changed."""
    find = effects.find_twin if twin else effects.find_deletion
    return Chart(
        name, heading, BOTH.format(data.lucks), (11, 3.3 + ROW * max(len(data.rows), 2)), same, find,
        draw.draw_effects, effects.effects_table,
    )  # fmt: skip


def twin_job(played: Played, answers: Sequence[Answer]) -> tuple[Chart, Effects]:
    """The figure of one seat's twins."""
    data = effects.twin_effects(played, answers)
    return effect_chart(f"twin_{answers[0].seat}", f"AI twins of {data.subject}", data, True), data


def deletion_job(played: Played, answers: Sequence[Answer]) -> tuple[Chart, Effects]:
    """The figure of all decisions."""
    data = effects.deletion_effects(played, answers)
    return effect_chart("decisions", "What each decision changed", data, False), data


Jobs = dict[str, tuple[About, list[Job]]]


def jobs_of(found: Review) -> Jobs:
    """By section of the report: the foot and the figures with their numbers."""
    played, foot = found.played, foot_of(found.played)
    jobs: Jobs = {"scores": (foot, [(PATHS, PATHS.data(played))] if found.story else [])}
    if found.league is not None:
        jobs["league"] = (foot, [(LEAGUE, found.league)])
    if found.deep is None:
        return jobs
    deep = found.deep
    seats = effects.score_lucks(deep.lucks)
    jobs["lucks"] = (foot, [(luck_chart(len(seats.lucks), seats.runs, len(seats.lucks[0].policy)), seats)])
    jobs["twins"] = (foot, [twin_job(played, answers) for answers in deep.twins.values()])
    jobs["decisions"] = (foot, [deletion_job(played, deep.deletions)] if deep.deletions else [])
    jobs["policies"] = (against(deep.judged), charts_of(compare, deep.judged, POLICIES))
    jobs["moved"] = (foot, charts_of(run, deep.moved.results, SINGLE))
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
