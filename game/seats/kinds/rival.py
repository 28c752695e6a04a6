"""A rival: spends effort on moves, and leans on one state."""

from collections.abc import Mapping
from typing import Any, Final

from game.seats.asking import ask_moves, leave_moves
from game.seats.forms import Form, Line, value_of
from game.seats.kind import BY_POLICY, LEFT, NOTHING, Codes, SeatKind, Strategy, delegation
from sim.declare.names import MOVES
from sim.law.asked_orders import Standing
from sim.runs.build import Built

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
FORM: Final = Form("effort", 10.0, tuple(
    Line(move, move.replace("_", " ").capitalize(), 0, 10, 0.5, 10.0 / 7.0, 1.0, MOVE_WORDS[move], "Moves")
    for move in MOVES
), "the state that we lean on")  # fmt: skip


def effort(**moves: float) -> dict[str, float]:
    """A rival's effort, all of it named."""
    return {name: moves.get(name, 0.0) for name in MOVES}


STRATEGIES: Final[Mapping[str, Strategy]] = {
    BY_POLICY: LEFT,
    NOTHING: Strategy("spends nothing", effort()),
    "coerce": Strategy("pressure on neighbours", effort(coercion=7, disinformation=2, snap_exercise=1)),
    "woo": Strategy("help without conditions", effort(counter_offer=8, transparency_offer=2)),
    "divide": Strategy("wedges and campaigns", effort(wedge=6, disinformation=4)),
    "rattle": Strategy("snap exercises", effort(snap_exercise=6, coercion=2, wedge=2)),
    "calm": Strategy("transparency and restraint", effort(transparency_offer=6, restraint=2, counter_offer=2)),
    "mixed": Strategy("a bit of each", effort(
        coercion=2, counter_offer=3, disinformation=1.5, wedge=2, transparency_offer=1.5,
    )),
}  # fmt: skip


def lay(standing: Standing, turn: int, built: Built, codes: Codes, orders: Mapping[str, Any]) -> None:
    """Shares of its budget; a target that takes no part is none."""
    target = built.codes.index(orders["target"]) if orders.get("target") in built.codes else None
    for v in numbers(built, codes):
        budget = built.setting.rival_budget[v]
        efforts = {move: value_of(FORM, orders, move) / FORM.holds * budget for move in MOVES}
        ask_moves(standing, turn, v, efforts, target)


def leave(standing: Standing, turn: int, built: Built, codes: Codes) -> None:
    """As the policy moves."""
    leave_moves(standing, turn, numbers(built, codes))


def numbers(built: Built, codes: Codes) -> list[int]:
    """Which of the rivals they are."""
    return [built.rivals.index(code) for code in codes]


KIND: Final = SeatKind(
    name="rival", words="a rival", fills=3, speaks_for="rivals", form=FORM,
    roles=delegation("head of the cell", "speaks for the seat and sends the orders"), lay=lay, leave=leave,
    strategies=STRATEGIES,
    line_ups={"hard bargaining": "coerce", "common effort": "calm", "crisis duty": "rattle", "left alone": "woo"},
    exact={
        "pressure that we feel": lambda built, world, code: float(world.pressure[built.rivals.index(code)]),
        "our hostility": lambda built, world, code: float(world.hostility[built.rivals.index(code)]),
    },
    hidden=("hostility", "next moves"),
)  # fmt: skip
