"""The contribution ledger: every change of a score, under the name of what caused it.

`contributions` is (CAUSES, SCORES, N), or (0, 0, 0) where nobody asked for it, so that it costs nothing. It is closed
after each rule, after minus before, so that clipping and decay are counted and nothing is left over. This is
accounting in rule order, not causation: causal claims come from paired runs with one thing switched off.
"""

from typing import Final

import numpy as np

from sim.declare.names import ACTIVITIES, MEMBER, SCORES, THREAT_KINDS
from sim.law.compiled import Floats, Integer, rule
from sim.law.elementary import clip
from sim.law.forms import expected_trust
from sim.law.world import Ledger, Quarter, World

OTHER_CAUSES: Final = (
    "council", "missions", "leaks", "forgetting", "hearsay", "envy", "rivals", "geopolitical_tool", "skill_fade",
    "upkeep", "return_to_mean", "government", "accession", "breaches",
)  # fmt: skip
CAUSES: Final = ACTIVITIES + THREAT_KINDS + OTHER_CAUSES
# NumPy integers, because Numba compiles a function anew for each plain constant that it is called with.
FIRST_THREAT: Final = np.int64(len(ACTIVITIES))
FIRST_OTHER: Final = FIRST_THREAT + len(THREAT_KINDS)
STOCK_TAKING: Final = np.int64(-1)
(BY_COUNCIL, BY_MISSIONS, BY_LEAKS, BY_FORGETTING, BY_HEARSAY, BY_ENVY, BY_RIVALS, BY_IMAGE, BY_FADE, BY_UPKEEP,
 BY_RETURN, BY_GOVERNMENT, BY_ACCESSION, BY_BREACHES) = (
    FIRST_OTHER + np.int64(i) for i in range(len(OTHER_CAUSES))
)  # fmt: skip
TRUST, INTEROPERABILITY, CAPABILITY, LEGITIMACY = range(4)


def new_ledger(states: int, on: bool = True) -> Ledger:
    """An empty ledger and its memory of the scores before the rule at hand, with one row to work in."""
    if not on:
        return Ledger(np.zeros((0, 0, 0)), np.zeros((0, 0)))
    return Ledger(np.zeros((len(CAUSES), len(SCORES), states)), np.zeros((len(SCORES) + 1, states)))


@rule
def trust_in(i: int, j: int, world: World) -> float:
    """What state i expects of state j, 0 to 1."""
    return expected_trust(world.trust_for[i, j], world.trust_against[i, j], world.base_trust[i, j])


@rule
def trust_between(i: int, j: int, world: World) -> float:
    """Mean of what i and j expect of each other, 0 to 1."""
    return 0.5 * (trust_in(i, j, world) + trust_in(j, i, world))


@rule
def trust_score(n: int, world: World) -> float:
    """A state's mutual trust with the allies, 0 to 1: the mean over all other members."""
    of_allies = 0.0
    in_allies = 0.0
    count = 0
    for m in range(world.role.shape[0]):
        if world.role[m] == MEMBER and m != n:
            of_allies = of_allies + trust_in(m, n, world)
            in_allies = in_allies + trust_in(n, m, world)
            count += 1
    return 0.5 * (of_allies + in_allies) / count if count > 0 else 0.5


@rule
def trust_scores(world: World, scores: Floats) -> None:
    """`trust_score` of every state (N,), equal to the bit, read in the order in which pairs lie in memory."""
    role = world.role
    members = 0
    for n in range(role.shape[0]):
        scores[n] = 0.0
    for m in range(role.shape[0]):
        if role[m] != MEMBER:
            continue
        members += 1
        own = scores[m]
        for n in range(role.shape[0]):
            scores[n] = scores[n] + trust_in(m, n, world)
        scores[m] = own
    for n in range(role.shape[0]):
        in_allies = 0.0
        for m in range(role.shape[0]):
            if role[m] == MEMBER and m != n:
                in_allies = in_allies + trust_in(n, m, world)
        count = members - 1 if role[n] == MEMBER else members
        scores[n] = 0.5 * (scores[n] + in_allies) / count if count > 0 else 0.5


@rule
def interoperability_score(n: int, world: World) -> float:
    """Mean of a state's three interoperability dimensions, 0 to 1."""
    levels = world.interoperability
    return (levels[n, 0] + levels[n, 1] + levels[n, 2]) / 3.0


@rule
def capability_score(n: int, world: World) -> float:
    """Mean over domains of a state's capability, with delivered equipment, 0 to 1."""
    total = 0.0
    for d in range(world.capability.shape[1]):
        total = total + clip(world.capability[n, d] + world.kit[n, d], 0.0, 1.0)
    return total / world.capability.shape[1]


@rule
def enter(cause: Integer, world: World, quarter: Quarter) -> None:
    """Enter under `cause` what every score changed by since the last entry; a negative cause only takes stock."""
    contributions, before = quarter.ledger.contributions, quarter.ledger.before
    if contributions.shape[0] == 0:
        return
    trust = before[contributions.shape[1]]
    trust_scores(world, trust)
    for n in range(world.role.shape[0]):
        for score in range(contributions.shape[1]):
            if score == TRUST:
                now = trust[n]
            elif score == INTEROPERABILITY:
                now = interoperability_score(n, world)
            elif score == CAPABILITY:
                now = capability_score(n, world)
            else:
                now = world.legitimacy[n]
            if cause >= 0:
                contributions[cause, score, n] = contributions[cause, score, n] + (now - before[score, n])
            before[score, n] = now
