"""Mechanism 7, trust moves (ODD 7.12), beside what crises (`response`) and activities did to trust."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.agents import MemberState, PartnerState
from benchmarks.plain_mesa.forms import clip, expected
from sim.declare.names import ALLY
from sim.law.world import NEVER

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import State
    from benchmarks.plain_mesa.model import PlainPartnershipModel

DAILY_FOR, DAILY_AGAINST = 5.4, 0.6  # what allies see of one another outside this model


def trust_moves(model: "PlainPartnershipModel") -> None:
    """Evidence fades, is heard of, is counted on and is envied; views of and by rivals stay as they are."""
    members, partners = list(model.members), list(model.partners)
    for state in members:
        return_to_daily(state, members)
        forget(state, partners)
    for state in partners:
        forget(state, members + partners)
    standing = standings(members, members + partners)
    for state in members:
        hear(state, partners, standing)
    for state in partners:
        hear(state, members + partners, standing)
    model.states.do(count_on)
    envy(model)


def return_to_daily(member: "State", members: list["State"]) -> None:
    """`forget` between allies, also of an ally with itself: evidence returns to what they see every day."""
    kept = member.model.p.evidence_kept
    daily_for, daily_against = (1.0 - kept) * DAILY_FOR, (1.0 - kept) * DAILY_AGAINST
    for other in members:
        evidence = member.trust[other]
        evidence[0] = kept * evidence[0] + daily_for
        evidence[1] = kept * evidence[1] + daily_against


def forget(state: "State", others: list["State"]) -> None:
    """Old evidence fades."""
    kept = state.model.p.evidence_kept
    for other in others:
        evidence = state.trust[other]
        evidence[0] *= kept
        evidence[1] *= kept


def standings(members: list["State"], states: list["State"]) -> dict["State", float]:
    """`standing`: the mean of members' expected trust in each state."""
    found = {}
    for state in states:
        total = 0.0
        for member in members:
            total += expected(member.trust[state])
        found[state] = total / len(members) if members else 0.0
    return found


def hear(state: "State", others: list["State"], standing: dict["State", float]) -> None:
    """What allies think of others moves a state's view of them; allies know each other better."""
    hearsay = state.model.p.hearsay
    for other in others:
        if other is state:
            continue
        evidence = state.trust[other]
        told = standing[other] - expected(evidence)
        if told > 0.0:
            evidence[0] += hearsay * told
        else:
            evidence[1] -= hearsay * told


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
    state.expectation += p.expectation_rate * (wish - state.expectation)


def envy(model: "PlainPartnershipModel") -> None:
    """Help to one lowers its regional rivals' trust in the givers, and those left out resent it."""
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
        short = clip(1.0 - partner.help_given / mean, 0.0, 1.0)
        for host in partner.hosts:
            partner.trust[host][1] += p.resentment * short
