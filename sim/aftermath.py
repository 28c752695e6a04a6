"""Mechanisms 7 to 10, what a quarter leaves behind: trust, rivals, time, arrangements. `advance.py` lists them all."""

from sim.compiled import Floats, part
from sim.draws import Draws
from sim.ledger import (
    BY_ACCESSION, BY_ENVY, BY_FADE, BY_FORGETTING, BY_GOVERNMENT, BY_HEARSAY, BY_IMAGE, BY_RETURN, BY_RIVALS,
    BY_UPKEEP, enter,
)  # fmt: skip
from sim.orders import Orders
from sim.parameters import Parameters
from sim.rules.arrangements import (
    change_government, closeness_of, join_frameworks, move_on_track, ratify, realign, take_arrangements,
)  # fmt: skip
from sim.rules.passage import budget_cycle, ease, mood, skill_fade, stay_ready, tire, upkeep
from sim.rules.rivals import (
    alienate, arms_dynamic, feud_heat, heat, home_cost, make_moves, misread, provocation, rally, take_offers,
)  # fmt: skip
from sim.rules.trust import count_on, envy, forget, hear, standing, trust_in_hosts
from sim.vocabulary import COMMON_FUND, DECISION_SHAPING, JOINT_DECISION, LEAD_ALLY, MEMBER, PARTNER
from sim.world import Quarter, Setting, World

EQUIPMENT, REFORM, STANDARDS, EVALUATION, POOLED = 6, 9, 10, 11, 22  # rows of the menu


@part
def trust_moves(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter, ledger: Floats,
    before: Floats,
) -> None:  # fmt: skip
    """Mechanism 7, beside what crises and activities did to trust."""
    reputation, closeness, help_given = quarter.work.reputation, quarter.work.closeness, quarter.work.help_given
    forget(p.evidence_kept, world.role, world.trust_for, world.trust_against)
    enter(BY_FORGETTING, world, ledger, before)
    standing(world.role, world.trust_for, world.trust_against, reputation)
    hear(p.hearsay, world.role, reputation, world.trust_for, world.trust_against)
    enter(BY_HEARSAY, world, ledger, before)
    closeness_of(quarter.work.engagement, world.arrangement, world.track, closeness)
    count_on(closeness, world.role, p.expectation_rate, p.promise, orders.levers.communication, world.expectation)
    total = 0.0
    count = 0
    for n in range(help_given.shape[0]):
        if world.role[n] == PARTNER and world.framework[n] >= 0:
            total = total + help_given[n]
            count += 1
    envy(
        help_given, total / count if count > 0 else 0.0, setting.feuds, step, p.envy_weight, p.resentment, world.role,
        setting.hosts, world.framework, world.trust_against,
    )  # fmt: skip
    enter(BY_ENVY, world, ledger, before)


@part
def rivals_move(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter, ledger: Floats,
    before: Floats,
) -> None:  # fmt: skip
    """Mechanism 8."""
    levers = orders.levers
    help_given, heat_of_feuds = quarter.work.help_given, quarter.work.heat
    for v in range(setting.rivals.shape[0]):
        provoked = provocation(
            quarter.effect, setting.menu, levers.warfighting, levers.size, levers.distance, setting.rival_reach[v],
            world.track, world.role, p.candidate_provocation,
        )  # fmt: skip
        world.hostility[v], world.pressure[v] = arms_dynamic(
            p.provocation_weight * provoked, p.reaction, p.restraint, p.answer, p.answer_restraint, p.grievance,
            world.hostility[v], world.pressure[v],
        )  # fmt: skip
    make_moves(
        orders.move, orders.target, setting.rivals, setting.rival_reach, p.move_memory, world.coercion,
        world.propaganda, world.wedge, world.offer, world.role,
    )  # fmt: skip
    take_offers(orders.accept, world.offer, p.tilt_rate, world.role, world.tilt)
    rally(
        quarter.attributed, world.coercion, p.rally_strength, 0.1, world.institutions, world.role, world.will,
        world.cohesion, world.tilt,
    )  # fmt: skip
    feud_heat(setting.feuds, step, setting.region, world.misperception, p.feud_weight, heat_of_feuds)
    heat(
        orders.move, world.hostility, setting.reach_region, heat_of_feuds, p.snap_gain, p.calm_gain, p.tension_settle,
        world.tension,
    )  # fmt: skip
    misread(
        setting.feuds, step, world.tension, setting.region, p.misperception_rise, p.misperception_settle,
        world.misperception,
    )  # fmt: skip
    enter(BY_RIVALS, world, ledger, before)
    alienate(
        world.pressure, setting.rival_reach, setting.nonaligned, p.backlash, levers.communication, world.role,
        help_given, world.expectation, p.words, world.legitimacy,
    )  # fmt: skip
    home_cost(help_given, world.institutions, p.home_cost, 0.1, world.role, world.legitimacy)
    enter(BY_IMAGE, world, ledger, before)


