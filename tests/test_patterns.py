"""Mechanism by mechanism, what each must show: answers to crises, learning, equipment, service and trust."""

import math
from itertools import combinations
from types import SimpleNamespace as some

import numpy as np
import pytest

from sim.declare.activities import ACTIVITY
from sim.declare.names import ACTIVITIES, CONFLICT, DISINFORMATION, DOMAINS, HUMAN, MEMBER, PARTNER
from sim.declare.parameters import Parameters
from sim.declare.threat_kinds import KINDS
from sim.inputs.load import load_scenario
from sim.law.compiled import Floats
from sim.law.forms import expected_trust
from sim.law.mechanisms.activities import build as build_up
from sim.law.mechanisms.activities import deliver, matched, reform, train
from sim.law.mechanisms.operations import serve
from sim.law.mechanisms.response import grouping_effort, list_incidents, rate_responders, respond
from sim.law.mechanisms.rivals import arms_dynamic, provocation
from sim.law.mechanisms.time_passes import skill_fade, upkeep
from sim.law.mechanisms.trust import envy, loss_weight, remember_crisis, resent
from sim.law.world import GROUP, HOSTS, Feuds, new_quarter
from sim.runs.build import build

P = Parameters()
SETTING = build(load_scenario("baseline_2025")).setting
MENU = SETTING.menu
AS_IS = P._replace(learning=1.0)  # gains as the menu states them
MIDDLING = some(levers=some(warfighting=0.5, size=0.5, distance=0.5, open_door=0.5, conditionality=0.3))
CONVENTIONAL = DOMAINS.index("conventional")


class Answer:
    """State 0, a partner, and `helpers` allies of equal weight beside it; severities fall on partners."""

    def __init__(self, helpers: int, fit: float, trust: float, struck: int = 1) -> None:
        self.n = n = helpers + struck
        self.setting = SETTING._replace(weight=np.full(n, 0.6), nearness=np.ones((n, n)))
        self.world = some(
            role=np.array([PARTNER] * struck + [MEMBER] * helpers), mandate=[1], readiness=np.ones(n),
            capability=np.full((n, len(DOMAINS)), 0.5), kit=np.zeros((n, len(DOMAINS))), warning=np.zeros(n),
            interoperability=np.full((n, 3), fit), trust_for=np.full((n, n), 10.0 * trust),
            trust_against=np.full((n, n), 10.0 * (1.0 - trust)), base_trust=np.full((n, n), 0.5),
        )  # fmt: skip
        self.orders = some(pledge=np.array([0.0] * struck + [1.0] * helpers))
        self.quarter = new_quarter(n, 1)
        self.incidents = self.quarter.incidents

    def to(self, severity: Floats) -> float:
        self.quarter.severity[:] = severity
        list_incidents(self.quarter)
        rate_responders(self.setting, self.world, self.orders, P, self.quarter)
        for at in range(self.incidents.number[0]):
            respond(at, self.setting, self.world, self.orders, P, self.quarter)
        return float(self.quarter.harm.sum())


def strike(kind: int, points: float, states: int) -> Floats:
    severity = np.zeros((states, len(KINDS)))
    severity[0, kind] = points
    return severity


def effort_of(fits: list[float]) -> float:
    """Effort for state 0 of responders of force 0.5, each with its fit: in interoperability and in trust, both ways."""
    level, came, quarter = np.array([1.0, *fits]), len(fits), new_quarter(1, 1)
    between = np.outer(level, level)
    world = some(
        interoperability=np.stack([level, level**2, level**2], axis=1),
        trust_for=40.0 * between - 1.0, trust_against=40.0 * (1.0 - between) - 1.0,
        base_trust=np.full(between.shape, 0.5),
    )  # fmt: skip
    quarter.incidents.group[0] = [*range(1, came + 1), *[-1] * (GROUP - came)]
    quarter.incidents.effort[0, :came] = 0.5
    return grouping_effort(0, world, quarter)


def test_six_strangers_do_less_than_three_who_trained_together() -> None:
    assert effort_of([0.2] * 6) == pytest.approx(3.0 * 0.2)
    assert effort_of([0.8] * 3) == pytest.approx(1.5 * 0.8)


def test_one_stranger_can_make_a_grouping_worse() -> None:
    assert effort_of([0.8, 0.8, 0.8, 0.05]) < 0.7 * effort_of([0.8, 0.8, 0.8])


def test_a_crisis_is_met_better_by_three_trained_allies_than_by_six_strangers() -> None:
    crisis = 20.0
    strangers = Answer(6, fit=0.1, trust=0.3).to(strike(CONFLICT, crisis, 7))
    trained = Answer(3, fit=0.8, trust=0.8).to(strike(CONFLICT, crisis, 4))
    alone = Answer(0, fit=0.8, trust=0.8).to(strike(CONFLICT, crisis, 1))
    assert trained < strangers - 1.0 < alone - 1.0


