"""The facts about states: what is recorded, what a stated rule fills, what the project assumes.

`scenarios/data/states.csv` holds one row a state and `states.toml` says what each column means, in which
unit, within which range and from which source. A blank figure is filled by the rule that `states.toml`
states for its quantity, so that every quantity has a finite value in every year, and every value knows
whether it is a fact, filled or assumed. `disputes.csv` holds the dated quarrels between pairs of states.

Only the standard library is used here, so that checking a file starts fast.
"""

import csv
import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, NoReturn

from sim.vocabulary import REGIONS

DATA: Final = Path(__file__).parent.parent / "scenarios" / "data"
STATES_FILE: Final = "states.csv"
SIDECAR_FILE: Final = "states.toml"
DISPUTES_FILE: Final = "disputes.csv"

EARTH_RADIUS_KM: Final = 6371.0

Provenance = Literal["fact", "filled", "assumed"]

FRAMEWORK_COLUMNS: Final[Mapping[str, str]] = {
    "pfp_signed": "partnership_for_peace",
    "md_joined": "mediterranean_dialogue",
    "ici_joined": "istanbul_cooperation_initiative",
    "globe_since": "partners_across_the_globe",
}
NEEDED_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("unit", "range"),
    "integer": ("unit", "range"),
    "choice": ("allowed",),
}
"""What the sidecar must say about a column of each kind, besides its meaning and source."""
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


