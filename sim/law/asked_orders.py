"""Standing orders: what people at the table ask for, laid over what policies decide.

A game lays them quarter by quarter, and the compiled kernel lays the same ones over thousands of other courses of luck,
so that "what would these orders have done otherwise" is asked of the one law of motion.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from sim.declare.levers import Levers
from sim.declare.names import ACTIVITIES, ITEMS, MOVES, THREAT_KINDS
from sim.law.compiled import Floats, Ints, rule
from sim.law.orders import Orders


class Standing(NamedTuple):
    """G sets of orders, each for the quarters that `turn` gives it. Not a number, or -1: left to the policy."""

    turn: Ints  # (L,) the set in force at a step; -1: none; (0,) where nobody asks for anything
    policy: Levers  # what levers are where the staff asks for nothing
    levers: list[Levers]  # G; changed by `ask_levers` only
    fund: Floats  # (G, N)
    lead: Floats  # (G, N) factor on the money that an ally would lend
    pledge: Floats  # (G, N)
    troops: Floats  # (G, N)
    stance: Ints  # (G, N, ITEMS)
    amount: Floats  # (G, N)
    about: Ints  # (G, ITEMS) the state that stances are about; -1: whichever
    request: Floats  # (G, N, A) factor on the places that a partner would ask for
    accept: Floats  # (G, N)
    apply: Ints  # (G, N)
    move: Floats  # (G, V, MOVES) effort
    target: Ints  # (G, V)
    inject: Floats  # (L, N, K) severity added by the facilitator
    added: Ints  # (L,) 1 where the facilitator adds something


def nothing_asked(states: int, rivals: int, levers: Levers, turns: int = 0, horizon: int = 0) -> Standing:
    """Standing orders that leave everything to a policy with these levers; without a turn they cost nothing to lay."""

    def f(*shape: int) -> Floats:
        return np.full((turns, *shape), np.nan)

    def i(*shape: int) -> Ints:
        return np.full((turns, *shape), -1, dtype=np.int64)

    return Standing(
        turn=np.full(horizon, -1, dtype=np.int64), policy=levers, levers=[levers] * turns, fund=f(states),
        lead=f(states), pledge=f(states), troops=f(states), stance=i(states, len(ITEMS)),
        amount=f(states), about=i(len(ITEMS)),
        request=f(states, len(ACTIVITIES)), accept=f(states), apply=i(states), move=f(rivals, len(MOVES)),
        target=i(rivals), inject=np.zeros((horizon, states, len(THREAT_KINDS))),
        added=np.zeros(horizon, dtype=np.int64),
    )  # fmt: skip


def ask_levers(standing: Standing, turn: int, asked: Mapping[str, Any]) -> None:
    """Levers that the staff asks for in a turn, by name; the others are the policy's, so that nothing asks for none."""
    standing.levers[turn] = standing.policy._replace(**asked)


def copy_standing(standing: Standing) -> Standing:
    """An independent copy."""
    return Standing._make(part if isinstance(part, Levers) else part.copy() for part in standing)


@rule
def instead(asked: float, otherwise: float) -> float:
    """What was asked for, or what was decided otherwise where nothing was."""
    return asked if asked == asked else otherwise


@rule
def in_force(standing: Standing, step: int) -> int:
    """The set of standing orders in force at a step; -1: none."""
    return int(standing.turn[step]) if standing.turn.shape[0] > step else -1


def under(orders: Orders, levers: Levers) -> Orders:
    """The same rows of orders under other levers."""
    return orders._replace(levers=levers)


@rule
def lay_states(g: int, standing: Standing, orders: Orders) -> None:
    """Members' and partners' rows."""
    for n in range(orders.lead.shape[0]):
        orders.fund[n] = instead(standing.fund[g, n], orders.fund[n])
        orders.amount[n] = instead(standing.amount[g, n], orders.amount[n])
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


@rule
def lay(standing: Standing, step: int, orders: Orders) -> None:
    """Lay standing orders over the rows that policies have filled, and the facilitator's injects over the script."""
    if standing.turn.shape[0] <= step:
        return
    if standing.added[step] == 1:
        for n in range(orders.inject.shape[0]):
            for k in range(orders.inject.shape[1]):
                orders.inject[n, k] = orders.inject[n, k] + standing.inject[step, n, k]
    g = in_force(standing, step)
    if g < 0:
        return
    lay_states(g, standing, orders)
    for v in range(orders.move.shape[0]):
        if standing.target[g, v] >= 0:
            orders.target[v] = standing.target[g, v]
        for i in range(orders.move.shape[1]):
            orders.move[v, i] = instead(standing.move[g, v, i], orders.move[v, i])