def test_help_is_called_by_what_struck_also_where_warning_made_it_small() -> None:
    kind = max(range(len(KINDS)), key=lambda k: float(SETTING.kinds.warning[k]))
    for severity, came in ((0.99 * P.call_above, 0), (1.01 * P.call_above, 3)):
        warned = Answer(3, 0.8, 0.8)
        warned.world.warning[0] = 1.0
        warned.to(strike(kind, severity, 4))
        assert int((warned.incidents.group[0] >= 0).sum()) == came
    assert 1.01 * P.call_above * (1.0 - P.warning_gain * SETTING.kinds.warning[kind]) < P.call_above


@pytest.mark.parametrize("kind, helps", [(DISINFORMATION, False), (1, False), (CONFLICT, True)])
def test_armour_helps_against_armies_and_not_against_disinformation_or_cyber_attack(kind: int, helps: bool) -> None:
    bare, armed = Answer(3, 0.7, 0.7), Answer(3, 0.7, 0.7)
    bare.world.capability[:, CONVENTIONAL], armed.world.capability[:, CONVENTIONAL] = 0.1, 0.9
    without, with_armour = bare.to(strike(kind, 15.0, 4)), armed.to(strike(kind, 15.0, 4))
    if helps:
        assert with_armour < 0.85 * without
    else:
        assert with_armour == without


@pytest.mark.parametrize("one, other", list(combinations(KINDS, 2)))
def test_no_two_kinds_of_threat_behave_alike(one: str, other: str) -> None:
    a, b = KINDS[one], KINDS[other]
    assert sum(abs(x - y) for x, y in zip(a.answered_by, b.answered_by, strict=True)) > 0.5
    hurts = [(k.people, k.capability, k.legitimacy, k.cohesion, k.trust, k.tension) for k in (a, b)]
    assert hurts[0] != hurts[1]
    arises = [(k.channel, k.spread, k.driver, k.arrival, k.tail, k.cap) for k in (a, b)]
    assert arises[0] != arises[1]
    assert (a.warning, a.attribution) != (b.warning, b.attribution)


def test_simultaneous_crises_queue_until_nobody_is_left() -> None:
    crises = 30
    world = Answer(4, 0.8, 0.8, struck=crises)
    severity = np.zeros((world.n, len(KINDS)))
    severity[:crises, CONFLICT] = 20.0 - 0.1 * np.arange(crises)
    world.to(severity)
    came = (world.incidents.group[:crises] >= 0).sum(axis=1)
    served = int(1.0 / P.deployment + 1e-9)
    assert (came[:served] == 4).all() and (came[served:] == 0).all()
    assert (world.incidents.wanted[:served] == 0.0).all() and (world.incidents.wanted[served:crises] > 0.5).all()
    assert world.quarter.load.max() <= 1.0
    assert world.incidents.harm[served] > world.incidents.harm[served - 1] + 1.0


def trained(level: float, places: float, joint: float = 1.0, teachers: float = 0.5, quarters: int = 1) -> list[float]:
    """Human interoperability after each quarter of live exercises."""
    effect, skill, found = np.zeros((1, len(ACTIVITIES))), np.full((1, 3), level), [level]
    effect[0, ACTIVITY.live_exercise] = places
    setting = some(menu=MENU._replace(joint=np.full(len(ACTIVITIES), joint)), front=[0.0])
    quarter = some(effect=effect, work=some(taught=np.array([[teachers, 1.0]]), own_level=[0.5]))
    for _ in range(quarters):
        train(ACTIVITY.live_exercise, setting, some(interoperability=skill), MIDDLING, AS_IS, quarter)
        found.append(float(skill[0, HUMAN]))
    return found


def test_each_exercise_teaches_less_than_the_one_before() -> None:
    gains = np.diff(trained(0.1, 1.0, quarters=20))
    assert (gains > 0.0).all() and (np.diff(gains) < 0.0).all()
    assert gains[10] < 0.5 * gains[0]
    assert trained(0.1, 4.0)[1] - 0.1 < 4.0 * gains[0]


def test_disparity_dilutes_joint_training_and_only_joint_training() -> None:
    assert matched(0.4, 0.4, P.disparity) == matched(0.5, 0.4, P.disparity) == 1.0
    assert matched(0.2, 0.8, 1.5) == pytest.approx(1.0 / 1.9)
    near, far = trained(0.1, 1.0, teachers=0.5)[1] - 0.1, trained(0.1, 1.0, teachers=0.9)[1] - 0.1
    assert far < 0.7 * near
    assert trained(0.1, 1.0, joint=0.0, teachers=0.9) == trained(0.1, 1.0, joint=0.0, teachers=0.5)


