"""Mechanism 4: what partners take up. Requests meet offers, menus, purses, absorption and staff hours; who pays."""

from sim.declare.constants import (
    ABSORPTION_GOVERNED,
    ABSORPTION_LEAST,
    ABSORPTION_PEOPLE,
    ABSORPTION_WEALTH,
    LAST_YEAR_KEPT,
    NUMBER_LIMIT,
    UNCUT,
)
from sim.declare.names import (
    ADMITTED,
    CIVILIAN_CONTROL,
    COMMON_FUND,
    DCB,
    DEFENCE_GOVERNANCE,
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
from sim.law.compiled import rule
from sim.law.elementary import clip
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, World


@rule
def may_take(n: int, world: World, step: int) -> int:
    """Whether state n may take part in anything at all: ADMITTED or the reason for refusal."""
    if world.role[n] != PARTNER or world.framework[n] < 0:
        return NOT_A_PARTNER
    return SUSPENDED if world.suspended_until[n] > step else ADMITTED


@rule
def absorption(n: int, setting: Setting, world: World, p: Parameters) -> float:
    """What partner n can absorb in a quarter, absorption units: people and institutions (RAND MG1253, RR937).

    A weak state with few people absorbs about `absorption_base` / 3, a strong one 2 * `absorption_base`.
    """
    governed = 0.5 * (world.institutions[n, CIVILIAN_CONTROL] + world.institutions[n, DEFENCE_GOVERNANCE])
    people = clip(setting.weight[n], 0.0, 1.0)
    by_people = ABSORPTION_PEOPLE * people
    by_wealth = ABSORPTION_WEALTH * setting.wealth[n]
    return p.absorption_base * (ABSORPTION_LEAST + ABSORPTION_GOVERNED * governed + by_people + by_wealth)


@rule
def own_money(n: int, setting: Setting, world: World, step: int, p: Parameters) -> float:
    """What partner n can spend on cooperation in a quarter, EUR million."""
    return p.partner_purse * setting.purse[n] * world.income[n] * setting.budget[step]


@rule
def fit_to_offer(n: int, setting: Setting, world: World, orders: Orders, step: int, quarter: Quarter) -> None:
    """Cut partner n's request to what it may ask for and to what it is offered; note the reasons."""
    request, refused = orders.request, quarter.refused
    general = may_take(n, world, step)
    for a in range(request.shape[1]):
        reason = general
        if general == ADMITTED and setting.menu.open[world.framework[n], a] <= 0.0:
            reason = NOT_ON_MENU
        if request[n, a] < 0.0:
            reason = NEGATIVE
        elif not request[n, a] < NUMBER_LIMIT:
            reason = NOT_A_NUMBER
        offered = world.plan[n, a] * world.scale[0]
        if reason == ADMITTED and request[n, a] > offered:
            request[n, a] = offered
            refused[n, a] = NOT_OFFERED
        elif reason != ADMITTED and request[n, a] != 0.0:
            request[n, a] = 0.0
            refused[n, a] = reason


@rule
def fit_to_means(n: int, purse: float, room: float, setting: Setting, orders: Orders, quarter: Quarter) -> None:
    """Cut partner n's request to what it can pay (EUR million) and what it can absorb; note the reason.

    Everything is cut by the same share, so that the order of activities does not matter.
    """
    request, menu = orders.request, setting.menu
    money = 0.0
    burden = 0.0
    for a in range(request.shape[1]):
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
    for a in range(request.shape[1]):
        if reason != ADMITTED and request[n, a] > 0.0:
            request[n, a] = request[n, a] * share
            quarter.refused[n, a] = reason


@rule
def fit_programme(fund: float, setting: Setting, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Cut the whole programme to the money at hand (EUR million) and to NATO's staff hours, by one share for all."""
    request, menu = orders.request, setting.menu
    hour_rate = 1.0 + 0.5 * orders.levers.tailoring
    cost = 0.0
    work = 0.0
    for n in range(request.shape[0]):
        for a in range(request.shape[1]):
            cost = cost + request[n, a] * menu.cost[a]
            work = work + request[n, a] * menu.hours[a] * hour_rate
    share = 1.0
    reason = ADMITTED
    if cost > fund:
        share = fund / cost
        reason = NO_FUND
    if work * share > p.staff_hours:
        share = p.staff_hours / work
        reason = NO_HOURS
    quarter.hours[0] = work
    quarter.hours[1] = work * share
    for n in range(request.shape[0]):
        for a in range(request.shape[1]):
            if share < UNCUT and request[n, a] > 0.0:
                quarter.refused[n, a] = reason
            request[n, a] = request[n, a] * share


@rule
def take_up(world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Admitted requests are what is done; what was asked for is remembered, smoothed (N, A)."""
    for n in range(world.asked.shape[0]):
        for a in range(world.asked.shape[1]):
            quarter.done[n, a] = orders.request[n, a]
            world.asked[n, a] = p.memory * world.asked[n, a] + (1.0 - p.memory) * quarter.requested[n, a]


@rule
def lend(world: World, orders: Orders, quarter: Quarter) -> float:
    """EUR million that allies lend to partners' projects; at first each ally's purse is charged with all of it."""
    offered = 0.0
    for m in range(world.role.shape[0]):
        if world.role[m] == MEMBER:
            offered = offered + orders.lead[m]
            quarter.spent[m, LEAD_ALLY] = orders.lead[m]
    return offered


@rule
def bill(setting: Setting, quarter: Quarter) -> float:
    """What is done costs partners their own part, and allies the rest: at first all of it from the common fund.

    Returns the rest, EUR million.
    """
    done, spent, menu = quarter.done, quarter.spent, setting.menu
    total = 0.0
    for n in range(done.shape[0]):
        for a in range(done.shape[1]):
            spent[n, PARTNER_PURSE] = spent[n, PARTNER_PURSE] + done[n, a] * menu.national[a]
            spent[n, COMMON_FUND] = spent[n, COMMON_FUND] + done[n, a] * menu.cost[a]
        total = total + spent[n, COMMON_FUND]
    return total


@rule
def draw_trust_funds(offered: float, world: World, step: int, quarter: Quarter) -> float:
    """A third of lead money goes into trust funds, which serve partners with a defence capacity building package.

    Returns what is used of it, EUR million.
    """
    spent = quarter.spent
    assisted = 0.0
    for n in range(spent.shape[0]):
        if world.arrangement[n, DCB] <= step:
            assisted = assisted + spent[n, COMMON_FUND]
    ready = offered / 3.0
    share = ready / assisted if ready < assisted else 1.0
    used = 0.0
    for n in range(spent.shape[0]):
        if world.arrangement[n, DCB] <= step:
            spent[n, TRUST_FUND] = spent[n, COMMON_FUND] * share
            spent[n, COMMON_FUND] = spent[n, COMMON_FUND] - spent[n, TRUST_FUND]
            used = used + spent[n, TRUST_FUND]
    return used


@rule
def pay(setting: Setting, world: World, orders: Orders, step: int, quarter: Quarter) -> None:
    """Four purses: each partner pays its own part; trust funds and lead allies go first, the common fund pays the rest.

    `spent` (N, PURSES), EUR million: an ally's row says what it gave, a partner's what was spent on it. What allies
    offered and nobody needed stays with them.
    """
    spent = quarter.spent
    spent[:, :] = 0.0
    offered = lend(world, orders, quarter)
    total = bill(setting, quarter)
    used = draw_trust_funds(offered, world, step, quarter)
    left = total - used
    led = min(left, max(0.0, offered - used))
    keep = 1.0 if left <= 0.0 else 1.0 - led / left
    drawn = 0.0 if offered <= 0.0 else (led + used) / offered
    for n in range(spent.shape[0]):
        if world.role[n] == MEMBER:
            spent[n, LEAD_ALLY] = spent[n, LEAD_ALLY] * drawn
        else:
            spent[n, LEAD_ALLY] = spent[n, COMMON_FUND] * (1.0 - keep)
        spent[n, COMMON_FUND] = spent[n, COMMON_FUND] * keep


@rule
def train_up(world: World, quarter: Quarter) -> None:
    """Places of about the last year (N,), a sum that fades by a quarter each quarter."""
    for n in range(quarter.done.shape[0]):
        total = 0.0
        for a in range(quarter.done.shape[1]):
            total = total + quarter.done[n, a]
        world.exercised[n] = LAST_YEAR_KEPT * world.exercised[n] + total


@rule
def partners_take_part(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter
) -> None:
    """Mechanism 4."""
    take_up(world, orders, p, quarter)
    pay(setting, world, orders, step, quarter)
    train_up(world, quarter)
