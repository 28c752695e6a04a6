"""`admit` makes any orders legal, with a reason for every refused request, before the quarter runs."""

from sim.declare.names import JOINT_DECISION, LET_PASS, MANDATE, MEMBER, OBJECT, OPT_IN, PARTNER, PROGRAMME
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, entry, rule
from sim.law.elementary import clip
from sim.law.mechanisms.activities import PLAN_LIMIT
from sim.law.mechanisms.participation import absorption, fit_programme, fit_request
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, World

FUND_LIMIT = 1.5  # most that an ally may pay, as a multiple of its part of the common fund


@rule
def hold_within(values: Floats, low: float, high: float) -> None:
    """Hold a vector of orders between low and high; what is not a number becomes low."""
    for n in range(values.shape[0]):
        if not (values[n] >= low):
            values[n] = low
        elif values[n] > high:
            values[n] = high


@rule
def admit_stances(stance: Ints, role: Ints, goodwill: Floats, price: float, joint: int) -> None:
    """Stances of those who may take one: members, partners under joint decision; no objection on empty goodwill."""
    for n in range(role.shape[0]):
        for i in range(stance.shape[1]):
            if stance[n, i] < LET_PASS or stance[n, i] > OBJECT:
                stance[n, i] = LET_PASS
            if role[n] == MEMBER:
                if stance[n, i] == OBJECT and goodwill[n] < price:
                    stance[n, i] = LET_PASS
            elif joint == 0 or role[n] != PARTNER:
                stance[n, i] = LET_PASS


@rule
def admit_moves(move: Floats, budget: Floats, target: Ints, states: int) -> None:
    """Rival efforts: not negative, and together no more than the budget (cut by one share)."""
    for v in range(move.shape[0]):
        total = 0.0
        for i in range(move.shape[1]):
            if not (move[v, i] >= 0.0 and move[v, i] < 1e6):
                move[v, i] = 0.0
            total = total + move[v, i]
        if total > budget[v]:
            for i in range(move.shape[1]):
                move[v, i] = move[v, i] * budget[v] / total
        if target[v] < 0 or target[v] >= states:
            target[v] = 0


@rule
def hold_table(values: Floats, low: float, high: float, otherwise: float) -> None:
    """Hold a table of orders between low and high; what is not a number becomes `otherwise`."""
    for i in range(values.shape[0]):
        for j in range(values.shape[1]):
            if values[i, j] >= low and values[i, j] <= high:
                continue
            values[i, j] = high if values[i, j] > high else low if values[i, j] < low else otherwise


@rule
def admit_staff(plan: Floats, plan_domain: Floats, lean: Floats, item: Ints, inject: Floats, upheaval: Floats) -> None:
    """The staff's and the facilitator's rows within what the rules can take; an item must be about a state of the
    cast.
    """
    hold_table(plan, 0.0, 1000.0, 0.0)
    hold_table(plan_domain, 0.0, PLAN_LIMIT, 1.0)
    hold_table(inject, 0.0, 100.0, 0.0)
    hold_within(lean, 0.0, 1.0)
    for n in range(upheaval.shape[0]):
        upheaval[n] = clip(upheaval[n], -1.0, 1.0) if upheaval[n] == upheaval[n] else 0.0
    for i in range(item.shape[0]):
        if item[i] < 0 or item[i] >= plan.shape[0]:
            item[i] = -1


@rule
def opt_out(stance: Ints, role: Ints, lead: Floats, apart: Ints) -> None:
    """Opt-in groupings: who objects to the programme pays no lead money; who objects to the mandate stays `apart`
    (N,).
    """
    for n in range(role.shape[0]):
        if role[n] == MEMBER and stance[n, PROGRAMME] == OBJECT:
            lead[n] = 0.0
        if role[n] == MEMBER and stance[n, MANDATE] == OBJECT:
            apart[n] = 1


@entry
def admit(setting: Setting, world: World, step: int, p: Parameters, orders: Orders, quarter: Quarter) -> None:
    """Change `orders` in place until every line is legal; `quarter.refused` (N, A) holds the reasons for requests."""
    n_states = world.role.shape[0]
    levers = orders.levers
    admit_staff(orders.plan, orders.plan_domain, orders.lean, orders.item, orders.inject, orders.upheaval)
    hold_within(orders.pledge, 0.0, 1.0)
    hold_within(orders.troops, 0.0, 1.0)
    hold_within(orders.accept, 0.0, 1.0)
    hold_within(orders.fund, 0.0, FUND_LIMIT)
    admit_stances(
        orders.stance, world.role, world.goodwill, p.objection_price, 1 if levers.decision_mode == JOINT_DECISION else 0
    )
    admit_moves(orders.move, setting.rival_budget, orders.target, n_states)
    offered = 0.0
    paid = 0.0
    due = 0.0
    quarter.apart[:] = 0
    if levers.decision_mode == OPT_IN:
        opt_out(orders.stance, world.role, orders.lead, quarter.apart)
    for n in range(n_states):
        top = 0.05 * 1000.0 * setting.weight[n] if world.role[n] == MEMBER else 0.0
        orders.lead[n] = clip(orders.lead[n], 0.0, top) if orders.lead[n] >= 0.0 else 0.0
        offered = offered + orders.lead[n]
        if world.role[n] == MEMBER:
            due = due + setting.weight[n]
            paid = paid + setting.weight[n] * orders.fund[n]
        for a in range(quarter.refused.shape[1]):
            quarter.refused[n, a] = 0
            wanted = orders.request[n, a] >= 0.0 and orders.request[n, a] < 1000.0
            quarter.requested[n, a] = orders.request[n, a] if wanted else 0.0
        room = absorption(world.institutions[n], setting.weight[n], setting.wealth[n], p.absorption_base)
        money = p.partner_purse * setting.purse[n] * world.income[n] * setting.budget[step]
        fit_request(
            n, orders.request, world.plan, world.scale[0], setting.menu, money, room, quarter.refused, step, world.role,
            world.framework, world.suspended_until,
        )  # fmt: skip
    share = paid / due if due > 0.0 else 1.0
    fund = 0.25 * levers.envelope * setting.budget[step] * share + offered
    fit_programme(
        orders.request, setting.menu, fund, p.staff_hours, 1.0 + p.tailoring_hours * levers.tailoring, quarter.refused,
        quarter.hours,
    )  # fmt: skip
