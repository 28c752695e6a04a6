"""The levers that the Alliance chooses, each declared once: range, default, unit, who gains, who pays, and when.

Policy files, the numbers that rules read, standing orders, the class's forms, sweeps, searches and the docs read them
from here. A new lever is a line here, the rule that reads it, and its words in docs/ODD.md.
"""

from collections.abc import Mapping
from typing import Annotated, Final, NamedTuple, get_type_hints

import numpy as np
import numpy.typing as npt

from sim.declare.names import DECISION_MODES, FRAMEWORKS, INSTRUMENTS, REGIONS

Row = npt.NDArray[np.float64]
RULES: Final = ("equal", "need", "merit", "threat")


class Lever(NamedTuple):
    """One lever. A table has `names`; its default is one table, its range that of one number."""

    default: float | str | Mapping[str, float]
    low: float
    high: float
    unit: str
    meaning: str
    gains: str
    pays: str
    delay: str  # quarters until it is felt
    names: tuple[str, ...] = ()
    what: str = ""  # what one of the names is
    more: bool = False  # scenarios may add names

    @property
    def kind(self) -> str:
        """A number, a choice of one name, a split over names with sum 1, or weights by name."""
        if isinstance(self.default, float):
            return "number"
        if isinstance(self.default, str):
            return "choice"
        return "weights" if self.high > 1.0 else "split"


def _even(what: str, names: tuple[str, ...], more: bool = False) -> Lever:
    """Weights that are even by default."""
    return Lever(dict.fromkeys(names, 1.0), 0.0, 5.0, "1: as its share of partners", f"weight of each {what}",
        f"the {what}s in focus", "the others, who resent it", "2-8", names, what, more)  # fmt: skip


class Levers(NamedTuple):
    """A policy as numbers. Tables are rows in the order of their names; a choice is the position of its name."""

    # fmt: off
    envelope: Annotated[float, Lever(120.0, 0.0, 600.0, "EUR million a year", "money of the common programme",
        "partners", "allies' own readiness, hence deterrence", "4-8")]
    split: Annotated[Row, Lever(dict(zip(INSTRUMENTS, (0.35, 0.2, 0.15, 0.15, 0.1, 0.05), strict=True)), 0.0, 1.0,
        "shares, sum 1", "split of the envelope over the instruments",
        "what the instrument builds", "the instruments left out", "1-16, by instrument", INSTRUMENTS, "instrument")]
    warfighting: Annotated[float, Lever(0.5, 0.0, 1.0, "0 humanitarian to 1 warfighting", "profile of the exercises",
        "technical and procedural skill", "tension; legitimacy in non-aligned partners", "skill 1, rival 1-3")]
    size: Annotated[float, Lever(0.5, 0.0, 1.0, "0 small to 1 large", "size of the exercises",
        "technical and procedural skill", "tension; money; disparity dilutes large exercises", "skill 1, rival 1-3")]
    distance: Annotated[float, Lever(0.5, 0.0, 1.0,
        "0 at the rival's border to 1 far away", "distance kept from rivals' borders",
        "calm on the flank", "deterrence and skill on the terrain that matters", "skill 1, rival 1-3")]
    equipment: Annotated[float, Lever(0.4, 0.0, 1.0,
        "share of capacity building", "equipment and technology in capacity building",
        "early capability", "upkeep every year; leak and diversion through the least secure", "6-12; sudden")]
    conditionality: Annotated[float, Lever(0.3, 0.0, 1.0, "0 none to 1 strict", "help depends on reform",
        "absorption", "participation; the refused take the rival's offer", "2-6")]
    open_door: Annotated[float, Lever(0.5, 0.0, 1.0, "0 shut to 1 open", "readiness to admit aspirants",
        "aspirants' reform", "pressure on candidates before any guarantee; unity of the Council", "years")]
    threat_targeting: Annotated[float, Lever(0.4, 0.0, 1.0,
        "0 steady to 1 follows threats", "the plan follows perceived threats",
        "fit", "chases the last shock with noisy estimates and a two-year cycle", "8")]
    rule: Annotated[Row, Lever(dict(zip(RULES, (0.4, 0.2, 0.2, 0.2), strict=True)), 0.0, 1.0,
        "weights, sum 1", "who gets places: all alike, the weak, the reformers, the threatened",
        "those whom the rule favours", "the others, who resent it", "2", RULES, "rule")]
    tailoring: Annotated[float, Lever(0.4, 0.0, 1.0, "0 one menu to 1 tailored", "plans made for each partner",
        "fit", "staff hours; fewer multinational events, so fewer ties between partners", "2")]
    outreach: Annotated[float, Lever(0.2, 0.0, 1.0, "0 none to 1 much", "winning new partners and regions",
        "new regions", "attention to old partners; regional rivals offended", "4")]
    decision_mode: Annotated[int, Lever("consensus", 0.0, 0.0,
        "name", "how the Council decides; joint_decision is hypothetical",
        "speed (opt_in) or ownership (decision_shaping, joint_decision)", "cohesion, legitimacy", "2-4",
        DECISION_MODES, "decision mode")]
    communication: Annotated[float, Lever(0.3, 0.0, 1.0,
        "0 quiet to 1 loud", "strategic communication beside the split",
        "legitimacy", "credibility when words exceed deeds", "2")]
    sharing: Annotated[float, Lever(0.3, 0.0, 1.0,
        "0 closed to 1 open", "openness in intelligence and digital cooperation",
        "warning, speed", "leaks through the weakest member", "sudden")]
    focus_framework: Annotated[Row, _even("framework", FRAMEWORKS, more=True)]
    focus_region: Annotated[Row, _even("region", REGIONS)]
    # fmt: on


LEVERS: Final[Mapping[str, Lever]] = {
    name: hint.__metadata__[0] for name, hint in get_type_hints(Levers, include_extras=True).items()
}
NUMBERS: Final = tuple(name for name, lever in LEVERS.items() if lever.kind == "number")
SPLITS: Final = tuple(name for name, lever in LEVERS.items() if lever.kind == "split")
