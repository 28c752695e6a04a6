"""The kinds of seats there are: every file of this folder declares one. In the order in which seats are filled."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from game.seats.kind import MORE, SeatKind


def _declared() -> dict[str, SeatKind]:
    files = [import_module(f"{__name__}.{file.name}") for file in iter_modules(__path__)]
    kinds: list[SeatKind] = sorted((file.KIND for file in files), key=lambda kind: kind.fills)
    return {kind.name: kind for kind in kinds}


KINDS: Final[Mapping[str, SeatKind]] = _declared()
DUTIES: Final = MORE | {role: duty for kind in KINDS.values() for role, duty in kind.roles.items()}
