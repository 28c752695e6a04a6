"""From a declared scenario and policy to the arrays that compiled rules read: Setting, World and Levers.

Everything here that turns facts into model scores is an assumption, stated in the function that makes it and printed
by `run.py validate --facts`.
"""

import dataclasses
import math
from typing import NamedTuple

import numpy as np

from sim.activities import MENU
from sim.compiled import Floats, Ints
from sim.draws import entity_of, label_of
from sim.entries import State
from sim.facts import StateFacts, distance_km, load_disputes
from sim.fields import quarter_index
from sim.orders import Levers
from sim.parameters import Parameters
from sim.policy import RULES, Policy
from sim.scenario import Scenario, load_facts_once, start_day
from sim.threats import KINDS
from sim.vocabulary import (
    ACTIVITIES, ALLY, ARRANGEMENTS, ARRIVALS, ASPIRANT, ACTION_PLAN, BLOCS, CHANNELS, DECISION_MODES, DIMENSIONS,
    DOMAINS, DRIVERS, FRAMEWORKS, INSTITUTIONS, INSTRUMENTS, ITEMS, MEMBER, MOVES, NOT_ASPIRING, PARTNER, REGIONS,
    RIVAL, ROLES, THREAT_KINDS,
)  # fmt: skip
from sim.world import HOSTS, NEVER, PEERS, Feuds, Kinds, Menu, Setting, Threats, World

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
PRIOR_EVIDENCE = 6.0  # units of Beta evidence that stand for what states knew of each other at the start (assumed)


