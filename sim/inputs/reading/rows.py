"""Tables as rows by column name, checked for their form: CSV files, and sheets of workbooks."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from sim.inputs.errors import InputError, Problem, Source, fail, nearest, show_path
from sim.inputs.reading.regular import read_any_text
from sim.inputs.reading.sheets import Book, Grid, as_text

Lines: TypeAlias = list[tuple[int, list[str]]]


def read_rows(path: Path, columns: Sequence[str], where: str = "") -> list[dict[str, str]]:
    """The rows of a CSV file with exactly these columns in any order; `where` says what declares them."""
    source, lines = _lines(path)
    return _checked(source, lines, columns, where, columns)


def read_some(
    path: Path, sheet: Grid | None, columns: Sequence[str], where: str
) -> tuple[Source, list[dict[str, str]]]:
    """The file and the rows of a table that has the first of these columns and any of the others."""
    if sheet is None:
        source, lines = _lines(path)
        return source, _checked(source, lines, columns, where, columns[:1])
    book = Book(show_path(path))
    lines = [(r, [as_text(cell) for cell in row]) for r, row in enumerate(sheet.rows, 1) if any(row)]
    rows = _checked(book, lines, columns, where, columns[:1])
    book.cells = {
        f"row {row[columns[0]]}, column {name}": sheet.place(r - 1, c)
        for (r, _), row in zip(lines[1:], rows, strict=True) for c, name in enumerate(lines[0][1])
    }  # fmt: skip
    return book, rows


def _lines(path: Path) -> tuple[Source, Lines]:
    """The lines of a CSV file, each with its number."""
    source = read_any_text(path)
    try:
        reader = csv.reader(io.StringIO(source.text, newline=""))
        return source, [(reader.line_num, line) for line in reader]
    except csv.Error as error:
        line = next((i for i, text in enumerate(source.text.splitlines(), 1) if "\0" in text or len(text) > 1e5), 1)
        raise fail(source, f"cannot be read: {error}", f"line {line}") from None


def _checked(
    source: Source, lines: Lines, columns: Sequence[str], where: str, needed: Sequence[str]
) -> list[dict[str, str]]:
    """Rows by column, when the first line heads them all."""
    header = lines[0][1] if lines else []
    found = _wrong(header, columns, where, needed)
    problems = [Problem(source, f"line 1, column {c!r}", "", words) for c, words in found]
    problems += [
        Problem(source, f"line {number}", "", f"has {len(line)} cells; the header has {len(header)}")
        for number, line in lines[1:] if len(line) != len(header)
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return [dict(zip(header, line, strict=True)) for _, line in lines[1:]]


def _wrong(header: Sequence[str], columns: Sequence[str], where: str, needed: Sequence[str]) -> list[tuple[str, str]]:
    """Columns that are unknown, missing or there twice, each with words."""
    if len(header) == 1 and ";" in header[0]:
        return [(header[0], "cells are parted by semicolons; save the table with commas between its cells")]
    known = f"; {where or 'the columns are'} {'declares ' if where else ''}{', '.join(columns)}"
    found = [(c, f"unknown column{nearest(c, columns) or known}") for c in header if c not in columns]
    declared = f", declared in {where}," if where else ""
    for column in columns:
        if header.count(column) > 1 or (column in needed and column not in header):
            found.append((column, f"{declared} {'is missing' if column not in header else 'occurs more than once'}"))
    return found
