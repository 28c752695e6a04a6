"""The contribution ledger: every change of a score, under the name of what caused it.

`contributions` is (CAUSES, SCORES, N), or (0, 0, 0) where nobody asked for it, so that it costs nothing. It is closed
after each rule, after minus before, so that clipping and decay are counted and nothing is left over. This is
accounting in rule order, not causation: causal claims come from paired runs with one thing switched off.
"""

from typing import Final

import numpy as np

from sim.declare.names import ACTIVITIES, MEMBER, SCORES, THREAT_KINDS
from sim.law.compiled import Floats, Integer, Ints, part, rule
from sim.law.elementary import clip
from sim.law.forms import expected_trust
from sim.law.world import Ledger, Quarter, World

OTHER_CAUSES: Final = (
    "council", "missions", "leaks", "forgetting", "hearsay", "envy", "rivals", "geopolitical_tool", "skill_fade",
    "upkeep", "return_to_mean", "government", "accession",
)  # fmt: skip
CAUSES: Final = ACTIVITIES + THREAT_KINDS + OTHER_CAUSES
# NumPy integers, because Numba compiles a function anew for each plain constant that it is called with.
FIRST_THREAT: Final = np.int64(len(ACTIVITIES))
FIRST_OTHER: Final = FIRST_THREAT + len(THREAT_KINDS)
STOCK_TAKING: Final = np.int64(-1)
(BY_COUNCIL, BY_MISSIONS, BY_LEAKS, BY_FORGETTING, BY_HEARSAY, BY_ENVY, BY_RIVALS, BY_IMAGE, BY_FADE, BY_UPKEEP,
 BY_RETURN, BY_GOVERNMENT, BY_ACCESSION) = (FIRST_OTHER + np.int64(i) for i in range(len(OTHER_CAUSES)))  # fmt: skip


def new_ledger(states: int, on: bool = True) -> Ledger:
    """An empty ledger and its memory of the scores before the rule at hand, with one row to work in."""
    if not on:
        return Ledger(np.zeros((0, 0, 0)), np.zeros((0, 0)))
    return Ledger(np.zeros((len(CAUSES), len(SCORES), states)), np.zeros((len(SCORES) + 1, states)))


@rule
def mutual_trust(trust_for: Floats, trust_against: Floats, i: int, j: int) -> float:
    """Mean of what i and j expect of each other, 0 to 1."""
    return 0.5 * (
        expected_trust(trust_for[i, j], trust_against[i, j]) + expected_trust(trust_for[j, i], trust_against[j, i])
    )


@rule
def trust_score(n: int, role: Ints, trust_for: Floats, trust_against: Floats) -> float:
    """A state's mutual trust with the allies, 0 to 1: the mean over all other members."""
    of_allies = 0.0
    in_allies = 0.0
    count = 0
    for m in range(role.shape[0]):
        if role[m] == MEMBER and m != n:
            of_allies = of_allies + expected_trust(trust_for[m, n], trust_against[m, n])
            in_allies = in_allies + expected_trust(trust_for[n, m], trust_against[n, m])
            count += 1
    return 0.5 * (of_allies + in_allies) / count if count > 0 else 0.5


@rule
def trust_scores(role: Ints, trust_for: Floats, trust_against: Floats, scores: Floats) -> None:
    """`trust_score` of every state (N,), equal to the bit, read in the order in which pairs lie in memory."""
    members = 0
    for n in range(role.shape[0]):
        scores[n] = 0.0
    for m in range(role.shape[0]):
        if role[m] != MEMBER:
            continue
        members += 1
        own = scores[m]
        for n in range(role.shape[0]):
            scores[n] = scores[n] + expected_trust(trust_for[m, n], trust_against[m, n])
        scores[m] = own
    for n in range(role.shape[0]):
        in_allies = 0.0
        for m in range(role.shape[0]):
            if role[m] == MEMBER and m != n:
                in_allies = in_allies + expected_trust(trust_for[n, m], trust_against[n, m])
        count = members - 1 if role[n] == MEMBER else members
        scores[n] = 0.5 * (scores[n] + in_allies) / count if count > 0 else 0.5


@rule
def interoperability_score(n: int, interoperability: Floats) -> float:
    """Mean of a state's three interoperability dimensions, 0 to 1."""
    return (interoperability[n, 0] + interoperability[n, 1] + interoperability[n, 2]) / 3.0


@rule
def capability_score(n: int, capability: Floats, kit: Floats) -> float:
    """Mean over domains of a state's capability, with delivered equipment, 0 to 1."""
    total = 0.0
    for d in range(capability.shape[1]):
        total = total + clip(capability[n, d] + kit[n, d], 0.0, 1.0)
    return total / capability.shape[1]


@rule
def close(
    cause: Integer, role: Ints, trust_for: Floats, trust_against: Floats, interoperability: Floats, capability: Floats,
    kit: Floats, legitimacy: Floats, contributions: Floats, before: Floats,
) -> None:  # fmt: skip
    """Enter under `cause` what every score changed by since the last entry; a negative cause only takes stock."""
    if contributions.shape[0] == 0:
        return
    trust = before[contributions.shape[1]]
    trust_scores(role, trust_for, trust_against, trust)
    for n in range(role.shape[0]):
        for score in range(contributions.shape[1]):
            if score == 0:
                now = trust[n]
            elif score == 1:
                now = interoperability_score(n, interoperability)
            elif score == 2:
                now = capability_score(n, capability, kit)
            else:
                now = legitimacy[n]
            if cause >= 0:
                contributions[cause, score, n] = contributions[cause, score, n] + (now - before[score, n])
            before[score, n] = now


@part
def enter(cause: Integer, world: World, quarter: Quarter) -> None:
    """Close the quarter's ledger under `cause`."""
    close(
        cause, world.role, world.trust_for, world.trust_against, world.interoperability, world.capability, world.kit,
        world.legitimacy, quarter.ledger.contributions, quarter.ledger.before,
    )  # fmt: skip
