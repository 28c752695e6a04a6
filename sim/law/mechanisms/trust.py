"""Mechanism 7: trust moves. Evidence from what others did; slow to build, quick to lose; hearsay; envy."""

from sim.declare.names import MEMBER, PARTNER, RIVAL
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.elementary import clip
from sim.law.forms import expected_trust
from sim.law.ledger import BY_ENVY, BY_FORGETTING, BY_HEARSAY, enter
from sim.law.mechanisms.arrangements import closeness_of
from sim.law.orders import Orders
from sim.law.world import GROUP, HOSTS, Quarter, Setting, World

# Evidence to which allies' views of each other return: what they see of one another outside this model (assumed).
DAILY_FOR, DAILY_AGAINST = 5.4, 0.6


@rule
def forget(world: World, p: Parameters) -> None:
    """Old evidence fades: `evidence_kept` (share a quarter) of it stays, over ordered pairs (N, N).

    Evidence follows r' = kept * r + income, so r settles at income / (1 - kept). Allies see each other every day,
    which this model leaves out: their evidence returns to a trust of 0.8. Rivals keep their views.
    """
    role, trust_for, trust_against, kept = world.role, world.trust_for, world.trust_against, p.evidence_kept
    for i in range(role.shape[0]):
        if role[i] == RIVAL:
            continue
        fresh_for = (1.0 - kept) * DAILY_FOR if role[i] == MEMBER else 0.0
        fresh_against = (1.0 - kept) * DAILY_AGAINST if role[i] == MEMBER else 0.0
        for j in range(role.shape[0]):
            good = kept * trust_for[i, j] + (fresh_for if role[j] == MEMBER else 0.0)
            bad = kept * trust_against[i, j] + (fresh_against if role[j] == MEMBER else 0.0)
            trust_for[i, j] = trust_for[i, j] if role[j] == RIVAL else good
            trust_against[i, j] = trust_against[i, j] if role[j] == RIVAL else bad


@rule
def hear(world: World, p: Parameters, quarter: Quarter) -> None:
    """Hearsay: what allies think of a state adds indirect evidence to what others think of it.

    It moves a view towards that state's standing with the allies (N,), `hearsay` units at the largest gap (Kinne 2018:
    ties of shared partners carry information). Allies' views of each other and rivals' views stay out of it.
    """
    role, trust_for, trust_against = world.role, world.trust_for, world.trust_against
    reputation = quarter.work.reputation
    for i in range(role.shape[0]):
        if role[i] == RIVAL:
            continue
        own_for, own_against = trust_for[i, i], trust_against[i, i]
        for j in range(role.shape[0]):
            told = reputation[j] - expected_trust(trust_for[i, j], trust_against[i, j])
            deaf = role[j] == RIVAL or (role[i] == MEMBER and role[j] == MEMBER)
            moved = 0.0 if deaf else p.hearsay * told
            trust_for[i, j] = trust_for[i, j] + (moved if moved > 0.0 else 0.0)
            trust_against[i, j] = trust_against[i, j] - (moved if moved < 0.0 else 0.0)
        trust_for[i, i], trust_against[i, i] = own_for, own_against


@rule
def standing(world: World, quarter: Quarter) -> None:
    """Each state's standing with the allies: `reputation` (N,), the mean of members' expected trust in it."""
    role, reputation = world.role, quarter.work.reputation
    for j in range(role.shape[0]):
        reputation[j] = 0.0
    members = 0
    for m in range(role.shape[0]):
        if role[m] != MEMBER:
            continue
        members += 1
        for j in range(role.shape[0]):
            reputation[j] = reputation[j] + expected_trust(world.trust_for[m, j], world.trust_against[m, j])
    if members > 0:
        for j in range(role.shape[0]):
            reputation[j] = reputation[j] / members


@rule
def loss_weight(trust: float, asymmetry: float) -> float:
    """How much more a failure weighs than a success: `asymmetry` (1.5-4), less where views are already firm.

    Slovic 1993; Poortinga & Pidgeon 2004: those with firm priors read events to fit them.
    """
    firm = trust - 0.5
    if firm < 0.0:
        firm = -firm
    return 1.0 + (asymmetry - 1.0) * (1.0 - firm)


@rule
def thank(at: int, world: World, p: Parameters, quarter: Quarter) -> float:
    """Thanks to those who came to incident `at`, in proportion to its severity; returns the effort that came."""
    incidents, trust_for = quarter.incidents, world.trust_for
    n, grave = incidents.state[at], incidents.severity[at] / 10.0
    came = 0.0
    for g in range(GROUP):
        m = incidents.group[at, g]
        if m >= 0:
            came = came + incidents.effort[at, g]
            thanks = p.thanks * min(1.0, grave) * min(1.0, incidents.effort[at, g])
            trust_for[n, m] += thanks
            trust_for[m, n] += 0.5 * thanks
    return came


