"""What is measured at the end of a quarter (ODD 7.17)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import Rival
from benchmarks.plain_mesa.forms import expected, mutual_trust, pair_interoperability
from sim.declare.names import ACCEDING, CSTO, MEASURES

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import PartnerState, State
    from benchmarks.plain_mesa.model import PlainPartnershipModel


def measure(model: "PlainPartnershipModel") -> dict[str, float]:
    """All measures of the quarter just passed."""
    found = dict.fromkeys(MEASURES, 0.0)
    measure_partners(model, [partner for partner in model.partners if partner.framework >= 0], found)
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
    """Means over partners in a framework."""
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


def measure_allies(model: "PlainPartnershipModel", found: dict[str, float]) -> None:
    """Readiness, deterrence and burden sharing."""
    effort = {state: 0.05 * state.from_lead + 0.2 * state.deployed * state.weight for state in model.rows}
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


def measure_quarter(model: "PlainPartnershipModel", found: dict[str, float]) -> None:
    """Harm and what arose, overload, stability, the Council, accessions, blocs, money and leaks."""
    wanted = grave = 0.0
    for incident in model.incidents:
        wanted += incident.wanted * incident.severity
        grave += incident.severity
    found["overload"] = wanted / grave if grave > 0.0 else 0.0
    harm = arose = cost = 0.0
    for state in model.rows:
        if not isinstance(state, Rival):
            for points, severity, kind in zip(state.harm, state.severity, model.kinds):
                harm += points * kind.people
                arose += severity * kind.people
        if state.track > ACCEDING and state.track_since >= 0:
            found["accessions"] += 1.0
    for partner in model.partners:
        cost += partner.from_lead + partner.from_trust + partner.from_fund
    found["harm"], found["severity"], found["cost"] = harm, arose, cost
    found["leaks"] = float(sum(state.leaked for state in model.participants))
    at_home = {partner.region.number for partner in model.partners}
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
