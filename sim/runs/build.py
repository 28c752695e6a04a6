"""From a declared scenario and policy to the arrays that compiled rules read: Setting, World and Levers."""

import math
from typing import Any, NamedTuple

import numpy as np

from sim.declare.activities import MENU
from sim.declare.levers import LEVERS, Lever, Levers
from sim.declare.names import (
    ACTIVITIES,
    ARRIVALS,
    CHANNELS,
    DIMENSIONS,
    DOMAINS,
    DRIVERS,
    FRAMEWORKS,
    INSTRUMENTS,
    MEMBER,
    MOVES,
    PARTNER,
    REGIONS,
    ROLES,
    THREAT_KINDS,
)
from sim.declare.parameters import Parameters
from sim.declare.threat_kinds import KINDS
from sim.inputs.facts_cache import distance_km, load_disputes
from sim.inputs.first_scores import (
    ACTION_PLAN_QUARTER,
    ARRANGEMENT_QUARTERS,
    SOUTH,
    Row,
    aspirations,
    base_will,
    bloc_of,
    given,
    levels,
    native_capability,
    nonaligned,
    rows_of,
    wealth_of,
    weight_of,
)
from sim.inputs.policy import Policy
from sim.inputs.scenario import Scenario
from sim.inputs.values import quarter_index
from sim.law.compiled import Floats, Ints
from sim.law.draws import entity_of, label_of
from sim.law.world import HOSTS, NEVER, PEERS, Feuds, Kinds, Menu, Setting, Threats, World
from sim.runs.first_day import world_of


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


def menu_of(scenario: Scenario, frameworks: tuple[str, ...]) -> Menu:
    """The cooperation menu as arrays, with the scenario's changes and each framework's selection."""
    table = {name: MENU[name]._asdict() for name in ACTIVITIES}
    for change in scenario.activities:
        table[change.name].update(
            {k: v for k, v in change.model_dump(exclude={"name", "reason"}).items() if v is not None}
        )

    def column(name: str) -> Floats:
        return np.array([float(table[a][name]) for a in ACTIVITIES])

    entries = {framework.name: framework for framework in scenario.frameworks}
    open_menu = np.ones((len(frameworks), len(ACTIVITIES)))
    for f, name in enumerate(frameworks):
        entry = entries.get(name)
        for a, activity in enumerate(ACTIVITIES):
            if entry is not None and (
                (entry.menu is not None and activity not in entry.menu) or activity in entry.without
            ):
                open_menu[f, a] = 0.0
    gain = np.stack([column(d) for d in DIMENSIONS], axis=1)
    simple = (
        "typical", "cost", "national", "hours", "burden", "capability", "institutions", "evidence", "legitimacy",
        "provocation", "warning", "lag", "joint",
    )  # fmt: skip
    instrument = np.array([INSTRUMENTS.index(MENU[a].instrument) for a in ACTIVITIES], dtype=np.int64)
    return Menu(
        gain=np.ascontiguousarray(gain),
        instrument=instrument,
        open=open_menu,
        is_exercise=(instrument == INSTRUMENTS.index("exercises")).astype(np.int64),
        rests_on_kit=np.array([int(a in ("equipment", "technology_transfer")) for a in ACTIVITIES], dtype=np.int64),
        **{c: column(c) for c in simple},
    )


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
                last = (
                    NEVER if d.end is None else quarter_index(f"{d.end.year}-Q{(d.end.month + 2) // 3}", scenario.start)
                )
                last = max(last, first + 1)  # a quarrel of some weeks counts for its quarter
                if last > 0:
                    found.append(
                        (
                            at[d.a],
                            at[d.b],
                            d.strength,
                            first,
                            last,
                            int(d.kind != "rivalry"),
                            int(d.kind == "operation"),
                        )
                    )
    for feud in scenario.feuds:
        first = 0 if feud.begin is None else quarter_index(feud.begin, scenario.start)
        last = NEVER if feud.until is None else quarter_index(feud.until, scenario.start) + 1
        found.append((at[feud.a], at[feud.b], feud.strength, first, last, int(feud.directed), 0))

    def whole(i: int) -> Ints:
        return np.array([x[i] for x in found], dtype=np.int64)

    return Feuds(
        whole(0), whole(1), np.array([x[2] for x in found], dtype=np.float64), whole(3), whole(4), whole(5), whole(6)
    )


