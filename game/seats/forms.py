"""What each kind of seat may order: every line with its range and its price. One table for page and rules.

A seat's orders are numbers by line name. Prices draw on one purse a turn: the staff's hours, an ally's effort, a
partner's, a rival's effort; more than the purse holds is refused, so everything has a cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sim.declare.levers import LEVERS, NUMBERS
from sim.declare.names import INSTRUMENTS, MOVES
from sim.inputs.errors import allowed, nearest


@dataclass(frozen=True)
class Line:
    """One line of orders. `price`: what one unit takes out of the purse."""

    name: str
    label: str
    low: float
    high: float
    step: float
    default: float
    price: float
    help: str
    group: str = ""


@dataclass(frozen=True)
class Form:
    """All lines of a kind of seat, and its purse for one turn."""

    purse: str
    holds: float
    lines: tuple[Line, ...]
    targets: str = ""  # what a target means, for seats that name one

    def names(self) -> tuple[str, ...]:
        """Names of the lines."""
        return tuple(line.name for line in self.lines)

    def line(self, name: str) -> Line:
        """A line by name."""
        return next(line for line in self.lines if line.name == name)


def _shares(
    default: Mapping[str, float], high: float, price: float, words: Mapping[str, str], group: str
) -> tuple[Line, ...]:
    return tuple(
        Line(name, name.replace("_", " ").capitalize(), 0.0, high, 0.25, default[name], price, words[name], group)
        for name in default
    )


INSTRUMENT_WORDS: Final = {
    "exercises": "Live, command-post and table-top exercises: skill soon, tension near rivals",
    "capacity": "Expertise, skills, equipment: capability that must be kept up",
    "institutions": "Education, reform, standards: slow, lasting, resisted by elites",
    "dialogue": "Consultation, seminars, transparency: trust and calm",
    "information": "Intelligence, cyber, digital work: warning, and leaks",
    "resilience": "Disaster relief, pooled assets, CBRN: help that offends nobody",
}
assert tuple(INSTRUMENT_WORDS) == INSTRUMENTS

# Levers with a price in staff hours or words of their own, in the order of the page; all others cost none.
LEVER_WORDS: Final[Mapping[str, tuple[str, float, str, str]]] = {
    "warfighting": ("Warfighting profile", 0, "More skill; more tension", "Exercises"),
    "size": ("Size of exercises", 10, "More skill; more tension", "Exercises"),
    "distance": ("Distance from rivals' borders", 0, "Calm; less deterrence", "Exercises"),
    "equipment": ("Equipment in capacity building", 0, "Soon; rots without upkeep", "How"),
    "conditionality": ("Conditions", 15, "Reform; the refused turn elsewhere", "How"),
    "threat_targeting": ("Follow threats", 20, "Fit; chases the last shock", "How"),
    "tailoring": ("Tailor to each partner", 40, "Fit; fewer ties between partners", "How"),
    "sharing": ("Share intelligence", 15, "Warning; leaks", "How"),
    "open_door": ("Open door", 10, "Reform by aspirants; pressure on them", "Politics"),
    "outreach": ("Outreach", 25, "New partners; less for old ones", "Politics"),
    "communication": ("Communication", 15, "Legitimacy while words match deeds", "Politics"),
}


def _levers() -> tuple[Line, ...]:
    """Every lever that is a share, with the range and default of its declaration."""
    lines = []
    for name in dict.fromkeys((*LEVER_WORDS, *(n for n in NUMBERS if n != "envelope"))):
        lever, plain = LEVERS[name], name.replace("_", " ").capitalize()
        label, price, words, group = LEVER_WORDS.get(name, (plain, 0, lever.meaning, "How"))
        assert isinstance(lever.default, float)
        lines.append(Line(name, label, lever.low, lever.high, 0.1, lever.default, price, words, group))
    return tuple(lines)


STAFF: Final = Form("staff hours", 100.0, (
    Line("envelope", "Common programme", 40, 240, 10, 120, 0.15, "EUR million a year asked of the allies", "Programme"),
    *_shares(
        dict(zip(INSTRUMENTS, (3.5, 2.0, 1.5, 1.5, 1.0, 0.5), strict=True)), 10.0, 0.0, INSTRUMENT_WORDS,
        "Split of the money",
    ),
    *_levers(),
))  # fmt: skip

MEMBERS: Final = Form("effort", 10.0, (
    Line("fund", "Common fund", 0, 1.5, 0.1, 1.0, 4, "Share of our part that we pay: 1 is all of it", "Money"),
    Line("lead", "Own lead-nation projects", 0, 3, 0.25, 1.0, 1.5, "Times what we usually lend to partners", "Money"),
    Line("pledge", "Forces that answer for others", 0, 1, 0.1, 0.5, 4, "Help in crises; forces tire", "Forces"),
    Line("troops", "Troops for missions", 0, 1, 0.1, 0.5, 2, "Burden carried; forces away from home", "Forces"),
))  # fmt: skip

PARTNERS: Final = Form("effort", 10.0, (
    *_shares(dict.fromkeys(INSTRUMENTS, 1.0), 2.5, 1.0, INSTRUMENT_WORDS, "Places we ask for, times the usual"),
    Line("accept", "Take the rival's offer", 0, 1, 0.1, 0.2, 2, "No conditions; we lean its way", "Balance"),
    Line("pledge", "Forces that answer for others", 0, 1, 0.1, 0.2, 3, "Help in crises; forces tire", "Forces"),
    Line("troops", "Troops for missions", 0, 1, 0.1, 0.3, 3, "Voice and experience; losses at home", "Forces"),
    Line("apply", "Ask for the next stage of accession", 0, 1, 1, 0, 0, "Only where we aspire to it", "Balance"),
))  # fmt: skip

MOVE_WORDS: Final = {
    "coercion": "Hybrid pressure; attributed pressure rallies its victims",
    "counter_offer": "Help without conditions: partners lean our way",
    "disinformation": "Costs legitimacy wherever we reach",
    "snap_exercise": "Raises tension at once",
    "wedge": "Drives a wedge into the Council",
    "transparency_offer": "Calms; lowers what we feel as pressure",
    "restraint": "Calms a little and keeps a free hand",
}
assert tuple(MOVE_WORDS) == MOVES
RIVAL: Final = Form("effort", 10.0, tuple(
    Line(move, move.replace("_", " ").capitalize(), 0, 10, 0.5, 10.0 / 7.0, 1.0, MOVE_WORDS[move], "Moves")
    for move in MOVES
), "the state that we lean on")  # fmt: skip

FORMS: Final[Mapping[str, Form]] = {"staff": STAFF, "members": MEMBERS, "partners": PARTNERS, "rival": RIVAL}


def spent(form: Form, orders: Mapping[str, Any]) -> float:
    """What orders take out of the purse."""
    return sum(line.price * float(orders.get(line.name, line.default)) for line in form.lines)


def wrong_with(form: Form, orders: Mapping[str, Any], states: tuple[str, ...]) -> list[str]:
    """Why orders are refused, in words for the player; empty where they stand."""
    found = []
    for name, value in orders.items():
        if name == "target" and form.targets:
            if value not in states:
                found.append(f"target: {value!r} takes no part{nearest(value, states)}")
            continue
        if name not in form.names():
            found.append(f"{name!r} is no line of this form; {allowed(form.names())}{nearest(name, form.names())}")
            continue
        line = form.line(name)
        number = isinstance(value, int | float) and not isinstance(value, bool) and value == value
        if not number or not line.low <= value <= line.high:
            found.append(f"{line.label}: {value!r}; allowed: {line.low:g} to {line.high:g}")
    if not found:
        total = spent(form, orders)
        if total > form.holds + 1e-9:
            found.append(f"These orders take {total:.1f} {form.purse}; the purse holds {form.holds:g}.")
    return found
