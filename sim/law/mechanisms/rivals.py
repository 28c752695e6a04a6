"""Mechanism 8: rivals pay for every move; provocation, coercion, offers, wedges; the security dilemma."""

from sim.declare.names import (
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
from sim.law.compiled import Floats, Ints, rule
from sim.law.elementary import clip, exp
from sim.law.forms import richardson
from sim.law.ledger import BY_IMAGE, BY_RIVALS, enter
from sim.law.orders import Orders
from sim.law.world import Feuds, Menu, Quarter, Setting, World


@rule
def provocation(
    effect: Floats, menu: Menu, warfighting: float, size: float, distance: float, reach: Floats, track: Ints,
    role: Ints, track_weight: float,
) -> float:  # fmt: skip
    """How threatening one rival finds the quarter's programme: activities near it, by type, size and distance kept.

    effect: (N, A); reach: (N,) of that rival. Humanitarian 0, peacekeeping 0.2, warfighting 1 (assumed); candidates on
    the accession track add `track_weight` each. A large exercise is one provocation, not many small ones.
    """
    total = 0.0
    for n in range(effect.shape[0]):
        if reach[n] <= 0.0:
            continue
        near = reach[n] * (1.0 - 0.7 * distance)
        for a in range(effect.shape[1]):
            if effect[n, a] > 0.0:
                kind = menu.provocation[a] * (0.2 + 0.8 * warfighting)
                total = total + near * effect[n, a] * kind * (0.5 + size)
        if role[n] == PARTNER and track[n] > 1:
            total = total + track_weight * reach[n]
    return total


@rule
def arms_dynamic(
    provoked: float, reaction: float, restraint: float, answer: float, answer_restraint: float,
    grievance: float, hostility: float, pressure: float,
) -> tuple[float, float]:  # fmt: skip
    """The security dilemma of one rival: its hostility and the pressure that it feels drive each other (Richardson).

    Returns (hostility, pressure) a quarter later, each in [0, 1].
    """
    new_hostility = hostility + richardson(hostility, pressure, reaction, restraint, grievance)
    new_pressure = pressure + richardson(pressure, hostility, answer, answer_restraint, provoked)
    return clip(new_hostility, 0.0, 1.0), clip(new_pressure, 0.0, 1.0)


@rule
def make_moves(
    move: Floats, target: Ints, rivals: Ints, reach: Floats, kept: float, coercion: Floats, propaganda: Floats,
    wedge: Floats, offer: Floats, role: Ints,
) -> None:  # fmt: skip
    """Spend rivals' efforts: coercion and propaganda (N,), wedges on members (N,), standing offers (N,).

    move: (V, MOVES) effort; target: (V,) the state leaned on gets the full move, others in reach a part. What was put
    on states earlier fades, `kept` a quarter.
    """
    for n in range(coercion.shape[0]):
        coercion[n] = coercion[n] * kept
        propaganda[n] = propaganda[n] * kept
        wedge[n] = wedge[n] * kept
        offer[n] = offer[n] * kept
        for v in range(rivals.shape[0]):
            near = reach[v, n]
            if near <= 0.0 or n == rivals[v]:
                continue
            part = near if n == target[v] else 0.25 * near
            coercion[n] = coercion[n] + (1.0 - kept) * move[v, COERCION] * part
            propaganda[n] = propaganda[n] + (1.0 - kept) * move[v, DISINFORM] * near
            if role[n] == MEMBER:
                wedge[n] = wedge[n] + (1.0 - kept) * move[v, WEDGE] * (0.3 + 0.7 * near)
            elif role[n] == PARTNER:
                offer[n] = offer[n] + (1.0 - kept) * move[v, COUNTER_OFFER] * part


@rule
def take_offers(accept: Floats, offer: Floats, rate: float, role: Ints, tilt: Floats) -> None:
    """Partners that take a rival's offer lean its way: `tilt` (N,) moves towards accepted offers and fades without."""
    for n in range(accept.shape[0]):
        if role[n] == PARTNER:
            taken = clip(accept[n] * offer[n], 0.0, 1.0)
            tilt[n] = clip(tilt[n] + rate * (taken - tilt[n]), 0.0, 1.0)


@rule
def rally(
    attributed: Ints, coercion: Floats, strength: float, exposure_cost: float, institutions: Floats, role: Ints,
    will: Floats, cohesion: Floats, tilt: Floats,
) -> None:  # fmt: skip
    """Coercion wears down will; where its author is named it may rally the coerced, also the non-aligned, and allies.

    attributed: (N, K); strength: gain of will at full attributed coercion. States with civilian control rally more.
    """
    for n in range(coercion.shape[0]):
        if coercion[n] <= 0.0:
            continue
        if attributed[n, HYBRID] == 1:
            if role[n] == PARTNER:
                will[n] = clip(will[n] + strength * coercion[n] * institutions[n, 0], 0.0, 1.0)
                tilt[n] = clip(tilt[n] - exposure_cost * coercion[n], 0.0, 1.0)
            elif role[n] == MEMBER:
                cohesion[0] = clip(cohesion[0] + 0.02 * strength * coercion[n], 0.0, 1.0)
        elif role[n] == PARTNER:
            will[n] = clip(will[n] - 0.5 * strength * coercion[n] * (1.0 - institutions[n, 0]), 0.0, 1.0)


@rule
def alienate(
    pressure: Floats, reach: Floats, nonaligned: Floats, rate: float, communication: float, role: Ints,
    help_given: Floats, expectation: Floats, delivered_words: float, legitimacy: Floats,
) -> None:  # fmt: skip
    """The programme seen as a geopolitical tool: confrontation in the neighbourhood costs legitimacy (N,).

    Communication restores it while words match deeds; words beyond deeds cost credibility instead.
    """
    for n in range(legitimacy.shape[0]):
        if role[n] != PARTNER:
            continue
        confrontation = 0.0
        for v in range(pressure.shape[0]):
            confrontation = confrontation + pressure[v] * reach[v, n]
        seen = rate * confrontation * (0.3 + 0.7 * nonaligned[n])
        deeds = clip(help_given[n] / 0.5, 0.0, 1.0)
        words = delivered_words * communication * (deeds - 0.6 * communication - 0.2 * expectation[n])
        legitimacy[n] = clip(legitimacy[n] - seen + words, 0.0, 1.0)


@rule
def home_cost(
    help_given: Floats, institutions: Floats, rate: float, recovery: float, role: Ints, legitimacy: Floats
) -> None:
    """Work with autocracies costs legitimacy at home: members' legitimacy falls with money spent on them."""
    spent = 0.0
    count = 0
    for n in range(role.shape[0]):
        if role[n] == PARTNER and help_given[n] > 0.0:
            spent = spent + help_given[n] * clip(0.5 - institutions[n, 0], 0.0, 0.5)
            count += 1
    share = 0.0 if count == 0 else spent / count
    for m in range(role.shape[0]):
        if role[m] == MEMBER:
            legitimacy[m] = clip(legitimacy[m] - rate * share + recovery * (0.8 - legitimacy[m]), 0.0, 1.0)


@rule
def heat(
    move: Floats, hostility: Floats, reach_region: Floats, feud_region: Floats, snap_gain: float, calm_gain: float,
    settle: float, tension: Floats,
) -> None:  # fmt: skip
    """Tension (R,) settles towards what hostility and feuds in the region sustain; snap exercises raise it at once.

    reach_region: (V, R); feud_region: (R,) misperceived feuds; transparency offers and restraint calm it.
    """
    for r in range(tension.shape[0]):
        base = 0.05 + feud_region[r]
        kick = 0.0
        for v in range(move.shape[0]):
            base = base + hostility[v] * reach_region[v, r]
            kick = kick + snap_gain * move[v, SNAP_EXERCISE] * reach_region[v, r]
            kick = kick - calm_gain * (move[v, TRANSPARENCY_OFFER] + 0.5 * move[v, RESTRAINT]) * reach_region[v, r]
        base = clip(base, 0.0, 1.0)
        tension[r] = clip(tension[r] + settle * (base - tension[r]) + kick * (1.0 - tension[r]), 0.0, 1.0)


@rule
def misread(
    feuds: Feuds, step: int, tension: Floats, region: Ints, rise: float, settle: float, misperception: Floats
) -> None:
    """Misperception (P,) of live feuds rises with tension in the region and settles slowly without news."""
    for p in range(misperception.shape[0]):
        if feuds.start[p] > step or feuds.end[p] <= step:
            misperception[p] = misperception[p] * exp(-settle)
            continue
        hot = 0.5 * (tension[region[feuds.a[p]]] + tension[region[feuds.b[p]]])
        misperception[p] = clip(
            misperception[p] + rise * hot * (1.0 - misperception[p]) - settle * misperception[p], 0.0, 1.0
        )


@rule
def feud_heat(feuds: Feuds, step: int, region: Ints, misperception: Floats, weight: float, feud_region: Floats) -> None:
    """Heat that feuds put into regions (R,): strength times misperception, `weight` for each feud."""
    for r in range(feud_region.shape[0]):
        feud_region[r] = 0.0
    for p in range(misperception.shape[0]):
        if feuds.start[p] <= step and feuds.end[p] > step:
            amount = weight * feuds.strength[p] * misperception[p]
            feud_region[region[feuds.a[p]]] = feud_region[region[feuds.a[p]]] + 0.5 * amount
            feud_region[region[feuds.b[p]]] = feud_region[region[feuds.b[p]]] + 0.5 * amount


@rule
def rivals_move(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 8."""
    levers = orders.levers
    help_given, heat_of_feuds = quarter.work.help_given, quarter.work.heat
    for v in range(setting.rivals.shape[0]):
        provoked = provocation(
            quarter.effect, setting.menu, levers.warfighting, levers.size, levers.distance, setting.rival_reach[v],
            world.track, world.role, p.candidate_provocation,
        )  # fmt: skip
        world.hostility[v], world.pressure[v] = arms_dynamic(
            p.provocation_weight * provoked, p.reaction, p.restraint, p.answer, p.answer_restraint, p.grievance,
            world.hostility[v], world.pressure[v],
        )  # fmt: skip
    make_moves(
        orders.move, orders.target, setting.rivals, setting.rival_reach, p.move_memory, world.coercion,
        world.propaganda, world.wedge, world.offer, world.role,
    )  # fmt: skip
    take_offers(orders.accept, world.offer, p.tilt_rate, world.role, world.tilt)
    rally(
        quarter.attributed, world.coercion, p.rally_strength, 0.1, world.institutions, world.role, world.will,
        world.cohesion, world.tilt,
    )  # fmt: skip
    feud_heat(setting.feuds, step, setting.region, world.misperception, p.feud_weight, heat_of_feuds)
    heat(
        orders.move, world.hostility, setting.reach_region, heat_of_feuds, p.snap_gain, p.calm_gain, p.tension_settle,
        world.tension,
    )  # fmt: skip
    misread(
        setting.feuds, step, world.tension, setting.region, p.misperception_rise, p.misperception_settle,
        world.misperception,
    )  # fmt: skip
    enter(BY_RIVALS, world, quarter)
    alienate(
        world.pressure, setting.rival_reach, setting.nonaligned, p.backlash, levers.communication, world.role,
        help_given, world.expectation, p.words, world.legitimacy,
    )  # fmt: skip
    home_cost(help_given, world.institutions, p.home_cost, 0.1, world.role, world.legitimacy)
    enter(BY_IMAGE, world, quarter)
