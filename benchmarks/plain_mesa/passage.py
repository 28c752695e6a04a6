"""Mechanism 9, time passes (ODD 7.14)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import MemberState, PartnerState, Rival
from benchmarks.plain_mesa.forms import clip, exp, learn
from sim.declare.names import DECISION_SHAPING, JOINT_DECISION
from sim.law.draws import BUDGET, ELECTION

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State

MEMBER_FLOOR, MEMBER_WARNING = 0.7, 0.5
LEGITIMACY_BASE, COHESION_BASE, VOICE_FADE = 0.55, 0.7, 0.06
ELECTION_CYCLE = 16


def time_passes(model: "PlainPartnershipModel") -> None:
    """Skills fade, equipment rots, forces tire, moods and budgets drift, and much returns to its mean."""
    p = model.p
    kept = [exp(-rate * p.fading) for rate in (0.023, 0.058, 0.16)]
    settled = exp(-p.capability_settle)
    rested = exp(-p.recovery)
    common = force = 0.0
    for state in model.rows:
        if isinstance(state, MemberState):
            force += state.weight
        else:
            common += state.from_fund
    for state in model.rows:
        if not isinstance(state, Rival):
            fade_skills(state, kept)
        keep_up(state, settled)
        state.fatigue = learn(state.fatigue, p.answer_fatigue * state.load) * rested
        stay_ready(state, state.from_lead + common * state.weight / max(force, 1e-9))
        if not isinstance(state, Rival):
            mood(state)
        shock = (model.draw(BUDGET, state.entity) - 0.5) * 2.0 * p.budget_swing
        state.income = clip(1.0 + 0.85 * (state.income - 1.0) + shock, 0.3, 2.0)
    ease(model)


def fade_skills(state: "State", kept: list[float]) -> None:
    """`skill_fade`: what is above the floor fades by dimension; in members also what is below returns."""
    ally = isinstance(state, MemberState)
    floor = MEMBER_FLOOR if ally else state.model.p.retained * 0.5 * (state.control + state.governance)
    for i, level in enumerate(state.interoperability):
        least = floor if ally or i < 2 else 0.0
        if ally or level > least:
            state.interoperability[i] = least + (level - least) * kept[i]


def keep_up(state: "State", settled: float) -> None:
    """`upkeep`: kit that is not paid for rots; capability settles at what the state sustains by itself."""
    p = state.model.p
    total = 0.0
    for kit in state.kit:
        total += kit
    if total > 0.0:
        paid = min(1.0, state.money / total)
        kept = exp(-p.rot * (1.0 - paid * state.governance))
        state.kit = [kit * kept for kit in state.kit]
    state.capability = [native + (level - native) * settled for level, native in zip(state.capability, state.native)]


def stay_ready(state: "State", lent: float) -> None:
    """Readiness settles at what exercises, missions, fatigue and help abroad leave."""
    p = state.model.p
    burden = 0.2 * state.deployed + 0.4 * state.fatigue
    if isinstance(state, MemberState):
        burden += p.crowding * lent / (0.2 + state.weight)
    exercised = 0.0
    for activity, effect in zip(state.model.menu, state.effect):
        exercised += activity.is_exercise * effect
    burden -= 0.12 * learn(0.0, exercised)
    felt = 0.0
    for points in state.perceived:
        felt += points
    wanted = clip(0.85 + 0.005 * felt - burden, 0.1, 1.0)
    state.readiness += p.recovery * (wanted - state.readiness)


def mood(state: "State") -> None:
    """Will returns to a mean that legitimacy, trust and voice move; elections may swing it."""
    model, p = state.model, state.model.p
    pull = p.will_pull_of_mood
    mean = state.base_will + pull * (state.legitimacy - 0.5)
    if isinstance(state, PartnerState):
        mean = mean + pull * (state.trust_in_hosts() - 0.5) + pull * state.voice
    state.will += p.will_settle * (clip(mean, 0.0, 1.0) - state.will)
    if (model.quarter + state.entity) % ELECTION_CYCLE == 0:
        change = (model.draw(ELECTION, state.entity) - 0.5) * 2.0 * p.election_swing
        state.will = clip(state.will + change, 0.0, 1.0)


def ease(model: "PlainPartnershipModel") -> None:
    """Legitimacy of partners, warning, voice and cohesion return by themselves."""
    p, council = model.p, model.alliance
    owned = {DECISION_SHAPING: 0.5, JOINT_DECISION: 1.0}.get(council.levers.decision_mode, 0.0)
    forgotten, unheard = exp(-p.warning_fade), exp(-VOICE_FADE)
    for state in model.rows:
        partner = isinstance(state, PartnerState)
        if partner:
            state.legitimacy += p.legitimacy_settle * (LEGITIMACY_BASE - state.legitimacy)
        floor = MEMBER_WARNING if isinstance(state, MemberState) else 0.0
        state.warning = floor + (state.warning - floor) * forgotten
        floor = owned if partner else 0.0
        state.voice = floor + (state.voice - floor) * unheard
    council.cohesion += p.legitimacy_settle * (COHESION_BASE - council.cohesion)
