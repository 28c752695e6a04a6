"""Mechanism 10, arrangements and accession change (ODD 7.15)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import PartnerState
from benchmarks.plain_mesa.forms import clip, exp
from sim.declare.activities import ACTIVITY
from sim.declare.names import (
    ACCEDING,
    ACTION_PLAN,
    ASPIRANT,
    CSTO,
    DCB,
    EOP,
    IN_FRAMEWORK,
    INVITED,
    IPAP,
    ITPP,
    NOT_ASPIRING,
    OCC,
    PARP,
    PLATFORM,
    STATUS,
)
from sim.law.draws import GOVERNMENT, RATIFICATION, SIGNATURE
from sim.law.world import NEVER

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import State
    from benchmarks.plain_mesa.model import PlainPartnershipModel


def arrangements_change(model: "PlainPartnershipModel") -> None:
    """Partners join, take arrangements, move towards membership or fall back; allies ratify; blocs answer."""
    model.partners.do(join_framework)
    model.partners.do(take_arrangements)
    model.partners.do(move_by_itself)
    move_by_decision(model)
    upheavals = {state: change for state, _, change in model.upheavals.get(model.quarter, ())}
    for partner in model.partners:
        change_government(partner, clip(upheavals.get(partner, 0.0), -1.0, 1.0))
    for candidate in list(model.partners):
        if candidate.track == ACCEDING:
            ratify(candidate)
    realign(model)


def join_framework(partner: PartnerState) -> None:
    """`join_frameworks`: by the script, or by its own signature where a framework stands open."""
    model = partner.model
    if partner.framework >= 0:
        return
    joined = -1
    if partner.join_step == model.quarter:
        joined = partner.join_framework
    elif partner.invited and partner.waiting >= 0:
        if model.draw(SIGNATURE, partner.entity) < 1.0 - exp(-model.p.signature_rate * partner.will):
            joined = partner.waiting
    if joined >= 0:
        partner.framework = joined
        partner.arrangement[IN_FRAMEWORK] = model.quarter


def take_arrangements(partner: PartnerState) -> None:
    """Each arrangement that exists is taken when its own condition holds."""
    model, effect, will, control = partner.model, partner.effect, partner.will, partner.control
    if partner.framework < 0 or partner.suspended:
        return
    held, exists, now = partner.arrangement, model.arrangement_from, model.quarter
    level, enough = partner.level, model.p.platform_level
    for which in range(1, len(held)):
        if held[which] != NEVER or exists[which] > now:
            continue
        ready = False
        if which == PARP:
            ready = effect[ACTIVITY.standards] > 0.25 and will > 0.45
        elif which == OCC:
            ready = effect[ACTIVITY.evaluation] > 0.15 and held[PARP] != NEVER
        elif which == IPAP:
            ready = effect[ACTIVITY.institution_building] > 0.25 and will > 0.6 and exists[ITPP] > now
        elif which == ITPP:
            ready = effect[ACTIVITY.institution_building] > 0.15 and will > 0.5
        elif which == EOP:
            ready = level > enough + 0.15 and control > 0.45 and will > 0.6
        elif which == DCB:
            ready = effect[ACTIVITY.equipment] > 0.2 and control < 0.65 and will > 0.5
        elif which == PLATFORM:
            ready = level > enough
        if ready:
            held[which] = now


def move_by_itself(partner: PartnerState) -> None:
    """`move_on_track`: declarations of a state, and signature of the protocols a quarter after the invitation."""
    now, track = partner.model.quarter, partner.track
    if track == NOT_ASPIRING and partner.applies and partner.aspires > 0.0:
        if partner.framework >= 0:
            partner.track, partner.track_since = ASPIRANT, now
    elif track == INVITED and now > partner.track_since:
        partner.track, partner.track_since = ACCEDING, now
    elif track == ASPIRANT and not partner.applies:
        partner.track, partner.track_since = NOT_ASPIRING, now


def move_by_decision(model: "PlainPartnershipModel") -> None:
    """`move_on_track`: the step that the Council agreed for one state."""
    partner = model.alliance.agenda[STATUS]
    if model.alliance.decided[STATUS] < 1 or not isinstance(partner, PartnerState) or partner.suspended:
        return
    if partner.track == ASPIRANT:
        planned = model.action_plan_from <= model.quarter and partner.merit < model.p.merit_wanted + 0.15
        partner.track, partner.track_since = ACTION_PLAN if planned else INVITED, model.quarter
    elif partner.track == ACTION_PLAN:
        partner.track, partner.track_since = INVITED, model.quarter


def change_government(partner: PartnerState, change: float) -> None:
    """Scripted upheavals, and coups where civilian control is weak; a fall suspends cooperation."""
    model, p = partner.model, partner.model.p
    hazard = p.government_hazard * (1.0 - partner.control) * (1.0 + partner.tilt)
    if model.draw(GOVERNMENT, partner.entity) < 1.0 - exp(-hazard):
        change -= 0.25
    if change == 0.0:
        return
    partner.control = clip(partner.control + change, 0.02, 1.0)
    partner.will = clip(partner.will + 0.5 * change, 0.0, 1.0)
    strictness = 0.3 + 0.7 * model.alliance.levers.conditionality
    if change < 0.0 and model.draw(GOVERNMENT, partner.entity, 1) < strictness:
        partner.suspended_until = model.quarter + int(p.suspension)


def ratify(candidate: PartnerState) -> None:
    """Each ally ratifies in its own time, feuding ones later; the last one opens the door."""
    model, p, now = candidate.model, candidate.model.p, candidate.model.quarter
    holds: dict[State, float] = {}
    for feud in candidate.feuds:
        if feud.operation or not feud.live(now):
            continue
        if feud.b is candidate:
            holds[feud.a] = max(holds.get(feud.a, 0.0), feud.strength)
        elif not feud.directed:
            holds[feud.b] = max(holds.get(feud.b, 0.0), feud.strength)
    rate = p.ratification_rate * (0.5 + model.alliance.cohesion)
    missing = 0
    for member in model.members:
        if member in candidate.ratified_by:
            continue
        chance = 1.0 - exp(-rate * (1.0 - clip(p.feud_hold * holds.get(member, 0.0), 0.0, 0.95)))
        if model.draw(RATIFICATION, (candidate.entity << 15) | member.entity) < chance:
            candidate.ratified_by.add(member)
        else:
            missing += 1
    if missing == 0:
        candidate.accede()


def realign(model: "PlainPartnershipModel") -> None:
    """Other blocs answer what the programme does with their members."""
    p, cohesion = model.p, model.alliance.bloc_cohesion
    hostility = max((rival.hostility for rival in model.rivals), default=0.0)
    for bloc in range(len(cohesion)):
        states = [partner for partner in model.partners if partner.bloc == bloc]
        if not states:
            continue
        engaged = leaning = 0.0
        for state in states:
            engaged += state.engagement
            leaning += state.tilt
        engaged /= len(states)
        wanted = 0.5 + p.bloc_pull * engaged
        if bloc == CSTO:
            wanted = 0.5 + 0.2 * hostility + 0.5 * leaning / len(states) - p.bloc_pull * engaged
        cohesion[bloc] = clip(cohesion[bloc] + p.bloc_settle * (wanted - cohesion[bloc]), 0.0, 1.0)