def nearest(proximity: Floats, allowed: Ints, count: int, weight: Floats | None = None) -> Ints:
    """For each state the `count` states of the allowed set that are nearest (times weight), -1 where there are none."""
    n = proximity.shape[0]
    result = np.full((n, count), -1, dtype=np.int64)
    for i in range(n):
        value = [
            (-(proximity[i, j] * (1.0 if weight is None else weight[j])), j) for j in np.flatnonzero(allowed) if j != i
        ]
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
    by_region = np.array([[entry.reach.get(r, 0.0) for r in REGIONS] for entry in rivals]).reshape(
        len(rivals), len(REGIONS)
    )
    near = proximity * (role == PARTNER)
    to_south, to_all = near @ south, near @ np.ones(n)
    threats, active = threats_of(scenario, rows)
    shock = np.zeros((scenario.horizon, n, len(THREAT_KINDS)))
    # A scenario cut short by `model_copy` still lists its later events; as in a file cut short, they do not happen.
    for event in scenario.shocks:
        for step in steps_between(event.when, event.when, scenario):
            shock[step, [at[code] for code in event.states], THREAT_KINDS.index(event.kind)] += event.severity
    upheaval = np.zeros((scenario.horizon, n))
    for change in scenario.upheavals:
        for step in steps_between(change.when, change.when, scenario):
            upheaval[step, [at[code] for code in change.states]] += change.civilian_control
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
        purse=np.array([p if given(r, "purse") is None else given(r, "purse") for r, p in zip(rows, purse,
        strict=True)], dtype=np.float64),
        nonaligned=np.array([nonaligned(r, scenario) for r in rows]), aspiration=aspiring, aspires_from=since,
        base_will=np.array([
            base_will(r, a if s <= 0 else 0.0, scenario) for r, a, s in zip(rows, aspiring, since, strict=True)
        ]),
        ideal=np.array([r.fact.number("ideal", year) for r in rows]), proximity=proximity, nearness=np.sqrt(proximity),
        hosts=nearest(proximity, (role == MEMBER).astype(np.int64), HOSTS, np.sqrt(weight)),
        peers=nearest(proximity, (role == PARTNER).astype(np.int64), PEERS),
        bloc=np.array([bloc_of(r.code) for r in rows], dtype=np.int64), waiting=waiting, invited=invited,
        join_step=join_step, join_framework=join_framework,
        rivals=np.array([at[e.code] for e in rivals], dtype=np.int64),
        rival_budget=np.array([float(e.budget) for e in rivals]),
        rival_moves=np.array([[e.moves.get(m, 0.0) for m in MOVES] for e in rivals],
        dtype=np.float64).reshape(len(rivals), len(MOVES)),
        rival_reach=np.ascontiguousarray(reach, dtype=np.float64), reach_region=np.ascontiguousarray(by_region,
        dtype=np.float64),
        front=front_of(reach, proximity, [at[e.code] for e in rivals]), south=south,
        south_interest=to_south / np.maximum(to_all, 1e-9),
        native=np.array([levels(given(r, "capability"), DOMAINS, native_capability(r, year)) for r in rows]),
        arrangement_from=np.array([quarter_index(q, scenario.start) for q in ARRANGEMENT_QUARTERS], dtype=np.int64),
        action_plan_from=quarter_index(ACTION_PLAN_QUARTER, scenario.start), budget=budget,
        mission=spread_over(scenario, missions, 0.0), mission_danger=np.minimum(1.0, spread_over(scenario, dangers,
        0.0)),
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


def parameters_of(scenario: Scenario) -> Parameters:
    """Parameters with the scenario's overrides."""
    return Parameters(**{name: override.value for name, override in scenario.parameters.items()})


def build(scenario: Scenario) -> Built:
    """A scenario as arrays."""
    rows = rows_of(scenario)
    frameworks = scenario.framework_names()
    parameters = parameters_of(scenario)
    setting, active = setting_of(scenario, rows, frameworks)
    world = world_of(scenario, rows, frameworks, setting, active)
    at = [r.code for r in rows]
    return Built(
        tuple(at), tuple(r.name for r in rows), tuple(r.tile for r in rows), frameworks,
        tuple(t.name for t in scenario.threats), tuple(at[i] for i in setting.rivals), setting, world, parameters,
    )  # fmt: skip


def levers_of(policy: Policy, frameworks: tuple[str, ...] = FRAMEWORKS) -> Levers:
    """A policy's levers as numbers for the compiled rules."""
    return Levers(**{name: _in_numbers(lever, getattr(policy, name), frameworks) for name, lever in LEVERS.items()})


def _in_numbers(lever: Lever, value: Any, frameworks: tuple[str, ...]) -> Any:
    """What a lever is set to, as a number or a row of numbers; a name that a table leaves out counts 1."""
    if lever.kind == "number":
        return float(value)
    if lever.kind == "choice":
        return lever.names.index(value)
    return np.array([float(value.get(name, 1.0)) for name in (frameworks if lever.more else lever.names)])
