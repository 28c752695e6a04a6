"""Printed seat briefs and order sheets: one page of HTML that needs nothing else, each brief and each sheet a page.

A class without working devices plays with these: seats fill in the sheets, the facilitator types the orders in.
"""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from game.core.game_file import Objective, Setup
from game.core.names import names_of
from game.print.seat_plan import CLASS_SIZES, plan_for
from game.seats.forms import Form, spent
from game.seats.kinds import KINDS
from sim.declare.names import ITEMS
from sim.law.measures import DECLARED
from sim.outputs.files import write_text
from sim.runs.build import build

VARIABLES: Final = {  # of states; measures of the whole bring their own units
    "trust": "mutual trust with allies or partners, 0 to 1", "interoperability": "interoperability, 0 to 1",
    "capability": "capability, 0 to 1", "legitimacy": "public legitimacy of the programme, 0 to 1",
    "will": "political will, 0 to 1", "readiness": "readiness at home, 0 to 1", "tilt": "leaning to the rival, 0 to 1",
    "warning": "early warning, 0 to 1", "harm": "harm points a quarter, an index", "spent": "EUR million a quarter",
    "track": "0 not aspiring, 1 aspirant, 2 action plan, 3 invited, 4 acceding, 5 ally",
}  # fmt: skip


def write_handouts(setup: Setup, out: Path) -> Path:
    """Write the page into a folder; its path."""
    return write_text(out / "handouts.html", handouts(setup))


def handouts(setup: Setup) -> str:
    """The whole page: the facilitator's sheet, then for each seat its brief and its order sheet."""
    game = setup.game
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
        keep_trailing_newline=True,
    )  # fmt: skip
    made.filters |= {"plain": "{:g}".format, "measured": measured, "usual": usual}
    plans = {size: {place.seat: place.students for place in plan_for(game, size)} for size in CLASS_SIZES}
    return made.get_template("handouts.html").render(
        game=game, plans=plans, kinds=KINDS, called=names_of(game, build(setup.scenario)), items=ITEMS
    )


def usual(form: Form) -> float:
    """What all usual values take out of the purse."""
    return spent(form, {})


def measured(objective: Objective) -> str:
    """What an objective is measured by."""
    if objective.states is None:
        return f"{objective.of.replace('_', ' ')} of the whole, {DECLARED[objective.of].unit}"
    return f"{VARIABLES.get(objective.of, objective.of.replace('_', ' '))}, mean over states"