@rule
def remember_crisis(k: int, setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """After incidents of kind k that called for help: thanks to those who came, doubt where less came than counted on.

    The gap is expectation (0 to 1) less the share of the threat that helpers' effort could meet. There is no guarantee
    before accession, so expectation may run ahead of commitments; the gap costs trust in proportion to severity.
    """
    incidents, trust_against, delivered = quarter.incidents, world.trust_against, quarter.delivered
    doubt = p.doubt * setting.kinds.trust[k]
    for at in range(incidents.number[0]):
        n, severity = incidents.state[at], incidents.severity[at]
        if incidents.kind[at] != k or severity < p.call_above:
            continue
        share = clip(thank(at, world, p, quarter) / severity, 0.0, 1.0)
        delivered[n] = max(delivered[n], share)
        gap = world.expectation[n] - share
        if gap <= 0.0 or world.role[n] == RIVAL:
            continue
        for h in range(HOSTS):
            m = setting.hosts[n, h]
            if m >= 0 and world.role[m] == MEMBER:
                weight = loss_weight(expected_trust(world.trust_for[n, m], trust_against[n, m]), p.asymmetry)
                trust_against[n, m] += doubt * gap * min(2.0, severity / 10.0) * weight


@rule
def count_on(world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Expectation (N,) of help rises with closeness faster than commitments do, and with words.

    closeness: (N,) 0 to 1 from engagement, arrangements and track; members hold a guarantee and expect in full.
    """
    expectation, closeness = world.expectation, quarter.work.closeness
    words = 1.0 + 0.3 * orders.levers.communication
    for n in range(expectation.shape[0]):
        wish = 1.0 if world.role[n] == MEMBER else clip(p.promise * closeness[n] * words, 0.0, 1.0)
        expectation[n] = expectation[n] + p.expectation_rate * (wish - expectation[n])


@rule
def hold_against_hosts(n: int, amount: float, setting: Setting, world: World) -> None:
    """State n holds something against each ally that it works with: `amount` units of evidence."""
    for h in range(HOSTS):
        m = setting.hosts[n, h]
        if m >= 0 and world.role[m] == MEMBER:
            world.trust_against[n, m] += amount


@rule
def envy(setting: Setting, world: World, step: int, p: Parameters, quarter: Quarter) -> None:
    """Help to one (EUR million a quarter) lowers its regional rivals' trust in the givers."""
    feuds, help_given = setting.feuds, quarter.work.help_given
    for f in range(feuds.a.shape[0]):
        if feuds.start[f] > step or feuds.end[f] <= step or feuds.directed[f] == 1:
            continue
        for side in range(2):
            n = feuds.a[f] if side == 0 else feuds.b[f]
            other = feuds.b[f] if side == 0 else feuds.a[f]
            if world.role[n] == PARTNER and world.role[other] == PARTNER:
                excess = clip(help_given[other] - help_given[n], 0.0, 1.0) * feuds.strength[f]
                hold_against_hosts(n, p.envy_weight * excess, setting, world)


@rule
def resent(setting: Setting, world: World, p: Parameters, quarter: Quarter) -> None:
    """Partners that get less help than the mean over all partners resent it."""
    help_given = quarter.work.help_given
    total = 0.0
    count = 0
    for n in range(help_given.shape[0]):
        if world.role[n] == PARTNER and world.framework[n] >= 0:
            total = total + help_given[n]
            count += 1
    mean = total / count if count > 0 else 0.0
    if mean <= 0.0:
        return
    for n in range(help_given.shape[0]):
        if world.role[n] == PARTNER and world.framework[n] >= 0:
            short = clip(1.0 - help_given[n] / mean, 0.0, 1.0)
            hold_against_hosts(n, p.resentment * short, setting, world)


@rule
def trust_in_hosts(n: int, setting: Setting, world: World) -> float:
    """How far state n trusts the allies it works with: mean expected trust in its hosts; 0.5 where it has none."""
    total = 0.0
    count = 0
    for h in range(HOSTS):
        m = setting.hosts[n, h]
        if m >= 0 and world.role[m] == MEMBER:
            total = total + expected_trust(world.trust_for[n, m], world.trust_against[n, m])
            count += 1
    return total / count if count > 0 else 0.5


@rule
def trust_moves(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 7, beside what crises and activities did to trust."""
    forget(world, p)
    enter(BY_FORGETTING, world, quarter)
    standing(world, quarter)
    hear(world, p, quarter)
    enter(BY_HEARSAY, world, quarter)
    closeness_of(quarter.work.engagement, world.arrangement, world.track, quarter.work.closeness)
    count_on(world, orders, p, quarter)
    envy(setting, world, step, p, quarter)
    resent(setting, world, p, quarter)
    enter(BY_ENVY, world, quarter)
