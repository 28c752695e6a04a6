"""The ten mechanisms, each a section that unpacks the named tuples and calls its rules in order.

Sections are called by compiled code only (see `compiled.section`); `advance.py` is their table of contents.
"""

import numpy as np

from sim.compiled import Floats, Integer, part, section
from sim.draws import Draws
from sim.ledger import (
    BY_ACCESSION, BY_ENVY, BY_FADE, BY_FORGETTING, BY_GOVERNMENT, BY_HEARSAY, BY_IMAGE, BY_LEAKS, BY_RETURN, BY_RIVALS,
    BY_UPKEEP, FIRST_THREAT, capability_score, close,
)  # fmt: skip
from sim.orders import Orders
from sim.parameters import Parameters
from sim.rules.activities import (
    acquaint, build, clear_misperception, deliver, host_levels, leak, reform, share_warning, train, win_support,
)  # fmt: skip
from sim.rules.arrangements import (
    change_government, closeness_of, join_frameworks, move_on_track, ratify, realign, take_arrangements, train_up,
)  # fmt: skip
from sim.rules.council import admit_outsider, carry_out, hold_council, renew_plans
from sim.rules.operations import bear_losses, deploy, serve
from sim.rules.participation import pay
from sim.rules.passage import budget_cycle, ease, mood, skill_fade, stay_ready, tire, upkeep
from sim.rules.response import feel, harm_regions, harm_states, list_incidents, respond, spread
from sim.rules.rivals import (
    alienate, arms_dynamic, feud_heat, heat, home_cost, make_moves, misread, provocation, rally, take_offers,
)  # fmt: skip
from sim.rules.threats import add_script, add_spill, arise, attribute, draw_luck, drive
from sim.rules.trust import count_on, envy, forget, hear, remember_crisis, standing, trust_in_hosts
from sim.vocabulary import COMMON_FUND, DCB, DECISION_SHAPING, JOINT_DECISION, LEAD_ALLY, MEMBER, PARTNER
from sim.world import GROUP, Quarter, Setting, World

EXERCISES = 4  # the first rows of the menu
EQUIPMENT, TECHNOLOGY, REFORM, STANDARDS, EVALUATION, TRANSPARENCY = 6, 7, 9, 10, 11, 15
INTELLIGENCE, DIGITAL, POOLED = 17, 20, 22


@part
def enter(cause: Integer, world: World, ledger: Floats, before: Floats) -> None:
    """Close the ledger under `cause`."""
    close(
        cause, world.role, world.trust_for, world.trust_against, world.interoperability, world.capability, world.kit,
        world.legitimacy, ledger, before,
    )  # fmt: skip


