"""The cast of a scenario: its states, and how facts become model scores on the first day.

Every formula here is an assumption, stated in the function that makes it.
"""

import dataclasses
import math
from typing import NamedTuple

import numpy as np

from sim.declare.names import ACTION_PLAN, ALLY, ARRANGEMENTS, ASPIRANT, BLOCS, DOMAINS, NOT_ASPIRING  # fmt: skip
from sim.inputs.facts_cache import StateFacts
from sim.inputs.scenario import Scenario, load_facts_once, start_day
from sim.inputs.tables import State
from sim.inputs.values import quarter_index
from sim.law.compiled import Floats, Ints
from sim.law.world import NEVER

SOUTH = ("north_africa", "levant", "gulf", "middle_east", "south_asia")
BLOC_STATES = {
    "csto": ("RUS", "BLR", "ARM", "KAZ", "KGZ", "TJK"),
    "gcc": ("BHR", "KWT", "QAT", "ARE", "SAU", "OMN"),
    "eu": ("AUT", "IRL", "MLT", "CYP"),
}
ARRANGEMENT_COLUMNS = ("", "parp_first", "", "ipap_agreed", "itpp_agreed", "eop_granted", "dcb_package", "")
# First quarter of each arrangement: PARP 1995, OCC 1999, IPAP 2002, ITPP 2021, EOP and DCB and the Platform 2014.
ARRANGEMENT_QUARTERS = ("1994-Q1", "1995-Q1", "1999-Q2", "2002-Q4", "2021-Q1", "2014-Q3", "2014-Q3", "2014-Q3")
ACTION_PLAN_QUARTER = "1999-Q2"


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
    """The cast in order; `like` supplies the facts of states that a scenario invents."""
    facts = load_facts_once()
    entries = {state.code: state for state in scenario.states}
    rows = []
    for code in scenario.cast_codes():
        entry = entries.get(code)
        fact = facts[entry.like if entry is not None and entry.like is not None else code]
        if entry is not None and entry.lat is not None and entry.lon is not None:
            fact = dataclasses.replace(fact, lat=entry.lat, lon=entry.lon)
        tile = tuple(entry.tile) if entry is not None and entry.tile is not None else fact.tile
        name = entry.name if entry is not None and entry.name is not None else fact.name
        rows.append(Row(code, name, fact, entry, scenario.role_of(code), scenario.region_of(code), (tile[0], tile[1])))
    return rows


def given(row: Row, key: str) -> float | None:
    """A number that the scenario gives for this state, if any."""
    return None if row.entry is None else getattr(row.entry, key)


def levels(table: object, names: tuple[str, ...], otherwise: list[float]) -> list[float]:
    """Levels by name: one number for all, a table for some, or what they were otherwise."""
    if table is None:
        return otherwise
    if isinstance(table, dict):
        return [float(table.get(name, other)) for name, other in zip(names, otherwise, strict=True)]
    return [float(str(table))] * len(names)


def wealth_of(fact: StateFacts, year: float) -> float:
    """0 to 1 from GDP a head: 1,000 USD is 0, 100,000 USD is 1, logarithmic (assumed)."""
    head = 1000.0 * fact.number("gdp", year) / fact.number("population", year)
    return min(1.0, max(0.0, math.log10(max(head, 1.0) / 1000.0) / 2.0))


def weight_of(fact: StateFacts, year: float) -> float:
    """Force weight: square root of military spending in units of USD 100 billion, at least 0.02 (assumed)."""
    return max(0.02, math.sqrt(fact.number("milex", year) / 100.0))


def native_capability(row: Row, year: float) -> list[float]:
    """Capability that a state sustains itself, by domain, from spending a soldier, wealth and democracy (assumed)."""
    rich, democratic = wealth_of(row.fact, year), row.fact.number("democracy", year)
    soldier = 1e6 * row.fact.number("milex", year) / max(row.fact.number("personnel", year), 1.0) / 1000.0
    kit = min(1.0, max(0.0, math.log10(max(soldier, 1.0) / 3.0) / 1.8))
    base = {
        "conventional": 0.15 + 0.55 * kit, "maritime": 0.10 + 0.50 * kit,
        "counter_terrorism": 0.20 + 0.25 * kit + 0.20 * rich,
        "cyber": 0.10 + 0.55 * rich, "information": 0.10 + 0.25 * rich + 0.35 * democratic,
        "cbrn": 0.08 + 0.25 * kit + 0.20 * rich,
        "civil_emergency": 0.15 + 0.45 * rich + 0.15 * democratic,
    }  # fmt: skip
    return [min(0.9, base[d] + (0.08 if row.role == "member" else 0.0)) for d in DOMAINS]


