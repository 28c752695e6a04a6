"""What must hold in every run: legal numbers, a closed ledger, money within bounds, and luck that policies share."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.declare.levers import NUMBERS, RULES
from sim.declare.names import (
    COMMON_FUND,
    DECISION_MODES,
    DRIVERS,
    INSTRUMENTS,
    LEAD_ALLY,
    MEMBER,
    OBJECT,
    PARTNER_PURSE,
    TRUST_FUND,
)
from sim.inputs.load import load_scenario, pruned, scenario_names
from sim.inputs.policy import Policy
from sim.inputs.scenario import Scenario
from sim.inputs.tables import Threat
from sim.law.draws import draws_for
from sim.law.ledger import STOCK_TAKING, enter, new_ledger
from sim.law.mechanisms.threats import arise, draw_luck
from sim.law.world import World, copy_world, new_quarter
from sim.runs.build import Built, build
from sim.runs.engine import Engine

STEPS = 12
BUILT: dict[str, Built] = {name: build(load_scenario(name)) for name in scenario_names()}
SCORES = (
    "capability", "kit", "interoperability", "institutions", "will", "legitimacy", "readiness", "fatigue", "tilt",
    "expectation", "warning", "goodwill", "voice", "deployed", "misperception", "tension", "hostility", "pressure",
    "scale", "cohesion", "bloc_cohesion",
)  # fmt: skip
AMOUNTS = (
    "asked", "perceived", "backlog", "plan", "plan_domain", "exercised", "trust_for", "trust_against", "coercion",
    "propaganda", "wedge", "offer", "excitement", "spill", "income", "council",
)  # fmt: skip
SHARE = st.floats(0.0, 1.0)
SHARES = tuple(name for name in NUMBERS if name != "envelope")


def policy_of(envelope: float, scalars: list[float], weights: list[float], rule: int, mode: str) -> Policy:
    """A policy with any levers: shares come from weights, the targeting rule is one of the four or all alike."""
    split = {name: weight / sum(weights) for name, weight in zip(INSTRUMENTS, weights, strict=True)}
    chosen = {name: 0.25 if rule == 4 else float(i == rule) for i, name in enumerate(RULES)}
    levers = dict(zip(SHARES, scalars, strict=True))
    return Policy(title="any").model_copy(
        update={"envelope": envelope, "split": split, "rule": chosen, "decision_mode": mode, **levers}
    )


POLICIES = st.builds(
    policy_of, st.floats(0.0, 600.0), st.lists(SHARE, min_size=len(SHARES), max_size=len(SHARES)),
    st.lists(st.floats(0.01, 1.0), min_size=6, max_size=6), st.integers(0, 4), st.sampled_from(DECISION_MODES),
)  # fmt: skip
NAMES = st.sampled_from(sorted(BUILT))
SEEDS = st.integers(0, 2**64 - 1)
GAINS = ("coercion_gain", "tension_gain")
few = settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))


def engine_of(name: str, policy: Policy | str, seed: int, ledger: bool = False, **parameters: float) -> Engine:
    built = BUILT[name]
    built = built._replace(parameters=built.parameters._replace(**parameters))
    return Engine(load_scenario(name), policy, seed=seed, ledger=ledger, built=built)


def move(engine: Engine) -> None:
    engine.decide()
    engine.advance()


def scores(world: World) -> npt.NDArray[np.float64]:
    """The four scores of the ledger as they stand."""
    quarter = new_quarter(world.role.shape[0], 0, new_ledger(world.role.shape[0]))
    enter(STOCK_TAKING, world, quarter)
    return quarter.ledger.before[:4]


def exogenous(built: Built) -> npt.NDArray[np.int64]:
    """Rows of the threats whose arrivals no policy can change."""
    return np.flatnonzero(built.setting.kinds.driver[built.setting.threats.kind] == DRIVERS.index("none"))


@few
@given(NAMES, POLICIES, SEEDS)
def test_numbers_stay_finite_and_scores_between_zero_and_one(name: str, policy: Policy, seed: int) -> None:
    engine = engine_of(name, policy, seed)
    for _ in range(STEPS):
        move(engine)
        world = engine.world
        for field in world._fields:
            assert np.isfinite(getattr(world, field)).all(), field
        for field in SCORES:
            values = getattr(world, field)
            assert values.size == 0 or (values.min() >= 0.0 and values.max() <= 1.0), field
        for field in AMOUNTS:
            values = getattr(world, field)
            assert values.size == 0 or values.min() >= 0.0, field
        quarter = engine.quarter
        for field in ("severity", "harm", "delivered", "done", "effect", "spent", "lost", "load", "hours"):
            assert np.isfinite(getattr(quarter, field)).all() and getattr(quarter, field).min() >= 0.0, field
        assert (quarter.harm <= quarter.severity + 1e-12).all()
        assert quarter.load.max() <= 1.0 + 1e-12
        assert np.isfinite(engine.measures).all()


@few
@given(NAMES, POLICIES, SEEDS)
def test_contributions_add_up_to_the_change_of_every_score(name: str, policy: Policy, seed: int) -> None:
    engine = engine_of(name, policy, seed, ledger=True)
    start = scores(engine.world)
    for _ in range(STEPS):
        move(engine)
        change = scores(engine.world) - start
        assert np.abs(engine.contributions.sum(axis=0) - change).max() < 1e-9


@few
@given(NAMES, POLICIES, SEEDS)
def test_nobody_spends_what_is_not_there(name: str, policy: Policy, seed: int) -> None:
    engine = engine_of(name, policy, seed)
    setting, p = engine.setting, engine.parameters
    for step in range(STEPS):
        members = engine.world.role == MEMBER
        own = p.partner_purse * setting.purse * engine.world.income * setting.budget[step]
        move(engine)
        spent = engine.quarter.spent
        fund = 0.25 * policy.envelope * setting.budget[step] + engine.orders.lead.sum()
        on_partners = spent[~members, PARTNER_PURSE + 1 :]
        given = spent[members, LEAD_ALLY]
        assert on_partners.sum() <= fund + 1e-9
        assert given.sum() == pytest.approx(spent[~members][:, [LEAD_ALLY, TRUST_FUND]].sum(), abs=1e-9)
        assert (spent[:, PARTNER_PURSE] <= own + 1e-9).all()
        assert (given <= engine.orders.lead[members] + 1e-9).all()
        assert spent[:, COMMON_FUND].sum() <= 0.25 * policy.envelope * setting.budget[step] + 1e-9
        assert engine.quarter.hours[1] <= p.staff_hours + 1e-6
        assert engine.quarter.hours[1] <= engine.quarter.hours[0] + 1e-9
        cost = (engine.quarter.done * setting.menu.cost).sum()
        assert on_partners.sum() == pytest.approx(cost, abs=1e-9)


@few
@given(NAMES, POLICIES, POLICIES, SEEDS)
def test_two_policies_meet_the_same_exogenous_threats(name: str, one: Policy, other: Policy, seed: int) -> None:
    # Without spread, for what spreads is what a policy has left over.
    a, b = engine_of(name, one, seed, spread_share=0.0), engine_of(name, other, seed, spread_share=0.0)
    rows = exogenous(BUILT[name])
    kinds = np.flatnonzero(BUILT[name].setting.kinds.driver == DRIVERS.index("none"))
    for _ in range(STEPS):
        move(a)
        move(b)
        assert (a.quarter.arrivals[rows] == b.quarter.arrivals[rows]).all()
        assert (a.quarter.severity[:, kinds] == b.quarter.severity[:, kinds]).all()


@few
@given(NAMES, POLICIES, SEEDS)
def test_the_same_key_gives_the_same_run_to_the_bit(name: str, policy: Policy, seed: int) -> None:
    a, b = engine_of(name, policy, seed), engine_of(name, policy, seed, ledger=True)
    for _ in range(STEPS):
        move(a)
        move(b)
    for field in World._fields:
        assert getattr(a.world, field).tobytes() == getattr(b.world, field).tobytes(), field
    assert a.measures.tobytes() == b.measures.tobytes()


def test_another_seed_gives_another_run() -> None:
    a, b = engine_of("baseline_2025", "status_quo", 1), engine_of("baseline_2025", "status_quo", 2)
    for engine in (a, b):
        for _ in range(STEPS):
            move(engine)
    assert (a.quarter.severity != b.quarter.severity).any()
    assert (a.world.trust_for != b.world.trust_for).any()


WILD = np.array([np.nan, -1.0, -1e300, 1e300, np.inf, 1e7, 0.3])


@few
@given(NAMES, st.integers(0, 2**32 - 1))
def test_wild_orders_become_legal_with_reasons(name: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    engine = engine_of(name, "status_quo", 3)
    move(engine)
    for _ in range(3):
        engine.decide()
        orders, world = engine.orders, engine.world
        for values in (orders.request, orders.lead, orders.pledge, orders.troops, orders.accept):
            values[...] = rng.choice(WILD, size=values.shape)
        orders.move[...] = rng.choice(WILD[np.isfinite(WILD) | np.isnan(WILD)], size=orders.move.shape)
        for whole in (orders.stance, orders.target):
            whole[...] = rng.integers(-(2**40), 2**40, size=whole.shape)
        wild = orders.request.copy()
        goodwill, role, offered = world.goodwill.copy(), world.role.copy(), world.plan.copy()
        engine.advance()
        refused, setting = engine.quarter.refused, engine.setting
        assert (refused[np.isnan(wild) | (wild < 0.0) | (wild > 1e6)] > 0).all()
        lowered = np.isfinite(wild) & (wild > 0.0) & (orders.request == 0.0) & (offered > 0.0)
        assert (refused[lowered] > 0).all()
        for share in (orders.pledge, orders.troops, orders.accept):
            assert share.min() >= 0.0 and share.max() <= 1.0
        assert np.isfinite(orders.lead).all() and orders.lead.min() >= 0.0
        assert (orders.lead[role != MEMBER] == 0.0).all()
        assert orders.move.min(initial=0.0) >= 0.0
        assert (orders.move.sum(axis=1) <= setting.rival_budget * (1.0 + 1e-12)).all()
        assert ((orders.target >= 0) & (orders.target < len(engine.built.codes))).all()
        assert ((orders.stance >= 0) & (orders.stance <= OBJECT)).all()
        assert (orders.stance[goodwill < engine.parameters.objection_price] != OBJECT).all()
        for field in World._fields:
            assert np.isfinite(getattr(world, field)).all(), field


@few
@given(NAMES, SEEDS, st.integers(0, 8), st.floats(0.0, 2.5), st.sampled_from(GAINS))
def test_a_higher_endogenous_rate_never_removes_an_arrival(
    name: str, seed: int, at: int, more: float, gain: str
) -> None:
    engine = engine_of(name, "status_quo", seed)
    for _ in range(at):
        move(engine)
    driven = engine_of(name, "status_quo", seed, **{gain: getattr(engine.parameters, gain) + more})
    driven.world, driven.step = copy_world(engine.world), engine.step
    move(engine)
    move(driven)
    assert (driven.quarter.arrivals >= engine.quarter.arrivals).all()


def arrivals_by_name(scenario: Scenario, seed: int = 4) -> dict[tuple[str, str], tuple[int, ...]]:
    """Arrivals of exogenous threats over the steps, by threat and state."""
    built = build(scenario)
    engine = Engine(scenario, "status_quo", seed=seed, built=built)
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for _ in range(STEPS):
        move(engine)
        for t in exogenous(built):
            for n, code in enumerate(built.codes):
                key = (built.threats[t], code)
                found[key] = (*found.get(key, ()), int(engine.quarter.arrivals[t, n]))
    return found


def test_removing_states_leaves_the_arrivals_of_others_alone() -> None:
    scenario = load_scenario("baseline_2025")
    gone = ("FRA", "GEO", "JOR")
    cast = scenario.cast.model_copy(update={"leave_out": gone})
    before, after = arrivals_by_name(scenario), arrivals_by_name(pruned(scenario.model_copy(update={"cast": cast})))
    assert len({code for _, code in before}) == len({code for _, code in after}) + 3
    assert after == {key: value for key, value in before.items() if key[1] not in gone}
    assert sum(map(sum, before.values())) > 50


def test_reordering_and_adding_threats_leaves_the_arrivals_of_others_alone() -> None:
    scenario = load_scenario("baseline_2025")
    new = Threat.model_validate({"name": "added", "kind": "terrorism", "regions": ["baltic", "gulf"], "rate": 2.0})
    before = arrivals_by_name(scenario)
    after = arrivals_by_name(scenario.model_copy(update={"threats": (new, *reversed(scenario.threats))}))
    assert {key: value for key, value in after.items() if key[0] != "added"} == before
    assert sum(sum(value) for key, value in after.items() if key[0] == "added") > 20


def test_reordering_states_reorders_arrivals_and_severities_and_nothing_else() -> None:
    as_built, world, p = BUILT["baseline_2025"].setting, BUILT["baseline_2025"].world, BUILT["baseline_2025"].parameters
    states = world.role.shape[0]

    def drawn(order: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        threats = as_built.threats._replace(rate=np.ascontiguousarray(as_built.threats.rate[:, order]))
        setting = as_built._replace(threats=threats, entity=as_built.entity[order].copy())
        mixed = world._replace(active=world.active[:, order].copy(), excitement=world.excitement[:, order].copy())
        quarter = new_quarter(states, threats.kind.size)
        quarter.work.driven[:] = 1.0
        for step in range(STEPS):
            draws = draws_for(9, 0, step)
            draw_luck(setting, draws, quarter)
            arise(setting, mixed, draws, p, quarter)
        return quarter.arrivals, quarter.severity

    order = np.random.default_rng(5).permutation(states)
    as_is, mixed = drawn(np.arange(states)), drawn(order)
    assert (as_is[0][:, order] == mixed[0]).all()
    assert (as_is[1][order] == mixed[1]).all()
    assert as_is[1].sum() > 100.0
