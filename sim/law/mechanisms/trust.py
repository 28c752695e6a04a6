"""Mechanism 7: trust moves. Evidence from what others did; slow to build, quick to lose; hearsay; envy."""

from sim.declare.constants import ALLIED, GRAVE, LEAST_TRUST, PROMISING_WORDS, QUARREL
from sim.declare.names import MEMBER, PARTNER, RIVAL
from sim.declare.parameters import Parameters
from sim.law.compiled import rule
from sim.law.elementary import clip
from sim.law.ledger import BY_BREACHES, BY_ENVY, BY_FORGETTING, BY_HEARSAY, enter, trust_in
from sim.law.mechanisms.arrangements import break_with_allies, closeness_of
from sim.law.orders import Orders
from sim.law.world import GROUP, HOSTS, PEERS, Quarter, Setting, World


@rule
def part_of(n: int, m: int, setting: Setting, p: Parameters) -> float:
    """Part that ally m has in what partner n does with the Alliance: 1 for its usual hosts, `presence` for others."""
    for h in range(HOSTS):
        if setting.hosts[n, h] == m:
            return 1.0
    return p.presence


@rule
def break_faith(setting: Setting, world: World, step: int) -> None:
    """Operations against a state or its kin, and cooperation broken off, as scripted: evidence against, both ways."""
    for n in range(world.role.shape[0]):
        if setting.breach[step, n] > 0.0:
            break_with_allies(n, setting.breach[step, n], setting.returned[step, n], world)


@rule
def belong(setting: Setting, world: World, step: int, p: Parameters) -> None:
    """Where each pair belongs by structure: the base rate of trust, to which a view returns where nothing is done.

    What strangers have, more the more alike two states are; allies, who work together every day outside this model,
    count as twice as alike as can be (`ALLIED`). A live quarrel lowers it. Views of rivals and by rivals stay as
    they are.
    """
    role, base, feuds = world.role, world.base_trust, setting.feuds
    for i in range(role.shape[0]):
        for j in range(role.shape[0]):
            if role[i] == RIVAL or role[j] == RIVAL:
                continue
            allied = role[i] == MEMBER and role[j] == MEMBER
            likeness = ALLIED if allied else setting.likeness[i, j]
            base[i, j] = p.stranger_trust + p.likeness_trust * likeness
    for f in range(feuds.a.shape[0]):
        if feuds.operation[f] == 1 or feuds.start[f] > step or feuds.end[f] <= step:
            continue
        a, b = feuds.a[f], feuds.b[f]
        if role[a] == RIVAL or role[b] == RIVAL:
            continue
        base[a, b] = max(LEAST_TRUST, base[a, b] - QUARREL * feuds.strength[f])
        if feuds.directed[f] == 0:
            base[b, a] = max(LEAST_TRUST, base[b, a] - QUARREL * feuds.strength[f])


@rule
def forget(world: World, p: Parameters) -> None:
    """Old evidence fades: the share `evidence_kept` of it stays each quarter, so views return to their base.

    Evidence follows r' = kept * r + income, so r settles at income / (1 - kept). Rivals keep their views.
    """
    role, kept = world.role, p.evidence_kept
    for i in range(role.shape[0]):
        for j in range(role.shape[0]):
            if role[i] != RIVAL and role[j] != RIVAL:
                world.trust_for[i, j] = kept * world.trust_for[i, j]
                world.trust_against[i, j] = kept * world.trust_against[i, j]


@rule
def listen(i: int, j: int, source: int, share: float, world: World) -> None:
    """State i hears from `source` about j: the source's evidence, discounted by i's trust in the source (Josang 2016).

    What i knows closes the share of its gap to that; where it knows more itself, nothing changes.
    """
    heeded = trust_in(i, source, world)
    good = heeded * world.trust_for[source, j] - world.trust_for[i, j]
    bad = heeded * world.trust_against[source, j] - world.trust_against[i, j]
    world.trust_for[i, j] += share * max(0.0, good)
    world.trust_against[i, j] += share * max(0.0, bad)


@rule
def hear(setting: Setting, world: World, p: Parameters) -> None:
    """Hearsay: partners hear about allies from their peers, allies about partners from the allies that host them.

    Kinne 2018: ties of shared partners carry information. How allies stand among themselves tells nobody anything.
    """
    role, framework = world.role, world.framework
    for n in range(role.shape[0]):
        if role[n] != PARTNER or framework[n] < 0:
            continue
        for h in range(PEERS):
            peer = setting.peers[n, h]
            if peer >= 0 and role[peer] == PARTNER and framework[peer] == framework[n]:
                for m in range(role.shape[0]):
                    if role[m] == MEMBER:
                        listen(n, m, peer, p.hearsay / PEERS, world)
        for h in range(HOSTS):
            host = setting.hosts[n, h]
            if host >= 0 and role[host] == MEMBER:
                for m in range(role.shape[0]):
                    if role[m] == MEMBER and m != host:
                        listen(m, n, host, p.hearsay / HOSTS, world)


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
    n, grave = incidents.state[at], incidents.severity[at] / GRAVE
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
        missed = doubt * gap * min(2.0, severity / GRAVE)
        for m in range(world.role.shape[0]):
            if world.role[m] == MEMBER and m != n:
                weight = loss_weight(trust_in(n, m, world), p.asymmetry) * part_of(n, m, setting, p)
                trust_against[n, m] += missed * weight


@rule
def count_on(world: World, orders: Orders, p: Parameters, quarter: Quarter) -> None:
    """Expectation (N,) of help rises with closeness faster than commitments do, and with words.

    closeness: (N,) 0 to 1 from engagement, arrangements and track; members hold a guarantee and expect in full.
    """
    expectation, closeness = world.expectation, quarter.work.closeness
    words = 1.0 + PROMISING_WORDS * orders.levers.communication
    for n in range(expectation.shape[0]):
        wish = 1.0 if world.role[n] == MEMBER else clip(p.promise * closeness[n] * words, 0.0, 1.0)
        expectation[n] += (1.0 - p.memory) * (wish - expectation[n])


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
    """Partners that get less help than the mean over all partners resent it, and a programme cut below what was planned
    (`scale`) is a promise not kept.
    """
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
            hold_against_hosts(n, p.resentment * (short + 1.0 - world.scale[0]), setting, world)


@rule
def trust_in_hosts(n: int, setting: Setting, world: World) -> float:
    """How far state n trusts the allies it works with: mean expected trust in its hosts; 0.5 where it has none."""
    total = 0.0
    count = 0
    for h in range(HOSTS):
        m = setting.hosts[n, h]
        if m >= 0 and world.role[m] == MEMBER:
            total = total + trust_in(n, m, world)
            count += 1
    return total / count if count > 0 else 0.5


@rule
def trust_moves(
    setting: Setting, world: World, orders: Orders, step: int, p: Parameters, quarter: Quarter) -> None:  # fmt: skip
    """Mechanism 7, beside what crises and activities did to trust."""
    break_faith(setting, world, step)
    enter(BY_BREACHES, world, quarter)
    belong(setting, world, step, p)
    forget(world, p)
    enter(BY_FORGETTING, world, quarter)
    hear(setting, world, p)
    enter(BY_HEARSAY, world, quarter)
    closeness_of(quarter.work.engagement, world.arrangement, world.track, quarter.work.closeness)
    count_on(world, orders, p, quarter)
    envy(setting, world, step, p, quarter)
    resent(setting, world, p, quarter)
    enter(BY_ENVY, world, quarter)
