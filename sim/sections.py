"""Mechanisms 1 to 6, what happens in a quarter: each a section that unpacks the named tuples and calls its rules.

Sections are called by compiled code only (see `compiled.part`); `advance.py` is their table of contents.
"""

from sim.compiled import Floats, part
from sim.draws import Draws
from sim.ledger import (
    BY_LEAKS, FIRST_THREAT, capability_score, enter,
)  # fmt: skip
from sim.orders import Orders
from sim.parameters import Parameters
from sim.rules.activities import (
    acquaint, build, clear_misperception, deliver, host_levels, leak, reform, share_warning, train, win_support,
)  # fmt: skip
from sim.rules.arrangements import (
    train_up,
)  # fmt: skip
from sim.rules.council import admit_outsider, carry_out, hold_council, renew_plans
from sim.rules.operations import bear_losses, deploy, serve
from sim.rules.participation import pay
from sim.rules.response import feel, harm_regions, harm_states, list_incidents, respond, spread
from sim.rules.threats import add_script, add_spill, arise, attribute, draw_luck, drive
from sim.rules.trust import remember_crisis
from sim.vocabulary import DCB
from sim.world import GROUP, Quarter, Setting, World

EXERCISES = 4  # the first rows of the menu
EQUIPMENT, TECHNOLOGY, TRANSPARENCY, INTELLIGENCE, DIGITAL = 6, 7, 15, 17, 20


@part
def threats_arise(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 1."""
    step = int(draws.step)
    work = quarter.work
    work.gains[1], work.gains[2], work.gains[3] = p.coercion_gain, p.propaganda_gain, p.tension_gain
    for n in range(work.local.shape[0]):
        work.local[n] = world.tension[setting.region[n]]
    drive(world.coercion, world.propaganda, work.local, work.gains, work.driven)
    draw_luck(setting.threats.label, setting.entity, draws, work.luck)
    quarter.severity[:, :] = 0.0
    arise(
        setting.threats, setting.kinds.driver, work.driven, setting.entity, step, draws, world.active, world.excitement,
        p.excitement_fade, work.luck, quarter.arrivals, quarter.severity,
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


@part
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
        quarter.work,
    )  # fmt: skip
    bear_harm(setting, world, p, quarter, ledger, before)
    work = quarter.work
    for n in range(work.local.shape[0]):
        work.local[n] = world.interoperability[n, 0]
    for k in range(work.share.shape[0]):
        work.share[k] = kinds.spread[k] * p.spread_share
    spread(
        quarter.harm, kinds.channel, work.share, setting.proximity, setting.region, work.local, world.spill,
    )  # fmt: skip


@part
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
        int(p.planning_cycle), orders.desk.share, world.suspended_until, world.plan_agreed,
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
    setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter, ledger: Floats, before: Floats
) -> None:
    """Every activity in the order of the menu; what shared information and technology exposes adds up."""
    menu = setting.menu
    levers = orders.levers
    work = quarter.work
    for a in range(menu.cost.shape[0]):
        deliver(a, quarter.done, menu.lag[a], world.backlog, quarter.effect)
        train(
            a, quarter.effect, menu.gain, menu.joint[a], work.taught, work.own_level,
            p.disparity * (0.5 + levers.size) if a < EXERCISES else p.disparity,
            p.learning * (1.0 + p.profile * (levers.warfighting - 0.5)) if a < EXERCISES else p.learning,
            work.away if a < EXERCISES else work.nothing, world.interoperability,
        )  # fmt: skip
        build(
            a, quarter.effect, menu.capability[a], 1 if a == EQUIPMENT or a == TECHNOLOGY else 0, world.institutions,
            world.plan_domain, p.learning, p.institution_power, world.capability, world.kit,
        )  # fmt: skip
        reform(
            a, quarter.effect, menu.institutions[a], levers.conditionality, p.elite_resistance, p.learning,
            work.prospect, world.institutions, world.will,
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
            for n in range(work.exposed.shape[0]):
                work.exposed[n] = work.exposed[n] + quarter.effect[n, a] * (0.4 + 1.2 * levers.sharing)
        enter(a, world, ledger, before)


@part
def activities_work(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter, ledger: Floats,
    before: Floats,
) -> None:  # fmt: skip
    """Mechanism 5, activity by activity, each entered in the ledger under its own name."""
    levers = orders.levers
    work = quarter.work
    host_levels(setting.hosts, world.role, world.capability, world.readiness, work.taught)
    for n in range(work.exposed.shape[0]):
        work.own_level[n] = capability_score(n, world.capability, world.kit)
        work.away[n] = p.terrain * levers.distance * setting.front[n]
        aspires = setting.aspires_from[n] <= int(draws.step)
        work.prospect[n] = levers.open_door * setting.aspiration[n] if aspires else 0.0
        work.exposed[n] = 0.0
    one_by_one(setting, world, orders, p, quarter, ledger, before)
    seen = quarter.effect[:, TRANSPARENCY]
    clear_misperception(seen, p.transparency_gain, setting.feuds.a, setting.feuds.b, world.misperception)
    leak(
        work.exposed, world.institutions, p.leak_rate, setting.entity, draws, p.leak_cost, p.burnt_sources, world.role,
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
