"""Mechanism 10, the accession track (ODD 7.15): who may come nearer, who goes together, and who ratifies."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import PartnerState
from benchmarks.plain_mesa.council import HELD_UP
from benchmarks.plain_mesa.forms import exp
from sim.declare.names import ACCEDING, ACTION_PLAN, ASPIRANT, CONFLICT, INVITED, NOT_ASPIRING, STATUS, TWO_STATE
from sim.law.draws import RATIFICATION

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State

YEAR = 4
LEEWAY = 0.15  # merit: what an open door forgives, and what spares a candidate the action plan


def note_war(state: "State") -> None:
    """`keep_count_of_peace`: the last quarter with a war at home or a grave dispute with a neighbour."""
    model = state.model
    fought = any(
        threat.active.get(state, False)
        for threat in model.threats if threat.kind.number == CONFLICT and threat.arrival == TWO_STATE
    )  # fmt: skip
    disputed = any(
        feud.live(model.quarter) and not feud.directed and feud.strength >= 0.5
        for feud in state.feuds
    )  # fmt: skip
    if fought or disputed:
        state.last_war = model.quarter


def ratifying(model: "PlainPartnershipModel") -> bool:
    """Whether the last round is still open."""
    return any(partner.track in (INVITED, ACCEDING) for partner in model.partners)


def next_stage(partner: PartnerState, busy: bool) -> int:
    """The stage that the Council could agree for a candidate; its own where it has to wait."""
    model, track = partner.model, partner.track
    if partner.suspended or not partner.settled or partner.aspires < 1.0:
        return track
    planned, waited = model.action_plan_from <= model.quarter, model.quarter - partner.track_since
    above = partner.merit - model.p.merit_wanted - LEEWAY * (1.0 - 2.0 * model.alliance.levers.open_door)
    if track == ASPIRANT and waited >= YEAR:
        if above > (LEEWAY if planned else 0.0) and not busy:
            return INVITED
        return ACTION_PLAN if planned else ASPIRANT
    if track == ACTION_PLAN and waited >= model.p.plan_time and above > 0.0 and not busy:
        return INVITED
    return track


def reach(partner: PartnerState, stage: int) -> None:
    """Stand at a stage, from now on where it is another."""
    if stage != partner.track:
        partner.track, partner.track_since = stage, partner.model.quarter


def move_by_itself(partner: PartnerState) -> None:
    """`stage_by_itself`: what a state declares or gives up, and its signature a quarter after the invitation."""
    track, aspires = partner.track, partner.aspires > 0.0
    if track == NOT_ASPIRING and aspires and partner.applies and partner.framework >= 0:
        reach(partner, ASPIRANT)
    elif (track in (ASPIRANT, ACTION_PLAN) and not aspires) or (track == ASPIRANT and not partner.applies):
        reach(partner, NOT_ASPIRING)
    elif track == INVITED and partner.model.quarter > partner.track_since:
        reach(partner, ACCEDING)


def move_by_decision(model: "PlainPartnershipModel") -> None:
    """`move_on_track`: the welcome go with an agreed item, or apart from one about somebody contested."""
    council = model.alliance
    about, decided = council.agenda[STATUS], council.decided[STATUS]
    if about is None:
        return
    apart, busy = about in council.contested, ratifying(model)
    if apart or decided > HELD_UP:
        for partner in council.welcome:
            reach(partner, next_stage(partner, busy))
    for partner in council.contested:
        if partner is about and decided > HELD_UP:
            reach(partner, next_stage(partner, busy))
        partner.turned_down = decided == HELD_UP
    for partner in council.welcome:
        partner.turned_down = False


def ratify(candidate: PartnerState) -> None:
    """Each ally ratifies in its own time, feuding ones later; the last one opens the door."""
    model, now = candidate.model, candidate.model.quarter
    holds: dict[State, float] = {}
    for feud in candidate.feuds:
        if feud.operation or not feud.live(now):
            continue
        if feud.b is candidate:
            holds[feud.a] = max(holds.get(feud.a, 0.0), feud.strength)
        elif not feud.directed:
            holds[feud.b] = max(holds.get(feud.b, 0.0), feud.strength)
    rate = model.p.ratification_rate * (0.5 + model.alliance.cohesion)
    missing = 0
    for member in model.members:
        if member in candidate.ratified_by:
            continue
        chance = 1.0 - exp(-rate * (1.0 - holds.get(member, 0.0)))
        if model.draw(RATIFICATION, (candidate.entity << 15) | member.entity) < chance:
            candidate.ratified_by.add(member)
        else:
            missing += 1
    if missing == 0:
        candidate.accede()
