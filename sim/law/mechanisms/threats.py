"""Mechanism 1: threats arise. Rates, spells and heavy-tailed severities, from numbered draws."""

from sim.declare.constants import ARRIVAL_BITS, IDLE_DRIVE, LARGEST_COUNT, SPREAD_LIMIT
from sim.declare.names import SELF_EXCITING, TWO_STATE
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.draws import ARRIVAL, ATTRIBUTION, SEVERITY, Draws, uniform, uniforms
from sim.law.elementary import clip, exp
from sim.law.forms import below_cap, kept_below, poisson_count
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, World


@rule
def drive(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """How far this world's own state multiplies endogenous rates: `driven` (N, 4) by DRIVERS, 1 = as declared.

    What rivals put on a state and the tension of its region drive; exogenous kinds keep 1 under every policy.
    """
    driven = quarter.work.driven
    for n in range(driven.shape[0]):
        driven[n, 0] = 1.0
        driven[n, 1] = IDLE_DRIVE + p.coercion_gain * world.coercion[n]
        driven[n, 2] = IDLE_DRIVE + p.coercion_gain * world.propaganda[n]
        driven[n, 3] = IDLE_DRIVE + p.tension_gain * world.tension[setting.region[n]]


@rule
def draw_luck(setting: Setting, draws: Draws, quarter: Quarter) -> None:
    """One number for each threat and state, `luck` (T, N), uniform in [0, 1): whether the threat arises there."""
    label = setting.threats.label
    for t in range(label.shape[0]):
        uniforms(draws, ARRIVAL, setting.entity, label[t] << ARRIVAL_BITS, quarter.work.luck[t])


@rule
def arrivals_of(t: int, n: int, rate: float, kept: float, setting: Setting, world: World, quarter: Quarter) -> int:
    """How often threat t arises in state n at `rate` > 0 a quarter; its spell and its excitement move on.

    Poisson and self-exciting arrivals: one inversion. Two-state: a spell starts with probability 1 - exp(-rate), ends
    with probability `end`, and counts once in each quarter that it lasts. Self-excitation is Hawkes-like: each arrival
    raises the next quarters' rate, `branching` follow-ons in all; `kept` of it is left after a quarter.
    """
    threats, active, excitement = setting.threats, world.active, world.excitement
    luck = quarter.work.luck[t, n]
    if threats.arrival[t] == TWO_STATE:
        starts = luck < rate and luck < 1.0 - exp(-rate)
        lasts = luck < 1.0 - threats.end[t]
        active[t, n] = 1 if (lasts if active[t, n] == 1 else starts) else 0
        return int(active[t, n])
    if threats.arrival[t] != SELF_EXCITING:
        return poisson_count(rate, luck, LARGEST_COUNT)
    count = poisson_count(rate + excitement[t, n], luck, LARGEST_COUNT)
    excitement[t, n] = kept * excitement[t, n] + (1.0 - kept) * threats.branching[t] * count
    return count


@rule
def arise(setting: Setting, world: World, draws: Draws, p: Parameters, quarter: Quarter) -> None:
    """Draw this quarter's arrivals (T, N) and add their severities to `severity` (N, K).

    The n-th arrival has its own severity slot, so a higher rate adds arrivals and never removes or changes one.
    """
    threats, severity = setting.threats, quarter.severity
    kept = exp(-p.excitement_fade)
    for t in range(threats.kind.shape[0]):
        kind, slot = threats.kind[t], threats.label[t] << ARRIVAL_BITS
        schedule = threats.schedule[t, int(draws.step)]
        least = threats.least[t]
        below = kept_below(threats.cap[t] / least, threats.tail[t])
        for n in range(severity.shape[0]):
            rate = threats.rate[t, n] * schedule
            count = 0
            if rate > 0.0:
                rate = rate * quarter.work.driven[n, setting.kinds.driver[kind]]
                count = arrivals_of(t, n, rate, kept, setting, world, quarter)
            else:
                world.active[t, n] = 0
                world.excitement[t, n] *= kept
            quarter.arrivals[t, n] = count
            for arrival in range(count):
                luck = uniform(draws, SEVERITY, setting.entity[n], slot | arrival)
                severity[n, kind] += least * below_cap(luck, threats.tail[t], below)


@rule
def add_script(orders: Orders, quarter: Quarter) -> None:
    """Add scripted shocks and facilitator injects, severity points (N, K), to what arose by chance."""
    severity = quarter.severity
    for n in range(severity.shape[0]):
        for k in range(severity.shape[1]):
            severity[n, k] += orders.inject[n, k]


@rule
def add_spill(world: World, quarter: Quarter) -> None:
    """Add what spread from elsewhere last quarter (N, K), at most `SPREAD_LIMIT` points, and use it up."""
    severity, spill = quarter.severity, world.spill
    for n in range(spill.shape[0]):
        for k in range(spill.shape[1]):
            severity[n, k] += clip(spill[n, k], 0.0, SPREAD_LIMIT)
            spill[n, k] = 0.0


@rule
def attribute(setting: Setting, draws: Draws, quarter: Quarter) -> None:
    """Whether the author of each state's trouble of a kind is named in public; `attributed` (N, K) is 0 or 1."""
    severity, attribution = quarter.severity, setting.kinds.attribution
    for n in range(severity.shape[0]):
        for k in range(severity.shape[1]):
            quarter.attributed[n, k] = 0
            if severity[n, k] > 0.0 and uniform(draws, ATTRIBUTION, setting.entity[n], k) < attribution[k]:
                quarter.attributed[n, k] = 1


@rule
def feel(world: World, p: Parameters, quarter: Quarter) -> None:
    """Threat as felt (N, K): a running mean of what arose, severity points a quarter, with `memory` kept."""
    perceived, severity = world.perceived, quarter.severity
    for n in range(severity.shape[0]):
        for k in range(severity.shape[1]):
            perceived[n, k] = p.memory * perceived[n, k] + (1.0 - p.memory) * severity[n, k]


@rule
def threats_arise(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 1."""
    drive(setting, world, p, quarter)
    draw_luck(setting, draws, quarter)
    quarter.severity[:, :] = 0.0
    arise(setting, world, draws, p, quarter)
    add_script(orders, quarter)
    add_spill(world, quarter)
    attribute(setting, draws, quarter)
    feel(world, p, quarter)
