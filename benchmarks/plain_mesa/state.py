"""What all states are (ODD 2.1, 2.2): a Mesa agent that holds its own state in plain numbers, lists and dicts."""

from typing import TYPE_CHECKING

import mesa

from benchmarks.plain_mesa.cast import Feud, Region
from benchmarks.plain_mesa.forms import clip, expected, sqrt
from sim.declare.names import LET_PASS
from sim.runs.build import Built

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel

FIXED = (
    "entity", "focus", "weight", "wealth", "purse", "nonaligned", "base_will", "custom", "ideal", "waiting", "invited",
    "join_step", "join_framework", "front", "south", "south_interest", "native", "bloc", "proximity", "likeness",
)  # fmt: skip
MOVING = (
    "framework", "capability", "kit", "interoperability", "will", "legitimacy", "readiness", "fatigue", "tilt",
    "expectation", "warning", "asked", "perceived", "backlog", "plan", "plan_domain", "plan_agreed", "arrangement",
    "track", "track_since", "last_war", "suspended_until", "goodwill", "voice", "exercised", "deployed", "coercion",
    "propaganda", "wedge", "offer", "spill", "income",
)  # fmt: skip


class State(mesa.Agent):
    """What all states are. Attributes are those of ODD 2.1 and 2.2, as plain numbers, lists and dicts."""

    model: "PlainPartnershipModel"
    # What the scenario fixes and what moves; set by name from FIXED and MOVING.
    entity: int
    focus: int
    weight: float
    wealth: float
    purse: float
    nonaligned: float
    base_will: float
    custom: float
    ideal: float
    waiting: int
    invited: int
    join_step: int
    join_framework: int
    front: float
    south: float
    south_interest: float
    native: list[float]
    bloc: int
    proximity: list[float]  # by row of the other state
    likeness: list[float]
    framework: int
    capability: list[float]  # by domain
    kit: list[float]
    interoperability: list[float]  # by dimension
    will: float
    legitimacy: float
    readiness: float
    fatigue: float
    tilt: float
    expectation: float
    warning: float
    asked: list[float]  # by activity
    perceived: list[float]  # by kind of threat
    backlog: list[float]
    plan: list[float]
    plan_domain: list[float]
    plan_agreed: int
    arrangement: list[int]
    track: int
    track_since: int
    last_war: int
    suspended_until: int
    goodwill: float
    voice: float
    exercised: float
    deployed: float
    coercion: float
    propaganda: float
    wedge: float
    offer: float
    spill: list[float]
    income: float

    def __init__(self, model: "PlainPartnershipModel", built: Built, row: int, region: Region) -> None:
        super().__init__(model)
        self.row, self.code, self.region = row, built.codes[row], region
        region.states.append(self)
        for name in FIXED:
            setattr(self, name, getattr(built.setting, name)[row].tolist())
        for name in MOVING:
            setattr(self, name, getattr(built.world, name)[row].tolist())
        self.control, self.governance = built.world.institutions[row].tolist()
        self.aspirations: list[float] = built.setting.aspiration[:, row].tolist()  # by quarter
        self.nearness = [sqrt(near) for near in self.proximity]
        # Ties to other states, filled when all states are there.
        self.trust: dict[State, list[float]] = {}  # evidence for, evidence against, base
        self.hosts: list[State] = []  # members that it mostly works with
        self.peers: list[State] = []
        self.feuds: list[Feud] = []
        self.ratified_by: set[State] = set()
        self.turned_down = bool(built.world.refused[row])
        # Proposed by the staff, ordered by the state, and what happened in the quarter.
        activities, kinds = len(self.asked), len(self.perceived)
        self.share = 0.0
        self.estimate: list[float] = []
        self.proposed = [0.0] * activities
        self.proposed_domains = [0.0] * len(self.capability)
        self.stance = [LET_PASS] * 4
        self.request = [0.0] * activities
        self.lead = self.pledge = self.troops = self.accept = 0.0
        self.amount = 1.0
        self.applies = False
        self.apart = False
        self.requested = [0.0] * activities
        self.refused: dict[int, int] = {}  # reason by activity
        self.done = [0.0] * activities
        self.effect = [0.0] * activities
        self.severity = [0.0] * kinds
        self.harm = [0.0] * kinds
        self.abilities: dict[int, float] = {}
        self.attributed = [False] * kinds
        self.load = self.delivered = 0.0
        self.paid = self.from_lead = self.from_trust = self.from_fund = 0.0
        self.engagement = self.help_given = 0.0
        self.leaked = False
        self.lost = 0.0

    def meet(self, built: Built) -> None:
        """Learn who the others are: trust, usual allies and peers."""
        states, world = self.model.rows, built.world
        views = (world.trust_for, world.trust_against, world.base_trust)
        self.trust = dict(zip(states, map(list, zip(*(view[self.row].tolist() for view in views)))))
        self.hosts = [states[m] for m in built.setting.hosts[self.row].tolist() if m >= 0]
        self.peers = [states[m] for m in built.setting.peers[self.row].tolist() if m >= 0]

    @property
    def suspended(self) -> bool:
        """Whether cooperation is closed."""
        return self.suspended_until > self.model.quarter

    @property
    def aspires(self) -> float:
        """Aspiration as declared in this quarter."""
        return self.aspirations[self.model.quarter]

    @property
    def settled(self) -> bool:
        """Whether its last war and its last dispute over territory are long enough ago."""
        return self.model.quarter - self.last_war >= self.model.p.war_memory

    @property
    def merit(self) -> float:
        """`candidate_merit`: interoperability and institutions in equal parts."""
        return 0.5 * self.level + 0.25 * (self.control + self.governance)

    @property
    def level(self) -> float:
        """Mean of the three dimensions of interoperability."""
        technical, procedural, human = self.interoperability
        return (technical + procedural + human) / 3.0

    @property
    def capability_score(self) -> float:
        """Mean over domains of capability with kit."""
        total = 0.0
        for own, kit in zip(self.capability, self.kit):
            total += clip(own + kit, 0.0, 1.0)
        return total / len(self.capability)

    @property
    def money(self) -> float:
        """Its purse for cooperation in this quarter."""
        return self.model.p.partner_purse * self.purse * self.income * self.model.budget

    def engaged(self) -> float:
        """`engagement_of`: places of the last year against a full programme of about 20."""
        return 0.0 if self.framework < 0 else clip(self.exercised / 20.0, 0.0, 1.0)

    def trust_in_hosts(self) -> float:
        """Mean expected trust in its hosts; 0.5 where it has none."""
        total = 0.0
        for host in self.hosts:
            total += expected(self.trust[host])
        return total / len(self.hosts) if self.hosts else 0.5

    def pledge_of(self) -> float:
        """Share of forces that readiness, fatigue and tension at home leave for others."""
        return clip(self.readiness * (1.0 - self.fatigue) * (1.0 - 0.4 * self.region.tension), 0.0, 1.0)

    def decide(self) -> None:
        """Fill this quarter's orders."""

    def credible_force(self, near: float) -> float:
        """What a rival counts against itself."""
        return 0.0
