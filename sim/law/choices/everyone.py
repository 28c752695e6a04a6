"""Who decides what: one function a role, and `decide`, which lets every role fill its rows of the orders.

A Mesa agent's default method calls the function of its role for its own row, so an override that returns the default
leaves a run equal to the bit.
"""

from sim.declare.levers import Levers
from sim.declare.names import JOINT_DECISION, LET_PASS, MANDATE, MEMBER, OBJECT, PARTNER, PROGRAMME
from sim.declare.parameters import Parameters
from sim.law.choices.alliance import activity_mix, lean_of, partner_shares, propose_plans, set_agenda
from sim.law.choices.member import break_silence, lead_money, pledge_of, silence_noise, stance_on, utility_of
from sim.law.choices.partner import appetite, takes_offer, troops_of, uptake_luck, wants_in, wish
from sim.law.choices.rival import credible_force, deterrence_of, lean_on, spend_effort, weigh_moves
from sim.law.compiled import Floats, entry, part
from sim.law.draws import ESTIMATE, Draws, uniforms
from sim.law.elementary import clip
from sim.law.ledger import interoperability_score
from sim.law.mechanisms.arrangements import candidate_merit, engagement_of
from sim.law.mechanisms.trust import trust_in_hosts
from sim.law.orders import Orders
from sim.law.world import Setting, World


@part
def estimate_threats(
    setting: Setting, world: World, draws: Draws, noise: float, luck: Floats, estimate: Floats
) -> None:
    """The staff's noisy estimate (N, K) of what each partner faces, from threat as felt. luck: (K, N)."""
    for k in range(estimate.shape[1]):
        uniforms(draws, ESTIMATE, setting.entity, k, luck[k])
    for n in range(estimate.shape[0]):
        for k in range(estimate.shape[1]):
            guess = 1.0 + noise * (luck[k, n] - 0.5) * 2.0
            estimate[n, k] = world.perceived[n, k] * max(0.0, guess) + 0.02


@part
def read_script(setting: Setting, step: int, orders: Orders) -> int:
    """Copy the scenario's shocks and upheavals of the step; 1 where a shock is grave enough for an emergency."""
    emergency = 0
    for n in range(orders.upheaval.shape[0]):
        orders.upheaval[n] = setting.upheaval[step, n]
        for k in range(orders.inject.shape[1]):
            orders.inject[n, k] = setting.shock[step, n, k]
            if orders.inject[n, k] >= 40.0:
                emergency = 1
    return emergency


@part
def decide_alliance(
    setting: Setting, world: World, levers: Levers, draws: Draws, p: Parameters, orders: Orders
) -> None:
    """The NATO staff's rows: proposed plans, the Council's agenda, and the scenario's scripted shocks."""
    step = int(draws.step)
    desk = orders.desk
    estimate_threats(setting, world, draws, p.estimate_noise, desk.noise, desk.estimate)
    for n in range(desk.felt.shape[0]):
        desk.felt[n] = 0.0
        for k in range(desk.estimate.shape[1]):
            desk.felt[n] = desk.felt[n] + desk.estimate[n, k]
    activity_mix(setting.menu, levers, desk.mix)
    partner_shares(
        levers, world.role, world.framework, setting.region, world.capability, world.institutions, world.will,
        desk.felt, world.asked, setting.menu.typical, world.suspended_until, step, desk.share,
    )  # fmt: skip
    money = 0.25 * levers.envelope * setting.budget[step] * (1.0 - p.outreach_cost * levers.outreach)
    propose_plans(
        setting.menu, levers, desk.mix, desk.share, money, world.asked, desk.estimate, setting.kinds.answered_by,
        orders.plan, orders.plan_domain,
    )  # fmt: skip
    emergency = read_script(setting, step, orders)
    orders.lean[0] = lean_of(desk.share, setting.south)
    set_agenda(
        levers, world.role, world.track, world.track_since, world.suspended_until, world.framework, setting.waiting,
        world.interoperability, world.institutions, world.will, p.merit_wanted, world.item_wait,
        (setting.start_quarter + step) % 4, step, emergency, orders.item,
    )  # fmt: skip


