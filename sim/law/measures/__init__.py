"""The numbers that outcomes are judged by: each is one function, declared where it is computed.

partners  means over partners in a framework
crises    harm, overload, calm, leaks
allies    readiness, deterrence, burdens, the Council, cost
states    what is recorded of every state
"""

from collections import namedtuple
from typing import Any, Final

from sim.declare.names import MEASURES
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, rule
from sim.law.measures.allies import (
    accessions,
    burden_sharing,
    consensus_rate,
    cost,
    decision_delay,
    deterrence,
    readiness,
    realignment,
)
from sim.law.measures.crises import harm, leaks, overload, severity, stability
from sim.law.measures.declared import FOUND
from sim.law.measures.partners import (
    capability,
    coalition_score,
    disparity,
    expectation_gap,
    integration,
    interoperability,
    legitimacy,
    mutual_trust,
    voice,
)
from sim.law.world import Quarter, Setting, World

assert FOUND.keys() == set(MEASURES)
DECLARED: Final = {name: FOUND[name] for name in MEASURES}
AT: Final[Any] = namedtuple("AT", MEASURES)(*range(len(MEASURES)))  # the position of each measure, by name


@rule
def measure(setting: Setting, world: World, p: Parameters, quarter: Quarter, out: Floats) -> None:
    """All measures of the quarter just advanced, in the order of MEASURES, into `out` (MEASURES,)."""
    out[AT.mutual_trust] = mutual_trust(world, quarter)
    out[AT.interoperability] = interoperability(world, quarter)
    out[AT.coalition_score] = coalition_score(setting, world)
    out[AT.capability] = capability(world, quarter)
    out[AT.disparity] = disparity(world, quarter)
    out[AT.harm] = harm(setting, world, quarter)
    out[AT.overload] = overload(quarter)
    out[AT.stability] = stability(setting, world, quarter)
    out[AT.deterrence] = deterrence(setting, world)
    out[AT.consensus_rate] = consensus_rate(world)
    out[AT.decision_delay] = decision_delay(world)
    out[AT.legitimacy] = legitimacy(world)
    out[AT.voice] = voice(setting, world)
    out[AT.integration] = integration(setting, world)
    out[AT.expectation_gap] = expectation_gap(world, p, quarter)
    out[AT.readiness] = readiness(world)
    out[AT.accessions] = accessions(world)
    out[AT.realignment] = realignment(world)
    out[AT.cost] = cost(world, quarter)
    out[AT.burden_sharing] = burden_sharing(setting, world, quarter)
    out[AT.leaks] = leaks(quarter)
    out[AT.severity] = severity(setting, world, quarter)
