"""The NATO staff: turns a policy's levers into a programme for each partner and an agenda for the Council."""

from sim.declare.activities import ACTIVITY
from sim.declare.constants import (
    EMERGENCY,
    ESTIMATE_LEAST,
    FLOOR,
    LIVE_LEAST,
    LIVE_MORE,
    OUTSIDER_WILL,
    PLAN_LIMIT,
    QUARTER_OF_YEAR,
    TALK_LEAST,
    YEAR,
)
from sim.declare.names import MANDATE, MEMBER, OUTREACH, PARTNER, PROGRAMME, STATUS
from sim.declare.parameters import Parameters
from sim.law.choices.member import utility_of
from sim.law.compiled import rule
from sim.law.draws import ESTIMATE, Draws, uniforms
from sim.law.elementary import power
from sim.law.forms import rising
from sim.law.mechanisms.accession import candidate_merit, next_stage, ratifying
from sim.law.orders import CONTESTED, NOBODY, WELCOME, Orders
from sim.law.world import NEVER, Setting, World


@rule
def estimate_threats(setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """The staff's noisy estimate (N, K) of what each partner faces, from threat as felt, and its sum over kinds."""
    luck, estimate, felt = orders.desk.noise, orders.desk.estimate, orders.desk.felt
    for k in range(estimate.shape[1]):
        uniforms(draws, ESTIMATE, setting.entity, k, luck[k])
    for n in range(estimate.shape[0]):
        felt[n] = 0.0
        for k in range(estimate.shape[1]):
            guess = 1.0 + p.estimate_noise * (luck[k, n] - 0.5) * 2.0
            estimate[n, k] = world.perceived[n, k] * max(0.0, guess) + ESTIMATE_LEAST
            felt[n] = felt[n] + estimate[n, k]


@rule
def activity_mix(setting: Setting, orders: Orders) -> None:
    """Share of the envelope for each activity, sum 1: the split over instruments, then typical places within each.

    Large exercises are live ones; the equipment lever divides capacity building between things and people;
    communication weighs within dialogue.
    """
    menu, levers, mix = setting.menu, orders.levers, orders.desk.mix
    for a in range(mix.shape[0]):
        weight = menu.typical[a] * menu.cost[a]
        if a == ACTIVITY.live_exercise:
            weight = weight * (LIVE_LEAST + LIVE_MORE * levers.size)
        elif menu.is_exercise[a] == 1:
            weight = weight * (LIVE_LEAST + LIVE_MORE - LIVE_MORE * levers.size)
        elif menu.rests_on_kit[a] == 1:
            weight = weight * 2.0 * levers.equipment
        elif a == ACTIVITY.expertise or a == ACTIVITY.technical_skills:
            weight = weight * 2.0 * (1.0 - levers.equipment)
        elif a == ACTIVITY.strategic_communication:
            weight = weight * (TALK_LEAST + 2.0 * levers.communication)
        mix[a] = weight
    for i in range(levers.split.shape[0]):
        total = 0.0
        for a in range(mix.shape[0]):
            total = total + (mix[a] if menu.instrument[a] == i else 0.0)
        for a in range(mix.shape[0]):
            if menu.instrument[a] == i:
                mix[a] = 0.0 if total <= 0.0 else levers.split[i] * mix[a] / total


@rule
def claim(n: int, setting: Setting, world: World, orders: Orders) -> float:
    """Weight of partner n in the programme by the targeting rule: equal, need, merit or threat.

    The programme is demand-driven: half of it follows what the partner has been asking for, against what is typical.
    Focus lowers or raises whole frameworks and regions; conditionality moves money from weakly governed states to
    well governed ones.
    """
    levers = orders.levers
    level = 0.0
    for d in range(world.capability.shape[1]):
        level = level + world.capability[n, d]
    level = level / world.capability.shape[1]
    governed = 0.5 * (world.institutions[n, 0] + world.institutions[n, 1])
    weight = levers.rule[0] + levers.rule[1] * 2.0 * (1.0 - level) + levers.rule[2] * 3.0 * governed * world.will[n]
    weight = weight + levers.rule[3] * 0.5 * orders.desk.felt[n]
    wanted = 0.0
    for a in range(world.asked.shape[1]):
        wanted = wanted + world.asked[n, a] / setting.menu.typical[a] / world.asked.shape[1]
    focus = levers.focus_framework[world.framework[n]]
    weight = weight * (0.5 + 0.5 * wanted) * focus * levers.focus_region[setting.region[n]]
    return weight * power(rising(FLOOR, governed), 2.0 * levers.conditionality)


@rule
def partner_shares(setting: Setting, world: World, orders: Orders, step: int) -> None:
    """Share of the envelope for each partner, sum 1, by its claim."""
    shares = orders.desk.share
    total = 0.0
    for n in range(world.role.shape[0]):
        shares[n] = 0.0
        if world.role[n] != PARTNER or world.framework[n] < 0 or world.suspended_until[n] > step:
            continue
        shares[n] = claim(n, setting, world, orders)
        total = total + shares[n]
    if total > 0.0:
        for n in range(world.role.shape[0]):
            shares[n] = shares[n] / total


@rule
def plan_places(n: int, money: float, setting: Setting, world: World, orders: Orders) -> None:
    """Places of each activity a quarter for partner n: tailoring gives it what it asks for within its share.

    What builds one domain alone gets more or less as the plan aims at that domain. money: EUR million a quarter for
    all partners.
    """
    menu, tailoring, plan = setting.menu, orders.levers.tailoring, orders.plan
    total = 0.0
    for a in range(plan.shape[1]):
        fit = world.asked[n, a] / menu.typical[a]
        plan[n, a] = orders.desk.mix[a] * (1.0 - tailoring + tailoring * fit)
        if menu.domain[a] >= 0:
            plan[n, a] = plan[n, a] * orders.plan_domain[n, menu.domain[a]]
        total = total + plan[n, a]
    rate = 0.0 if total <= 0.0 else money * orders.desk.share[n] / total
    for a in range(plan.shape[1]):
        plan[n, a] = rate * plan[n, a] / menu.cost[a]


@rule
def aim_plan(n: int, setting: Setting, orders: Orders) -> None:
    """Domains that the plan of partner n aims at, 1 where evenly.

    Threat targeting aims it at the domains that answer the threats it has felt, and so chases the last shock.
    """
    estimate, targeting = orders.desk.estimate, orders.levers.threat_targeting
    felt = orders.desk.felt[n]
    for d in range(orders.plan_domain.shape[1]):
        aimed = 0.0
        for k in range(estimate.shape[1]):
            aimed = aimed + setting.kinds.answered_by[k, d] * estimate[n, k]
        aimed = aimed / felt if felt > 0.0 else 0.0
        orders.plan_domain[n, d] = (1.0 - targeting) + targeting * PLAN_LIMIT * aimed


@rule
def propose_plans(setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> None:
    """A tailored programme for each partner, out of a quarter of the envelope less what outreach takes."""
    levers = orders.levers
    money = QUARTER_OF_YEAR * levers.envelope * setting.budget[step] * (1.0 - p.outreach_cost * levers.outreach)
    for n in range(orders.plan.shape[0]):
        if orders.desk.share[n] <= 0.0:
            for a in range(orders.plan.shape[1]):
                orders.plan[n, a] = 0.0
            continue
        aim_plan(n, setting, orders)
        plan_places(n, money, setting, world, orders)


@rule
def lean_of(setting: Setting, orders: Orders) -> float:
    """Share of the programme that goes to southern partners."""
    total = 0.0
    for n in range(orders.desk.share.shape[0]):
        total = total + orders.desk.share[n] * setting.south[n]
    return total


@rule
def read_script(setting: Setting, orders: Orders, step: int) -> int:
    """Copy the scenario's shocks and upheavals of the step; 1 where a shock is grave enough for an emergency."""
    emergency = 0
    for n in range(orders.upheaval.shape[0]):
        orders.upheaval[n] = setting.upheaval[step, n]
        for k in range(orders.inject.shape[1]):
            orders.inject[n, k] = setting.shock[step, n, k]
            if orders.inject[n, k] >= EMERGENCY:
                emergency = 1
    return emergency


@rule
def least_welcome(n: int, setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> float:
    """Lowest utility of the status item for candidate n over allies: the staff reads positions before it proposes."""
    least = 1.0
    kept = orders.item[STATUS]
    orders.item[STATUS] = n
    for m in range(world.role.shape[0]):
        if world.role[m] == MEMBER:
            least = min(least, utility_of(m, STATUS, setting, world, orders, step, p))
    orders.item[STATUS] = kept
    return least


@rule
def call_round(setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> int:
    """The summit's class of candidates, `round` (N,), and the state that its item is about; -1: no candidate.

    Everybody who may reach a further stage is WELCOME or, where an ally would object, CONTESTED. The item is about the
    most contested, or, where all are welcome, the readiest. Who was refused comes back once nobody objects any more.
    """
    busy = ratifying(world)
    found = -1
    best = -NEVER * 1.0
    for n in range(world.role.shape[0]):
        orders.round[n] = NOBODY
        if next_stage(n, busy, setting, world, orders, step, p) == world.track[n]:
            continue
        least = least_welcome(n, setting, world, orders, step, p)
        if least < p.object_below:
            if world.refused[n] == 1:
                continue
            orders.round[n] = CONTESTED
            weight = 2.0 - least
        else:
            orders.round[n] = WELCOME
            weight = candidate_merit(n, world)
        if weight > best:
            best = weight
            found = n
    return found


@rule
def keenest_outsider(setting: Setting, world: World, orders: Orders) -> int:
    """The outsider with the largest will above what outreach asks for, of those that wait to be asked; -1: none."""
    best = OUTSIDER_WILL - 0.5 * orders.levers.outreach
    found = -1
    for n in range(world.role.shape[0]):
        outside = world.role[n] == PARTNER and world.framework[n] < 0 and setting.waiting[n] >= 0
        if outside and setting.invited[n] == 0 and world.will[n] > best:
            best = world.will[n]
            found = n
    return found


@rule
def set_agenda(emergency: int, setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> None:
    """The Council's agenda: `item` (ITEMS,) names the state an item is about, -1 where there is none.

    The programme is settled in the fourth quarter and the mandate in the second and after a grave shock; both
    stay on while they are held up. Status is about the candidates of the yearly summit (second quarter).
    Outreach invites one outsider in the third quarter where the policy reaches out.
    """
    season = (setting.start_quarter + step) % YEAR
    item, waited = orders.item, world.item_wait
    for i in range(item.shape[0]):
        item[i] = -1
    if season == 3 or waited[PROGRAMME] > 0:
        item[PROGRAMME] = 0
    if season == 1 or waited[MANDATE] > 0 or emergency == 1:
        item[MANDATE] = 0
    if season == 1:
        item[STATUS] = call_round(setting, world, orders, step, p)
    if orders.levers.outreach > 0.0 and season == 2:
        item[OUTREACH] = keenest_outsider(setting, world, orders)


@rule
def decide_alliance(setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """The NATO staff's rows: proposed plans, the Council's agenda, and the scenario's scripted shocks."""
    step = int(draws.step)
    estimate_threats(setting, world, orders, draws, p)
    activity_mix(setting, orders)
    partner_shares(setting, world, orders, step)
    propose_plans(setting, world, orders, step, p)
    emergency = read_script(setting, orders, step)
    orders.lean[0] = lean_of(setting, orders)
    set_agenda(emergency, setting, world, orders, step, p)