class Built(NamedTuple):
    """A scenario as arrays, with the names of its axes and its parameters."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    tiles: tuple[tuple[int, int], ...]
    frameworks: tuple[str, ...]
    threats: tuple[str, ...]
    rivals: tuple[str, ...]
    setting: Setting
    world: World
    parameters: Parameters


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
        "conventional": 0.15 + 0.55 * kit, "maritime": 0.10 + 0.50 * kit, "counter_terrorism": 0.20 + 0.25 * kit + 0.20 * rich,
        "cyber": 0.10 + 0.55 * rich, "information": 0.10 + 0.25 * rich + 0.35 * democratic, "cbrn": 0.08 + 0.25 * kit + 0.20 * rich,
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
    joined = [row.fact.dates[c] for c in ("pfp_signed", "md_joined", "ici_joined", "globe_since") if c in row.fact.dates]
    return max((min(20.0, (start - day).days / 365.25) for day in joined if day <= start), default=0.0)


def starting_interoperability(row: Row, held: list[int], years: float) -> list[float]:
    """Interoperability at the start: allies by years in the Alliance, partners by years, arrangements, exercises."""
    if row.role == "member":
        return [0.72, 0.70, 0.70]
    if row.role == "rival":
        return [0.15, 0.10, 0.05]
    steps = sum(1 for since in held[1:] if since != NEVER)
    level = 0.08 + 0.006 * years + 0.05 * steps + (0.10 if held[ARRANGEMENTS.index("eop")] != NEVER else 0.0)
    return [min(0.65, level), min(0.65, level + 0.02), min(0.65, level + 0.04)]


def menu_of(scenario: Scenario, frameworks: tuple[str, ...]) -> Menu:
    """The cooperation menu as arrays, with the scenario's changes and each framework's selection."""
    table = {name: MENU[name]._asdict() for name in ACTIVITIES}
    for change in scenario.activities:
        table[change.name].update({k: v for k, v in change.model_dump(exclude={"name", "reason"}).items() if v is not None})

    def column(name: str) -> Floats:
        return np.array([float(table[a][name]) for a in ACTIVITIES])

    entries = {framework.name: framework for framework in scenario.frameworks}
    open_menu = np.ones((len(frameworks), len(ACTIVITIES)))
    for f, name in enumerate(frameworks):
        entry = entries.get(name)
        for a, activity in enumerate(ACTIVITIES):
            if entry is not None and ((entry.menu is not None and activity not in entry.menu) or activity in entry.without):
                open_menu[f, a] = 0.0
    gain = np.stack([column(d) for d in DIMENSIONS], axis=1)
    simple = (
        "typical", "cost", "national", "hours", "burden", "capability", "institutions", "evidence", "legitimacy",
        "provocation", "warning", "lag", "joint",
    )  # fmt: skip
    instrument = np.array([INSTRUMENTS.index(MENU[a].instrument) for a in ACTIVITIES], dtype=np.int64)
    return Menu(gain=np.ascontiguousarray(gain), instrument=instrument, open=open_menu, **{c: column(c) for c in simple})


def kinds_of() -> Kinds:
    """The kinds of threat as arrays."""

    def column(name: str) -> Floats:
        return np.array([float(getattr(KINDS[k], name)) for k in THREAT_KINDS])

    simple = ("people", "capability", "legitimacy", "cohesion", "trust", "tension", "warning", "attribution", "spread")
    return Kinds(
        answered_by=np.array([KINDS[k].answered_by for k in THREAT_KINDS]),
        channel=np.array([CHANNELS.index(KINDS[k].channel) for k in THREAT_KINDS], dtype=np.int64),
        driver=np.array([DRIVERS.index(KINDS[k].driver) for k in THREAT_KINDS], dtype=np.int64),
        **{c: column(c) for c in simple},
    )


def steps_between(begin: str | None, until: str | None, scenario: Scenario) -> range:
    """Steps of the run from `begin` to `until`, both included."""
    first = 0 if begin is None else quarter_index(begin, scenario.start)
    last = scenario.horizon - 1 if until is None else quarter_index(until, scenario.start)
    return range(max(0, first), min(scenario.horizon, last + 1))


def threats_of(scenario: Scenario, rows: list[Row]) -> tuple[Threats, Ints]:
    """The scenario's threats as arrays, and which spells are on at the start (T, N)."""
    t, n, steps = len(scenario.threats), len(rows), scenario.horizon
    rate, schedule = np.zeros((t, n)), np.ones((t, steps))
    active = np.zeros((t, n), dtype=np.int64)
    at = {row.code: i for i, row in enumerate(rows)}
    for i, threat in enumerate(scenario.threats):
        for code in scenario.touches(threat):
            rate[i, at[code]] = threat.rate / 4.0
        for code in threat.active:
            active[i, at[code]] = 1
        for step in range(steps):
            schedule[i, step] = (1.0 + threat.trend) ** (step / 4.0)
        for window in threat.schedule:
            for step in steps_between(window.begin, window.until, scenario):
                schedule[i, step] *= window.multiplier
    threats = scenario.threats
    return Threats(
        label=np.array([label_of(x.name) for x in threats], dtype=np.int64),
        kind=np.array([THREAT_KINDS.index(x.kind) for x in threats], dtype=np.int64),
        arrival=np.array([ARRIVALS.index(x.arrival) for x in threats], dtype=np.int64),
        rate=rate, schedule=schedule,
        tail=np.array([float(x.tail) for x in threats]), cap=np.array([float(x.cap) for x in threats]),
        end=np.array([1.0 / x.mean_duration for x in threats]),
        branching=np.array([float(x.branching) for x in threats]),
    ), active  # fmt: skip


def feuds_of(scenario: Scenario, rows: list[Row]) -> Feuds:
    """Dated quarrels on record and of the scenario, between states of the cast, in steps of the run."""
    at = {row.code: i for i, row in enumerate(rows)}
    found: list[tuple[int, int, float, int, int, int, int]] = []
    if scenario.feuds_from_record:
        for d in load_disputes():
            if d.a in at and d.b in at:
                first = quarter_index(f"{d.start.year}-Q{(d.start.month + 2) // 3}", scenario.start)
                last = NEVER if d.end is None else quarter_index(f"{d.end.year}-Q{(d.end.month + 2) // 3}", scenario.start)
                last = max(last, first + 1)  # a quarrel of some weeks counts for its quarter
                if last > 0:
                    found.append((at[d.a], at[d.b], d.strength, first, last, int(d.kind != "rivalry"), int(d.kind == "operation")))
    for feud in scenario.feuds:
        first = 0 if feud.begin is None else quarter_index(feud.begin, scenario.start)
        last = NEVER if feud.until is None else quarter_index(feud.until, scenario.start) + 1
        found.append((at[feud.a], at[feud.b], feud.strength, first, last, int(feud.directed), 0))

    def whole(i: int) -> Ints:
        return np.array([x[i] for x in found], dtype=np.int64)

    return Feuds(whole(0), whole(1), np.array([x[2] for x in found], dtype=np.float64), whole(3), whole(4), whole(5), whole(6))


