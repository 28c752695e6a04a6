"""Mechanism 10: arrangements and accession change; suspension; realignment of other blocs."""

from sim.declare.activities import ACTIVITY
from sim.declare.names import (
    ACCEDING,
    ACTION_PLAN,
    ADMITTED,
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
from sim.law.ledger import BY_ACCESSION, BY_GOVERNMENT, enter, interoperability_score
from sim.law.mechanisms.participation import may_take
from sim.law.orders import Orders
from sim.law.world import NEVER, Quarter, Setting, World


@rule
def join_frameworks(setting: Setting, world: World, draws: Draws, p: Parameters) -> None:
    """New partners: by the scenario's script, or by their own signature where a framework stands open to them.

    A state that may sign does so at `signature_rate` a quarter times its will (PfP in 1994: an open invitation, taken
    up within months by most and after years by some).
    """
    step = int(draws.step)
    for n in range(world.role.shape[0]):
        if world.role[n] != PARTNER or world.framework[n] >= 0:
            continue
        joined = -1
        if setting.join_step[n] == step:
            joined = setting.join_framework[n]
        elif setting.invited[n] == 1 and setting.waiting[n] >= 0:
            if uniform(draws, SIGNATURE, setting.entity[n], 0) < 1.0 - exp(-p.signature_rate * world.will[n]):
                joined = setting.waiting[n]
        if joined >= 0:
            world.framework[n] = joined
            world.arrangement[n, IN_FRAMEWORK] = step


@rule
def ready_for(n: int, which: int, setting: Setting, world: World, step: int, p: Parameters, quarter: Quarter) -> bool:
    """Whether state n meets the condition of the arrangement `which`.

    PARP follows work on standards, OCC evaluation, IPAP or ITPP institution building, DCB requested equipment or
    advice; the Interoperability Platform and EOP follow interoperability above `platform_level`.
    """
    effect, will = quarter.effect[n], world.will[n]
    control = world.institutions[n, CIVILIAN_CONTROL]
    level = interoperability_score(n, world)
    if which == PARP:
        return effect[ACTIVITY.standards] > 0.25 and will > 0.45
    if which == OCC:
        return effect[ACTIVITY.evaluation] > 0.15 and world.arrangement[n, PARP] != NEVER
    if which == IPAP:
        return effect[ACTIVITY.institution_building] > 0.25 and will > 0.6 and setting.arrangement_from[ITPP] > step
    if which == ITPP:
        return effect[ACTIVITY.institution_building] > 0.15 and will > 0.5
    if which == EOP:
        return level > p.platform_level + 0.15 and control > 0.45 and will > 0.6
    if which == DCB:
        return effect[ACTIVITY.equipment] > 0.2 and control < 0.65 and will > 0.5
    return which == PLATFORM and level > p.platform_level


@rule
def take_arrangements(setting: Setting, world: World, step: int, p: Parameters, quarter: Quarter) -> None:
    """No ladder: each arrangement is taken when it exists and its own condition holds. None implies accession."""
    for n in range(world.role.shape[0]):
        if may_take(n, world, step) != ADMITTED:
            continue
        for which in range(1, world.arrangement.shape[1]):
            if world.arrangement[n, which] == NEVER and setting.arrangement_from[which] <= step:
                if ready_for(n, which, setting, world, step, p, quarter):
                    world.arrangement[n, which] = step


@rule
def candidate_merit(n: int, world: World) -> float:
    """How ready a candidate is, 0 to 1: interoperability and institutions in equal parts (MAP's areas, in short)."""
    institutions = world.institutions
    return 0.5 * interoperability_score(n, world) + 0.25 * (institutions[n, 0] + institutions[n, 1])


@rule
def stage_by_itself(n: int, setting: Setting, world: World, orders: Orders, step: int) -> int:
    """The stage of the accession track that partner n reaches by its own declaration or signature.

    Those invited sign their protocols a quarter later and then wait for ratification.
    """
    track = world.track[n]
    aspires = setting.aspiration[n] > 0.0 and setting.aspires_from[n] <= step
    if track == NOT_ASPIRING and aspires and orders.apply[n] == 1 and world.framework[n] >= 0:
        return ASPIRANT
    if track == ASPIRANT and orders.apply[n] == 0:
        return NOT_ASPIRING
    if track == INVITED and step > world.track_since[n]:
        return ACCEDING
    return track


@rule
def stage_by_council(n: int, setting: Setting, world: World, step: int, p: Parameters) -> int:
    """The stage that partner n reaches by an agreed Council item about it.

    Before the Membership Action Plan exists an aspirant can be invited at once.
    """
    if world.track[n] == ASPIRANT:
        far = candidate_merit(n, world) < p.merit_wanted + 0.15
        return ACTION_PLAN if setting.action_plan_from <= step and far else INVITED
    return INVITED if world.track[n] == ACTION_PLAN else world.track[n]


@rule
def reach(n: int, stage: int, world: World, step: int) -> None:
    """State n stands at a stage of the accession track, since this step if it did not before."""
    if world.track[n] != stage:
        world.track[n] = stage
        world.track_since[n] = step


@rule
def move_on_track(setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """The accession track: aspirant by own declaration, each further step by an agreed Council item about it."""
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER:
            reach(n, stage_by_itself(n, setting, world, orders, step), world, step)
    n = quarter.target[STATUS]
    if quarter.decided[STATUS] >= 1 and world.role[n] == PARTNER and world.suspended_until[n] <= step:
        reach(n, stage_by_council(n, setting, world, step, p), world, step)


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
    hold = clip(p.feud_hold * quarrel_with(m, c, setting, int(draws.step)), 0.0, 0.95)
    chance = 1.0 - exp(-p.ratification_rate * (0.5 + world.cohesion[0]) * (1.0 - hold))
    return uniform(draws, RATIFICATION, (setting.entity[c] << 15) | setting.entity[m], 0) < chance


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


@rule
def break_with_allies(n: int, evidence: float, returned: float, world: World) -> None:
    """State n breaks with the allies: `evidence` (units) against each of them, and `returned` of each against it."""
    for m in range(world.role.shape[0]):
        if world.role[m] == MEMBER and m != n:
            world.trust_against[n, m] = world.trust_against[n, m] + evidence
            world.trust_against[m, n] = world.trust_against[m, n] + returned


@rule
def change_government(n: int, setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters) -> None:
    """A coup or backsliding in partner n: a scripted upheaval, and a small hazard where civilian control is weak.

    A fall of civilian control suspends cooperation for `suspension` quarters, the more surely the more conditional the
    policy. Malta 1996, Uzbekistan 2005, Ukraine 2010, Belarus 2021: hazard 1-3 % a year (assumed).
    """
    change, control = orders.upheaval[n], world.institutions[n, CIVILIAN_CONTROL]
    hazard = p.government_hazard * (1.0 - control) * (1.0 + world.tilt[n])
    if uniform(draws, GOVERNMENT, setting.entity[n], 0) < 1.0 - exp(-hazard):
        change = change - 0.25
    if change == 0.0:
        return
    world.institutions[n, CIVILIAN_CONTROL] = clip(control + change, 0.02, 1.0)
    world.will[n] = clip(world.will[n] + 0.5 * change, 0.0, 1.0)
    strict = 0.3 + 0.7 * orders.levers.conditionality
    if change < 0.0 and uniform(draws, GOVERNMENT, setting.entity[n], 1) < strict:
        world.suspended_until[n] = int(draws.step) + int(p.suspension)
        break_with_allies(n, p.doubt, 0.5 * p.doubt, world)


@rule
def realign(b: int, setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """Bloc b answers: the CSTO loosens as its members work with NATO, the GCC and the EU imitate and gain.

    Signs: a bloc led by a rival loses what the programme gains, others learn from it (assumed; Kinne 2018 on how
    defence ties spread).
    """
    engaged = 0.0
    leaning = 0.0
    count = 0
    for n in range(world.role.shape[0]):
        if setting.bloc[n] == b and world.role[n] == PARTNER:
            engaged = engaged + quarter.work.engagement[n]
            leaning = leaning + world.tilt[n]
            count += 1
    if count == 0:
        return
    gained = p.bloc_pull * (engaged / count)
    wanted = 0.5 + gained
    if b == CSTO:
        hostility = 0.0
        for v in range(world.hostility.shape[0]):
            hostility = max(hostility, world.hostility[v])
        wanted = 0.5 + 0.2 * hostility + 0.5 * leaning / count - gained
    cohesion = world.bloc_cohesion
    cohesion[b] = clip(cohesion[b] + p.bloc_settle * (wanted - cohesion[b]), 0.0, 1.0)


@rule
def engagement_of(world: World, engagement: Floats) -> None:
    """How much partners do with the Alliance, 0 to 1: places of the last year against a full programme, about 20."""
    for n in range(engagement.shape[0]):
        engagement[n] = 0.0 if world.framework[n] < 0 else clip(world.exercised[n] / 20.0, 0.0, 1.0)


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
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 10."""
    step = int(draws.step)
    join_frameworks(setting, world, draws, p)
    take_arrangements(setting, world, step, p, quarter)
    move_on_track(setting, world, orders, step, p, quarter)
    for n in range(world.role.shape[0]):
        if world.role[n] == PARTNER:
            change_government(n, setting, world, orders, draws, p)
    enter(BY_GOVERNMENT, world, quarter)
    for c in range(world.role.shape[0]):
        if world.track[c] == ACCEDING:
            ratify(c, setting, world, draws, p)
    enter(BY_ACCESSION, world, quarter)
    for b in range(world.bloc_cohesion.shape[0]):
        realign(b, setting, world, p, quarter)
