"""From a declared scenario and policy to the arrays that compiled rules read: Setting, World and Levers."""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sim.declare.activities import COLUMNS, FLAGS, MENU, PLANNED
from sim.declare.levers import LEVERS, Levers
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
    THREAT_KINDS,
)
from sim.declare.parameters import Parameters
from sim.declare.threat_kinds import KINDS
from sim.inputs.first_scores import (
    ACTION_PLAN_QUARTER,
    ARRANGEMENT_QUARTERS,
    SOUTH,
    Row,
    aspiration_of,
    base_will,
    bloc_of,
    customs_of,
    given,
    levels,
    native_capability,
    nonaligned,
    rows_of,
    spending_of,
    wealth_of,
    weight_of,
)
from sim.inputs.levers import admit
from sim.inputs.policy import Policy
from sim.inputs.scenario import Scenario
from sim.inputs.states import distance_km, load_disputes
from sim.inputs.tables import Framework
from sim.inputs.values import quarter_index, quarter_of
from sim.law.compiled import Floats, Ints
from sim.law.draws import entity_of, label_of
from sim.law.world import HOSTS, NEVER, PEERS, Feuds, Kinds, Menu, Setting, Threats, World
from sim.runs.first_day import roles_of, world_of


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


class Quarrel(NamedTuple):
    """One row of `Feuds`."""

    a: int
    b: int
    strength: float
    start: int
    end: int
    directed: bool
    operation: bool = False


def build(scenario: Scenario) -> Built:
    """A scenario as arrays."""
    rows, frameworks = rows_of(scenario), scenario.framework_names()
    setting, active = setting_of(scenario, rows, frameworks)
    codes = tuple(row.code for row in rows)
    return Built(
        codes=codes,
        names=tuple(row.name for row in rows),
        tiles=tuple(row.tile for row in rows),
        frameworks=frameworks,
        threats=tuple(threat.name for threat in scenario.threats),
        rivals=tuple(codes[i] for i in setting.rivals),
        setting=setting,
        world=world_of(scenario, rows, frameworks, setting, active),
        parameters=Parameters(**{name: override.value for name, override in scenario.parameters.items()}),
    )


def wholes(values: Iterable[int]) -> Ints:
    """Whole numbers as an array."""
    return np.array(list(values), dtype=np.int64)


def reals(values: Iterable[Any]) -> Floats:
    """Numbers, or rows of numbers, as an array."""
    return np.array(list(values), dtype=np.float64)


def menu_of(scenario: Scenario, frameworks: tuple[str, ...]) -> Menu:
    """The cooperation menu as arrays, with the scenario's changes and each framework's selection."""
    table = {name: MENU[name]._asdict() for name in ACTIVITIES}
    for change in scenario.activities:
        table[change.name] |= change.model_dump(exclude={"name", "reason"}, exclude_none=True)
    entries = {framework.name: framework for framework in scenario.frameworks}
    columns = (COLUMNS | FLAGS).keys() & set(Menu._fields)
    return Menu(
        gain=reals([table[a][d] for d in DIMENSIONS] for a in ACTIVITIES),
        domain=wholes(DOMAINS.index(d) if (d := MENU[a].domain) != PLANNED else -1 for a in ACTIVITIES),
        instrument=wholes(INSTRUMENTS.index(MENU[a].instrument) for a in ACTIVITIES),
        open=reals([offers(entries.get(name), a) for a in ACTIVITIES] for name in frameworks),
        **{column: reals(table[a][column] for a in ACTIVITIES) for column in columns},
    )


def offers(framework: Framework | None, activity: str) -> bool:
    """Whether an activity is on a framework's menu; without an entry everything is."""
    if framework is None:
        return True
    return (framework.menu is None or activity in framework.menu) and activity not in framework.without


def kinds_of() -> Kinds:
    """The kinds of threat as arrays."""
    kinds = [KINDS[name] for name in THREAT_KINDS]
    named = {"channel", "driver"}
    return Kinds(
        channel=wholes(CHANNELS.index(kind.channel) for kind in kinds),
        driver=wholes(DRIVERS.index(kind.driver) for kind in kinds),
        **{column: reals(getattr(kind, column) for kind in kinds) for column in Kinds._fields if column not in named},
    )


