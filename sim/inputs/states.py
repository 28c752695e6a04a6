"""The facts about states: what is recorded, what a stated rule fills, what the project assumes.

`scenarios/data/states.csv` holds one row a state and `states.toml` says what each column means, in which unit, within
which range and from which source. Every quantity has a finite value in every year, and every value knows whether it is
a fact, filled or assumed. `disputes.csv` holds the dated quarrels between pairs of states.

Only the standard library is used here, so that checking a file starts fast.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sim.inputs.errors import Source, fail, show_path
from sim.inputs.reading.columns import check_cells, parse_date, parse_spells, refuse
from sim.inputs.reading.rows import read_rows, read_some
from sim.inputs.reading.sheets import FACTS, is_book, sheets_of
from sim.inputs.states_csv import (
    NEVER_BLANK,
    NEVER_BLANK_IN_DISPUTES,
    SIDECAR_FILE,
    STATES_FILE,
    Cell,
    Given,
    Provenance,
    check_states,
    fill,
    laid_on,
    read_sidecar,
    tile_of,
    told_of,
)

EARTH_RADIUS_KM: Final = 6371.0
DATA: Final = Path(__file__).parents[2] / "scenarios" / "data"
DISPUTES_FILE: Final = "disputes.csv"
FRAMEWORK_COLUMNS: Final[Mapping[str, str]] = {
    "pfp_signed": "partnership_for_peace",
    "md_joined": "mediterranean_dialogue",
    "ici_joined": "istanbul_cooperation_initiative",
    "globe_since": "partners_across_the_globe",
}


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
    earlier_aspirations: str
    """What was declared before and given up: kind, first day and day of its end, separated by semicolons."""
    dates: Mapping[str, date]
    """Dated arrangements, by column name; an arrangement that the state never had is absent."""
    cells: Mapping[str, tuple[Cell, ...]]
    """Figures by quantity, in order of year, all filled."""
    note: str

    def cell(self, quantity: str, year: float) -> Cell:
        """The figure of the year nearest to `year`; of two equally near, the later."""
        if quantity not in self.cells:
            known = ", ".join(self.cells)
            raise fail(self.code, f"no quantity {quantity!r}; the quantities are {known}")
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

    def aspirations(self) -> tuple[tuple[str, date, date | None], ...]:
        """Declared aspirations in order: kind, first day, and the day on which it was given up, if it was."""
        found: list[tuple[str, date, date | None]] = list(parse_spells(self.earlier_aspirations))
        if self.aspiration in ("declared", "contested") and self.aspiration_date is not None:
            found.append((self.aspiration, self.aspiration_date, self.dates.get("aspiration_until")))
        return tuple(found)

    def aspiration_on(self, on: date) -> str:
        """The aspiration known on that day; member for an ally, none before a declaration and after its end."""
        if self.member_on(on):
            return "member"
        live = (kind for kind, began, ended in self.aspirations() if began <= on and not _reached(ended, on))
        return next(live, "none")

    def undated(self) -> "StateFacts":
        """The same figures without what happened to this state: for another that a scenario makes like it."""
        return replace(
            self, role="outsider", nonaligned=False, nonaligned_from=None, nonaligned_until=None, aspiration="none",
            aspiration_date=None, earlier_aspirations="", dates={},
        )  # fmt: skip


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


def _reached(day: date | None, on: date) -> bool:
    return day is not None and day <= on


# reading


def load_facts(folder: Path = DATA, given: Given = (), file: Source | None = None) -> dict[str, StateFacts]:
    """All states by code, in the order of the file, checked against the sidecar and filled.

    given: cells that a scenario lays on them, from `file`.
    """
    sidecar = read_sidecar(folder / SIDECAR_FILE)
    path: Path | Source = folder / STATES_FILE
    rows = read_rows(folder / STATES_FILE, list(sidecar["columns"]), SIDECAR_FILE)
    if given:
        rows, path = laid_on(rows, given, list(sidecar["columns"])), file or Source("facts")
    check_cells(path, rows, sidecar["columns"], [f"row {row['code']}" for row in rows], NEVER_BLANK)
    check_states(path, rows)
    new = {code: {column for own, column, _ in given if own == code} for code, _, _ in given}
    states = zip(rows, fill(rows, sidecar), strict=True)
    return {
        row["code"]: _state(row, told_of(cells, new.get(row["code"], set())), sidecar["columns"])
        for row, cells in states
    }  # fmt: skip


@lru_cache(maxsize=8)
def load_facts_once(given: Given = ()) -> dict[str, StateFacts]:
    """The facts, with the cells that a scenario lays on them, read once a process."""
    return load_facts(given=given)


def read_given(path: Path) -> Given:
    """The cells of a user's table of facts (CSV, or a sheet of a workbook): columns of the facts, a row a state.

    A blank leaves what is known. InputError where a column is unknown or a cell not of its kind.
    """
    sheets = sheets_of(path, facts=True) if is_book(path) else (None,)
    if not sheets:
        raise fail(show_path(path), f"no sheet is called {FACTS[0]!r}, and the first has no column 'code'", "sheet")
    columns = list(read_sidecar(DATA / SIDECAR_FILE)["columns"])
    file, rows = read_some(path, sheets[0], columns, SIDECAR_FILE)
    codes = [row["code"] for row in rows]
    for code in codes:
        if codes.count(code) > 1:
            refuse(file, f"row {code}", "code", code, "unique, and an earlier row has it too")
    given = tuple((row["code"], column, text) for row in rows for column, text in row.items() if text)
    load_facts(given=given, file=file)
    return tuple(cell for cell in given if cell[1] != "code" or cell[0] not in load_facts_once())


def load_disputes(folder: Path = DATA) -> tuple[Dispute, ...]:
    """All disputes, in the order of the file, checked against the sidecar and the list of states."""
    sidecar = read_sidecar(folder / SIDECAR_FILE)
    path = folder / DISPUTES_FILE
    rows = read_rows(path, list(sidecar["disputes"]), SIDECAR_FILE)
    labels = [f"row {row['a']}-{row['b']} from {row['from']}" for row in rows]
    check_cells(path, rows, sidecar["disputes"], labels, NEVER_BLANK_IN_DISPUTES)
    codes = {row["code"] for row in read_rows(folder / STATES_FILE, list(sidecar["columns"]), SIDECAR_FILE)}
    for row, label in zip(rows, labels, strict=True):
        for column in ("a", "b"):
            if row[column] not in codes:
                refuse(path, label, column, row[column], f"a code in {STATES_FILE}")
        if row["a"] == row["b"]:
            refuse(path, label, "b", row["b"], "another state than a")
    return tuple(_dispute(path, row, label) for row, label in zip(rows, labels, strict=True))


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
        tile=tile_of(row),
        nonaligned=since is not None and until is None,
        nonaligned_from=since,
        nonaligned_until=until,
        nonaligned_source=row["nonaligned_source"],
        aspiration=row["aspiration"],
        aspiration_date=_optional_date(row["aspiration_date"]),
        aspiration_source=row["aspiration_source"],
        earlier_aspirations=row["earlier_aspirations"],
        dates={name: parse_date(row[name]) for name in arrangements if row[name]},
        cells=cells,
        note=row.get("note", ""),
    )


def _optional_date(text: str) -> date | None:
    return parse_date(text) if text else None


def _dispute(path: Path, row: Mapping[str, str], label: str) -> Dispute:
    start, end = parse_date(row["from"]), _optional_date(row["until"])
    if end is not None and end <= start:
        refuse(path, label, "until", row["until"], f"later than {row['from']}")
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


# asking


def distance_km(a: StateFacts, b: StateFacts) -> float:
    """Great-circle distance between two capitals, km."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    chord = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))
