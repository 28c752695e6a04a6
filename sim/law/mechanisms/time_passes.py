"""Mechanism 9: time passes. Skill fade, upkeep, fatigue, budgets, elections, and will returning to its mean."""

from sim.declare.activities import ACTIVITY
from sim.declare.names import (
    COMMON_FUND,
    DECISION_SHAPING,
    DEFENCE_GOVERNANCE,
    JOINT_DECISION,
    LEAD_ALLY,
    MEMBER,
    PARTNER,
    RIVAL,
)
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.draws import BUDGET, ELECTION, Draws, uniform
from sim.law.elementary import clip, exp
from sim.law.forms import fade, learn, spill_in_response
from sim.law.ledger import BY_FADE, BY_RETURN, BY_UPKEEP, enter
from sim.law.mechanisms.trust import trust_in_hosts
from sim.law.orders import Orders
from sim.law.world import Quarter, Setting, World


@rule
def skill_fade(
    rates: Floats, retained: float, institutions: Floats, role: Ints, member_floor: float, interoperability: Floats
) -> None:
    """Interoperability fades by dimension, human fastest, technical slowest; institutions keep part of it.

    rates: (3,) 1/quarter. What fades is what exceeds the floor: `retained` times the mean of institutions for
    partners, `member_floor` for allies, who train together every day outside this model.
    """
    kept = exp(-rates[0]), exp(-rates[1]), exp(-rates[2])
    for n in range(role.shape[0]):
        if role[n] == RIVAL:
            continue
        floor = member_floor if role[n] == MEMBER else retained * 0.5 * (institutions[n, 0] + institutions[n, 1])
        for i in range(3):
            above = interoperability[n, i] - floor
            if above > 0.0 or role[n] == MEMBER:
                interoperability[n, i] = floor + above * kept[i]


@rule
def upkeep(
    rot: float, pooled: Floats, spill_in: float, purse: Floats, upkeep_cost: float, institutions: Floats,
    capability: Floats, kit: Floats, native: Floats, settle: float,
) -> None:  # fmt: skip
    """Equipment without institutions or upkeep rots; capability settles towards what the state sustains itself.

    kit: (N, D); a state keeps up what its purse pays for, less when pooled assets (N,) invite it to ride free
    (best response with spill-in 0.2-0.6, Sandler); rot: 1/quarter where nothing is kept up.
    """
    for n in range(purse.shape[0]):
        total = 0.0
        for d in range(kit.shape[1]):
            total = total + kit[n, d]
        if total > 0.0:
            wish = min(1.0, purse[n] / (upkeep_cost * total))
            paid = spill_in_response(wish, clip(pooled[n], 0.0, 1.0), spill_in)
            keeps = paid * institutions[n, DEFENCE_GOVERNANCE]
            kept = exp(-rot * (1.0 - keeps))
            for d in range(kit.shape[1]):
                kit[n, d] = kit[n, d] * kept
        for d in range(kit.shape[1]):
            capability[n, d] = fade(capability[n, d], native[n, d], settle)


@rule
def tire(load: Floats, recovery: float, answer_cost: float, fatigue: Floats) -> None:
    """Fatigue (N,) rises with what a state was called to do and recovers by `recovery` a quarter."""
    for n in range(fatigue.shape[0]):
        fatigue[n] = fade(learn(fatigue[n], answer_cost * load[n]), 0.0, recovery)


@rule
def stay_ready(
    lead: Floats, weight: Floats, deployed: Floats, crowding: float, settle: float, role: Ints, fatigue: Floats,
    threat: Floats, readiness: Floats,
) -> None:  # fmt: skip
    """Home readiness (N,) settles at what teaching, missions and fatigue leave: help abroad is paid in readiness.

    lead: (N,) EUR million a quarter of each ally: its own projects, and its part of the common fund by force weight;
    crowding: readiness lost a EUR million and force weight.
    """
    for n in range(readiness.shape[0]):
        burden = 0.2 * deployed[n] + 0.4 * fatigue[n]
        if role[n] == MEMBER:
            burden = burden + crowding * lead[n] / (0.2 + weight[n])
        wanted = clip(0.85 + 0.005 * threat[n] - burden, 0.1, 1.0)
        readiness[n] = readiness[n] + settle * (wanted - readiness[n])


@rule
def mood(
    base_will: Floats, legitimacy: Floats, trust_in_allies: Floats, voice: Floats, settle: float, pull: float,
    role: Ints,
    entity: Ints, draws: Draws, step: int, swing: float, will: Floats,
) -> None:  # fmt: skip
    """Political will (N,) returns to its mean, moved by legitimacy, trust and voice; elections may swing it.

    A partner that is heard owns the programme more. Each state votes every four years, in its own quarter of the cycle.
    """
    for n in range(will.shape[0]):
        if role[n] == RIVAL:
            continue
        mean = base_will[n] + pull * (legitimacy[n] - 0.5)
        if role[n] == PARTNER:
            mean = mean + pull * (trust_in_allies[n] - 0.5) + pull * voice[n]
        will[n] = will[n] + settle * (clip(mean, 0.0, 1.0) - will[n])
        if (step + entity[n]) % 16 == 0:
            change = (uniform(draws, ELECTION, entity[n], 0) - 0.5) * 2.0 * swing
            will[n] = clip(will[n] + change, 0.0, 1.0)


