"""Who gains and who loses: differences by state on equal tiles."""

from functools import partial
from typing import NamedTuple

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.run.partners.tiles import OFF, Frame, Tiles, board, hatch, key
from analysis.pictures.run.shared import suspended_on
from analysis.pictures.style import INK, LOSS_GAIN, SMALL, SOFT, Sheet, ink_on, scale
from analysis.studies.compare.comparison import Judged
from analysis.studies.compare.verdict import said
from analysis.words import Table, listed, signed

UNTOLD = "#b0b0b0"  # the frame of a difference that is not told from luck


class Change(NamedTuple):
    """A difference between two policies by state, in hundredths; told apart from luck over all states at once."""

    tiles: Tiles
    own: str
    base: str
    good: str  # what a plus means
    bad: str
    asked: tuple[bool, ...]  # whether the scenario's question is about the state; all where it is about everybody


def change(judged: Judged, of: str) -> Change:
    """Of "trust" or "harm" (averted)."""
    assert judged.places is not None and judged.why is not None
    places, asked = judged.places, judged.asked
    trust = of == "trust"
    values, told = (places.trust, places.trust_told) if trust else (places.averted, places.averted_told)
    words = "trust gained, hundredths" if trust else "harm averted, hundredths of a point a quarter"
    stopped = tuple(bool(flag) for flag in suspended_on(places.codes, places.roles, asked.start))
    data = Tiles(places.codes, places.names, places.roles, places.tiles, 100.0 * values, words, "mean over replicates",
                 True, stopped, told)  # fmt: skip
    good, bad = ("more trust", "less trust") if trust else ("less harm", "more harm")
    return Change(data, asked.titles[judged.why.policy], asked.titles[asked.baseline], good, bad,
                  places.asked or (True,) * len(places.codes))  # fmt: skip


def finding(data: Change) -> str:
    """Who gains and who loses: those whom the scenario asks about first, then the largest."""
    one, parts = data.tiles, []
    order = sorted(np.flatnonzero(one.told), key=lambda n: (not data.asked[n], -abs(one.values[n])))
    for words, way in ((data.good, 1.0), (data.bad, -1.0)):
        names = [one.names[n] for n in order if way * one.values[n] > 0.0]
        parts.append(f"{words} in {listed(names, 3) or 'no state'}")
    return f"{data.own} against {said(data.base)}: {'; '.join(parts)}"


def table(data: Change) -> Table:
    """Every state, largest gain first."""
    one = data.tiles
    order = sorted(range(len(one.codes)), key=lambda n: (-one.values[n], one.codes[n]))
    rows = tuple(
        (one.names[n], one.roles[n], signed(float(one.values[n])), "yes" if one.told[n] else "no") for n in order
    )
    return Table(("state", "role", one.variable, "told from luck"), rows)


def draw(data: Change, sheet: Sheet) -> None:
    """Equal tiles; dotted and uncoloured where the difference is not told from luck; heavy frames: partners."""
    axes, one = board(data.tiles, sheet), data.tiles
    low, high = one.span()
    norm = Normalize(low, high, clip=True)
    for n, (x, y) in enumerate(one.tiles):
        value, told, rival = float(one.values[n]), one.told[n], one.roles[n] == "rival"
        face = OFF if rival else LOSS_GAIN(norm(value)) if told else "white"
        axes.add_patch(Rectangle(
            (x + 0.05, y + 0.05), 0.9, 0.9, facecolor=face, edgecolor=INK if told else UNTOLD,
            lw=2.2 if one.roles[n] == "partner" else 0.7, ls="-" if told else (0, (1, 1.5)),
        ))  # fmt: skip
        if one.suspended[n]:
            hatch(axes, (x + 0.05, y + 0.05), 0.9, face)
        ink = ink_on(face) if told or rival else SOFT
        axes.text(x + 0.5, y + 0.46, one.codes[n], ha="center", va="center", fontsize=SMALL, color=ink,
                  fontweight="bold" if told else "normal")  # fmt: skip
        text = "rival" if rival else signed(value, 1 if high >= 10 else 2)
        axes.text(x + 0.5, y + 0.75, text, ha="center", va="center", fontsize=8.0, color=ink)
    scale(sheet, 0.64, 0.32, LOSS_GAIN, low, high, one.variable, 9.0)
    frames = [Frame(2.2, "-", INK, "partner at the start", 0.1), Frame(0.7, "-", INK, "member", 5.4),
              Frame(0.7, (0, (1, 1.5)), UNTOLD, "not told from luck", 8.2)]  # fmt: skip
    if any(one.suspended):
        frames.append(Frame(0.7, "-", INK, "suspended", 13.2, hatched=True))
    key(sheet, frames)


def shows(data: Change) -> str:
    """What is coloured, and what the scale does not hold."""
    words = "Mean difference by state. Coloured: told from luck over all states at once. Equal tiles, no borders."
    return words + data.tiles.off(1 if data.tiles.span()[1] >= 10 else 2)


FIGURES = tuple(
    Chart(
        f"map_{of}", f"Who gains and who loses: {of}", shows, (11, 7.5), partial(change, of=of), finding, draw, table,
        order=order,
        when=lambda judged: judged.places is not None,
    ) for of, order in (("trust", 60), ("harm", 70))
)  # fmt: skip
