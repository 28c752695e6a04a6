"""Reading and checking the data files, and filling blanks by the rules that the sidecar states."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, NoReturn, TypeAlias

from sim.declare.names import REGIONS
from sim.inputs.errors import InputError, allowed, fail, nearest, plain, show_path, show_value
from sim.inputs.reading.toml import read_toml

Provenance = Literal["fact", "filled", "assumed"]
FactsError: TypeAlias = InputError  # what is wrong with the data files is told like all else
SIDECAR_FILE: Final = "states.toml"
STATES_FILE: Final = "states.csv"
NEEDED_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("unit", "range"),
    "integer": ("unit", "range"),
    "choice": ("allowed",),
}
FILL_RULES: Final = ("ratio", "difference", "share", "median")
# Columns that the program reads by name, and their kind; those in ALWAYS are never blank.
READ: Final[Mapping[str, str]] = {
    "code": "code", "name": "text", "role": "choice", "region": "region", "lat": "number", "lon": "number",
    "tile_column": "integer", "tile_row": "integer", "aspiration": "choice", "aspiration_date": "date",
    "aspiration_source": "text", "nonaligned_from": "date", "nonaligned_until": "date", "nonaligned_source": "text",
    "assumed": "text", "assumed_why": "text", "nato_accession": "date", "suspended_from": "date",
    "resumed_on": "date", "pfp_signed": "date", "md_joined": "date", "ici_joined": "date", "globe_since": "date",
}  # fmt: skip
READ_OF_DISPUTES: Final[Mapping[str, str]] = {
    "a": "code", "b": "code", "from": "date", "until": "date", "strength": "number", "kind": "choice", "about": "text",
    "source": "text",
}  # fmt: skip
ALWAYS: Final = (
    "code", "name", "role", "region", "lat", "lon", "tile_column", "tile_row", "aspiration", "a", "b", "from",
    "strength", "kind",
)  # fmt: skip
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "role": ("member", "partner", "rival", "outsider"),
    "aspiration": ("none", "declared", "contested", "dropped", "member"),
}
QUANTITIES: Final = ("population", "gdp", "milex", "personnel", "cinc", "ideal", "democracy", "exercises")
Declared: TypeAlias = Mapping[str, Mapping[str, Any]]


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
    digits = text.replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(text) > 10:
        raise ValueError(text)
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, 1, 1)[:3] if len(parts) < 3 else parts
    return date(year, month, day)


def refuse(path: Path, row: str, column: str, value: str, allowed: str) -> NoReturn:
    """InputError about one cell."""
    raise fail(show_path(path), f"is not allowed; it must be {allowed}", f"row {row}, column {column}", repr(value))


# what the sidecar declares


def read_sidecar(path: Path) -> dict[str, Any]:
    """What columns mean and how blanks are filled, checked for all that the program rests on."""
    sidecar = read_declarations(path, {"columns": READ, "disputes": READ_OF_DISPUTES}, ("quantities",))
    for column, names in CHOICES.items():
        odd = [name for name in sidecar["columns"][column]["allowed"] if name not in names]
        if odd:
            raise fail(show_path(path), allowed(names), f"[columns.{column}] allowed", show_value(odd[0]))
    for quantity in (*sidecar["quantities"], *QUANTITIES):
        _check_quantity(path, quantity, sidecar)
    return sidecar


def read_declarations(
    path: Path, tables: Mapping[str, Mapping[str, str]], beside: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A file that declares columns of CSV files: `tables` names the columns that are read, with their kinds."""
    try:
        node = read_toml(path)
    except InputError as error:
        words = "cannot be read: "
        raise InputError(p._replace(message=words + p.message.removeprefix(words)) for p in error.problems) from None
    found: dict[str, Any] = plain(node)
    for table in ("sources", *tables, *beside):
        given = found.get(table)
        if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
            raise fail(node.file, "is missing, or is no table of tables", f"[{table}]")
    for table, needed in tables.items():
        for column, declared in found[table].items():
            _check_declaration(node.file, f"[{table}.{column}]", declared, found["sources"])
        for column, kind in needed.items():
            told = found[table].get(column, {}).get("kind")
            if told != kind:
                raise fail(
                    node.file,
                    f"allowed: {kind}; the program reads this column",
                    f"[{table}.{column}] kind",
                    show_value(told),
                )
    return found


