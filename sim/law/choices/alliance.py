"""The NATO staff: turns a policy's levers into a programme for each partner and an agenda for the Council."""

from sim.declare.levers import Levers
from sim.declare.names import ACTION_PLAN, ASPIRANT, MANDATE, OUTREACH, PARTNER, PROGRAMME, STATUS
from sim.law.compiled import Floats, Ints, rule
from sim.law.elementary import power
from sim.law.mechanisms.arrangements import candidate_merit
from sim.law.world import Menu

# Rows of the menu that levers single out.
LIVE, COMMAND_POST, COMPUTER, TABLE_TOP = 0, 1, 2, 3
EXPERTISE, SKILLS, EQUIPMENT, TECHNOLOGY = 4, 5, 6, 7
COMMUNICATION = 14


@rule
def activity_mix(menu: Menu, levers: Levers, mix: Floats) -> None:
    """Share of the envelope for each activity, sum 1: the split over instruments, then typical places within each.

    Large exercises are live ones; the equipment lever divides capacity building between things and people;
    communication weighs within dialogue. mix: (A,).
    """
    for a in range(mix.shape[0]):
        weight = menu.typical[a] * menu.cost[a]
        if a == LIVE:
            weight = weight * (0.4 + 1.2 * levers.size)
        elif a == COMMAND_POST or a == COMPUTER or a == TABLE_TOP:
            weight = weight * (1.6 - 1.2 * levers.size)
        elif a == EQUIPMENT or a == TECHNOLOGY:
            weight = weight * 2.0 * levers.equipment
        elif a == EXPERTISE or a == SKILLS:
            weight = weight * 2.0 * (1.0 - levers.equipment)
        elif a == COMMUNICATION:
            weight = weight * (0.3 + 2.0 * levers.communication)
        mix[a] = weight
    for i in range(levers.split.shape[0]):
        total = 0.0
        for a in range(mix.shape[0]):
            total = total + (mix[a] if menu.instrument[a] == i else 0.0)
        for a in range(mix.shape[0]):
            if menu.instrument[a] == i:
                mix[a] = 0.0 if total <= 0.0 else levers.split[i] * mix[a] / total


@rule
def partner_shares(
    levers: Levers, role: Ints, framework: Ints, region: Ints, capability: Floats, institutions: Floats, will: Floats,
    felt: Floats, asked: Floats, typical: Floats, suspended_until: Ints, step: int, shares: Floats,
) -> None:  # fmt: skip
    """Share of the envelope for each partner, sum 1, by the targeting rule: equal, need, merit or threat.

    The programme is demand-driven: half of a share follows what a partner has been asking for (N, A), against what is
    typical (A,). felt: (N,) threat as felt, noisy. Focus lowers or raises whole frameworks and regions;
    conditionality moves money from weakly governed states to well governed ones.
    """
    total = 0.0
    for n in range(role.shape[0]):
        shares[n] = 0.0
        if role[n] != PARTNER or framework[n] < 0 or suspended_until[n] > step:
            continue
        level = 0.0
        for d in range(capability.shape[1]):
            level = level + capability[n, d]
        level = level / capability.shape[1]
        governed = 0.5 * (institutions[n, 0] + institutions[n, 1])
        weight = levers.rule[0] + levers.rule[1] * 2.0 * (1.0 - level) + levers.rule[2] * 3.0 * governed * will[n]
        weight = weight + levers.rule[3] * 0.5 * felt[n]
        wanted = 0.0
        for a in range(asked.shape[1]):
            wanted = wanted + asked[n, a] / typical[a] / asked.shape[1]
        weight = weight * (0.5 + 0.5 * wanted) * levers.focus_framework[framework[n]] * levers.focus_region[region[n]]
        shares[n] = weight * power(0.3 + 0.7 * governed, 2.0 * levers.conditionality)
        total = total + shares[n]
    if total > 0.0:
        for n in range(role.shape[0]):
            shares[n] = shares[n] / total


