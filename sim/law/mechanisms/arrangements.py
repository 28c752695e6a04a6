"""Mechanism 10: arrangements and accession change; suspension; realignment of other blocs."""

from sim.declare.activities import ACTIVITY
from sim.declare.constants import (
    BLOC_HOSTILITY,
    CLOSE_ENGAGED,
    CLOSE_HELD,
    CLOSE_ON_TRACK,
    DCB_CONTROL,
    EOP_ABOVE,
    EOP_CONTROL,
    FAIRLY_KEEN,
    FLOOR,
    FULL_PROGRAMME,
    HEARD,
    KEEN,
    KIT_ASKED,
    LEAST_CONTROL,
    MUCH_WORK,
    SETBACK,
    SOME_WORK,
)
from sim.declare.names import (
    ACCEDING,
    ACTION_PLAN,
    ADMITTED,
    ALLY,
    CIVILIAN_CONTROL,
    CSTO,
    DCB,
    EOP,
    HUMAN,
    IN_FRAMEWORK,
    IPAP,
    ITPP,
    MEMBER,
    OCC,
    PARP,
    PARTNER,
    PLATFORM,
    PROCEDURAL,
    TECHNICAL,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.draws import GOVERNMENT, SIGNATURE, Draws, uniform
from sim.law.elementary import clip, exp
from sim.law.forms import learn, rising
from sim.law.ledger import BY_ACCESSION, BY_GOVERNMENT, enter, interoperability_score
from sim.law.mechanisms.accession import keep_count_of_peace, move_on_track, ratify, settled
from sim.law.mechanisms.participation import may_take
from sim.law.orders import Orders
from sim.law.world import NEVER, Quarter, Setting, World


@rule
def join_frameworks(setting: Setting, world: World, draws: Draws, p: Parameters) -> None:
    """New partners: by the scenario's script, or by their own signature where a framework stands open to them.

    A state that may sign does so at `signature_rate` a quarter times its will (PfP in 1994: an open invitation, taken
    up within months by most and after years by some); who was at war of late is kept waiting.
    """
    step = int(draws.step)
    for n in range(world.role.shape[0]):
        if world.role[n] != PARTNER or world.framework[n] >= 0:
            continue
        joined = -1
        if setting.join_step[n] == step:
            joined = setting.join_framework[n]
        elif setting.invited[n] == 1 and setting.waiting[n] >= 0 and settled(n, world, step, p):
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
        return effect[ACTIVITY.standards] > MUCH_WORK and will > FAIRLY_KEEN
    if which == OCC:
        return effect[ACTIVITY.evaluation] > SOME_WORK and world.arrangement[n, PARP] != NEVER
    if which == IPAP:
        work = effect[ACTIVITY.institution_building]
        return work > MUCH_WORK and will > KEEN and setting.arrangement_from[ITPP] > step
    if which == ITPP:
        return effect[ACTIVITY.institution_building] > SOME_WORK and will > 0.5
    if which == EOP:
        return level > p.platform_level + EOP_ABOVE and control > EOP_CONTROL and will > KEEN
    if which == DCB:
        return effect[ACTIVITY.equipment] > KIT_ASKED and control < DCB_CONTROL and will > 0.5
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
def teach_on(
    which: int, a: int, d: int, setting: Setting, world: World, step: int, p: Parameters, quarter: Quarter
) -> None:
    """Who holds the arrangement `which` learns `follow_up` more of dimension d from the places of activity a."""
    more = p.learning * p.follow_up * setting.menu.gain[a, d]
    skill = world.interoperability
    for n in range(world.role.shape[0]):
        if world.arrangement[n, which] <= step and may_take(n, world, step) == ADMITTED:
            skill[n, d] = learn(skill[n, d], more * quarter.effect[n, a])
    enter(a, world, quarter)


@rule
def bind_and_seat(setting: Setting, world: World, step: int, p: Parameters, quarter: Quarter) -> None:
    """IPAP, ITPP and the action plan bind reform: institutions. The Platform seats a partner: voice."""
    held, effect, institutions = world.arrangement, quarter.effect, world.institutions
    reform, talk, more = ACTIVITY.institution_building, ACTIVITY.consultation, p.learning * p.follow_up
    for n in range(world.role.shape[0]):
        if may_take(n, world, step) != ADMITTED:
            continue
        if held[n, IPAP] <= step or held[n, ITPP] <= step or world.track[n] == ACTION_PLAN:
            for i in range(institutions.shape[1]):
                amount = more * effect[n, reform] * setting.menu.institutions[reform]
                institutions[n, i] = learn(institutions[n, i], amount)
        if held[n, PLATFORM] <= step:
            world.voice[n] = learn(world.voice[n], HEARD * more * effect[n, talk])


@rule
def follow_up(setting: Setting, world: World, step: int, p: Parameters, quarter: Quarter) -> None:
    """What arrangements add, each where it belongs: PARP technical, OCC procedural and EOP human skill."""
    teach_on(PARP, ACTIVITY.standards, TECHNICAL, setting, world, step, p, quarter)
    teach_on(OCC, ACTIVITY.evaluation, PROCEDURAL, setting, world, step, p, quarter)
    teach_on(EOP, ACTIVITY.live_exercise, HUMAN, setting, world, step, p, quarter)
    bind_and_seat(setting, world, step, p, quarter)


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

    Where civilian control is weak afterwards, its fall suspends cooperation for `suspension` quarters, the more surely
    the more conditional the policy; no suspension is cut short. Uzbekistan 2005, Belarus 2021: hazard 1-3 % a year
    (assumed). A change of government where control is firm (Malta 1996) is no matter for the Alliance.
    """
    change, control = orders.upheaval[n], world.institutions[n, CIVILIAN_CONTROL]
    hazard = p.government_hazard * (1.0 - control) * (1.0 + world.tilt[n])
    if uniform(draws, GOVERNMENT, setting.entity[n], 0) < 1.0 - exp(-hazard):
        change = change - SETBACK
    if change == 0.0:
        return
    world.institutions[n, CIVILIAN_CONTROL] = clip(control + change, LEAST_CONTROL, 1.0)
    world.will[n] = clip(world.will[n] + 0.5 * change, 0.0, 1.0)
    strict = rising(FLOOR, orders.levers.conditionality)
    weak = world.institutions[n, CIVILIAN_CONTROL] < 0.5
    if change < 0.0 and weak and uniform(draws, GOVERNMENT, setting.entity[n], 1) < strict:
        world.suspended_until[n] = max(world.suspended_until[n], int(draws.step) + int(p.suspension))
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
    gained = 0.5 * (engaged / count)
    wanted = 0.5 + gained
    if b == CSTO:
        hostility = 0.0
        for v in range(world.hostility.shape[0]):
            hostility = max(hostility, world.hostility[v])
        wanted = 0.5 + BLOC_HOSTILITY * hostility + 0.5 * leaning / count - gained
    cohesion = world.bloc_cohesion
    cohesion[b] = clip(cohesion[b] + p.bloc_settle * (wanted - cohesion[b]), 0.0, 1.0)


@rule
def engagement_of(world: World, engagement: Floats) -> None:
    """How much partners do with the Alliance, 0 to 1: places of the last year against a full programme, about 20."""
    for n in range(engagement.shape[0]):
        engagement[n] = 0.0 if world.framework[n] < 0 else clip(world.exercised[n] / FULL_PROGRAMME, 0.0, 1.0)


@rule
def closeness_of(engagement: Floats, arrangement: Ints, track: Ints, closeness: Floats) -> None:
    """How close a state stands to the Alliance, 0 to 1: engagement, arrangements held, and the accession track."""
    for n in range(engagement.shape[0]):
        held = 0
        for which in range(arrangement.shape[1]):
            if arrangement[n, which] != NEVER:
                held += 1
        on_track = track[n] if track[n] < ALLY else 0
        closeness[n] = clip(CLOSE_ENGAGED * engagement[n] + CLOSE_HELD * held + CLOSE_ON_TRACK * on_track, 0.0, 1.0)


@rule
def arrangements_change(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 10."""
    step = int(draws.step)
    keep_count_of_peace(setting, world, step, p)
    join_frameworks(setting, world, draws, p)
    follow_up(setting, world, step, p, quarter)
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
