"""Mechanism 10, arrangements and accession change (ODD 7.15)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.accession import move_by_decision, move_by_itself, note_war, ratify
from benchmarks.plain_mesa.agents import PartnerState
from benchmarks.plain_mesa.forms import clip, exp, learn
from benchmarks.plain_mesa.trust import break_with_allies
from sim.declare.activities import ACTIVITY
from sim.declare.names import (
    ACCEDING,
    ACTION_PLAN,
    CSTO,
    DCB,
    EOP,
    HUMAN,
    IN_FRAMEWORK,
    IPAP,
    ITPP,
    OCC,
    PARP,
    PLATFORM,
    PROCEDURAL,
    TECHNICAL,
)
from sim.law.draws import GOVERNMENT, SIGNATURE
from sim.law.world import NEVER

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel

# What an arrangement follows up: the activity, and the dimension of interoperability that it teaches on.
TAUGHT = (
    (PARP, ACTIVITY.standards, TECHNICAL),
    (OCC, ACTIVITY.evaluation, PROCEDURAL),
    (EOP, ACTIVITY.live_exercise, HUMAN),
)
HEARD = 0.1  # part of a place of consultation that the Platform turns into voice


def arrangements_change(model: "PlainPartnershipModel") -> None:
    """Partners join, take arrangements, move towards membership or fall back; allies ratify; blocs answer."""
    model.states.do(note_war)
    model.partners.do(join_framework)
    model.partners.do(follow_up)
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
    elif partner.invited and partner.waiting >= 0 and partner.settled:
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


def follow_up(partner: PartnerState) -> None:
    """What arrangements add to what is done under them: skills, bound reform, and a seat at the table."""
    model, effect, held, now = partner.model, partner.effect, partner.arrangement, partner.model.quarter
    if partner.framework < 0 or partner.suspended:
        return
    more = model.p.learning * model.p.follow_up
    for which, a, dimension in TAUGHT:
        if held[which] <= now:
            gain = more * model.menu[a].gain[dimension] * effect[a]
            partner.interoperability[dimension] = learn(partner.interoperability[dimension], gain)
    if min(held[IPAP], held[ITPP]) <= now or partner.track == ACTION_PLAN:
        reform = ACTIVITY.institution_building
        bound = more * effect[reform] * model.menu[reform].institutions
        partner.control, partner.governance = learn(partner.control, bound), learn(partner.governance, bound)
    if held[PLATFORM] <= now:
        partner.voice = learn(partner.voice, HEARD * more * effect[ACTIVITY.consultation])


def change_government(partner: PartnerState, change: float) -> None:
    """Scripted upheavals, and coups where civilian control is weak; a fall to weak control suspends cooperation."""
    model, p = partner.model, partner.model.p
    hazard = p.government_hazard * (1.0 - partner.control) * (1.0 + partner.tilt)
    if model.draw(GOVERNMENT, partner.entity) < 1.0 - exp(-hazard):
        change -= 0.25
    if change == 0.0:
        return
    partner.control = clip(partner.control + change, 0.02, 1.0)
    partner.will = clip(partner.will + 0.5 * change, 0.0, 1.0)
    strictness = 0.3 + 0.7 * model.alliance.levers.conditionality
    if change < 0.0 and partner.control < 0.5 and model.draw(GOVERNMENT, partner.entity, 1) < strictness:
        partner.suspended_until = max(partner.suspended_until, model.quarter + int(p.suspension))
        break_with_allies(partner, p.doubt, 0.5 * p.doubt)


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
        wanted = 0.5 + 0.5 * engaged
        if bloc == CSTO:
            wanted = 0.5 + 0.2 * hostility + 0.5 * leaning / len(states) - 0.5 * engaged
        cohesion[bloc] = clip(cohesion[bloc] + p.bloc_settle * (wanted - cohesion[bloc]), 0.0, 1.0)
