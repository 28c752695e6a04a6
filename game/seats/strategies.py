"""A fixed list of strategies for each kind of seat: what a tournament tries, and what a seat may be compared with.

A strategy plays the same orders in every turn. "by policy" leaves the seat to the policy; "nothing" is what a seat that
wants no part of the programme does, which must lose somewhere to be a game at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from game.core.game_file import Game, Seat
from game.seats.laying import lay_seat, lay_stances
from sim.declare.names import INSTRUMENTS, MOVES, STANCES
from sim.law.asked_orders import Standing
from sim.runs.build import Built

BY_POLICY: Final = "by policy"
NOTHING: Final = "nothing"


@dataclass(frozen=True)
class Strategy:
    """Orders for every turn, None where the policy plays; for allies also stances by Council item, else silence."""

    words: str
    orders: Mapping[str, Any] | None = None
    stances: Mapping[str, str] = field(default_factory=dict)


def _split(**shares: float) -> dict[str, float]:
    """The whole envelope divided as named."""
    return {name: shares.get(name, 0.0) for name in INSTRUMENTS}


def _effort(**moves: float) -> dict[str, float]:
    """A rival's effort, all of it named."""
    return {name: moves.get(name, 0.0) for name in MOVES}


LEFT: Final = Strategy("left to the policy")

STAFF: Final[Mapping[str, Strategy]] = {
    BY_POLICY: LEFT,
    NOTHING: Strategy("the smallest programme, and no staff work", {
        "envelope": 40, **_split(dialogue=1.0), "warfighting": 0, "size": 0, "distance": 0.5, "equipment": 0,
        "conditionality": 0, "threat_targeting": 0, "tailoring": 0, "sharing": 0, "open_door": 0, "outreach": 0,
        "communication": 0,
    }),
    "balanced": Strategy("a larger programme, a bit of everything", {"envelope": 190, "tailoring": 0.5}),
    "warfighting": Strategy("large exercises near the rival's border", {
        "envelope": 180, **_split(exercises=7.0, capacity=2.0, information=1.0), "warfighting": 1.0, "size": 1.0,
        "distance": 0.0, "conditionality": 0.0, "open_door": 0.8, "tailoring": 0.4, "outreach": 0.0,
    }),
    "institutions first": Strategy("education and reform under conditions, equipment last", {
        "envelope": 170, **_split(institutions=6.0, dialogue=2.0, capacity=2.0), "equipment": 0.0, "size": 0.3,
        "conditionality": 0.6, "tailoring": 0.6, "threat_targeting": 0.2, "open_door": 0.6, "outreach": 0.0,
    }),
    "dialogue and calm": Strategy("consultation, small exercises far from borders", {
        "envelope": 110, **_split(dialogue=6.0, resilience=2.0, institutions=2.0), "warfighting": 0.0, "size": 0.1,
        "distance": 1.0, "conditionality": 0.0, "open_door": 0.2, "communication": 0.6, "sharing": 0.2,
    }),
    "information": Strategy("intelligence, cyber and words", {
        "envelope": 140, **_split(information=6.0, exercises=2.0, dialogue=2.0), "sharing": 1.0, "communication": 0.8,
        "threat_targeting": 0.8, "size": 0.3, "tailoring": 0.4, "outreach": 0.0, "open_door": 0.3,
    }),
    "capability": Strategy("equipment where the threat is", {
        "envelope": 200, **_split(capacity=6.0, exercises=2.0, resilience=2.0), "equipment": 0.7,
        "threat_targeting": 1.0, "conditionality": 0.0, "tailoring": 0.4, "outreach": 0.0,
    }),
}  # fmt: skip

