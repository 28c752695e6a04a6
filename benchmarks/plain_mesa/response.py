"""Mechanism 2, states answer (ODD 7.7), and the trust that crises leave (`remember_crisis`, ODD 7.12)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import MemberState, PartnerState, Rival
from benchmarks.plain_mesa.cast import Kind
from benchmarks.plain_mesa.forms import clip, expected, pair_interoperability, sqrt
from benchmarks.plain_mesa.trust import part_of
from sim.declare.names import NEIGHBOURS, NO_CHANNEL
from sim.law.world import GROUP, INCIDENTS

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State

LISTED_ABOVE, SPREADS_ABOVE = 0.3, 0.3


@dataclass
class Incident:
    """One incident, and who came."""

    state: "State"
    kind: Kind
    severity: float
    helpers: list[tuple["State", float]] = field(default_factory=list)  # with the force of each
    wanted: float = 0.0


def states_answer(model: "PlainPartnershipModel") -> None:
    """Incidents are answered, gravest first; harm is what is left, and it hurts, is remembered, and spreads."""
    for state in model.rows:
        state.load = state.delivered = 0.0
        state.abilities = {}
        state.harm = list(state.severity)
    model.incidents = list_incidents(model)
    for incident in model.incidents:
        respond(model, incident)
    for kind in model.kinds:
        struck = [state for state in model.rows if state.harm[kind.number] > 0.0]
        harm_states(model, kind, struck)
        harm_regions(model, kind, struck)
        for incident in model.incidents:
            if incident.kind is kind and incident.severity >= model.p.call_above:
                remember_crisis(model, incident)
    for kind in model.kinds:
        if kind.channel != NO_CHANNEL:
            spread(model, kind)


def list_incidents(model: "PlainPartnershipModel") -> list[Incident]:
    """Every (state, kind) above the threshold, gravest first, ties in order of state and kind."""
    found = [
        Incident(state, model.kinds[k], severity)
        for state in model.rows for k, severity in enumerate(state.severity) if severity > LISTED_ABOVE
    ]  # fmt: skip
    found.sort(key=lambda incident: -incident.severity)
    return found[:INCIDENTS]


def able(state: "State", kind: Kind) -> float:
    """How well a state can answer a kind of threat this quarter."""
    known = state.abilities.get(kind.number)
    if known is None:
        total = 0.0
        for domain, weight in kind.answered_by:
            total += weight * clip(state.capability[domain] + state.kit[domain], 0.0, 1.0)
        known = state.abilities[kind.number] = total * state.readiness
    return known


def willing(model: "PlainPartnershipModel", helper: "State", helped: "State", trust: float) -> float:
    """Share of its forces that a helper would send."""
    if isinstance(helper, MemberState):
        if isinstance(helped, MemberState):
            return helper.pledge
        if not model.alliance.mandate or helper.apart:
            return 0.15 * helper.pledge * trust
    return helper.pledge * trust


def respond(model: "PlainPartnershipModel", incident: Incident) -> None:
    """Call helpers where it is grave, choose the strongest, and work out what is left."""
    p, n, kind = model.p, incident.state, incident.kind
    met = incident.severity * (1.0 - p.warning_gain * kind.warning * n.warning)
    found: list[tuple[float, State, float]] = []
    busy = 0
    if incident.severity >= p.call_above and not isinstance(n, Rival):
        for m in model.rows:
            if m is n or isinstance(m, Rival):
                continue
            trust = expected(m.trust[n])
            share = willing(model, m, n, trust)
            if share <= 0.02:
                continue
            force = p.help_effort * m.weight * share * m.nearness[n.row] * able(m, kind)
            if force < 0.05:
                continue
            if m.load + p.deployment > 1.0:
                busy += 1
            else:
                found.append((force, m, trust))
        found.sort(key=lambda candidate: -candidate[0])
        found = found[:GROUP]
    own = p.own_effort * (0.3 + sqrt(n.weight)) * able(n, kind)
    helped = grouping_effort(n, found)
    n.harm[kind.number] = met * (met / (met + (own + helped))) if met > 0.0 else 0.0
    for force, m, _ in found:
        m.load += p.deployment
        incident.helpers.append((m, force))
    incident.wanted = min(GROUP - len(found), busy) / GROUP


def grouping_effort(n: "State", group: list[tuple[float, "State", float]]) -> float:
    """Forces of a grouping, as far as they fit together."""
    if not group:
        return 0.0
    total = mean = 0.0
    weakest = 1.0
    for force, m, trust in group:
        fit = sqrt(pair_interoperability(m, n) * (0.5 * (trust + expected(n.trust[m]))))
        total += force
        mean += fit
        weakest = min(weakest, fit)
    return total * (0.5 * weakest + 0.5 * (mean / len(group)))


def harm_states(model: "PlainPartnershipModel", kind: Kind, struck: list["State"]) -> None:
    """Lost capability in the answering domains, lost legitimacy in partners."""
    capability_hurt = model.p.scars * kind.capability
    legitimacy_hurt = model.p.scars * kind.legitimacy
    for state in struck:
        points = state.harm[kind.number] / 100.0
        for domain, weight in kind.answered_by:
            state.capability[domain] *= 1.0 - clip(capability_hurt * points * weight, 0.0, 0.5)
        if isinstance(state, PartnerState):
            state.legitimacy = clip(state.legitimacy - legitimacy_hurt * points, 0.0, 1.0)


def harm_regions(model: "PlainPartnershipModel", kind: Kind, struck: list["State"]) -> None:
    """Tension in the regions, and in members the Council's cohesion."""
    tension_hurt = model.p.scars * kind.tension
    total = 0.0
    for state in struck:
        region, harm = state.region, state.harm[kind.number]
        if isinstance(state, MemberState):
            total += harm
        region.tension = clip(region.tension + tension_hurt * harm / 100.0 * (1.0 - region.tension), 0.0, 1.0)
    if total > 0.0:
        cost = 0.5 * model.p.scars * kind.cohesion * total / len(model.members) / 100.0
        model.alliance.cohesion = clip(model.alliance.cohesion - cost, 0.0, 1.0)


