"""A comparison made by hand: three policies whose harm differs by known amounts."""

import numpy as np

from analysis.studies.compare.comparison import COST, HARM, SEVERITY, Asked, Judged, Steps, judge
from sim.declare.names import MEASURES

TRUST = MEASURES.index("mutual_trust")


def asked(
    measure: str = "harm", sign: int = -1, smallest: float = 1.0, replicates: int = 40, policies: int = 3
) -> Asked:
    names = ("base", "good", "bad", "fourth")[:policies]
    titles = ("Base", "Good", "Bad", "Fourth")[:policies]
    return Asked("here", "Here", "Why?", measure, sign, smallest, names, titles, 0, 1, 0, replicates, "2025-Q1")


def outcomes(gaps: tuple[float, ...], noise: float = 0.0, replicates: int = 40) -> np.ndarray:
    """Policies whose harm differs from that of the first by these gaps; all share luck of standard deviation 10."""
    generator = np.random.default_rng(5)
    found = np.zeros((len(gaps), replicates, len(MEASURES)))
    luck = generator.normal(0.0, 10.0, replicates)
    for p, gap in enumerate(gaps):
        found[p, :, HARM] = 100.0 + luck + gap + noise * generator.normal(size=replicates) * (p > 0)
        found[p, :, SEVERITY] = 2.0 * found[0, :, HARM]
        found[p, :, COST] = 10.0 + p
        found[p, :, TRUST] = 0.5 - 0.001 * gap + 0.001 * luck
    return found


def made(gaps: tuple[float, ...] = (0.0, -3.0, 2.0), noise: float = 0.0, **how: object) -> Judged:
    values = outcomes(gaps, noise)
    without = values[0].copy()
    without[:, HARM] += 6.0
    without[:, SEVERITY] += 4.0
    without[:, COST] = 2.0
    steps = Steps(np.zeros((len(gaps), 4)), np.zeros((len(gaps), 5, 4)))
    return judge(asked(policies=len(gaps), **how), values, without, steps)  # type: ignore[arg-type]