@dataclass(frozen=True, slots=True)
class StateFacts:
    """What the project knows about one state."""

    code: str
    name: str
    role: str
    """In 2025: member, partner, rival or outsider (in no framework)."""
    region: str
    lat: float
    """Latitude of the capital, degrees north."""
    lon: float
    """Longitude of the capital, degrees east."""
    tile: tuple[int, int]
    """Column and row in the tile map; row 0 is the northernmost."""
    nonaligned: bool
    """Neutral or outside all blocs by declaration, today."""
    nonaligned_from: date | None
    nonaligned_until: date | None
    nonaligned_source: str
    aspiration: str
    """Towards membership: none, declared, contested, dropped, or member (an ally since before 1994)."""
    aspiration_date: date | None
    aspiration_source: str
    dates: Mapping[str, date]
    """Dated arrangements, by column name; an arrangement that the state never had is absent."""
    cells: Mapping[str, tuple[Cell, ...]]
    """Figures by quantity, in order of year, all filled."""
    note: str

    def cell(self, quantity: str, year: float) -> Cell:
        """The figure of the year nearest to `year`; of two equally near, the later."""
        if quantity not in self.cells:
            known = ", ".join(self.cells)
            raise FactsError(f"{self.code}: no quantity {quantity!r}; the quantities are {known}")
        return min(self.cells[quantity], key=lambda cell: (abs(cell.year - year), -cell.year))

    def number(self, quantity: str, year: float) -> float:
        """The value of the figure nearest to `year`, after filling, in the unit of its column."""
        return self.cell(quantity, year).value

    def provenance(self, quantity: str, year: float) -> Provenance:
        """Whether the value that `number` gives is a fact, filled or assumed."""
        return self.cell(quantity, year).provenance

    def member_on(self, on: date) -> bool:
        """Whether the state is an ally on that day."""
        return _reached(self.dates.get("nato_accession"), on)

    def suspended_on(self, on: date) -> bool:
        """Whether the partnership is suspended, withdrawn from or ended on that day."""
        suspended, resumed = self.dates.get("suspended_from"), self.dates.get("resumed_on")
        return _reached(suspended, on) and not _reached(resumed, on)

    def held(self, arrangement: str, on: date) -> bool:
        """Whether a partner's arrangement is in force: agreed, not suspended, not ended by accession."""
        in_force = not self.member_on(on) and not self.suspended_on(on)
        return in_force and _reached(self.dates.get(arrangement), on)

    def framework_on(self, on: date) -> str | None:
        """The partnership framework joined by that day, also while it is suspended; none for an ally."""
        if self.member_on(on):
            return None
        joined = (name for column, name in FRAMEWORK_COLUMNS.items() if _reached(self.dates.get(column), on))
        return next(joined, None)

    def role_on(self, on: date) -> str:
        """The role on that day: member, partner, rival or outsider.

        A state that the data call a rival is a partner from joining a framework until its suspension
        (Russia, June 1994 to April 2014) and an outsider before. A scenario may give it another role.
        """
        if self.member_on(on):
            return "member"
        never_partner = not any(column in self.dates for column in FRAMEWORK_COLUMNS)
        if self.role == "rival" and (never_partner or self.suspended_on(on)):
            return "rival"
        return "partner" if self.framework_on(on) else "outsider"

    def nonaligned_on(self, on: date) -> bool:
        """Whether the state is neutral or outside all blocs by declaration on that day."""
        return _reached(self.nonaligned_from, on) and not _reached(self.nonaligned_until, on)

    def aspiration_on(self, on: date) -> str:
        """The aspiration known on that day; member for an ally, none before the date of the declaration."""
        if self.member_on(on):
            return "member"
        return self.aspiration if _reached(self.aspiration_date, on) else "none"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A quarrel between two states.

    Kinds: objection (a objects in the Council to what concerns b), operation (a objects to one operation
    for b), rivalry (mutual; the order of a and b means nothing).
    """

    a: str
    b: str
    start: date
    end: date | None
    """The first day on which the dispute no longer counts; none while it goes on."""
    strength: float
    """From 0 to 1; always a judgement of the project."""
    kind: str
    about: str
    source: str

    def active_on(self, on: date) -> bool:
        """Whether the dispute counts on that day."""
        return self.start <= on and not _reached(self.end, on)


def load_facts(folder: Path = DATA) -> dict[str, StateFacts]:
    """All states by code, in the order of the file, checked against the sidecar and filled."""
    sidecar = _read_sidecar(folder / SIDECAR_FILE)
    path = folder / STATES_FILE
    rows = _read_rows(path, list(sidecar["columns"]))
    _check_cells(path, rows, sidecar["columns"])
    _check_states(path, rows)
    states = zip(rows, _fill(rows, sidecar), strict=True)
    return {row["code"]: _state(row, cells, sidecar["columns"]) for row, cells in states}


def load_disputes(folder: Path = DATA) -> tuple[Dispute, ...]:
    """All disputes, in the order of the file, checked against the sidecar and the list of states."""
    sidecar = _read_sidecar(folder / SIDECAR_FILE)
    path = folder / DISPUTES_FILE
    rows = _read_rows(path, list(sidecar["disputes"]))
    _check_cells(path, rows, sidecar["disputes"])
    codes = {row["code"] for row in _read_rows(folder / STATES_FILE, list(sidecar["columns"]))}
    for row in rows:
        for column in ("a", "b"):
            if row[column] not in codes:
                _refuse(path, _label(row), column, row[column], f"a code in {STATES_FILE}")
        if row["a"] == row["b"]:
            _refuse(path, _label(row), "b", row["b"], "another state than a")
    return tuple(_dispute(path, row) for row in rows)


def distance_km(a: StateFacts, b: StateFacts) -> float:
    """Great-circle distance between two capitals, km."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    chord = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))


def provenance_rows(
    facts: Mapping[str, StateFacts],
) -> list[tuple[str, str, float, float, Provenance, str]]:
    """Every figure: code, quantity, year, value, provenance, and its source or rule."""
    return [
        (state.code, quantity, cell.year, cell.value, cell.provenance, cell.origin)
        for state in facts.values()
        for quantity, cells in state.cells.items()
        for cell in cells
    ]


def parse_date(text: str) -> date:
    """A date from YYYY, YYYY-MM or YYYY-MM-DD; a partial date stands for its first day."""
    if not text.replace("-", "").isascii() or not text.replace("-", "").isdigit():
        raise ValueError(text)
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, 1, 1)[:3] if len(parts) < 3 else parts
    return date(year, month, day)


