"""Mechanism 1, threats arise (ODD 7.6)."""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.cast import Kind, Threat
from benchmarks.plain_mesa.forms import bounded_pareto, clip, exp, poisson_count
from sim.declare.names import SELF_EXCITING, TWO_STATE
from sim.law.draws import ARRIVAL, ATTRIBUTION, SEVERITY

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State

LARGEST_COUNT = 3
NO_DRIVER, BY_COERCION, BY_DISINFORMATION, BY_TENSION = range(4)


def threats_arise(model: "PlainPartnershipModel") -> None:
    """Draw arrivals, add the script and what spread, name authors, and let states feel it."""
    for state in model.rows:
        state.severity = [0.0] * len(model.kinds)
    kept = exp(-model.p.excitement_fade)
    for threat in model.threats:
        arise(model, threat, kept)
    for state, k, severity in model.shocks.get(model.quarter, ()):
        state.severity[k] += clip(severity, 0.0, 100.0)
    model.states.do(add_spill)
    model.states.do(attribute)
    model.states.do(feel)


def drive(state: "State", kind: Kind) -> float:
    """How far the state of the world multiplies a rate: 1 for exogenous kinds."""
    p = state.model.p
    if kind.driver == BY_COERCION:
        return 0.25 + p.coercion_gain * state.coercion
    if kind.driver == BY_DISINFORMATION:
        return 0.25 + p.coercion_gain * state.propaganda
    if kind.driver == BY_TENSION:
        return 0.25 + p.tension_gain * state.region.tension
    return 1.0


def arise(model: "PlainPartnershipModel", threat: Threat, kept: float) -> None:
    """One threat's arrivals and severities in the states exposed to it; `kept` is what stays of excitement."""
    times = threat.schedule[model.quarter]
    kind, slot = threat.kind, threat.slot
    for state, base in threat.rates:
        rate = base * times
        if rate <= 0.0:
            threat.active[state] = False
            threat.excitement[state] *= kept
            continue
        rate *= drive(state, kind)
        u = model.draw(ARRIVAL, state.entity, slot)
        if threat.arrival == TWO_STATE:
            on = u < 1.0 - threat.end if threat.active[state] else u < 1.0 - exp(-rate)
            threat.active[state] = on
            count = 1 if on else 0
        elif threat.arrival == SELF_EXCITING:
            excited = threat.excitement[state]
            count = poisson_count(rate + excited, u, LARGEST_COUNT)
            threat.excitement[state] = kept * excited + (1.0 - kept) * threat.branching * count
        else:
            count = poisson_count(rate, u, LARGEST_COUNT)
        for arrival in range(count):
            u = model.draw(SEVERITY, state.entity, slot | arrival)
            state.severity[kind.number] += threat.least * bounded_pareto(u, threat.tail, threat.cap / threat.least)


def add_spill(state: "State") -> None:
    """Add what spread from elsewhere last quarter, and use it up."""
    cap = 15.0
    for k, points in enumerate(state.spill):
        if points > 0.0:
            state.severity[k] += clip(points, 0.0, cap)
            state.spill[k] = 0.0


def attribute(state: "State") -> None:
    """Whether the author of a state's trouble of each kind is named in public."""
    draw = state.model.draw
    state.attributed = [
        severity > 0.0 and draw(ATTRIBUTION, state.entity, kind.number) < kind.attribution
        for kind, severity in zip(state.model.kinds, state.severity)
    ]


def feel(state: "State") -> None:
    """Threat as felt, a running mean."""
    memory = state.model.p.memory
    state.perceived = [
        memory * felt + (1.0 - memory) * severity for felt, severity in zip(state.perceived, state.severity)
    ]
