"""`admit` makes any orders legal, with a reason for every refused request, before the quarter runs."""

from sim.declare.constants import EFFORT_LIMIT, FUND_LIMIT, LEAD_LIMIT, PLACES_LIMIT, PLAN_LIMIT, QUARTER_OF_YEAR
from sim.declare.names import JOINT_DECISION, LET_PASS, MANDATE, MEMBER, OBJECT, OPT_IN, PARTNER, PROGRAMME
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, rule
from sim.law.elementary import clip
from sim.law.mechanisms.participation import absorption, fit_programme, fit_to_means, fit_to_offer, own_money
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, World


@rule
def hold_within(values: Floats, low: float, high: float) -> None:
    """Hold a vector of orders between low and high; what is not a number becomes low."""
    for n in range(values.shape[0]):
        if not (values[n] >= low):
            values[n] = low
        elif values[n] > high:
            values[n] = high


@rule
def hold_table(values: Floats, low: float, high: float, otherwise: float) -> None:
    """Hold a table of orders between low and high; what is not a number becomes `otherwise`."""
    for i in range(values.shape[0]):
        for j in range(values.shape[1]):
            if values[i, j] >= low and values[i, j] <= high:
                continue
            values[i, j] = high if values[i, j] > high else low if values[i, j] < low else otherwise


@rule
def admit_staff(orders: Orders) -> None:
    """The staff's and the facilitator's rows within what rules can take; an item must be about a state of the cast."""
    hold_table(orders.plan, 0.0, PLACES_LIMIT, 0.0)
    hold_table(orders.plan_domain, 0.0, PLAN_LIMIT, 1.0)
    hold_table(orders.inject, 0.0, 100.0, 0.0)
    hold_within(orders.lean, 0.0, 1.0)
    upheaval, item = orders.upheaval, orders.item
    for n in range(upheaval.shape[0]):
        upheaval[n] = clip(upheaval[n], -1.0, 1.0) if upheaval[n] == upheaval[n] else 0.0
    for i in range(item.shape[0]):
        if item[i] < 0 or item[i] >= orders.plan.shape[0]:
            item[i] = -1


@rule
def admit_forces(orders: Orders) -> None:
    """Shares of forces, of a rival's offer, of the common fund and of an amended programme within their bounds."""
    hold_within(orders.pledge, 0.0, 1.0)
    hold_within(orders.troops, 0.0, 1.0)
    hold_within(orders.accept, 0.0, 1.0)
    hold_within(orders.fund, 0.0, FUND_LIMIT)
    hold_within(orders.amount, 0.0, 1.0)


@rule
def admit_stances(world: World, orders: Orders, p: Parameters) -> None:
    """Stances of those who may take one: members, partners under joint decision; no objection on empty goodwill."""
    role, stance = world.role, orders.stance
    joint = orders.levers.decision_mode == JOINT_DECISION
    for n in range(role.shape[0]):
        for i in range(stance.shape[1]):
            if stance[n, i] < LET_PASS or stance[n, i] > OBJECT:
                stance[n, i] = LET_PASS
            if role[n] == MEMBER:
                if stance[n, i] == OBJECT and world.goodwill[n] < p.objection_price:
                    stance[n, i] = LET_PASS
            elif not joint or role[n] != PARTNER:
                stance[n, i] = LET_PASS


@rule
def admit_moves(setting: Setting, orders: Orders) -> None:
    """Rival efforts: not negative, and together no more than the budget (cut by one share)."""
    move, target, budget = orders.move, orders.target, setting.rival_budget
    for v in range(move.shape[0]):
        total = 0.0
        for i in range(move.shape[1]):
            if not (move[v, i] >= 0.0 and move[v, i] < EFFORT_LIMIT):
                move[v, i] = 0.0
            total = total + move[v, i]
        if total > budget[v]:
            for i in range(move.shape[1]):
                move[v, i] = move[v, i] * budget[v] / total
        if target[v] < 0 or target[v] >= setting.entity.shape[0]:
            target[v] = 0


@rule
def opt_out(world: World, orders: Orders, quarter: Quarter) -> None:
    """Opt-in groupings: who objects to the programme pays no lead money; who objects to the mandate stays `apart`."""
    quarter.apart[:] = 0
    if orders.levers.decision_mode != OPT_IN:
        return
    for n in range(world.role.shape[0]):
        if world.role[n] == MEMBER and orders.stance[n, PROGRAMME] == OBJECT:
            orders.lead[n] = 0.0
        if world.role[n] == MEMBER and orders.stance[n, MANDATE] == OBJECT:
            quarter.apart[n] = 1


@rule
def admit_lead(setting: Setting, world: World, orders: Orders) -> None:
    """Lead money of allies within their means; others lend none."""
    lead = orders.lead
    for n in range(lead.shape[0]):
        top = LEAD_LIMIT * setting.weight[n] if world.role[n] == MEMBER else 0.0
        lead[n] = clip(lead[n], 0.0, top) if lead[n] >= 0.0 else 0.0


@rule
def money_at_hand(setting: Setting, world: World, orders: Orders, step: int) -> float:
    """EUR million for the whole programme: what allies pay of a quarter of the envelope, and what they lend."""
    offered = 0.0
    paid = 0.0
    due = 0.0
    for n in range(world.role.shape[0]):
        offered = offered + orders.lead[n]
        if world.role[n] == MEMBER:
            due = due + setting.weight[n]
            paid = paid + setting.weight[n] * orders.fund[n]
    share = paid / due if due > 0.0 else 1.0
    return QUARTER_OF_YEAR * orders.levers.envelope * setting.budget[step] * share + offered


@rule
def admit_request(
    n: int, setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter
) -> None:
    """State n's request, noted as it came, then cut to what it may ask for, pay and absorb."""
    for a in range(orders.request.shape[1]):
        quarter.refused[n, a] = 0
        wanted = orders.request[n, a] >= 0.0 and orders.request[n, a] < PLACES_LIMIT
        quarter.requested[n, a] = orders.request[n, a] if wanted else 0.0
    fit_to_offer(n, setting, world, orders, step, quarter)
    purse = own_money(n, setting, world, step, p)
    fit_to_means(n, purse, absorption(n, setting, world, p), setting, orders, quarter)


@rule
def admit(setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """Change `orders` in place until every line is legal; `quarter.refused` (N, A) holds the reasons for requests."""
    admit_staff(orders)
    admit_forces(orders)
    admit_stances(world, orders, p)
    admit_moves(setting, orders)
    opt_out(world, orders, quarter)
    admit_lead(setting, world, orders)
    for n in range(world.role.shape[0]):
        admit_request(n, setting, world, orders, step, p, quarter)
    fit_programme(money_at_hand(setting, world, orders, step), setting, orders, p, quarter)
