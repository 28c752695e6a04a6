"""Mechanism 7: trust moves. Evidence from what others did; slow to build, quick to lose; hearsay; envy."""

from sim.declare.names import MEMBER, PARTNER, RIVAL
from sim.declare.parameters import Parameters
from sim.law.compiled import Floats, Ints, rule
from sim.law.elementary import clip
from sim.law.forms import expected_trust
from sim.law.ledger import BY_ENVY, BY_FORGETTING, BY_HEARSAY, enter
from sim.law.mechanisms.arrangements import closeness_of
from sim.law.orders import Orders
from sim.law.world import GROUP, HOSTS, Feuds, Incidents, Quarter, Setting, World

# Evidence to which allies' views of each other return: what they see of one another outside this model (assumed).
DAILY_FOR, DAILY_AGAINST = 5.4, 0.6


@rule
def forget(kept: float, role: Ints, trust_for: Floats, trust_against: Floats) -> None:
    """Old evidence fades: `kept` (share a quarter) of it stays, over ordered pairs (N, N).

    Evidence follows r' = kept * r + income, so r settles at income / (1 - kept). Allies see each other every day,
    which this model leaves out: their evidence returns to a trust of 0.8. Rivals keep their views.
    """
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
def hear(hearsay: float, role: Ints, reputation: Floats, trust_for: Floats, trust_against: Floats) -> None:
    """Hearsay: what allies think of a state adds indirect evidence to what others think of it.

    It moves a view towards that state's standing with the allies (N,), `hearsay` units at the largest gap (Kinne 2018:
    ties of shared partners carry information). Allies' views of each other and rivals' views stay out of it.
    """
    for i in range(role.shape[0]):
        if role[i] == RIVAL:
            continue
        own_for, own_against = trust_for[i, i], trust_against[i, i]
        for j in range(role.shape[0]):
            told = reputation[j] - expected_trust(trust_for[i, j], trust_against[i, j])
            deaf = role[j] == RIVAL or (role[i] == MEMBER and role[j] == MEMBER)
            moved = 0.0 if deaf else hearsay * told
            trust_for[i, j] = trust_for[i, j] + (moved if moved > 0.0 else 0.0)
            trust_against[i, j] = trust_against[i, j] - (moved if moved < 0.0 else 0.0)
        trust_for[i, i], trust_against[i, i] = own_for, own_against


@rule
def standing(role: Ints, trust_for: Floats, trust_against: Floats, reputation: Floats) -> None:
    """Each state's standing with the allies: `reputation` (N,), the mean of members' expected trust in it."""
    for j in range(role.shape[0]):
        reputation[j] = 0.0
    members = 0
    for m in range(role.shape[0]):
        if role[m] != MEMBER:
            continue
        members += 1
        for j in range(role.shape[0]):
            reputation[j] = reputation[j] + expected_trust(trust_for[m, j], trust_against[m, j])
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
def remember_crisis(
    k: int, incidents: Incidents, call_above: float, doubt: float, help_evidence: float, asymmetry: float,
    expectation: Floats, role: Ints, hosts: Ints, trust_for: Floats, trust_against: Floats, delivered: Floats,
) -> None:  # fmt: skip
    """After incidents of kind k that called for help: thanks to those who came, doubt where less came than counted on.

    The gap is expectation (0 to 1) less the share of the threat that helpers' effort could meet. There is no guarantee
    before accession, so expectation may run ahead of commitments; the gap costs trust in proportion to severity.
    """
    for at in range(incidents.number[0]):
        if incidents.kind[at] != k or incidents.severity[at] < call_above:
            continue
        n = incidents.state[at]
        grave = incidents.severity[at] / 10.0
        came = 0.0
        for g in range(GROUP):
            m = incidents.group[at, g]
            if m >= 0:
                came = came + incidents.effort[at, g]
        share = clip(came / incidents.severity[at], 0.0, 1.0)
        delivered[n] = max(delivered[n], share)
        for g in range(GROUP):
            m = incidents.group[at, g]
            if m >= 0:
                thanks = help_evidence * min(1.0, grave) * min(1.0, incidents.effort[at, g])
                trust_for[n, m] = trust_for[n, m] + thanks
                trust_for[m, n] = trust_for[m, n] + 0.5 * thanks
        gap = expectation[n] - share
        if gap <= 0.0 or role[n] == RIVAL:
            continue
        for h in range(HOSTS):
            m = hosts[n, h]
            if m < 0 or role[m] != MEMBER:
                continue
            trust = expected_trust(trust_for[n, m], trust_against[n, m])
            trust_against[n, m] = trust_against[n, m] + doubt * gap * min(2.0, grave) * loss_weight(trust, asymmetry)


