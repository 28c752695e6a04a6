"""Reading and checking the data files, and filling blanks by the rules that the sidecar states."""

import csv
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from sim.declare.names import REGIONS

Provenance = Literal["fact", "filled", "assumed"]
SIDECAR_FILE: Final = "states.toml"
NEEDED_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("unit", "range"),
    "integer": ("unit", "range"),
    "choice": ("allowed",),
}
FILL_RULES: Final = ("ratio", "difference", "share", "median")


class FactsError(ValueError):
    """The data files are not as declared; the message is complete for a user."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one state: the year it describes, its value, and where the value comes from."""

    column: str
    year: float
    value: float
    provenance: Provenance
    origin: str
    """The source of a fact, the rule behind a filled value, or the note on an assumption."""


def parse_date(text: str) -> date:
    """A date from YYYY, YYYY-MM or YYYY-MM-DD; a partial date stands for its first day."""
    if not text.replace("-", "").isascii() or not text.replace("-", "").isdigit():
        raise ValueError(text)
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, 1, 1)[:3] if len(parts) < 3 else parts
    return date(year, month, day)


def refuse(path: Path, row: str, column: str, value: str, allowed: str) -> NoReturn:
    raise FactsError(f"{path}: row {row}, column {column}: {value!r} is not allowed; it must be {allowed}")


def read_sidecar(path: Path) -> dict[str, Any]:
    try:
        sidecar = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FactsError(f"{path}: cannot be read: {error}") from error
    for table in ("sources", "columns", "quantities", "disputes"):
        if table not in sidecar:
            raise FactsError(f"{path}: table [{table}] is missing")
    for table in ("columns", "disputes"):
        for column, declared in sidecar[table].items():
            _check_declaration(path, f"{table}.{column}", declared, sidecar["sources"])
    for quantity, declared in sidecar["quantities"].items():
        _check_quantity(path, quantity, declared, sidecar)
    return sidecar


def _check_declaration(path: Path, name: str, declared: Mapping[str, Any], sources: Iterable[str]) -> None:
    kind = str(declared.get("kind"))
    if kind not in CHECKS:
        raise FactsError(f"{path}: [{name}]: kind {kind!r} is not one of {', '.join(CHECKS)}")
    for key in ("meaning", "source", *NEEDED_KEYS.get(kind, ())):
        if key not in declared:
            raise FactsError(f"{path}: [{name}]: key {key!r} is missing")
    if declared["source"] not in sources:
        raise FactsError(f"{path}: [{name}]: source {declared['source']!r} has no table under [sources]")


def _check_quantity(path: Path, name: str, declared: Mapping[str, Any], sidecar: Mapping[str, Any]) -> None:
    for key in ("meaning", "years", "rule", "carry_years", "stated"):
        if key not in declared:
            raise FactsError(f"{path}: [quantities.{name}]: key {key!r} is missing")
    if declared["rule"] not in FILL_RULES:
        allowed = ", ".join(FILL_RULES)
        raise FactsError(f"{path}: [quantities.{name}]: rule {declared['rule']!r} is not one of {allowed}")
    for column in declared["years"]:
        if sidecar["columns"].get(column, {}).get("kind") != "number":
            raise FactsError(f"{path}: [quantities.{name}]: {column!r} is not a declared number column")
    earlier = list(sidecar["quantities"])[: list(sidecar["quantities"]).index(name)]
    if declared["rule"] == "share" and declared.get("base") not in earlier:
        base = declared.get("base")
        raise FactsError(f"{path}: [quantities.{name}]: base {base!r} is not a quantity before it")


def read_rows(path: Path, columns: list[str]) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FactsError(f"{path}: cannot be read: {error}") from error
    header = lines[0] if lines else []
    _check_header(path, header, columns)
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header):
            raise FactsError(f"{path}: line {number} has {len(line)} cells; the header has {len(header)}")
    return [dict(zip(header, line, strict=True)) for line in lines[1:]]


