"""Mechanism 4: what partners take up. Requests meet offers, menus, purses, absorption and staff hours; who pays."""

from sim.declare.names import (
    ADMITTED,
    COMMON_FUND,
    DCB,
    LEAD_ALLY,
    MEMBER,
    NEGATIVE,
    NO_ABSORPTION,
    NO_FUND,
    NO_HOURS,
    NO_PURSE,
    NOT_A_NUMBER,
    NOT_A_PARTNER,
    NOT_OFFERED,
    NOT_ON_MENU,
    PARTNER,
    PARTNER_PURSE,
    SUSPENDED,
    TRUST_FUND,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.elementary import clip
from sim.law.mechanisms.arrangements import train_up
from sim.law.orders import Orders
from sim.law.world import NEVER, Menu, Quarter, Setting, World


@rule
def may_take(n: int, step: int, role: Ints, framework: Ints, suspended_until: Ints) -> int:
    """Whether state n may take part in anything at all: ADMITTED or the reason for refusal."""
    if role[n] != PARTNER or framework[n] < 0:
        return NOT_A_PARTNER
    return SUSPENDED if suspended_until[n] > step else ADMITTED


@rule
def absorption(institutions: Floats, weight: float, wealth: float, base: float) -> float:
    """What a partner can absorb in a quarter, absorption units: people and institutions (RAND MG1253, RR937).

    institutions: (2,). A weak state with few people absorbs about `base` / 3, a strong one 2 * `base`.
    """
    governed = 0.5 * (institutions[0] + institutions[1])
    return base * (0.25 + 0.9 * governed + 0.4 * clip(weight, 0.0, 1.0) + 0.3 * wealth)


@rule
def fit_request(
    n: int, request: Floats, offered: Floats, scale: float, menu: Menu, purse: float, room: float, reasons: Ints,
    step: int, role: Ints, framework: Ints, suspended_until: Ints,
) -> None:  # fmt: skip
    """Cut partner n's request (N, A) to what is offered, what it can pay, and what it can absorb; note the reasons.

    The purse and absorption are shared out evenly: everything is cut by the same share, so that the order of
    activities does not matter.
    """
    money = 0.0
    burden = 0.0
    general = may_take(n, step, role, framework, suspended_until)
    for a in range(request.shape[1]):
        reason = general
        if general == ADMITTED and menu.open[framework[n], a] <= 0.0:
            reason = NOT_ON_MENU
        if request[n, a] < 0.0:
            reason = NEGATIVE
        elif not request[n, a] < 1e9:
            reason = NOT_A_NUMBER
        if reason != ADMITTED:
            if request[n, a] != 0.0:
                reasons[n, a] = reason
            request[n, a] = 0.0
            continue
        if request[n, a] > offered[n, a] * scale:
            request[n, a] = offered[n, a] * scale
            reasons[n, a] = NOT_OFFERED
        money = money + request[n, a] * menu.national[a]
        burden = burden + request[n, a] * menu.burden[a]
    share = 1.0
    reason = ADMITTED
    if money > purse:
        share = purse / money
        reason = NO_PURSE
    if burden * share > room:
        share = room / burden
        reason = NO_ABSORPTION
    if reason != ADMITTED:
        for a in range(request.shape[1]):
            if request[n, a] > 0.0:
                request[n, a] = request[n, a] * share
                reasons[n, a] = reason


@rule
def fit_programme(
    request: Floats, menu: Menu, fund: float, hours: float, hour_rate: float, reasons: Ints, used: Floats
) -> None:
    """Cut the whole programme to the money at hand and to NATO's staff hours, by one share for all.

    request: (N, A); fund: EUR million; hours: staff hours; hour_rate: hours multiplier of tailoring.
    used: (2,) hours wanted and used.
    """
    cost = 0.0
    work = 0.0
    for n in range(request.shape[0]):
        for a in range(request.shape[1]):
            if request[n, a] > 0.0:
                cost = cost + request[n, a] * menu.cost[a]
                work = work + request[n, a] * menu.hours[a] * hour_rate
    share = 1.0
    reason = ADMITTED
    if cost > fund:
        share = fund / cost
        reason = NO_FUND
    if work * share > hours:
        share = hours / work
        reason = NO_HOURS
    used[0] = work
    used[1] = work * share
    if share < 0.98:
        for n in range(request.shape[0]):
            for a in range(request.shape[1]):
                if request[n, a] > 0.0:
                    reasons[n, a] = reason
    for n in range(request.shape[0]):
        for a in range(request.shape[1]):
            request[n, a] = request[n, a] * share


@rule
def pay(done: Floats, menu: Menu, lead: Floats, role: Ints, dcb_from: Ints, step: int, spent: Floats) -> None:
    """Four purses: each partner pays its own part; lead allies and trust funds go first, the common fund pays the rest.

    done: (N, A) places; lead: (N,) EUR million offered by allies; spent: (N, PURSES): an ally's row says what
    it gave, a partner's what was spent on it. A third of lead money goes into trust funds,
    which serve partners with a defence capacity building package; the rest supports anyone.
    """
    offered = 0.0
    for m in range(role.shape[0]):
        if role[m] == MEMBER:
            offered = offered + lead[m]
            spent[m, LEAD_ALLY] = lead[m]
    total = 0.0
    assisted = 0.0
    for n in range(done.shape[0]):
        cost = 0.0
        for a in range(done.shape[1]):
            if done[n, a] > 0.0:
                spent[n, PARTNER_PURSE] = spent[n, PARTNER_PURSE] + done[n, a] * menu.national[a]
                cost = cost + done[n, a] * menu.cost[a]
        spent[n, COMMON_FUND] = cost
        total = total + cost
        if dcb_from[n] != NEVER and dcb_from[n] <= step:
            assisted = assisted + cost
    if total <= 0.0:
        for m in range(role.shape[0]):
            spent[m, LEAD_ALLY] = 0.0
        return
    fund_share = 0.0 if assisted <= 0.0 else min(1.0, offered / 3.0 / assisted)
    used = 0.0
    for n in range(done.shape[0]):
        if dcb_from[n] != NEVER and dcb_from[n] <= step:
            spent[n, TRUST_FUND] = spent[n, COMMON_FUND] * fund_share
            spent[n, COMMON_FUND] = spent[n, COMMON_FUND] - spent[n, TRUST_FUND]
            used = used + spent[n, TRUST_FUND]
    left = total - used
    led = min(left, max(0.0, offered - used))
    keep = 1.0 if left <= 0.0 else 1.0 - led / left
    for n in range(done.shape[0]):
        if role[n] != MEMBER:
            spent[n, LEAD_ALLY] = spent[n, COMMON_FUND] * (1.0 - keep)
        spent[n, COMMON_FUND] = spent[n, COMMON_FUND] * keep
    # What allies offered and nobody needed stays with them.
    drawn = 0.0 if offered <= 0.0 else (led + used) / offered
    for m in range(role.shape[0]):
        if role[m] == MEMBER:
            spent[m, LEAD_ALLY] = spent[m, LEAD_ALLY] * drawn


@rule
def partners_take_part(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 4: admitted requests are what is done; it is paid for, remembered, and counted as training."""
    quarter.spent[:, :] = 0.0
    for n in range(world.role.shape[0]):
        for a in range(world.asked.shape[1]):
            quarter.done[n, a] = orders.request[n, a]
            world.asked[n, a] = p.asked_memory * world.asked[n, a] + (1.0 - p.asked_memory) * quarter.requested[n, a]
    pay(quarter.done, setting.menu, orders.lead, world.role, world.arrangement[:, DCB], step, quarter.spent)
    train_up(quarter.done, world.exercised)
