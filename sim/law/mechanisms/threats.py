"""Mechanism 1: threats arise. Rates, spells and heavy-tailed severities, from numbered draws."""

from sim.declare.names import SELF_EXCITING, TWO_STATE
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.draws import ARRIVAL, ATTRIBUTION, SEVERITY, Draws, uniform, uniforms
from sim.law.elementary import clip, exp
from sim.law.forms import below_cap, kept_below, poisson_count
from sim.law.mechanisms.response import feel
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, Threats, World

LARGEST_COUNT = 3  # arrivals of one threat on one state in one quarter


@rule
def drive(coercion: Floats, propaganda: Floats, local_tension: Floats, gains: Floats, driven: Floats) -> None:
    """How far this world's own state multiplies endogenous rates: `driven` (N, 4) by DRIVERS, 1 = as declared.

    coercion, propaganda: (N,) what rivals put on each state; local_tension: (N,); gains: (4,) by DRIVERS.
    Exogenous kinds (driver "none") keep 1 under every policy.
    """
    for n in range(coercion.shape[0]):
        driven[n, 0] = 1.0
        driven[n, 1] = 0.25 + gains[1] * coercion[n]
        driven[n, 2] = 0.25 + gains[2] * propaganda[n]
        driven[n, 3] = 0.25 + gains[3] * local_tension[n]


@rule
def draw_luck(label: Ints, entity: Ints, draws: Draws, luck: Floats) -> None:
    """One number for each threat and state, `luck` (T, N), uniform in [0, 1): whether the threat arises there."""
    for t in range(label.shape[0]):
        uniforms(draws, ARRIVAL, entity, label[t] << 8, luck[t])


@rule
def arise(
    threats: Threats, driver_of_kind: Ints, driven: Floats, entity: Ints, step: int, draws: Draws,
    active: Ints, excitement: Floats, excitement_fade: float, luck: Floats, arrivals: Ints, severity: Floats,
) -> None:  # fmt: skip
    """Draw this quarter's arrivals (T, N) and add their severities to `severity` (N, K).

    Poisson and self-exciting arrivals: one inversion a state; the n-th arrival has its own severity slot, so a higher
    rate adds arrivals and never removes or changes one. Two-state: a spell starts with probability 1 - exp(-rate),
    ends with probability `end`, and brings one severity in each quarter that it lasts.
    Self-excitation is Hawkes-like: each arrival raises the next quarters' rate, `branching` follow-ons in all.
    luck: (T, N) from `draw_luck`.
    """
    remembered = exp(-excitement_fade)
    for t in range(threats.kind.shape[0]):
        kind = threats.kind[t]
        driver = driver_of_kind[kind]
        arrival_of = threats.arrival[t]
        schedule = threats.schedule[t, step]
        slot = threats.label[t] << 8
        kept = kept_below(threats.cap[t], threats.tail[t])
        for n in range(entity.shape[0]):
            rate = threats.rate[t, n] * schedule
            if rate <= 0.0:
                active[t, n] = 0
                arrivals[t, n] = 0
                excitement[t, n] = excitement[t, n] * remembered
                continue
            rate = rate * driven[n, driver]
            u = luck[t, n]
            count = 0
            if arrival_of == TWO_STATE:
                if active[t, n] == 1:
                    active[t, n] = 1 if u < 1.0 - threats.end[t] else 0
                else:
                    active[t, n] = 1 if u < rate and u < 1.0 - exp(-rate) else 0
                count = active[t, n]
            elif arrival_of == SELF_EXCITING:
                count = poisson_count(rate + excitement[t, n], u, LARGEST_COUNT)
                follow_on = (1.0 - remembered) * threats.branching[t] * count
                excitement[t, n] = remembered * excitement[t, n] + follow_on
            else:
                count = poisson_count(rate, u, LARGEST_COUNT)
            arrivals[t, n] = count
            for arrival in range(count):
                u = uniform(draws, SEVERITY, entity[n], slot | arrival)
                severity[n, kind] = severity[n, kind] + below_cap(u, threats.tail[t], kept)


@rule
def add_script(inject: Floats, severity: Floats) -> None:
    """Add scripted shocks and facilitator injects, severity points (N, K), to what arose by chance."""
    for n in range(inject.shape[0]):
        for k in range(inject.shape[1]):
            severity[n, k] = severity[n, k] + inject[n, k]


@rule
def add_spill(spill: Floats, exposure_cap: float, severity: Floats) -> None:
    """Add what spread from elsewhere last quarter (N, K), at most `exposure_cap` points, and use it up."""
    for n in range(spill.shape[0]):
        for k in range(spill.shape[1]):
            severity[n, k] = severity[n, k] + clip(spill[n, k], 0.0, exposure_cap)
            spill[n, k] = 0.0


@rule
def attribute(severity: Floats, attribution: Floats, entity: Ints, draws: Draws, attributed: Ints) -> None:
    """Whether the author of each state's trouble of a kind is named in public; `attributed` (N, K) is 0 or 1."""
    for n in range(severity.shape[0]):
        for k in range(severity.shape[1]):
            attributed[n, k] = 0
            if severity[n, k] > 0.0 and uniform(draws, ATTRIBUTION, entity[n], k) < attribution[k]:
                attributed[n, k] = 1


@rule
def threats_arise(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 1."""
    step = int(draws.step)
    work = quarter.work
    work.gains[1], work.gains[2], work.gains[3] = p.coercion_gain, p.propaganda_gain, p.tension_gain
    for n in range(work.local.shape[0]):
        work.local[n] = world.tension[setting.region[n]]
    drive(world.coercion, world.propaganda, work.local, work.gains, work.driven)
    draw_luck(setting.threats.label, setting.entity, draws, work.luck)
    quarter.severity[:, :] = 0.0
    arise(
        setting.threats, setting.kinds.driver, work.driven, setting.entity, step, draws, world.active, world.excitement,
        p.excitement_fade, work.luck, quarter.arrivals, quarter.severity,
    )  # fmt: skip
    add_script(orders.inject, quarter.severity)
    add_spill(world.spill, p.spill_cap, quarter.severity)
    attribute(quarter.severity, setting.kinds.attribution, setting.entity, draws, quarter.attributed)
    feel(quarter.severity, p.threat_memory, world.perceived)
