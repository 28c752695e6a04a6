"""Standing orders: what people at the table ask for, laid over what policies decide.

A game lays them quarter by quarter, and the compiled kernel lays the same ones over thousands of other courses of luck,
so that "what would these orders have done otherwise" is asked of the one law of motion.
"""

from typing import NamedTuple

import numpy as np

from sim.declare.levers import Levers
from sim.declare.names import ACTIVITIES, INSTRUMENTS, ITEMS, MOVES, THREAT_KINDS
from sim.law.compiled import Floats, Ints, entry, part, rule
from sim.law.orders import Orders

SCALARS = (
    "envelope", "warfighting", "size", "distance", "equipment", "conditionality", "open_door", "threat_targeting",
    "tailoring", "outreach", "communication", "sharing",
)  # fmt: skip
RULES = 4  # equal, need, merit, threat


class Standing(NamedTuple):
    """G sets of orders, each for the quarters that `turn` gives it. Not a number, or -1: left to the policy."""

    turn: Ints  # (L,) the set in force at a step; -1: none; (0,) where nobody asks for anything
    levers: Floats  # (G, SCALARS)
    split: Floats  # (G, INSTRUMENTS)
    rule: Floats  # (G, RULES)
    mode: Ints  # (G,) decision mode
    fund: Floats  # (G, N)
    lead: Floats  # (G, N) factor on the money that an ally would lend
    pledge: Floats  # (G, N)
    troops: Floats  # (G, N)
    stance: Ints  # (G, N, ITEMS)
    about: Ints  # (G, ITEMS) the state that stances are about; -1: whichever
    request: Floats  # (G, N, A) factor on the places that a partner would ask for
    accept: Floats  # (G, N)
    apply: Ints  # (G, N)
    move: Floats  # (G, V, MOVES) effort
    target: Ints  # (G, V)
    inject: Floats  # (L, N, K) severity added by the facilitator
    added: Ints  # (L,) 1 where the facilitator adds something


def nothing_asked(states: int, rivals: int, turns: int = 0, horizon: int = 0) -> Standing:
    """Standing orders that leave everything to the policy; without a turn they cost nothing to lay."""

    def f(*shape: int) -> Floats:
        return np.full((turns, *shape), np.nan)

    def i(*shape: int) -> Ints:
        return np.full((turns, *shape), -1, dtype=np.int64)

    return Standing(
        turn=np.full(horizon, -1, dtype=np.int64), levers=f(len(SCALARS)), split=f(len(INSTRUMENTS)), rule=f(RULES),
        mode=i(), fund=f(states), lead=f(states), pledge=f(states), troops=f(states), stance=i(states, len(ITEMS)),
        about=i(len(ITEMS)), request=f(states, len(ACTIVITIES)), accept=f(states), apply=i(states),
        move=f(rivals, len(MOVES)), target=i(rivals), inject=np.zeros((horizon, states, len(THREAT_KINDS))),
        added=np.zeros(horizon, dtype=np.int64),
    )  # fmt: skip


@rule
def instead(asked: float, otherwise: float) -> float:
    """What was asked for, or what was decided otherwise where nothing was."""
    return asked if asked == asked else otherwise


@part
def asked_levers(standing: Standing, step: int, by_policy: Levers) -> Levers:
    """The levers in force at a step: the staff's where it asked, else the policy's."""
    g = standing.turn[step] if standing.turn.shape[0] > step else -1
    if g < 0:
        return by_policy
    row = standing.levers[g]
    return Levers(
        instead(row[0], by_policy.envelope), standing.split[g] if standing.split[g, 0] >= 0.0 else by_policy.split,
        instead(row[1], by_policy.warfighting), instead(row[2], by_policy.size), instead(row[3], by_policy.distance),
        instead(row[4], by_policy.equipment), instead(row[5], by_policy.conditionality),
        instead(row[6], by_policy.open_door), instead(row[7], by_policy.threat_targeting),
        standing.rule[g] if standing.rule[g, 0] >= 0.0 else by_policy.rule, instead(row[8], by_policy.tailoring),
        instead(row[9], by_policy.outreach), standing.mode[g] if standing.mode[g] >= 0 else by_policy.decision_mode,
        instead(row[10], by_policy.communication), instead(row[11], by_policy.sharing), by_policy.focus_framework,
        by_policy.focus_region,
    )  # fmt: skip


@part
def under(levers: Levers, orders: Orders) -> Orders:
    """The same rows of orders under other levers."""
    return Orders(
        levers, orders.plan, orders.plan_domain, orders.item, orders.lean, orders.stance, orders.lead, orders.fund,
        orders.pledge, orders.troops, orders.request, orders.accept, orders.apply, orders.move, orders.target,
        orders.inject, orders.upheaval, orders.desk,
    )  # fmt: skip


@part
def lay_states(standing: Standing, g: int, orders: Orders) -> None:
    """Members' and partners' rows."""
    for n in range(orders.lead.shape[0]):
        orders.fund[n] = instead(standing.fund[g, n], orders.fund[n])
        orders.lead[n] = orders.lead[n] * instead(standing.lead[g, n], 1.0)
        orders.pledge[n] = instead(standing.pledge[g, n], orders.pledge[n])
        orders.troops[n] = instead(standing.troops[g, n], orders.troops[n])
        orders.accept[n] = instead(standing.accept[g, n], orders.accept[n])
        if standing.apply[g, n] >= 0:
            orders.apply[n] = standing.apply[g, n]
        for i in range(orders.item.shape[0]):
            meant = standing.about[g, i] < 0 or standing.about[g, i] == orders.item[i]
            if standing.stance[g, n, i] >= 0 and meant:
                orders.stance[n, i] = standing.stance[g, n, i]
        for a in range(orders.request.shape[1]):
            orders.request[n, a] = orders.request[n, a] * instead(standing.request[g, n, a], 1.0)


@entry
def lay(standing: Standing, step: int, orders: Orders) -> None:
    """Lay standing orders over the rows that policies have filled, and the facilitator's injects over the script."""
    if standing.turn.shape[0] <= step:
        return
    if standing.added[step] == 1:
        for n in range(orders.inject.shape[0]):
            for k in range(orders.inject.shape[1]):
                orders.inject[n, k] = orders.inject[n, k] + standing.inject[step, n, k]
    g = standing.turn[step]
    if g < 0:
        return
    lay_states(standing, g, orders)
    for v in range(orders.move.shape[0]):
        if standing.target[g, v] >= 0:
            orders.target[v] = standing.target[g, v]
        for i in range(orders.move.shape[1]):
            orders.move[v, i] = instead(standing.move[g, v, i], orders.move[v, i])