def nearest(proximity: Floats, allowed: Ints, count: int, weight: Floats | None = None) -> Ints:
    """For each state the `count` states of the allowed set that are nearest (times weight), -1 where there are none."""
    n = proximity.shape[0]
    result = np.full((n, count), -1, dtype=np.int64)
    for i in range(n):
        value = [(-(proximity[i, j] * (1.0 if weight is None else weight[j])), j) for j in np.flatnonzero(allowed) if j != i]
        for slot, (_, j) in enumerate(sorted(value)[:count]):
            result[i, slot] = j
    return result


def spread_over(scenario: Scenario, windows: list[tuple[str | None, str | None, float]], base: float) -> Floats:
    """A schedule by step: `base` plus what is added in each window."""
    values = np.full(scenario.horizon, base)
    for begin, until, amount in windows:
        for step in steps_between(begin, until, scenario):
            values[step] += amount
    return values


def setting_of(scenario: Scenario, rows: list[Row], frameworks: tuple[str, ...]) -> tuple[Setting, Ints]:
    """Everything that the scenario fixes, and the spells that are on at the start."""
    year = float(scenario.start[:4])
    n = len(rows)
    role = np.array([ROLES.index(r.role) if r.role in ROLES else PARTNER for r in rows], dtype=np.int64)
    region = np.array([REGIONS.index(r.region) for r in rows], dtype=np.int64)
    weight = np.array([weight_of(r.fact, year) for r in rows])
    proximity = np.array([[math.exp(-distance_km(a.fact, b.fact) / 1500.0) for b in rows] for a in rows])
    south = np.array([1.0 if r.region in SOUTH else 0.0 for r in rows])
    aspiring, since = aspirations(scenario, rows)
    at = {row.code: i for i, row in enumerate(rows)}
    rivals = [entry for entry in scenario.rival_entries() if entry.code in at]
    reach = np.array([[entry.reach.get(r.region, 0.0) if r.role != "rival" else 0.0 for r in rows] for entry in rivals])
    reach = reach.reshape(len(rivals), n)
    by_region = np.array([[entry.reach.get(r, 0.0) for r in REGIONS] for entry in rivals]).reshape(len(rivals), len(REGIONS))
    near = proximity * (role == PARTNER)
    to_south, to_all = near @ south, near @ np.ones(n)
    threats, active = threats_of(scenario, rows)
    shock = np.zeros((scenario.horizon, n, len(THREAT_KINDS)))
    for event in scenario.shocks:
        for code in event.states:
            shock[quarter_index(event.when, scenario.start), at[code], THREAT_KINDS.index(event.kind)] += event.severity
    upheaval = np.zeros((scenario.horizon, n))
    for change in scenario.upheavals:
        for code in change.states:
            upheaval[quarter_index(change.when, scenario.start), at[code]] += change.civilian_control
    budget = np.ones(scenario.horizon)
    for window in scenario.budget:
        for step in steps_between(window.begin, window.until, scenario):
            budget[step] *= window.multiplier
    missions = [(m.begin, m.until, m.demand) for m in scenario.missions]
    dangers = [(m.begin, m.until, m.danger) for m in scenario.missions]
    waiting = np.full(n, -1, dtype=np.int64)
    invited = np.zeros(n, dtype=np.int64)
    for entry in scenario.frameworks:
        for code in entry.waiting:
            waiting[at[code]] = frameworks.index(entry.name)
            invited[at[code]] = int(entry.invites)
    join_step, join_framework = np.full(n, NEVER, dtype=np.int64), np.full(n, -1, dtype=np.int64)
    for step, code, name in scenario.joins():
        join_step[at[code]], join_framework[at[code]] = step, frameworks.index(name)
    purse = [0.25 + 0.25 * 0.0015 * 1000.0 * r.fact.number("milex", year) for r in rows]
    setting = Setting(
        entity=np.array([entity_of(r.code) for r in rows], dtype=np.int64), region=region, weight=weight,
        wealth=np.array([wealth_of(r.fact, year) for r in rows]),
        purse=np.array([p if given(r, "purse") is None else given(r, "purse") for r, p in zip(rows, purse, strict=True)], dtype=np.float64),
        nonaligned=np.array([nonaligned(r, scenario) for r in rows]), aspiration=aspiring, aspires_from=since,
        base_will=np.array([base_will(r, a, scenario) for r, a in zip(rows, aspiring, strict=True)]),
        ideal=np.array([r.fact.number("ideal", year) for r in rows]), proximity=proximity,
        hosts=nearest(proximity, (role == MEMBER).astype(np.int64), HOSTS, np.sqrt(weight)),
        peers=nearest(proximity, (role == PARTNER).astype(np.int64), PEERS),
        bloc=np.array([bloc_of(r.code) for r in rows], dtype=np.int64), waiting=waiting, invited=invited,
        join_step=join_step, join_framework=join_framework,
        rivals=np.array([at[e.code] for e in rivals], dtype=np.int64),
        rival_budget=np.array([float(e.budget) for e in rivals]),
        rival_moves=np.array([[e.moves.get(m, 0.0) for m in MOVES] for e in rivals], dtype=np.float64).reshape(len(rivals), len(MOVES)),
        rival_reach=np.ascontiguousarray(reach, dtype=np.float64), reach_region=np.ascontiguousarray(by_region, dtype=np.float64),
        front=front_of(reach, proximity, [at[e.code] for e in rivals]), south=south,
        south_interest=to_south / np.maximum(to_all, 1e-9),
        native=np.array([levels(given(r, "capability"), DOMAINS, native_capability(r, year)) for r in rows]),
        arrangement_from=np.array([quarter_index(q, scenario.start) for q in ARRANGEMENT_QUARTERS], dtype=np.int64),
        action_plan_from=quarter_index(ACTION_PLAN_QUARTER, scenario.start), budget=budget,
        mission=spread_over(scenario, missions, 0.0), mission_danger=np.minimum(1.0, spread_over(scenario, dangers, 0.0)),
        shock=shock, upheaval=upheaval, start_quarter=int(scenario.start[-1]) - 1, menu=menu_of(scenario, frameworks),
        kinds=kinds_of(), threats=threats, feuds=feuds_of(scenario, rows),
    )  # fmt: skip
    return setting, active