def _check_header(path: Path, header: list[str], columns: list[str]) -> None:
    for column in header:
        if column not in columns:
            raise FactsError(f"{path}: unknown column {column!r}{_nearest(column, columns)}")
    for column in columns:
        if header.count(column) != 1:
            found = "is missing" if column not in header else "occurs more than once"
            raise FactsError(f"{path}: column {column!r}, declared in {SIDECAR_FILE}, {found}")


def _nearest(name: str, names: list[str]) -> str:
    from difflib import get_close_matches  # only when something is wrong

    close = get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; {SIDECAR_FILE} declares {', '.join(names)}"


def label(row: Mapping[str, str]) -> str:
    return row["code"] if "code" in row else f"{row['a']}-{row['b']} from {row['from']}"


def check_cells(path: Path, rows: list[dict[str, str]], columns: Mapping[str, Mapping[str, Any]]) -> None:
    for row in rows:
        for column, declared in columns.items():
            text = row[column]
            if text == "" and not declared.get("required", False):
                continue
            allowed = CHECKS[declared["kind"]](text, declared)
            if allowed:
                refuse(path, label(row), column, text, allowed)


def _check_text(text: str, declared: Mapping[str, Any]) -> str:
    return "" if text.strip() == text != "" else "text without blanks at its ends"


def _check_code(text: str, declared: Mapping[str, Any]) -> str:
    capitals = text.isascii() and text.isalpha() and text.isupper()
    return "" if capitals and len(text) == 3 else "three capital letters"


def _check_choice(text: str, declared: Mapping[str, Any]) -> str:
    return "" if text in declared["allowed"] else f"one of {', '.join(declared['allowed'])}"


def _check_region(text: str, declared: Mapping[str, Any]) -> str:
    return "" if text in REGIONS else f"one of {', '.join(REGIONS)}"


def _check_date(text: str, declared: Mapping[str, Any]) -> str:
    try:
        parse_date(text)
    except ValueError:
        return "a date YYYY, YYYY-MM or YYYY-MM-DD"
    return ""


def _check_number(text: str, declared: Mapping[str, Any]) -> str:
    low, high = declared["range"]
    try:
        inside = low <= float(text) <= high
    except ValueError:
        inside = False
    return "" if inside else f"a number from {low} to {high} ({declared['unit']})"


def _check_integer(text: str, declared: Mapping[str, Any]) -> str:
    wrong = _check_number(text, declared)
    return "" if not wrong and text.isdigit() else wrong or "a whole number"


CHECKS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], str]]] = {
    "text": _check_text,
    "code": _check_code,
    "choice": _check_choice,
    "region": _check_region,
    "date": _check_date,
    "number": _check_number,
    "integer": _check_integer,
}


def check_states(path: Path, rows: list[dict[str, str]]) -> None:
    codes: set[str] = set()
    tiles: dict[tuple[int, int], str] = {}
    for row in rows:
        code, tile = row["code"], tile_of(row)
        if code in codes:
            refuse(path, code, "code", code, "unique, and an earlier row has it too")
        if tile in tiles:
            taken = f"free, and {tiles[tile]} is there"
            refuse(path, code, "tile_column, tile_row", f"{tile[0]}, {tile[1]}", taken)
        for column in _assumed(row):
            if column not in row or row[column] == "":
                refuse(path, code, "assumed", column, "the name of a column that this row fills")
        codes.add(code)
        tiles[tile] = code


def tile_of(row: Mapping[str, str]) -> tuple[int, int]:
    return int(row["tile_column"]), int(row["tile_row"])


def _assumed(row: Mapping[str, str]) -> list[str]:
    return [column for column in row["assumed"].split(";") if column]


# filling

_Figures = list[float | None]


def fill(rows: list[dict[str, str]], sidecar: Mapping[str, Any]) -> list[dict[str, tuple[Cell, ...]]]:
    """The cells of each row by quantity, a base before what is a share of it."""
    filler = _Filler.read(rows, sidecar)
    for quantity, declared in sidecar["quantities"].items():
        for i, done in enumerate(filler.done):
            cells = [filler.cell(i, declared, column) for column in declared["years"]]
            done[quantity] = tuple(sorted(cells, key=lambda cell: cell.year))
    return filler.done


