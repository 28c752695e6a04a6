"""What happened, 1994 to 2004: exercises of partners by year, and dates on the way in. The record of the backtest.

Everything comes from `scenarios/data`: `exercises.csv`, `track.csv` (declared in `history.toml`) and `states.csv`.
`up_to` cuts a record at the end of a year, so that what is fitted cannot see anything later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from sim.inputs.errors import fail
from sim.inputs.reading.columns import check_cells, parse_date, read_declarations, refuse
from sim.inputs.reading.rows import read_rows
from sim.inputs.states import DATA, StateFacts, distance_km, load_facts
from sim.inputs.states_csv import STATES_FILE
from sim.law.compiled import Floats

FIRST, LAST_FIT, LAST = 1994, 1998, 2003  # fitted on FIRST to LAST_FIT, tested on what follows
YEARS: Final = tuple(range(FIRST, LAST + 1))
QUARTERS: Final = 44  # to the end of 2004, so that the accessions of March 2004 fall within
FIT_YEARS: Final = LAST_FIT - FIRST + 1
FIT_QUARTERS: Final = 4 * FIT_YEARS
SIGNED_BY: Final = date(1996, 12, 31)  # the sample: 28 signatories of the Partnership for Peace by then
EVENTS: Final = ("signature", "action_plan", "invitation", "accession")
# Columns that are read by name, and their kinds; none of them is ever blank.
READ: Final[Mapping[str, Mapping[str, str]]] = {
    "exercises": {"year": "integer", "partners": "text"}, "track": {"date": "date", "code": "code", "event": "choice"},
}  # fmt: skip
TOTALS: Final = {"exercises_1994_98": LAST_FIT, "exercises_1999_2003": LAST}  # columns of states.csv, and known by


def read_table(folder: Path, name: str) -> list[dict[str, str]]:
    """The rows of `name`.csv, checked against its columns in history.toml."""
    columns = read_declarations(folder / "history.toml", READ)[name]
    path = folder / f"{name}.csv"
    rows = read_rows(path, list(columns), "history.toml")
    check_cells(path, rows, columns, [f"line {n + 2}" for n in range(len(rows))], tuple(READ[name]))
    for n, row in enumerate(rows, start=2):  # whatever history.toml declares, the program knows these only
        if "event" in row and row["event"] not in EVENTS:
            refuse(path, f"line {n}", "event", row["event"], f"one of {', '.join(EVENTS)}")
        if "year" in row and int(row["year"]) not in YEARS:
            refuse(path, f"line {n}", "year", row["year"], f"a year from {FIRST} to {LAST}")
    return rows


def quarter_of(day: date) -> int:
    """Quarters since the first of 1994."""
    return 4 * (day.year - FIRST) + (day.month - 1) // 3


@dataclass(frozen=True)
class Recorded:
    """The record. S states of the sample, Y years."""

    codes: tuple[str, ...]
    late: tuple[str, ...]  # states to which the Partnership for Peace stood open, not signed in its first year
    counts: Floats  # (S, Y) exercises of five or more states, as a partner; NaN from the year of accession on
    events: tuple[tuple[int, tuple[str, ...]], ...]  # year and partners of each exercise
    totals: Floats  # (S, 2) all exercises with an ally, 1994-98 and 1999-2003; NaN where not counted as a partner
    dates: Mapping[str, Mapping[str, int]]  # by event and state: quarter since 1994-Q1
    facts: Mapping[str, StateFacts]

    def happened(self, event: str, codes: tuple[str, ...]) -> Floats:
        """Quarter of an event by state, infinite where it did not happen."""
        return np.array([float(self.dates[event].get(code, np.inf)) for code in codes])

    def aspired(self, year: int) -> Floats:
        """(S,) 1 where membership was a declared aim by the end of a year."""
        days = [self.facts[code].aspiration_date for code in self.codes]
        kinds = [self.facts[code].aspiration for code in self.codes]
        return np.array([
            float(day is not None and day.year <= year and kind in ("declared", "member"))
            for day, kind in zip(days, kinds, strict=True)
        ])  # fmt: skip

    def up_to(self, year: int) -> "Recorded":
        """The same record as it stood at the end of a year: nothing later is left in it."""
        counts, totals = self.counts.copy(), self.totals.copy()
        counts[:, year - FIRST + 1 :] = np.nan
        totals[:, [known > year for known in TOTALS.values()]] = np.nan
        end = quarter_of(date(year, 12, 31))
        dates = {e: {c: q for c, q in table.items() if q <= end} for e, table in self.dates.items()}
        events = tuple(event for event in self.events if event[0] <= year)
        facts = {code: _known(fact, year) for code, fact in self.facts.items()}
        return replace(self, counts=counts, totals=totals, events=events, dates=dates, facts=facts)


def _known(fact: StateFacts, year: int) -> StateFacts:
    """A state's facts without dates and figures of later years. (A blank figure of 1994 stays as it was filled.)"""
    later = fact.aspiration_date is not None and fact.aspiration_date.year > year
    cells = {name: tuple(c for c in cells if c.year <= year) or cells[:1] for name, cells in fact.cells.items()}
    return replace(
        fact, dates={n: day for n, day in fact.dates.items() if day.year <= year}, cells=cells,
        aspiration="none" if later else fact.aspiration, aspiration_date=None if later else fact.aspiration_date,
        earlier_aspirations=fact.earlier_aspirations if fact.aspiration_on(date(year, 12, 31)) != "none" else "",
    )  # fmt: skip