@rule
def count_on(
    closeness: Floats, role: Ints, rate: float, promise: float, communication: float, expectation: Floats
) -> None:
    """Expectation (N,) of help rises with closeness faster than commitments do, and with words.

    closeness: (N,) 0 to 1 from engagement, arrangements and track; members hold a guarantee and expect in full.
    """
    for n in range(role.shape[0]):
        wish = 1.0 if role[n] == MEMBER else clip(promise * closeness[n] * (1.0 + 0.3 * communication), 0.0, 1.0)
        expectation[n] = expectation[n] + rate * (wish - expectation[n])


@rule
def envy(
    help_given: Floats, mean_help: float, feuds: Feuds, step: int, envy_weight: float, resentment: float,
    role: Ints, hosts: Ints, framework: Ints, trust_against: Floats,
) -> None:  # fmt: skip
    """Help to one lowers its regional rivals' trust in the givers, and those left out resent it.

    help_given: (N,) effort of the programme spent on a state, EUR million a quarter; mean_help: its mean over partners.
    """
    for p in range(feuds.a.shape[0]):
        if feuds.start[p] > step or feuds.end[p] <= step or feuds.directed[p] == 1:
            continue
        for side in range(2):
            n = feuds.a[p] if side == 0 else feuds.b[p]
            other = feuds.b[p] if side == 0 else feuds.a[p]
            if role[n] != PARTNER or role[other] != PARTNER:
                continue
            excess = clip(help_given[other] - help_given[n], 0.0, 1.0) * feuds.strength[p]
            if excess > 0.0:
                for h in range(HOSTS):
                    m = hosts[n, h]
                    if m >= 0 and role[m] == MEMBER:
                        trust_against[n, m] = trust_against[n, m] + envy_weight * excess
    for n in range(role.shape[0]):
        if role[n] != PARTNER or framework[n] < 0 or mean_help <= 0.0:
            continue
        short = clip(1.0 - help_given[n] / mean_help, 0.0, 1.0)
        for h in range(HOSTS):
            m = hosts[n, h]
            if m >= 0 and role[m] == MEMBER:
                trust_against[n, m] = trust_against[n, m] + resentment * short


@rule
def trust_in_hosts(n: int, hosts: Ints, role: Ints, trust_for: Floats, trust_against: Floats) -> float:
    """How far state n trusts the allies it works with: mean expected trust in its hosts; 0.5 where it has none."""
    total = 0.0
    count = 0
    for h in range(HOSTS):
        m = hosts[n, h]
        if m >= 0 and role[m] == MEMBER:
            total = total + expected_trust(trust_for[n, m], trust_against[n, m])
            count += 1
    return total / count if count > 0 else 0.5


@rule
def trust_moves(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 7, beside what crises and activities did to trust."""
    reputation, closeness, help_given = quarter.work.reputation, quarter.work.closeness, quarter.work.help_given
    forget(p.evidence_kept, world.role, world.trust_for, world.trust_against)
    enter(BY_FORGETTING, world, quarter)
    standing(world.role, world.trust_for, world.trust_against, reputation)
    hear(p.hearsay, world.role, reputation, world.trust_for, world.trust_against)
    enter(BY_HEARSAY, world, quarter)
    closeness_of(quarter.work.engagement, world.arrangement, world.track, closeness)
    count_on(closeness, world.role, p.expectation_rate, p.promise, orders.levers.communication, world.expectation)
    total = 0.0
    count = 0
    for n in range(help_given.shape[0]):
        if world.role[n] == PARTNER and world.framework[n] >= 0:
            total = total + help_given[n]
            count += 1
    envy(
        help_given, total / count if count > 0 else 0.0, setting.feuds, step, p.envy_weight, p.resentment, world.role,
        setting.hosts, world.framework, world.trust_against,
    )  # fmt: skip
    enter(BY_ENVY, world, quarter)
