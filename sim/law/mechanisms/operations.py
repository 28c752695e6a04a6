"""Mechanism 6: operations together. Contributors to NATO-led missions gain interoperability, trust and voice, and
pay.
"""

from sim.declare.names import HUMAN, MEMBER, PARTNER, PROCEDURAL, RIVAL
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.draws import LOSSES, Draws, uniform
from sim.law.elementary import clip, exp
from sim.law.forms import bounded_pareto, learn
from sim.law.orders import Orders
from sim.law.world import HOSTS, Quarter, Setting, World


@rule
def deploy(
    troops: Floats, demand: float, weight: Floats, role: Ints, suspended_until: Ints, step: int, deployed: Floats
) -> None:
    """What each state sends to missions, as a share of what it could send: `deployed` (N,), 0 to 1.

    troops: (N,) the share that it offers; demand and weight: in force weights. Where more is offered than the missions
    need, all offers are cut by one share. Nobody deploys where there is no mission or while suspended.
    """
    offered = 0.0
    for n in range(troops.shape[0]):
        deployed[n] = 0.0
        if demand > 0.0 and role[n] != RIVAL and suspended_until[n] <= step:
            deployed[n] = clip(troops[n], 0.0, 1.0)
            offered = offered + deployed[n] * weight[n]
    needed = min(1.0, demand / offered) if offered > 0.0 else 0.0
    for n in range(troops.shape[0]):
        deployed[n] = deployed[n] * needed


@rule
def serve(
    deployed: Floats, gain_human: float, gain_procedural: float, evidence: float, voice_gain: float, hosts: Ints,
    role: Ints, interoperability: Floats, trust_for: Floats, voice: Floats,
) -> None:  # fmt: skip
    """What service side by side does: human and procedural interoperability, mutual evidence, voice (the ISAF
    effect).
    """
    for n in range(deployed.shape[0]):
        if deployed[n] <= 0.0:
            continue
        interoperability[n, HUMAN] = learn(interoperability[n, HUMAN], gain_human * deployed[n])
        interoperability[n, PROCEDURAL] = learn(interoperability[n, PROCEDURAL], gain_procedural * deployed[n])
        if role[n] != PARTNER:
            continue
        voice[n] = learn(voice[n], voice_gain * deployed[n])
        for h in range(HOSTS):
            m = hosts[n, h]
            if m >= 0 and role[m] == MEMBER:
                shared = evidence * deployed[n] * (0.3 + 0.7 * deployed[m])
                trust_for[n, m] = trust_for[n, m] + shared
                trust_for[m, n] = trust_for[m, n] + shared


@rule
def bear_losses(
    deployed: Floats, danger: float, will_cost: float, tail: float, entity: Ints, draws: Draws, will: Floats,
    fatigue: Floats, lost: Floats,
) -> None:  # fmt: skip
    """What service costs: losses (index points, heavy-tailed, rate `danger`), will at home, fatigue of the force."""
    for n in range(deployed.shape[0]):
        lost[n] = 0.0
        if deployed[n] <= 0.0:
            continue
        if uniform(draws, LOSSES, entity[n], 0) < 1.0 - exp(-danger * deployed[n]):
            lost[n] = bounded_pareto(uniform(draws, LOSSES, entity[n], 1), tail, 20.0)
        will[n] = clip(will[n] - will_cost * (0.2 * deployed[n] + 0.2 * lost[n]), 0.0, 1.0)
        fatigue[n] = learn(fatigue[n], 0.05 * deployed[n])


@rule
def missions_run(setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 6."""
    step = int(draws.step)
    deploy(
        orders.troops, setting.mission[step], setting.weight, world.role, world.suspended_until, step, world.deployed
    )
    serve(
        world.deployed, p.service_human, p.service_procedural, p.service_evidence, p.service_voice, setting.hosts,
        world.role, world.interoperability, world.trust_for, world.voice,
    )  # fmt: skip
    bear_losses(
        world.deployed, setting.mission_danger[step], p.service_will_cost, 2.4, setting.entity, draws, world.will,
        world.fatigue, quarter.lost,
    )  # fmt: skip
