"""Mechanism 7, trust moves (ODD 7.12), beside what crises (`response`) and activities did to trust."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import MemberState, PartnerState, Rival
from benchmarks.plain_mesa.forms import clip, expected
from sim.declare.names import ALLY
from sim.law.world import HOSTS, NEVER, PEERS

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State

QUARREL, LEAST_BASE = 0.3, 0.05  # what a full quarrel takes off the base of trust, and the least that it leaves


def trust_moves(model: "PlainPartnershipModel") -> None:
    """Faith is broken, evidence fades to its base, is heard of, is counted on and is envied."""
    for state, evidence, returned in model.breaches.get(model.quarter, ()):
        break_with_allies(state, evidence, returned)
    insiders = [state for state in model.rows if not isinstance(state, Rival)]
    for state in insiders:
        belong(state, insiders)
        forget(state, insiders)
    quarrel(model)
    model.partners.do(listen_around)
    model.states.do(count_on)
    envy(model)


def part_of(state: "State", member: "State") -> float:
    """Part that an ally has in what a state does with the Alliance: in full as its host, else by its presence."""
    return 1.0 if member in state.hosts else state.model.p.presence


def break_with_allies(state: "State", evidence: float, returned: float) -> None:
    """Evidence against every ally, and of every ally against the state."""
    for member in state.model.members:
        if member is not state:
            state.trust[member][1] += evidence
            member.trust[state][1] += returned


def belong(state: "State", others: list["State"]) -> None:
    """The base to which a state's views return: that of allies, or that of strangers the more alike they are."""
    p, ally = state.model.p, isinstance(state, MemberState)
    for other in others:
        likeness = 2.0 if ally and isinstance(other, MemberState) else state.likeness[other.row]
        state.trust[other][2] = p.stranger_trust + p.likeness_trust * likeness


def quarrel(model: "PlainPartnershipModel") -> None:
    """Live feuds lower the base, of both sides where they are mutual."""
    for feud in model.feuds:
        apart = feud.a in model.rivals or feud.b in model.rivals
        if feud.live(model.quarter) and not feud.operation and not apart:
            views = [feud.a.trust[feud.b]] if feud.directed else [feud.a.trust[feud.b], feud.b.trust[feud.a]]
            for view in views:
                view[2] = max(LEAST_BASE, view[2] - QUARREL * feud.strength)


def forget(state: "State", others: list["State"]) -> None:
    """Old evidence fades."""
    kept = state.model.p.evidence_kept
    for other in others:
        evidence = state.trust[other]
        evidence[0] *= kept
        evidence[1] *= kept


def listen_around(partner: PartnerState) -> None:
    """`hear`: a partner hears of the allies from its peers, and the allies hear of it from its hosts."""
    if partner.framework < 0:
        return
    members, hearsay = list(partner.model.members), partner.model.p.hearsay
    for peer in partner.peers:
        if isinstance(peer, PartnerState) and peer.framework == partner.framework:
            for member in members:
                listen(partner, member, peer, hearsay / PEERS)
    for host in partner.hosts:
        for member in members:
            if member is not host:
                listen(member, partner, host, hearsay / HOSTS)


def listen(hearer: "State", about: "State", source: "State", share: float) -> None:
    """What a source knows, as far as the hearer trusts it, fills up what the hearer does not know itself."""
    heeded, own, told = expected(hearer.trust[source]), hearer.trust[about], source.trust[about]
    for side in (0, 1):
        own[side] += share * max(0.0, heeded * told[side] - own[side])


def closeness(state: "State") -> float:
    """How close a state stands to the Alliance, by engagement, arrangements and track."""
    held = sum(1 for since in state.arrangement if since != NEVER)
    on_track = state.track if state.track < ALLY else 0
    return clip(0.4 * state.engagement + 0.05 * held + 0.15 * on_track, 0.0, 1.0)


def count_on(state: "State") -> None:
    """Expectation of help rises with closeness and words; members hold a guarantee."""
    p, communication = state.model.p, state.model.alliance.levers.communication
    wish = 1.0
    if not isinstance(state, MemberState):
        wish = clip(p.promise * closeness(state) * (1.0 + 0.3 * communication), 0.0, 1.0)
    state.expectation += (1.0 - p.memory) * (wish - state.expectation)


def envy(model: "PlainPartnershipModel") -> None:
    """Help to one lowers its regional rivals' trust in the givers, and those left out, or cut short, resent it."""
    p = model.p
    for feud in model.feuds:
        if feud.directed or not feud.live(model.quarter):
            continue
        for one, other in ((feud.a, feud.b), (feud.b, feud.a)):
            if isinstance(one, PartnerState) and isinstance(other, PartnerState):
                excess = clip(other.help_given - one.help_given, 0.0, 1.0) * feud.strength
                if excess > 0.0:
                    for host in one.hosts:
                        one.trust[host][1] += p.envy_weight * excess
    inside = [partner for partner in model.partners if partner.framework >= 0]
    total = 0.0
    for partner in inside:
        total += partner.help_given
    if total <= 0.0:
        return
    mean = total / len(inside)
    for partner in inside:
        short = clip(1.0 - partner.help_given / mean, 0.0, 1.0) + 1.0 - model.alliance.scale
        for host in partner.hosts:
            partner.trust[host][1] += p.resentment * short
