"""The NATO staff: proposes the common programme, and speaks for no state."""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from game.seats.forms import INSTRUMENT_WORDS, Form, Line, shares, value_of
from game.seats.kind import ASIDE, BY_POLICY, LEFT, NOTHING, Codes, SeatKind, Strategy, split
from sim.declare.levers import LEVERS, NUMBERS
from sim.declare.names import INSTRUMENTS
from sim.law.asked_orders import Standing, ask_levers
from sim.runs.build import Built

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


FORM: Final = Form("staff hours", 100.0, (
    Line("envelope", "Common programme", 40, 240, 10, 120, 0.15, "EUR million a year asked of the allies", "Programme"),
    *shares(
        dict(zip(INSTRUMENTS, (3.5, 2.0, 1.5, 1.5, 1.0, 0.5), strict=True)), 10.0, 0.0, INSTRUMENT_WORDS,
        "Split of the money",
    ),
    *_levers(),
))  # fmt: skip

STRATEGIES: Final[Mapping[str, Strategy]] = {
    BY_POLICY: LEFT,
    NOTHING: Strategy("the smallest programme, and no staff work", {
        "envelope": 40, **split(dialogue=1.0), "warfighting": 0, "size": 0, "distance": 0.5, "equipment": 0,
        "conditionality": 0, "threat_targeting": 0, "tailoring": 0, "sharing": 0, "open_door": 0, "outreach": 0,
        "communication": 0,
    }),
    "balanced": Strategy("a larger programme, a bit of everything", {"envelope": 190, "tailoring": 0.5}),
    "warfighting": Strategy("large exercises near the rival's border", {
        "envelope": 180, **split(exercises=7.0, capacity=2.0, information=1.0), "warfighting": 1.0, "size": 1.0,
        "distance": 0.0, "conditionality": 0.0, "open_door": 0.8, "tailoring": 0.4, "outreach": 0.0,
    }),
    "institutions first": Strategy("education and reform under conditions, equipment last", {
        "envelope": 170, **split(institutions=6.0, dialogue=2.0, capacity=2.0), "equipment": 0.0, "size": 0.3,
        "conditionality": 0.6, "tailoring": 0.6, "threat_targeting": 0.2, "open_door": 0.6, "outreach": 0.0,
    }),
    "dialogue and calm": Strategy("consultation, small exercises far from borders", {
        "envelope": 110, **split(dialogue=6.0, resilience=2.0, institutions=2.0), "warfighting": 0.0, "size": 0.1,
        "distance": 1.0, "conditionality": 0.0, "open_door": 0.2, "communication": 0.6, "sharing": 0.2,
    }),
    "information": Strategy("intelligence, cyber and words", {
        "envelope": 140, **split(information=6.0, exercises=2.0, dialogue=2.0), "sharing": 1.0, "communication": 0.8,
        "threat_targeting": 0.8, "size": 0.3, "tailoring": 0.4, "outreach": 0.0, "open_door": 0.3,
    }),
    "capability": Strategy("equipment where the threat is", {
        "envelope": 200, **split(capacity=6.0, exercises=2.0, resilience=2.0), "equipment": 0.7,
        "threat_targeting": 1.0, "conditionality": 0.0, "tailoring": 0.4, "outreach": 0.0,
    }),
}  # fmt: skip


def lay(standing: Standing, turn: int, built: Built, codes: Codes, orders: Mapping[str, Any]) -> None:
    """Every line is a lever; what is shared out becomes the split."""
    levers: dict[str, Any] = {name: value_of(FORM, orders, name) for name in FORM.names() if name not in INSTRUMENTS}
    parts = np.array([value_of(FORM, orders, name) for name in INSTRUMENTS])
    total = float(parts.sum())
    levers["split"] = parts / total if total > 0.0 else np.full(len(INSTRUMENTS), 1.0 / len(INSTRUMENTS))
    ask_levers(standing, turn, levers)


def leave(standing: Standing, turn: int, built: Built, codes: Codes) -> None:
    """The policy's levers."""
    ask_levers(standing, turn, {})


KIND: Final = SeatKind(
    name="staff", words="the NATO staff", fills=0, speaks_for="nobody", form=FORM,
    roles={
        "head of the staff": "speaks for the staff and sends the orders",
        "plans officer": "drafts the split of the money and the profile of exercises",
        "resources officer": "keeps count of hours and money", **ASIDE,
    },
    lay=lay, leave=leave, strategies=STRATEGIES,
    line_ups={
        "hard bargaining": "warfighting", "common effort": "institutions first", "crisis duty": "capability",
        "left alone": "dialogue and calm",
    },
    hears=True, proposes=tuple(LEVER_WORDS),
)  # fmt: skip
