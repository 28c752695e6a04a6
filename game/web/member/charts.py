"""Drawings for pages: the tile map as SVG, and charts as the tables that they are drawn from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from markupsafe import Markup, escape

from analysis.said import Said, Say
from game.core.seen import ESTIMATED, UNKNOWN
from game.web.member.headlines import Changed
from game.web.member.knowledge import Series, Tile
from game.web.words import number

SIZE: Final = 50  # of a tile
STEPS: Final = 5  # shades
FITS: Final = 13  # letters of a line in a tile; longer ones are drawn narrower
AND: Final = re.compile(r" (?:and|und) ")


@dataclass(frozen=True)
class Chart:
    """A chart and the table behind it."""

    title: str
    status: str
    banded: bool
    rows: tuple[tuple[str, float | None, float | None, float | None], ...]


Turned: TypeAlias = tuple[Sequence[tuple[int, int, str, str]], Mapping[str, Changed]]  # what a turn did, to be drawn


def chart_of(series: Series) -> Chart:
    """The rows of a chart."""
    rows = tuple(zip(series.quarters, series.values, series.low, series.high, strict=True))
    return Chart(series.title, series.status, series.status == ESTIMATED, rows)


def tile_map(tiles: list[Tile], say: Say) -> Markup:
    """The map: shade by value, name and value in each tile; a heavy frame is ours, hatching means an estimate."""
    known = [tile.fact.value for tile in tiles if tile.fact.value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    wide = (max(t.x for t in tiles) + 1) * SIZE
    tall = (max(t.y for t in tiles) + 1) * SIZE
    parts = [_tile(tile, low, high, say) for tile in tiles]
    return Markup(
        '<svg class="map" viewBox="0 0 {w} {h}" role="img" aria-labelledby="map-title"><defs>'
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="6" class="hatch"/></pattern>'
        '<pattern id="hatch-dark" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="6" class="hatch dark"/></pattern></defs>{parts}</svg>'
    ).format(w=wide, h=tall, parts=Markup("").join(parts))  # fmt: skip


def _tile(tile: Tile, low: float, high: float, say: Say) -> Markup:
    """One state."""
    fact, name = tile.fact, say(tile.name)
    shade = "none"
    if fact.value is not None:
        shade = str(min(STEPS - 1, int(STEPS * (fact.value - low) / max(high - low, 1e-9))))
    x, y = tile.x * SIZE, tile.y * SIZE
    sign = {ESTIMATED: "≈", UNKNOWN: ""}.get(fact.status, "")
    hatch = Markup('<rect x="{x}" y="{y}" width="46" height="46" rx="6" class="over"/>').format(x=x + 2, y=y + 2)
    return Markup(
        '<g class="tile shade-{shade} {role} {own}"><title>{name}: {text}</title>'
        '<rect x="{x}" y="{y}" width="46" height="46" rx="6"/>{hatch}'
        '{called}<text x="{mid}" y="{line2}">{text}</text></g>'
    ).format(
        shade=shade, role=tile.role, own="own" if tile.own else "", name=escape(name), x=x + 2, y=y + 2,
        text=sign + say(Said(number(fact.value))), hatch=hatch if fact.status == ESTIMATED else "", mid=x + 25,
        line2=y + 41, called=_called(name, x + 25, y + 13),
    )  # fmt: skip


def _called(name: str, x: float, y: float) -> Markup:
    """A name in at most two lines that fit a tile."""
    words = called(name).split()
    first, rest = words[0], " ".join(words[1:])
    line = Markup('<text x="{x}" y="{y}" class="name"{fitted}>{text}</text>')
    fitted = Markup(' textLength="44" lengthAdjust="spacingAndGlyphs"')
    return Markup("").join(
        line.format(x=x, y=y + 9 * at, text=text, fitted=fitted if len(text) > FITS else "")
        for at, text in enumerate(filter(None, (first, rest)))
    )


def called(name: str) -> str:
    """What a state is called on a map: Bosnia and Herzegovina by its first part."""
    return AND.split(name)[0]


def map_of_turn(turned: Turned, say: Say) -> Markup:
    """What a turn did, for all to see: shade by the worst that struck, a sign for ties; only what changed has a name.

    Of every state its column, row, code and name; by code what changed.
    """
    tiles, changed = turned
    wide, tall = max(tile[0] for tile in tiles) + 1, max(tile[1] for tile in tiles) + 1
    squares, names = [], []
    for column, row, code, name in tiles:
        one, x, y = changed.get(code, Changed()), column * SIZE + 2, row * SIZE + 2
        shade = min(STEPS - 1, 1 + int(one.severity / 12.0)) if one.severity else 0
        sign = {1: "▲", -1: "▼", 0: ""}[one.way]
        squares.append(
            Markup('<g class="tile {kind}"><rect x="{x}" y="{y}" width="46" height="46" rx="6"/>'
                   '<text x="{mid}" y="{line}" class="sign">{sign}</text></g>').format(
                kind=f"hit-{shade}" if shade else "tied" if sign else "calm", x=x, y=y, mid=x + 23, line=y + 17,
                sign=sign)
        )  # fmt: skip
        if one != Changed():
            # Neighbours' names stand at different heights, and those at the edges within the map.
            edge = {0: "first", wide - 1: "last"}.get(column, "")
            names.append(Markup('<text x="{x}" y="{y}" class="label {edge}">{name}</text>').format(
                x=x + {"first": 0, "last": 46}.get(edge, 23), y=y + (43 if column % 2 else 29), edge=edge,
                name=called(say(name))))  # fmt: skip
    return Markup(
        '<svg class="map turn" viewBox="0 0 {w} {h}" role="img" aria-labelledby="turn-map">{parts}</svg>'
    ).format(w=wide * SIZE, h=tall * SIZE, parts=Markup("").join([*squares, *names]))
