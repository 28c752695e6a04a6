"""Mechanism 8, rivals move (ODD 7.13)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import MemberState, PartnerState, Rival
from benchmarks.plain_mesa.forms import clip, exp
from sim.declare.names import (
    COERCION,
    COUNTER_OFFER,
    DISINFORM,
    HYBRID,
    RESTRAINT,
    SNAP_EXERCISE,
    TRANSPARENCY_OFFER,
    WEDGE,
)

if TYPE_CHECKING:
    from benchmarks.plain_mesa.cast import Region
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State

EXPOSURE_COST = 0.1
RECOVERY, LEGITIMACY_AT_HOME = 0.1, 0.8


def rivals_move(model: "PlainPartnershipModel") -> None:
    """The arms dynamic, moves and what they do, tension, and how the programme looks at home."""
    for rival in model.rivals:
        arms_dynamic(rival, model.p.provocation_weight * provocation(rival))
    model.states.do(feel_moves)
    model.partners.do(take_offer)
    model.states.do(rally)
    heat_feuds(model)
    for region in model.regions:
        heat(model, region)
    misread(model)
    model.partners.do(alienate)


def provocation(rival: Rival) -> float:
    """How threatening a rival finds the quarter's programme, by type, size and distance, and by candidates."""
    model, p, levers = rival.model, rival.model.p, rival.model.alliance.levers
    profile = 0.2 + 0.8 * levers.warfighting
    kinds = [(activity.number, activity.provocation * profile) for activity in model.menu if activity.provocation > 0.0]
    big = 0.5 + levers.size
    total = 0.0
    for state in model.participants:
        reach = rival.reach[state.row]
        if reach <= 0.0:
            continue
        near = reach * (1.0 - 0.7 * levers.distance)
        for a, provokes in kinds:
            effect = state.effect[a]
            if effect > 0.0:
                total += near * effect * provokes * big
        if state.track > 1 and isinstance(state, PartnerState):
            total += p.candidate_provocation * reach
    return total


def arms_dynamic(rival: Rival, provoked: float) -> None:
    """Hostility and felt pressure drive each other (Richardson)."""
    p, hostility, pressure = rival.model.p, rival.hostility, rival.pressure
    rise = p.reaction * pressure - p.restraint * hostility + p.grievance
    rival.hostility = clip(hostility + rise, 0.0, 1.0)
    rise = p.answer * hostility - p.restraint * pressure + provoked
    rival.pressure = clip(pressure + rise, 0.0, 1.0)


def feel_moves(state: "State") -> None:
    """`make_moves`: what rivals put on a state adds to what fades; the state leaned on gets all of it."""
    kept = 0.5
    new = 1.0 - kept
    state.coercion *= kept
    state.propaganda *= kept
    state.wedge *= kept
    state.offer *= kept
    for rival in state.model.rivals:
        near = rival.reach[state.row]
        if near <= 0.0 or rival is state:
            continue
        part = near if rival.target is state else 0.25 * near
        state.coercion += new * rival.move[COERCION] * part
        state.propaganda += new * rival.move[DISINFORM] * near
        if isinstance(state, MemberState):
            state.wedge += new * rival.move[WEDGE] * (0.3 + 0.7 * near)
        elif isinstance(state, PartnerState):
            state.offer += new * rival.move[COUNTER_OFFER] * part


def take_offer(partner: PartnerState) -> None:
    """A partner that takes a rival's offer leans its way."""
    taken = clip(partner.accept * partner.offer, 0.0, 1.0)
    partner.tilt = clip(partner.tilt + partner.model.p.tilt_rate * (taken - partner.tilt), 0.0, 1.0)


def rally(state: "State") -> None:
    """Coercion wears down will; where its author is named it may rally the coerced, and allies."""
    coercion, strength = state.coercion, state.model.p.rally_strength
    if coercion <= 0.0:
        return
    if isinstance(state, PartnerState):
        if state.attributed[HYBRID]:
            state.will = clip(state.will + strength * coercion * state.control, 0.0, 1.0)
            state.tilt = clip(state.tilt - EXPOSURE_COST * coercion, 0.0, 1.0)
        else:
            state.will = clip(state.will - 0.5 * strength * coercion * (1.0 - state.control), 0.0, 1.0)
    elif isinstance(state, MemberState) and state.attributed[HYBRID]:
        council = state.model.alliance
        council.cohesion = clip(council.cohesion + 0.02 * strength * coercion, 0.0, 1.0)


def heat_feuds(model: "PlainPartnershipModel") -> None:
    """`feud_heat`: live feuds heat the regions of both sides."""
    for region in model.regions:
        region.feud_heat = 0.0
    for feud in model.feuds:
        if feud.live(model.quarter):
            amount = model.p.feud_weight * feud.strength * feud.misperception
            feud.a.region.feud_heat += 0.5 * amount
            feud.b.region.feud_heat += 0.5 * amount


def heat(model: "PlainPartnershipModel", region: "Region") -> None:
    """Tension settles towards what hostility and feuds sustain; snap exercises and restraint move it at once."""
    p = model.p
    base, kick = 0.05 + region.feud_heat, 0.0
    for rival in model.rivals:
        reach, move = rival.reach_region[region.number], rival.move
        base += rival.hostility * reach
        kick += p.snap_gain * move[SNAP_EXERCISE] * reach
        kick -= 0.5 * p.snap_gain * (move[TRANSPARENCY_OFFER] + 0.5 * move[RESTRAINT]) * reach
    tension = region.tension
    settled = p.tension_settle * (clip(base, 0.0, 1.0) - tension)
    region.tension = clip(tension + settled + kick * (1.0 - tension), 0.0, 1.0)


def misread(model: "PlainPartnershipModel") -> None:
    """Misperception of live feuds rises with tension; what is over is slowly seen for what it was."""
    p = model.p
    kept = exp(-0.5 * p.tension_settle)
    for feud in model.feuds:
        wrong = feud.misperception
        if not feud.live(model.quarter):
            feud.misperception = wrong * kept
            continue
        hot = 0.5 * (feud.a.region.tension + feud.b.region.tension)
        rise = p.misperception_rise * hot * (1.0 - wrong)
        feud.misperception = clip(wrong + rise - 0.5 * p.tension_settle * wrong, 0.0, 1.0)


def alienate(partner: PartnerState) -> None:
    """The programme seen as a geopolitical tool costs legitimacy; words that match deeds restore it."""
    p, communication = partner.model.p, partner.model.alliance.levers.communication
    confrontation = 0.0
    for rival in partner.model.rivals:
        confrontation += rival.pressure * rival.reach[partner.row]
    seen = p.backlash * confrontation * (0.3 + 0.7 * partner.nonaligned)
    deeds = clip(partner.help_given / 0.5, 0.0, 1.0)
    words = p.words * communication * (deeds - 0.6 * communication - 0.2 * partner.expectation)
    partner.legitimacy = clip(partner.legitimacy - seen + words, 0.0, 1.0)