@part
def quarrel_with(setting: Setting, step: int, m: int, about: int) -> float:
    """Strength of the live quarrel that state m holds against state `about`, 0 to 1; -1: over an operation."""
    worst = 0.0
    feuds = setting.feuds
    for f in range(feuds.a.shape[0]):
        if feuds.start[f] > step or feuds.end[f] <= step:
            continue
        if feuds.operation[f] == 1:
            concerned = about < 0 and feuds.a[f] == m
        else:
            mutual = feuds.directed[f] == 0 and feuds.b[f] == m and feuds.a[f] == about
            concerned = mutual or (feuds.a[f] == m and feuds.b[f] == about)
        if concerned:
            worst = max(worst, feuds.strength[f])
    return worst


@part
def decide_member(
    m: int, setting: Setting, world: World, levers: Levers, draws: Draws, p: Parameters, orders: Orders
) -> None:
    """Ally m's row: a stance on each Council item, lead money, and the forces it pledges."""
    step = int(draws.step)
    tension = world.tension[setting.region[m]]
    heat = 0.0
    for r in range(world.tension.shape[0]):
        heat = heat + world.tension[r] / world.tension.shape[0]
    for i in range(orders.item.shape[0]):
        orders.stance[m, i] = LET_PASS
        about = orders.item[i]
        if about < 0:
            continue
        merit = candidate_merit(world.interoperability, world.institutions, about)
        quarrel = 0.0 if i == PROGRAMME else quarrel_with(setting, step, m, -1 if i == MANDATE else about)
        sphere = setting.front[about]
        utility = utility_of(
            i, orders.lean[0], setting.south_interest[m], setting.front[m], sphere, merit, quarrel,
            setting.ideal[m], p.wedge_weight * world.wedge[m], world.cohesion[0], heat, levers.envelope,
            1.0 / (setting.budget[step] * world.income[m]), p.position_spread, levers.open_door,
        )  # fmt: skip
        noise = silence_noise(draws, setting.entity[m], i)
        orders.stance[m, i] = stance_on(
            break_silence(utility, p.silence_rate, noise), p.amend_below, p.object_below, world.goodwill[m],
            p.objection_price,
        )  # fmt: skip
    orders.lead[m] = lead_money(
        setting.weight[m], world.readiness[m], world.legitimacy[m], world.cohesion[0], p.lead_rate,
        world.income[m] * setting.budget[step] * min(1.0, levers.envelope / 60.0),
    )  # fmt: skip
    orders.pledge[m] = pledge_of(world.readiness[m], world.fatigue[m], tension)
    orders.troops[m] = clip(world.readiness[m] * (1.0 - world.fatigue[m]), 0.0, 1.0)


@part
def decide_partner(
    n: int, setting: Setting, world: World, levers: Levers, draws: Draws, p: Parameters, orders: Orders
) -> None:
    """Partner n's row: places it asks for, offers it takes, forces it pledges, and whether it applies."""
    trust = trust_in_hosts(n, setting.hosts, world.role, world.trust_for, world.trust_against)
    step = int(draws.step)
    aspiration = setting.aspiration[n] if setting.aspires_from[n] <= step else 0.0
    felt = 0.0
    for k in range(world.perceived.shape[1]):
        felt = felt + world.perceived[n, k]
    control = world.institutions[n, 0]
    drive = appetite(
        world.will[n], world.legitimacy[n], trust, felt, aspiration, world.track[n], world.tilt[n], world.coercion[n],
        levers.conditionality, control, world.fatigue[n], uptake_luck(draws, setting.entity[n]), p.will_pull,
        p.trust_pull, p.threat_pull, p.aspiration_pull, p.offer_push, p.condition_push,
    )  # fmt: skip
    digital = clip(0.3 * (world.perceived[n, 1] + world.perceived[n, 3]), 0.0, 1.0)
    wish(
        n, setting.menu, drive, aspiration, setting.nonaligned[n], p.aversion, setting.front[n], levers.warfighting,
        digital, setting.wealth[n], world.plan, orders.request,
    )  # fmt: skip
    orders.accept[n] = takes_offer(
        world.offer[n], aspiration, world.will[n], trust, levers.conditionality * (1 - control)
    )
    orders.pledge[n] = (
        0.6 * world.will[n] * pledge_of(world.readiness[n], world.fatigue[n], world.tension[setting.region[n]])
    )
    orders.troops[n] = troops_of(
        world.will[n], trust, aspiration, world.fatigue[n], setting.weight[n], setting.nonaligned[n]
    )
    orders.apply[n] = wants_in(aspiration, world.will[n], world.legitimacy[n])
    if levers.decision_mode == JOINT_DECISION:
        for i in range(orders.item.shape[0]):
            against = orders.item[i] >= 0 and silence_noise(draws, setting.entity[n], i) < 2.0 * p.silence_rate
            orders.stance[n, i] = OBJECT if against and world.will[n] < 0.6 else LET_PASS