@section
def threats_arise(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 1."""
    n_states = world.role.shape[0]
    step = int(draws.step)
    gains = np.zeros(4)
    gains[1], gains[2], gains[3] = p.coercion_gain, p.propaganda_gain, p.tension_gain
    local = np.zeros(n_states)
    for n in range(n_states):
        local[n] = world.tension[setting.region[n]]
    driven = np.zeros((n_states, 4))
    drive(world.coercion, world.propaganda, local, gains, driven)
    luck = np.zeros(quarter.arrivals.shape)
    draw_luck(setting.threats.label, setting.entity, draws, luck)
    quarter.severity[:, :] = 0.0
    arise(
        setting.threats, setting.kinds.driver, driven, setting.entity, step, draws, world.active, world.excitement,
        p.excitement_fade, luck, quarter.arrivals, quarter.severity,
    )  # fmt: skip
    add_script(orders.inject, quarter.severity)
    add_spill(world.spill, p.spill_cap, quarter.severity)
    attribute(quarter.severity, setting.kinds.attribution, setting.entity, draws, quarter.attributed)
    feel(quarter.severity, p.threat_memory, world.perceived)


@part
def bear_harm(
    setting: Setting, world: World, p: Parameters, quarter: Quarter, ledger: Floats, before: Floats
) -> None:
    """What is left of each kind of threat does its harm, and is remembered."""
    kinds = setting.kinds
    for k in range(kinds.people.shape[0]):
        harm_states(
            k, quarter.harm, kinds.answered_by, p.harm_to_capability * kinds.capability[k],
            p.harm_to_legitimacy * kinds.legitimacy[k], world.role, world.capability, world.legitimacy,
        )  # fmt: skip
        harm_regions(
            k, quarter.harm, p.harm_to_tension * kinds.tension[k], p.harm_to_cohesion * kinds.cohesion[k],
            setting.region, world.role, world.tension, world.cohesion,
        )  # fmt: skip
        remember_crisis(
            k, quarter.incidents, p.call_above, p.doubt * kinds.trust[k], p.thanks, p.asymmetry, world.expectation,
            world.role, setting.hosts, world.trust_for, world.trust_against, quarter.delivered,
        )  # fmt: skip
        enter(FIRST_THREAT + k, world, ledger, before)


@section
def states_answer(
    setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter, ledger: Floats, before: Floats
) -> None:
    """Mechanism 2, and what harm does; the trust that follows is entered with the kind of threat that caused it."""
    kinds = setting.kinds
    quarter.load[:] = 0.0
    quarter.delivered[:] = 0.0
    list_incidents(quarter.severity, 0.3, quarter.incidents, quarter.harm)
    respond(
        world.capability, world.kit, kinds.answered_by, kinds.warning, world.readiness, world.warning,
        world.interoperability, world.trust_for, world.trust_against, setting.weight, setting.nearness, world.role,
        orders.pledge, world.mandate[0], quarter.apart, p.own_effort, p.help_effort, p.weakest_link,
        p.warning_gain, p.deployment, p.call_above, GROUP, quarter.load, quarter.harm, quarter.incidents,
    )  # fmt: skip
    bear_harm(setting, world, p, quarter, ledger, before)
    ties = np.zeros(world.role.shape[0])
    for n in range(ties.shape[0]):
        ties[n] = world.interoperability[n, 0]
    spread(
        quarter.harm, kinds.channel, kinds.spread * p.spread_share, setting.proximity, setting.region, ties, world.spill
    )


@section
def council_decides(setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 3."""
    hold_council(
        orders.item, orders.stance, world.role, orders.levers.decision_mode, p.objection_price, p.goodwill_recovery,
        p.dissent_cost, world.item_wait, world.goodwill, world.cohesion, quarter.decided, quarter.target,
    )  # fmt: skip
    for i in range(quarter.decided.shape[0]):
        if quarter.decided[i] >= 0:
            world.council[0] += 1.0 if quarter.decided[i] > 0 else 0.0
            world.council[1] += 1.0
            world.council[2] += 1.0 if quarter.decided[i] == 0 else 0.0
    carry_out(quarter.decided, p.amended_scale, p.held_scale, world.scale, world.mandate)
    admit_outsider(quarter.decided, orders.item, setting.waiting, step, world.framework, world.arrangement)
    renew_plans(
        world.plan, world.plan_domain, orders.plan, orders.plan_domain, world.framework, setting.entity, step,
        int(p.planning_cycle), world.plan_agreed,
    )  # fmt: skip


@part
def partners_take_part(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 4: admitted requests are what is done; it is paid for, remembered, and counted as training."""
    quarter.spent[:, :] = 0.0
    for n in range(world.role.shape[0]):
        for a in range(world.asked.shape[1]):
            quarter.done[n, a] = orders.request[n, a]
            world.asked[n, a] = p.asked_memory * world.asked[n, a] + (1.0 - p.asked_memory) * quarter.requested[n, a]
    pay(quarter.done, setting.menu, orders.lead, world.role, world.arrangement[:, DCB], step, quarter.spent)
    train_up(quarter.done, world.exercised)


@part
def one_by_one(
    setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter, taught: Floats, own_level: Floats,
    away: Floats, nothing: Floats, prospect: Floats, exposed: Floats, ledger: Floats, before: Floats,
) -> None:  # fmt: skip
    """Every activity in the order of the menu; what shared information and technology exposes adds up in `exposed`."""
    menu = setting.menu
    levers = orders.levers
    for a in range(menu.cost.shape[0]):
        deliver(a, quarter.done, menu.lag[a], world.backlog, quarter.effect)
        train(
            a, quarter.effect, menu.gain, menu.joint[a], taught, own_level,
            p.disparity * (0.5 + levers.size) if a < EXERCISES else p.disparity,
            p.learning * (1.0 + p.profile * (levers.warfighting - 0.5)) if a < EXERCISES else p.learning,
            away if a < EXERCISES else nothing, world.interoperability,
        )  # fmt: skip
        build(
            a, quarter.effect, menu.capability[a], 1 if a == EQUIPMENT or a == TECHNOLOGY else 0, world.institutions,
            world.plan_domain, p.learning, p.institution_power, world.capability, world.kit,
        )  # fmt: skip
        reform(
            a, quarter.effect, menu.institutions[a], levers.conditionality, p.elite_resistance, p.learning, prospect,
            world.institutions, world.will,
        )  # fmt: skip
        acquaint(
            a, quarter.effect, p.acquaintance * menu.evidence[a], menu.joint[a], setting.hosts, setting.peers,
            world.role, world.framework, 1.0 - 0.8 * levers.tailoring, world.trust_for,
        )  # fmt: skip
        share_warning(a, quarter.effect, menu.warning[a], levers.sharing, p.learning, world.warning)
        win_support(
            a, quarter.effect, menu.legitimacy[a], menu.provocation[a], levers.warfighting, setting.nonaligned,
            p.alienation, world.legitimacy,
        )  # fmt: skip
        if a == INTELLIGENCE or a == DIGITAL or a == TECHNOLOGY:
            for n in range(exposed.shape[0]):
                exposed[n] = exposed[n] + quarter.effect[n, a] * (0.4 + 1.2 * levers.sharing)
        enter(a, world, ledger, before)


@section
def activities_work(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter, ledger: Floats,
    before: Floats,
) -> None:  # fmt: skip
    """Mechanism 5, activity by activity, each entered in the ledger under its own name."""
    n_states = world.role.shape[0]
    levers = orders.levers
    taught = np.zeros((n_states, 2))
    own_level = np.zeros(n_states)
    exposed = np.zeros(n_states)
    away = np.zeros(n_states)
    nothing = np.zeros(n_states)
    prospect = np.zeros(n_states)
    host_levels(setting.hosts, world.role, world.capability, world.readiness, taught)
    for n in range(n_states):
        own_level[n] = capability_score(n, world.capability, world.kit)
        away[n] = p.terrain * levers.distance * setting.front[n]
        if setting.aspires_from[n] <= int(draws.step):
            prospect[n] = levers.open_door * setting.aspiration[n]
    one_by_one(setting, world, orders, p, quarter, taught, own_level, away, nothing, prospect, exposed, ledger, before)
    seen = quarter.effect[:, TRANSPARENCY].copy()
    clear_misperception(seen, p.transparency_gain, setting.feuds.a, setting.feuds.b, world.misperception)
    leak(
        exposed, world.institutions, p.leak_rate, setting.entity, draws, p.leak_cost, p.burnt_sources, world.role,
        setting.hosts, world.warning, world.trust_against, quarter.leaked,
    )  # fmt: skip
    enter(BY_LEAKS, world, ledger, before)


@part
def missions_run(setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 6."""
    step = int(draws.step)
    deploy(
        orders.troops, setting.mission[step], setting.weight, world.role, world.suspended_until, step, world.deployed
    )
    serve(
        world.deployed, p.service_human, p.service_procedural, p.service_evidence, p.service_voice, setting.hosts,
        world.role, world.interoperability, world.trust_for, world.voice,
    )  # fmt: skip
    bear_losses(
        world.deployed, setting.mission_danger[step], p.service_will_cost, 2.4, setting.entity, draws, world.will,
        world.fatigue, quarter.lost,
    )  # fmt: skip


@section
def trust_moves(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, engagement: Floats, help_given: Floats,
    ledger: Floats, before: Floats,
) -> None:  # fmt: skip
    """Mechanism 7, beside what crises and activities did to trust."""
    n_states = world.role.shape[0]
    reputation = np.zeros(n_states)
    closeness = np.zeros(n_states)
    forget(p.evidence_kept, world.role, world.trust_for, world.trust_against)
    enter(BY_FORGETTING, world, ledger, before)
    standing(world.role, world.trust_for, world.trust_against, reputation)
    hear(p.hearsay, world.role, reputation, world.trust_for, world.trust_against)
    enter(BY_HEARSAY, world, ledger, before)
    closeness_of(engagement, world.arrangement, world.track, closeness)
    count_on(closeness, world.role, p.expectation_rate, p.promise, orders.levers.communication, world.expectation)
    total = 0.0
    count = 0
    for n in range(n_states):
        if world.role[n] == PARTNER and world.framework[n] >= 0:
            total = total + help_given[n]
            count += 1
    envy(
        help_given, total / count if count > 0 else 0.0, setting.feuds, step, p.envy_weight, p.resentment, world.role,
        setting.hosts, world.framework, world.trust_against,
    )  # fmt: skip
    enter(BY_ENVY, world, ledger, before)


@section
def rivals_move(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter, help_given: Floats,
    ledger: Floats, before: Floats,
) -> None:  # fmt: skip
    """Mechanism 8."""
    levers = orders.levers
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
    heat_of_feuds = np.zeros(world.tension.shape[0])
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
    setting: Setting, world: World, step: int, p: Parameters, quarter: Quarter, money: Floats, felt: Floats,
    trust: Floats, lent: Floats,
) -> None:  # fmt: skip
    """What the quarter leaves each state with (N,): its own money, threat as felt, trust in its hosts, and lent (EUR
    million): what an ally's own projects and its part of the common fund, by force weight, cost it.
    """
    common = 0.0
    force = 0.0
    for n in range(world.role.shape[0]):
        money[n] = p.partner_purse * setting.purse[n] * world.income[n] * setting.budget[step]
        trust[n] = trust_in_hosts(n, setting.hosts, world.role, world.trust_for, world.trust_against)
        if world.role[n] != MEMBER:
            common = common + quarter.spent[n, COMMON_FUND]
        else:
            force = force + setting.weight[n]
        for k in range(world.perceived.shape[1]):
            felt[n] = felt[n] + world.perceived[n, k]
    for n in range(world.role.shape[0]):
        lent[n] = quarter.spent[n, LEAD_ALLY] + common * setting.weight[n] / max(force, 1e-9)


@section
def time_passes(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter, ledger: Floats,
    before: Floats,
) -> None:  # fmt: skip
    """Mechanism 9."""
    step = int(draws.step)
    n_states = world.role.shape[0]
    rates = np.zeros(3)
    rates[0], rates[1], rates[2] = p.fade_technical, p.fade_procedural, p.fade_human
    skill_fade(rates, p.retained, world.institutions, world.role, 0.7, world.interoperability)
    enter(BY_FADE, world, ledger, before)
    money = np.zeros(n_states)
    felt = np.zeros(n_states)
    trust = np.zeros(n_states)
    lent = np.zeros(n_states)
    look_back(setting, world, step, p, quarter, money, felt, trust, lent)
    pooled = quarter.effect[:, POOLED].copy()
    upkeep(
        p.rot, pooled, p.spill_in, money, p.upkeep_cost, world.institutions, world.capability, world.kit,
        setting.native, p.capability_settle,
    )  # fmt: skip
    enter(BY_UPKEEP, world, ledger, before)
    tire(quarter.load, p.fatigue_recovery, p.answer_fatigue, world.fatigue)
    stay_ready(
        lent, setting.weight, world.deployed, p.crowding, p.readiness_settle, world.role, world.fatigue, felt,
        world.readiness,
    )  # fmt: skip
    mood(
        setting.base_will, world.legitimacy, trust, world.voice, p.will_settle, p.will_pull_of_mood, world.role,
        setting.entity, draws, step, p.election_swing, world.will,
    )  # fmt: skip
    budget_cycle(setting.entity, draws, p.budget_persistence, p.budget_swing, world.income)
    shaped = orders.levers.decision_mode in (DECISION_SHAPING, JOINT_DECISION)
    ease(
        world.legitimacy, 0.55, p.legitimacy_settle, world.warning, p.warning_fade, world.voice, 0.06,
        p.ownership if shaped else 0.0, world.cohesion, 0.7, world.role,
    )  # fmt: skip
    enter(BY_RETURN, world, ledger, before)


@section
def arrangements_change(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter, engagement: Floats,
    ledger: Floats, before: Floats,
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
        world.track, world.track_since, world.ratified, world.framework,
    )  # fmt: skip
    enter(BY_ACCESSION, world, ledger, before)
    hostility = 0.0
    for v in range(world.hostility.shape[0]):
        hostility = max(hostility, world.hostility[v])
    realign(
        setting.bloc, world.role, world.tilt, engagement, hostility, p.bloc_pull, p.bloc_settle, world.bloc_cohesion
    )