def front_of(reach: Floats, proximity: Floats, rivals: list[int]) -> Floats:
    """Closeness to the strongest rival, 0 to 1: by the reach that the scenario declares or by distance (assumed)."""
    front = np.zeros(proximity.shape[0])
    for v, row in enumerate(rivals):
        near = np.minimum(1.0, 1.5 * proximity[row]) * min(1.0, reach[v].max())
        front = np.maximum(front, np.maximum(reach[v], near))
        front[row] = 0.0
    return front


def bloc_of(code: str) -> int:
    """Row of BLOCS to which a state belongs, -1 for none. (EU: partners only, for allies are in it without being moved.)"""
    return next((BLOCS.index(bloc) for bloc, states in BLOC_STATES.items() if code in states), -1)


def nonaligned(row: Row, scenario: Scenario) -> float:
    """1 for declared neutrality or non-alignment on the first day, unless the scenario says otherwise."""
    wanted = given(row, "nonaligned")
    return float(row.fact.nonaligned_on(start_day(scenario.start))) if wanted is None else wanted


def aspirations(scenario: Scenario, rows: list[Row]) -> tuple[Floats, Ints]:
    """Declared aspiration (1, contested 0.5) and the step from which it holds; never a later fact than the start year."""
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


def starting_trust(setting: Setting, rows: list[Row], interoperability: Floats) -> tuple[Floats, Floats]:
    """Beta evidence at the start: allies know each other well; partners by interoperability and likeness; rivals badly.

    Expected trust of a pair: 0.80 between allies; 0.35 + 0.6 * mean interoperability for partners with allies, less
    0.05 a unit of distance between ideal points; 0.45 between partners of a region; 0.15 with rivals; less 0.3 times
    the strength of a live feud (assumed).
    """
    n = len(rows)
    mean = interoperability.mean(axis=1)
    expected = np.full((n, n), 0.40)
    for i in range(n):
        for j in range(n):
            a, b = rows[i].role, rows[j].role
            apart = abs(setting.ideal[i] - setting.ideal[j])
            if "rival" in (a, b):
                expected[i, j] = 0.15
            elif a == b == "member":
                expected[i, j] = 0.80 - 0.02 * apart
            elif "member" in (a, b):
                other = mean[i] if a != "member" else mean[j]
                expected[i, j] = 0.35 + 0.6 * other - 0.05 * apart
            elif rows[i].region == rows[j].region:
                expected[i, j] = 0.47
    feuds = setting.feuds
    for p in range(len(feuds.a)):
        if feuds.start[p] <= 0 < feuds.end[p]:
            expected[feuds.a[p], feuds.b[p]] -= 0.3 * feuds.strength[p]
            if not feuds.directed[p]:
                expected[feuds.b[p], feuds.a[p]] -= 0.3 * feuds.strength[p]
    expected = np.clip(expected, 0.05, 0.95)
    trust_for = np.maximum(0.0, expected * (PRIOR_EVIDENCE + 2.0) - 1.0)
    return trust_for, np.maximum(0.0, (1.0 - expected) * (PRIOR_EVIDENCE + 2.0) - 1.0)


