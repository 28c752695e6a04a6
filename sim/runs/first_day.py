"""The world on the first day of a scenario."""

from types import SimpleNamespace
from typing import Any

import numpy as np

from sim.declare.constants import UNSETTLED
from sim.declare.names import (
    ACTIVITIES,
    BLOCS,
    DOMAINS,
    IN_FRAMEWORK,
    ITEMS,
    MEMBER,
    PARTNER,
    RIVAL,
    ROLES,
    THREAT_KINDS,
)
from sim.declare.parameters import Parameters
from sim.inputs.first_scores import (
    Row,
    arrangements_held,
    given,
    starting_framework,
    starting_institutions,
    starting_interoperability,
    starting_track,
    waiting_since,
)
from sim.inputs.scenario import Scenario
from sim.inputs.states import load_disputes
from sim.inputs.values import quarter_index, quarter_of, start_day
from sim.law.compiled import Floats, Ints
from sim.law.mechanisms.trust import belong
from sim.law.world import NEVER, Setting, World

PRIOR_EVIDENCE = 6.0  # units of evidence that stand for what states knew of each other at the start (assumed)
TRUST_OF_SKILL = 0.6  # trust beyond the base that full interoperability stands for at the start (assumed)
RIVAL_TRUST = 0.15  # trust in and of rivals, which stays (assumed)


def roles_of(rows: list[Row]) -> Ints:
    """Rows of ROLES; outsiders are partners in no framework."""
    return np.array([ROLES.index(row.role) if row.role in ROLES else PARTNER for row in rows], dtype=np.int64)


def starting_base(setting: Setting, role: Ints, p: Parameters) -> Floats:
    """Trust to which each pair returns (N, N), by the rule that moves it; `RIVAL_TRUST` with rivals."""
    base = np.full((len(role), len(role)), RIVAL_TRUST)
    some: Any = SimpleNamespace(role=role, base_trust=base)  # all of the world that the rule reads
    belong(setting, some, 0, p)
    return base


def starting_trust(role: Ints, interoperability: Floats, base: Floats) -> tuple[Floats, Floats]:
    """Evidence at the start (assumed): partners and allies know each other beyond the base by how much they have done
    together, which shows in their interoperability.
    """
    skill = np.where(role == MEMBER, 0.0, interoperability.mean(axis=1))
    between = (role == MEMBER)[:, None] != (role == MEMBER)[None, :]
    lively = (role != RIVAL)[:, None] & (role != RIVAL)[None, :]
    expected = base + np.where(between & lively, TRUST_OF_SKILL * (skill[:, None] + skill[None, :]), 0.0)
    expected = np.clip(expected, 0.05, 0.95)
    # The opinion (for + 2 base) / (PRIOR + 2) is what is expected; where the base alone says more, evidence against.
    trust_for = np.clip(expected * (PRIOR_EVIDENCE + 2.0) - 2.0 * base, 0.0, PRIOR_EVIDENCE)
    against = np.where(trust_for > 0.0, PRIOR_EVIDENCE - trust_for, np.maximum(0.0, 2.0 * base / expected - 2.0))
    return trust_for, against


