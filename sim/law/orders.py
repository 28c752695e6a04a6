"""Everything decided for one quarter, by whom it is decided. Rows are states, so one agent's orders are one row."""

from typing import NamedTuple

import numpy as np

from sim.declare.levers import Levers
from sim.declare.names import ACTIVITIES, DOMAINS, ITEMS, MOVES, THREAT_KINDS
from sim.law.compiled import Floats, Ints

NOBODY, WELCOME, CONTESTED = range(3)


class Desk(NamedTuple):
    """What the roles work out on the way to their orders."""

    estimate: Floats  # (N, K) the staff's noisy estimate of threats
    noise: Floats  # (K, N) its luck
    felt: Floats  # (N,) the estimate over all kinds
    mix: Floats  # (A,) share of the envelope by activity
    share: Floats  # (N,) share of the envelope by partner
    engagement: Floats  # (N,)
    payoff: Floats  # (MOVES,) of the rival at hand


class Orders(NamedTuple):
    """Standing orders of all roles, fixed before this quarter's threats are drawn."""

    # the Alliance staff
    levers: Levers
    plan: Floats  # (N, A) places offered a quarter, for partners whose cycle falls due
    plan_domain: Floats  # (N, D)
    item: Ints  # (ITEMS,) the state an item is about; -1: not on the agenda; the programme uses 0
    round: Ints  # (N,) candidates of this summit: NOBODY, WELCOME or CONTESTED
    lean: Floats  # (1,) share of the programme that goes to the south
    # members
    stance: Ints  # (N, ITEMS)
    amount: Floats  # (N,) share of the proposed programme that an ally who amends it would let pass
    lead: Floats  # (N,) EUR million offered to partners' projects
    fund: Floats  # (N,) share of its part of the common fund that an ally pays
    # members and partners
    pledge: Floats  # (N,) share of forces that may answer for others
    troops: Floats  # (N,) share of the mission's demand that it carries, in force weights
    # partners
    request: Floats  # (N, A) places wanted
    accept: Floats  # (N,) how far a rival's offer is taken, 0 to 1
    apply: Ints  # (N,) 1: asks for the next stage of the accession track
    # rivals
    move: Floats  # (V, MOVES) effort
    target: Ints  # (V,) state leaned on
    # the scenario's script and the facilitator
    inject: Floats  # (N, K) severity added
    upheaval: Floats  # (N,) change of civilian control
    desk: Desk


def no_orders(states: int, rivals: int, levers: Levers) -> Orders:
    """Orders in which nobody does anything and every item passes."""

    def f(*shape: int) -> Floats:
        return np.zeros(shape, dtype=np.float64)

    def i(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    n = states
    return Orders(
        levers=levers, plan=f(n, len(ACTIVITIES)), plan_domain=f(n, len(DOMAINS)), item=i(len(ITEMS)) - 1,
        round=i(n), lean=f(1), stance=i(n, len(ITEMS)),
        amount=f(n) + 1.0, lead=f(n), fund=f(n) + 1.0, pledge=f(n), troops=f(n),
        request=f(n, len(ACTIVITIES)), accept=f(n),
        apply=i(n), move=f(rivals, len(MOVES)), target=i(rivals), inject=f(n, len(THREAT_KINDS)), upheaval=f(n),
        desk=Desk(
            f(n, len(THREAT_KINDS)), f(len(THREAT_KINDS), n), f(n), f(len(ACTIVITIES)), f(n), f(n), f(len(MOVES))
        ),
    )  # fmt: skip
