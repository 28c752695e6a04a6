"""Mechanism 9: time passes. Skill fade, upkeep, fatigue, budgets, elections, and will returning to its mean."""

from sim.declare.constants import (
    ALLIED_SKILL,
    BUDGET_MEMORY,
    COHESION_BASE,
    ELECTION_CYCLE,
    FATIGUE_LOAD,
    HUMAN_FADE,
    LEAST_INCOME,
    LEGITIMACY_BASE,
    LENDER_BASE,
    MISSION_LOAD,
    PROCEDURAL_FADE,
    READY_BASE,
    READY_EXERCISED,
    READY_FELT,
    READY_LEAST,
    TECHNICAL_FADE,
    TINY,
    VOICE_FADE,
)
from sim.declare.names import (
    COMMON_FUND,
    DECISION_SHAPING,
    DEFENCE_GOVERNANCE,
    HUMAN,
    JOINT_DECISION,
    LEAD_ALLY,
    MEMBER,
    PARTNER,
    RIVAL,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.draws import BUDGET, ELECTION, Draws, uniform
from sim.law.elementary import clip, exp, share_of
from sim.law.forms import fade, learn
from sim.law.ledger import BY_FADE, BY_RETURN, BY_UPKEEP, enter
from sim.law.mechanisms.trust import trust_in_hosts
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, World


@rule
def skill_fade(world: World, p: Parameters) -> None:
    """Interoperability fades by dimension, human fastest, technical slowest; institutions keep part of it.

    What fades is what exceeds the floor: `retained` times the mean of institutions for partners (manuals stay; people
    move on, so nothing of the human dimension), 0.7 for allies, who train together every day outside this model.
    """
    interoperability, institutions = world.interoperability, world.institutions
    kept = exp(-TECHNICAL_FADE * p.fading), exp(-PROCEDURAL_FADE * p.fading), exp(-HUMAN_FADE * p.fading)
    for n in range(world.role.shape[0]):
        if world.role[n] == RIVAL:
            continue
        member = world.role[n] == MEMBER
        floor = ALLIED_SKILL if member else p.retained * 0.5 * (institutions[n, 0] + institutions[n, 1])
        for i in range(3):
            least = floor if member or i != HUMAN else 0.0
            above = interoperability[n, i] - least
            if above > 0.0 or member:
                interoperability[n, i] = least + above * kept[i]


@rule
def upkeep(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """Equipment without institutions or upkeep rots; capability settles towards what the state sustains itself.

    A state keeps up what its purse pays for, EUR 1 million a quarter and unit of kit (assumed); rot: 1/quarter where
    nothing is kept up.
    """
    capability, kit = world.capability, world.kit
    for n in range(kit.shape[0]):
        total = 0.0
        for d in range(kit.shape[1]):
            total = total + kit[n, d]
        if total > 0.0:
            purse = quarter.work.money[n]
            paid = purse / total if purse < total else 1.0
            kept = exp(-p.rot * (1.0 - paid * world.institutions[n, DEFENCE_GOVERNANCE]))
            for d in range(kit.shape[1]):
                kit[n, d] = kit[n, d] * kept
        for d in range(kit.shape[1]):
            capability[n, d] = fade(capability[n, d], setting.native[n, d], p.capability_settle)


@rule
def tire(world: World, p: Parameters, quarter: Quarter) -> None:
    """Fatigue (N,) rises with what a state was called to do and recovers by a share a quarter."""
    fatigue = world.fatigue
    for n in range(fatigue.shape[0]):
        fatigue[n] = fade(learn(fatigue[n], p.answer_fatigue * quarter.load[n]), 0.0, p.recovery)


@rule
def stay_ready(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """Home readiness (N,) settles at what teaching, missions and fatigue leave: help abroad is paid in readiness.

    `crowding` is readiness lost for a EUR million lent a quarter and force weight. Partners that exercise are readier,
    by `READY_EXERCISED` at most; allies and others exercise at home, outside this model.
    """
    readiness, lent, felt = world.readiness, quarter.work.lent, quarter.work.felt
    for n in range(readiness.shape[0]):
        burden = MISSION_LOAD * world.deployed[n] + FATIGUE_LOAD * world.fatigue[n]
        if world.role[n] == MEMBER:
            burden = burden + p.crowding * lent[n] / (LENDER_BASE + setting.weight[n])
        exercised = 0.0
        for a in range(quarter.effect.shape[1]):
            exercised += setting.menu.is_exercise[a] * quarter.effect[n, a]
        burden = burden - READY_EXERCISED * share_of(exercised)
        wanted = clip(READY_BASE + READY_FELT * felt[n] - burden, READY_LEAST, 1.0)
        readiness[n] = readiness[n] + p.recovery * (wanted - readiness[n])


@rule
def mood(setting: Setting, world: World, draws: Draws, p: Parameters, quarter: Quarter) -> None:
    """Political will (N,) returns to its mean, moved by legitimacy, trust and voice; elections may swing it.

    A partner that is heard owns the programme more. Each state votes every four years, in its own quarter of the cycle.
    """
    will, pull, step = world.will, p.will_pull_of_mood, int(draws.step)
    for n in range(will.shape[0]):
        if world.role[n] == RIVAL:
            continue
        mean = setting.base_will[n] + pull * (world.legitimacy[n] - 0.5)
        if world.role[n] == PARTNER:
            mean = mean + pull * (quarter.work.trust[n] - 0.5) + pull * world.voice[n]
        will[n] = will[n] + p.will_settle * (clip(mean, 0.0, 1.0) - will[n])
        if (step + setting.entity[n]) % ELECTION_CYCLE == 0:
            change = (uniform(draws, ELECTION, setting.entity[n], 0) - 0.5) * 2.0 * p.election_swing
            will[n] = clip(will[n] + change, 0.0, 1.0)


@rule
def budget_cycle(setting: Setting, world: World, draws: Draws, p: Parameters) -> None:
    """Purses (N,) drift: an autoregressive multiplier around one, at most `budget_swing` a quarter."""
    income = world.income
    for n in range(income.shape[0]):
        shock = (uniform(draws, BUDGET, setting.entity[n], 0) - 0.5) * 2.0 * p.budget_swing
        income[n] = clip(1.0 + BUDGET_MEMORY * (income[n] - 1.0) + shock, LEAST_INCOME, 2.0)


@rule
def ease(world: World, orders: Orders, p: Parameters) -> None:
    """What returns by itself: legitimacy of partners to its base, warning, voice, and the Council's cohesion.

    Where partners shape decisions each of them has a voice that does not fade, and a full one where they decide.
    """
    legitimacy, warning, voice, cohesion = world.legitimacy, world.warning, world.voice, world.cohesion
    mode = orders.levers.decision_mode
    heard = 1.0 if mode == JOINT_DECISION else 0.5 if mode == DECISION_SHAPING else 0.0
    for n in range(legitimacy.shape[0]):
        partner = world.role[n] == PARTNER
        if partner:
            legitimacy[n] = legitimacy[n] + p.legitimacy_settle * (LEGITIMACY_BASE - legitimacy[n])
        warning[n] = fade(warning[n], 0.5 if world.role[n] == MEMBER else 0.0, p.warning_fade)
        voice[n] = fade(voice[n], heard if partner else 0.0, VOICE_FADE)
    cohesion[0] = cohesion[0] + p.legitimacy_settle * (COHESION_BASE - cohesion[0])


@rule
def look_back(setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:
    """What the quarter leaves each state with (N,): its own money, threat as felt, trust in its hosts, and lent (EUR
    million): what an ally's own projects cost it, and its part of the common fund, by force weight and the share that
    it pays.
    """
    work, fund = quarter.work, orders.fund
    common = 0.0
    force = 0.0
    for n in range(fund.shape[0]):
        work.felt[n] = 0.0
        work.money[n] = p.partner_purse * setting.purse[n] * world.income[n] * setting.budget[step]
        work.trust[n] = trust_in_hosts(n, setting, world)
        if world.role[n] != MEMBER:
            common = common + quarter.spent[n, COMMON_FUND]
        else:
            force = force + setting.weight[n] * fund[n]
        for k in range(world.perceived.shape[1]):
            work.felt[n] = work.felt[n] + world.perceived[n, k]
    for n in range(fund.shape[0]):
        work.lent[n] = quarter.spent[n, LEAD_ALLY] + common * (setting.weight[n] * fund[n]) / max(force, TINY)


@rule
def time_passes(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 9."""
    skill_fade(world, p)
    enter(BY_FADE, world, quarter)
    look_back(setting, world, orders, int(draws.step), p, quarter)
    upkeep(setting, world, p, quarter)
    enter(BY_UPKEEP, world, quarter)
    tire(world, p, quarter)
    stay_ready(setting, world, p, quarter)
    mood(setting, world, draws, p, quarter)
    budget_cycle(setting, world, draws, p)
    ease(world, orders, p)
    enter(BY_RETURN, world, quarter)
