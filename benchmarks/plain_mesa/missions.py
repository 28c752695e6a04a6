"""Mechanism 6, missions run (ODD 7.11)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import PartnerState, Rival
from benchmarks.plain_mesa.forms import bounded_pareto, clip, exp, learn
from sim.declare.names import HUMAN, PROCEDURAL
from sim.law.draws import LOSSES

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State

LOSSES_TAIL, LARGEST_LOSS = 2.4, 20.0


def missions_run(model: "PlainPartnershipModel") -> None:
    """States deploy; those that do serve and bear losses."""
    deploy(model, model.mission[model.quarter])
    serving = [state for state in model.rows if state.deployed > 0.0]
    for state in serving:
        serve(state)
    for state in model.rows:
        state.lost = 0.0
    for state in serving:
        bear_losses(state, model.danger[model.quarter])


def deploy(model: "PlainPartnershipModel", demand: float) -> None:
    """What each state offers, cut by one share for all where the missions need less."""
    offered = 0.0
    for state in model.rows:
        state.deployed = 0.0
        if demand > 0.0 and not isinstance(state, Rival) and not state.suspended:
            state.deployed = clip(state.troops, 0.0, 1.0)
            offered += state.deployed * state.weight
    needed = min(1.0, demand / offered) if offered > 0.0 else 0.0
    if needed < 1.0:
        for state in model.rows:
            state.deployed *= needed


def serve(state: "State") -> None:
    """Interoperability, and in partners voice and evidence with the hosts."""
    p, deployed, levels = state.model.p, state.deployed, state.interoperability
    levels[HUMAN] = learn(levels[HUMAN], p.service * deployed)
    levels[PROCEDURAL] = learn(levels[PROCEDURAL], 0.6 * p.service * deployed)
    if isinstance(state, PartnerState):
        state.voice = learn(state.voice, 2.0 * p.service * deployed)
        for host in state.hosts:
            shared = 10.0 * p.service * deployed * (0.3 + 0.7 * host.deployed)
            state.trust[host][0] += shared
            host.trust[state][0] += shared


def bear_losses(state: "State", danger: float) -> None:
    """Losses, will at home, and fatigue."""
    model, deployed = state.model, state.deployed
    if model.draw(LOSSES, state.entity) < 1.0 - exp(-danger * deployed):
        state.lost = bounded_pareto(model.draw(LOSSES, state.entity, 1), LOSSES_TAIL, LARGEST_LOSS)
    state.will = clip(state.will - 0.006 * (deployed + state.lost), 0.0, 1.0)
    state.fatigue = learn(state.fatigue, 0.05 * deployed)
