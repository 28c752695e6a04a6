"""A partner: what it asks for, whether it takes a rival's offer, what it pledges, and whether it applies."""

from sim.declare.names import ALLY, INVITED
from sim.law.compiled import Floats, rule
from sim.law.draws import UPTAKE, Draws, uniform
from sim.law.elementary import clip
from sim.law.forms import logistic
from sim.law.world import Menu


@rule
def appetite(
    will: float, legitimacy: float, trust: float, felt: float, aspiration: float, track: int, tilt: float,
    coerced: float, conditionality: float, civilian_control: float, fatigue: float, luck: float,
    will_pull: float, trust_pull: float, threat_pull: float, aspiration_pull: float, offer_push: float,
    condition_push: float,
) -> float:  # fmt: skip
    """How much a partner wants to do, as the exponent of one logistic choice (0: half of a typical programme).

    Will, trust and felt threat pull in; aspirants over-subscribe until they are invited (anticipation, then fatigue);
    a rival's offer and pressure push out; conditions put off those that are far from meeting them.
    """
    x = will_pull * (will - 0.5) + trust_pull * (trust - 0.5) + 0.8 * (legitimacy - 0.5)
    x = x + threat_pull * clip(felt / 4.0, 0.0, 1.0)
    if track < INVITED:
        x = x + aspiration_pull * aspiration
    elif track < ALLY:
        x = x + 0.5 * aspiration_pull * aspiration
    x = x - offer_push * tilt - 0.5 * coerced * (1.0 - aspiration)
    x = x - condition_push * conditionality * (1.0 - civilian_control)
    return x - fatigue + 0.8 * (luck - 0.5)


@rule
def wish(
    n: int, menu: Menu, drive: float, aspiration: float, nonaligned: float, aversion: float, near_rival: float,
    warfighting: float, felt_information: float, wealth: float, offered: Floats, request: Floats,
) -> None:  # fmt: skip
    """What partner n asks for: a logistic share of what is typical and on offer; fills row n of `request` (N, A).

    offered: (N, A) places in its plan; a larger offer is taken up in part. Non-aligned partners and those close to a
    rival avoid what provokes; states that feel digital threats ask for shared information; poor states ask for
    equipment and education.
    """
    for a in range(request.shape[1]):
        x = drive - aversion * menu.provocation[a] * (0.3 + 0.7 * warfighting) * (nonaligned + 0.5 * near_rival)
        if menu.warning[a] > 0.04:
            x = x + felt_information
        if menu.lag[a] > 5.0:
            x = x + 0.4 * (1.0 - wealth)
        request[n, a] = (0.5 * menu.typical[a] + offered[n, a]) * logistic(x) * (1.2 + 0.6 * aspiration)


@rule
def takes_offer(offer: float, aspiration: float, will: float, trust: float, refused: float) -> float:
    """How far a rival's offer without conditions is taken, 0 to 1; the refused and the distrustful take more."""
    if offer <= 0.0:
        return 0.0
    return logistic(2.0 * refused - 2.0 * aspiration - 2.0 * (will - 0.4) - 2.0 * (trust - 0.5))


@rule
def troops_of(will: float, trust: float, aspiration: float, fatigue: float, weight: float, nonaligned: float) -> float:
    """Share of what it could send to a NATO-led mission: will, trust and aspiration, against fatigue."""
    x = 3.0 * (will - 0.6) + 2.0 * (trust - 0.5) + 1.2 * aspiration - 2.0 * fatigue - 0.5 * nonaligned
    return logistic(x) * clip(0.3 + weight, 0.0, 1.0)


@rule
def wants_in(aspiration: float, will: float, legitimacy: float) -> int:
    """1 where a state that aspires keeps asking for the next stage."""
    return 1 if aspiration * (0.4 + will) * (0.5 + legitimacy) > 0.35 else 0


@rule
def uptake_luck(draws: Draws, entity: int) -> float:
    """Luck of a partner's quarter (ministers, calendars, language courses), uniform in [0, 1)."""
    return uniform(draws, UPTAKE, entity, 0)
