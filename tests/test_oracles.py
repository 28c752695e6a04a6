"""Rules against what a few lines of plain arithmetic say: missions, readiness, objections, rivals' targets, trust."""

import math
from types import SimpleNamespace as some

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.declare.activities import ACTIVITY
from sim.declare.names import (
    COMMON_FUND,
    CONSENSUS,
    HUMAN,
    JOINT_DECISION,
    LEAD_ALLY,
    LET_PASS,
    MEMBER,
    OBJECT,
    PARTNER,
    PROGRAMME,
    RIVAL,
)
from sim.inputs.load import load_scenario
from sim.law.choices.rival import lean_on
from sim.law.compiled import Floats
from sim.law.draws import RIVAL_CHOICE, draws_for, uniform
from sim.law.ledger import BY_FORGETTING, BY_HEARSAY
from sim.law.mechanisms.activities import reform, train
from sim.law.mechanisms.council import count_stances, hold_council
from sim.law.mechanisms.operations import deploy
from sim.law.mechanisms.time_passes import stay_ready
from sim.law.mechanisms.trust import forget, hear
from sim.law.world import HOSTS, PEERS
from sim.runs.build import build
from sim.runs.engine import Engine

BASE = build(load_scenario("baseline_2025"))
MENU = BASE.setting.menu


def engine_with(ledger: bool = False, **parameters: float) -> Engine:
    """A run of the baseline with some parameters changed."""
    built = BASE._replace(parameters=BASE.parameters._replace(**parameters))
    return Engine(load_scenario("baseline_2025"), "status_quo", seed=4, ledger=ledger, built=built)


def move(engine: Engine, quarters: int = 1) -> None:
    for _ in range(quarters):
        engine.decide()
        engine.advance()


# ------------------------------------------------------------------------------------ missions


def sent(troops: list[float], demand: float, weight: list[float], role: list[int] | None = None) -> list[float]:
    n = len(troops)
    world = some(role=role or [MEMBER] * n, suspended_until=[0] * n, deployed=np.full(n, 9.0))
    deploy(some(mission=[demand], weight=weight), world, some(troops=troops), 0)
    return world.deployed.tolist()


def test_missions_take_what_is_offered_up_to_their_demand() -> None:
    assert sent([0.5, 1.0], 1.0, [2.0, 1.0]) == [0.25, 0.5]  # 2 offered for 1: all are cut to half
    assert sent([0.5, 1.0], 2.0, [2.0, 1.0]) == sent([0.5, 1.0], 50.0, [2.0, 1.0]) == [0.5, 1.0]
    assert sent([0.5, 1.0], 0.0, [2.0, 1.0]) == sent([0.0, 0.0], 3.0, [2.0, 1.0]) == [0.0, 0.0]
    assert sent([1.0, 1.0, 1.0], 1.0, [1.0, 1.0, 8.0], [MEMBER, PARTNER, RIVAL]) == [0.5, 0.5, 0.0]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.02, 3.0)), min_size=1, max_size=12), st.floats(0.001, 20.0))
def test_what_serves_weighs_what_is_needed_or_all_that_is_offered(
    states: list[tuple[float, float]], demand: float
) -> None:
    troops, weight = [troop for troop, _ in states], [size for _, size in states]
    deployed = sent(troops, demand, weight)
    offered = sum(troop * size for troop, size in states)
    serving = sum(share * size for share, size in zip(deployed, weight, strict=True))
    assert serving == pytest.approx(min(demand, offered), rel=1e-12)
    assert all(share <= troop for share, troop in zip(deployed, troops, strict=True))


def test_in_a_run_missions_get_exactly_what_they_need() -> None:
    engine = engine_with()
    for step in range(6):
        move(engine)
        serving = float((engine.world.deployed * engine.setting.weight).sum())
        assert serving == pytest.approx(engine.setting.mission[step], rel=1e-12)


# ------------------------------------------------------------------------------------ readiness and who bears what


def ready(lent: Floats, weight: Floats, role: list[int], exercised: float = 0.0) -> Floats:
    """Where readiness settles in states that lend and exercise so much, do nothing else and feel no threat."""
    menu, effect = some(is_exercise=np.array([0, 1])), np.tile([9.0, exercised], (len(role), 1))
    nothing, p = np.zeros(len(role)), BASE.parameters._replace(crowding=0.01, recovery=1.0)
    world = some(role=role, deployed=nothing, fatigue=nothing, readiness=np.full(len(role), 0.7))
    stay_ready(some(weight=weight, menu=menu), world, p, some(work=some(lent=lent, felt=nothing), effect=effect))
    return world.readiness


