"""A run with something switched off: what differs, what the run leaves, and the restricted measures read from it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
from pydantic import Field, field_validator

from sim.declare.levers import LEVERS, Levers
from sim.declare.names import (
    ACTIVITIES,
    ARRANGEMENTS,
    DECISION_MODES,
    DIMENSIONS,
    DOMAINS,
    FRAMEWORKS,
    INSTITUTIONS,
    MEASURES,
    MEMBER,
    MOVES,
    PARTNER,
    REGIONS,
    RIVAL,
    THREAT_KINDS,
)
from sim.declare.parameters import Parameters
from sim.inputs.errors import allowed, nearest
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy
from sim.inputs.scenario import Scenario
from sim.inputs.values import Table
from sim.law.compiled import Floats
from sim.law.measures import DECLARED
from sim.law.world import NEVER, Menu, Setting, World
from sim.runs.build import Built, build, levers_of
from sim.runs.engine import Engine, as_policy

VARIABLES: Final = (
    "trust", "interoperability", *DIMENSIONS, "capability", "kit", *DOMAINS, *INSTITUTIONS, "legitimacy", "will",
    "readiness", "warning", "expectation", "tilt", "voice", "places",
)  # fmt: skip
WHO: Final = ("partners", "members", "nonaligned", "waiting", "aspirants", *FRAMEWORKS, *REGIONS)
YEAR: Final = 4  # quarters over which a restricted state is averaged at the end of a run
COLUMNS: Final = ("gain", *(name for name in Menu._fields if name not in ("gain", "instrument", "domain", "open")))
NEVER_CHOSEN: Final = -60.0  # leaning of a rival towards a move that it never chooses


def check(name: str, names: Sequence[str]) -> str:
    """The name, or a ValueError that says what is allowed."""
    if name not in names:
        raise ValueError(f"'{name}' is not known; {allowed(names)}{nearest(name, names)}")
    return name


class Switch(Table):
    """What differs from the scenario and the policy as they are. Empty fields change nothing."""

    parameters: dict[str, float] = Field(default_factory=dict, description="other values; ranges do not bind here")
    levers: dict[str, float | str | dict[str, float]] = Field(default_factory=dict, description="other levers")
    activities: tuple[str, ...] = Field(default=(), description="activities closed, or without the named effects")
    effects: tuple[str, ...] = Field(default=(), description="columns of the menu set to zero instead of closing it")
    inside: tuple[str, ...] = Field(default=(), description="frameworks in which activities are closed; default all")
    kinds: tuple[str, ...] = Field(default=(), description="kinds of threat that do not arise")
    moves: tuple[str, ...] = Field(default=(), description="moves that no rival chooses")
    setting: dict[str, float] = Field(default_factory=dict, description="arrays of the setting filled with one value")
    feuds: bool = Field(default=True, description="false: no quarrels between states")

    @field_validator("parameters", "levers", "activities", "effects", "inside", "kinds", "moves", "setting")
    @classmethod
    def known(cls, value: Any, info: Any) -> Any:
        """Every name is one that the simulation has."""
        names: dict[str, Sequence[str]] = {
            "parameters": Parameters._fields, "levers": tuple(LEVERS), "activities": ACTIVITIES, "effects": COLUMNS,
            "inside": FRAMEWORKS, "kinds": THREAT_KINDS, "moves": MOVES, "setting": Setting._fields,
        }  # fmt: skip
        for name in value:
            check(name, names[info.field_name])
        return value


class Asked(NamedTuple):
    """A measure taken apart: what, of which kind or variable, and among whom. Plain measures have `what` only."""

    what: str
    part: str
    who: str


def parse(measure: str) -> Asked:
    """`trust`, `harm@gulf`, `harm:terrorism@partners`, `state:warning@…`, `arrangement:parp@…`, `tension@…`."""
    left, _, who = measure.partition("@")
    what, _, part = left.partition(":")
    if not who and not part:
        return Asked(check(what, MEASURES), "", "")
    check(what, ("harm", "state", "arrangement", "tension", "misperception"))
    parts = {"harm": ("", *THREAT_KINDS), "state": VARIABLES, "arrangement": ARRANGEMENTS}
    check(part, parts.get(what, ("",)))
    return Asked(what, part, check(who, REGIONS if what == "tension" else WHO))


def switched_setting(setting: Setting, frameworks: tuple[str, ...], switch: Switch) -> Setting:
    """The setting with activities, threats, moves, quarrels and whole arrays switched."""
    rows = [ACTIVITIES.index(a) for a in switch.activities] or list(range(len(ACTIVITIES)))
    menu = setting.menu
    if switch.effects:
        for column in switch.effects:
            values = getattr(menu, column).copy()
            values[rows] = 0.0
            menu = menu._replace(**{column: values})
    elif switch.activities or switch.inside:
        closed = menu.open.copy()
        for name in switch.inside or frameworks:
            closed[frameworks.index(name), rows] = 0.0
        menu = menu._replace(open=closed)
    changed: dict[str, Any] = {"menu": menu}
    for name, value in switch.setting.items():
        changed[name] = np.full_like(getattr(setting, name), value)
    if switch.kinds:
        rate, shock = setting.threats.rate.copy(), setting.shock.copy()
        for kind in switch.kinds:
            rate[setting.threats.kind == THREAT_KINDS.index(kind)] = 0.0
            shock[:, :, THREAT_KINDS.index(kind)] = 0.0
        changed |= {"threats": setting.threats._replace(rate=rate), "shock": shock}
    if switch.moves:
        leaning = setting.rival_moves.copy()
        leaning[:, [MOVES.index(move) for move in switch.moves]] = NEVER_CHOSEN
        changed["rival_moves"] = leaning
    if not switch.feuds:
        changed["feuds"] = setting.feuds._replace(strength=np.zeros_like(setting.feuds.strength))
    return setting._replace(**changed)


def switched_levers(levers: Levers, switch: Switch) -> Levers:
    """The levers with other values; tables change only where they are named."""
    changed: dict[str, Any] = {}
    for name, value in switch.levers.items():
        if isinstance(value, dict):
            array = getattr(levers, name).copy()
            for part, number in value.items():
                array[LEVERS[name].names.index(check(part, LEVERS[name].names))] = number
            changed[name] = array
        else:
            changed[name] = DECISION_MODES.index(value) if isinstance(value, str) else value
    return levers._replace(**changed)


class Trace(NamedTuple):
    """What a run leaves for every measure of the table: means over the run, and states over its last year."""

    measures: Floats  # (MEASURES,) as declared: at the end or mean
    harm: Floats  # (N, K) points a quarter, weighed with harm to people
    states: Floats  # (N, VARIABLES)
    held: Floats  # (N, ARRANGEMENTS) 1 where held at the end
    tension: Floats  # (R,)
    misperception: Floats  # (P,)


def states_of(world: World, places: Floats) -> Floats:
    """(N, VARIABLES) at one moment."""
    expected = (world.trust_for + 2.0 * world.base_trust) / (world.trust_for + world.trust_against + 2.0)
    member = (world.role == MEMBER).astype(np.float64)
    weights = np.tile(member, (len(member), 1)) * (1.0 - np.eye(len(member)))
    trust = (0.5 * (expected + expected.T) * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
    able = np.clip(world.capability + world.kit, 0.0, 1.0)
    return np.column_stack([
        trust, world.interoperability.mean(axis=1), world.interoperability, able.mean(axis=1), world.kit.mean(axis=1),
        able, world.institutions, world.legitimacy, world.will, world.readiness, world.warning, world.expectation,
        world.tilt, world.voice, places,
    ])  # fmt: skip


@lru_cache(maxsize=32)
def built_of(scenario: str) -> tuple[Scenario, Built]:
    """A shipped scenario and its arrays."""
    loaded = load_scenario(scenario)
    return loaded, build(loaded)


@lru_cache(maxsize=32)
def levers_for(policy: str, scenario: str) -> Levers:
    """A shipped policy's levers in a scenario's frameworks."""
    loaded, built = built_of(scenario)
    levers = as_policy(policy, loaded)
    assert isinstance(levers, Policy)
    return levers_of(levers, built.frameworks)


@lru_cache(maxsize=20_000)
def trace(scenario: str, policy: str, switches: str, horizon: int, seed: int, replicate: int) -> Trace:
    """One run under switches (JSON, applied in turn). Rows that share a run share it here."""
    loaded, built = built_of(scenario)
    engine = Engine(loaded, policy, seed, replicate, built=built)
    levers = levers_for(policy, scenario)
    for text in switches.split("\n"):
        switch = Switch.model_validate_json(text)
        engine.setting = switched_setting(engine.setting, built.frameworks, switch)
        engine.parameters = engine.parameters._replace(**switch.parameters)
        levers = switched_levers(levers, switch)
    engine.orders = engine.orders._replace(levers=levers)
    steps = min(horizon, loaded.horizon)
    people = engine.setting.kinds.people
    measures, harm = np.zeros((steps, len(MEASURES))), np.zeros_like(engine.quarter.harm)
    tension, misperception = np.zeros_like(engine.world.tension), np.zeros_like(engine.world.misperception)
    states = np.zeros((len(built.codes), len(VARIABLES)))
    for step in range(steps):
        engine.decide()
        engine.advance()
        measures[step] = engine.measures
        harm += engine.quarter.harm * people / steps
        tension += engine.world.tension / steps
        misperception += engine.world.misperception / steps
        if step >= steps - YEAR:
            states += states_of(engine.world, engine.quarter.done.sum(axis=1)) / min(YEAR, steps)
    at_end = np.array([DECLARED[name].over_run == "end" for name in MEASURES])
    return Trace(
        np.where(at_end, measures[-1], measures.mean(axis=0)), harm, states,
        (engine.world.arrangement != NEVER).astype(np.float64), tension, misperception,
    )  # fmt: skip


def members_of(group: str, scenario: str) -> Floats:
    """(N,) 1 for the states of a group on the first day: a framework, a region, or a name of WHO."""
    built = built_of(scenario)[1]
    setting, world = built.setting, built.world
    partner = (world.role == PARTNER) & (world.framework >= 0)
    chosen = {
        "partners": partner, "members": world.role == MEMBER, "nonaligned": partner & (setting.nonaligned > 0.5),
        "waiting": (setting.waiting >= 0) | (setting.join_step != NEVER),
        "aspirants": partner & (setting.aspiration.max(axis=0) > 0.0),
    }  # fmt: skip
    if group in REGIONS:
        return np.asarray((setting.region == REGIONS.index(group)) & (world.role != RIVAL), dtype=np.float64)
    if group in FRAMEWORKS:
        later = np.where(setting.join_step != NEVER, setting.join_framework, -1)
        joins = np.where(world.framework >= 0, world.framework, later)
        return np.asarray(joins == built.frameworks.index(group), dtype=np.float64)
    return np.asarray(chosen[group], dtype=np.float64)


def value(measure: str, found: Trace, scenario: str) -> float:
    """The number that a measure of the table has in a run."""
    what, part, who = parse(measure)
    if not who:
        return float(found.measures[MEASURES.index(what)])
    if what == "tension":
        return float(found.tension[REGIONS.index(who)])
    group = members_of(who, scenario)
    if what == "harm":
        return float((group * (found.harm[:, THREAT_KINDS.index(part)] if part else found.harm.sum(axis=1))).sum())
    if what == "misperception":
        feuds = built_of(scenario)[1].setting.feuds
        touched = np.maximum(group[feuds.a], group[feuds.b])
        return float((touched * found.misperception).sum() / touched.sum())
    table, names = (found.states, VARIABLES) if what == "state" else (found.held, ARRANGEMENTS)
    return float((group * table[:, names.index(part)]).sum() / group.sum())
