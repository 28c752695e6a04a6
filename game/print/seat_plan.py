"""Who sits where: a seat plan for a class of any size, with the roles inside each seat's cell.

Seats that nobody fills are played by policy. The order in which seats are filled keeps a small class playable: a staff
that proposes, two allies who can disagree, a partner, and a rival.
"""

from typing import Final, NamedTuple

from game.core.game_file import Game, Seat
from game.seats.kind import MORE
from game.seats.kinds import KINDS

CLASS_SIZES: Final = (5, 12, 24, 40)  # that a teacher is asked to choose from; any other number works too
MOST_IN_A_CELL: Final = 6  # beyond this, play two games side by side


class Place(NamedTuple):
    """A seat in the plan: how many students sit in it, and as what. None: the policy plays it."""

    seat: str
    students: int
    roles: tuple[str, ...]


def filling_order(game: Game) -> list[Seat]:
    """Seats in the order in which they should be filled: one of each kind in turn."""
    kinds = [[seat for seat in game.seats if seat.kind == kind] for kind in KINDS]
    order: list[Seat] = []
    for turn in range(len(game.seats)):
        for of_kind in kinds:
            order += of_kind[turn : turn + 1]
    return order


def plan_for(game: Game, students: int) -> list[Place]:
    """How many students sit in each seat, and in which roles, in the order of the game's seats.

    As many as there are seats are spread one each; the rest as evenly as can be, in the filling order.
    """
    if students < 1:
        raise ValueError(f"a class has at least one student, not {students}")
    order = [seat.id for seat in filling_order(game)]
    each, left = divmod(students, len(order))
    counts = {name: each + (1 if place < left else 0) for place, name in enumerate(order)}
    return [Place(seat.id, counts[seat.id], roles_of(seat, counts[seat.id])) for seat in game.seats]


def roles_of(seat: Seat, students: int) -> tuple[str, ...]:
    """Roles inside a seat's cell; a cell larger than its roles has advisers."""
    named = tuple(KINDS[seat.kind].roles)[:students]
    return named + tuple(MORE) * (students - len(named))


def games_side_by_side(game: Game, students: int) -> int:
    """How many copies of the game a class should play at once, so that everybody has something to do."""
    return -(-students // (MOST_IN_A_CELL * len(game.seats)))
