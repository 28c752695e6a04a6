"""A sheet for grades: who sat where, what the file knows of their part, and empty columns for what a teacher judges.

Scores are for the debrief and no marks: they hang on luck and on others. The columns to fill in are those of the guide.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

from analysis.said import Said, Say
from game.core.export import guarded
from game.core.journal import Journal
from game.core.room.people import Member
from game.review.hotwash.slide_files import needed
from game.review.played import Played

JUDGED: Final = (
    Said("uses evidence"), Said("explains"), Said("tells luck from skill"), Said("knows consensus"),
    Said("judges the model"), Said("recommends"),
)  # fmt: skip
HEADS: Final = (
    Said("player"), Said("seat"), Said("score of the seat"), Said("orders sent"), Said("stances and deals"), *JUDGED,
    Said("sum"),
)  # fmt: skip


def grades(journal: Journal, branch: int, played: Played, members: Iterable[Member]) -> list[tuple[Any, ...]]:
    """A row for each player, by seat and name."""
    scores, titles = played.scores(), {seat.id: seat.title for seat in played.setup.game.seats}
    counted: Counter[tuple[str, str]] = Counter()
    for kind, member in journal.connection.execute("SELECT kind, member FROM acts WHERE branch = ?", (branch,)):
        counted[str(member), "orders" if kind == "orders" else "council"] += kind in (
            "orders",
            "stance",
            "bargain",
            "answer",
        )
    order = list(titles)
    seated = sorted((one for one in members if one.seat), key=lambda one: (order.index(one.seat), one.name))
    return [
        (one.name, titles[one.seat], round(scores[one.seat], 1), counted[one.token, "orders"],
         counted[one.token, "council"], *("",) * len(JUDGED), "")
        for one in seated
    ]  # fmt: skip


def told(cell: Any, say: Say) -> Any:
    """What a cell holds: names of seats in the reader's language, what people typed as they typed it."""
    return guarded(say(cell) if isinstance(cell, Said) else cell)


def as_csv(rows: Iterable[tuple[Any, ...]], say: Say = str) -> bytes:
    """The sheet for any spreadsheet; a mark at its beginning says that it is UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(map(say, HEADS))
    writer.writerows([told(cell, say) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Iterable[tuple[Any, ...]], say: Say = str) -> bytes:
    """The sheet for Excel, where the sum of what is judged (1 to 4 each) works itself out."""
    book = needed("openpyxl").Workbook()
    sheet = book.active
    sheet.title = say(Said("Grades"))
    heads = [say(head) for head in HEADS]
    sheet.append(heads)
    first = len(HEADS) - len(JUDGED)
    for number, row in enumerate(rows, 2):
        sheet.append([told(cell, say) for cell in row])
        ends = [sheet.cell(number, column).coordinate for column in (first, first + len(JUDGED) - 1)]
        sheet.cell(number, len(HEADS)).value = f"=SUM({ends[0]}:{ends[1]})"
    for at, head in enumerate(heads, 1):
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = max(12, len(head) + 2)
    sheet.freeze_panes = "C2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
