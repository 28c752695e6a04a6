"""The numbers that outcomes are judged by: each is one function, declared where it is computed.

partners  means over partners in a framework
crises    harm, overload, calm, leaks
allies    readiness, deterrence, burdens, the Council, cost
states    what is recorded of every state
"""

from typing import Final

from sim.declare.names import MEASURES
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, rule
from sim.law.measures.allies import measure_allies
from sim.law.measures.crises import measure_crises
from sim.law.measures.declared import FOUND
from sim.law.measures.partners import measure_partners
from sim.law.world import Quarter, Setting, World

assert FOUND.keys() == set(MEASURES)
DECLARED: Final = {name: FOUND[name] for name in MEASURES}


@rule
def measure(setting: Setting, world: World, p: Parameters, quarter: Quarter, out: Floats) -> None:
    """All measures of the quarter just advanced, in the order of MEASURES, into `out` (MEASURES,)."""
    measure_partners(setting, world, p, quarter, out)
    measure_crises(setting, world, quarter, out)
    measure_allies(setting, world, quarter, out)
