"""What people name is shown in every figure: as written, in another font where ours lacks a sign, within the sheet."""

import contextlib
import unicodedata
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.legend import Legend
from matplotlib.text import Annotation, Text
from rich.cells import cell_len

from analysis.words import shortened

# Where one of them is installed it shows what DejaVu lacks.
SPARE_FONTS: Final = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans", "Yu Gothic", "Malgun Gothic",
    "Apple SD Gothic Neo", "Arial Unicode MS", "Noto Sans Devanagari", "Nirmala UI", "Noto Emoji", "Segoe UI Emoji",
    "Segoe UI Symbol", "Symbola",
)  # fmt: skip
BOX: Final = "□"  # a sign that no font has
LONG: Final = 12  # columns that may need more room than there is
AIR: Final = 0.02  # inches that stay free at the edges of a sheet


@cache
def _signs(family: str, weight: str | int) -> frozenset[int]:
    """Code points that a font can show; none where it is not installed."""
    try:
        path = findfont(FontProperties(family=family, weight=weight), fallback_to_default=False)
    except ValueError:
        return frozenset()
    return frozenset(get_font(path).get_charmap())


def _lettered(text: Text, words: str, boxes: bool) -> str:
    """Give a text the fonts that its words need; the words, with a box for every sign that none of them has."""
    own, weight = text.get_fontfamily(), text.get_fontweight()
    missing = {ord(sign) for sign in words if sign != "\n"} - _signs(own[0], weight)
    if not missing:
        return words
    spare = [family for family in SPARE_FONTS if missing & _signs(family, weight)]
    text.set_fontfamily([*own, *spare])
    missing = missing.difference(*(_signs(family, weight) for family in spare))
    return "".join(_box(sign) if ord(sign) in missing else sign for sign in words) if boxes else words


def _box(sign: str) -> str:
    """A box, but nothing for what only joins or marks other signs."""
    return "" if unicodedata.category(sign) in ("Mn", "Me", "Cf") else BOX


def _fitting(text: Text, words: str, renderer: Any, low: float, high: float) -> str:
    """The words, each line of them shortened until the text stands between two edges; turned ones stay."""
    lines = words.split("\n")
    room = max(map(cell_len, lines))
    if room < LONG or text.get_rotation() % 180.0 or not text.get_visible():
        return words
    while True:
        text.set_text(words)
        if isinstance(text, Annotation):
            text.update_positions(renderer)
        box = Text.get_window_extent(text, renderer)
        if room <= 4 or (box.x0 >= low - 1.0 and box.x1 <= high + 1.0):
            return words
        middle = (box.x0 + box.x1) / 2.0
        free = {"left": high - box.x0, "right": box.x1 - low}.get(
            text.get_horizontalalignment(), 2.0 * min(middle - low, high - middle)
        )
        # Not all at once: what is cut may be wider than what stays.
        room = max(4, min(room - 1, max(int(room * free / box.width), int(0.8 * room))))
        words = "\n".join(shortened(line, room) for line in lines)


def _axis_texts(figure: Figure) -> Iterator[tuple[Axis, list[Text]]]:
    for axes in figure.axes:
        axes.apply_aspect()
        for axis in (axes.xaxis, axes.yaxis):
            if axis.get_visible() and axes.axison:
                yield axis, axis.get_ticklabels()


def _make_legible(figure: Figure, boxes: bool) -> None:
    """Change the texts of a figure that could not be read."""
    canvas: Any = FigureCanvasAgg(figure)
    renderer, low, high = canvas.get_renderer(), AIR * figure.dpi, figure.bbox.width - AIR * figure.dpi

    def legible(text: Text) -> str:
        words = _lettered(text, text.get_text(), boxes)
        return words if text in keys else _fitting(text, words, renderer, low, high)

    ticks = set[Text]()
    keys = {text for legend in figure.findobj(Legend) for text in legend.findobj(Text)}  # placed when they are drawn
    for axis, labels in _axis_texts(figure):
        ticks |= {*labels, axis.get_offset_text()}
        before = [label.get_text() for label in labels]
        after = [legible(label) for label in labels]
        if after != before:
            axis.set_ticks(axis.get_ticklocs(), after)
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text not in ticks and text.get_text():
            text.set_text(legible(text))


@contextlib.contextmanager
def legible(figure: Figure, kind: str) -> Iterator[None]:
    """While a figure is written: an SVG carries letters, which its reader shows by fonts of his own; others, shapes."""
    with warnings.catch_warnings():
        if kind == "svg":
            warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from", UserWarning)
        _make_legible(figure, boxes=kind != "svg")
        yield
