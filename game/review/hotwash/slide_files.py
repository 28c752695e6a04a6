"""Slides as files: a PDF, and a PowerPoint file that a teacher may change."""

import io
from collections.abc import Sequence
from textwrap import wrap
from typing import Any, Final, NamedTuple

import matplotlib.image
from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages

from analysis.pictures.style import INK, RC, SOFT, Sheet
from analysis.said import Said, Say
from analysis.words import Table
from game.review.hotwash.slides import Slide

SIZE: Final = (13.333, 7.5)  # inches, 16 to 9
FOOT: Final = Said("In this model; never prediction.")
COLUMNS: Final = 100  # signs of a line in the PDF


class Missing(Exception):
    """A library of an extra that is not installed, in words."""


def needed(name: str) -> Any:
    """A library of the extra `play` that few need, imported when it is used."""
    from importlib import import_module

    try:
        return import_module(name)
    except ImportError:
        raise Missing(
            Said(
                'This needs %(what)s, which is not installed: pip install "interlock-sim[play]".',
                what=name.partition(".")[0],
            )
        ) from None


class Show(NamedTuple):
    """The slides with their files; no PowerPoint where its library is missing, but words that say so."""

    slides: tuple[Slide, ...]
    pdf: bytes
    pptx: bytes = b""
    missing: str = ""


def show(slides: tuple[Slide, ...], say: Say = str) -> Show:
    """Both files, in a language."""
    told = tuple(said_in(one, say) for one in slides)
    try:
        return Show(slides, pdf(told, say), pptx(told))
    except Missing as missing:
        return Show(slides, pdf(told, say), missing=missing.args[0])


def said_in(slide: Slide, say: Say) -> Slide:
    """A slide whose texts are all in a language."""
    table = slide.table
    if table is not None:
        table = Table(tuple(map(say, table.heads)), tuple(tuple(map(say, row)) for row in table.rows))
    return slide._replace(title=say(slide.title), lines=tuple(map(say, slide.lines)), table=table)


def pptx(slides: Sequence[Slide]) -> bytes:
    """The slides as PowerPoint: titles, text and tables stay text, figures are pictures."""
    made, inches = needed("pptx").Presentation(), needed("pptx.util").Inches
    made.slide_width, made.slide_height = inches(SIZE[0]), inches(SIZE[1])
    for one in slides:
        page = made.slides.add_slide(made.slide_layouts[5])  # a title alone
        title = page.shapes.title
        title.text, title.left, title.top = one.title, inches(0.6), inches(0.3)
        title.width, title.height = inches(SIZE[0] - 1.2), inches(0.9)
        top = 1.3
        if one.lines:
            box = page.shapes.add_textbox(inches(0.6), inches(top), inches(SIZE[0] - 1.2), inches(0.4))
            box.text_frame.word_wrap = True
            box.text_frame.text = "\n".join(one.lines)
            top += 0.2 + 0.33 * sum(len(wrap(line, COLUMNS)) for line in one.lines)
        if one.table is not None and one.table.rows:
            _table(page, one.table, top, inches, needed("pptx.util").Pt)
        if one.picture is not None:
            page.shapes.add_picture(
                io.BytesIO(one.picture), inches(0.6), inches(top), height=inches(SIZE[1] - top - 0.3)
            )
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _table(page: Any, table: Table, top: float, inches: Any, points: Any) -> None:
    """A table over the whole width; columns as wide as their longest words."""
    rows = (table.heads, *table.rows)
    shares = [min(40, 4 + max(len(row[at]) for row in rows)) for at in range(len(table.heads))]
    tall, wide = min(0.42, (SIZE[1] - top - 0.3) / len(rows)), SIZE[0] - 1.2
    frame = page.shapes.add_table(len(rows), len(table.heads), inches(0.6), inches(top), inches(wide), inches(tall))
    for at, share in enumerate(shares):
        frame.table.columns[at].width = inches(wide * share / sum(shares))
    for r, row in enumerate(rows):
        frame.table.rows[r].height = inches(tall)
        for c, text in enumerate(row):
            cell = frame.table.cell(r, c)
            cell.text = text
            cell.text_frame.paragraphs[0].font.size = points(14 if len(rows) < 12 else 12)


def pdf(slides: Sequence[Slide], say: Say = str) -> bytes:
    """The slides as PDF, one a page."""
    out = io.BytesIO()
    with rc_context(RC), PdfPages(out, metadata={"CreationDate": None}) as pages:
        for number, one in enumerate(slides, 1):
            place = Said("%(n)s of %(all)s", n=number, all=len(slides))
            pages.savefig(_page(one, say(place), say(FOOT)))
    return out.getvalue()


def _page(one: Slide, number: str, foot: str) -> Sheet:
    figure = Sheet(figsize=SIZE)
    figure.text(0.05, 0.93, one.title, fontsize=26, fontweight="bold", color=INK, va="top")
    y = 0.83
    for line in (part for text in one.lines for part in wrap(text, COLUMNS)):
        figure.text(0.05, y, line, fontsize=15, color=INK, va="top")
        y -= 0.045
    if one.table is not None and one.table.rows:
        _drawn(figure, one.table, y - 0.02)
    if one.picture is not None:
        axes = figure.add_axes((0.05, 0.06, 0.9, y - 0.08))
        axes.imshow(matplotlib.image.imread(io.BytesIO(one.picture), format="png"))
        axes.axis("off")
    figure.text(0.05, 0.02, foot, fontsize=9, color=SOFT)
    figure.text(0.95, 0.02, number, fontsize=9, color=SOFT, ha="right")
    return figure


def _drawn(figure: Sheet, table: Table, top: float) -> None:
    """A table in columns as wide as their words, long cells on several lines."""
    rows = (table.heads, *table.rows)
    shares = [min(44, 3 + max(len(row[at]) for row in rows)) for at in range(len(table.heads))]
    lefts = [0.05 + 0.9 * sum(shares[:at]) / max(sum(shares), 80) for at in range(len(shares))]
    folded = [[wrap(text, share) or [""] for text, share in zip(row, shares, strict=True)] for row in rows]
    deep = sum(max(map(len, row)) for row in folded)
    pitch = min(0.05, (top - 0.06) / deep)
    for number, row in enumerate(folded):
        for left, lines in zip(lefts, row, strict=True):
            weight = "bold" if number == 0 else "normal"
            for at, line in enumerate(lines):
                figure.text(
                    left, top - at * pitch, line, fontsize=min(14, 290 * pitch), color=INK, va="top", fontweight=weight
                )
        top -= pitch * max(map(len, row))
