"""`admit` makes any orders legal, with a reason for every refused line, before the quarter runs."""

import numpy as np

from sim.compiled import Floats, Ints, rule
from sim.elementary import clip
from sim.orders import Orders
from sim.parameters import Parameters
from sim.rules.participation import absorption, fit_programme, fit_request
from sim.vocabulary import LET_PASS, MEMBER, OBJECT, PARTNER
from sim.world import Quarter, Setting, World


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
            if not (move[v, i] >= 0.0):
                move[v, i] = 0.0
            total = total + move[v, i]
        if total > budget[v]:
            for i in range(move.shape[1]):
                move[v, i] = move[v, i] * budget[v] / total
        if target[v] < 0 or target[v] >= states:
            target[v] = 0


@rule
def admit(setting: Setting, world: World, step: int, p: Parameters, orders: Orders, quarter: Quarter) -> None:
    """Change `orders` in place until every line is legal; `quarter.refused` (N, A) holds the reasons for requests."""
    n_states = world.role.shape[0]
    levers = orders.levers
    hold_within(orders.pledge, 0.0, 1.0)
    hold_within(orders.troops, 0.0, 1.0)
    hold_within(orders.accept, 0.0, 1.0)
    admit_stances(orders.stance, world.role, world.goodwill, p.objection_price, 1 if levers.decision_mode == 3 else 0)
    admit_moves(orders.move, setting.rival_budget, orders.target, n_states)
    offered = 0.0
    for n in range(n_states):
        top = 0.05 * 1000.0 * setting.weight[n] if world.role[n] == MEMBER else 0.0
        orders.lead[n] = clip(orders.lead[n], 0.0, top) if orders.lead[n] >= 0.0 else 0.0
        offered = offered + orders.lead[n]
        for a in range(quarter.refused.shape[1]):
            quarter.refused[n, a] = 0
        room = absorption(world.institutions[n], setting.weight[n], setting.wealth[n], p.absorption_base)
        money = p.partner_purse * setting.purse[n] * world.income[n] * setting.budget[step]
        fit_request(
            n, orders.request, world.plan, world.scale[0], setting.menu, money, room, quarter.refused, step, world.role,
            world.framework, world.suspended_until,
        )  # fmt: skip
    fund = 0.25 * levers.envelope * setting.budget[step] + offered
    fit_programme(
        orders.request, setting.menu, fund, p.staff_hours, 1.0 + p.tailoring_hours * levers.tailoring, quarter.refused,
        quarter.hours,
    )  # fmt: skip