FORMS: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "meaning": ("a text", lambda value: isinstance(value, str)),
    "unit": ("a text", lambda value: isinstance(value, str)),
    "stated": ("a text", lambda value: isinstance(value, str)),
    "required": ("true or false", lambda value: isinstance(value, bool)),
    "arrangement": ("true or false", lambda value: isinstance(value, bool)),
    "allowed": ("a list of texts", lambda value: _all(value, str)),
    "range": ("two numbers, the smaller first", lambda value: _all(value, int | float) and _ascends(value)),
    "carry_years": ("a number of years", lambda value: _number(value)),
    "years": (
        "a table from columns to years",
        lambda value: isinstance(value, dict) and all(map(_number, value.values())),
    ),
}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _all(value: Any, kind: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _ascends(value: list[float]) -> bool:
    return len(value) == 2 and value[0] <= value[1]


def _check_keys(file: str, where: str, declared: Mapping[str, Any], needed: tuple[str, ...]) -> None:
    """Every key that is needed is there, and every known key is of its form."""
    for key in needed:
        if key not in declared:
            raise fail(file, f"key {key!r} is missing", where)
    for key, value in declared.items():
        words, right = FORMS.get(key, ("", bool))
        if words and not right(value):
            raise fail(file, f"allowed: {words}", f"{where} {key}", show_value(value))


def _check_declaration(file: str, where: str, declared: Mapping[str, Any], sources: Mapping[str, Any]) -> None:
    kind = declared.get("kind")
    if not isinstance(kind, str) or kind not in CHECKS:
        raise fail(file, f"is not one of {', '.join(CHECKS)}", f"{where} kind", show_value(kind))
    _check_keys(file, where, declared, ("meaning", "source", *NEEDED_KEYS.get(kind, ())))
    source = declared["source"]
    if not isinstance(source, str) or not isinstance(sources.get(source, {}).get("name"), str):
        words = f"has no table with a name under [sources]{nearest(source, sources)}"
        raise fail(file, words, f"{where} source", show_value(source))


def _check_quantity(path: Path, name: str, sidecar: Mapping[str, Any]) -> None:
    file, where, quantities = show_path(path), f"[quantities.{name}]", sidecar["quantities"]
    declared = quantities.get(name, {})
    _check_keys(file, where, declared, ("meaning", "years", "rule", "carry_years", "stated"))
    if declared["rule"] not in FILL_RULES:
        raise fail(file, f"is not one of {', '.join(FILL_RULES)}", f"{where} rule", show_value(declared["rule"]))
    for column in declared["years"] or ("",):
        if sidecar["columns"].get(column, {}).get("kind") != "number":
            raise fail(file, "is not a declared number column", f"{where} years", show_value(column))
    earlier, base = list(quantities)[: list(quantities).index(name)], declared.get("base")
    if declared["rule"] == "share" and base not in earlier:
        raise fail(file, "is not a quantity before it", f"{where} base", show_value(base))


# what the rows hold


def label(row: Mapping[str, str]) -> str:
    return row["code"] if "code" in row else f"{row['a']}-{row['b']} from {row['from']}"


def check_cells(path: Path, rows: list[dict[str, str]], columns: Declared) -> None:
    """InputError at the first cell that is not of its declared kind and range."""
    for row in rows:
        for column, declared in columns.items():
            text = row[column]
            if text == "" and not declared.get("required", False) and column not in ALWAYS:
                continue
            wanted = CHECKS[declared["kind"]](text, declared)
            if wanted:
                refuse(path, label(row), column, text, wanted)


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
    comma = "; numbers are written with a point" if "," in text else ""
    return "" if inside else f"a number from {low} to {high} ({declared['unit']}){comma}"


def _check_integer(text: str, declared: Mapping[str, Any]) -> str:
    wrong = _check_number(text, declared)
    return "" if not wrong and text.isascii() and text.isdigit() else wrong or "a whole number"


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
            middle = self._regional_median(i, self.columns[column], column)
            return Cell(column, year, middle, "filled", f"regional median of {column}")
        step = self._regional_median(i, _compare(rule, self.columns[column], self.columns[donor.column]), column)
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

    def _regional_median(self, i: int, values: _Figures, what: str) -> float:
        """Median over the region's states that have a value, else over all states that have one."""
        known = [(v, region) for v, region in zip(values, self.regions, strict=True) if v is not None]
        near = sorted(v for v, region in known if region == self.regions[i]) or sorted(v for v, _ in known)
        if not near:
            raise fail(STATES_FILE, "no row has a figure that blanks could be filled from", "column", what)
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
