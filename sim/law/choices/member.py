"""An ally: whether it lets a Council item pass, what it pays and pledges for partners, and what troops it sends."""

from sim.declare.constants import (
    CAUTION,
    DOOR_WEIGHT,
    FAR_FROM_SOUTH,
    HOME_TENSION,
    IDEAL_WEIGHT,
    ITEM_BASE,
    ITEM_COHESION,
    LEAN_BURDEN,
    MERIT_WEIGHT,
    MONEY_BURDEN,
    PROGRAMME_QUARREL,
    USUAL_ENVELOPE,
)
from sim.declare.names import AMEND, LET_PASS, MANDATE, OBJECT, OUTREACH, PROGRAMME, STATUS
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.draws import Draws
from sim.law.elementary import clip
from sim.law.mechanisms.accession import candidate_merit, quarrel_with
from sim.law.orders import Orders
from sim.law.world import Setting, World


@rule
def quarrel_over_programme(m: int, setting: Setting, orders: Orders, step: int) -> float:
    """Gravest live quarrel of ally m with a partner, 0 to 1, by that partner's share against the largest share."""
    largest = 0.0
    worst = 0.0
    feuds, share = setting.feuds, orders.desk.share
    for n in range(share.shape[0]):
        largest = max(largest, share[n])
    for f in range(feuds.a.shape[0] if largest > 0.0 else 0):
        if feuds.start[f] > step or feuds.end[f] <= step or feuds.operation[f] == 1:
            continue
        if feuds.a[f] == m:
            worst = max(worst, feuds.strength[f] * share[feuds.b[f]] / largest)
        elif feuds.b[f] == m and feuds.directed[f] == 0:
            worst = max(worst, feuds.strength[f] * share[feuds.a[f]] / largest)
    return worst


@rule
def mean_tension(world: World) -> float:
    """Mean tension over regions, 0 to 1."""
    heat = 0.0
    for r in range(world.tension.shape[0]):
        heat = heat + world.tension[r] / world.tension.shape[0]
    return heat


@rule
def burden_of(m: int, setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> float:
    """What ally m dislikes about the programme as proposed, in utility: where it leans, and its part of the sum.

    Both grow with the sum, so that an amendment, unlike one over a quarrel, can cure them.
    """
    lean_gap = orders.lean[0] - setting.south_interest[m]
    if lean_gap < 0.0:
        lean_gap = -lean_gap
    squeeze = 1.0 / (setting.budget[step] * world.income[m])
    return p.position_spread * (LEAN_BURDEN * lean_gap + MONEY_BURDEN * orders.levers.envelope * squeeze)


@rule
def utility_of(m: int, i: int, setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> float:
    """What ally m thinks of item i: about +1 welcomes it, below zero it hesitates.

    Position in four parts: flank salience (the programme's lean against the ally's own south interest; closeness to
    the rival front), dated bilateral disputes, money (envelope against squeezed budgets), and the UN ideal point, with
    a small weight. `position_spread` scales disagreement; the wedge is what rivals add.
    """
    spread = p.position_spread
    wedge = p.wedge_weight * world.wedge[m]
    base = ITEM_BASE + ITEM_COHESION * (world.cohesion[0] - 0.5)
    about = orders.item[i]
    if i == PROGRAMME:
        quarrel = PROGRAMME_QUARREL * p.quarrel_weight * quarrel_over_programme(m, setting, orders, step)
        return base - spread * quarrel - wedge - burden_of(m, setting, world, orders, step, p)
    if i == STATUS:
        merit = candidate_merit(about, world)
        quarrel = quarrel_with(m, about, setting, step)
        western = clip(setting.ideal[m], 0.0, 3.0)
        caution = setting.front[about] * (1.0 - setting.front[m]) * (1.0 - IDEAL_WEIGHT * western)
        door = orders.levers.open_door
        return (
            base
            + MERIT_WEIGHT * (merit - 0.5)
            - spread * (CAUTION * caution + p.quarrel_weight * quarrel)
            - wedge
            - DOOR_WEIGHT * (door - 0.5)
        )
    if i == OUTREACH:
        quarrel = quarrel_with(m, about, setting, step)
        return base - spread * (p.quarrel_weight * quarrel + FAR_FROM_SOUTH * (1.0 - setting.south_interest[m])) - wedge
    if i == MANDATE:
        quarrel = quarrel_with(m, -1, setting, step)
        return (
            base - spread * (0.5 * mean_tension(world) * (1.0 - setting.front[m]) + p.quarrel_weight * quarrel) - wedge
        )
    return base


@rule
def stance_on(m: int, utility: float, relief: float, world: World, p: Parameters) -> int:
    """Let pass, amend, or object: an ally objects only to what no amendment would cure and while it can pay the price.

    utility: of the item as proposed; relief: what the largest amendment would add to it.
    """
    if utility + relief < p.object_below and world.goodwill[m] >= p.objection_price:
        return OBJECT
    if utility < p.amend_below:
        return AMEND
    return LET_PASS


@rule
def amount_for(utility: float, burden: float, p: Parameters) -> float:
    """Share of the proposed programme, `least_amended` to 1, at which an ally's utility is what it lets pass."""
    missing = p.amend_below - utility
    if missing <= 0.0:
        return 1.0
    return max(p.least_amended, 1.0 - missing / burden) if burden > 0.0 else p.least_amended


@rule
def lead_money(m: int, setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> float:
    """EUR million a quarter that ally m offers to partners' projects beyond the common fund (voluntary)."""
    income = world.income[m] * setting.budget[step] * min(1.0, orders.levers.envelope / USUAL_ENVELOPE)
    means = p.lead_rate * setting.weight[m] * clip(world.readiness[m], 0.0, 1.0)
    return means * world.legitimacy[m] * (0.5 + world.cohesion[0]) * income


@rule
def pledge_of(n: int, setting: Setting, world: World) -> float:
    """Share of forces that may answer for others: what readiness leaves after fatigue and tension at home."""
    tension_at_home = world.tension[setting.region[n]]
    return clip(world.readiness[n] * (1.0 - world.fatigue[n]) * (1.0 - HOME_TENSION * tension_at_home), 0.0, 1.0)


@rule
def decide_member(m: int, setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """Ally m's row: stances on the Council's items, an amended sum, lead money, and the forces it pledges and sends."""
    step = int(draws.step)
    orders.amount[m] = 1.0
    for i in range(orders.item.shape[0]):
        orders.stance[m, i] = LET_PASS
        if orders.item[i] >= 0:
            utility = utility_of(m, i, setting, world, orders, step, p)
            burden = burden_of(m, setting, world, orders, step, p) if i == PROGRAMME else 0.0
            orders.stance[m, i] = stance_on(m, utility, (1.0 - p.least_amended) * burden, world, p)
            if i == PROGRAMME:
                orders.amount[m] = amount_for(utility, burden, p)
    orders.lead[m] = lead_money(m, setting, world, orders, step, p)
    orders.pledge[m] = pledge_of(m, setting, world)
    orders.troops[m] = clip(world.readiness[m] * (1.0 - world.fatigue[m]), 0.0, 1.0)
