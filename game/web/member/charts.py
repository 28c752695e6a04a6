"""Drawings for pages: the tile map as SVG, and charts as the tables that they are drawn from."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from game.core.seen import ESTIMATED, UNKNOWN
from game.web.member.knowledge import Series, Tile
from game.web.words import number

SIZE: Final = 50  # of a tile
STEPS: Final = 5  # shades


@dataclass(frozen=True)
class Chart:
    """A chart and the table behind it."""

    title: str
    status: str
    banded: bool
    rows: tuple[tuple[str, float | None, float | None, float | None], ...]


def chart_of(series: Series) -> Chart:
    """The rows of a chart."""
    rows = tuple(zip(series.quarters, series.values, series.low, series.high, strict=True))
    return Chart(series.title, series.status, series.status == ESTIMATED, rows)


def tile_map(tiles: list[Tile]) -> Markup:
    """The map: shade by value, code and value in each tile; a heavy frame is ours, hatching means an estimate."""
    known = [tile.fact.value for tile in tiles if tile.fact.value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    wide = (max(t.x for t in tiles) + 1) * SIZE
    tall = (max(t.y for t in tiles) + 1) * SIZE
    parts = [_tile(tile, low, high) for tile in tiles]
    return Markup(
        '<svg class="map" viewBox="0 0 {w} {h}" role="img" aria-labelledby="map-title"><defs>'
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="6" class="hatch"/></pattern>'
        '<pattern id="hatch-dark" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line x1="0" y1="0" x2="0" y2="6" class="hatch dark"/></pattern></defs>{parts}</svg>'
    ).format(w=wide, h=tall, parts=Markup("").join(parts))  # fmt: skip


def _tile(tile: Tile, low: float, high: float) -> Markup:
    """One state."""
    fact = tile.fact
    shade = "none"
    if fact.value is not None:
        shade = str(min(STEPS - 1, int(STEPS * (fact.value - low) / max(high - low, 1e-9))))
    x, y = tile.x * SIZE, tile.y * SIZE
    sign = {ESTIMATED: "≈", UNKNOWN: ""}.get(fact.status, "")
    hatch = Markup('<rect x="{x}" y="{y}" width="46" height="46" rx="6" class="over"/>').format(x=x + 2, y=y + 2)
    return Markup(
        '<g class="tile shade-{shade} {role} {own}"><title>{name}: {text}</title>'
        '<rect x="{x}" y="{y}" width="46" height="46" rx="6"/>{hatch}'
        '<text x="{mid}" y="{line1}" class="code">{code}</text><text x="{mid}" y="{line2}">{text}</text></g>'
    ).format(
        shade=shade, role=tile.role, own="own" if tile.own else "", name=escape(tile.name), x=x + 2, y=y + 2,
        text=sign + number(fact.value), hatch=hatch if fact.status == ESTIMATED else "", mid=x + 25, line1=y + 22,
        line2=y + 38, code=tile.code,
    )  # fmt: skip