@part
def decide_rival(v: int, setting: Setting, world: World, draws: Draws, p: Parameters, orders: Orders) -> None:
    """Rival v's row (v counts rivals): effort on each move and the state it leans on."""
    n_states = world.role.shape[0]
    engagement, payoff = orders.desk.engagement, orders.desk.payoff
    engagement_of(world.exercised, world.framework, engagement)
    uptake = 0.0
    near = 0.0
    strength = 0.0
    for n in range(n_states):
        if world.role[n] == PARTNER:
            uptake = uptake + engagement[n] * setting.rival_reach[v, n]
            near = near + setting.rival_reach[v, n]
        strength = strength + credible_force(
            world.role[n], setting.weight[n], world.readiness[n], interoperability_score(n, world.interoperability),
            world.will[n], setting.rival_reach[v, n],
        )  # fmt: skip
    uptake = uptake / near if near > 0.0 else 0.0
    deterrence = deterrence_of(strength, world.cohesion[0], 4.0 * setting.weight[setting.rivals[v]], world.hostility[v])
    weigh_moves(
        setting.rival_moves[v], world.hostility[v], world.pressure[v], deterrence, p.deterrence_effect,
        world.cohesion[0], uptake, p.rival_sharpness, payoff,
    )  # fmt: skip
    spend_effort(v, payoff, setting.rival_budget[v], orders.move)
    orders.target[v] = lean_on(
        setting.rival_reach[v], world.role, world.track, engagement, setting.entity, draws, setting.rivals[v],
        p.candidate_pull,
    )  # fmt: skip


@part
def members_and_partners(
    setting: Setting, world: World, levers: Levers, draws: Draws, p: Parameters, orders: Orders
) -> None:
    """Members and partners fill their rows; those of rivals are left empty."""
    for n in range(world.role.shape[0]):
        orders.lead[n] = 0.0
        orders.fund[n] = 1.0
        orders.pledge[n] = 0.0
        orders.troops[n] = 0.0
        orders.accept[n] = 0.0
        orders.apply[n] = 0
        for i in range(orders.item.shape[0]):
            orders.stance[n, i] = LET_PASS
        for a in range(orders.request.shape[1]):
            orders.request[n, a] = 0.0
        if world.role[n] == MEMBER:
            decide_member(n, setting, world, levers, draws, p, orders)
        elif world.role[n] == PARTNER:
            decide_partner(n, setting, world, levers, draws, p, orders)


@part
def decide_states(setting: Setting, world: World, levers: Levers, draws: Draws, p: Parameters, orders: Orders) -> None:
    """Members, partners and rivals fill their rows, seeing the agenda and the offer."""
    members_and_partners(setting, world, levers, draws, p, orders)
    for v in range(setting.rivals.shape[0]):
        decide_rival(v, setting, world, draws, p, orders)


EVERYBODY, ALLIANCE_ONLY, STATES_ONLY, ONE_STATE, ONE_RIVAL = range(5)


@entry
def decide(
    who: int, row: int, setting: Setting, world: World, levers: Levers, draws: Draws, p: Parameters, orders: Orders
) -> None:
    """Fill rows of `orders`: EVERYBODY's, or those of the role at hand; the staff first, so that all see the agenda.

    row: the state for ONE_STATE, the rival's number for ONE_RIVAL; otherwise unused. One entry for all roles, because
    unpacking 300 arrays is most of what compiling an entry costs.
    """
    if who == EVERYBODY or who == ALLIANCE_ONLY:
        decide_alliance(setting, world, levers, draws, p, orders)
    if who == EVERYBODY or who == STATES_ONLY:
        decide_states(setting, world, levers, draws, p, orders)
    if who == ONE_STATE:
        if world.role[row] == MEMBER:
            decide_member(row, setting, world, levers, draws, p, orders)
        elif world.role[row] == PARTNER:
            decide_partner(row, setting, world, levers, draws, p, orders)
    if who == ONE_RIVAL:
        decide_rival(row, setting, world, draws, p, orders)
