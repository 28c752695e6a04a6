"""Mechanism 10, the accession track: who may come nearer, who is invited together, and as many delays as allies."""

from sim.declare.constants import LEEWAY, STATE_BITS, UNSETTLED, YEAR
from sim.declare.names import (
    ACCEDING,
    ACTION_PLAN,
    ALLY,
    ASPIRANT,
    CONFLICT,
    INVITED,
    MEMBER,
    NOT_ASPIRING,
    PARTNER,
    STATUS,
    TWO_STATE,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.draws import RATIFICATION, Draws, uniform
from sim.law.elementary import exp
from sim.law.ledger import interoperability_score
from sim.law.orders import CONTESTED, NOBODY, WELCOME, Orders
from sim.law.world import Quarter, Setting, World


@rule
def aspiration_now(n: int, setting: Setting, step: int) -> float:
    """How far state n wants to accede in this quarter: 1 declared, 0.5 contested, 0 not yet, no more or never."""
    return setting.aspiration[step, n]


@rule
def dispute_of(n: int, setting: Setting, step: int) -> float:
    """Strength of the gravest live quarrel between state n and a neighbour, 0 to 1: territory that is not settled."""
    worst = 0.0
    feuds = setting.feuds
    for f in range(feuds.a.shape[0]):
        if feuds.start[f] <= step and feuds.end[f] > step and feuds.directed[f] == 0:
            if feuds.a[f] == n or feuds.b[f] == n:
                worst = max(worst, feuds.strength[f])
    return worst


@rule
def at_war(n: int, setting: Setting, world: World, step: int, p: Parameters) -> bool:
    """Whether state n has a spell of conflict on its territory, or a quarrel over territory as grave as a war."""
    threats = setting.threats
    for t in range(threats.kind.shape[0]):
        if threats.kind[t] == CONFLICT and threats.arrival[t] == TWO_STATE and world.active[t, n] == 1:
            return True
    return dispute_of(n, setting, step) >= UNSETTLED


@rule
def keep_count_of_peace(setting: Setting, world: World, step: int, p: Parameters) -> None:
    """`last_war` (N,): the last quarter in which a state was at war or its territory disputed."""
    for n in range(world.role.shape[0]):
        if at_war(n, setting, world, step, p):
            world.last_war[n] = step


@rule
def settled(n: int, world: World, step: int, p: Parameters) -> bool:
    """Whether `war_memory` quarters have passed since state n was last at war or disputed with a neighbour.

    Study on NATO Enlargement 1995, paragraph 6; Dayton's and the Hague tribunal's conditions on the wars of 1991-95.
    """
    return step - world.last_war[n] >= p.war_memory


@rule
def candidate_merit(n: int, world: World) -> float:
    """How ready a candidate is, 0 to 1: interoperability and institutions in equal parts (MAP's areas, in short)."""
    institutions = world.institutions
    return 0.5 * (interoperability_score(n, world) + 0.5 * (institutions[n, 0] + institutions[n, 1]))


@rule
def stage_by_itself(n: int, setting: Setting, world: World, orders: Orders, step: int) -> int:
    """The stage of the accession track that partner n reaches by its own declaration or signature.

    Those invited sign their protocols a quarter later and then wait for ratification.
    """
    track = world.track[n]
    aspires = aspiration_now(n, setting, step) > 0.0
    if track == NOT_ASPIRING and aspires and orders.apply[n] == 1 and world.framework[n] >= 0:
        return ASPIRANT
    if (track == ASPIRANT and orders.apply[n] == 0) or ((track == ASPIRANT or track == ACTION_PLAN) and not aspires):
        return NOT_ASPIRING
    if track == INVITED and step > world.track_since[n]:
        return ACCEDING
    return track


@rule
def bar_of(orders: Orders, p: Parameters) -> float:
    """Merit wanted of those to be invited, which an open door lowers."""
    return p.merit_wanted + LEEWAY * (1.0 - 2.0 * orders.levers.open_door)


@rule
def next_stage(n: int, busy: bool, setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> int:
    """The stage that candidate n may reach by an agreed item of the Council; its own stage where it has to wait.

    Suspended states, those not `settled` and those whose aim is contested at home wait. The Membership Action Plan,
    once it exists, opens to all who declared the aim a year ago. Who has been in it for `plan_time`, or far above,
    or before it exists at the bar, is invited, unless a round is still being ratified (`busy`).
    """
    track, waited = world.track[n], step - world.track_since[n]
    if world.role[n] != PARTNER or world.suspended_until[n] > step or not settled(n, world, step, p):
        return track
    if aspiration_now(n, setting, step) < 1.0:
        return track
    planned = setting.action_plan_from <= step
    above = candidate_merit(n, world) - bar_of(orders, p)
    if track == ASPIRANT and waited >= YEAR:
        if not busy and above > (LEEWAY if planned else 0.0):
            return INVITED
        return ACTION_PLAN if planned else ASPIRANT
    return INVITED if track == ACTION_PLAN and not busy and above > 0.0 and waited >= p.plan_time else track


@rule
def ratifying(world: World) -> bool:
    """Whether a round is open: somebody is invited or waits for ratification."""
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER and (world.track[n] == INVITED or world.track[n] == ACCEDING):
            return True
    return False


@rule
def reach(n: int, stage: int, world: World, step: int) -> None:
    """State n stands at a stage of the accession track, since this step if it did not before."""
    if world.track[n] != stage:
        world.track[n] = stage
        world.track_since[n] = step


@rule
def move_on_track(setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """The accession track: aspirant by own declaration, each further step together with all who are WELCOME.

    The status item is about one state. If that one is CONTESTED, the others go ahead whatever becomes of it, and if it
    is held up, all who are contested are refused. Otherwise the item stands for the whole class.
    """
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER:
            reach(n, stage_by_itself(n, setting, world, orders, step), world, step)
    about, decided = quarter.target[STATUS], quarter.decided[STATUS]
    if decided < 0:
        return
    apart = orders.round[about] == CONTESTED
    busy = ratifying(world)
    for n in range(world.role.shape[0]):
        welcome = orders.round[n] == WELCOME
        if (n == about and decided > 0) or (welcome and (apart or decided > 0)):
            reach(n, next_stage(n, busy, setting, world, orders, step, p), world, step)
        if orders.round[n] != NOBODY:
            world.refused[n] = 1 if decided == 0 and orders.round[n] == CONTESTED else 0


@rule
def quarrel_with(m: int, about: int, setting: Setting, step: int) -> float:
    """Strength of the live quarrel that state m holds against state `about`, 0 to 1; -1: over an operation."""
    worst = 0.0
    feuds = setting.feuds
    for f in range(feuds.a.shape[0]):
        if feuds.start[f] > step or feuds.end[f] <= step:
            continue
        if feuds.operation[f] == 1:
            concerned = about < 0 and feuds.a[f] == m
        else:
            mutual = feuds.directed[f] == 0 and feuds.b[f] == m and feuds.a[f] == about
            concerned = mutual or (feuds.a[f] == m and feuds.b[f] == about)
        if concerned:
            worst = max(worst, feuds.strength[f])
    return worst


@rule
def ratifies(m: int, c: int, setting: Setting, world: World, draws: Draws, p: Parameters) -> bool:
    """Whether ally m ratifies candidate c's protocol in this quarter; a quarrel with the candidate slows it down."""
    hold = quarrel_with(m, c, setting, int(draws.step))
    chance = 1.0 - exp(-p.ratification_rate * (0.5 + world.cohesion[0]) * (1.0 - hold))
    return uniform(draws, RATIFICATION, (setting.entity[c] << STATE_BITS) | setting.entity[m], 0) < chance


@rule
def ratify(c: int, setting: Setting, world: World, draws: Draws, p: Parameters) -> None:
    """As many delays as there are allies: each ratifies with its own probability; the last one opens the door."""
    missing = 0
    for m in range(world.role.shape[0]):
        if world.role[m] == MEMBER and world.ratified[c, m] == 0:
            if ratifies(m, c, setting, world, draws, p):
                world.ratified[c, m] = 1
            else:
                missing += 1
    if missing == 0:
        world.role[c] = MEMBER
        world.framework[c] = -1
        reach(c, ALLY, world, int(draws.step))
