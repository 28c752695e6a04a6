"""A rival: how it divides its effort over moves, and whom it leans on. Every unit of effort is paid for."""

from sim.declare.names import (
    ALLY,
    ASPIRANT,
    COERCION,
    COUNTER_OFFER,
    DISINFORM,
    MEMBER,
    PARTNER,
    RESTRAINT,
    SNAP_EXERCISE,
    TRANSPARENCY_OFFER,
    WEDGE,
)
from sim.law.compiled import Floats, Ints, rule
from sim.law.draws import RIVAL_CHOICE, Draws, uniform
from sim.law.elementary import exp


@rule
def credible_force(
    role: int, weight: float, readiness: float, interoperability: float, will: float, near: float
) -> float:
    """What a rival counts against itself: ready allies, and partners within reach as far as they fit and are
    willing.
    """
    if role == MEMBER:
        return weight * readiness
    if role == PARTNER and near > 0.0:
        return 2.0 * weight * readiness * interoperability * will
    return 0.0


@rule
def deterrence_of(force: float, cohesion: float, rival_force: float, hostility: float) -> float:
    """Deterrence, 0 to 1: A / (A + R), A credible force times cohesion, R the rival's force times (0.5 + hostility)."""
    ours = force * cohesion
    return ours / (ours + rival_force * (0.5 + hostility)) if ours > 0.0 else 0.0


@rule
def weigh_moves(
    leaning: Floats, hostility: float, pressure: float, deterrence: float, deterrence_effect: float, cohesion: float,
    uptake: float, sharpness: float, payoff: Floats,
) -> None:  # fmt: skip
    """Payoff of each move (MOVES,): a rival scores on its own security and influence.

    Hostility favours coercion, disinformation and wedges; felt pressure favours snap exercises; influence lost to the
    programme favours counter-offers; low pressure favours restraint. `deterrence_effect` is positive where strength
    deters coercion and negative where it provokes: the sign is contested (D'Orazio 2012; Bernhardt & Sukin 2021; Kuo &
    Blankenship 2022).
    """
    for v in range(payoff.shape[0]):
        payoff[v] = leaning[v]
    payoff[COERCION] = payoff[COERCION] + 1.5 * hostility - deterrence_effect * (deterrence - 0.5)
    payoff[COUNTER_OFFER] = payoff[COUNTER_OFFER] + 1.5 * uptake
    payoff[DISINFORM] = payoff[DISINFORM] + 1.0 * hostility
    payoff[SNAP_EXERCISE] = payoff[SNAP_EXERCISE] + 2.0 * pressure
    payoff[WEDGE] = payoff[WEDGE] + 1.0 * hostility + 0.5 * (0.7 - cohesion)
    payoff[TRANSPARENCY_OFFER] = payoff[TRANSPARENCY_OFFER] + 1.0 * (0.4 - hostility)
    payoff[RESTRAINT] = payoff[RESTRAINT] + 2.0 * (0.4 - pressure)
    for v in range(payoff.shape[0]):
        payoff[v] = payoff[v] * sharpness


@rule
def spend_effort(v: int, payoff: Floats, budget: float, move: Floats) -> None:
    """Divide the budget over moves by one logistic (softmax) choice; fills row v of `move` (V, MOVES)."""
    total = 0.0
    for i in range(payoff.shape[0]):
        move[v, i] = exp(payoff[i])
        total = total + move[v, i]
    for i in range(payoff.shape[0]):
        move[v, i] = budget * move[v, i] / total


@rule
def lean_on(
    reach: Floats, role: Ints, track: Ints, engagement: Floats, entity: Ints, draws: Draws, rival: int,
    candidate_pull: float,
) -> int:  # fmt: skip
    """The state leaned on: near, close to the Alliance, and not yet covered by it. Candidates draw most of it.

    reach: (N,) of this rival; engagement: (N,) 0 to 1.
    """
    best = -1.0
    chosen = rival
    for n in range(role.shape[0]):
        if role[n] != PARTNER or reach[n] <= 0.0:
            continue
        pull = 0.3 + engagement[n]
        if track[n] >= ASPIRANT and track[n] < ALLY:
            pull = pull + candidate_pull
        pull = reach[n] * pull * (0.6 + 0.8 * uniform(draws, RIVAL_CHOICE, entity[n], entity[rival]))
        if pull > best:
            best = pull
            chosen = n
    return chosen
