"""The world on the first day of a scenario."""

import numpy as np

from sim.declare.names import ACTIVITIES, BLOCS, DOMAINS, IN_FRAMEWORK, ITEMS, MEMBER, PARTNER, ROLES, THREAT_KINDS
from sim.inputs.first_scores import (
    Row,
    arrangements_held,
    given,
    starting_framework,
    starting_institutions,
    starting_interoperability,
    starting_track,
)
from sim.inputs.scenario import Scenario
from sim.inputs.values import start_day
from sim.law.compiled import Floats, Ints
from sim.law.world import NEVER, Setting, World

PRIOR_EVIDENCE = 6.0  # units of Beta evidence that stand for what states knew of each other at the start (assumed)


def roles_of(rows: list[Row]) -> Ints:
    """Rows of ROLES; outsiders are partners in no framework."""
    return np.array([ROLES.index(row.role) if row.role in ROLES else PARTNER for row in rows], dtype=np.int64)


def expected_trust(a: Row, b: Row, skill: float, apart: float) -> float:
    """Expected trust of a pair that has no feud (assumed). `skill`: mean interoperability of whoever is no ally.

    0.80 between allies; 0.35 + 0.6 * skill for partners with allies, less 0.05 a unit of distance between ideal points
    (0.02 between allies); 0.47 between partners of a region, 0.40 between other partners; 0.15 with rivals.
    """
    roles = (a.role, b.role)
    if "rival" in roles:
        return 0.15
    if a.role == b.role == "member":
        return 0.80 - 0.02 * apart
    if "member" in roles:
        return 0.35 + 0.6 * skill - 0.05 * apart
    return 0.47 if a.region == b.region else 0.40


def starting_trust(setting: Setting, rows: list[Row], interoperability: Floats) -> tuple[Floats, Floats]:
    """Beta evidence at the start: expected trust of each pair, less 0.3 times the strength of a live feud (assumed)."""
    mean, ideal = interoperability.mean(axis=1), setting.ideal

    def pair(i: int, j: int) -> float:
        skill = mean[j] if rows[i].role == "member" else mean[i]
        return expected_trust(rows[i], rows[j], skill, abs(ideal[i] - ideal[j]))

    expected = np.array([[pair(i, j) for j in range(len(rows))] for i in range(len(rows))])
    feuds = setting.feuds
    for p in range(len(feuds.a)):
        if feuds.start[p] <= 0 < feuds.end[p]:
            expected[feuds.a[p], feuds.b[p]] -= 0.3 * feuds.strength[p]
            if not feuds.directed[p]:
                expected[feuds.b[p], feuds.a[p]] -= 0.3 * feuds.strength[p]
    expected = np.clip(expected, 0.05, 0.95)
    trust_for = np.maximum(0.0, expected * (PRIOR_EVIDENCE + 2.0) - 1.0)
    return trust_for, np.maximum(0.0, (1.0 - expected) * (PRIOR_EVIDENCE + 2.0) - 1.0)


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
    aspiring = zip(rows, setting.aspiration, setting.aspires_from, strict=True)
    track = [starting_track(row, level, since, scenario) for row, level, since in aspiring]
    trust_for, trust_against = starting_trust(setting, rows, skill)
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
        track_since=np.full(n, -8, dtype=np.int64),
        ratified=np.zeros((n, n), dtype=np.int64),
        suspended_until=np.array(suspended, dtype=np.int64),
        goodwill=np.where(member, 1.0, 0.0),
        voice=np.zeros(n),
        exercised=np.where(framework >= 0, 6.0, 0.0),
        deployed=np.zeros(n),
        trust_for=trust_for,
        trust_against=trust_against,
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


def felt_at_start(setting: Setting, states: int) -> Floats:
    """Threat as felt on the first day: declared rates times the mean severity of a bounded Pareto, about 3
    (assumed).
    """
    felt = np.zeros((states, len(THREAT_KINDS)))
    for t, kind in enumerate(setting.threats.kind):
        felt[:, kind] += 3.0 * setting.threats.rate[t] * setting.threats.schedule[t, 0]
    return felt
