"""What a command found as one workbook (Excel) with readable sheets, and as tidy Parquet files, where either is asked.

Text stays text: no cell is taken for a formula, whatever names people gave.
"""

import io
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from math import isfinite
from pathlib import Path
from typing import Any, Final, NamedTuple

from analysis.stats.extras import load
from sim.inputs.errors import allowed, fail, nearest
from sim.outputs.files import write_bytes

KINDS: Final = {"excel": "openpyxl", "parquet": "pyarrow"}  # and what writes each
FORMULAS: Final = ("=", "+", "-", "@")
WIDEST: Final = 100  # signs of a column; longer texts run over several lines
LOOKED_AT: Final = 200  # rows from which the width of a column is taken


class Sheet(NamedTuple):
    """A table with its heads, a row or more."""

    name: str
    heads: Sequence[str]
    rows: Iterable[Sequence[Any]]


class Tables(NamedTuple):
    """Sheets of a workbook to read, and tidy tables for other programs."""

    name: str
    sheets: Sequence[Sheet]
    tidy: Sequence[Sheet]


def kinds_named(text: str | None) -> tuple[str, ...]:
    """What `--tables` asks for; InputError for another word, and what installs a library that is missing."""
    words = tuple(dict.fromkeys(word.strip() for word in (text or "").split(",") if word.strip()))
    for word in words:
        if word not in KINDS:
            raise fail("--tables", f"{allowed(tuple(KINDS))}{nearest(word, KINDS)}", value=repr(word))
        load(KINDS[word])
    return words


def write_tables(kinds: Sequence[str], found: Tables, folder: Path) -> list[Path]:
    """The files that are asked for."""
    written = []
    if "excel" in kinds:
        written.append(write_bytes(folder / f"{found.name}.xlsx", workbook(found.sheets)))
    if "parquet" in kinds:
        written += [write_bytes(folder / f"{sheet.name}.parquet", parquet(sheet)) for sheet in found.tidy]
    return written


def parquet(sheet: Sheet) -> bytes:
    """A table as Parquet."""
    import pandas

    frame = pandas.DataFrame([[finite(value) for value in row] for row in sheet.rows], columns=list(sheet.heads))
    return bytes(frame.to_parquet(None, engine="pyarrow", index=False))


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """A workbook: heads in bold that stay in sight, columns as wide as what they hold, filters."""
    made, letter = load("openpyxl").Workbook(write_only=True), load("openpyxl.utils").get_column_letter
    made.properties.creator = f"Interlock {version('interlock-sim')}"
    for sheet in sheets:
        rows, page = [list(row) for row in sheet.rows], made.create_sheet(sheet.name)
        page.freeze_panes = "A2"
        page.auto_filter.ref = f"A1:{letter(len(sheet.heads))}{len(rows) + 1}"
        for c, head in enumerate(sheet.heads):
            longest = max([len(head) + 3, *(len(shown(row[c])) + 1 for row in rows[:LOOKED_AT])])
            page.column_dimensions[letter(c + 1)].width = min(WIDEST, max(9, longest))
        page.append([in_bold(cell(page, head)) for head in sheet.heads])
        for row in rows:
            page.append([cell(page, value) for value in row])
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def finite(value: Any) -> Any:
    """The value, or a blank in place of what is no number or without end."""
    return None if isinstance(value, float) and not isfinite(value) else value


def shown(value: Any) -> str:
    """About what a spreadsheet shows of a value."""
    return f"{value:,.3f}" if isinstance(value, float) else str(value or "")


def cell(page: Any, value: Any) -> Any:
    """A cell. A text stays one, also where it looks like a formula; what is no number is blank."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
    from openpyxl.styles import Alignment

    if not isinstance(value, str):
        made = WriteOnlyCell(page, finite(value))
        if isinstance(value, float):
            made.number_format = "#,##0.000"
        return made
    made = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value))
    made.data_type = "s"
    if value.lstrip().startswith(FORMULAS):
        made.quotePrefix = True
    if len(value) > WIDEST:
        made.alignment = Alignment(wrap_text=True, vertical="top")
    return made


def in_bold(made: Any) -> Any:
    """A cell of the first row."""
    from openpyxl.styles import Font

    made.font = Font(bold=True)
    return made
