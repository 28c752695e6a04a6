"""What stays (`Setting`) and what moves (`World`), as named tuples of arrays.

Axes: N states, D domains, K threat kinds, A activities, T threats (scenario entries), R regions, F frameworks,
V rivals, P feuds (pairs of states with a quarrel), L step labels of the horizon. Scores lie in [0, 1] unless said.
Money is EUR million a quarter. A date is a step number; NEVER stands for "not at all".
"""

from typing import Final, NamedTuple

import numpy as np

from sim.declare.names import ACTIVITIES, DOMAINS, ITEMS, PURSES, REGIONS, THREAT_KINDS
from sim.law.compiled import Floats, Ints

NEVER: Final = 1_000_000
HOSTS: Final = 5  # allies that a partner mostly works with
PEERS: Final = 4  # nearest other states in its own framework, met at multinational events
GROUP: Final = 6  # responders in one grouping at most
INCIDENTS: Final = 256  # incidents kept in one quarter at most


class Menu(NamedTuple):
    """The columns of `sim/declare/activities.py`, each (A,). `open` is (F, A): 1 where a framework offers it."""

    typical: Floats
    cost: Floats
    national: Floats
    hours: Floats
    burden: Floats
    gain: Floats  # (A, 3) by dimension
    capability: Floats
    institutions: Floats
    evidence: Floats
    legitimacy: Floats
    provocation: Floats
    warning: Floats
    lag: Floats
    joint: Floats
    is_exercise: Floats
    rests_on_kit: Floats
    exposes: Floats
    informs: Floats
    is_aid: Floats
    instrument: Ints
    domain: Ints  # -1 where the partner's plan says
    open: Floats


class Kinds(NamedTuple):
    """The columns of `sim/declare/threat_kinds.py`, each (K,); `answered_by` is (K, D)."""

    answered_by: Floats
    people: Floats
    capability: Floats
    legitimacy: Floats
    cohesion: Floats
    trust: Floats
    tension: Floats
    warning: Floats
    attribution: Floats
    channel: Ints
    spread: Floats
    driver: Ints


class Threats(NamedTuple):
    """The scenario's threats. (T,) but for `rate` (T, N) a quarter and `schedule` (T, L), a multiplier by step."""

    label: Ints
    kind: Ints
    arrival: Ints
    rate: Floats
    schedule: Floats
    tail: Floats
    least: Floats  # smallest severity
    cap: Floats
    end: Floats  # probability that an active spell ends in a quarter (two_state)
    branching: Floats  # expected follow-on arrivals of one arrival (self_exciting)


class Feuds(NamedTuple):
    """Dated quarrels between two states, each (P,). `directed` is 1 where only `a` holds it against `b`."""

    a: Ints
    b: Ints
    strength: Floats
    start: Ints
    end: Ints
    directed: Ints
    operation: Ints  # 1 where the quarrel is about one operation only


class Setting(NamedTuple):
    """What a scenario fixes. (N,) unless said."""

    entity: Ints
    focus: Ints  # 1 where the scenario's question is about the state
    region: Ints
    weight: Floats  # force size, square root of military spending, United States about 2.9
    wealth: Floats  # 0 poor to 1 rich, from GDP a head
    purse: Floats  # a partner's own money for cooperation
    nonaligned: Floats
    aspiration: Floats  # (L, N) 1 declared, 0.5 contested, 0 none
    base_will: Floats
    custom: Floats  # log of exercises in the five years before the start, less the mean over partners; 0 if not known
    ideal: Floats  # UN General Assembly ideal point
    proximity: Floats  # (N, N) exp(-distance / 1,500 km)
    likeness: Floats  # (N, N) 0 to 1, from positions, regimes and shared memberships
    nearness: Floats  # (N, N) its square root: how much of a force reaches the state that it helps
    hosts: Ints  # (N, HOSTS) rows of states, -1 where none
    peers: Ints  # (N, PEERS)
    bloc: Ints  # -1 where none
    waiting: Ints  # framework that an outsider may join, -1 where none
    invited: Ints  # 1 where the framework stands open and the outsider may sign by itself
    join_step: Ints  # step at which the script lets a state join a framework, NEVER where none
    join_framework: Ints
    rivals: Ints  # (V,) rows of states
    rival_budget: Floats  # (V,) effort units a quarter
    rival_moves: Floats  # (V, MOVES) leaning towards each move
    rival_reach: Floats  # (V, N) how far a rival's moves reach a state
    reach_region: Floats  # (V, R) mean reach over a region's states
    front: Floats  # closeness to the strongest rival, 0 to 1
    south: Floats  # 1 in the southern regions
    south_interest: Floats  # of members: southern share of what lies near them
    native: Floats  # (N, D) capability that a state sustains by itself
    arrangement_from: Ints  # (ARRANGEMENTS,) step at which each arrangement exists
    action_plan_from: int  # step at which the Membership Action Plan exists
    budget: Floats  # (L,) multiplier on every purse
    mission: Floats  # (L,) demand for troops of NATO-led missions, in force weights
    mission_danger: Floats  # (L,)
    shock: Floats  # (L, N, K) scripted severities
    upheaval: Floats  # (L, N) scripted change of civilian control
    breach: Floats  # (L, N) scripted evidence of a state against the allies
    returned: Floats  # (L, N) and of the allies against it
    start_quarter: int
    menu: Menu
    kinds: Kinds
    threats: Threats
    feuds: Feuds


