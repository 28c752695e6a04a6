"""Maps of equal tiles: a state variable, or its change, of every state."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import Flags, suspended
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
from analysis.words import Table, listed, lower, number, signed
from sim.declare.names import ROLES
from sim.law.compiled import Floats
from sim.runs.results import Results

FRAMES: dict[str, tuple[float, Any, float]] = {  # width, dashes, distance from the tile's edge
    "member": (0.6, "-", 0.03), "partner": (2.4, "-", 0.05), "rival": (2.0, (0, (2, 1.2)), 0.05),
}  # fmt: skip


OFF: Final = "#e4e4e4"  # the face of a tile that the scale does not hold
MOST_BEYOND: Final = 2.0  # how many times the scale's end the largest value may be before the scale is cut


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
    suspended: tuple[bool, ...]  # cooperation with the state is suspended then
    told: tuple[bool, ...] = ()  # which of the values can be told from luck, where that is asked

    def shown(self) -> Flags:
        """(N,): states whose values the scale is for."""
        told = self.told or (True,) * len(self.roles)
        return np.array([role != "rival" and sure for role, sure in zip(self.roles, told, strict=True)], dtype=np.bool_)

    def span(self) -> tuple[float, float]:
        """Ends of the scale: of the states that are shown, without a few that lie far beyond all others."""
        spread = self.values[self.shown()] if self.shown().any() else np.zeros(1)
        size = np.abs(spread) if self.diverging else spread
        cut, top = float(np.percentile(size, 95.0)), float(size.max())
        high = max(cut if 0.0 < MOST_BEYOND * cut < top else top, 0.01)
        return (-high, high) if self.diverging else (min(float(spread.min()), high - 1e-3), high)

    def beyond(self) -> list[int]:
        """States that lie off the scale, the furthest first."""
        low, high = self.span()
        rows = [n for n in np.flatnonzero(self.shown()) if not low - 1e-9 <= self.values[n] <= high + 1e-9]
        return sorted((int(n) for n in rows), key=lambda n: -abs(self.values[n]))

    def off(self, digits: int) -> str:
        """What the scale does not hold, in a sentence; empty where it holds all."""
        amount = partial(signed, digits=digits) if self.diverging else number
        far = [f"{self.names[n]} ({amount(float(self.values[n]))})" for n in self.beyond()]
        rivals = ["rivals (grey)"] if "rival" in self.roles else []
        return f" Off the scale: {listed([*far, *rivals], 8)}." if far or rivals else ""


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
    return Tiles(
        results.codes, results.names, roles, results.tiles, values.copy(), variable, when, over == "change",
        tuple(bool(stopped) for stopped in suspended(results)[step]),
    )  # fmt: skip


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


class Frame(NamedTuple):
    """A tile of the key: width, dashes and colour of its frame, its face, words, and how far right, in tiles."""

    width: float
    dashes: Any
    edge: str
    words: str
    at: float
    face: str = "white"
    hatched: bool = False


def key(figure: Sheet, frames: Sequence[Frame]) -> None:
    """What frames mean, at the left under the board."""
    wide = float(figure.get_size_inches()[0])
    axes = blank(inches(figure, SIDE, 0.05, 0.56 * wide, 0.4))
    axes.set_xlim(0, 0.56 * wide / 0.4)
    axes.set_ylim(1, 0)
    for one in frames:
        axes.add_patch(Rectangle((one.at, 0.15), 0.7, 0.7, fc=one.face, ec=one.edge, lw=one.width, ls=one.dashes))
        if one.hatched:
            hatch(axes, (one.at, 0.15), 0.7, "white")
        axes.text(one.at + 0.85, 0.5, one.words, va="center", fontsize=SMALL)


def hatch(axes: Axes, corner: tuple[float, float], side: float, face: Any) -> None:
    """The hatched strip at the top of a tile: cooperation is suspended."""
    axes.add_patch(Rectangle(corner, side, 0.24 * side, fc="none", ec=ink_on(face), lw=0.0, hatch="//////", zorder=3))


def draw(data: Tiles, figure: Sheet) -> None:
    """Equal tiles, code and value in each; heavy frames are partners, thin ones members, dashed ones rivals."""
    axes = board(data, figure)
    low, high = data.span()
    colours, norm = LOSS_GAIN if data.diverging else LOW_HIGH, Normalize(low, high, clip=True)
    digits = 2 if float(np.abs(data.values).max()) < 9.95 else 0
    for n, (x, y) in enumerate(data.tiles):
        role, value = data.roles[n], float(data.values[n])
        face = OFF if role == "rival" else colours(norm(value))
        width, dashes, inset = FRAMES[role]
        axes.add_patch(Rectangle((x + inset, y + inset), 1 - 2 * inset, 1 - 2 * inset, facecolor=face,
                                 edgecolor=ROLE_COLOURS[role], lw=width, ls=dashes))  # fmt: skip
        if data.suspended[n]:
            hatch(axes, (x + inset, y + inset), 1 - 2 * inset, face)
        text = signed(value) if data.diverging else f"{value:.{digits}f}"
        looks: dict[str, Any] = {"ha": "center", "va": "center", "color": ink_on(face)}
        axes.text(x + 0.5, y + 0.46, data.codes[n], fontsize=SMALL, fontweight="bold", **looks)
        axes.text(x + 0.5, y + 0.76, text, fontsize=8.5, **looks)
    scale(figure, 0.62, 0.34, colours, low, high, f"{lower(data.variable)}, {data.when}")
    frames = [
        Frame(*FRAMES[role][:2], ROLE_COLOURS[role], role, 0.1 + 3.1 * i, OFF if role == "rival" else "white")
        for i, role in enumerate(sorted(set(data.roles)))
    ]
    if any(data.suspended):
        partner = FRAMES["partner"]
        at = 0.1 + 3.1 * len(frames)
        frames.append(Frame(*partner[:2], ROLE_COLOURS["partner"], "suspended", at, hatched=True))
    key(figure, frames)


def shows(words: str) -> Callable[[Tiles], str]:
    """The caption: what is mapped, then what the scale does not hold."""
    return lambda data: words + data.off(2)


FIGURES = (
    Chart(
        "map_trust", "Map of trust", shows("Mean mutual trust with the allies, 0 to 1. Equal tiles, no borders."),
        (11, 7.5), partial(tiles, variable="trust"), finding, draw, table, order=40,
    ),
    Chart(
        "map_trust_change", "Map of the change in trust",
        shows("Change of mean mutual trust with the allies (0 to 1) over the run. Equal tiles, no borders."),
        (11, 7.5), partial(tiles, variable="trust", over="change"), finding, draw, table, order=50,
    ),
    Chart(
        "map_interoperability", "Map of interoperability",
        shows("Mean of technical, procedural and human interoperability, 0 to 1. Equal tiles, no borders."),
        (11, 7.5), partial(tiles, variable="interoperability"), finding, draw, table, order=60,
    ),
    Chart(
        "map_harm", "Map of harm",
        shows("Harm points left after all answers, summed over the run; an index, never deaths."),
        (11, 7.5), partial(tiles, variable="harm", over="total"), finding, draw, table, order=70,
    ),
)  # fmt: skip
