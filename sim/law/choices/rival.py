"""A rival: how it divides its effort over moves, and whom it leans on. Every unit of effort is paid for."""

from sim.declare.constants import (
    CALM,
    COERCION_PAYOFF,
    COHESION_BASE,
    OFFER_PAYOFF,
    RIVAL_FORCE,
    TARGET_BASE,
    TARGET_LUCK,
)
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
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.draws import RIVAL_CHOICE, Draws, uniform
from sim.law.elementary import exp
from sim.law.ledger import interoperability_score
from sim.law.mechanisms.arrangements import engagement_of
from sim.law.orders import Orders
from sim.law.world import Setting, World


@rule
def credible_force(n: int, near: float, setting: Setting, world: World) -> float:
    """What a rival counts against itself: ready allies, and partners within reach as far as they fit and are willing.

    near: how close state n is to the rival, 0 to 1.
    """
    if world.role[n] == MEMBER:
        return setting.weight[n] * world.readiness[n]
    if world.role[n] == PARTNER and near > 0.0:
        return 2.0 * setting.weight[n] * world.readiness[n] * interoperability_score(n, world) * world.will[n]
    return 0.0


@rule
def deterrence_of(force: float, rival_force: float, hostility: float, world: World) -> float:
    """Deterrence, 0 to 1: A / (A + R), A credible force times cohesion, R the rival's force times (0.5 + hostility)."""
    ours = force * world.cohesion[0]
    return ours / (ours + rival_force * (0.5 + hostility)) if ours > 0.0 else 0.0


@rule
def deterrence_felt(v: int, setting: Setting, world: World) -> float:
    """Deterrence as rival v sees it, from the forces within its reach."""
    force = 0.0
    for n in range(world.role.shape[0]):
        force = force + credible_force(n, setting.rival_reach[v, n], setting, world)
    return deterrence_of(force, RIVAL_FORCE * setting.weight[setting.rivals[v]], world.hostility[v], world)


@rule
def influence_lost(v: int, setting: Setting, world: World, orders: Orders) -> float:
    """Mean engagement of partners with the Alliance, by the reach of rival v, 0 to 1."""
    uptake = 0.0
    near = 0.0
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER:
            uptake = uptake + orders.desk.engagement[n] * setting.rival_reach[v, n]
            near = near + setting.rival_reach[v, n]
    return uptake / near if near > 0.0 else 0.0


@rule
def weigh_moves(v: int, setting: Setting, world: World, orders: Orders, p: Parameters) -> None:
    """Payoff of each move (MOVES,): a rival scores on its own security and influence.

    Hostility favours coercion, disinformation and wedges; felt pressure favours snap exercises; influence lost to the
    programme favours counter-offers; low pressure favours restraint. `deterrence_effect` is positive where strength
    deters coercion and negative where it provokes: the sign is contested (D'Orazio 2012; Bernhardt & Sukin 2021; Kuo &
    Blankenship 2022).
    """
    payoff, hostility, pressure = orders.desk.payoff, world.hostility[v], world.pressure[v]
    deterrence = deterrence_felt(v, setting, world)
    for i in range(payoff.shape[0]):
        payoff[i] = setting.rival_moves[v, i]
    payoff[COERCION] = payoff[COERCION] + COERCION_PAYOFF * hostility - p.deterrence_effect * (deterrence - 0.5)
    payoff[COUNTER_OFFER] = payoff[COUNTER_OFFER] + OFFER_PAYOFF * influence_lost(v, setting, world, orders)
    payoff[DISINFORM] = payoff[DISINFORM] + 1.0 * hostility
    payoff[SNAP_EXERCISE] = payoff[SNAP_EXERCISE] + 2.0 * pressure
    payoff[WEDGE] = payoff[WEDGE] + 1.0 * hostility + 0.5 * (COHESION_BASE - world.cohesion[0])
    payoff[TRANSPARENCY_OFFER] = payoff[TRANSPARENCY_OFFER] + 1.0 * (CALM - hostility)
    payoff[RESTRAINT] = payoff[RESTRAINT] + 2.0 * (CALM - pressure)
    for i in range(payoff.shape[0]):
        payoff[i] = payoff[i] * p.rival_sharpness


@rule
def spend_effort(v: int, setting: Setting, orders: Orders) -> None:
    """Divide the budget over moves by one logistic (softmax) choice over their payoffs."""
    payoff, move = orders.desk.payoff, orders.move
    total = 0.0
    for i in range(payoff.shape[0]):
        move[v, i] = exp(payoff[i])
        total = total + move[v, i]
    for i in range(payoff.shape[0]):
        move[v, i] = setting.rival_budget[v] * move[v, i] / total


@rule
def lean_on(v: int, setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> int:
    """The state leaned on: near, close to the Alliance, and not yet covered by it. Candidates draw most of it."""
    entity, reach, track = setting.entity, setting.rival_reach[v], world.track
    rival = setting.rivals[v]
    best = -1.0
    chosen = rival
    for n in range(world.role.shape[0]):
        if world.role[n] != PARTNER or reach[n] <= 0.0:
            continue
        pull = TARGET_BASE + orders.desk.engagement[n]
        if track[n] >= ASPIRANT and track[n] < ALLY:
            pull = pull + p.candidate_pull
        luck = TARGET_LUCK * uniform(draws, RIVAL_CHOICE, entity[n], entity[rival])
        pull = reach[n] * pull * (1.0 - TARGET_LUCK / 2.0 + luck)
        if pull > best:
            best = pull
            chosen = n
    return int(chosen)


@rule
def decide_rival(v: int, setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """Rival v's row (v counts rivals): effort on each move and the state it leans on."""
    engagement_of(world, orders.desk.engagement)
    weigh_moves(v, setting, world, orders, p)
    spend_effort(v, setting, orders)
    orders.target[v] = lean_on(v, setting, world, orders, draws, p)
