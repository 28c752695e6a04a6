"""Partners: they ask for places, balance between the camps, and may ask to become allies."""

from collections.abc import Mapping
from typing import Any, Final

from game.seats.asking import ask_of_states, ask_places, leave_states
from game.seats.forms import INSTRUMENT_WORDS, Form, Line, shares, value_of
from game.seats.kind import BY_POLICY, LEFT, NOTHING, Codes, SeatKind, Strategy, delegation, rows, split
from sim.declare.names import INSTRUMENTS
from sim.law.asked_orders import Standing
from sim.runs.build import Built

FORM: Final = Form("effort", 10.0, (
    *shares(dict.fromkeys(INSTRUMENTS, 1.0), 2.5, 1.0, INSTRUMENT_WORDS, "Places we ask for, times the usual"),
    Line("accept", "Take the rival's offer", 0, 1, 0.1, 0.2, 2, "No conditions; we lean its way", "Balance"),
    Line("pledge", "Forces that answer for others", 0, 1, 0.1, 0.2, 3, "Help in crises; forces tire", "Forces"),
    Line("troops", "Troops for missions", 0, 1, 0.1, 0.3, 3, "Voice and experience; losses at home", "Forces"),
    Line("apply", "Ask for the next stage of accession", 0, 1, 1, 0, 0, "Only where we aspire to it", "Balance"),
))  # fmt: skip

STRATEGIES: Final[Mapping[str, Strategy]] = {
    BY_POLICY: LEFT,
    NOTHING: Strategy("asks for nothing, gives nothing", {
        **split(), "accept": 0, "pledge": 0, "troops": 0, "apply": 0,
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


def lay(standing: Standing, turn: int, built: Built, codes: Codes, orders: Mapping[str, Any]) -> None:
    """The same for each of its states."""
    values, own = {name: value_of(FORM, orders, name) for name in FORM.names()}, rows(built, codes)
    ask_places(standing, turn, own, values)
    ask_of_states(standing, turn, own, {name: value for name, value in values.items() if name not in INSTRUMENTS})


def leave(standing: Standing, turn: int, built: Built, codes: Codes) -> None:
    """As the policy decides for its states."""
    leave_states(standing, turn, rows(built, codes))


KIND: Final = SeatKind(
    name="partners", words="partners", fills=2, speaks_for="allies and partners", form=FORM, roles=delegation(),
    lay=lay, leave=leave, strategies=STRATEGIES,
    line_ups={
        "hard bargaining": "hedging", "common effort": "eager reformer", "crisis duty": "troop contributor",
        "left alone": "quiet resilience",
    },
    own=("trust", "interoperability", "capability", "legitimacy", "will", "tilt", "coercion", "harm"),
    shown=("trust", "interoperability", "will"), asks=True,
)  # fmt: skip
