"""Mechanism 3: the Council decides by consensus and silence procedure; objections have a price."""

from sim.declare.names import (
    AMEND,
    DECISION_SHAPING,
    IN_FRAMEWORK,
    JOINT_DECISION,
    MANDATE,
    MEMBER,
    OBJECT,
    OPT_IN,
    OUTREACH,
    PROGRAMME,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.elementary import clip
from sim.law.orders import Orders
from sim.law.world import NEVER, Quarter, Setting, World


@rule
def count_stances(i: int, world: World, orders: Orders) -> tuple[int, int, int]:
    """How many object to item i, how many amend it, and how many of those who object are allies.

    Under joint decision partners break silence as well.
    """
    joint = orders.levers.decision_mode == JOINT_DECISION
    against = 0
    amending = 0
    allies = 0
    for m in range(world.role.shape[0]):
        ally = world.role[m] == MEMBER
        if orders.stance[m, i] == OBJECT and (ally or joint):
            against += 1
            allies += 1 if ally else 0
        elif orders.stance[m, i] == AMEND and ally:
            amending += 1
    return against, amending, allies


@rule
def decide_item(item: int, objections: int, amendments: int, mode: int, waited: int) -> int:
    """Result of the silence procedure: 2 agreed, 1 agreed in amended form, 0 held up.

    One objection is enough, whoever raises it; nobody is excluded and nobody is outvoted. In opt-in groupings an
    objection to the programme or a mandate keeps only the objector out. Decision-shaping with partners takes one
    quarter more for the programme and the mandate, which stay on the agenda.
    """
    if mode == DECISION_SHAPING and waited == 0 and (item == PROGRAMME or item == MANDATE):
        return 0
    if objections > 0:
        if mode == OPT_IN and (item == PROGRAMME or item == MANDATE):
            return 1
        return 0
    return 1 if amendments > 0 else 2


@rule
def charge_objectors(i: int, allies: int, world: World, orders: Orders, p: Parameters) -> None:
    """An objection to item i costs goodwill, shared by the `allies` who object together."""
    for m in range(world.role.shape[0]):
        if world.role[m] == MEMBER and orders.stance[m, i] == OBJECT:
            world.goodwill[m] = clip(world.goodwill[m] - p.objection_price / allies, 0.0, 1.0)


@rule
def hold_council(world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Run the agenda: fill `decided` (ITEMS,), let what is held up wait, charge objectors; goodwill recovers.

    An objection costs the Alliance cohesion; so does a programme in opt-in groupings that not every ally carries whole.
    """
    decided, waited, mode = quarter.decided, world.item_wait, orders.levers.decision_mode
    for i in range(decided.shape[0]):
        decided[i] = -1
        quarter.target[i] = orders.item[i]
        if orders.item[i] >= 0:
            against, amending, allies = count_stances(i, world, orders)
            decided[i] = decide_item(i, against, amending, mode, waited[i])
            if against > 0 or (amending > 0 and mode == OPT_IN and i == PROGRAMME):
                world.cohesion[0] = clip(world.cohesion[0] - p.dissent_cost, 0.0, 1.0)
            if against > 0:
                charge_objectors(i, allies, world, orders, p)
        waited[i] = waited[i] + 1 if decided[i] == 0 else 0
    for m in range(world.role.shape[0]):
        world.goodwill[m] = clip(world.goodwill[m] + p.goodwill_recovery, 0.0, 1.0)


@rule
def keep_minutes(world: World, quarter: Quarter) -> None:
    """Add the quarter's items to `council` (3,): settled, on the agenda, held up."""
    for i in range(quarter.decided.shape[0]):
        if quarter.decided[i] >= 0:
            world.council[0 if quarter.decided[i] > 0 else 2] += 1.0
            world.council[1] += 1.0


@rule
def agreed_amount(setting: Setting, world: World, orders: Orders) -> float:
    """Share of the proposed programme that runs, 0 to 1.

    By consensus it is the least that an ally who amends it asks for. In opt-in groupings nobody makes it smaller for
    the others: each ally takes part as far as it would let pass, with its weight among allies, and who objects not.
    """
    least, carried, total = 1.0, 0.0, 0.0
    for m in range(world.role.shape[0]):
        if world.role[m] == MEMBER:
            stance = orders.stance[m, PROGRAMME]
            part = 0.0 if stance == OBJECT else orders.amount[m] if stance == AMEND else 1.0
            total += setting.weight[m]
            carried += setting.weight[m] * part
            least = min(least, part)
    return carried / total if orders.levers.decision_mode == OPT_IN and total > 0.0 else least


@rule
def carry_out(setting: Setting, world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """What decisions do at once: the agreed share of the programme, and the mandate to answer for partners.

    A mandate that is held up lapses; while partners shape the next one, the last one holds.
    """
    decided = quarter.decided
    shaped = orders.levers.decision_mode == DECISION_SHAPING and world.item_wait[MANDATE] == 1
    if decided[PROGRAMME] > 0:
        world.scale[0] = agreed_amount(setting, world, orders)
    elif decided[PROGRAMME] == 0:
        world.scale[0] = p.least_amended
    if decided[MANDATE] >= 0 and not shaped:
        world.mandate[0] = 1 if decided[MANDATE] > 0 else 0


@rule
def admit_outsider(setting: Setting, world: World, step: int, quarter: Quarter) -> None:
    """An agreed outreach item lets the named outsider into the framework that it waited for."""
    n = quarter.target[OUTREACH]
    if quarter.decided[OUTREACH] >= 1 and setting.waiting[n] >= 0 and world.framework[n] < 0:
        world.framework[n] = setting.waiting[n]
        world.arrangement[n, IN_FRAMEWORK] = step


@rule
def renew_plans(setting: Setting, world: World, orders: Orders, step: int, p: Parameters) -> None:
    """The two-year ITPP cycle: a partner's plan is replaced when its cycle falls due; partners are staggered.

    A partner without a plan gets its first one as soon as the staff has proposed it a share: not in the quarter in
    which it is admitted, and after a suspension when that ends. Otherwise the plan changes each `planning_cycle`.
    """
    agreed = world.plan_agreed
    for n in range(agreed.shape[0]):
        if world.framework[n] < 0 or (agreed[n] == NEVER and orders.desk.share[n] <= 0.0):
            continue
        if world.suspended_until[n] > step:
            agreed[n] = NEVER
        elif agreed[n] == NEVER or (step + setting.entity[n]) % int(p.planning_cycle) == 0:
            agreed[n] = step
            for a in range(world.plan.shape[1]):
                world.plan[n, a] = orders.plan[n, a]
            for d in range(world.plan_domain.shape[1]):
                world.plan_domain[n, d] = orders.plan_domain[n, d]


@rule
def council_decides(setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 3."""
    hold_council(world, orders, p, quarter)
    keep_minutes(world, quarter)
    carry_out(setting, world, orders, p, quarter)
    admit_outsider(setting, world, step, quarter)
    renew_plans(setting, world, orders, step, p)