def test_what_an_ally_gives_costs_readiness_by_its_size_and_never_more_in_a_small_one() -> None:
    weight, common, own = np.array([0.05, 0.5, 3.0]), 30.0, 2.0  # EUR million a quarter; own projects by size as well
    lost = 0.85 - ready(own * weight + common * weight / weight.sum(), weight, [MEMBER] * 3)
    assert lost == pytest.approx(0.01 * (own + common / 3.55) * weight / (0.2 + weight), rel=1e-12)
    assert lost[0] < lost[1] < lost[2] < 0.01 * (own + common / 3.55)


def test_partners_readiness_does_not_pay_for_the_programme() -> None:
    readiness = ready(np.full(2, 9.0), np.ones(2), [PARTNER, MEMBER])
    assert readiness.tolist() == [0.85, pytest.approx(0.85 - 0.01 * 9.0 / 1.2)]


def test_partners_that_exercise_are_readier_and_each_exercise_adds_less() -> None:
    settled = [ready(np.zeros(1), np.ones(1), [PARTNER], places)[0] - 0.85 for places in (0.0, 1.0, 2.0, 50.0)]
    assert settled == pytest.approx([0.12 * (1.0 - math.exp(-places)) for places in (0.0, 1.0, 2.0, 50.0)], abs=1e-12)


def test_in_a_run_readiness_is_charged_with_own_projects_and_a_part_of_the_common_fund_by_weight() -> None:
    engine = engine_with()
    p, weight = engine.parameters, engine.setting.weight
    move(engine)  # the first programme is agreed; it counts from the next quarter
    for _ in range(4):
        before, member = engine.world.readiness.copy(), engine.world.role == MEMBER
        move(engine)
        world, spent = engine.world, engine.quarter.spent
        common = spent[~member, COMMON_FUND].sum()
        assert common > 1.0
        lent = spent[:, LEAD_ALLY] + common * weight / weight[member].sum()
        charge = np.where(member, p.crowding * lent / (0.2 + weight), 0.0)
        exercised = engine.quarter.effect @ engine.setting.menu.is_exercise
        burden = 0.2 * world.deployed + 0.4 * world.fatigue + charge - 0.12 * (1.0 - np.exp(-exercised))
        wanted = np.clip(0.85 + 0.005 * world.perceived.sum(axis=1) - burden, 0.1, 1.0)
        assert world.readiness == pytest.approx(before + p.recovery * (wanted - before), rel=1e-12)
        of_the_fund = (p.crowding * common * weight / weight[member].sum() / (0.2 + weight))[member]
        assert (np.diff(of_the_fund[np.argsort(weight[member])]) >= 0.0).all()


# ------------------------------------------------------------------------------------ objections under joint decision


def council(stances: list[int], roles: list[int], mode: int) -> tuple[list[float], float, int]:
    """Goodwill, cohesion and result after one round on the programme; goodwill starts at 0.8, cohesion at 0.7."""
    n, items = len(stances), np.zeros(4, dtype=np.int64)
    world = some(role=np.array(roles), item_wait=items.copy(), goodwill=np.full(n, 0.8), cohesion=np.full(1, 0.7))
    orders = some(item=np.array([0, -1, -1, -1]), stance=np.array(stances)[:, None], levers=some(decision_mode=mode))
    quarter = some(decided=items, target=items.copy())
    hold_council(world, orders, some(objection_price=0.3, goodwill_recovery=0.0, dissent_cost=0.02), quarter)
    return world.goodwill.tolist(), float(world.cohesion[0]), int(quarter.decided[PROGRAMME])


def test_allies_alone_share_the_price_of_an_objection_that_partners_join() -> None:
    stances, roles = [OBJECT, OBJECT, LET_PASS, OBJECT, OBJECT], [MEMBER, MEMBER, MEMBER, PARTNER, PARTNER]
    orders = some(stance=np.array(stances)[:, None], levers=some(decision_mode=JOINT_DECISION))
    assert count_stances(PROGRAMME, some(role=np.array(roles)), orders) == (4, 0, 2)
    goodwill, cohesion, result = council(stances, roles, JOINT_DECISION)
    assert goodwill == pytest.approx([0.65, 0.65, 0.8, 0.8, 0.8])  # 0.3 shared by two allies, not by four states
    assert cohesion == pytest.approx(0.68) and result == 0
    assert council(stances, roles, CONSENSUS) == (goodwill, cohesion, result)