class World(NamedTuple):
    """What moves. (N,) unless said. `advance` changes these arrays in place; `copy_world` keeps the past."""

    role: Ints
    framework: Ints
    capability: Floats  # (N, D)
    kit: Floats  # (N, D) capability that rests on delivered equipment and needs upkeep
    interoperability: Floats  # (N, 3)
    institutions: Floats  # (N, 2)
    will: Floats
    legitimacy: Floats
    readiness: Floats
    fatigue: Floats
    tilt: Floats  # leaning towards a rival's offer
    expectation: Floats  # help that a state counts on
    warning: Floats
    asked: Floats  # (N, A) places a partner asked for, smoothed
    perceived: Floats  # (N, K) threat as felt, severity points a quarter
    backlog: Floats  # (N, A) places done whose effect is still to come
    plan: Floats  # (N, A) places a quarter in the partner's tailored programme
    plan_domain: Floats  # (N, D) domains that its capacity building aims at
    plan_agreed: Ints  # step of the last agreement
    arrangement: Ints  # (N, ARRANGEMENTS) step since which it is held, NEVER where not
    track: Ints
    track_since: Ints
    refused: Ints  # 1 while the Council has refused a candidate and an ally still objects
    last_war: Ints  # step of the last quarter at war or in a quarrel over territory
    ratified: Ints  # (N, N) row: candidate; column: ally that has ratified
    suspended_until: Ints
    goodwill: Floats  # of members: what they can spend on objections
    voice: Floats
    exercised: Floats  # training load of the last year, for anticipation and fatigue
    deployed: Floats
    trust_for: Floats  # (N, N) Beta evidence: row trusts column
    trust_against: Floats  # (N, N)
    base_trust: Floats  # (N, N) trust to which a view returns where nothing is done together
    misperception: Floats  # (P,)
    tension: Floats  # (R,)
    hostility: Floats  # (V,) the rival's side of the arms dynamic
    pressure: Floats  # (V,) the Alliance as that rival feels it
    coercion: Floats  # (N,) hybrid pressure that rivals put on a state
    propaganda: Floats  # (N,)
    wedge: Floats  # (N,) pressure on members to break silence
    offer: Floats  # (N,) a rival's standing offer without conditions
    active: Ints  # (T, N)
    excitement: Floats  # (T, N)
    spill: Floats  # (N, K) severity that spread from elsewhere
    item_wait: Ints  # (ITEMS,) quarters that an item has been held up
    scale: Floats  # (1,) share of the planned programme that the Council has agreed
    mandate: Ints  # (1,) 1 while the Council lets the Alliance answer for partners
    cohesion: Floats  # (1,)
    council: Floats  # (3,) items settled, items on the agenda, quarters waited, since the start
    bloc_cohesion: Floats  # (BLOCS,)
    income: Floats  # (N,) budget cycle, a multiplier on the purse