def steps_between(begin: str | None, until: str | None, scenario: Scenario) -> slice:
    """Steps of the run from `begin` to `until`, both included."""
    first = 0 if begin is None else quarter_index(begin, scenario.start)
    last = scenario.horizon - 1 if until is None else quarter_index(until, scenario.start)
    return slice(max(0, first), max(0, min(scenario.horizon, last + 1)))


def threats_of(scenario: Scenario, at: dict[str, int]) -> tuple[Threats, Ints]:
    """The scenario's threats as arrays, and which spells are on at the start (T, N)."""
    threats, steps = scenario.threats, range(scenario.horizon)
    rate, active = np.zeros((len(threats), len(at))), np.zeros((len(threats), len(at)), dtype=np.int64)
    schedule = np.ones((len(threats), scenario.horizon))
    for i, threat in enumerate(threats):
        rate[i, [at[code] for code in scenario.touches(threat)]] = threat.rate / 4.0
        active[i, [at[code] for code in threat.active]] = 1
        schedule[i] = [(1.0 + threat.trend) ** (step / 4.0) for step in steps]
        for window in threat.schedule:
            schedule[i, steps_between(window.begin, window.until, scenario)] *= window.multiplier
        for quarter in threat.ends:
            schedule[i, steps_between(quarter, quarter, scenario)] = 0.0  # where nothing can arise no spell lasts
    return Threats(
        label=wholes(label_of(threat.name) for threat in threats),
        kind=wholes(THREAT_KINDS.index(threat.kind) for threat in threats),
        arrival=wholes(ARRIVALS.index(threat.arrival) for threat in threats),
        rate=rate,
        schedule=schedule,
        tail=reals(threat.tail for threat in threats),
        least=reals(threat.least for threat in threats),
        cap=reals(threat.cap for threat in threats),
        end=reals(1.0 / threat.mean_duration for threat in threats),
        branching=reals(threat.branching for threat in threats),
    ), active


def feuds_of(scenario: Scenario, at: dict[str, int]) -> Feuds:
    """Dated quarrels on record and of the scenario, between states of the cast, in steps of the run."""

    def step_of(quarter: str) -> int:
        return quarter_index(quarter, scenario.start)

    found = []
    for d in load_disputes() if scenario.feuds_from_record else ():
        if d.a in at and d.b in at:
            start = step_of(quarter_of(d.start))
            # a quarrel of some weeks counts for its quarter
            end = max(NEVER if d.end is None else step_of(quarter_of(d.end)), start + 1)
            if end > 0:
                directed, operation = d.kind != "rivalry", d.kind == "operation"
                found.append(Quarrel(at[d.a], at[d.b], d.strength, start, end, directed, operation))
    for feud in scenario.feuds:
        start = 0 if feud.begin is None else step_of(feud.begin)
        end = NEVER if feud.until is None else step_of(feud.until) + 1
        found.append(Quarrel(at[feud.a], at[feud.b], feud.strength, start, end, feud.directed))
    return Feuds(
        strength=reals(quarrel.strength for quarrel in found),
        **{name: wholes(getattr(one, name) for one in found) for name in Feuds._fields if name != "strength"},
    )


def nearest(proximity: Floats, allowed: npt.NDArray[np.bool_], count: int, weight: Floats | None = None) -> Ints:
    """For each state the `count` states of the allowed set that are nearest (times weight), -1 where there are none."""
    pull = proximity if weight is None else proximity * weight
    result = np.full((len(proximity), count), -1, dtype=np.int64)
    for i in range(len(proximity)):
        others = sorted((-pull[i, j], j) for j in np.flatnonzero(allowed) if j != i)
        for slot, (_, j) in enumerate(others[:count]):
            result[i, slot] = j
    return result


