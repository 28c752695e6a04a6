"""Mechanism 8: rivals pay for every move; provocation, coercion, offers, wedges; the security dilemma."""

from sim.declare.constants import (
    DISTANCE_CALMS,
    FLOOR,
    LOW_FLOOR,
    OTHERS_PART,
    OVERDONE_WORDS,
    RAISED_HOPES,
    RALLY_COHESION,
    RALLY_TILT,
    TENSION_BASE,
)
from sim.declare.names import (
    ASPIRANT,
    CIVILIAN_CONTROL,
    COERCION,
    COUNTER_OFFER,
    DISINFORM,
    HYBRID,
    MEMBER,
    PARTNER,
    RESTRAINT,
    SNAP_EXERCISE,
    TRANSPARENCY_OFFER,
    WEDGE,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.elementary import clip, exp
from sim.law.forms import richardson, rising
from sim.law.ledger import BY_IMAGE, BY_RIVALS, enter
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, World


@rule
def provocation(v: int, setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> float:
    """How threatening rival v finds the quarter's programme: activities near it, by type, size and distance kept.

    Humanitarian 0, peacekeeping 0.2, warfighting 1 (assumed); candidates on the accession track add
    `candidate_provocation` each. A large exercise is one provocation, not many small ones.
    """
    effect, levers, reach = quarter.effect, orders.levers, setting.rival_reach[v]
    total = 0.0
    for n in range(effect.shape[0]):
        if reach[n] <= 0.0:
            continue
        near = reach[n] * (1.0 - DISTANCE_CALMS * levers.distance)
        for a in range(effect.shape[1]):
            if effect[n, a] > 0.0:
                kind = setting.menu.provocation[a] * rising(LOW_FLOOR, levers.warfighting)
                total += near * effect[n, a] * kind * (0.5 + levers.size)
        if world.role[n] == PARTNER and world.track[n] > ASPIRANT:
            total += p.candidate_provocation * reach[n]
    return total


@rule
def arms_dynamic(v: int, provoked: float, world: World, p: Parameters) -> None:
    """The security dilemma of rival v: its hostility and the pressure that it feels drive each other (Richardson)."""
    hostility, pressure = world.hostility[v], world.pressure[v]
    hotter = richardson(hostility, pressure, p.reaction, p.restraint, p.grievance)
    tighter = richardson(pressure, hostility, p.answer, p.restraint, p.provocation_weight * provoked)
    world.hostility[v] = clip(hostility + hotter, 0.0, 1.0)
    world.pressure[v] = clip(pressure + tighter, 0.0, 1.0)


@rule
def make_moves(setting: Setting, world: World, orders: Orders) -> None:
    """Spend rivals' efforts: coercion and propaganda (N,), wedges on members (N,), standing offers (N,).

    The state leaned on gets the full move (V, MOVES), others in reach a part. Half of what was put on states earlier
    fades each quarter.
    """
    coercion, propaganda = world.coercion, world.propaganda
    wedge, offer = world.wedge, world.offer
    move, kept = orders.move, 0.5
    for n in range(coercion.shape[0]):
        coercion[n] *= kept
        propaganda[n] *= kept
        wedge[n] *= kept
        offer[n] *= kept
        for v in range(setting.rivals.shape[0]):
            near = setting.rival_reach[v, n]
            if near <= 0.0 or n == setting.rivals[v]:
                continue
            part = near if n == orders.target[v] else OTHERS_PART * near
            coercion[n] += (1.0 - kept) * move[v, COERCION] * part
            propaganda[n] += (1.0 - kept) * move[v, DISINFORM] * near
            if world.role[n] == MEMBER:
                wedge[n] += (1.0 - kept) * move[v, WEDGE] * rising(FLOOR, near)
            elif world.role[n] == PARTNER:
                offer[n] += (1.0 - kept) * move[v, COUNTER_OFFER] * part


@rule
def take_offers(world: World, orders: Orders, p: Parameters) -> None:
    """Partners that take a rival's offer lean its way: `tilt` (N,) moves towards accepted offers and fades without."""
    tilt = world.tilt
    for n in range(tilt.shape[0]):
        if world.role[n] == PARTNER:
            taken = clip(orders.accept[n] * world.offer[n], 0.0, 1.0)
            tilt[n] = clip(tilt[n] + p.tilt_rate * (taken - tilt[n]), 0.0, 1.0)


@rule
def rally(world: World, p: Parameters, quarter: Quarter) -> None:
    """Coercion wears down will; where its author is named it may rally the coerced, also the non-aligned, and allies.

    `rally_strength` is the gain of will at full attributed coercion. States with civilian control rally more.
    """
    will, tilt, cohesion = world.will, world.tilt, world.cohesion
    for n in range(will.shape[0]):
        coercion, control = world.coercion[n], world.institutions[n, CIVILIAN_CONTROL]
        if coercion <= 0.0:
            continue
        if quarter.attributed[n, HYBRID] == 1:
            if world.role[n] == PARTNER:
                will[n] = clip(will[n] + p.rally_strength * coercion * control, 0.0, 1.0)
                tilt[n] = clip(tilt[n] - RALLY_TILT * coercion, 0.0, 1.0)
            elif world.role[n] == MEMBER:
                cohesion[0] = clip(cohesion[0] + RALLY_COHESION * p.rally_strength * coercion, 0.0, 1.0)
        elif world.role[n] == PARTNER:
            will[n] = clip(will[n] - 0.5 * p.rally_strength * coercion * (1.0 - control), 0.0, 1.0)


@rule
def feud_heat(setting: Setting, world: World, step: int, p: Parameters, quarter: Quarter) -> None:
    """Heat that live feuds put into the regions of both sides (R,): `feud_weight` times strength and misperception."""
    feuds, region, hot = setting.feuds, setting.region, quarter.work.heat
    hot[:] = 0.0
    for f in range(feuds.a.shape[0]):
        if feuds.start[f] <= step and feuds.end[f] > step:
            amount = p.feud_weight * feuds.strength[f] * world.misperception[f]
            hot[region[feuds.a[f]]] += 0.5 * amount
            hot[region[feuds.b[f]]] += 0.5 * amount


@rule
def heat(setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Tension (R,) settles towards what hostility and feuds in the region sustain; snap exercises raise it at once.

    Transparency offers and restraint calm it.
    """
    move, tension = orders.move, world.tension
    for r in range(tension.shape[0]):
        base = TENSION_BASE + quarter.work.heat[r]
        kick = 0.0
        for v in range(move.shape[0]):
            near = setting.reach_region[v, r]
            base += world.hostility[v] * near
            kick += p.snap_gain * move[v, SNAP_EXERCISE] * near
            kick -= 0.5 * p.snap_gain * (move[v, TRANSPARENCY_OFFER] + 0.5 * move[v, RESTRAINT]) * near
        settled = p.tension_settle * (clip(base, 0.0, 1.0) - tension[r])
        tension[r] = clip(tension[r] + settled + kick * (1.0 - tension[r]), 0.0, 1.0)


@rule
def misread(setting: Setting, world: World, step: int, p: Parameters) -> None:
    """Misperception (P,) of live feuds rises with tension in the region and settles half as fast as tension."""
    feuds, region, misperception = setting.feuds, setting.region, world.misperception
    for f in range(misperception.shape[0]):
        believed = misperception[f]
        if feuds.start[f] > step or feuds.end[f] <= step:
            misperception[f] = believed * exp(-0.5 * p.tension_settle)
            continue
        hot = 0.5 * (world.tension[region[feuds.a[f]]] + world.tension[region[feuds.b[f]]])
        risen = p.misperception_rise * hot * (1.0 - believed)
        misperception[f] = clip(believed + risen - 0.5 * p.tension_settle * believed, 0.0, 1.0)


@rule
def alienate(setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """The programme seen as a geopolitical tool: confrontation in the neighbourhood costs legitimacy (N,).

    Communication restores it while words match deeds; words beyond deeds cost credibility instead.
    """
    legitimacy, communication = world.legitimacy, orders.levers.communication
    for n in range(legitimacy.shape[0]):
        if world.role[n] != PARTNER:
            continue
        confrontation = 0.0
        for v in range(world.pressure.shape[0]):
            confrontation += world.pressure[v] * setting.rival_reach[v, n]
        seen = p.backlash * confrontation * rising(FLOOR, setting.nonaligned[n])
        deeds = clip(quarter.work.help_given[n] / 0.5, 0.0, 1.0)
        matched = deeds - OVERDONE_WORDS * communication - RAISED_HOPES * world.expectation[n]
        words = p.words * communication * matched
        legitimacy[n] = clip(legitimacy[n] - seen + words, 0.0, 1.0)


@rule
def rivals_move(setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 8."""
    for v in range(setting.rivals.shape[0]):
        arms_dynamic(v, provocation(v, setting, world, orders, p, quarter), world, p)
    make_moves(setting, world, orders)
    take_offers(world, orders, p)
    rally(world, p, quarter)
    feud_heat(setting, world, step, p, quarter)
    heat(setting, world, orders, p, quarter)
    misread(setting, world, step, p)
    enter(BY_RIVALS, world, quarter)
    alienate(setting, world, orders, p, quarter)
    enter(BY_IMAGE, world, quarter)
