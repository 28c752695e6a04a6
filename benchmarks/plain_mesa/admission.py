"""Admission (ODD 7.5). Orders of these agents are within their bounds; what binds is money, room, hours and menus."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.forms import clip
from sim.declare.names import (
    ADMITTED,
    MANDATE,
    NO_ABSORPTION,
    NO_FUND,
    NO_HOURS,
    NO_PURSE,
    NOT_A_PARTNER,
    NOT_OFFERED,
    NOT_ON_MENU,
    OBJECT,
    OPT_IN,
    PROGRAMME,
    SUSPENDED,
)

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import MemberState, PartnerState, Rival
    from benchmarks.plain_mesa.model import PlainPartnershipModel


def admit(model: "PlainPartnershipModel") -> None:
    """`admit`: members' offers, partners' requests, rivals' efforts, and the programme as a whole."""
    opt_in = model.alliance.levers.decision_mode == OPT_IN
    offered = 0.0
    for member in model.members:
        admit_member(member, opt_in)
        offered += member.lead
    for partner in model.participants:
        partner.refused = {}
        partner.requested = [0.0] * len(model.menu)
    for partner in model.partners:
        partner.requested = [places if places < 1000.0 else 0.0 for places in partner.request]
        fit_request(partner)
    for rival in model.rivals:
        admit_moves(rival)
    fit_programme(model, 0.25 * model.alliance.levers.envelope * model.budget + offered)


def admit_member(member: "MemberState", opt_in: bool) -> None:
    """Lead money within what an ally can give; `opt_out`: objectors pay nothing and stay apart."""
    member.apart = opt_in and member.stance[MANDATE] == OBJECT
    if opt_in and member.stance[PROGRAMME] == OBJECT:
        member.lead = 0.0
    member.lead = clip(member.lead, 0.0, 0.05 * 1000.0 * member.weight)


def admit_moves(rival: "Rival") -> None:
    """Efforts together no more than the budget."""
    total = 0.0
    for effort in rival.move:
        total += effort
    if total > rival.effort_budget:
        rival.move = [effort * rival.effort_budget / total for effort in rival.move]


def fit_request(partner: "PartnerState") -> None:
    """Cut a request to the plan, the menu, the partner's purse and what it can absorb."""
    model, request, plan = partner.model, partner.request, partner.plan
    refused = partner.refused
    if partner.framework < 0 or partner.suspended:
        reason = NOT_A_PARTNER if partner.framework < 0 else SUSPENDED
        partner.refused = {a: reason for a, places in enumerate(request) if places != 0.0}
        partner.request = [0.0] * len(request)
        return
    scale, framework = model.alliance.scale, partner.framework
    money = burden = 0.0
    for a, activity in enumerate(model.menu):
        if not activity.offered_by[framework]:
            if request[a] != 0.0:
                refused[a] = NOT_ON_MENU
            request[a] = 0.0
            continue
        if request[a] > plan[a] * scale:
            request[a] = plan[a] * scale
            refused[a] = NOT_OFFERED
        money += request[a] * activity.national
        burden += request[a] * activity.burden
    share, reason = 1.0, ADMITTED
    purse, room = partner.money, absorption(partner)
    if money > purse:
        share, reason = purse / money, NO_PURSE
    if burden * share > room:
        share, reason = room / burden, NO_ABSORPTION
    if reason != ADMITTED:
        for a, places in enumerate(request):
            if places > 0.0:
                request[a] = places * share
                refused[a] = reason


def absorption(partner: "PartnerState") -> float:
    """What a partner's people and institutions can take in in a quarter."""
    governed = 0.5 * (partner.control + partner.governance)
    room = 0.25 + 0.9 * governed + 0.4 * clip(partner.weight, 0.0, 1.0) + 0.3 * partner.wealth
    return partner.model.p.absorption_base * room


def fit_programme(model: "PlainPartnershipModel", fund: float) -> None:
    """Cut the whole programme to the money at hand and to the staff's hours, by one share for all."""
    hour_rate = 1.0 + 0.5 * model.alliance.levers.tailoring
    hours = model.p.staff_hours
    cost = work = 0.0
    for partner in model.partners:
        if partner.framework < 0:
            continue
        for places, activity in zip(partner.request, model.menu):
            if places > 0.0:
                cost += places * activity.cost
                work += places * activity.hours * hour_rate
    share, reason = 1.0, ADMITTED
    if cost > fund:
        share, reason = fund / cost, NO_FUND
    if work * share > hours:
        share, reason = hours / work, NO_HOURS
    model.alliance.hours_wanted, model.alliance.hours_used = work, work * share
    if share == 1.0:
        return
    for partner in model.partners:
        if share < 0.98:
            partner.refused.update({a: reason for a, places in enumerate(partner.request) if places > 0.0})
        partner.request = [places * share for places in partner.request]
