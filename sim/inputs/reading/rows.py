"""CSV files as rows by column name, checked for their form."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from sim.inputs.errors import InputError, Problem, fail, nearest
from sim.inputs.reading.regular import read_any_text


def read_rows(path: Path, columns: Sequence[str], where: str = "") -> list[dict[str, str]]:
    """The rows of a CSV file with exactly these columns in any order; `where` says what declares them."""
    source = read_any_text(path)
    try:
        reader = csv.reader(io.StringIO(source.text, newline=""))
        lines = [(reader.line_num, line) for line in reader]
    except csv.Error as error:
        line = next((i for i, text in enumerate(source.text.splitlines(), 1) if "\0" in text or len(text) > 1e5), 1)
        raise fail(source, f"cannot be read: {error}", f"line {line}") from None
    header = lines[0][1] if lines else []
    problems = [Problem(source, f"line 1, column {c!r}", "", words) for c, words in _wrong(header, columns, where)]
    problems += [
        Problem(source, f"line {number}", "", f"has {len(line)} cells; the header has {len(header)}")
        for number, line in lines[1:] if len(line) != len(header)
    ]  # fmt: skip
    if problems:
        raise InputError(problems)
    return [dict(zip(header, line, strict=True)) for _, line in lines[1:]]


def _wrong(header: Sequence[str], columns: Sequence[str], where: str) -> list[tuple[str, str]]:
    """Columns that are unknown, missing or there twice, each with words."""
    if len(header) == 1 and ";" in header[0]:
        return [(header[0], "cells are parted by semicolons; save the table with commas between its cells")]
    known = f"; {where or 'the columns are'} {'declares ' if where else ''}{', '.join(columns)}"
    found = [(c, f"unknown column{nearest(c, columns) or known}") for c in header if c not in columns]
    declared = f", declared in {where}," if where else ""
    for column in columns:
        if header.count(column) != 1:
            found.append((column, f"{declared} {'is missing' if column not in header else 'occurs more than once'}"))
    return found
