"""Allies: they pay, lend, pledge forces, and decide in the Council by consensus."""

from collections.abc import Mapping
from typing import Any, Final

from game.seats.asking import ask_of_states, leave_states
from game.seats.forms import Form, Line, value_of
from game.seats.kind import BY_POLICY, LEFT, NOTHING, Codes, SeatKind, Strategy, delegation, rows
from sim.law.asked_orders import Standing
from sim.runs.build import Built

FORM: Final = Form("effort", 10.0, (
    Line("fund", "Common fund", 0, 1.5, 0.1, 1.0, 4, "Share of our part that we pay: 1 is all of it", "Money"),
    Line("lead", "Own lead-nation projects", 0, 3, 0.25, 1.0, 1.5, "Times what we usually lend to partners", "Money"),
    Line("pledge", "Forces that answer for others", 0, 1, 0.1, 0.5, 4, "Help in crises; forces tire", "Forces"),
    Line("troops", "Troops for missions", 0, 1, 0.1, 0.5, 2, "Burden carried; forces away from home", "Forces"),
))  # fmt: skip

STRATEGIES: Final[Mapping[str, Strategy]] = {
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


def lay(standing: Standing, turn: int, built: Built, codes: Codes, orders: Mapping[str, Any]) -> None:
    """The same for each of its states."""
    asked = {name: value_of(FORM, orders, name) for name in FORM.names()}
    ask_of_states(standing, turn, rows(built, codes), asked)


def leave(standing: Standing, turn: int, built: Built, codes: Codes) -> None:
    """As the policy decides for its states."""
    leave_states(standing, turn, rows(built, codes))


KIND: Final = SeatKind(
    name="members", words="allies", fills=1, speaks_for="allies and partners", form=FORM, roles=delegation(), lay=lay,
    leave=leave, strategies=STRATEGIES,
    line_ups={
        "hard bargaining": "home first", "common effort": "common fund first", "crisis duty": "crisis answerer",
        "left alone": NOTHING,
    },
    own=("trust", "readiness", "legitimacy", "harm"),
    exact={"goodwill": lambda built, world, code: float(world.goodwill[built.codes.index(code)])},
    shown=("readiness", "harm"), sits=True, hears=True,
)  # fmt: skip