def kept_up(purse: float, governance: float, delivered: float = 0.2) -> float:
    """Share of delivered kit that is left after twelve quarters."""
    capability, kit = np.full((1, 7), 0.3), np.full((1, 7), delivered)
    world = some(capability=capability, kit=kit, institutions=np.full((1, 2), governance))
    quarter = new_quarter(1, 1)
    quarter.work.money[0] = purse
    for _ in range(12):
        upkeep(some(native=np.full((1, 7), 0.3)), world, P, quarter)
    return float(kit[0, 0] / delivered)


def test_equipment_rots_without_upkeep_or_without_institutions() -> None:
    bare = math.exp(-12 * P.rot)
    assert kept_up(0.0, 0.9) == pytest.approx(bare)
    assert kept_up(100.0, 0.0) == pytest.approx(bare)
    assert kept_up(100.0, 0.9) == pytest.approx(math.exp(-12 * P.rot * 0.1))
    assert kept_up(100.0, 0.9) > 3.0 * bare
    assert kept_up(100.0, 0.9, delivered=1e-310) == pytest.approx(kept_up(100.0, 0.9))  # a crumb


def programme(a: int, money: float, quarters: int, stop: int) -> tuple[list[float], float]:
    """Capability above what a weak state sustains, by quarter, and governance, from `money` a quarter on one thing."""
    setting = some(menu=MENU, aspiration=np.zeros((400, 1)), native=np.full((1, 7), 0.25))
    world = some(
        backlog=np.zeros((1, len(ACTIVITIES))), capability=np.full((1, 7), 0.25), kit=np.zeros((1, 7)),
        institutions=np.full((1, 2), 0.35), will=np.full(1, 0.6), plan_domain=np.ones((1, 7)),
    )  # fmt: skip
    quarter = new_quarter(1, 1)
    quarter.work.money[0] = 0.1
    found = []
    for step in range(quarters):
        quarter.done[0, a] = money / MENU.cost[a] if step < stop else 0.0
        deliver(a, setting, world, quarter)
        build_up(a, setting, world, AS_IS, quarter)
        reform(a, setting, world, MIDDLING, step, AS_IS, quarter)
        upkeep(setting, world, AS_IS, quarter)
        found.append(float((world.capability + world.kit).mean() - 0.25))
    return found, float(world.institutions[0, 1])


def test_education_beats_equipment_after_some_years() -> None:
    things, _ = programme(ACTIVITY.equipment, 0.25, 60, stop=40)
    people, governance = programme(ACTIVITY.education, 0.25, 60, stop=40)
    assert things[4] > people[4]
    assert people[39] > things[39]
    assert people[59] > 3.0 * things[59]
    assert governance > 0.45


def test_service_together_builds_human_skill_trust_and_voice_and_they_fade_afterwards() -> None:
    role, hosts = np.array([PARTNER, MEMBER]), np.full((2, HOSTS), -1)
    hosts[0, 0] = 1
    skill, good, voice = np.full((2, 3), 0.2), np.ones((2, 2)), np.zeros(2)
    world = some(deployed=np.ones(2), role=role, interoperability=skill, trust_for=good, voice=voice)
    for _ in range(16):
        serve(some(hosts=hosts), world, P)
    after = skill[0].copy()
    assert after[HUMAN] > after[1] + 0.1 > after[0] + 0.2 == 0.4
    assert good[0, 1] == good[1, 0] == pytest.approx(1.0 + 16 * 10 * P.service)
    assert voice[0] > 0.8
    for _ in range(12):
        skill_fade(some(role=role, institutions=np.zeros((2, 2)), interoperability=skill), P)
    assert skill[0, HUMAN] < 0.3 * after[HUMAN]
    assert skill[0, 0] > 0.7 * after[0]


def crisis(expected: float, help_came: bool, asymmetry: float = P.asymmetry) -> tuple[float, float]:
    """Evidence for and against ally 1 that partner 0 gains from one crisis of severity 10; doubt and thanks weigh 1."""
    quarter = new_quarter(2, 1)
    incidents = quarter.incidents
    incidents.number[0], incidents.severity[0], incidents.kind[0] = 1, 10.0, CONFLICT
    incidents.group[0, :] = -1
    if help_came:
        incidents.group[0, 0], incidents.effort[0, 0] = 1, 10.0
    good, bad, hosts = np.full((2, 2), 2.0), np.full((2, 2), 2.0), np.full((2, HOSTS), -1)
    hosts[0, 0] = 1
    role, base = np.array([PARTNER, MEMBER]), np.full((2, 2), 0.5)
    world = some(role=role, expectation=[expected, 1.0], trust_for=good, trust_against=bad, base_trust=base)
    p = P._replace(call_above=1.0, doubt=1.0, thanks=1.0, asymmetry=asymmetry)
    remember_crisis(CONFLICT, some(hosts=hosts, kinds=some(trust=np.ones(len(KINDS)))), world, p, quarter)
    return good[0, 1] - 2.0, bad[0, 1] - 2.0


