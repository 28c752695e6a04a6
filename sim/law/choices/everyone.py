"""Who decides what: `decide` lets every role, or the role at hand, fill its rows of the orders.

A Mesa agent's default method calls the function of its role for its own row, so an override that returns the default
leaves a run equal to the bit.
"""

from sim.declare.names import LET_PASS, MEMBER, PARTNER
from sim.declare.parameters import Parameters
from sim.law.choices.alliance import decide_alliance
from sim.law.choices.member import decide_member
from sim.law.choices.partner import decide_partner
from sim.law.choices.rival import decide_rival
from sim.law.compiled import rule
from sim.law.draws import Draws
from sim.law.orders import Orders
from sim.law.world import Setting, World


@rule
def clear_row(n: int, orders: Orders) -> None:
    """State n's row as that of a state which asks for nothing, lets all pass and pays its part."""
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


@rule
def decide_state(n: int, setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """State n's row, as a member or as a partner."""
    if world.role[n] == MEMBER:
        decide_member(n, setting, world, orders, draws, p)
    elif world.role[n] == PARTNER:
        decide_partner(n, setting, world, orders, draws, p)


@rule
def decide_states(setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """Members, partners and rivals fill their rows, seeing the agenda; rows of rivals among the states stay empty."""
    for n in range(world.role.shape[0]):
        clear_row(n, orders)
        decide_state(n, setting, world, orders, draws, p)
    for v in range(setting.rivals.shape[0]):
        decide_rival(v, setting, world, orders, draws, p)


EVERYBODY, ALLIANCE_ONLY, STATES_ONLY, ONE_STATE, ONE_RIVAL = range(5)


@rule
def decide(who: int, row: int, setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """Fill rows of `orders`: EVERYBODY's, or those of the role at hand; the staff first, so that all see the agenda.

    row: the state for ONE_STATE, the rival's number for ONE_RIVAL; otherwise unused.
    """
    if who == EVERYBODY or who == ALLIANCE_ONLY:
        decide_alliance(setting, world, orders, draws, p)
    if who == EVERYBODY or who == STATES_ONLY:
        decide_states(setting, world, orders, draws, p)
    if who == ONE_STATE:
        decide_state(row, setting, world, orders, draws, p)
    if who == ONE_RIVAL:
        decide_rival(row, setting, world, orders, draws, p)