def remember_crisis(model: "PlainPartnershipModel", incident: Incident) -> None:
    """Thanks to those who came; doubt in all allies where less came than was counted on."""
    p, n = model.p, incident.state
    grave = incident.severity / 10.0
    came = 0.0
    for _, force in incident.helpers:
        came += force
    share = clip(came / incident.severity, 0.0, 1.0)
    n.delivered = max(n.delivered, share)
    for m, force in incident.helpers:
        thanks = p.thanks * min(1.0, grave) * min(1.0, force)
        n.trust[m][0] += thanks
        m.trust[n][0] += 0.5 * thanks
    gap = n.expectation - share
    if gap <= 0.0 or isinstance(n, Rival):
        return
    doubt = p.doubt * incident.kind.trust * gap * min(2.0, grave)
    for member in model.members:
        if member is not n:
            evidence = n.trust[member]
            firm = abs(expected(evidence) - 0.5)
            evidence[1] += doubt * (1.0 + (p.asymmetry - 1.0) * (1.0 - firm)) * part_of(n, member)


def spread(model: "PlainPartnershipModel", kind: Kind) -> None:
    """What is left of a threat spreads, among neighbours or along digital ties, for the next quarter."""
    k, share = kind.number, kind.spread * model.p.spread_share
    for n in model.rows:
        amount = share * n.harm[k]
        if amount < SPREADS_ABOVE:
            continue
        if kind.channel == NEIGHBOURS:
            carried = [(m, n.proximity[m.row]) for m in n.region.states if m is not n]
        else:
            tie = n.interoperability[0]
            carried = [
                (m, tie * m.interoperability[0] * (0.2 + 0.8 * n.proximity[m.row])) for m in model.rows if m is not n
            ]
        total = 0.0
        for _, part in carried:
            total += part
        if total > 0.0:
            for m, part in carried:
                m.spill[k] += amount * part / total
