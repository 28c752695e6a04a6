"""Mechanism 10: arrangements and accession change; suspension; realignment of other blocs."""

from sim.declare.activities import ACTIVITY
from sim.declare.names import (
    ACCEDING,
    ACTION_PLAN,
    ALLY,
    ASPIRANT,
    CIVILIAN_CONTROL,
    CSTO,
    DCB,
    EOP,
    IN_FRAMEWORK,
    INVITED,
    IPAP,
    ITPP,
    MEMBER,
    NOT_ASPIRING,
    OCC,
    PARP,
    PARTNER,
    PLATFORM,
    STATUS,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.draws import GOVERNMENT, RATIFICATION, SIGNATURE, Draws, uniform
from sim.law.elementary import clip, exp
from sim.law.ledger import BY_ACCESSION, BY_GOVERNMENT, enter
from sim.law.orders import Orders
from sim.law.world import NEVER, Feuds, Quarter, Setting, World


@rule
def join_frameworks(
    join_step: Ints, join_framework: Ints, waiting: Ints, invited: Ints, will: Floats, rate: float, entity: Ints,
    draws: Draws, step: int, role: Ints, framework: Ints, arrangement: Ints,
) -> None:  # fmt: skip
    """New partners: by the scenario's script, or by their own signature where a framework stands open to them.

    A state that may sign does so at `rate` a quarter times its will (PfP in 1994: an open invitation, taken up within
    months by most and after years by some).
    """
    for n in range(role.shape[0]):
        if role[n] != PARTNER or framework[n] >= 0:
            continue
        if join_step[n] == step:
            framework[n] = join_framework[n]
            arrangement[n, IN_FRAMEWORK] = step
        elif invited[n] == 1 and waiting[n] >= 0:
            if uniform(draws, SIGNATURE, entity[n], 0) < 1.0 - exp(-rate * will[n]):
                framework[n] = waiting[n]
                arrangement[n, IN_FRAMEWORK] = step


@rule
def mean3(interoperability: Floats, n: int) -> float:
    """Mean of a state's three interoperability dimensions."""
    return (interoperability[n, 0] + interoperability[n, 1] + interoperability[n, 2]) / 3.0


@rule
def take_arrangements(
    effect: Floats, standards: int, evaluation: int, reform: int, equipment: int, interoperability: Floats,
    institutions: Floats, will: Floats, framework: Ints, role: Ints, arrangement_from: Ints, step: int,
    suspended_until: Ints, threshold: float, arrangement: Ints,
) -> None:  # fmt: skip
    """Arrangements are not a ladder: each is taken when its own condition holds and it exists. None implies accession.

    PARP follows work on standards, OCC evaluation, IPAP or ITPP institution building, DCB requested equipment or
    advice; the Interoperability Platform and EOP follow interoperability above `threshold`. arrangement: (N, 8).
    """
    for n in range(role.shape[0]):
        if role[n] != PARTNER or framework[n] < 0 or suspended_until[n] > step:
            continue
        level = mean3(interoperability, n)
        for which in range(1, arrangement.shape[1]):
            if arrangement[n, which] != NEVER or arrangement_from[which] > step:
                continue
            ready = False
            if which == PARP:
                ready = effect[n, standards] > 0.25 and will[n] > 0.45
            elif which == OCC:
                ready = effect[n, evaluation] > 0.15 and arrangement[n, PARP] != NEVER
            elif which == IPAP:
                ready = effect[n, reform] > 0.25 and will[n] > 0.6 and arrangement_from[ITPP] > step
            elif which == ITPP:
                ready = effect[n, reform] > 0.15 and will[n] > 0.5
            elif which == EOP:
                ready = level > threshold + 0.15 and institutions[n, CIVILIAN_CONTROL] > 0.45 and will[n] > 0.6
            elif which == DCB:
                ready = effect[n, equipment] > 0.2 and institutions[n, CIVILIAN_CONTROL] < 0.65 and will[n] > 0.5
            elif which == PLATFORM:
                ready = level > threshold
            if ready:
                arrangement[n, which] = step


@rule
def candidate_merit(interoperability: Floats, institutions: Floats, n: int) -> float:
    """How ready a candidate is, 0 to 1: interoperability and institutions in equal parts (MAP's five areas, in
    short).
    """
    return 0.5 * mean3(interoperability, n) + 0.25 * (institutions[n, 0] + institutions[n, 1])


@rule
def move_on_track(
    apply: Ints, aspiration: Floats, aspires_from: Ints, decided: Ints, item: Ints, merit_wanted: float,
    action_plan_from: int, step: int, role: Ints, framework: Ints, suspended_until: Ints, interoperability: Floats,
    institutions: Floats, track: Ints, track_since: Ints,
) -> None:  # fmt: skip
    """The accession track: aspirant by own declaration; each further step by an agreed Council item about that state.

    Before the Membership Action Plan exists an aspirant can be invited at once. Those invited sign their protocols a
    quarter later and then wait for ratification.
    """
    for n in range(role.shape[0]):
        if role[n] != PARTNER:
            continue
        if track[n] == NOT_ASPIRING and apply[n] == 1 and aspiration[n] > 0.0 and aspires_from[n] <= step:
            if framework[n] >= 0:
                track[n] = ASPIRANT
                track_since[n] = step
        elif track[n] == INVITED and step > track_since[n]:
            track[n] = ACCEDING
            track_since[n] = step
        elif track[n] == ASPIRANT and apply[n] == 0:
            track[n] = NOT_ASPIRING
            track_since[n] = step
    n = item[STATUS]
    if decided[STATUS] >= 1 and n >= 0 and role[n] == PARTNER and suspended_until[n] <= step:
        if track[n] == ASPIRANT:
            merit = candidate_merit(interoperability, institutions, n)
            track[n] = ACTION_PLAN if action_plan_from <= step and merit < merit_wanted + 0.15 else INVITED
            track_since[n] = step
        elif track[n] == ACTION_PLAN:
            track[n] = INVITED
            track_since[n] = step


@rule
def ratify(
    entity: Ints, draws: Draws, rate: float, feuds: Feuds, step: int, feud_weight: float, cohesion: float, role: Ints,
    track: Ints, track_since: Ints, ratified: Ints, framework: Ints, hold: Floats,
) -> None:  # fmt: skip
    """As many delays as there are allies: each ratifies with its own probability; the last one opens the door.

    ratified: (N, N) candidate by ally. A feud of the ally with the candidate slows it down.
    hold: (N,) room to work in.
    """
    for c in range(role.shape[0]):
        if track[c] != ACCEDING:
            continue
        for m in range(role.shape[0]):
            hold[m] = 0.0
        for p in range(feuds.a.shape[0]):
            if feuds.operation[p] == 0 and feuds.start[p] <= step and feuds.end[p] > step:
                if feuds.b[p] == c:
                    hold[feuds.a[p]] = max(hold[feuds.a[p]], feuds.strength[p])
                elif feuds.a[p] == c and feuds.directed[p] == 0:
                    hold[feuds.b[p]] = max(hold[feuds.b[p]], feuds.strength[p])
        missing = 0
        for m in range(role.shape[0]):
            if role[m] != MEMBER or ratified[c, m] == 1:
                continue
            chance = 1.0 - exp(-rate * (0.5 + cohesion) * (1.0 - clip(feud_weight * hold[m], 0.0, 0.95)))
            if uniform(draws, RATIFICATION, (entity[c] << 15) | entity[m], 0) < chance:
                ratified[c, m] = 1
            else:
                missing += 1
        if missing == 0:
            role[c] = MEMBER
            track[c] = ALLY
            track_since[c] = step
            framework[c] = -1


@rule
def change_government(
    upheaval: Floats, hazard: float, conditionality: float, tilt: Floats, entity: Ints, draws: Draws, step: int,
    suspension: int, role: Ints, institutions: Floats, will: Floats, suspended_until: Ints,
) -> None:  # fmt: skip
    """Coups and backsliding: scripted upheavals (N,) and a small hazard where civilian control is weak.

    A fall of civilian control suspends cooperation for `suspension` quarters, the more surely the more conditional the
    policy. Malta 1996, Uzbekistan 2005, Ukraine 2010, Belarus 2021: hazard 1-3 % a year (assumed).
    """
    for n in range(role.shape[0]):
        if role[n] != PARTNER:
            continue
        change = upheaval[n]
        weak = 1.0 - institutions[n, CIVILIAN_CONTROL]
        if uniform(draws, GOVERNMENT, entity[n], 0) < 1.0 - exp(-hazard * weak * (1.0 + tilt[n])):
            change = change - 0.25
        if change == 0.0:
            continue
        institutions[n, CIVILIAN_CONTROL] = clip(institutions[n, CIVILIAN_CONTROL] + change, 0.02, 1.0)
        will[n] = clip(will[n] + 0.5 * change, 0.0, 1.0)
        if change < 0.0 and uniform(draws, GOVERNMENT, entity[n], 1) < 0.3 + 0.7 * conditionality:
            suspended_until[n] = step + suspension


@rule
def realign(
    bloc: Ints, role: Ints, tilt: Floats, engagement: Floats, hostility: float, pull: float, settle: float,
    bloc_cohesion: Floats,
) -> None:  # fmt: skip
    """Other blocs answer: the CSTO loosens as its members work with NATO, the GCC and the EU imitate and gain.

    bloc: (N,) -1 where none; engagement: (N,) 0 to 1; bloc_cohesion: (BLOCS,). Signs: a bloc led by a rival loses
    what the programme gains, others learn from it (assumed; Kinne 2018 on how defence ties spread).
    """
    for b in range(bloc_cohesion.shape[0]):
        total = 0.0
        leaning = 0.0
        count = 0
        for n in range(bloc.shape[0]):
            if bloc[n] == b and role[n] == PARTNER:
                total = total + engagement[n]
                leaning = leaning + tilt[n]
                count += 1
        if count == 0:
            continue
        engaged = total / count
        wanted = 0.5 + pull * engaged
        if b == CSTO:
            wanted = 0.5 + 0.2 * hostility + 0.5 * leaning / count - pull * engaged
        bloc_cohesion[b] = clip(bloc_cohesion[b] + settle * (wanted - bloc_cohesion[b]), 0.0, 1.0)


@rule
def engagement_of(exercised: Floats, framework: Ints, engagement: Floats) -> None:
    """How much a partner does with the Alliance, 0 to 1: places of the last year against a full programme of about
    20.
    """
    for n in range(exercised.shape[0]):
        engagement[n] = 0.0 if framework[n] < 0 else clip(exercised[n] / 20.0, 0.0, 1.0)


@rule
def closeness_of(engagement: Floats, arrangement: Ints, track: Ints, closeness: Floats) -> None:
    """How close a state stands to the Alliance, 0 to 1: engagement, arrangements held, and the accession track."""
    for n in range(engagement.shape[0]):
        held = 0
        for which in range(arrangement.shape[1]):
            if arrangement[n, which] != NEVER:
                held += 1
        on_track = track[n] if track[n] < ALLY else 0
        closeness[n] = clip(0.4 * engagement[n] + 0.05 * held + 0.15 * on_track, 0.0, 1.0)


@rule
def arrangements_change(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 10."""
    step = int(draws.step)
    join_frameworks(
        setting.join_step, setting.join_framework, setting.waiting, setting.invited, world.will, p.signature_rate,
        setting.entity, draws, step, world.role, world.framework, world.arrangement,
    )  # fmt: skip
    take_arrangements(
        quarter.effect, ACTIVITY.standards, ACTIVITY.evaluation, ACTIVITY.institution_building,
        ACTIVITY.equipment, world.interoperability, world.institutions,
        world.will, world.framework, world.role, setting.arrangement_from, step, world.suspended_until,
        p.platform_level, world.arrangement,
    )  # fmt: skip
    move_on_track(
        orders.apply, setting.aspiration, setting.aspires_from, quarter.decided, orders.item, p.merit_wanted,
        setting.action_plan_from, step, world.role, world.framework, world.suspended_until, world.interoperability,
        world.institutions, world.track, world.track_since,
    )  # fmt: skip
    change_government(
        orders.upheaval, p.government_hazard, orders.levers.conditionality, world.tilt, setting.entity, draws, step,
        int(p.suspension), world.role, world.institutions, world.will, world.suspended_until,
    )  # fmt: skip
    enter(BY_GOVERNMENT, world, quarter)
    ratify(
        setting.entity, draws, p.ratification_rate, setting.feuds, step, p.feud_hold, world.cohesion[0], world.role,
        world.track, world.track_since, world.ratified, world.framework, quarter.work.hold,
    )  # fmt: skip
    enter(BY_ACCESSION, world, quarter)
    hostility = 0.0
    for v in range(world.hostility.shape[0]):
        hostility = max(hostility, world.hostility[v])
    realign(
        setting.bloc, world.role, world.tilt, quarter.work.engagement, hostility, p.bloc_pull, p.bloc_settle,
        world.bloc_cohesion,
    )  # fmt: skip