MEMBERS: Final[Mapping[str, Strategy]] = {
    BY_POLICY: LEFT,
    NOTHING: Strategy("pays and pledges nothing, and keeps silence", {"fund": 0, "lead": 0, "pledge": 0, "troops": 0}),
    "common fund first": Strategy("pays more than its part", {"fund": 1.5, "lead": 0.5, "pledge": 0.4, "troops": 0.5}),
    "lead nation": Strategy("its own projects first", {"fund": 0.5, "lead": 3.0, "pledge": 0.4, "troops": 0.6}),
    "crisis answerer": Strategy("forces that answer first", {"fund": 0.8, "lead": 0.75, "pledge": 1.0, "troops": 0.8}),
    "home first": Strategy("pays part, keeps forces at home", {"fund": 0.6, "lead": 0.5, "pledge": 0.3, "troops": 0.1}),
    "blocker": Strategy(
        "pays its part, and breaks silence on the programme and on accession",
        {"fund": 1.0, "lead": 0.5, "pledge": 0.6, "troops": 0.3},
        {"programme": "object", "status": "object", "outreach": "object"},
    ),
}

PARTNERS: Final[Mapping[str, Strategy]] = {
    BY_POLICY: LEFT,
    NOTHING: Strategy("asks for nothing, gives nothing", {
        **_split(), "accept": 0, "pledge": 0, "troops": 0, "apply": 0,
    }),
    "eager reformer": Strategy("institutions and accession", {
        "exercises": 1.5, "capacity": 1.0, "institutions": 2.5, "dialogue": 2.0, "information": 1.0, "resilience": 0.5,
        "accept": 0, "pledge": 0.2, "troops": 0.2, "apply": 1,
    }),
    "exercises": Strategy("every exercise there is", {
        "exercises": 2.5, "capacity": 2.0, "institutions": 0.5, "dialogue": 0.5, "information": 1.5, "resilience": 0.5,
        "accept": 0, "pledge": 0.5, "troops": 0.3, "apply": 1,
    }),
    "hedging": Strategy("a foot in either camp", {
        "exercises": 0.5, "capacity": 1.5, "institutions": 0.25, "dialogue": 1.5, "information": 1.0,
        "resilience": 1.5, "accept": 1.0, "pledge": 0.1, "troops": 0.0, "apply": 0,
    }),
    "troop contributor": Strategy("serves in missions, and is heard", {
        "exercises": 1.5, "capacity": 1.0, "institutions": 0.5, "dialogue": 0.75, "information": 0.75,
        "resilience": 0.25, "accept": 0, "pledge": 0.7, "troops": 1.0, "apply": 0,
    }),
    "quiet resilience": Strategy("help that offends nobody", {
        "exercises": 0.25, "capacity": 1.5, "institutions": 1.0, "dialogue": 1.5, "information": 2.5,
        "resilience": 2.5, "accept": 0.2, "pledge": 0.1, "troops": 0.0, "apply": 0,
    }),
}  # fmt: skip

RIVAL: Final[Mapping[str, Strategy]] = {
    BY_POLICY: LEFT,
    NOTHING: Strategy("spends nothing", _effort()),
    "coerce": Strategy("pressure on neighbours", _effort(coercion=7, disinformation=2, snap_exercise=1)),
    "woo": Strategy("help without conditions", _effort(counter_offer=8, transparency_offer=2)),
    "divide": Strategy("wedges and campaigns", _effort(wedge=6, disinformation=4)),
    "rattle": Strategy("snap exercises", _effort(snap_exercise=6, coercion=2, wedge=2)),
    "calm": Strategy("transparency and restraint", _effort(transparency_offer=6, restraint=2, counter_offer=2)),
    "mixed": Strategy("a bit of each", _effort(
        coercion=2, counter_offer=3, disinformation=1.5, wedge=2, transparency_offer=1.5,
    )),
}  # fmt: skip

STRATEGIES: Final[Mapping[str, Mapping[str, Strategy]]] = {
    "staff": STAFF, "members": MEMBERS, "partners": PARTNERS, "rival": RIVAL,
}  # fmt: skip


def play(standing: Standing, game: Game, built: Built, seat: Seat, strategy: Strategy) -> None:
    """Lay a strategy over every turn of a game, as the table lays the orders and stances of people."""
    if strategy.orders is None:
        return
    stances = {item: STANCES.index(stance) for item, stance in strategy.stances.items()}
    for turn in range(game.turns):
        lay_seat(standing, turn, built, seat, strategy.orders)
        if seat.kind == "members":
            lay_stances(standing, turn, built, seat, stances, {})