class Incidents(NamedTuple):
    """The quarter's incidents in the order in which they were answered; `number` of them is (1,)."""

    number: Ints
    state: Ints
    kind: Ints
    severity: Floats
    harm: Floats
    own: Floats  # effort of the state itself
    group: Ints  # (INCIDENTS, GROUP) responders, -1 where none
    effort: Floats  # (INCIDENTS, GROUP)
    wanted: Floats  # share of the wanted help that could not be given


class Work(NamedTuple):
    """Room to work in within a quarter, (N,) unless said; nothing in it outlasts the mechanism that uses it."""

    luck: Floats  # (T, N)
    driven: Floats  # (N, 4)
    local: Floats
    level: Floats  # (N, D)
    skill: Floats  # (N, K)
    most: Floats  # (N, K)
    taught: Floats  # (N, 2)
    own_level: Floats
    engagement: Floats
    help_given: Floats
    closeness: Floats
    heat: Floats  # (R,)
    money: Floats
    felt: Floats
    trust: Floats
    lent: Floats


class Ledger(NamedTuple):
    """What changed each score, by cause; without rows where nobody asked for it."""

    contributions: Floats  # (CAUSES, SCORES, N), or (0, 0, 0)
    before: Floats  # (SCORES + 1, N) scores before the rule at hand, and a row to work in


class Quarter(NamedTuple):
    """What happened in the quarter just advanced. (N,) unless said; set to zero at its start."""

    arrivals: Ints  # (T, N)
    severity: Floats  # (N, K) as it arose, before anybody answered
    harm: Floats  # (N, K) what was left
    attributed: Ints  # (N, K)
    delivered: Floats  # help that came, as a share of what was counted on
    requested: Floats  # (N, A) places asked for
    done: Floats  # (N, A) places carried out
    effect: Floats  # (N, A) places that took effect
    spent: Floats  # (N, PURSES)
    leaked: Ints
    lost: Floats  # losses in missions
    decided: Ints  # (ITEMS,) -1 not on the agenda, 0 held up, 1 amended, 2 agreed
    target: Ints  # (ITEMS,) the state that an item is about
    refused: Ints  # (N, A)
    apart: Ints  # 1 where an ally opted out of answering for partners
    load: Floats  # share of a responder's pledge used up
    hours: Floats  # (2,) staff hours wanted and used
    incidents: Incidents
    ledger: Ledger
    work: Work


def copy_world(world: World) -> World:
    """An independent copy of every array."""
    return World._make(array.copy() for array in world)


def new_quarter(states: int, threats: int, ledger: Ledger | None = None) -> Quarter:
    """An empty record of a quarter for `states` states and `threats` scenario threats."""
    n, k, a = states, len(THREAT_KINDS), len(ACTIVITIES)

    def f(*shape: int) -> Floats:
        return np.zeros(shape, dtype=np.float64)

    def i(*shape: int) -> Ints:
        return np.zeros(shape, dtype=np.int64)

    return Quarter(
        arrivals=i(threats, n), severity=f(n, k), harm=f(n, k), attributed=i(n, k), delivered=f(n), requested=f(n, a),
        done=f(n, a),
        effect=f(n, a), spent=f(n, len(PURSES)), leaked=i(n), lost=f(n), decided=i(len(ITEMS)), target=i(len(ITEMS)),
        refused=i(n, a), apart=i(n), load=f(n), hours=f(2),
        incidents=Incidents(
            i(1), i(INCIDENTS), i(INCIDENTS), f(INCIDENTS), f(INCIDENTS), f(INCIDENTS), i(INCIDENTS, GROUP),
            f(INCIDENTS, GROUP), f(INCIDENTS),
        ),
        ledger=ledger or Ledger(f(0, 0, 0), f(0, 0)),
        work=Work(
            luck=f(threats, n), driven=f(n, 4), local=f(n), level=f(n, len(DOMAINS)), skill=f(n, k),
            most=f(n, k), taught=f(n, 2), own_level=f(n), engagement=f(n), help_given=f(n),
            closeness=f(n), heat=f(len(REGIONS)), money=f(n), felt=f(n), trust=f(n), lent=f(n),
        ),
    )  # fmt: skip
