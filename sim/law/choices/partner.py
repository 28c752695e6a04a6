"""A partner: what it asks for, whether it takes a rival's offer, what it pledges, and whether it applies."""

from sim.declare.constants import (
    APPLY_ABOVE,
    APPLY_WILL,
    ASPIRANT_ASKS,
    DIGITAL_PULL,
    FLOOR,
    LEGITIMACY_PULL,
    LUCK_PULL,
    MOST_ASKED,
    OFFER_WILL,
    PARTNER_PLEDGE,
    POVERTY_PULL,
    SMALLEST_STATE,
    STRONG_THREAT,
    TROOPS_ASPIRATION,
    TROOPS_WILL,
    UNSETTLED,
)
from sim.declare.names import (
    ALLY,
    CIVILIAN_CONTROL,
    CYBER_ATTACK,
    DISINFORMATION,
    INVITED,
    JOINT_DECISION,
    LET_PASS,
    MANDATE,
    OBJECT,
    PROGRAMME,
)
from sim.declare.parameters import Parameters
from sim.law.choices.member import pledge_of, quarrel_over_programme
from sim.law.compiled import rule
from sim.law.draws import UPTAKE, Draws, uniform
from sim.law.elementary import clip
from sim.law.forms import logistic, rising
from sim.law.mechanisms.accession import aspiration_now, quarrel_with
from sim.law.mechanisms.trust import trust_in_hosts
from sim.law.orders import Orders
from sim.law.world import Setting, World


@rule
def uptake_luck(n: int, setting: Setting, draws: Draws) -> float:
    """Luck of a partner's quarter (ministers, calendars, language courses), uniform in [0, 1)."""
    return uniform(draws, UPTAKE, setting.entity[n], 0)


@rule
def appetite(
    n: int, trust: float, aspiration: float, luck: float, world: World, orders: Orders, p: Parameters
) -> float:
    """How much partner n wants to do, as the exponent of one logistic choice (0: half of a typical programme).

    Will, trust and felt threat pull in; aspirants over-subscribe until they are invited (anticipation, then fatigue);
    a rival's offer and pressure push out; conditions put off those that are far from meeting them.
    """
    felt = 0.0
    for k in range(world.perceived.shape[1]):
        felt = felt + world.perceived[n, k]
    x = p.will_pull * (world.will[n] - 0.5) + p.trust_pull * (trust - 0.5)
    x = x + LEGITIMACY_PULL * (world.legitimacy[n] - 0.5)
    x = x + p.threat_pull * clip(felt / STRONG_THREAT, 0.0, 1.0)
    if world.track[n] < INVITED:
        x = x + p.aspiration_pull * aspiration
    elif world.track[n] < ALLY:
        x = x + 0.5 * p.aspiration_pull * aspiration
    x = x - p.condition_push * world.tilt[n] - 0.5 * world.coercion[n] * (1.0 - aspiration)
    x = x - p.condition_push * orders.levers.conditionality * (1.0 - world.institutions[n, CIVILIAN_CONTROL])
    return x - world.fatigue[n] + LUCK_PULL * (luck - 0.5)


@rule
def wish(
    n: int, drive: float, aspiration: float, setting: Setting, world: World, orders: Orders, p: Parameters
) -> None:
    """What partner n asks for: a logistic share of what is typical and on offer.

    A larger offer is taken up in part. Non-aligned partners and those close to a rival avoid what provokes; states
    that feel digital threats ask for shared information; poor states ask for equipment and education. Who exercised
    much before the start goes on doing so.
    """
    menu, perceived = setting.menu, world.perceived
    digital = clip(DIGITAL_PULL * (perceived[n, CYBER_ATTACK] + perceived[n, DISINFORMATION]), 0.0, 1.0)
    sharpness = rising(FLOOR, orders.levers.warfighting)
    shy = setting.nonaligned[n] + 0.5 * setting.front[n]
    for a in range(orders.request.shape[1]):
        x = drive - p.aversion * menu.provocation[a] * sharpness * shy
        if menu.is_exercise[a] == 1:
            x = x + p.custom_pull * setting.custom[n]
        if menu.informs[a] == 1:
            x = x + digital
        if menu.is_aid[a] == 1:
            x = x + POVERTY_PULL * (1.0 - setting.wealth[n])
        usual = 0.5 * menu.typical[a] + world.plan[n, a]
        orders.request[n, a] = usual * logistic(x) * (MOST_ASKED + ASPIRANT_ASKS * aspiration)


@rule
def takes_offer(n: int, trust: float, aspiration: float, world: World, orders: Orders) -> float:
    """How far a rival's offer without conditions is taken, 0 to 1; the refused and the distrustful take more."""
    if world.offer[n] <= 0.0:
        return 0.0
    refused = orders.levers.conditionality * (1 - world.institutions[n, CIVILIAN_CONTROL])
    return logistic(2.0 * refused - 2.0 * aspiration - 2.0 * (world.will[n] - OFFER_WILL) - 2.0 * (trust - 0.5))


@rule
def troops_of(n: int, trust: float, aspiration: float, setting: Setting, world: World) -> float:
    """Share of what it could send to a NATO-led mission: will, trust and aspiration, against fatigue."""
    x = 3.0 * (world.will[n] - TROOPS_WILL) + 2.0 * (trust - 0.5) + TROOPS_ASPIRATION * aspiration
    x = x - 2.0 * world.fatigue[n] - 0.5 * setting.nonaligned[n]
    return logistic(x) * clip(SMALLEST_STATE + setting.weight[n], 0.0, 1.0)


@rule
def wants_in(n: int, aspiration: float, world: World) -> int:
    """1 where a state that aspires keeps asking for the next stage."""
    return 1 if aspiration * (APPLY_WILL + world.will[n]) * (0.5 + world.legitimacy[n]) > APPLY_ABOVE else 0


@rule
def share_in_decision(n: int, setting: Setting, orders: Orders, step: int) -> None:
    """Partner n's stances under joint decision: it objects to what a grave quarrel of its own concerns."""
    for i in range(orders.item.shape[0]):
        grave = False
        if orders.item[i] >= 0:
            if i == PROGRAMME:
                grave = quarrel_over_programme(n, setting, orders, step) >= UNSETTLED
            else:
                grave = quarrel_with(n, -1 if i == MANDATE else orders.item[i], setting, step) >= UNSETTLED
        orders.stance[n, i] = OBJECT if grave else LET_PASS


@rule
def decide_partner(n: int, setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """Partner n's row: places it asks for, offers it takes, forces it pledges and sends, and whether it applies."""
    trust = trust_in_hosts(n, setting, world)
    aspiration = aspiration_now(n, setting, int(draws.step))
    drive = appetite(n, trust, aspiration, uptake_luck(n, setting, draws), world, orders, p)
    wish(n, drive, aspiration, setting, world, orders, p)
    orders.accept[n] = takes_offer(n, trust, aspiration, world, orders)
    orders.pledge[n] = PARTNER_PLEDGE * world.will[n] * pledge_of(n, setting, world)
    orders.troops[n] = troops_of(n, trust, aspiration, setting, world)
    orders.apply[n] = wants_in(n, aspiration, world)
    if orders.levers.decision_mode == JOINT_DECISION:
        share_in_decision(n, setting, orders, int(draws.step))
