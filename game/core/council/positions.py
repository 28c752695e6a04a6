"""Where allies stand on an item as anybody can know: dated quarrels, neighbours, the sum. Never what a seat decided.

Allies that nobody plays are blocs. Each keeps silence with the seat that speaks for it, unless it hesitates over a
quarrel of its own or a rival's campaign: then it decides for itself, and the reason is on the page before silence ends.
"""

from collections.abc import Collection, Mapping, Sequence
from math import ceil
from typing import Final, NamedTuple

import numpy as np

from game.core.game_file import Game, Seat
from game.seats.kinds import KINDS
from game.seats.laying import rows_of, signatory
from sim.declare.names import ITEMS, MANDATE, MEMBER, OUTREACH, PARTNER, PROGRAMME, STATUS
from sim.law.choices.member import burden_of, utility_of
from sim.law.mechanisms.accession import quarrel_with
from sim.law.world import World
from sim.runs.build import Built
from sim.runs.engine import Engine

REASONS: Final = {
    "quarrel": "quarrel with %(whom)s",
    "operation": "quarrel over an operation",
    "wedge": "a rival's campaign works on its public",
    "south": "wants more of it in the south",
    "sum": "finds the sum large for tight budgets",
    "door": "fears a new obligation next to a rival",
    "near": "near the front, and wants help there",
    "neighbours": "gains partners in its own neighbourhood",
}  # fmt: skip
NAMED: Final = ("quarrel", "operation", "wedge")  # reasons for which an ally that nobody plays may break silence
WEDGED: Final = 0.05  # of utility: from here on a campaign is felt, and told in the Council (assumed)
LARGE: Final = 160.0  # EUR million a year: a sum that allies far from the front find large (assumed)
GRAVE: Final = 0.4  # strength from which a quarrel is a known position (assumed)
NEAR: Final = 0.6  # closeness to the front of who wants help there (assumed)
HESITATES: Final = 0.2  # utility above the threshold of objecting below which an ally may come to object (assumed)
FEW: Final = 3  # allies that nobody plays and that may break silence over one item
STEPS: Final = 20  # a price is told in steps of one twentieth of one's part in the common fund


class Position(NamedTuple):
    """What one ally thinks of an item: 1 for it, -1 uneasy. `whom`: code of the state that a quarrel is with."""

    code: str
    leans: int
    reason: str
    whom: str = ""


class Uneasy(NamedTuple):
    """Why an ally may break silence, and what settles it: more of one's part in the common fund."""

    reason: str
    whom: str  # code of the state that a quarrel is with
    price: float


def worst_quarrel(m: int, others: Sequence[int], built: Built, step: int) -> tuple[float, str]:
    """The gravest live quarrel of ally m with one of these rows, 0 to 1, and the other's code."""
    names = {-1: ""} | dict(enumerate(built.codes))
    found = [(float(quarrel_with(m, n, built.setting, step)), names[n]) for n in others]
    worst = max(found, key=lambda one: one[0], default=(0.0, ""))
    return worst if worst[0] > 0.0 else (0.0, "")


def public_position(
    item: str, about: int, m: int, built: Built, world: World, step: int, envelope: float
) -> Position | None:
    """What ally m thinks of an item, by its strongest public reason; None: nothing is known."""
    setting, code, at = built.setting, built.codes[m], ITEMS.index(item)
    strength, other = worst_quarrel(m, concerned(at, about, world), built, step)
    if strength >= GRAVE:
        return Position(code, -1, "operation" if at == MANDATE else "quarrel", other)
    front, south = float(setting.front[m]), float(setting.south_interest[m])
    southern = south > 1.25 * float(np.mean(setting.south_interest[world.role == MEMBER]))
    if at == PROGRAMME and southern:
        return Position(code, -1, "south")
    if at == PROGRAMME and envelope >= LARGE and front < NEAR:
        return Position(code, -1, "sum")
    if at == STATUS and setting.front[about] * (1.0 - front) > 0.5:
        return Position(code, -1, "door")
    if at == OUTREACH and southern and setting.south[about] > 0.0:
        return Position(code, 1, "neighbours")
    return Position(code, 1, "near") if at != OUTREACH and front >= NEAR else None


def concerned(at: int, about: int, world: World) -> list[int]:
    """Rows of the states that a quarrel over an item may be with; -1: an operation."""
    if at == PROGRAMME:
        return [n for n in range(len(world.role)) if world.role[n] == PARTNER and world.framework[n] >= 0]
    return [-1] if at == MANDATE else [about]


def positions_on(item: str, about: int, built: Built, world: World, step: int, envelope: float) -> list[Position]:
    """All allies with a known position."""
    allies = [m for m in range(len(built.codes)) if world.role[m] == MEMBER]
    found = [public_position(item, about, m, built, world, step, envelope) for m in allies]
    return [one for one in found if one is not None]


def uneasy_over(agenda: Mapping[str, int], rows: Sequence[int], engine: Engine) -> dict[str, dict[str, Uneasy]]:
    """By item and code: the few of these allies that hesitate most, for a reason with a name.

    Asked once, when the agenda is drawn up. Many of one mind leave it to the keenest to write the letter.
    """
    orders, world, p, built = engine.orders, engine.world, engine.parameters, engine.built
    kept, found = orders.item.copy(), dict[str, dict[str, Uneasy]]()
    for item, about in agenda.items():
        at = ITEMS.index(item)
        orders.item[at] = about
        hesitant: list[tuple[float, str, Uneasy]] = []
        for m in rows:
            room = utility_of(m, at, engine.setting, world, orders, engine.step, p) - p.object_below
            if at == PROGRAMME:  # what an amendment cures is nothing to break silence for
                room += (1.0 - p.least_amended) * burden_of(m, engine.setting, world, orders, engine.step, p)
            strength, whom = worst_quarrel(m, concerned(at, about, world), built, engine.step)
            named = "wedge" if p.wedge_weight * world.wedge[m] >= WEDGED else ""
            if strength > 0.0:
                named = "operation" if at == MANDATE else "quarrel"
            if named and room < HESITATES:
                price = ceil(STEPS * (0.1 + 0.5 * (HESITATES - room))) / STEPS
                hesitant.append((float(room), built.codes[m], Uneasy(named, whom, price)))
        found[item] = {code: one for _, code, one in sorted(hesitant)[:FEW]}
    orders.item[:] = kept
    return found


def pull(m: int, seat: Seat, built: Built, world: World) -> float:
    """How much a seat weighs with ally m: how near its states are, times the goodwill of the one that signs."""
    rows, signs = rows_of(built, seat), signatory(built, seat)
    return 0.0 if signs < 0 else float(np.mean(built.setting.proximity[m, rows]) * world.goodwill[signs])


def speaker_of(m: int, game: Game, built: Built, world: World) -> Seat:
    """The seat whose silence an ally that nobody plays keeps."""
    sitting = [seat for seat in game.seats if KINDS[seat.kind].sits]
    return max(sitting, key=lambda seat: pull(m, seat, built, world))


def unplayed(game: Game, played: Collection[str], built: Built, world: World) -> list[int]:
    """Rows of allies in no seat, or in a seat that nobody plays."""
    taken = {code for seat in game.seats if seat.id in played for code in seat.states}
    return [m for m, code in enumerate(built.codes) if world.role[m] == MEMBER and code not in taken]