def test_what_only_partners_hold_up_costs_no_ally_goodwill() -> None:
    stances, roles = [LET_PASS, LET_PASS, OBJECT], [MEMBER, MEMBER, PARTNER]
    goodwill, cohesion, result = council(stances, roles, JOINT_DECISION)
    assert goodwill == [0.8, 0.8, 0.8] and cohesion == pytest.approx(0.68) and result == 0
    assert council(stances, roles, CONSENSUS) == ([0.8, 0.8, 0.8], 0.7, 2)


# ------------------------------------------------------------------------------------ whom rivals lean on


def leaned_on(step: int, rival: int, entity: list[int]) -> int:
    """The last two states are rivals; all others are partners within equal reach of either."""
    n = len(entity)
    role = np.array([PARTNER] * (n - 2) + [RIVAL, RIVAL])
    setting = some(entity=np.array(entity), rivals=np.array([n - 2, n - 1]), rival_reach=np.ones((2, n)))
    world = some(role=role, track=np.zeros(n, dtype=np.int64))
    orders = some(desk=some(engagement=np.zeros(n)))
    return lean_on(rival - (n - 2), setting, world, orders, draws_for(6, step, step), BASE.parameters)


def test_each_rival_draws_for_itself_whom_it_leans_on() -> None:
    entity = [3, 14, 15, 92, 65, 35, 89]
    same = 0
    for step in range(400):
        draws = draws_for(6, step, step)
        for rival in (5, 6):
            luck = [uniform(draws, RIVAL_CHOICE, entity[n], entity[rival]) for n in range(5)]
            assert leaned_on(step, rival, entity) == int(np.argmax(luck))
        same += leaned_on(step, 5, entity) == leaned_on(step, 6, entity)
    assert same / 400 == pytest.approx(0.2, abs=0.08)  # as two independent choices among five


def test_another_rival_shifts_no_rivals_choice() -> None:
    before = [leaned_on(step, 5, [3, 14, 15, 92, 65, 35, 89]) for step in range(50)]
    assert before == [leaned_on(step, 5, [3, 14, 15, 92, 65, 35, 11]) for step in range(50)]


# ------------------------------------------------------------------------------------ forgetting and hearsay


ROLES = np.array([MEMBER, MEMBER, PARTNER, PARTNER, RIVAL])


def evidence() -> tuple[Floats, Floats]:
    rng = np.random.default_rng(3)
    return 5.0 * rng.random((5, 5)), 5.0 * rng.random((5, 5))


def test_forgetting_keeps_a_share_of_all_evidence_and_leaves_rivals() -> None:
    (good, bad), (was_good, was_bad) = evidence(), evidence()
    forget(some(role=ROLES, trust_for=good, trust_against=bad), BASE.parameters._replace(evidence_kept=0.9))
    kept = np.where((ROLES[:, None] == RIVAL) | (ROLES[None, :] == RIVAL), 1.0, 0.9)
    assert good == pytest.approx(kept * was_good, rel=1e-12) and bad == pytest.approx(kept * was_bad, rel=1e-12)


def test_hearsay_comes_from_peers_and_hosts_and_weighs_as_its_source_is_trusted() -> None:
    """Partner 2 hears of allies from its peer 3; ally 1 hears of partner 2 from ally 0, who hosts it; nobody else."""
    (good, bad), (was_good, was_bad) = evidence(), evidence()
    hosts, peers = np.full((5, HOSTS), -1), np.full((5, PEERS), -1)
    hosts[2, 0], peers[2, 0] = 0, 3
    base = np.full((5, 5), 0.4)
    world = some(role=ROLES, framework=[0, 0, 1, 1, -1], trust_for=good, trust_against=bad, base_trust=base)
    hear(some(hosts=hosts, peers=peers), world, BASE.parameters._replace(hearsay=0.2))
    told = {(2, 0): (3, PEERS), (2, 1): (3, PEERS), (1, 2): (0, HOSTS)}
    for i in range(5):
        for j in range(5):
            more, worse = was_good[i, j], was_bad[i, j]
            if (i, j) in told:
                source, of = told[i, j]
                heeded = (was_good[i, source] + 0.8) / (was_good[i, source] + was_bad[i, source] + 2.0)
                more += 0.2 / of * max(0.0, heeded * was_good[source, j] - more)
                worse += 0.2 / of * max(0.0, heeded * was_bad[source, j] - worse)
            assert good[i, j] == pytest.approx(more, rel=1e-12) and bad[i, j] == pytest.approx(worse, rel=1e-12)
    assert (good + bad)[[2, 2, 1], [0, 1, 2]].sum() > (was_good + was_bad)[[2, 2, 1], [0, 1, 2]].sum()