@rule
def budget_cycle(entity: Ints, draws: Draws, persistence: float, swing: float, income: Floats) -> None:
    """Purses (N,) drift: an autoregressive multiplier around one, `swing` a quarter."""
    for n in range(income.shape[0]):
        shock = (uniform(draws, BUDGET, entity[n], 0) - 0.5) * 2.0 * swing
        income[n] = clip(1.0 + persistence * (income[n] - 1.0) + shock, 0.3, 2.0)


@rule
def ease(legitimacy: Floats, base: float, settle: float, warning: Floats, warning_fade: float, voice: Floats,
         voice_fade: float, voice_floor: float, cohesion: Floats, cohesion_base: float, role: Ints,
) -> None:  # fmt: skip
    """What returns by itself: legitimacy of partners to its base, warning, voice, and the Council's cohesion.

    voice_floor: the voice that a decision mode gives every partner, 0 under consensus.
    """
    for n in range(legitimacy.shape[0]):
        if role[n] == PARTNER:
            legitimacy[n] = legitimacy[n] + settle * (base - legitimacy[n])
        floor = 0.5 if role[n] == MEMBER else 0.0
        warning[n] = fade(warning[n], floor, warning_fade)
        voice[n] = fade(voice[n], voice_floor if role[n] == PARTNER else 0.0, voice_fade)
    cohesion[0] = cohesion[0] + settle * (cohesion_base - cohesion[0])


@rule
def look_back(setting: Setting, world: World, fund: Floats, step: int, p: Parameters, quarter: Quarter) -> None:
    """What the quarter leaves each state with (N,): its own money, threat as felt, trust in its hosts, and lent (EUR
    million): what an ally's own projects cost it, and its part of the common fund, by force weight and the share `fund`
    that it pays.
    """
    money, felt, trust, lent = quarter.work.money, quarter.work.felt, quarter.work.trust, quarter.work.lent
    common = 0.0
    force = 0.0
    for n in range(world.role.shape[0]):
        felt[n] = 0.0
        money[n] = p.partner_purse * setting.purse[n] * world.income[n] * setting.budget[step]
        trust[n] = trust_in_hosts(n, setting.hosts, world.role, world.trust_for, world.trust_against)
        if world.role[n] != MEMBER:
            common = common + quarter.spent[n, COMMON_FUND]
        else:
            force = force + setting.weight[n] * fund[n]
        for k in range(world.perceived.shape[1]):
            felt[n] = felt[n] + world.perceived[n, k]
    for n in range(world.role.shape[0]):
        lent[n] = quarter.spent[n, LEAD_ALLY] + common * (setting.weight[n] * fund[n]) / max(force, 1e-9)


@rule
def time_passes(
    setting: Setting, world: World, orders: Orders, draws: Draws, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 9."""
    step = int(draws.step)
    work = quarter.work
    rates = work.rates
    rates[0], rates[1], rates[2] = p.fade_technical, p.fade_procedural, p.fade_human
    skill_fade(rates, p.retained, world.institutions, world.role, 0.7, world.interoperability)
    enter(BY_FADE, world, quarter)
    look_back(setting, world, orders.fund, step, p, quarter)
    pooled = quarter.effect[:, ACTIVITY.pooled_assets]
    upkeep(
        p.rot, pooled, p.spill_in, work.money, p.upkeep_cost, world.institutions, world.capability, world.kit,
        setting.native, p.capability_settle,
    )  # fmt: skip
    enter(BY_UPKEEP, world, quarter)
    tire(quarter.load, p.fatigue_recovery, p.answer_fatigue, world.fatigue)
    stay_ready(
        work.lent, setting.weight, world.deployed, p.crowding, p.readiness_settle, world.role, world.fatigue,
        work.felt,
        world.readiness,
    )  # fmt: skip
    mood(
        setting.base_will, world.legitimacy, work.trust, world.voice, p.will_settle, p.will_pull_of_mood, world.role,
        setting.entity, draws, step, p.election_swing, world.will,
    )  # fmt: skip
    budget_cycle(setting.entity, draws, p.budget_persistence, p.budget_swing, world.income)
    shaped = orders.levers.decision_mode in (DECISION_SHAPING, JOINT_DECISION)
    ease(
        world.legitimacy, 0.55, p.legitimacy_settle, world.warning, p.warning_fade, world.voice, 0.06,
        p.ownership if shaped else 0.0, world.cohesion, 0.7, world.role,
    )  # fmt: skip
    enter(BY_RETURN, world, quarter)