def setting_of(scenario: Scenario, rows: list[Row], frameworks: tuple[str, ...]) -> tuple[Setting, Ints]:
    """Everything that the scenario fixes, and the spells that are on at the start."""
    at = {row.code: i for i, row in enumerate(rows)}
    threats, active = threats_of(scenario, at)
    proximity = reals([math.exp(-distance_km(a.fact, b.fact) / 1500.0) for b in rows] for a in rows)
    return Setting(
        **_states(scenario, rows, proximity),
        **_rivals(scenario, rows, at, proximity),
        **_joining(scenario, at, frameworks),
        **_script(scenario, at),
        arrangement_from=wholes(quarter_index(quarter, scenario.start) for quarter in ARRANGEMENT_QUARTERS),
        action_plan_from=quarter_index(ACTION_PLAN_QUARTER, scenario.start),
        start_quarter=int(scenario.start[-1]) - 1,
        menu=menu_of(scenario, frameworks),
        kinds=kinds_of(),
        threats=threats,
        feuds=feuds_of(scenario, at),
    ), active


def _states(scenario: Scenario, rows: list[Row], proximity: Floats) -> dict[str, Any]:
    """What the setting says of each state and of how near they are to each other."""
    year, role = float(scenario.start[:4]), roles_of(rows)
    weight, south = reals(weight_of(row.fact, year) for row in rows), reals(row.region in SOUTH for row in rows)
    near = proximity * (role == PARTNER)
    aspiring = np.zeros((scenario.horizon, len(rows)))
    for n, row in enumerate(rows):
        for level, first, last in aspiration_of(row, scenario):
            aspiring[max(first, 0) : max(last, 0), n] = level
    return {
        "entity": wholes(entity_of(row.code) for row in rows),
        "focus": wholes(row.code in scenario.focus_codes() for row in rows),
        "region": wholes(REGIONS.index(row.region) for row in rows),
        "weight": weight,
        "wealth": reals(wealth_of(row.fact, year) for row in rows),
        "purse": reals(
            given(row, "purse", 0.25 + 0.25 * 0.0015 * 1000.0 * spending_of(row.fact, year)) for row in rows
        ),
        "nonaligned": reals(nonaligned(row, scenario) for row in rows),
        "aspiration": aspiring,
        "base_will": reals(base_will(row, now, scenario) for row, now in zip(rows, aspiring[0], strict=True)),
        "custom": reals(customs_of(rows, year)),
        "ideal": reals(row.fact.number("ideal", year) for row in rows),
        "proximity": proximity,
        "nearness": np.sqrt(proximity),
        "likeness": likeness_of(rows, year),
        "hosts": nearest(proximity, role == MEMBER, HOSTS, np.sqrt(weight)),
        "peers": nearest(proximity, role == PARTNER, PEERS),
        "bloc": wholes(bloc_of(row.code, scenario.start) for row in rows),
        "south": south,
        "south_interest": (near @ south) / np.maximum(near @ np.ones(len(rows)), 1e-9),
        "native": reals(levels(row, "capability", DOMAINS, native_capability(row, year)) for row in rows),
    }


def likeness_of(rows: list[Row], year: float) -> Floats:
    """How alike two states are, 0 to 1 (assumed): half by how near their positions are, half by democracy in both."""
    ideal = reals(row.fact.number("ideal", year) for row in rows)
    regime = reals(row.fact.number("democracy", year) for row in rows)
    near = np.exp(-np.abs(ideal[:, None] - ideal[None, :]))
    alike = np.sqrt(regime[:, None] * regime[None, :])
    return 0.5 * near + 0.5 * alike


