"""The world on the first day of a scenario."""

import numpy as np

from sim.declare.names import (
    ACTIVITIES,
    BLOCS,
    DIMENSIONS,
    DOMAINS,
    INSTITUTIONS,
    ITEMS,
    MEMBER,
    PARTNER,
    REGIONS,
    ROLES,
    THREAT_KINDS,
)
from sim.inputs.first_scores import (
    Row,
    arrangements_held,
    given,
    levels,
    starting_framework,
    starting_interoperability,
    starting_track,
    years_together,
)
from sim.inputs.scenario import Scenario, start_day
from sim.law.compiled import Floats, Ints
from sim.law.world import NEVER, Setting, World

PRIOR_EVIDENCE = 6.0  # units of Beta evidence that stand for what states knew of each other at the start (assumed)


def starting_trust(setting: Setting, rows: list[Row], interoperability: Floats) -> tuple[Floats, Floats]:
    """Beta evidence at the start: allies know each other well; partners by interoperability and likeness; rivals badly.

    Expected trust of a pair: 0.80 between allies; 0.35 + 0.6 * mean interoperability for partners with allies, less
    0.05 a unit of distance between ideal points (0.02 between allies); 0.47 between partners of a region, 0.40 between
    other partners; 0.15 with rivals; less 0.3 times the strength of a live feud (assumed).
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


def world_of(scenario: Scenario, rows: list[Row], frameworks: tuple[str, ...], setting: Setting, active: Ints) -> World:
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
        return np.array(
            [o if given(r, key) is None else given(r, key) for r, o in zip(rows, otherwise, strict=True)],
            dtype=np.float64,
        )

    return World(
        role=role, framework=framework, capability=setting.native.copy(), kit=f((n, len(DOMAINS))),
        interoperability=inter,
        institutions=np.minimum(institutions, 0.98), will=setting.base_will.copy(), legitimacy=take("legitimacy",
        np.where(member, 0.7, 0.55)),
        readiness=take("readiness", np.where(member, 0.75, 0.65)), fatigue=f(n), tilt=take("tilt", f(n)),
        expectation=np.where(member, 1.0, 0.2 + 0.3 * inter.mean(axis=1)), warning=np.where(member, 0.5, 0.1),
        asked=0.3 * typical * (framework[:, None] >= 0), perceived=felt_at_start(setting, t, n, k), backlog=f((n, a)),
        plan=f((n, a)), plan_domain=np.ones((n, len(DOMAINS))), plan_agreed=np.full(n, NEVER, dtype=np.int64),
        arrangement=np.array(held, dtype=np.int64),
        track=np.array([starting_track(r, setting.aspiration[i], int(setting.aspires_from[i]), scenario) for i,
        r in enumerate(rows)], dtype=np.int64),
        track_since=np.full(n, -8, dtype=np.int64), ratified=np.zeros((n, n), dtype=np.int64),
        suspended_until=np.array(suspended, dtype=np.int64), goodwill=np.where(member, 1.0, 0.0), voice=f(n),
        exercised=np.where(framework >= 0, 6.0, 0.0), deployed=f(n), trust_for=trust_for, trust_against=trust_against,
        misperception=np.full(len(setting.feuds.a), 0.5), tension=0.1 + 0.3 * np.max(np.vstack([setting.reach_region,
        f((1, len(REGIONS)))]), axis=0),
        hostility=np.full(len(setting.rivals), 0.5), pressure=np.full(len(setting.rivals), 0.3),
        coercion=0.2 * setting.front, propaganda=0.2 * setting.front, wedge=f(n), offer=f(n), active=active,
        excitement=f((t, n)), spill=f((n, k)), item_wait=np.zeros(len(ITEMS), dtype=np.int64), scale=np.ones(1),
        mandate=np.ones(1, dtype=np.int64), cohesion=np.full(1, 0.7), council=f(3), bloc_cohesion=np.full(len(BLOCS),
        0.5),
        income=np.ones(n),
    )  # fmt: skip


def felt_at_start(setting: Setting, threats: int, n: int, k: int) -> Floats:
    """Threat as felt on the first day: declared rates times the mean severity of a bounded Pareto, about 3
    (assumed).
    """
    felt = np.zeros((n, k))
    for t in range(threats):
        felt[:, setting.threats.kind[t]] += 3.0 * setting.threats.rate[t] * setting.threats.schedule[t, 0]
    return felt
