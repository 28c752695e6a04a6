"""Printed seat briefs and order sheets: one page of HTML that needs nothing else, each brief and each sheet a page.

A class without working devices plays with these: seats fill in the sheets, the facilitator types the orders in.
"""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.said import ENGLISH, Said, Say, speaking
from game.core.game_file import Objective, Setup
from game.core.names import names_of
from game.print.seat_plan import CLASS_SIZES, plan_for
from game.seats.forms import Form, spent
from game.seats.kinds import KINDS
from sim.declare.names import ITEMS
from sim.law.measures import DECLARED
from sim.outputs.files import write_text
from sim.runs.build import build

TEMPLATES: Final = Path(__file__).parent / "templates"
VARIABLES: Final = {  # of states; measures of the whole bring their own units
    "trust": Said("mutual trust with allies or partners, 0 to 1"), "interoperability": Said("interoperability, 0 to 1"),
    "capability": Said("capability, 0 to 1"), "legitimacy": Said("public legitimacy of the programme, 0 to 1"),
    "will": Said("political will, 0 to 1"), "readiness": Said("readiness at home, 0 to 1"),
    "tilt": Said("leaning to the rival, 0 to 1"),
    "warning": Said("early warning, 0 to 1"), "harm": Said("harm points a quarter, an index"),
    "spent": Said("EUR million a quarter"),
    "track": Said("0 not aspiring, 1 aspirant, 2 action plan, 3 invited, 4 acceding, 5 ally"),
}  # fmt: skip


def write_handouts(setup: Setup, out: Path, say: Say = ENGLISH, language: str = "en") -> Path:
    """Write the page into a folder; its path."""
    return write_text(out / "handouts.html", handouts(setup, say, language))


def handouts(setup: Setup, say: Say = ENGLISH, language: str = "en") -> str:
    """The whole page in a language: the facilitator's sheet, then for each seat its brief and its order sheet."""
    game = setup.game
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )  # fmt: skip
    speaking(made, say)
    made.filters |= {
        "plain": lambda value: Said(f"{value:g}"), "measured": measured, "usual": usual,
        "entry": lambda value: Said(f"{value:.3g}"),
    }  # fmt: skip
    plans = {size: {place.seat: place.students for place in plan_for(game, size)} for size in CLASS_SIZES}
    return made.get_template("handouts.html").render(
        game=game,
        plans=plans,
        language=language,
        kinds=KINDS,
        called=names_of(game, build(setup.scenario)),
        items=ITEMS,
    )


def usual(form: Form) -> float:
    """What all usual values take out of the purse."""
    return spent(form, {})


def measured(objective: Objective) -> str:
    """What an objective is measured by."""
    if objective.states is None:
        what, unit = Said(objective.of.replace("_", " ")), Said(DECLARED[objective.of].unit)
        return Said("%(what)s of the whole, %(unit)s", what=what, unit=unit)
    what = VARIABLES.get(objective.of, Said(objective.of.replace("_", " ")))
    return Said("%(what)s, mean over states", what=what)