@rule
def propose_plans(
    menu: Menu, levers: Levers, mix: Floats, shares: Floats, money: float, asked: Floats, estimate: Floats,
    answered_by: Floats, plan: Floats, plan_domain: Floats,
) -> None:  # fmt: skip
    """A tailored programme for each partner: places of each activity a quarter (N, A) and domains to build (N, D).

    money: EUR million a quarter; asked: (N, A) what the partner has been asking for; estimate: (N, K) noisy threat.
    Tailoring gives a partner what it asks for within its share; threat targeting aims capacity building at the
    domains that answer the threats it has felt, and so chases the last shock.
    """
    for n in range(shares.shape[0]):
        if shares[n] <= 0.0:
            for a in range(plan.shape[1]):
                plan[n, a] = 0.0
            continue
        total = 0.0
        for a in range(plan.shape[1]):
            fit = asked[n, a] / menu.typical[a]
            plan[n, a] = mix[a] * (1.0 - levers.tailoring + levers.tailoring * fit)
            total = total + plan[n, a]
        rate = 0.0 if total <= 0.0 else money * shares[n] / total
        for a in range(plan.shape[1]):
            plan[n, a] = rate * plan[n, a] / menu.cost[a]
        felt = 0.0
        for k in range(estimate.shape[1]):
            felt = felt + estimate[n, k]
        for d in range(plan_domain.shape[1]):
            aimed = 0.0
            for k in range(estimate.shape[1]):
                aimed = aimed + answered_by[k, d] * estimate[n, k]
            aimed = aimed / felt if felt > 0.0 else 0.0
            # Seven domains: an untargeted programme spreads its unit of effort over them all.
            plan_domain[n, d] = (1.0 - levers.threat_targeting) + levers.threat_targeting * 7.0 * aimed


@rule
def lean_of(shares: Floats, south: Floats) -> float:
    """Share of the programme that goes to southern partners; south: (N,) 0 or 1."""
    total = 0.0
    for n in range(shares.shape[0]):
        total = total + shares[n] * south[n]
    return total


@rule
def set_agenda(
    levers: Levers, role: Ints, track: Ints, track_since: Ints, suspended_until: Ints, framework: Ints, waiting: Ints,
    interoperability: Floats, institutions: Floats, will: Floats, merit_wanted: float, item_wait: Ints,
    season: int, step: int, emergency: int, item: Ints,
) -> None:  # fmt: skip
    """The Council's agenda: `item` (ITEMS,) names the state an item is about, -1 where there is none.

    The programme is settled in the fourth quarter and the mandate in the second and after a grave shock; both
    stay on while they are held up.
    Status goes to the readiest candidate, at the yearly summit (second quarter); an open door lowers the bar. Outreach
    invites one outsider in the third quarter where the policy reaches out.
    """
    for i in range(item.shape[0]):
        item[i] = -1
    if season == 3 or item_wait[PROGRAMME] > 0:
        item[PROGRAMME] = 0
    if season == 1 or item_wait[MANDATE] > 0 or emergency == 1:
        item[MANDATE] = 0
    if season == 1:
        best = merit_wanted + 0.15 * (0.5 - levers.open_door) * 2.0
        for n in range(role.shape[0]):
            if role[n] != PARTNER or suspended_until[n] > step:
                continue
            if (track[n] == ASPIRANT or track[n] == ACTION_PLAN) and step - track_since[n] >= 4:
                merit = candidate_merit(interoperability, institutions, n)
                if merit > best:
                    best = merit
                    item[STATUS] = n
    if levers.outreach > 0.0 and season == 2:
        best = 0.75 - 0.5 * levers.outreach
        for n in range(role.shape[0]):
            if role[n] == PARTNER and framework[n] < 0 and waiting[n] >= 0 and will[n] > best:
                best = will[n]
                item[OUTREACH] = n
