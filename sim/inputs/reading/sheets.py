"""Workbooks of a spreadsheet (.xlsx): a sheet as rows of plain cells, and its policies as trees like those of TOML.

A workbook is named by its path, one of its policies by `path#name`. What a formula last gave counts as its value.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias, cast

from sim.inputs.errors import InputError, Node, Problem, Source, allowed, fail, nearest, show_path, show_value
from sim.inputs.reading.regular import read_bytes, unreadable

# Of the last two forms it is told that they must be saved as the first.
BOOK: Final = re.compile(r"(.*\.(?:xlsx|xlsm|xls|ods))(?:#(.*))?", re.IGNORECASE | re.DOTALL)
MOST_ROWS: Final = 2_000
MOST_COLUMNS: Final = 300
MOST_UNPACKED: Final = 8_000_000  # bytes
POLICIES: Final = ("policies",)  # what a sheet of policies is called, where it is not the first
FACTS: Final = ("facts", "states")
TEXTS: Final = ("title", "description", "extends", "name")
Cells: TypeAlias = tuple[tuple[Any, ...], ...]


class Book(Source):
    """A workbook as messages name it, which remembers the cell in which each key stands."""

    cells: dict[str, str]

    def __new__(cls, file: str, text: str = "") -> "Book":
        """The name `file`; in which cells its keys stand is said later."""
        made = cast("Book", super().__new__(cls, file, text))
        made.cells = {}
        return made

    def place(self, key: str) -> str:
        """Sheet and cell of a key, or of the first below or the nearest above it; nothing where it has none."""
        below = [place for name, place in self.cells.items() if name == key or name.startswith(f"{key}.")]
        return below[0] if below else self.cells.get(key.partition(".")[0], "")


class Grid(NamedTuple):
    """A sheet: its rows from the first, each as long as the longest."""

    title: str
    rows: Cells
    first: str = "row"  # what runs down: "column" where the sheet was turned

    def place(self, row: int, column: int) -> str:
        """Where a cell stands, counted from 0, and what it may have been changed into."""
        value = self.rows[row][column]
        a, b = (row, column) if self.first == "row" else (column, row)
        number = isinstance(value, str) and re.fullmatch(r"[-+]?\d+([.,]\d+)?\s*%?", value)
        day = isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)
        kept = ", a number kept as text" if number else ", kept as a date" if day else ""
        return f"sheet {self.title!r}, cell {letters(b)}{a + 1}{kept}"

    def turned(self) -> "Grid":
        """The same with rows as columns."""
        return Grid(self.title, tuple(zip(*self.rows, strict=True)), "column" if self.first == "row" else "row")


def letters(column: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    text = ""
    while column >= 0:
        text, column = chr(ord("A") + column % 26) + text, column // 26 - 1
    return text


def parted(path: str | Path) -> tuple[Path, str]:
    """The file, and the name of one of its policies; no name where the whole is meant, or no workbook."""
    found = BOOK.fullmatch(str(path))
    return (Path(found[1]), found[2] or "") if found else (Path(path), "")


def is_book(path: str | Path) -> bool:
    """Whether a path leads to a workbook, or to one of its policies."""
    return BOOK.fullmatch(str(path)) is not None


# reading


class _Unfit(Exception):
    """What is wrong with a workbook: where, and words."""


def read_book(path: Path) -> tuple[Grid, ...]:
    """The sheets of a workbook that hold anything; InputError where it cannot be read or is too large."""
    file, content = show_path(path), read_bytes(path)
    try:
        found = _grids(content)
    except _Unfit as error:
        raise fail(file, error.args[1], error.args[0]) from None
    except ModuleNotFoundError:
        raise
    except Exception as error:  # of many kinds: a broken archive, broken XML, parts that are not there
        told = "of an old form, or has a password" if content.startswith(b"\xd0\xcf\x11\xe0") else f"broken ({error})"
        told = told if len(told) < 200 else "broken"
        raise unreadable(file, f"this workbook is {told}; save it as .xlsx (Excel workbook)") from None
    if not found:
        raise fail(file, "the workbook is empty", "sheet 1")
    return found


@lru_cache(maxsize=4)
def _grids(content: bytes) -> tuple[Grid, ...]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
            raise _Unfit("file", f"unpacks to more than {MOST_UNPACKED / 1e6:g} MB; keep the sheets that are needed")
        if any(b"<!DOCTYPE" in packed.read(part) for part in packed.infolist() if part.filename.endswith(".xml")):
            raise _Unfit("file", "declares a document type, which no spreadsheet does")
    values, formulas = _opened(content, True), _opened(content, False)
    return tuple(grid for sheet in values.worksheets if (grid := _grid(sheet, formulas[sheet.title])).rows)


def _opened(content: bytes, values: bool) -> Any:
    """A workbook of openpyxl: with the values that formulas gave when it was saved, or with the formulas."""
    from openpyxl import load_workbook  # only here: few runs need it

    with warnings.catch_warnings():  # of what openpyxl does not know, such as rules for what may be typed
        warnings.simplefilter("ignore")
        return load_workbook(io.BytesIO(content), data_only=values, keep_links=False)


def _grid(sheet: Any, formulas: Any) -> Grid:
    where = f"sheet {sheet.title!r}"
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        last = f"{letters(sheet.max_column - 1)}{sheet.max_row}"
        words = f"reaches to cell {last}; allowed: {MOST_ROWS:,} rows and {MOST_COLUMNS} columns"
        raise _Unfit(where, f"{words}; delete the rows and columns beyond what is filled")
    if sheet.merged_cells.ranges:
        raise _Unfit(where, f"cells {sorted(map(str, sheet.merged_cells.ranges))[0]} are merged; unmerge them")
    rows = [[_plain(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is None and formulas.cell(r + 1, c + 1).data_type == "f":
                words = "a formula whose value is not kept; save the workbook in a spreadsheet, or write the value"
                raise _Unfit(f"{where}, cell {letters(c)}{r + 1}", words)
    high = max((r + 1 for r, row in enumerate(rows) if any(v is not None for v in row)), default=0)
    wide = max((c + 1 for row in rows for c, v in enumerate(row) if v is not None), default=0)
    return Grid(sheet.title, tuple(tuple(row[:wide]) for row in rows[:high]))


def _plain(value: Any) -> Any:
    """A cell as text, number, or true or false; nothing where it is blank. A day is written 2026-05-01."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    text = value.isoformat() if isinstance(value, date) else str(value).strip()
    return text or None


