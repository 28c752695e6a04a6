"""Which states the figures of a run show: partners by the framework that they are or were in, and groups of them."""

import numpy as np

from analysis.words import framework_name
from sim.declare.names import MEMBER, RIVAL
from sim.law.compiled import Ints
from sim.runs.results import Results


def home(framework: Ints, role: Ints) -> Ints:
    """(S, N): the framework a state is or was last in; allies that came from one keep it, so that nobody drops out."""
    kept = framework.copy()
    for s in range(1, len(kept)):
        kept[s] = np.where(kept[s] < 0, kept[s - 1], kept[s])
    kept[role == RIVAL] = -1
    return kept


def partners(results: Results) -> Ints:
    """Rows of all states that were partners in a framework, by framework, then by name."""
    at = home(results.framework, results.role)[-1]
    found = [n for n in range(len(results.codes)) if at[n] >= 0]
    return np.array(sorted(found, key=lambda n: (at[n], results.names[n])), dtype=np.int64)


def grouped(results: Results) -> tuple[list[str], list[list[int]]]:
    """Groups of states: allies from the start, then each framework. Rivals and states in no framework are left out."""
    at = home(results.framework, results.role)[-1]
    allies = [n for n in range(len(results.codes)) if at[n] < 0 and results.role[0, n] == MEMBER]
    names, members = ["allies"], [sorted(allies, key=lambda n: results.names[n])]
    for f, name in enumerate(results.frameworks):
        rows = [int(n) for n in partners(results) if at[n] == f]
        if rows:
            names.append(name)
            members.append(rows)
    return names, members


def group_name(name: str) -> str:
    """Name of a group of states."""
    return "Allies" if name == "allies" else framework_name(name)