def _reached(day: date | None, on: date) -> bool:
    return day is not None and day <= on


# Reading and checking


def _refuse(path: Path, row: str, column: str, value: str, allowed: str) -> NoReturn:
    raise FactsError(f"{path}: row {row}, column {column}: {value!r} is not allowed; it must be {allowed}")


def _read_sidecar(path: Path) -> dict[str, Any]:
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


def _read_rows(path: Path, columns: list[str]) -> list[dict[str, str]]:
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


def _label(row: Mapping[str, str]) -> str:
    return row["code"] if "code" in row else f"{row['a']}-{row['b']} from {row['from']}"


def _check_cells(path: Path, rows: list[dict[str, str]], columns: Mapping[str, Mapping[str, Any]]) -> None:
    for row in rows:
        for column, declared in columns.items():
            text = row[column]
            if text == "" and not declared.get("required", False):
                continue
            allowed = CHECKS[declared["kind"]](text, declared)
            if allowed:
                _refuse(path, _label(row), column, text, allowed)


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
"""One check a kind of column; it returns what is allowed, or nothing when the text is right."""


def _check_states(path: Path, rows: list[dict[str, str]]) -> None:
    codes: set[str] = set()
    tiles: dict[tuple[int, int], str] = {}
    for row in rows:
        code, tile = row["code"], _tile(row)
        if code in codes:
            _refuse(path, code, "code", code, "unique, and an earlier row has it too")
        if tile in tiles:
            taken = f"free, and {tiles[tile]} is there"
            _refuse(path, code, "tile_column, tile_row", f"{tile[0]}, {tile[1]}", taken)
        for column in _assumed(row):
            if column not in row or row[column] == "":
                _refuse(path, code, "assumed", column, "the name of a column that this row fills")
        codes.add(code)
        tiles[tile] = code


def _tile(row: Mapping[str, str]) -> tuple[int, int]:
    return int(row["tile_column"]), int(row["tile_row"])


def _assumed(row: Mapping[str, str]) -> list[str]:
    return [column for column in row["assumed"].split(";") if column]


# Filling

_Figures = list[float | None]
"""One column as read, by row; None where the cell is blank."""


def _fill(rows: list[dict[str, str]], sidecar: Mapping[str, Any]) -> list[dict[str, tuple[Cell, ...]]]:
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


# Building


def _state(
    row: Mapping[str, str], cells: Mapping[str, tuple[Cell, ...]], columns: Mapping[str, Mapping[str, Any]]
) -> StateFacts:
    arrangements = [name for name, declared in columns.items() if declared.get("arrangement", False)]
    until = _optional_date(row["nonaligned_until"])
    since = _optional_date(row["nonaligned_from"])
    return StateFacts(
        code=row["code"],
        name=row["name"],
        role=row["role"],
        region=row["region"],
        lat=float(row["lat"]),
        lon=float(row["lon"]),
        tile=_tile(row),
        nonaligned=since is not None and until is None,
        nonaligned_from=since,
        nonaligned_until=until,
        nonaligned_source=row["nonaligned_source"],
        aspiration=row["aspiration"],
        aspiration_date=_optional_date(row["aspiration_date"]),
        aspiration_source=row["aspiration_source"],
        dates={name: parse_date(row[name]) for name in arrangements if row[name]},
        cells=cells,
        note=row["note"],
    )


def _optional_date(text: str) -> date | None:
    return parse_date(text) if text else None


def _dispute(path: Path, row: Mapping[str, str]) -> Dispute:
    start, end = parse_date(row["from"]), _optional_date(row["until"])
    if end is not None and end <= start:
        _refuse(path, _label(row), "until", row["until"], f"later than {row['from']}")
    return Dispute(
        a=row["a"],
        b=row["b"],
        start=start,
        end=end,
        strength=float(row["strength"]),
        kind=row["kind"],
        about=row["about"],
        source=row["source"],
    )
