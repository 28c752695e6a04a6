"""Mechanisms 4 and 5 (ODD 7.9, 7.10): partners take part and pay, and what they did takes effect."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.cast import Activity
from benchmarks.plain_mesa.forms import clip, exp, learn
from benchmarks.plain_mesa.trust import part_of
from sim.declare.activities import ACTIVITY
from sim.declare.names import DCB
from sim.law.draws import LEAK

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State


def partners_take_part(model: "PlainPartnershipModel") -> None:
    """Mechanism 4: what was admitted is done, remembered, paid for and counted."""
    memory = model.p.memory
    for state in model.participants:
        state.done = list(state.request)
        state.asked = [
            memory * asked + (1.0 - memory) * requested for asked, requested in zip(state.asked, state.requested)
        ]
    pay(model)
    for state in model.participants:
        places = 0.0
        for done in state.done:
            places += done
        state.exercised = 0.75 * state.exercised + places


def assisted(state: "State") -> bool:
    """Whether a capacity building package is in force, so that trust funds serve it."""
    return state.arrangement[DCB] <= state.model.quarter


def pay(model: "PlainPartnershipModel") -> None:
    """Partners pay their own part; trust funds and lead allies go first, the common fund pays the rest."""
    offered = 0.0
    for member in model.members:
        offered += member.lead
        member.paid = member.from_lead = member.from_trust = member.from_fund = 0.0
    total = served = 0.0
    for state in model.participants:
        state.paid = state.from_lead = state.from_trust = cost = 0.0
        for places, activity in zip(state.done, model.menu):
            if places > 0.0:
                state.paid += places * activity.national
                cost += places * activity.cost
        state.from_fund = cost
        total += cost
        if assisted(state):
            served += cost
    if total <= 0.0:
        return
    fund_share = 0.0 if served <= 0.0 else min(1.0, offered / 3.0 / served)
    used = 0.0
    for state in model.participants:
        if assisted(state):
            state.from_trust = state.from_fund * fund_share
            state.from_fund -= state.from_trust
            used += state.from_trust
    left = total - used
    led = min(left, max(0.0, offered - used))
    keep = 1.0 if left <= 0.0 else 1.0 - led / left
    for state in model.participants:
        state.from_lead = state.from_fund * (1.0 - keep)
        state.from_fund *= keep
    drawn = 0.0 if offered <= 0.0 else (led + used) / offered
    for member in model.members:
        member.from_lead = member.lead * drawn


def activities_work(model: "PlainPartnershipModel") -> None:
    """Mechanism 5: activity by activity, those where something took effect; then what goes wrong."""
    p, levers = model.p, model.alliance.levers
    model.participants.do(prepare)
    for activity in model.menu:
        a = activity.number
        takers = [state for state in model.participants if state.effect[a] > 0.0]
        if not takers:
            continue
        speed, disparity = p.learning, p.disparity
        if activity.is_exercise:
            speed *= 0.5 + levers.warfighting
            disparity *= 0.5 + levers.size
        for state in takers:
            train(state, activity, disparity, speed, state.away if activity.is_exercise else 0.0)
            if activity.capability > 0.0:
                build(state, activity)
            if activity.institutions > 0.0:
                reform(state, activity)
            acquaint(state, activity)
            if activity.warning > 0.0:
                gain = p.learning * activity.warning * state.effect[a] * openness(model)
                state.warning = learn(state.warning, gain)
            win_support(state, activity)
    for feud in model.feuds:
        seen = feud.a.effect[ACTIVITY.transparency] + feud.b.effect[ACTIVITY.transparency]
        if seen > 0.0:
            feud.misperception *= exp(-p.transparency_gain * seen)
    for state in model.participants:
        leak(state)


def prepare(state: "State") -> None:
    """`deliver`, `compare_levels`, and what else training depends on, before any activity works."""
    model, p, levers = state.model, state.model.p, state.model.alliance.levers
    for a, activity in enumerate(model.menu):
        waiting = state.backlog[a] + state.done[a]
        state.effect[a] = waiting * (1.0 if activity.lag <= 1.0 else 1.0 / activity.lag)
        state.backlog[a] = waiting - state.effect[a]
    level = ready = 0.0
    for host in state.hosts:
        total = 0.0
        for own in host.capability:
            total += own
        level += total / len(host.capability)
        ready += host.readiness
    count = len(state.hosts)
    state.taught = (level / count, ready / count) if count else (0.0, 0.0)
    state.own_level = state.capability_score
    state.away = p.terrain * levers.distance * state.front
    state.prospect = levers.open_door * state.aspires


def train(state: "State", activity: Activity, disparity: float, speed: float, away: float) -> None:
    """Interoperability learned by dimension, diluted by disparity where units work side by side."""
    teachers, ready = state.taught
    quality = ready * (1.0 - away)
    if activity.joint:
        quality *= 1.0 / (1.0 + disparity * max(0.0, teachers - state.own_level))
    effect, levels = state.effect[activity.number], state.interoperability
    for i, gain in enumerate(activity.gain):
        if gain > 0.0:
            levels[i] = learn(levels[i], speed * gain * effect * quality)


def build(state: "State", activity: Activity) -> None:
    """Capability in its own domain or those of the plan: skills stay, equipment becomes kit that needs upkeep."""
    p = state.model.p
    amount = p.learning * activity.capability * state.effect[activity.number]
    if activity.rests_on_kit:
        for d, aim in enumerate(state.plan_domain):
            kit = state.kit[d]
            state.kit[d] = clip(kit + amount * aim * (1.0 - state.capability[d] - kit), 0.0, 1.0)
    else:
        amount *= 1.0 - p.institution_power + p.institution_power * state.governance
        capability = state.capability
        aims = enumerate(state.plan_domain) if activity.domain < 0 else [(activity.domain, 1.0)]
        for d, aim in aims:
            capability[d] = learn(capability[d], amount * aim)


def reform(state: "State", activity: Activity) -> None:
    """Institutions gained, against resisting elites; aspirants reform for membership in view."""
    p = state.model.p
    resisted = p.elite_resistance * (1.0 - state.control)
    amount = p.learning * activity.institutions * state.effect[activity.number]
    amount = amount * (0.5 + state.model.alliance.levers.conditionality) * (1.0 - resisted) * state.will
    amount *= 1.0 + 0.5 * state.prospect
    state.control = learn(state.control, amount)
    state.governance = learn(state.governance, 1.3 * amount)
    state.will = clip(state.will - 0.15 * amount * resisted, 0.0, 1.0)


def acquaint(state: "State", activity: Activity) -> None:
    """Evidence for, both ways, with hosts, and in joint activities with other allies and peers of the framework."""
    model, a = state.model, activity.number
    evidence, effect = model.p.acquaintance * activity.evidence, state.effect[a]
    multinational = 1.0 - 0.8 * model.alliance.levers.tailoring
    together = model.p.presence * multinational if activity.joint else 0.0
    for host in state.hosts:
        meet(state, host, evidence * effect * (1.0 - together))
    if together > 0.0:
        for member in model.members:
            if member is not state:
                meet(state, member, evidence * effect * together)
        for peer in state.peers:
            if peer.framework == state.framework >= 0 and peer.effect[a] > 0.0:
                meet(state, peer, evidence * min(effect, peer.effect[a]) * multinational)


def meet(one: "State", other: "State", evidence: float) -> None:
    """Two states saw each other keep their word."""
    one.trust[other][0] += evidence
    other.trust[one][0] += evidence


def openness(model: "PlainPartnershipModel") -> float:
    """How much of what could be shared is shared, 1 half open."""
    return 0.2 + 1.6 * model.alliance.levers.sharing


def win_support(state: "State", activity: Activity) -> None:
    """Public legitimacy of the programme: its own part, less what neutral publics dislike."""
    profile = state.model.alliance.levers.warfighting
    seen = state.model.p.alienation * activity.provocation * profile * (0.2 + state.nonaligned)
    state.legitimacy = clip(state.legitimacy + state.effect[activity.number] * (activity.legitimacy - seen), 0.0, 1.0)


def leak(state: "State") -> None:
    """What was shared leaks through the least secure: burnt sources for all, and doubt in all allies."""
    model, p = state.model, state.model.p
    state.leaked = False
    open_share = openness(model)
    exposed = 0.0
    for activity in model.menu:
        if activity.exposes:
            exposed += state.effect[activity.number] * open_share
    if exposed <= 0.0:
        return
    hazard = p.leak_rate * exposed * (1.0 - state.governance)
    if model.draw(LEAK, state.entity) < 1.0 - exp(-hazard):
        state.leaked = True
        state.warning = 0.5 * state.warning
        for member in model.members:
            if member is not state:
                member.trust[state][1] += p.doubt / 3.0 * part_of(state, member)