def test_the_ledger_enters_forgetting_and_hearsay_apart() -> None:
    nothing_heard, nothing_forgotten = engine_with(True, hearsay=0.0), engine_with(True, evidence_kept=1.0)
    move(nothing_heard, 3)
    move(nothing_forgotten, 3)
    assert (nothing_heard.contributions[BY_HEARSAY] == 0.0).all()
    assert (nothing_forgotten.contributions[BY_FORGETTING] == 0.0).all()
    for entry in (nothing_heard.contributions[BY_FORGETTING], nothing_forgotten.contributions[BY_HEARSAY]):
        assert np.abs(entry[0]).max() > 1e-4 and (entry[1:] == 0.0).all()  # trust, and no other score


# ------------------------------------------------------------------------------------ exercises and reforms


def exercised(size: float) -> float:
    """What a live exercise taught Georgia's forces in people, as a multiple of its own gain, with nothing forgotten."""
    still = {"fading": 0.0, "service": 0.0}
    engine = engine_with(retained=0.0, follow_up=0.0, **still)
    engine.orders = engine.orders._replace(levers=engine.levers._replace(size=size))
    n = engine.built.codes.index("GEO")
    engine.world.backlog[n, ACTIVITY.live_exercise] = MENU.lag[ACTIVITY.live_exercise]
    before = float(engine.world.interoperability[n, HUMAN])
    engine.advance()
    gain = MENU.gain[ACTIVITY.live_exercise, HUMAN]
    return float(-np.log((1.0 - engine.world.interoperability[n, HUMAN]) / (1.0 - before)) / gain)


def test_disparity_weighs_more_in_large_exercises() -> None:
    small, middle, large = exercised(0.0), exercised(0.5), exercised(1.0)
    assert 0.0 < large < middle < small
    # Each is quality / (1 + disparity * (0.5 + size) * gap), so the inverses rise evenly, by what the gap says.
    assert 1.0 / middle - 1.0 / small == pytest.approx(1.0 / large - 1.0 / middle, rel=1e-9)
    world, hosts = BASE.world, BASE.setting.hosts[BASE.codes.index("GEO")]
    gap = world.capability[hosts].mean() - world.capability[BASE.codes.index("GEO")].mean()
    once = BASE.parameters.disparity * gap
    # Harm of the quarter moved capability a little.
    assert small / middle == pytest.approx((1.0 + once) / (1.0 + 0.5 * once), rel=0.01)


def reformed(prospect: float) -> tuple[float, float, float]:
    institutions, will = np.full((1, 2), 0.4), np.full(1, 0.6)
    setting = some(menu=some(institutions=[0.1]), aspiration=np.ones((400, 1)))
    orders = some(levers=some(conditionality=0.5, open_door=prospect))
    p = BASE.parameters._replace(elite_resistance=0.3, learning=1.0)
    reform(0, setting, some(institutions=institutions, will=will), orders, 0, p, some(effect=np.ones((1, 1))))
    return float(institutions[0, 0]), float(institutions[0, 1]), float(will[0])


def test_reforms_go_half_as_far_again_where_membership_is_in_view() -> None:
    amount = 0.1 * (0.5 + 0.5) * (1.0 - 0.3 * 0.6) * 0.6
    for prospect in (0.0, 0.4, 1.0):
        gained = amount * (1.0 + 0.5 * prospect)
        control, governance, will = reformed(prospect)
        assert control == pytest.approx(1.0 - 0.6 * np.exp(-gained), rel=1e-12)
        assert governance == pytest.approx(1.0 - 0.6 * np.exp(-1.3 * gained), rel=1e-12)
        assert will == pytest.approx(0.6 - 0.15 * gained * 0.3 * 0.6, rel=1e-12)


def test_train_divides_by_disparity_times_the_gap() -> None:
    gain = np.array([[0.05, 0.09, 0.1]])
    setting = some(menu=some(gain=gain, joint=[1.0], is_exercise=[0.0]))
    quarter = some(effect=np.full((1, 1), 2.0), work=some(taught=np.array([[0.8, 0.9]]), own_level=[0.4]))
    for disparity in (0.75, 2.25):
        skill, p = np.full((1, 3), 0.3), BASE.parameters._replace(disparity=disparity, learning=1.0)
        train(0, setting, some(interoperability=skill), some(levers=some()), p, quarter)
        quality = 0.9 / (1.0 + disparity * 0.4)
        assert skill[0] == pytest.approx(1.0 - 0.7 * np.exp(-2.0 * gain[0] * quality), rel=1e-12)
