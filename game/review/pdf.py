"""The review as a PDF: text pages with the story, then every figure on a page of its own."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from matplotlib import rc_context
from matplotlib.backends.backend_pdf import PdfPages
from rich.cells import cell_len, set_cell_size

from analysis.pictures.style import INK, NAMED, RC, SOFT, Sheet, folded
from analysis.words import Table, shortened
from game.review.after_action import Review
from sim.outputs.files import whole

PAPER: Final = (8.27, 11.69)  # A4, inches
WIDE, PITCHED, BIG, FEET = 96, 114, 50, 100  # columns in a line of body text, of a table, of a head, of the foot
LINES: Final = 58  # lines on a page
Line = tuple[str, str]  # text and kind: h1, h2, text, note


def lines_of(said: Mapping[str, Any]) -> Iterator[Line]:
    """What the review says, in lines: head, story, hot wash."""
    found: Review = said["found"]
    played, game = found.played, found.played.setup.game
    for line in folded(said["title"], BIG):
        yield line, "h1"
    yield from _text(f"File {played.name}, branch {played.branch}, seed {game.seed}. {played.verdict.words()}")
    yield from _text("Relative to this model: it teaches and compares, and never predicts.", "note")
    if found.refused:
        yield from _text(found.refused)
    for turn in found.story:
        yield turn.title, "h2"
        for seat, player, decided in turn.decisions.rows:
            yield from _text(f"{shortened(seat, NAMED)} ({player}): {decided}")
        for heading, told in turn.happened:
            yield heading, "h3"
            for line in told:
                yield from _text(line, indent="   ")
        yield "Scores", "h3"
        yield from _rows(turn.scores)
    if found.deep is not None:
        yield said["contents"]["policies"], "h2"
        for line in said["verdict"]:
            yield from _text(line)
        moved = found.deep.moved
        for heading, table in (
            ("What moved trust of the mean partner", moved.trust),
            ("What moved interoperability of the mean partner", moved.interoperability),
            ("Contributions by event", moved.by_event),
        ):
            yield heading, "h2"
            yield from _rows(table)
    yield said["contents"]["hotwash"], "h2"
    for question in game.debrief:
        yield from _text(f"• {question}")
    for observation, discussion, conclusion, _ in said["practices"]:
        yield from _text(f"Observation: {observation}.")
        yield from _text(f"Discussion: {discussion} Conclusion: {conclusion} Recommendation: ........", indent="   ")


def _text(text: str, kind: str = "text", indent: str = "") -> Iterator[Line]:
    for line in wrap(text, WIDE, initial_indent=indent, subsequent_indent=indent + "   "):
        yield line, kind


def _rows(table: Table) -> Iterator[Line]:
    """A table in columns of a fixed pitch; the widest column, which are names, is shortened, numbers never."""
    widths = [max(cell_len(row[i]) for row in (table.heads, *table.rows)) + 2 for i in range(len(table.heads))]
    names = max(range(len(widths)), key=lambda i: widths[i])
    widths[names] = max(10, min(widths[names], PITCHED - sum(widths) + widths[names]))
    for kind, row in (("headrow", table.heads), *(("row", row) for row in table.rows)):
        cells = (shortened(cell, w - 2) if i == names else cell for i, (cell, w) in enumerate(zip(row, widths)))
        yield "".join(set_cell_size(cell, w) for cell, w in zip(cells, widths, strict=True)), kind


LOOKS: Final[dict[str, dict[str, Any]]] = {
    "h1": {"fontsize": 17, "fontweight": "bold"}, "h2": {"fontsize": 13, "fontweight": "bold"},
    "h3": {"fontsize": 10, "fontweight": "bold"}, "text": {"fontsize": 9}, "note": {"fontsize": 9, "color": SOFT},
    "row": {"fontsize": 7.0, "family": "DejaVu Sans Mono"},
    "headrow": {"fontsize": 7.0, "family": "DejaVu Sans Mono", "fontweight": "bold"},
}  # fmt: skip
TALL: Final = {"h1": 2.6, "h2": 2.6, "h3": 1.4}  # lines that a kind takes; all others one


def pages(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines cut into pages; no heading stands last on a page."""
    found: list[list[Line]] = [[]]
    used = 0.0
    for at, line in enumerate(lines):
        need = TALL.get(line[1], 1.0)
        ahead = need + (2.0 if line[1] in TALL and at + 1 < len(lines) else 0.0)
        if used + ahead > LINES and found[-1]:
            found.append([])
            used = 0.0
        found[-1].append(line)
        used += need
    return found


def _page(lines: Sequence[Line], number: int, title: str) -> Sheet:
    """One page of text."""
    figure = Sheet(figsize=PAPER)
    y, pitch = 0.945, 0.89 / LINES
    for at, (text, kind) in enumerate(lines):
        after = 1.5 if kind in ("h1", "h2") else 1.0
        y -= pitch * (TALL.get(kind, 1.0) - after) if at else 0.0
        figure.text(0.09, y, text, va="top", color=LOOKS[kind].get("color", INK),
                    **{k: v for k, v in LOOKS[kind].items() if k != "color"})  # fmt: skip
        y -= pitch * after
    figure.text(0.09, 0.025, shortened(title, FEET), fontsize=7.5, color=SOFT)
    figure.text(0.91, 0.025, str(number), fontsize=7.5, color=SOFT, ha="right")
    return figure


def write_pdf(said: Mapping[str, Any], pictures: Sequence[Sheet], path: Path) -> Path:
    """Text first, then figures."""
    title = f"{shortened(said['title'], NAMED)}. In this model; never prediction."
    about = {"Title": title, "CreationDate": None}
    with whole(path) as hidden, rc_context(RC), PdfPages(hidden, metadata=about) as pdf:
        for number, lines in enumerate(pages(list(lines_of(said))), 1):
            pdf.savefig(_page(lines, number, title))
        for picture in pictures:
            pdf.savefig(picture)
    return path