def starting_track(row: Row, aspiration: float, since: int, scenario: Scenario) -> int:
    """Place on the accession track on the first day."""
    if row.role == "member":
        return ALLY
    if row.role != "partner" or aspiration <= 0.0 or since > 0:
        return NOT_ASPIRING
    return ACTION_PLAN if row.fact.held("map_invited", start_day(scenario.start)) else ASPIRANT


def world_of(scenario: Scenario, rows: list[Row], frameworks: tuple[str, ...], setting: Setting, active: Ints, cycle: int) -> World:
    """The world on the first day."""
    n, year, start = len(rows), float(scenario.start[:4]), start_day(scenario.start)
    role = np.array([ROLES.index(r.role) if r.role in ROLES else PARTNER for r in rows], dtype=np.int64)
    framework = np.array([starting_framework(r, scenario, frameworks) for r in rows], dtype=np.int64)
    held = [arrangements_held(r, scenario) for r in rows]
    for i in range(n):
        held[i][0] = 0 if framework[i] >= 0 else NEVER
    inter = np.array([
        levels(given(r, "interoperability"), DIMENSIONS, starting_interoperability(r, h, years_together(r, scenario)))
        for r, h in zip(rows, held, strict=True)
    ])  # fmt: skip
    institutions = np.array([
        levels(given(r, "institutions"), INSTITUTIONS, [
            0.10 + 0.85 * r.fact.number("democracy", year),
            0.15 + 0.45 * r.fact.number("democracy", year) + 0.35 * setting.wealth[i],
        ]) for i, r in enumerate(rows)
    ])  # fmt: skip
    trust_for, trust_against = starting_trust(setting, rows, inter)
    f, a, k, t = np.zeros, len(ACTIVITIES), len(THREAT_KINDS), len(scenario.threats)
    member = role == MEMBER
    suspended = [NEVER if r.fact.suspended_on(start) and r.role == "partner" else 0 for r in rows]
    typical = np.tile(setting.menu.typical, (n, 1))

    def take(key: str, otherwise: Floats) -> Floats:
        return np.array([o if given(r, key) is None else given(r, key) for r, o in zip(rows, otherwise, strict=True)], dtype=np.float64)

    return World(
        role=role, framework=framework, capability=setting.native.copy(), kit=f((n, len(DOMAINS))), interoperability=inter,
        institutions=np.minimum(institutions, 0.98), will=setting.base_will.copy(), legitimacy=take("legitimacy", np.where(member, 0.7, 0.55)),
        readiness=take("readiness", np.where(member, 0.75, 0.65)), fatigue=f(n), tilt=take("tilt", f(n)),
        expectation=np.where(member, 1.0, 0.2 + 0.3 * inter.mean(axis=1)), warning=np.where(member, 0.5, 0.1),
        asked=0.3 * typical * (framework[:, None] >= 0), perceived=felt_at_start(setting, t, n, k), backlog=f((n, a)),
        plan=f((n, a)), plan_domain=np.ones((n, len(DOMAINS))), plan_agreed=np.full(n, NEVER, dtype=np.int64),
        arrangement=np.array(held, dtype=np.int64),
        track=np.array([starting_track(r, setting.aspiration[i], int(setting.aspires_from[i]), scenario) for i, r in enumerate(rows)], dtype=np.int64),
        track_since=np.full(n, -8, dtype=np.int64), ratified=np.zeros((n, n), dtype=np.int64),
        suspended_until=np.array(suspended, dtype=np.int64), goodwill=np.where(member, 1.0, 0.0), voice=f(n),
        exercised=np.where(framework >= 0, 6.0, 0.0), deployed=f(n), trust_for=trust_for, trust_against=trust_against,
        misperception=np.full(len(setting.feuds.a), 0.5), tension=0.1 + 0.3 * np.max(np.vstack([setting.reach_region, f((1, len(REGIONS)))]), axis=0),
        hostility=np.full(len(setting.rivals), 0.5), pressure=np.full(len(setting.rivals), 0.3),
        coercion=0.2 * setting.front, propaganda=0.2 * setting.front, wedge=f(n), offer=f(n), active=active,
        excitement=f((t, n)), spill=f((n, k)), item_wait=np.zeros(len(ITEMS), dtype=np.int64), scale=np.ones(1),
        mandate=np.ones(1, dtype=np.int64), cohesion=np.full(1, 0.7), council=f(3), bloc_cohesion=np.full(len(BLOCS), 0.5),
        income=np.ones(n),
    )  # fmt: skip