@part
def look_back(
    setting: Setting, world: World, fund: Floats, step: int, p: Parameters, quarter: Quarter
) -> None:
    """What the quarter leaves each state with (N,): its own money, threat as felt, trust in its hosts, and lent (EUR
    million): what an ally's own projects cost it, and its part of the common fund, by force weight and the share `fund`
    that it pays.
    """
    money, felt, trust, lent = quarter.work.money, quarter.work.felt, quarter.work.trust, quarter.work.lent
    common = 0.0
    force = 0.0
    for n in range(world.role.shape[0]):
        felt[n] = 0.0
        money[n] = p.partner_purse * setting.purse[n] * world.income[n] * setting.budget[step]
        trust[n] = trust_in_hosts(n, setting.hosts, world.role, world.trust_for, world.trust_against)
        if world.role[n] != MEMBER:
            common = common + quarter.spent[n, COMMON_FUND]
        else:
            force = force + setting.weight[n] * fund[n]
        for k in range(world.perceived.shape[1]):
            felt[n] = felt[n] + world.perceived[n, k]
    for n in range(world.role.shape[0]):
        lent[n] = quarter.spent[n, LEAD_ALLY] + common * (setting.weight[n] * fund[n]) / max(force, 1e-9)


@part
def time_passes(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter, ledger: Floats,
    before: Floats,
) -> None:  # fmt: skip
    """Mechanism 9."""
    step = int(draws.step)
    work = quarter.work
    rates = work.rates
    rates[0], rates[1], rates[2] = p.fade_technical, p.fade_procedural, p.fade_human
    skill_fade(rates, p.retained, world.institutions, world.role, 0.7, world.interoperability)
    enter(BY_FADE, world, ledger, before)
    look_back(setting, world, orders.fund, step, p, quarter)
    pooled = quarter.effect[:, POOLED]
    upkeep(
        p.rot, pooled, p.spill_in, work.money, p.upkeep_cost, world.institutions, world.capability, world.kit,
        setting.native, p.capability_settle,
    )  # fmt: skip
    enter(BY_UPKEEP, world, ledger, before)
    tire(quarter.load, p.fatigue_recovery, p.answer_fatigue, world.fatigue)
    stay_ready(
        work.lent, setting.weight, world.deployed, p.crowding, p.readiness_settle, world.role, world.fatigue,
        work.felt,
        world.readiness,
    )  # fmt: skip
    mood(
        setting.base_will, world.legitimacy, work.trust, world.voice, p.will_settle, p.will_pull_of_mood, world.role,
        setting.entity, draws, step, p.election_swing, world.will,
    )  # fmt: skip
    budget_cycle(setting.entity, draws, p.budget_persistence, p.budget_swing, world.income)
    shaped = orders.levers.decision_mode in (DECISION_SHAPING, JOINT_DECISION)
    ease(
        world.legitimacy, 0.55, p.legitimacy_settle, world.warning, p.warning_fade, world.voice, 0.06,
        p.ownership if shaped else 0.0, world.cohesion, 0.7, world.role,
    )  # fmt: skip
    enter(BY_RETURN, world, ledger, before)


@part
def arrangements_change(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter, ledger: Floats,
    before: Floats,
) -> None:  # fmt: skip
    """Mechanism 10."""
    step = int(draws.step)
    join_frameworks(
        setting.join_step, setting.join_framework, setting.waiting, setting.invited, world.will, p.signature_rate,
        setting.entity, draws, step, world.role, world.framework, world.arrangement,
    )  # fmt: skip
    take_arrangements(
        quarter.effect, STANDARDS, EVALUATION, REFORM, EQUIPMENT, world.interoperability, world.institutions,
        world.will, world.framework, world.role, setting.arrangement_from, step, world.suspended_until,
        p.platform_level, world.arrangement,
    )  # fmt: skip
    move_on_track(
        orders.apply, setting.aspiration, setting.aspires_from, quarter.decided, orders.item, p.merit_wanted,
        setting.action_plan_from, step, world.role, world.framework, world.suspended_until, world.interoperability,
        world.institutions, world.track, world.track_since,
    )  # fmt: skip
    change_government(
        orders.upheaval, p.government_hazard, orders.levers.conditionality, world.tilt, setting.entity, draws, step,
        int(p.suspension), world.role, world.institutions, world.will, world.suspended_until,
    )  # fmt: skip
    enter(BY_GOVERNMENT, world, ledger, before)
    ratify(
        setting.entity, draws, p.ratification_rate, setting.feuds, step, p.feud_hold, world.cohesion[0], world.role,
        world.track, world.track_since, world.ratified, world.framework, quarter.work.hold,
    )  # fmt: skip
    enter(BY_ACCESSION, world, ledger, before)
    hostility = 0.0
    for v in range(world.hostility.shape[0]):
        hostility = max(hostility, world.hostility[v])
    realign(
        setting.bloc, world.role, world.tilt, quarter.work.engagement, hostility, p.bloc_pull, p.bloc_settle,
        world.bloc_cohesion,
    )  # fmt: skip