def as_text(value: Any) -> str:
    """A cell as a CSV file would hold it."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def of_facts(grid: Grid) -> bool:
    """Whether a sheet is one of facts: called so, or with codes of states in a column."""
    return grid.title.casefold() in FACTS or (grid.title.casefold() not in POLICIES and "code" in grid.rows[0])


def sheets_of(path: Path, facts: bool) -> tuple[Grid, ...]:
    """The sheet of facts or else of policies: the one of that name, or the first if it is one; nothing without."""
    grids = read_book(path)
    named = [grid for grid in grids if grid.title.casefold() in (FACTS if facts else POLICIES)]
    return tuple((named or [grid for grid in grids[:1] if of_facts(grid) == facts])[:1])


# policies


def policies_in(path: Path) -> dict[str, Node]:
    """The policies of a workbook by name: one a row or one a column, with levers as heads."""
    from sim.declare.levers import LEVERS  # only here: facts are read without NumPy

    file, heads = show_path(path), (*TEXTS, *LEVERS)
    found = sheets_of(path, facts=False)
    if not found:
        raise fail(file, f"no sheet is called {POLICIES[0]!r}, and the first holds facts", "sheet")
    grid = found[0]
    counts = [sum(_lever(cell) in heads for cell in line) for line in (grid.rows[0], grid.turned().rows[0])]
    if not any(counts):
        words = f"neither its first row nor its first column has the heads of policies; {allowed(heads)}"
        raise fail(file, words, f"sheet {grid.title!r}")
    grid = grid if counts[0] >= counts[1] else grid.turned()
    problems = list(_wrong_heads(file, grid))
    policies: dict[str, Node] = {}
    for r, row in enumerate(grid.rows[1:], 1):
        if all(cell is None for cell in row):
            continue
        name, node = _policy(path, grid, r)
        if name in policies:
            words = "two policies of this workbook share this name; rename one"
            problems.append(Problem(file, grid.place(r, 0), show_value(name), words))
        policies[name] = node
    if problems:
        raise InputError(problems)
    if not policies:
        raise fail(file, "holds heads and no policy", f"sheet {grid.title!r}")
    return policies


def _lever(head: Any) -> str:
    """What a head such as `split.exercises` belongs to."""
    return str(head).partition(".")[0]


def _wrong_heads(file: str, grid: Grid) -> Sequence[Problem]:
    """Heads that are missing above cells, that stand twice, or that part what another has whole."""
    heads, problems = grid.rows[0], []
    for c, head in enumerate(heads):
        used = any(row[c] is not None for row in grid.rows[1:])
        if head is None and used:
            problems.append(Problem(file, grid.place(0, c), "", "the head is missing; name a lever or a text"))
        elif head is not None and (head in heads[:c] or (_lever(head) != head and _lever(head) in heads)):
            problems.append(Problem(file, grid.place(0, c), show_value(head), "stands twice; each is written once"))
    return problems


def _policy(path: Path, grid: Grid, r: int) -> tuple[str, Node]:
    """One policy's name and tree; `split.exercises` is an entry of the table `split`."""
    heads, row = grid.rows[0], grid.rows[r]
    texts = {str(head): cell for head, cell in zip(heads, row, strict=True) if cell is not None}
    name = re.sub(r"\W+", "_", str(texts.get("name") or str(texts.get("title", "")).lower())).strip("_") or f"row_{r}"
    file = Book(f"{show_path(path)}#{name}")
    file.cells = {str(head): grid.place(r, c) for c, head in enumerate(heads) if head is not None}
    tree: dict[str, Node] = {}
    for head, cell in texts.items():
        table, _, entry = head.partition(".")
        if not entry:
            tree[head] = Node(cell, file, (head,))
        else:
            inner = tree.setdefault(table, Node({}, file, (table,))).value
            if isinstance(inner, dict):
                inner[entry] = Node(cell, file, (table, entry))
    tree.pop("name", None)
    return name, Node(tree, file, ())


def read_policy(path: Path) -> Node:
    """The tree of one policy of a workbook: the one that is named, or its only one."""
    book, name = parted(path)
    found = policies_in(book)
    if not name and len(found) > 1:
        words = f"holds {len(found)} policies; name one, as in {book.name}#{next(iter(found))}; {allowed(tuple(found))}"
        raise fail(show_path(book), words)
    if name and name not in found:
        words = f"there is no policy of this name; {allowed(tuple(found))}{nearest(name, found)}"
        raise fail(show_path(book), words, f"#{name}")
    return found[name] if name else next(iter(found.values()))
