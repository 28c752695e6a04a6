"""Maps of equal tiles: a state variable, or its change, of every state."""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.style import (
    FOOT,
    LOSS_GAIN,
    LOW_HIGH,
    ROLE_COLOURS,
    SIDE,
    SMALL,
    Sheet,
    blank,
    inches,
    ink_on,
    scale,
)
from analysis.words import Table, lower, number, signed
from sim.declare.names import ROLES
from sim.law.compiled import Floats
from sim.runs.results import Results

FRAMES: dict[str, tuple[float, Any, float]] = {  # width, dashes, distance from the tile's edge
    "member": (0.6, "-", 0.03), "partner": (2.4, "-", 0.05), "rival": (2.0, (0, (2, 1.2)), 0.05),
}  # fmt: skip


class Tiles(NamedTuple):
    """One value for every state, at its tile. `diverging`: zero is the middle of the scale."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    roles: tuple[str, ...]
    tiles: tuple[tuple[int, int], ...]
    values: Floats
    variable: str
    when: str
    diverging: bool


def tiles(results: Results, variable: str, step: int = -1, over: str = "step") -> Tiles:
    """A state variable on the map. over: "step" (its value then), "change" or "total" over the run."""
    values = results.state(variable)
    if over == "change":
        values, when = values[step] - values[0], f"change from {results.quarters[0]} to {results.quarters[step]}"
    elif over == "total":
        values, when = values.sum(axis=0), f"sum from {results.quarters[0]} to {results.quarters[-1]}"
    elif over == "step":
        values, when = values[step], results.quarters[step]
    else:
        raise ValueError(f'over: "{over}"; allowed: "step", "change", "total"')
    roles = tuple(ROLES[r] for r in results.role[step])
    return Tiles(results.codes, results.names, roles, results.tiles, values.copy(), variable, when, over == "change")


def finding(data: Tiles) -> str:
    """The highest and the lowest partner."""
    rows = [n for n, r in enumerate(data.roles) if r == "partner"] or list(range(len(data.roles)))
    best, worst = (pick(rows, key=lambda n: data.values[n]) for pick in (max, min))
    (high, rich), (low, poor) = ((float(data.values[n]), data.names[n]) for n in (best, worst))
    what = f"Among partners {lower(data.variable)}"
    if data.diverging:
        return f"{what} changed by {signed(high)} ({rich}) to {signed(low)} ({poor})"
    return f"{what} is highest in {rich} ({number(high)}) and lowest in {poor} ({number(low)})"


def table(data: Tiles) -> Table:
    """Every state with its value, largest first."""
    order = sorted(range(len(data.codes)), key=lambda n: (-data.values[n], data.codes[n]))
    texts = [signed(float(v), 3) if data.diverging else f"{v:.3f}" for v in data.values]
    rows = tuple((data.names[n], data.roles[n], texts[n]) for n in order)
    return Table(("state", "role", f"{lower(data.variable)}, {data.when}"), rows)


def board(data: Tiles, figure: Sheet) -> Axes:
    """Blank axes on which every tile is a square of side 1, as large as the sheet allows."""
    wide, high = figure.get_size_inches()
    columns, rows = (max(t[i] for t in data.tiles) + 1 for i in (0, 1))
    size = min((wide - 0.6) / columns, (high - figure.head - FOOT - 0.55) / rows)
    bottom = high - figure.head - size * rows - FOOT
    axes = blank(inches(figure, (wide - size * columns) / 2.0, bottom, size * columns, size * rows))
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    return axes


def key(figure: Sheet, share: float, frames: list[tuple[float, Any, str, str, float]]) -> None:
    """What frames mean: width, dashes, colour, words and how far right; `share` of the sheet's width."""
    wide = float(figure.get_size_inches()[0])
    axes = blank(inches(figure, SIDE, 0.05, share * wide, 0.4))
    axes.set_xlim(0, share * wide / 0.4)
    axes.set_ylim(0, 1)
    for width, dashes, edge, words, x in frames:
        axes.add_patch(Rectangle((x, 0.15), 0.7, 0.7, facecolor="white", edgecolor=edge, lw=width, ls=dashes))
        axes.text(x + 0.9, 0.5, words, va="center", fontsize=SMALL)


def draw(data: Tiles, figure: Sheet) -> None:
    """Equal tiles, code and value in each; heavy frames are partners, thin ones members, dashed ones rivals."""
    axes = board(data, figure)
    shown = np.array([r != "rival" for r in data.roles])
    spread = data.values[shown] if shown.any() else data.values
    low, high, colours = float(spread.min()), float(spread.max()), LOW_HIGH
    if data.diverging:
        high, colours = max(float(np.abs(spread).max()), 0.01), LOSS_GAIN
        low = -high
    else:
        low, high = min(low, high - 1e-3), max(high, 1e-3)
    norm = Normalize(low, high)
    faces = [colours(norm(v)) for v in data.values]
    for role, (width, dashes, inset) in FRAMES.items():
        mine = [n for n, r in enumerate(data.roles) if r == role]
        boxes = [
            Rectangle((x + inset, y + inset), 1 - 2 * inset, 1 - 2 * inset) for x, y in (data.tiles[n] for n in mine)
        ]
        axes.add_collection(PatchCollection(
            boxes, facecolors=[faces[n] for n in mine], edgecolors=ROLE_COLOURS[role], linewidths=width,
            linestyles=[dashes],
        ))  # fmt: skip
    digits = 2 if float(np.abs(data.values).max()) < 9.95 else 0
    for code, (x, y), value, face in zip(data.codes, data.tiles, data.values, faces, strict=True):
        text = signed(value) if data.diverging else f"{value:.{digits}f}"
        looks: dict[str, Any] = {"ha": "center", "va": "center", "color": ink_on(face)}
        axes.text(x + 0.5, y + 0.40, code, fontsize=SMALL, fontweight="bold", **looks)
        axes.text(x + 0.5, y + 0.71, text, fontsize=8.5, **looks)
    scale(figure, 0.56, 0.40, colours, low, high, f"{lower(data.variable)}, {data.when}")
    key(figure, 0.42, [
        (*FRAMES[role][:2], ROLE_COLOURS[role], role, 0.1 + 3.2 * i) for i, role in enumerate(sorted(set(data.roles)))
    ])  # fmt: skip


FIGURES = (
    Chart(
        "map_trust", "Map of trust", "Mean mutual trust with the allies, 0 to 1. Equal tiles, no borders.",
        (11, 7.5), partial(tiles, variable="trust"), finding, draw, table, order=40,
    ),
    Chart(
        "map_trust_change", "Map of the change in trust",
        "Change of mean mutual trust with the allies (0 to 1) over the run.",
        (11, 7.5), partial(tiles, variable="trust", over="change"), finding, draw, table, order=50,
    ),
    Chart(
        "map_interoperability", "Map of interoperability",
        "Mean of technical, procedural and human interoperability, 0 to 1.",
        (11, 7.5), partial(tiles, variable="interoperability"), finding, draw, table, order=60,
    ),
    Chart(
        "map_harm", "Map of harm", "Harm points left after all answers, summed over the run; an index, never deaths.",
        (11, 7.5), partial(tiles, variable="harm", over="total"), finding, draw, table, order=70,
    ),
)  # fmt: skip
