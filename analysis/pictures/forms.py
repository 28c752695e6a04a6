"""Where figures go: their final sizes, and the files that are written."""

from typing import Final, NamedTuple

from sim.inputs.errors import allowed, fail, nearest

INCH: Final = 25.4  # millimetres


class Form(NamedTuple):
    """Where a figure goes: its final size in inches, the least size of its text in points, its files."""

    wide: float
    high: float  # 0: as high as it is
    least: float
    formats: tuple[str, ...]
    dots: float  # an inch of a PNG
    bare: bool = False  # without title, caption and foot, which stand beside it as a text
    narrow: bool = False  # where a figure can be drawn for one column, it is


PRINT: Final = Form(175.0 / INCH, 0.0, 7.0, ("pdf", "svg", "png"), 300.0)  # over two columns
FORMS: Final = {
    "web": Form(0.0, 0.0, 7.0, ("png", "svg"), 0.0),  # as drawn
    "print": PRINT,
    "column": PRINT._replace(wide=85.0 / INCH, bare=True, narrow=True),  # its words are for the report's own caption
    "slide": Form(40.0 / 3.0, 7.5, 9.0, ("png", "svg", "pdf"), 150.0),  # 16:9
}


def form_named(word: str) -> Form:
    """A form by name."""
    if word not in FORMS:
        raise fail("--for", f"{allowed(tuple(FORMS))}{nearest(word, FORMS)}", value=repr(word))
    return FORMS[word]