def load_record(folder: Path = DATA) -> Recorded:
    """The record from the data files of the project."""
    facts = load_facts(folder)
    signed = {code: fact.dates["pfp_signed"] for code, fact in facts.items() if "pfp_signed" in fact.dates}
    codes = tuple(code for code, day in signed.items() if day <= SIGNED_BY)
    late = tuple(code for code, day in signed.items() if day.year > FIRST and _free(facts[code]))
    events = tuple((int(row["year"]), tuple(row["partners"].split())) for row in read_table(folder, "exercises"))
    dates: dict[str, dict[str, int]] = {event: {} for event in EVENTS}
    for row in read_table(folder, "track"):
        dates[row["event"]][row["code"]] = quarter_of(parse_date(row["date"]))
    joined = np.array([_year(facts[code], "nato_accession") for code in codes])
    totals = np.array([[facts[code].number("exercises", middle) for middle in (1996, 2001)] for code in codes])
    totals[joined <= LAST_FIT + 1, 1] = np.nan
    counts = counts_of(events, codes)
    counts[joined[:, None] <= np.array(YEARS)] = np.nan
    return Recorded(codes, late, counts, events, totals, dates, facts)


def _free(fact: StateFacts) -> bool:
    """Whether a state was one of its own throughout the years of the record."""
    return "independent_from" not in fact.dates


def _year(fact: StateFacts, column: str) -> float:
    return float(fact.dates[column].year) if column in fact.dates else np.inf


def counts_of(events: tuple[tuple[int, tuple[str, ...]], ...], codes: tuple[str, ...]) -> Floats:
    """(S, Y) how many of the exercises a state took part in, by year."""
    counts = np.zeros((len(codes), len(YEARS)))
    at = {code: i for i, code in enumerate(codes)}
    for year, partners in events:
        for code in set(partners) & set(at):
            counts[at[code], year - FIRST] += 1.0
    return counts


def closeness(facts: Mapping[str, StateFacts], codes: tuple[str, ...]) -> Floats:
    """Minus the distance of the capital to Brussels, thousand km."""
    if "BEL" not in facts:
        raise fail(STATES_FILE, "has no such row; distances to Brussels need it", "row BEL")
    return np.array([-distance_km(facts[code], facts["BEL"]) / 1000.0 for code in codes])
