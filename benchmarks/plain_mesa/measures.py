"""What is measured at the end of a quarter (ODD 7.17)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import MemberState, Rival
from benchmarks.plain_mesa.forms import expected, mutual_trust, pair_interoperability
from sim.declare.names import ACCEDING, CSTO, MEASURES

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import PartnerState
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State


def measure(model: "PlainPartnershipModel") -> dict[str, float]:
    """All measures of the quarter just passed."""
    found = dict.fromkeys(MEASURES, 0.0)
    measure_partners(model, [partner for partner in model.partners if partner.framework >= 0 and partner.focus], found)
    measure_allies(model, found)
    measure_quarter(model, found)
    return found


def trust_score(partner: "PartnerState", members: list["State"]) -> float:
    """Mean mutual trust with the allies; 0.5 where there are none."""
    total = 0.0
    for member in members:
        total += 0.5 * (expected(partner.trust[member]) + expected(member.trust[partner]))
    return total / len(members) if members else 0.5


def spin(pair: float) -> float:
    """+1 above 0.55, 0 above 0.30, else -1."""
    if pair > 0.55:
        return 1.0
    return 0.0 if pair > 0.30 else -1.0


def measure_partners(model: "PlainPartnershipModel", partners: list["PartnerState"], found: dict[str, float]) -> None:
    """Means over partners in a framework that the question is about."""
    if not partners:
        return
    members, count = list(model.members), len(partners)
    scores = [partner.capability_score for partner in partners]
    trust = interoperability = capability = legitimacy = heard = spins = ties = planned = asked = gaps = 0.0
    links = pairs = struck = 0
    for partner, score in zip(partners, scores):
        trust += trust_score(partner, members)
        interoperability += partner.level
        capability += score
        legitimacy += partner.legitimacy
        heard += partner.voice
        for host in partner.hosts:
            spins += spin(pair_interoperability(partner, host))
            links += 1
        for peer in partner.peers:
            if peer.framework == partner.framework:
                ties += mutual_trust(partner, peer)
                pairs += 1
        for plan, wish, activity in zip(partner.plan, partner.asked, model.menu):
            planned += plan * activity.cost
            asked += min(plan, wish) * activity.cost
        if max(partner.severity) >= model.p.call_above:
            gaps += max(0.0, partner.expectation - partner.delivered)
            struck += 1
    found["mutual_trust"] = trust / count
    found["interoperability"] = interoperability / count
    found["capability"] = mean = capability / count
    found["legitimacy"] = legitimacy / count
    found["coalition_score"] = spins / max(links, 1)
    found["integration"] = ties / max(pairs, 1)
    found["expectation_gap"] = gaps / max(struck, 1)
    voice = asked / planned if planned > 0.0 else 0.0
    found["voice"] = voice + (1.0 - voice) * heard / count
    for score in scores:
        found["disparity"] += abs(score - mean) / count


def was_helped(state: "State") -> bool:
    """Whether it was a partner in the quarter: allies do nothing of the programme but in their last one as partners."""
    return not isinstance(state, MemberState) or any(state.done)


def measure_allies(model: "PlainPartnershipModel", found: dict[str, float]) -> None:
    """Readiness, deterrence and burden sharing."""
    effort = {
        state: 0.05 * (0.0 if was_helped(state) else state.from_lead) + 0.2 * state.deployed * state.weight
        for state in model.rows
    }
    for incident in model.incidents:
        for helper, force in incident.helpers:
            effort[helper] += 0.1 * force
    force = readiness = weight = total = 0.0
    for state in model.rows:
        force += state.credible_force(state.front)
    for member in model.members:
        readiness += member.readiness
        weight += member.weight
        total += effort[member]
    against = hostility = 0.0
    for rival in model.rivals:
        against += 4.0 * rival.weight
        hostility += rival.hostility / len(model.rivals)
    ours = force * model.alliance.cohesion
    found["deterrence"] = ours / (ours + against * (0.5 + hostility)) if ours > 0.0 else 0.0
    found["readiness"] = readiness / max(len(model.members), 1)
    distance = 0.0
    if total > 0.0:
        for member in model.members:
            distance += abs(effort[member] / total - member.weight / weight)
    found["burden_sharing"] = 1.0 - 0.5 * distance


def to_people(model: "PlainPartnershipModel", struck: list[list[float]]) -> float:
    """Points by kind that strike each of some states, weighed by harm to people, a state."""
    total = 0.0
    for points in struck:
        for severity, kind in zip(points, model.kinds):
            total += severity * kind.people
    return total / max(len(struck), 1)


def measure_quarter(model: "PlainPartnershipModel", found: dict[str, float]) -> None:
    """Harm and what arose, overload, stability, the Council, accessions, blocs, money and leaks."""
    wanted = grave = 0.0
    for incident in model.incidents:
        wanted += incident.wanted * incident.severity
        grave += incident.severity
    found["overload"] = wanted / grave if grave > 0.0 else 0.0
    everywhere = [state for state in model.rows if not isinstance(state, Rival)]
    found["harm"] = to_people(model, [state.harm for state in everywhere if state.focus])
    found["severity"] = to_people(model, [state.severity for state in everywhere if state.focus])
    found["harm_everywhere"] = to_people(model, [state.harm for state in everywhere])
    for state in model.rows:
        if state.track > ACCEDING and state.track_since >= 0:
            found["accessions"] += 1.0
    for state in model.participants:
        if was_helped(state):
            found["cost"] += state.from_lead + state.from_trust + state.from_fund
    found["leaks"] = float(sum(state.leaked for state in model.participants))
    at_home = {partner.region.number for partner in model.partners if partner.focus}
    hot = 0.0
    for region in model.regions:
        if region.number in at_home:
            hot += region.tension
    found["stability"] = 1.0 - hot / len(at_home) if at_home else 1.0
    council = model.alliance
    found["consensus_rate"] = council.agreed / council.on_agenda if council.on_agenda > 0.0 else 1.0
    found["decision_delay"] = council.held_up / max(council.agreed, 1.0)
    others = 0.0
    for cohesion in council.bloc_cohesion:
        others += cohesion
    csto = council.bloc_cohesion[CSTO]
    found["realignment"] = 0.5 * (others - csto) - csto