def felt_at_start(setting: Setting, threats: int, n: int, k: int) -> Floats:
    """Threat as felt on the first day: declared rates times the mean severity of a bounded Pareto, about 3 (assumed)."""
    felt = np.zeros((n, k))
    for t in range(threats):
        felt[:, setting.threats.kind[t]] += 3.0 * setting.threats.rate[t] * setting.threats.schedule[t, 0]
    return felt


def starting_framework(row: Row, scenario: Scenario, frameworks: tuple[str, ...]) -> int:
    """Row of the framework that a partner belongs to on the first day, -1 for none."""
    if row.role != "partner":
        return -1
    for entry in scenario.frameworks:
        if row.code in entry.partners and (entry.begin is None or quarter_index(entry.begin, scenario.start) <= 0):
            return frameworks.index(entry.name)
    name = row.fact.framework_on(start_day(scenario.start))
    return -1 if name is None else frameworks.index(name)


def parameters_of(scenario: Scenario) -> Parameters:
    """Parameters with the scenario's overrides."""
    return Parameters(**{name: override.value for name, override in scenario.parameters.items()})


def build(scenario: Scenario) -> Built:
    """A scenario as arrays."""
    rows = rows_of(scenario)
    frameworks = scenario.framework_names()
    parameters = parameters_of(scenario)
    setting, active = setting_of(scenario, rows, frameworks)
    world = world_of(scenario, rows, frameworks, setting, active, int(parameters.planning_cycle))
    at = [r.code for r in rows]
    return Built(
        tuple(at), tuple(r.name for r in rows), tuple(r.tile for r in rows), frameworks,
        tuple(t.name for t in scenario.threats), tuple(at[i] for i in setting.rivals), setting, world, parameters,
    )  # fmt: skip


def levers_of(policy: Policy, frameworks: tuple[str, ...] = FRAMEWORKS) -> Levers:
    """A policy's levers as numbers for the compiled rules."""
    return Levers(
        envelope=float(policy.envelope), split=np.array([policy.split[i] for i in INSTRUMENTS]),
        warfighting=float(policy.warfighting), size=float(policy.size), distance=float(policy.distance),
        equipment=float(policy.equipment), conditionality=float(policy.conditionality), open_door=float(policy.open_door),
        threat_targeting=float(policy.threat_targeting), rule=np.array([policy.rule[r] for r in RULES]),
        tailoring=float(policy.tailoring), outreach=float(policy.outreach),
        decision_mode=DECISION_MODES.index(policy.decision_mode), communication=float(policy.communication),
        sharing=float(policy.sharing),
        focus_framework=np.array([policy.focus_framework.get(f, 1.0) for f in frameworks]),
        focus_region=np.array([policy.focus_region[r] for r in REGIONS]),
    )  # fmt: skip