def world_of(scenario: Scenario, rows: list[Row], frameworks: tuple[str, ...], setting: Setting, active: Ints) -> World:
    """The world on the first day."""
    role, start, n = roles_of(rows), start_day(scenario.start), len(rows)
    member = role == MEMBER
    framework = np.array([starting_framework(row, scenario, frameworks) for row in rows], dtype=np.int64)
    held = [arrangements_held(row, scenario) for row in rows]
    skill = np.array([starting_interoperability(row, h, scenario) for row, h in zip(rows, held, strict=True)])
    year, wealths = float(scenario.start[:4]), zip(rows, setting.wealth, strict=True)
    arrangement = np.array([[NEVER if step is None else step for step in steps] for steps in held], dtype=np.int64)
    arrangement[:, IN_FRAMEWORK] = np.where(framework >= 0, 0, NEVER)
    suspended = [NEVER if row.fact.suspended_on(start) and row.role == "partner" else 0 for row in rows]
    track = [starting_track(row, level, scenario) for row, level in zip(rows, setting.aspiration[0], strict=True)]
    since = [waiting_since(row, scenario) for row in rows]
    given_values = {name: override.value for name, override in scenario.parameters.items()}
    base = starting_base(setting, role, Parameters(**given_values))
    trust_for, trust_against = starting_trust(role, skill, base)
    strongest = np.max(setting.reach_region, axis=0, initial=0.0)
    rivals, by_activity, by_domain = len(setting.rivals), (n, len(ACTIVITIES)), (n, len(DOMAINS))

    def take(key: str, otherwise: Floats) -> Floats:
        return np.array([given(row, key, float(o)) for row, o in zip(rows, otherwise, strict=True)])

    return World(
        role=role,
        framework=framework,
        capability=setting.native.copy(),
        kit=np.zeros(by_domain),
        interoperability=skill,
        institutions=np.array([starting_institutions(row, wealth, year) for row, wealth in wealths]),
        will=setting.base_will.copy(),
        legitimacy=take("legitimacy", np.where(member, 0.7, 0.55)),
        readiness=take("readiness", np.where(member, 0.75, 0.65)),
        fatigue=np.zeros(n),
        tilt=take("tilt", np.zeros(n)),
        expectation=np.where(member, 1.0, 0.2 + 0.3 * skill.mean(axis=1)),
        warning=np.where(member, 0.5, 0.1),
        asked=0.3 * np.tile(setting.menu.typical, (n, 1)) * (framework[:, None] >= 0),
        perceived=felt_at_start(setting, n),
        backlog=np.zeros(by_activity),
        plan=np.zeros(by_activity),
        plan_domain=np.ones(by_domain),
        plan_agreed=np.full(n, NEVER, dtype=np.int64),
        arrangement=arrangement,
        track=np.array(track, dtype=np.int64),
        track_since=np.minimum(np.array(since, dtype=np.int64), -1),
        refused=np.zeros(n, dtype=np.int64),
        last_war=last_war_of(scenario, rows),
        ratified=np.zeros((n, n), dtype=np.int64),
        suspended_until=np.array(suspended, dtype=np.int64),
        goodwill=np.where(member, 1.0, 0.0),
        voice=np.zeros(n),
        exercised=np.where(framework >= 0, 6.0, 0.0),
        deployed=np.zeros(n),
        trust_for=trust_for,
        trust_against=trust_against,
        base_trust=base,
        misperception=np.full(len(setting.feuds.a), 0.5),
        tension=0.1 + 0.3 * strongest,
        hostility=np.full(rivals, 0.5),
        pressure=np.full(rivals, 0.3),
        coercion=0.2 * setting.front,
        propaganda=0.2 * setting.front,
        wedge=np.zeros(n),
        offer=np.zeros(n),
        active=active,
        excitement=np.zeros(active.shape),
        spill=np.zeros((n, len(THREAT_KINDS))),
        item_wait=np.zeros(len(ITEMS), dtype=np.int64),
        scale=np.ones(1),
        mandate=np.ones(1, dtype=np.int64),
        cohesion=np.full(1, 0.7),
        council=np.zeros(3),
        bloc_cohesion=np.full(len(BLOCS), 0.5),
        income=np.ones(n),
    )


def last_war_of(scenario: Scenario, rows: list[Row]) -> Ints:
    """Step of the last quarter of a grave quarrel on record (N,), negative; far back for states without one."""
    last = {row.code: -NEVER for row in rows}
    for d in load_disputes() if scenario.feuds_from_record else ():
        begun = quarter_index(quarter_of(d.start), scenario.start) < 0
        if begun and d.kind == "rivalry" and d.strength >= UNSETTLED:
            ended = 0 if d.end is None else quarter_index(quarter_of(d.end), scenario.start)
            for code in {d.a, d.b} & last.keys():
                last[code] = max(last[code], min(ended, 0) - 1)
    return np.array(list(last.values()), dtype=np.int64)


def felt_at_start(setting: Setting, states: int) -> Floats:
    """Threat as felt on the first day: declared rates times the mean severity of a bounded Pareto, about
    three times its least (assumed).
    """
    felt = np.zeros((states, len(THREAT_KINDS)))
    for t, kind in enumerate(setting.threats.kind):
        felt[:, kind] += 3.0 * setting.threats.least[t] * setting.threats.rate[t] * setting.threats.schedule[t, 0]
    return felt