def _rivals(scenario: Scenario, rows: list[Row], at: dict[str, int], proximity: Floats) -> dict[str, Any]:
    """What the setting says of rivals: what they can spend, how they lean, how far they reach."""
    rivals = [entry for entry in scenario.rival_entries() if entry.code in at]
    regions = ["" if row.role == "rival" else row.region for row in rows]  # no rival reaches another
    places = wholes(at[entry.code] for entry in rivals)
    reach = reals(entry.reach.get(region, 0.0) for entry in rivals for region in regions).reshape(-1, len(rows))
    by_region = reals(entry.reach.get(region, 0.0) for entry in rivals for region in REGIONS)
    moves = reals(entry.moves.get(move, 0.0) for entry in rivals for move in MOVES)
    return {
        "rivals": places,
        "rival_budget": reals(entry.budget for entry in rivals),
        "rival_moves": moves.reshape(-1, len(MOVES)),
        "rival_reach": reach,
        "reach_region": by_region.reshape(-1, len(REGIONS)),
        "front": front_of(reach, proximity, places),
    }


def _joining(scenario: Scenario, at: dict[str, int], frameworks: tuple[str, ...]) -> dict[str, Any]:
    """Who may join a framework later, and whom the script lets join when."""
    waiting, invited = np.full(len(at), -1, dtype=np.int64), np.zeros(len(at), dtype=np.int64)
    for entry in scenario.frameworks:
        for code in entry.waiting:
            waiting[at[code]], invited[at[code]] = frameworks.index(entry.name), int(entry.invites)
    join_step, join_framework = np.full(len(at), NEVER, dtype=np.int64), np.full(len(at), -1, dtype=np.int64)
    for step, code, name in scenario.joins():
        join_step[at[code]], join_framework[at[code]] = step, frameworks.index(name)
    return {"waiting": waiting, "invited": invited, "join_step": join_step, "join_framework": join_framework}


def _script(scenario: Scenario, at: dict[str, int]) -> dict[str, Any]:
    """What the script lets happen in which quarter, whatever anybody does.

    A scenario cut short by `model_copy` still lists its later events; as in a file cut short, they do not happen.
    """
    steps = scenario.horizon
    shock, upheaval = np.zeros((steps, len(at), len(THREAT_KINDS))), np.zeros((steps, len(at)))
    for event in scenario.shocks:
        struck, step = [at[code] for code in event.states], steps_between(event.when, event.when, scenario)
        shock[step, struck, THREAT_KINDS.index(event.kind)] += event.severity
    for change in scenario.upheavals:
        changed, step = [at[code] for code in change.states], steps_between(change.when, change.when, scenario)
        upheaval[step, changed] += change.civilian_control
    breach, returned = np.zeros((steps, len(at))), np.zeros((steps, len(at)))
    for broken in scenario.breaches:
        parted, step = [at[code] for code in broken.states], steps_between(broken.when, broken.when, scenario)
        breach[step, parted] += broken.evidence
        returned[step, parted] += broken.evidence * broken.returned
    budget, mission, danger = np.ones(steps), np.zeros(steps), np.zeros(steps)
    for window in scenario.budget:
        budget[steps_between(window.begin, window.until, scenario)] *= window.multiplier
    for entry in scenario.missions:
        mission[steps_between(entry.begin, entry.until, scenario)] += entry.demand
        danger[steps_between(entry.begin, entry.until, scenario)] += entry.danger
    danger = np.minimum(1.0, danger)
    return {
        "shock": shock,
        "upheaval": upheaval,
        "breach": breach,
        "returned": returned,
        "budget": budget,
        "mission": mission,
        "mission_danger": danger,
    }


def front_of(reach: Floats, proximity: Floats, rivals: Ints) -> Floats:
    """Closeness to the strongest rival, 0 to 1: by the reach that the scenario declares or by distance (assumed).

    No rival is close to another.
    """
    front = np.zeros(proximity.shape[0])
    for v, row in enumerate(rivals):
        near = np.minimum(1.0, 1.5 * proximity[row]) * min(1.0, reach[v].max())
        front = np.maximum(front, np.maximum(reach[v], near))
    front[rivals] = 0.0
    return front


def levers_of(policy: Policy, frameworks: tuple[str, ...] = FRAMEWORKS) -> Levers:
    """A policy's levers as numbers for the compiled rules; InputError where any is none that may be."""
    return admit(f"policy {policy.title!r}", {name: getattr(policy, name) for name in LEVERS}, frameworks)
