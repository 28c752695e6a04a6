"""One quarter, readable as a table of contents: the one law of motion.

    decide    every role fills its rows of the orders
    admit     any orders become legal, with reasons for what is refused
    advance   the world moves, in place
    measure   the outcomes are read off

The Mesa model, the ensemble, the game and every replay call these same functions.
"""

from sim.declare.names import COMMON_FUND, LEAD_ALLY, TRUST_FUND
from sim.declare.parameters import Parameters
from sim.law.admit import admit
from sim.law.choices.everyone import decide
from sim.law.compiled import rule
from sim.law.draws import Draws
from sim.law.ledger import BY_COUNCIL, BY_MISSIONS, STOCK_TAKING, enter
from sim.law.measures import measure
from sim.law.mechanisms.activities import activities_work
from sim.law.mechanisms.arrangements import arrangements_change, engagement_of
from sim.law.mechanisms.council import council_decides
from sim.law.mechanisms.operations import missions_run
from sim.law.mechanisms.participation import partners_take_part
from sim.law.mechanisms.response import states_answer
from sim.law.mechanisms.rivals import rivals_move
from sim.law.mechanisms.threats import threats_arise
from sim.law.mechanisms.time_passes import time_passes
from sim.law.mechanisms.trust import trust_moves
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, World

__all__ = ["admit", "advance", "decide", "measure"]


@rule
def note_help(quarter: Quarter) -> None:
    """What each partner was helped with in this quarter: money that is not its own."""
    spent = quarter.spent
    for n in range(spent.shape[0]):
        quarter.work.help_given[n] = spent[n, COMMON_FUND] + spent[n, TRUST_FUND] + spent[n, LEAD_ALLY]


@rule
def advance(setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:
    """Move the world by one quarter, in place, under admitted orders."""
    step = int(draws.step)
    enter(STOCK_TAKING, world, quarter)
    threats_arise(setting, world, orders, draws, p, quarter)
    states_answer(setting, world, orders, p, quarter)
    council_decides(setting, world, orders, step, p, quarter)
    enter(BY_COUNCIL, world, quarter)
    partners_take_part(setting, world, orders, step, p, quarter)
    activities_work(setting, world, orders, draws, p, quarter)
    missions_run(setting, world, orders, draws, p, quarter)
    enter(BY_MISSIONS, world, quarter)
    engagement_of(world, quarter.work.engagement)
    note_help(quarter)
    trust_moves(setting, world, orders, step, p, quarter)
    rivals_move(setting, world, orders, step, p, quarter)
    time_passes(setting, world, orders, draws, p, quarter)
    arrangements_change(setting, world, orders, draws, p, quarter)
