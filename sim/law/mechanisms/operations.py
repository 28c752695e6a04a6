"""Mechanism 6: operations together. Contributors to NATO-led missions gain interoperability, trust and voice, and
pay.
"""

from sim.declare.constants import (
    EVIDENCE_PART,
    FLOOR,
    LOSSES_CAP,
    LOSSES_TAIL,
    PROCEDURAL_PART,
    SERVICE_FATIGUE,
    STRAIN,
    VOICE_PART,
)
from sim.declare.names import HUMAN, MEMBER, PARTNER, PROCEDURAL, RIVAL
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.draws import LOSSES, Draws, uniform
from sim.law.elementary import clip, exp
from sim.law.forms import bounded_pareto, learn, rising
from sim.law.mechanisms.activities import meet
from sim.law.orders import Orders
from sim.law.world import HOSTS, Quarter, Setting, World


@rule
def deploy(setting: Setting, world: World, orders: Orders, step: int) -> None:
    """What each state sends to missions, as a share of what it could send: `deployed` (N,), 0 to 1.

    Demand and weight are in force weights. Where more is offered than the missions need, all offers are cut by one
    share. Nobody deploys where there is no mission or while suspended.
    """
    demand, deployed = setting.mission[step], world.deployed
    offered = 0.0
    for n in range(deployed.shape[0]):
        deployed[n] = 0.0
        if demand > 0.0 and world.role[n] != RIVAL and world.suspended_until[n] <= step:
            deployed[n] = clip(orders.troops[n], 0.0, 1.0)
            offered += deployed[n] * setting.weight[n]
    needed = demand / offered if offered > demand else 1.0
    for n in range(deployed.shape[0]):
        deployed[n] *= needed


@rule
def serve(setting: Setting, world: World, p: Parameters) -> None:
    """What service side by side does: human and procedural interoperability, mutual evidence, voice (the ISAF
    effect).
    """
    deployed, skill, voice = world.deployed, world.interoperability, world.voice
    for n in range(deployed.shape[0]):
        if deployed[n] <= 0.0:
            continue
        skill[n, HUMAN] = learn(skill[n, HUMAN], p.service * deployed[n])
        skill[n, PROCEDURAL] = learn(skill[n, PROCEDURAL], PROCEDURAL_PART * p.service * deployed[n])
        if world.role[n] != PARTNER:
            continue
        voice[n] = learn(voice[n], VOICE_PART * p.service * deployed[n])
        for h in range(HOSTS):
            m = setting.hosts[n, h]
            if m >= 0 and world.role[m] == MEMBER:
                meet(n, m, EVIDENCE_PART * p.service * deployed[n] * rising(FLOOR, deployed[m]), world)


@rule
def bear_losses(setting: Setting, world: World, draws: Draws, quarter: Quarter) -> None:
    """What service costs: losses (index points, heavy-tailed, by the danger), will at home, fatigue of the force."""
    danger, deployed, lost = setting.mission_danger[int(draws.step)], world.deployed, quarter.lost
    for n in range(deployed.shape[0]):
        lost[n] = 0.0
        if deployed[n] <= 0.0:
            continue
        if uniform(draws, LOSSES, setting.entity[n], 0) < 1.0 - exp(-danger * deployed[n]):
            lost[n] = bounded_pareto(uniform(draws, LOSSES, setting.entity[n], 1), LOSSES_TAIL, LOSSES_CAP)
        cost = STRAIN * (deployed[n] + lost[n])
        world.will[n] = clip(world.will[n] - cost, 0.0, 1.0)
        world.fatigue[n] = learn(world.fatigue[n], SERVICE_FATIGUE * deployed[n])


@rule
def missions_run(setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 6."""
    deploy(setting, world, orders, int(draws.step))
    serve(setting, world, p)
    bear_losses(setting, world, draws, quarter)
