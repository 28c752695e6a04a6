"""Mechanism 3: the Council decides by consensus and silence procedure; objections have a price."""

from sim.declare.names import (
    AMEND,
    DECISION_SHAPING,
    JOINT_DECISION,
    MANDATE,
    MEMBER,
    OBJECT,
    OPT_IN,
    OUTREACH,
    PROGRAMME,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.elementary import clip
from sim.law.orders import Orders
from sim.law.world import NEVER, Quarter, Setting, World


@rule
def count_stances(item: int, stance: Ints, role: Ints, joint: int) -> tuple[int, int, int]:
    """How many object, how many amend, and how many of those who object are allies.

    Under joint decision partners break silence as well.
    """
    against = 0
    amending = 0
    allies = 0
    for m in range(role.shape[0]):
        if role[m] == MEMBER or (joint == 1 and stance[m, item] == OBJECT):
            if stance[m, item] == OBJECT:
                against += 1
                allies += 1 if role[m] == MEMBER else 0
            elif stance[m, item] == AMEND:
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
def hold_council(
    item: Ints, stance: Ints, role: Ints, mode: int, price: float, recovery: float, dissent_cost: float,
    item_wait: Ints, goodwill: Floats, cohesion: Floats, decided: Ints, target: Ints,
) -> None:  # fmt: skip
    """Run the agenda: fill `decided` (ITEMS,) and charge objectors.

    An objection costs `price` of goodwill (0 to 1, recovers by `recovery` a quarter), shared by the allies who object
    together, and the Alliance `dissent_cost` of its cohesion. A held-up item waits.
    """
    joint = 1 if mode == JOINT_DECISION else 0
    for i in range(item.shape[0]):
        decided[i] = -1
        target[i] = item[i]
        if item[i] < 0:
            item_wait[i] = 0
            continue
        against, amending, allies = count_stances(i, stance, role, joint)
        decided[i] = decide_item(i, against, amending, mode, item_wait[i])
        item_wait[i] = item_wait[i] + 1 if decided[i] == 0 else 0
        if against == 0:
            continue
        cohesion[0] = clip(cohesion[0] - dissent_cost, 0.0, 1.0)
        for m in range(role.shape[0]):
            if role[m] == MEMBER and stance[m, i] == OBJECT:
                goodwill[m] = clip(goodwill[m] - price / allies, 0.0, 1.0)
    for m in range(role.shape[0]):
        goodwill[m] = clip(goodwill[m] + recovery, 0.0, 1.0)


@rule
def carry_out(decided: Ints, amended_scale: float, held_scale: float, scale: Floats, mandate: Ints) -> None:
    """What decisions do at once: the agreed share of the programme (1,), and the mandate to answer for partners
    (1,).
    """
    if decided[PROGRAMME] == 2:
        scale[0] = 1.0
    elif decided[PROGRAMME] == 1:
        scale[0] = amended_scale
    elif decided[PROGRAMME] == 0:
        scale[0] = held_scale
    if decided[MANDATE] >= 1:
        mandate[0] = 1
    elif decided[MANDATE] == 0:
        mandate[0] = 0


@rule
def admit_outsider(decided: Ints, item: Ints, waiting: Ints, step: int, framework: Ints, arrangement: Ints) -> None:
    """An agreed outreach item lets the named outsider into the framework that it waited for."""
    n = item[OUTREACH]
    if decided[OUTREACH] >= 1 and waiting[n] >= 0 and framework[n] < 0:
        framework[n] = waiting[n]
        arrangement[n, 0] = step


@rule
def renew_plans(
    plan: Floats, plan_domain: Floats, proposed: Floats, proposed_domain: Floats, framework: Ints, entity: Ints,
    step: int, cycle: int, share: Floats, suspended_until: Ints, plan_agreed: Ints,
) -> None:  # fmt: skip
    """The two-year ITPP cycle: a partner's plan is replaced when its cycle falls due; partners are staggered.

    A partner without a plan gets its first one as soon as the staff has proposed it a share (N,): not in the quarter in
    which it is admitted, and after a suspension when that ends. Otherwise the plan changes each `cycle` quarters.
    """
    for n in range(framework.shape[0]):
        if framework[n] < 0 or (plan_agreed[n] == NEVER and share[n] <= 0.0):
            continue
        if suspended_until[n] > step:
            plan_agreed[n] = NEVER
            continue
        if plan_agreed[n] != NEVER and (step + entity[n]) % cycle != 0:
            continue
        plan_agreed[n] = step
        for a in range(plan.shape[1]):
            plan[n, a] = proposed[n, a]
        for d in range(plan_domain.shape[1]):
            plan_domain[n, d] = proposed_domain[n, d]


@rule
def council_decides(setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """Mechanism 3."""
    hold_council(
        orders.item, orders.stance, world.role, orders.levers.decision_mode, p.objection_price, p.goodwill_recovery,
        p.dissent_cost, world.item_wait, world.goodwill, world.cohesion, quarter.decided, quarter.target,
    )  # fmt: skip
    for i in range(quarter.decided.shape[0]):
        if quarter.decided[i] >= 0:
            world.council[0] += 1.0 if quarter.decided[i] > 0 else 0.0
            world.council[1] += 1.0
            world.council[2] += 1.0 if quarter.decided[i] == 0 else 0.0
    carry_out(quarter.decided, p.amended_scale, p.held_scale, world.scale, world.mandate)
    admit_outsider(quarter.decided, orders.item, setting.waiting, step, world.framework, world.arrangement)
    renew_plans(
        world.plan, world.plan_domain, orders.plan, orders.plan_domain, world.framework, setting.entity, step,
        int(p.planning_cycle), orders.desk.share, world.suspended_until, world.plan_agreed,
    )  # fmt: skip
