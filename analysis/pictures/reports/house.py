"""The house: which room uses which, read from the imports and drawn, so that the picture cannot lie."""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from sim.outputs.files import whole

ROOT: Final = Path(__file__).resolve().parents[3]
TOPS: Final = {"sim": "#dbe9f6", "analysis": "#e3f1dc", "game": "#fbe6d4"}


class Room(NamedTuple):
    """A folder of the second floor, with what it holds and what it uses."""

    files: int
    lines: int
    uses: frozenset[str]


def rooms(root: Path = ROOT) -> dict[str, Room]:
    """Every room under its name, such as `sim.law`, with files, lines of code, and the rooms that it imports from."""
    found: dict[str, Room] = {}
    for top in TOPS:
        for folder in sorted(path for path in (root / top).iterdir() if path.is_dir() and any(path.rglob("*.py"))):
            name = f"{top}.{folder.name}"
            sources = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*.py")}
            used = {room for text in sources.values() for room in _rooms_in(text)} - {name}
            lines = sum(len(text.splitlines()) for text in sources.values())
            found[name] = Room(sum(path.name != "__init__.py" for path in sources), lines, frozenset(used))
    return {name: room._replace(uses=room.uses & set(found)) for name, room in found.items()}


def _rooms_in(source: str) -> set[str]:
    names = set[str]()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {".".join(name.split(".")[:2]) for name in names if name.split(".")[0] in TOPS}


def floors(found: Mapping[str, Room]) -> dict[str, int]:
    """How high each room lies: one above the highest room that it uses. Rooms on a circle have no floor."""
    placed: dict[str, int] = {}
    while ready := [name for name in found if name not in placed and found[name].uses <= set(placed)]:
        placed |= {name: 1 + max((placed[used] for used in found[name].uses), default=-1) for name in ready}
    return placed


def needed(found: Mapping[str, Room], name: str) -> set[str]:
    """The arrows of a room that do not follow from others."""
    far = {far for near in found[name].uses for far in _reached(found, near)}
    return set(found[name].uses) - far


def _reached(found: Mapping[str, Room], name: str) -> set[str]:
    return set(found[name].uses) | {far for near in found[name].uses for far in _reached(found, near)}


def draw_house(found: Mapping[str, Room] | None = None) -> Figure:
    """Rooms from the ground up; an arrow leads from a room to what it uses, unless that follows from another arrow."""
    found = rooms() if found is None else found
    at = floors(found)
    rows = {floor: [name for name in found if at[name] == floor] for floor in sorted(set(at.values()))}
    reach = 0.15 * max(4, *map(len, rows.values()))  # to either side of the middle
    figure = Figure(figsize=(17.5 * reach, 0.95 * len(rows) + 0.4), layout="constrained")
    ax = figure.add_subplot()
    places = {
        name: (0.5 + (i - (len(names) - 1) / 2) * 0.3, float(floor))
        for floor, names in rows.items() for i, name in enumerate(names)
    }  # fmt: skip
    for name, (x, y) in places.items():
        room = found[name]
        ax.add_patch(FancyBboxPatch(
            (x - 0.105, y - 0.24), 0.21, 0.48, "round,pad=0.01", fc=TOPS[name.split(".")[0]], ec="#555555", lw=0.8
        ))  # fmt: skip
        ax.text(x, y + 0.06, name.replace(".", "/"), ha="center", va="center", weight="bold", size=10)
        ax.text(x, y - 0.13, f"{room.files} files, {room.lines:,} lines", ha="center", va="center", size=8)
        for used in sorted(needed(found, name)):
            to = places[used]
            bend = 0.0 if y - to[1] < 1.5 else 0.18
            ax.add_patch(FancyArrowPatch(
                (x, y - 0.26), (to[0], to[1] + 0.26), arrowstyle="-|>", mutation_scale=10, lw=0.9, color="#777777",
                connectionstyle=f"arc3,rad={bend}", zorder=0,
            ))  # fmt: skip
    ax.set(xlim=(0.5 - reach, 0.5 + reach), ylim=(-0.5, len(rows) - 0.5))
    ax.set_axis_off()
    return figure


def write_house(path: Path) -> Path:
    """Draw the house of this source into a file."""
    with whole(path) as hidden:
        draw_house().savefig(hidden, format="png", dpi=130)
    return path