def arrangements_held(row: Row, scenario: Scenario) -> list[int]:
    """Step since which each arrangement is held, negative for earlier dates, NEVER where it is not."""
    start = start_day(scenario.start)
    held = [NEVER] * len(ARRANGEMENTS)
    for i, column in enumerate(ARRANGEMENT_COLUMNS):
        if column and row.fact.held(column, start):
            day = row.fact.dates[column]
            held[i] = quarter_index(f"{day.year}-Q{(day.month + 2) // 3}", scenario.start)
    return held


def years_together(row: Row, scenario: Scenario) -> float:
    """Years in a framework at the start, at most 20."""
    start = start_day(scenario.start)
    joined = [
        row.fact.dates[c] for c in ("pfp_signed", "md_joined", "ici_joined", "globe_since") if c in row.fact.dates
    ]
    return max((min(20.0, (start - day).days / 365.25) for day in joined if day <= start), default=0.0)


def starting_interoperability(row: Row, held: list[int], years: float) -> list[float]:
    """Interoperability at the start: one level for allies; partners by years together and arrangements (assumed)."""
    if row.role == "member":
        return [0.72, 0.70, 0.70]
    if row.role == "rival":
        return [0.15, 0.10, 0.05]
    steps = sum(1 for since in held[1:] if since != NEVER)
    level = 0.08 + 0.006 * years + 0.05 * steps + (0.10 if held[ARRANGEMENTS.index("eop")] != NEVER else 0.0)
    return [min(0.65, level), min(0.65, level + 0.02), min(0.65, level + 0.04)]


def bloc_of(code: str) -> int:
    """Row of BLOCS to which a state belongs, -1 for none. (EU: partners only, for allies are in it without being
    moved.)
    """
    return next((BLOCS.index(bloc) for bloc, states in BLOC_STATES.items() if code in states), -1)


def nonaligned(row: Row, scenario: Scenario) -> float:
    """1 for declared neutrality or non-alignment on the first day, unless the scenario says otherwise."""
    wanted = given(row, "nonaligned")
    return float(row.fact.nonaligned_on(start_day(scenario.start))) if wanted is None else wanted


def aspirations(scenario: Scenario, rows: list[Row]) -> tuple[Floats, Ints]:
    """Declared aspiration (1, contested 0.5) and the step from which it holds; never a later fact than the start
    year.
    """
    value, since = np.zeros(len(rows)), np.zeros(len(rows), dtype=np.int64)
    for i, row in enumerate(rows):
        wanted = given(row, "aspiration")
        if wanted is not None:
            value[i] = wanted
        elif row.fact.aspiration in ("declared", "contested") and row.fact.aspiration_date is not None:
            day = row.fact.aspiration_date
            first = quarter_index(f"{day.year}-Q{(day.month + 2) // 3}", scenario.start)
            if first <= 4 * 10:
                value[i] = 1.0 if row.fact.aspiration == "declared" else 0.5
                since[i] = max(0, first)
    return value, since


def base_will(row: Row, aspiration: float, scenario: Scenario) -> float:
    """Will to cooperate to which a state returns: higher with aspiration, democracy and past engagement (assumed)."""
    wanted = given(row, "will")
    if wanted is not None:
        return wanted
    year = float(scenario.start[:4])
    level = 0.40 + 0.25 * aspiration + 0.15 * row.fact.number("democracy", year) - 0.05 * nonaligned(row, scenario)
    if row.fact.suspended_on(start_day(scenario.start)):
        level = level - 0.25
    return min(0.95, level + (0.1 if row.fact.held("eop_granted", start_day(scenario.start)) else 0.0))


def starting_track(row: Row, aspiration: float, since: int, scenario: Scenario) -> int:
    """Place on the accession track on the first day."""
    if row.role == "member":
        return ALLY
    if row.role != "partner" or aspiration <= 0.0 or since > 0:
        return NOT_ASPIRING
    return ACTION_PLAN if row.fact.held("map_invited", start_day(scenario.start)) else ASPIRANT


def starting_framework(row: Row, scenario: Scenario, frameworks: tuple[str, ...]) -> int:
    """Row of the framework that a partner belongs to on the first day, -1 for none."""
    if row.role != "partner":
        return -1
    for entry in scenario.frameworks:
        if row.code in entry.partners and (entry.begin is None or quarter_index(entry.begin, scenario.start) <= 0):
            return frameworks.index(entry.name)
    name = row.fact.framework_on(start_day(scenario.start))
    return -1 if name is None else frameworks.index(name)
