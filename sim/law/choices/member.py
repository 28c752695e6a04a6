"""An ally: whether it lets a Council item pass, what it pays and pledges for partners, and what troops it sends."""

from sim.declare.names import AMEND, LET_PASS, MANDATE, OBJECT, OUTREACH, PROGRAMME, STATUS
from sim.law.compiled import rule
from sim.law.draws import SILENCE, Draws, uniform
from sim.law.elementary import clip


@rule
def stance_on(utility: float, amend_below: float, object_below: float, goodwill: float, price: float) -> int:
    """Let pass, amend, or object: an ally objects only where its utility is low and it can still pay the price."""
    if utility < object_below and goodwill >= price:
        return OBJECT
    if utility < amend_below:
        return AMEND
    return LET_PASS


@rule
def utility_of(
    i: int, lean: float, south_interest: float, front: float, sphere: float, merit: float,
    quarrel: float, ideal: float, wedge: float, cohesion: float, mean_tension: float, envelope: float, squeeze: float,
    spread: float, door: float,
) -> float:  # fmt: skip
    """What an ally thinks of an item: about +1 welcomes it, below zero it hesitates.

    Position in four parts: flank salience (the programme's lean against the ally's own south interest; closeness to
    the rival front), dated bilateral disputes (`quarrel`), money (envelope against squeezed budgets), and the UN
    ideal point, with a small weight. `spread` scales disagreement; `wedge` is what rivals add.
    """
    base = 0.55 + 0.3 * (cohesion - 0.5)
    if i == PROGRAMME:
        lean_gap = lean - south_interest
        if lean_gap < 0.0:
            lean_gap = -lean_gap
        money = 0.0008 * envelope * squeeze
        return base - spread * (0.7 * lean_gap + money) - wedge
    if i == STATUS:
        caution = sphere * (1.0 - front) * (1.0 - 0.25 * clip(ideal, 0.0, 3.0))
        return base + 0.6 * (merit - 0.5) - spread * (1.1 * caution + 0.7 * quarrel) - wedge - 0.2 * (door - 0.5)
    if i == OUTREACH:
        return base - spread * (0.8 * quarrel + 0.3 * (1.0 - south_interest)) - wedge
    if i == MANDATE:
        return base - spread * (0.5 * mean_tension * (1.0 - front) + 0.7 * quarrel) - wedge
    return base


@rule
def break_silence(utility: float, rate: float, noise: float) -> float:
    """The utility after the day's luck: with probability `rate` an ally finds a reason of its own to object.

    With n allies an item meets no such reason with probability (1 - rate)**n.
    """
    if noise < rate:
        return -1.0
    return utility + 0.1 * (noise - 0.5)


@rule
def lead_money(
    weight: float, readiness: float, legitimacy: float, cohesion: float, lead_rate: float, income: float
) -> float:
    """EUR million a quarter that an ally offers to partners' projects beyond the common fund (voluntary)."""
    return lead_rate * weight * clip(readiness, 0.0, 1.0) * legitimacy * (0.5 + cohesion) * income


@rule
def pledge_of(readiness: float, fatigue: float, tension_at_home: float) -> float:
    """Share of forces that may answer for others: what readiness leaves after fatigue and tension at home."""
    return clip(readiness * (1.0 - fatigue) * (1.0 - 0.4 * tension_at_home), 0.0, 1.0)


@rule
def silence_noise(draws: Draws, entity: int, item: int) -> float:
    """This ally's luck with this item, uniform in [0, 1)."""
    return uniform(draws, SILENCE, entity, item)