def test_trust_is_lost_faster_than_it_is_won() -> None:
    won, lost = crisis(1.0, True), crisis(1.0, False)
    assert won == (1.0, 0.0) and lost == (0.0, P.asymmetry)
    assert 0.5 - expected_trust(2.0, 2.0 + lost[1], 0.5) > 1.5 * (expected_trust(2.0 + won[0], 2.0, 0.5) - 0.5)
    assert loss_weight(0.5, 2.25) == 2.25 > loss_weight(0.9, 2.25) == loss_weight(0.1, 2.25) > 1.0


def test_an_unanswered_attack_costs_trust_in_proportion_to_the_gap() -> None:
    costs = [crisis(expected, False)[1] for expected in (0.0, 0.2, 0.4, 0.8)]
    assert costs[0] == 0.0
    assert costs[1:] == pytest.approx([costs[1], 2.0 * costs[1], 4.0 * costs[1]])
    assert crisis(0.8, True)[1] == 0.0


def test_help_to_one_lowers_its_rivals_trust_and_those_left_out_resent_it() -> None:
    hosts = np.full((4, HOSTS), -1)
    hosts[:3, 0] = 3
    no = np.array([0])
    feud = Feuds(no, np.array([1]), np.array([0.8]), no, np.array([99]), directed=no, operation=no)
    bad = np.zeros((4, 4))
    setting = some(feuds=feud, hosts=hosts)
    world = some(role=[PARTNER] * 3 + [MEMBER], framework=[0] * 4, trust_against=bad, scale=[1.0])
    quarter = some(work=some(help_given=np.array([0.9, 0.4, 0.1, 0.0])))
    envy(setting, world, 5, P, quarter)
    assert bad[:, 3] == pytest.approx([0.0, P.envy_weight * 0.5 * 0.8, 0.0, 0.0])
    bad[:] = 0.0
    resent(setting, world, P, quarter)  # the mean over three partners is 1.4 / 3
    assert bad[:, 3] == pytest.approx([0.0, P.resentment * 0.2 / 1.4, P.resentment * 1.1 / 1.4, 0.0])
    for help_given in ([0.0, 0.0, 0.0, 0.0], [5e-324, 0.0, 0.0, 0.0]):  # a mean of nothing leaves nobody out
        bad[:] = 0.0
        resent(setting, world, P, some(work=some(help_given=np.array(help_given))))
        assert (bad == 0.0).all()


def provoked(a: int, warfighting: float = 0.5, size: float = 0.5, distance: float = 0.5, reach: float = 1.0) -> float:
    effect = np.zeros((1, len(ACTIVITIES)))
    effect[0, a] = 1.0
    setting, levers = (
        some(menu=MENU, rival_reach=[[reach]]),
        some(warfighting=warfighting, size=size, distance=distance),
    )
    return provocation(0, setting, some(role=[PARTNER], track=[0]), some(levers=levers), P, some(effect=effect))


def test_provocation_follows_type_size_and_distance() -> None:
    live, staff, table = ACTIVITY.live_exercise, ACTIVITY.command_post_exercise, ACTIVITY.table_top_exercise
    assert provoked(live) > 2.0 * provoked(staff) > 4.0 * provoked(table) > provoked(ACTIVITY.seminars) == 0.0
    assert provoked(live, warfighting=1.0) == pytest.approx(5.0 * provoked(live, warfighting=0.0))
    assert provoked(live, size=1.0) == pytest.approx(3.0 * provoked(live, size=0.0))
    assert provoked(live, distance=1.0) == pytest.approx(0.3 * provoked(live, distance=0.0))
    assert provoked(live, reach=0.5) == pytest.approx(0.5 * provoked(live))
    assert provoked(live, reach=0.0) == 0.0


def test_both_sides_of_a_security_dilemma_end_higher_than_either_wanted() -> None:
    world = some(hostility=[0.4, 0.4], pressure=[0.2, 0.2])
    for _ in range(60):
        for v, amount in enumerate((0.0, 0.02)):
            arms_dynamic(v, amount, world, P._replace(provocation_weight=1.0))
    calm, hot = world.hostility
    assert hot > calm + 0.1
    # Without the rival's reaction the same provocation would raise the pressure by amount / restraint only.
    assert world.pressure[1] - world.pressure[0] > 1.1 * 0.02 / P.restraint
