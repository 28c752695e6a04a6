"""Who gains and who loses: differences by state on equal tiles."""

from functools import partial
from typing import NamedTuple

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.run.partners.tiles import Tiles, board, key
from analysis.pictures.style import INK, LOSS_GAIN, SMALL, SOFT, Sheet, ink_on, scale
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import said
from analysis.words import Table, counted, signed

UNTOLD = "#b0b0b0"  # the frame of a difference that is not told from luck


class Change(NamedTuple):
    """A difference between two policies by state, in hundredths; `told` apart from luck over all states at once."""

    tiles: Tiles
    told: tuple[bool, ...]
    own: str
    base: str
    good: str  # what a plus means
    bad: str


def change(judged: Judged, of: str) -> Change:
    """Of "trust" or "harm" (averted)."""
    assert judged.places is not None and judged.why is not None
    places, asked = judged.places, judged.asked
    trust = of == "trust"
    values, told = (places.trust, places.trust_told) if trust else (places.averted, places.averted_told)
    words = "trust gained, hundredths" if trust else "harm averted, hundredths of a point a quarter"
    data = Tiles(places.codes, places.names, places.roles, places.tiles, 100.0 * values, words, "mean over replicates",
                 True)  # fmt: skip
    good, bad = ("more trust", "less trust") if trust else ("less harm", "more harm")
    return Change(data, told, asked.titles[judged.why.policy], asked.titles[asked.baseline], good, bad)


def finding(data: Change) -> str:
    """How many states gain and lose, and who most."""
    values, told = data.tiles.values, np.array(data.told)
    up, down = int((told & (values > 0)).sum()), int((told & (values < 0)).sum())
    text = f"{data.own} against {said(data.base)}: {data.good} in {counted(up, 'state')}, {data.bad} in {down}"
    rows = [n for n in range(len(values)) if told[n]]
    if not rows:
        return text
    top = max(rows, key=lambda n: abs(values[n]))
    return f"{text}; largest in {data.tiles.names[top]} ({signed(float(values[top]) / 100.0, 3)})"


def table(data: Change) -> Table:
    """Every state, largest gain first."""
    one = data.tiles
    order = sorted(range(len(one.codes)), key=lambda n: (-one.values[n], one.codes[n]))
    rows = tuple(
        (one.names[n], one.roles[n], signed(float(one.values[n])), "yes" if data.told[n] else "no") for n in order
    )
    return Table(("state", "role", one.variable, "told from luck"), rows)


def draw(data: Change, sheet: Sheet) -> None:
    """Equal tiles; dotted and unwritten in bold where the difference is not told from luck; heavy frames: partners."""
    axes, one = board(data.tiles, sheet), data.tiles
    largest = max(float(np.abs(one.values[np.array([r != "rival" for r in one.roles])]).max(initial=0.0)), 1e-9)
    norm = Normalize(-largest, largest, clip=True)
    for code, (x, y), value, role, told in zip(one.codes, one.tiles, one.values, one.roles, data.told, strict=True):
        shown = role != "rival"
        face = LOSS_GAIN(norm(value)) if shown and told else "white"
        axes.add_patch(Rectangle(
            (x + 0.05, y + 0.05), 0.9, 0.9, facecolor=face, edgecolor=INK if told else UNTOLD,
            lw=2.2 if role == "partner" else 0.7, ls="-" if told else (0, (1, 1.5)),
        ))  # fmt: skip
        ink = ink_on(face) if told else SOFT
        axes.text(x + 0.5, y + 0.38, code, ha="center", va="center", fontsize=SMALL, color=ink,
                  fontweight="bold" if told else "normal")  # fmt: skip
        text = "rival" if not shown else signed(float(value), 1 if largest >= 10 else 2)
        axes.text(x + 0.5, y + 0.69, text, ha="center", va="center", fontsize=8.0, color=ink)
    scale(sheet, 0.60, 0.34, LOSS_GAIN, -largest, largest, one.variable, 9.0)
    key(sheet, 0.5, [
        (2.2, "-", INK, "partner at the start", 0.1), (0.7, "-", INK, "member", 5.4),
        (0.7, (0, (1, 1.5)), UNTOLD, "not told from luck", 8.04),
    ])  # fmt: skip


FIGURES = tuple(
    Chart(
        f"map_{of}", f"Who gains and who loses: {of}",
        "Mean difference by state, policy against baseline. Coloured: told from luck over all states at once. Equal "
        "tiles, no borders.",
        (11, 7.5), partial(change, of=of), finding, draw, table, order=order,
        when=lambda judged: judged.places is not None,
    ) for of, order in (("trust", 60), ("harm", 70))
)  # fmt: skip
