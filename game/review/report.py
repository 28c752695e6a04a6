"""The written review of a game: one preparation of what it says, for the page and the PDF, and its files.

The page opens without a network or scripts and prints well; every number can be made again.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import FileSystemLoader

from analysis.pictures.reports import kit
from analysis.pictures.write import Drawn, Tell
from analysis.studies.compare.verdict import verdict
from analysis.words import Table, counted, first_of, lower
from game.core.scoring import points_of, value_of
from game.review.after_action import Review, practices
from game.review.counterfactual import MANY, answer_table
from game.review.drawn import draw_all, jobs_of, pictures
from game.review.figures.lucks import lucks_table
from game.review.league import league_table
from game.review.lucks import FRESH, LUCKS
from game.review.pdf import write_pdf
from game.review.played import Played
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_text

SECTIONS: Final[Mapping[str, str]] = {
    "scores": "Objectives and scores", "story": "The story by turn", "lucks": "Luck and skill", "twins": "AI twins",
    "decisions": "Each decision left out", "league": "Duplicate league",
    "policies": "The class beside the shipped policies", "moved": "What moved trust and interoperability",
    "hotwash": "Hot wash", "source": "Where every number came from",
}  # fmt: skip
MOST_REFUSED: Final = 12
PAGES: Final = kit.PAGES.overlay(loader=FileSystemLoader([Path(__file__).parent / "templates", kit.TEMPLATES]))
PAGES.filters = PAGES.filters | {"first_of": lambda refused: first_of(refused, MOST_REFUSED)}


def page(found: Review, drawn: Mapping[str, Sequence[Drawn]]) -> str:
    """The review as one HTML page, with its figures by section."""
    return PAGES.get_template("review.html").render(
        content(found), drawn=drawn, lucks_table=lucks_table, answer_table=answer_table, league_table=league_table
    )


def content(found: Review) -> dict[str, Any]:
    """What the review says: titles, tables, sentences, and the commands that make each number again."""
    played, deep, name = found.played, found.deep, found.played.name
    values: dict[str, Any] = {
        "found": found, "deep": deep, "name": name, "title": f"{played.setup.game.title}: review",
        "scenario": played.setup.scenario, "about": about(played), "objectives": objectives(played),
        "titles": {seat.id: seat.title for seat in played.setup.game.seats}, "rules": RULES_HASH,
        "contents": {k: v for k, v in SECTIONS.items() if k != "league" or found.league is not None},
        "practices": practices(found), "makes_again": makes_again(name),
    }  # fmt: skip
    if deep is not None:
        lucks, twins = len(deep.lucks[0].lucks), next(iter(deep.twins.values()))[0].lucks
        values |= {
            "lucks": lucks, "both": len(deep.lucks[0].policy), "verdict": verdict(deep.judged),
            "without": lambda one: again(
                f"without {name} --seat {one.seat} --turn {one.turn + 1}", one.lucks, FRESH
            ),
            "commands": {
                "lucks": again(f"lucks {name}", lucks, LUCKS), "twin": again(f"twin {name} --seat SEAT", twins, MANY),
                "review": again(f"review {name}", deep.judged.asked.replicates, FRESH),
            },
        }  # fmt: skip
    return values


def again(command: str, count: int, usual: int) -> str:
    """A command with its count of lucks, unless that is the usual one."""
    return command if count == usual else f"{command} --replicates {count}"


def about(played: Played) -> dict[str, str]:
    """Which game this is, and what replay says of it."""
    setup, game, turns = played.setup, played.setup.game, len(played.turns)
    span = f"{played.quarter(0)} to {played.quarter(played.lived - 1)}" if played.lived else "none yet"
    state = "finished" if played.finished else f"running, reviewed up to turn {turns} of {game.turns}"
    return {
        "Game": f"{game.title} ({state})", "Scenario": setup.scenario.title,
        "Empty seats played by": setup.policy.title,
        "Quarters": f"{span} ({counted(played.lived, 'quarter')}, {counted(turns, 'turn')})",
        "File, branch, seed": f"{played.name}, {played.branch}, {game.seed}", "Replay": played.verdict.words(),
    }  # fmt: skip


def objectives(played: Played) -> Table | None:
    """Every objective, open and secret, with its points; None before the first quarter."""
    if not played.lived:
        return None
    rows, outcome, built, totals = [], played.outcome(), played.table.course.built, played.scores()
    for seat in played.setup.game.seats:
        for one in seat.objectives:
            rows.append((
                seat.title, one.title + (" (secret)" if one.secret else ""), lower(one.of),
                f"{one.low:g} to {one.high:g}", f"{float(value_of(one, outcome, built)[0]):.3g}",
                f"{float(points_of(one, outcome, built)[0]):.1f}", f"{one.weight:g}",
            ))  # fmt: skip
        rows.append((f"{seat.title}: score", "", "", "", "", f"{totals[seat.id]:.1f}", ""))
    heads = ("seat", "objective", "of", "0 to 100 points from", "this world", "points", "weight")
    return Table(heads, tuple(rows))


def makes_again(name: str) -> Table:
    """The commands that make the review's numbers again."""
    told = {
        f"review {name}": "this report", f"lucks {name}": "luck and skill",
        f"twin {name} --seat SEAT": "AI twins of a seat",
        f"without {name} --seat SEAT --turn TURN": "one decision left out; --item: only its stance on this item",
        "league FILE FILE ...": "duplicate league", f"replay {name}": "that the file says what happened",
    }  # fmt: skip
    return Table(("command", "makes again"), tuple((f"python run.py {line}", what) for line, what in told.items()))


def write_review(found: Review, out: Path, tell: Tell | None = None) -> list[Path]:
    """Figures, the page and the PDF of a review, into a folder."""
    jobs = jobs_of(found)
    drawn = draw_all(jobs, out / "figures", tell)
    path = write_text(out / "review.html", page(found, drawn))
    if tell is not None:
        tell("PDF", 0, 1)
    pdf = write_pdf(content(found), pictures(jobs), out / "review.pdf")
    if tell is not None:
        tell("PDF", 1, 1)
    return [path, pdf]
