"""The cast of a scenario: its states, and how facts become model scores on the first day.

Every formula here is an assumption, stated in the function that makes it.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from sim.declare.names import (
    ACTION_PLAN,
    ALLY,
    ARRANGEMENTS,
    ASPIRANT,
    BLOCS,
    DCB,
    DIMENSIONS,
    DOMAINS,
    EOP,
    INSTITUTIONS,
    IPAP,
    ITPP,
    NOT_ASPIRING,
    OCC,
    PARP,
    PLATFORM,
)
from sim.inputs.scenario import Scenario
from sim.inputs.states import FRAMEWORK_COLUMNS, StateFacts
from sim.inputs.tables import State
from sim.inputs.values import quarter_index, quarter_of, start_day

SOUTH: Final = ("north_africa", "levant", "gulf", "middle_east", "south_asia")
# Bloc, and by state the first quarter in it and, where it left, the first out of it (memory of the public record): the
# Tashkent treaty of May 1992 and from 2002 the CSTO; the GCC; the EU, whose allies are in it without being moved.
BLOC_STATES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "csto": {
        "RUS": ("1992-Q2", ""), "ARM": ("1992-Q2", "2024-Q1"), "KAZ": ("1992-Q2", ""), "KGZ": ("1992-Q2", ""),
        "TJK": ("1992-Q2", ""), "BLR": ("1993-Q4", ""), "AZE": ("1993-Q3", "1999-Q2"), "GEO": ("1993-Q4", "1999-Q2"),
        "UZB": ("1992-Q2", "1999-Q2"),
    },
    "gcc": {code: ("1981-Q2", "") for code in ("BHR", "KWT", "QAT", "ARE", "SAU", "OMN")},
    "eu": {
        "IRL": ("1973-Q1", ""), "AUT": ("1995-Q1", ""), "FIN": ("1995-Q1", ""), "SWE": ("1995-Q1", ""),
        **{code: ("2004-Q2", "") for code in ("MLT", "CYP", "EST", "LVA", "LTU", "SVK", "SVN", "POL", "CZE", "HUN")},
        "ROU": ("2007-Q1", ""), "BGR": ("2007-Q1", ""), "HRV": ("2013-Q3", ""),
    },
}  # fmt: skip
# Arrangements that the facts date.
DATED: Final = {
    PARP: "parp_first", OCC: "occ_joined", IPAP: "ipap_agreed", ITPP: "itpp_agreed", EOP: "eop_granted",
    DCB: "dcb_package", PLATFORM: "platform_joined",
}  # fmt: skip
# The figures of 1994 turn currencies at official rates, under hyperinflation: 18 to 49 % of GDP for five states. More
# than this share of GDP counts as this much (assumed).
MOST_SPENT_1994: Final = 0.10
# So that partners start in 1999 about where a run from 1994 has them by then. It was added after a first run from 1999
# had invited nobody but Slovenia.
SKILL_OF_CUSTOM: Final = 0.09
# First quarter of each arrangement: PARP 1995, OCC 1999, IPAP 2002, ITPP 2021, EOP and DCB and the Platform 2014.
ARRANGEMENT_QUARTERS: Final = ("1994-Q1", "1995-Q1", "1999-Q2", "2002-Q4", "2021-Q1", "2014-Q3", "2014-Q3", "2014-Q3")
ACTION_PLAN_QUARTER: Final = "1999-Q2"


class Row(NamedTuple):
    """One state of the cast: its facts, and what the scenario says about it."""

    code: str
    name: str
    fact: StateFacts
    entry: State | None
    role: str
    region: str
    tile: tuple[int, int]


def rows_of(scenario: Scenario) -> list[Row]:
    """The cast in order; `like` supplies the figures of states that a scenario invents."""
    rows = []
    for code in scenario.cast_codes():
        entry, fact = scenario.entry_of(code), scenario.facts_of(code)
        assert fact is not None  # every code of a checked scenario has facts
        name, tile = fact.name, fact.tile
        if entry is not None:
            if entry.lat is not None and entry.lon is not None:
                fact = dataclasses.replace(fact, lat=entry.lat, lon=entry.lon)
            name = entry.name or name
            tile = tile if entry.tile is None else (entry.tile[0], entry.tile[1])
        rows.append(Row(code, name, fact, entry, scenario.role_of(code), scenario.region_of(code), tile))
    return rows


def given(row: Row, key: str, otherwise: float) -> float:
    """A number that the scenario gives for this state, or what it is otherwise."""
    wanted: float | None = None if row.entry is None else getattr(row.entry, key)
    return otherwise if wanted is None else wanted


def levels(row: Row, key: str, names: tuple[str, ...], otherwise: list[float]) -> list[float]:
    """Levels by name: those that the scenario gives for this state, the others as they are otherwise."""
    wanted: dict[str, float] = (None if row.entry is None else getattr(row.entry, key)) or {}
    return [wanted.get(name, level) for name, level in zip(names, otherwise, strict=True)]


def wealth_of(fact: StateFacts, year: float) -> float:
    """0 to 1 from GDP a head: 1,000 USD is 0, 100,000 USD is 1, logarithmic (assumed)."""
    head = 1000.0 * fact.number("gdp", year) / fact.number("population", year)
    return min(1.0, max(0.0, math.log10(max(head, 1.0) / 1000.0) / 2.0))


def spending_of(fact: StateFacts, year: float) -> float:
    """Military spending, USD billion: as recorded, but of 1994 no more than `MOST_SPENT_1994` of GDP."""
    cell = fact.cell("milex", year)
    return min(cell.value, MOST_SPENT_1994 * fact.number("gdp", 1995)) if cell.year == 1994 else cell.value


def weight_of(fact: StateFacts, year: float) -> float:
    """Force weight: square root of military spending in units of USD 100 billion, at least 0.02 (assumed)."""
    return max(0.02, math.sqrt(spending_of(fact, year) / 100.0))


def native_capability(row: Row, year: float) -> list[float]:
    """Capability that a state sustains itself, by domain, from spending a soldier, wealth and democracy (assumed)."""
    rich, democratic = wealth_of(row.fact, year), row.fact.number("democracy", year)
    soldier = 1e6 * spending_of(row.fact, year) / max(row.fact.number("personnel", year), 1.0) / 1000.0
    kit = min(1.0, max(0.0, math.log10(max(soldier, 1.0) / 3.0) / 1.8))
    base = {
        "conventional": 0.15 + 0.55 * kit,
        "maritime": 0.10 + 0.50 * kit,
        "counter_terrorism": 0.20 + 0.25 * kit + 0.20 * rich,
        "cyber": 0.10 + 0.55 * rich,
        "information": 0.10 + 0.25 * rich + 0.35 * democratic,
        "cbrn": 0.08 + 0.25 * kit + 0.20 * rich,
        "civil_emergency": 0.15 + 0.45 * rich + 0.15 * democratic,
    }
    return [min(0.9, base[d] + (0.08 if row.role == "member" else 0.0)) for d in DOMAINS]


def arrangements_held(row: Row, scenario: Scenario) -> list[int | None]:
    """Step since which each arrangement is held, negative for earlier dates, None where it is not."""
    start = start_day(scenario.start)
    held: list[int | None] = [None] * len(ARRANGEMENTS)
    for arrangement, column in DATED.items():
        if row.fact.held(column, start):
            held[arrangement] = quarter_index(quarter_of(row.fact.dates[column]), scenario.start)
    return held


def years_together(row: Row, scenario: Scenario) -> float:
    """Years in a framework at the start, at most 20."""
    start = start_day(scenario.start)
    joined = [row.fact.dates[column] for column in FRAMEWORK_COLUMNS if column in row.fact.dates]
    return max((min(20.0, (start - day).days / 365.25) for day in joined if day <= start), default=0.0)


def starting_interoperability(row: Row, held: Sequence[int | None], scenario: Scenario) -> list[float]:
    """Interoperability at the start unless the scenario gives it: one level for allies; partners by years together,
    arrangements and, where the record has them, the exercises of the five years before (assumed).
    """
    steps = sum(1 for since in held[1:] if since is not None)
    level = 0.08 + 0.006 * years_together(row, scenario) + 0.03 * steps + (0.10 if held[EOP] is not None else 0.0)
    level = level + SKILL_OF_CUSTOM * (exercised_before(row, float(scenario.start[:4])) or 0.0)
    otherwise = [min(0.65, level), min(0.65, level + 0.02), min(0.65, level + 0.04)]
    if row.role == "member":
        otherwise = [0.72, 0.70, 0.70]
    elif row.role == "rival":
        otherwise = [0.15, 0.10, 0.05]
    return levels(row, "interoperability", DIMENSIONS, otherwise)


def starting_institutions(row: Row, wealth: float, year: float) -> list[float]:
    """Civilian control and defence governance unless the scenario gives them, from democracy and wealth (assumed)."""
    democratic = row.fact.number("democracy", year)
    otherwise = [0.10 + 0.85 * democratic, 0.15 + 0.45 * democratic + 0.35 * wealth]
    return [min(0.98, level) for level in levels(row, "institutions", INSTITUTIONS, otherwise)]


def bloc_of(code: str, quarter: str) -> int:
    """Row of BLOCS to which a state belongs in a quarter, -1 for none."""
    for row, bloc in enumerate(BLOCS):
        first, left = BLOC_STATES[bloc].get(code, ("", ""))
        if first and quarter_index(quarter, first) >= 0 and not (left and quarter_index(quarter, left) >= 0):
            return row
    return -1


def exercised_before(row: Row, year: float) -> float | None:
    """Log of one plus a partner's exercises with an ally in the five years before the start.

    None where the record's five years ended two years or more before it, and for all who are no partners.
    """
    cell = row.fact.cell("exercises", year - 3.0)
    return math.log1p(cell.value) if row.role == "partner" and abs(cell.year + 3.0 - year) < 2.0 else None


def customs_of(rows: Sequence[Row], year: float) -> list[float]:
    """Custom of exercising: `exercised_before`, less its mean over partners; 0 where it is not known."""
    logs = [exercised_before(row, year) for row in rows]
    known = [level for level in logs if level is not None]
    mean = math.fsum(known) / max(len(known), 1)
    return [0.0 if level is None else level - mean for level in logs]


def nonaligned(row: Row, scenario: Scenario) -> float:
    """1 for declared neutrality or non-alignment on the first day, unless the scenario says otherwise."""
    return given(row, "nonaligned", float(row.fact.nonaligned_on(start_day(scenario.start))))


def aspiration_of(row: Row, scenario: Scenario) -> list[tuple[float, int, int]]:
    """Declared aspirations: level (1 declared, 0.5 contested), step from which and until which it holds."""
    wanted = given(row, "aspiration", -1.0)
    if wanted >= 0.0:
        return [(wanted, 0, scenario.horizon)]
    found = []
    for kind, began, ended in row.fact.aspirations():
        first = quarter_index(quarter_of(began), scenario.start)
        last = scenario.horizon if ended is None else quarter_index(quarter_of(ended), scenario.start)
        found.append((1.0 if kind == "declared" else 0.5, first, last))
    return found


def base_will(row: Row, aspiration: float, scenario: Scenario) -> float:
    """Will to cooperate to which a state returns: higher with aspiration, democracy and past engagement (assumed)."""
    year, start = float(scenario.start[:4]), start_day(scenario.start)
    level = 0.40 + 0.25 * aspiration + 0.15 * row.fact.number("democracy", year) - 0.05 * nonaligned(row, scenario)
    if row.fact.suspended_on(start):
        level = level - 0.25
    return given(row, "will", min(0.95, level + (0.1 if row.fact.held("eop_granted", start) else 0.0)))


def starting_track(row: Row, aspiration: float, scenario: Scenario) -> int:
    """Place on the accession track on the first day."""
    if row.role == "member":
        return ALLY
    if row.role != "partner" or aspiration <= 0.0:
        return NOT_ASPIRING
    return ACTION_PLAN if row.fact.held("map_invited", start_day(scenario.start)) else ASPIRANT


def waiting_since(row: Row, scenario: Scenario) -> int:
    """Step since which a candidate stands where it does on the first day: in the action plan, or as an aspirant."""
    day = row.fact.dates.get("map_invited")
    if day is not None and row.fact.held("map_invited", start_day(scenario.start)):
        return quarter_index(quarter_of(day), scenario.start)
    return min((first for _, first, last in aspiration_of(row, scenario) if first <= 0 < last), default=-1)


def starting_framework(row: Row, scenario: Scenario, frameworks: tuple[str, ...]) -> int:
    """Row of the framework that a partner belongs to on the first day, -1 for none."""
    name = scenario.framework_of(row.code)
    return frameworks.index(name) if name else -1
