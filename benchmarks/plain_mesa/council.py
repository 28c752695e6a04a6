"""Mechanism 3, the Council decides (ODD 7.8)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.forms import clip
from sim.declare.names import (
    AMEND,
    DECISION_SHAPING,
    IN_FRAMEWORK,
    JOINT_DECISION,
    MANDATE,
    OBJECT,
    OPT_IN,
    OUTREACH,
    PROGRAMME,
)
from sim.law.world import NEVER

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import PartnerState
    from benchmarks.plain_mesa.model import PlainPartnershipModel

HELD_UP, AMENDED, AGREED = range(3)


def council_decides(model: "PlainPartnershipModel") -> None:
    """The silence procedure item by item; what it decides is carried out at once."""
    council = model.alliance
    for item, about in enumerate(council.agenda):
        council.decided[item] = -1
        if about is None:
            council.item_wait[item] = 0
        else:
            hold_item(model, item)
    recovery = model.p.goodwill_recovery
    for state in model.rows:
        state.goodwill = clip(state.goodwill + recovery, 0.0, 1.0)
    carry_out(model)
    model.partners.do(renew_plan)


def hold_item(model: "PlainPartnershipModel", item: int) -> None:
    """`hold_council` for one item: count, decide, and charge who objected."""
    council, p = model.alliance, model.p
    objectors = [member for member in model.members if member.stance[item] == OBJECT]
    amendments = sum(1 for member in model.members if member.stance[item] == AMEND)
    objections = len(objectors)
    if council.levers.decision_mode == JOINT_DECISION:
        objections += sum(1 for partner in model.partners if partner.stance[item] == OBJECT)
    decision = decide_item(item, objections, amendments, council.levers.decision_mode, council.item_wait[item])
    council.decided[item] = decision
    council.item_wait[item] = council.item_wait[item] + 1 if decision == HELD_UP else 0
    council.on_agenda += 1.0
    if decision == HELD_UP:
        council.held_up += 1.0
    else:
        council.agreed += 1.0
    if objections or (amendments and item == PROGRAMME and council.levers.decision_mode == OPT_IN):
        council.cohesion = clip(council.cohesion - p.dissent_cost, 0.0, 1.0)
    if objections:
        for member in objectors:
            member.goodwill = clip(member.goodwill - p.objection_price / len(objectors), 0.0, 1.0)


def decide_item(item: int, objections: int, amendments: int, mode: int, waited: int) -> int:
    """Held up, amended or agreed."""
    common = item in (PROGRAMME, MANDATE)
    if mode == DECISION_SHAPING and waited == 0 and common:
        return HELD_UP
    if objections:
        return AMENDED if mode == OPT_IN and common else HELD_UP
    return AMENDED if amendments else AGREED


def carry_out(model: "PlainPartnershipModel") -> None:
    """The agreed share of the programme, the mandate, and the outsider that is let in (`admit_outsider`)."""
    council = model.alliance
    if council.decided[PROGRAMME] >= 0:
        council.scale = agreed_amount(model) if council.decided[PROGRAMME] > HELD_UP else model.p.least_amended
    shaped = council.levers.decision_mode == DECISION_SHAPING and council.item_wait[MANDATE] == 1
    if council.decided[MANDATE] >= 0 and not shaped:
        council.mandate = council.decided[MANDATE] > HELD_UP
    outsider = council.agenda[OUTREACH]
    if council.decided[OUTREACH] > HELD_UP and outsider is not None:
        if outsider.waiting >= 0 and outsider.framework < 0:
            outsider.framework = outsider.waiting
            outsider.arrangement[IN_FRAMEWORK] = model.quarter


def agreed_amount(model: "PlainPartnershipModel") -> float:
    """The least part that any ally carries; in opt-in groupings what they carry together, by weight."""
    carried = total = 0.0
    least = 1.0
    for member in model.members:
        part = {OBJECT: 0.0, AMEND: member.amount}.get(member.stance[PROGRAMME], 1.0)
        total += member.weight
        carried += member.weight * part
        least = min(least, part)
    return carried / total if model.alliance.levers.decision_mode == OPT_IN and total > 0.0 else least


def renew_plan(partner: "PartnerState") -> None:
    """A partner's plan is replaced when its cycle falls due, or when it has none yet and one has been proposed."""
    model = partner.model
    if partner.framework < 0 or (partner.plan_agreed == NEVER and partner.share <= 0.0):
        return
    if partner.suspended:
        partner.plan_agreed = NEVER
        return
    due = (model.quarter + partner.entity) % int(model.p.planning_cycle) == 0
    if due or partner.plan_agreed == NEVER:
        partner.plan_agreed = model.quarter
        partner.plan = list(partner.proposed)
        partner.plan_domain = list(partner.proposed_domains)
