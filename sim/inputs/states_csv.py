"""Reading and checking the data files, and filling blanks by the rules that the sidecar states."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from sim.inputs.errors import InputError, Source, allowed, fail, show_path, show_value
from sim.inputs.reading.columns import check_keys, read_declarations, refuse

Provenance = Literal["fact", "filled", "assumed"]
FactsError: TypeAlias = InputError  # what is wrong with the data files is told like all else
SIDECAR_FILE: Final = "states.toml"
STATES_FILE: Final = "states.csv"
FILL_RULES: Final = ("ratio", "difference", "share", "median")
# Columns that the program reads by name, and their kinds; those in NEVER_BLANK are never blank.
READ: Final[Mapping[str, str]] = {
    "code": "code", "name": "text", "role": "choice", "region": "region", "lat": "number", "lon": "number",
    "tile_column": "integer", "tile_row": "integer", "aspiration": "choice", "aspiration_date": "date",
    "aspiration_source": "text", "earlier_aspirations": "spells", "nonaligned_from": "date",
    "nonaligned_until": "date", "nonaligned_source": "text", "assumed": "text", "assumed_why": "text",
    "nato_accession": "date", "suspended_from": "date", "resumed_on": "date", "pfp_signed": "date",
    "md_joined": "date", "ici_joined": "date", "globe_since": "date",
}  # fmt: skip
READ_OF_DISPUTES: Final[Mapping[str, str]] = {
    "a": "code", "b": "code", "from": "date", "until": "date", "strength": "number", "kind": "choice", "about": "text",
    "source": "text",
}  # fmt: skip
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "role": ("member", "partner", "rival", "outsider"),
    "aspiration": ("none", "declared", "contested", "dropped", "member"),
}
NEVER_BLANK: Final = ("code", "name", "role", "region", "lat", "lon", "tile_column", "tile_row", "aspiration")
NEVER_BLANK_IN_DISPUTES: Final = ("a", "b", "from", "strength", "kind")
GIVEN: Final = "the scenario's table of facts"
Given: TypeAlias = tuple[tuple[str, str, str], ...]  # code, column, text of each cell that a scenario gives
QUANTITIES: Final = ("population", "gdp", "milex", "personnel", "cinc", "ideal", "democracy", "exercises")


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one state: the year it describes, its value, and where the value comes from."""

    column: str
    year: float
    value: float
    provenance: Provenance
    origin: str
    """The source of a fact, the rule behind a filled value, or the note on an assumption."""


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


def _check_quantity(path: Path, name: str, sidecar: Mapping[str, Any]) -> None:
    file, where, quantities = show_path(path), f"[quantities.{name}]", sidecar["quantities"]
    declared = quantities.get(name, {})
    check_keys(file, where, declared, ("meaning", "years", "rule", "carry_years", "stated"))
    if declared["rule"] not in FILL_RULES:
        raise fail(file, f"is not one of {', '.join(FILL_RULES)}", f"{where} rule", show_value(declared["rule"]))
    for column in declared["years"] or ("",):
        if sidecar["columns"].get(column, {}).get("kind") != "number":
            raise fail(file, "is not a declared number column", f"{where} years", show_value(column))
    earlier, base = list(quantities)[: list(quantities).index(name)], declared.get("base")
    if declared["rule"] == "share" and base not in earlier:
        raise fail(file, "is not a quantity before it", f"{where} base", show_value(base))


# what the rows hold


def check_states(path: Path | Source, rows: list[dict[str, str]]) -> None:
    codes: set[str] = set()
    tiles: dict[tuple[int, int], str] = {}
    for row in rows:
        code, tile = row["code"], tile_of(row)
        if code in codes:
            refuse(path, f"row {code}", "code", code, "unique, and an earlier row has it too")
        if tile in tiles:
            taken = f"free, and {tiles[tile]} is there"
            refuse(path, f"row {code}", "tile_column, tile_row", f"{tile[0]}, {tile[1]}", taken)
        for column in _assumed(row):
            if column not in row or row[column] == "":
                refuse(path, f"row {code}", "assumed", column, "the name of a column that this row fills")
        codes.add(code)
        tiles[tile] = code


def laid_on(rows: list[dict[str, str]], given: Given, columns: Sequence[str]) -> list[dict[str, str]]:
    """The rows with the cells that a scenario gives; what it gives is no longer assumed, and a new code adds a row."""
    table = {row["code"]: row for row in rows}
    for code, column, text in given:
        row = table.setdefault(code, {**dict.fromkeys(columns, ""), "code": code})
        row["assumed"] = ";".join(name for name in _assumed(row) if name != column)
        row[column] = text
    return list(table.values())


def told_of(cells: Mapping[str, tuple[Cell, ...]], columns: set[str]) -> dict[str, tuple[Cell, ...]]:
    """The cells of a state, where those that a scenario gives say so."""
    return {
        quantity: tuple(
            replace(one, origin=GIVEN) if one.column in columns and one.provenance == "fact" else one for one in each
        ) for quantity, each in cells.items()
    }  # fmt: skip


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