@dataclass(frozen=True, slots=True)
class _Filler:
    """The figures as read, and the cells made of them so far."""

    columns: dict[str, _Figures]
    regions: list[str]
    assumed: list[dict[str, str]]
    """By row: the reason for each column that is assumed."""
    sources: dict[str, str]
    done: list[dict[str, tuple[Cell, ...]]]

    @classmethod
    def read(cls, rows: list[dict[str, str]], sidecar: Mapping[str, Any]) -> "_Filler":
        names = [column for declared in sidecar["quantities"].values() for column in declared["years"]]
        return cls(
            columns={name: [float(row[name]) if row[name] else None for row in rows] for name in names},
            regions=[row["region"] for row in rows],
            assumed=[dict.fromkeys(_assumed(row), row["assumed_why"]) for row in rows],
            sources={name: sidecar["sources"][sidecar["columns"][name]["source"]]["name"] for name in names},
            done=[{} for _ in rows],
        )

    def cell(self, i: int, declared: Mapping[str, Any], column: str) -> Cell:
        """The cell of one row and column: as read, or as the declared rule fills it."""
        year, value = float(declared["years"][column]), self.columns[column][i]
        if value is None:
            return self._filled(i, declared, column, year)
        if column in self.assumed[i]:
            return Cell(column, year, value, "assumed", self.assumed[i][column])
        return Cell(column, year, value, "fact", self.sources[column])

    def _filled(self, i: int, declared: Mapping[str, Any], column: str, year: float) -> Cell:
        donor = self._donor(i, declared["years"], year)
        if donor and abs(donor.year - year) <= declared["carry_years"]:
            words = f"carried from {donor.column} of the same state"
            return Cell(column, year, donor.value, *_after(donor, words))
        rule = declared["rule"]
        if rule == "share":
            donor, rule = min(self.done[i][declared["base"]], key=lambda cell: abs(cell.year - year)), "ratio"
        if donor is None or rule == "median":
            middle = self._regional_median(i, self.columns[column])
            return Cell(column, year, middle, "filled", f"regional median of {column}")
        step = self._regional_median(i, _compare(rule, self.columns[column], self.columns[donor.column]))
        value = donor.value * step if rule == "ratio" else donor.value + step
        words = f"{donor.column} of the same state and the regional median {rule} of {column} to it"
        return Cell(column, year, value, *_after(donor, words))

    def _donor(self, i: int, years: Mapping[str, int], year: float) -> Cell | None:
        """The figure as read of the same quantity that is nearest in time, if the state has any."""
        own: list[Cell] = []
        for column, its_year in years.items():
            value = self.columns[column][i]
            if value is not None:
                kind: Provenance = "assumed" if column in self.assumed[i] else "fact"
                own.append(Cell(column, float(its_year), value, kind, ""))
        return min(own, key=lambda cell: abs(cell.year - year), default=None)

    def _regional_median(self, i: int, values: _Figures) -> float:
        """Median over the region's states that have a value, else over all states that have one."""
        known = [(v, region) for v, region in zip(values, self.regions, strict=True) if v is not None]
        near = sorted(v for v, region in known if region == self.regions[i]) or sorted(v for v, _ in known)
        return (near[(len(near) - 1) // 2] + near[len(near) // 2]) / 2


def _after(donor: Cell, words: str) -> tuple[Provenance, str]:
    """Provenance of a value that rests on another: what rests on an assumption is assumed."""
    if donor.provenance == "assumed":
        return "assumed", f"{words}, which is assumed"
    return "filled", words


def _compare(rule: str, target: _Figures, other: _Figures) -> _Figures:
    """Ratio or difference of two columns by row; None where either is blank or the divisor is zero."""
    pairs = zip(target, other, strict=True)
    if rule == "difference":
        return [None if a is None or b is None else a - b for a, b in pairs]
    return [None if a is None or b is None or b == 0 else a / b for a, b in pairs]
