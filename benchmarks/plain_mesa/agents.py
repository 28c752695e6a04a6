"""What states decide (ODD 7.4) as members, partners and rivals.

A state that accedes stays the same agent and becomes a `MemberState`, so that whoever trusts it still does.
"""

from typing import TYPE_CHECKING

from benchmarks.plain_mesa.cast import Region
from benchmarks.plain_mesa.forms import clip, exp, logistic
from benchmarks.plain_mesa.state import State
from sim.declare.names import (
    ALLY,
    AMEND,
    ASPIRANT,
    COERCION,
    COUNTER_OFFER,
    DISINFORM,
    INVITED,
    JOINT_DECISION,
    LET_PASS,
    MANDATE,
    OBJECT,
    OUTREACH,
    PROGRAMME,
    RESTRAINT,
    SNAP_EXERCISE,
    STATUS,
    TRANSPARENCY_OFFER,
    WEDGE,
)
from sim.law.draws import RIVAL_CHOICE, UPTAKE
from sim.runs.build import Built

if TYPE_CHECKING:
    from benchmarks.plain_mesa.model import PlainPartnershipModel

CYBER_ATTACK, DISINFORMATION = 1, 3


class Quarrelsome(State):
    """A state that may speak in the Council, and brings its quarrels along."""

    def quarrel_with(self, about: "State | None") -> float:
        """The strongest live feud with a state, or over an operation (None)."""
        worst = 0.0
        for feud in self.feuds:
            if feud.strength <= worst or not feud.live(self.model.quarter):
                continue
            if feud.operation:
                concerned = about is None and feud.a is self
            else:
                mutual = not feud.directed and feud.b is self and feud.a is about
                concerned = mutual or (feud.a is self and feud.b is about)
            if concerned:
                worst = feud.strength
        return worst

    def quarrel_over_programme(self) -> float:
        """The gravest live feud with a partner, by that partner's share of the programme against the largest."""
        worst, largest = 0.0, max((partner.share for partner in self.model.partners), default=0.0)
        for feud in self.feuds:
            if feud.live(self.model.quarter) and not feud.operation and (feud.a is self or not feud.directed):
                other = feud.b if feud.a is self else feud.a
                worst = max(worst, feud.strength * other.share)
        return worst / largest if largest > 0.0 else 0.0


class MemberState(Quarrelsome):
    """An ally."""

    def decide(self) -> None:
        """`decide_member`: a stance on each item of the agenda, lead money, forces pledged and sent."""
        model, p, staff = self.model, self.model.p, self.model.alliance
        self.amount = 1.0
        for i, about in enumerate(staff.agenda):
            self.stance[i] = LET_PASS
            if about is not None:
                utility, burden = self.utility_of(i, about), self.burden if i == PROGRAMME else 0.0
                best = utility + (1.0 - p.least_amended) * burden
                if best < p.object_below and self.goodwill >= p.objection_price:
                    self.stance[i] = OBJECT
                elif utility < p.amend_below:
                    self.stance[i] = AMEND
                if i == PROGRAMME and utility < p.amend_below:
                    cut = (p.amend_below - utility) / burden if burden > 0.0 else 1.0
                    self.amount = max(p.least_amended, 1.0 - cut)
        income = self.income * model.budget * min(1.0, staff.levers.envelope / 60.0)
        rate = p.lead_rate * self.weight * clip(self.readiness, 0.0, 1.0) * self.legitimacy
        self.lead = rate * (0.5 + staff.cohesion) * income
        self.pledge = self.pledge_of()
        self.troops = clip(self.readiness * (1.0 - self.fatigue), 0.0, 1.0)
        self.accept, self.applies = 0.0, False

    @property
    def burden(self) -> float:
        """`burden_of`: what it dislikes about where the programme leans, and about its sum."""
        model, staff = self.model, self.model.alliance
        squeeze = 1.0 / (model.budget * self.income)
        lean = abs(staff.lean - self.south_interest)
        return model.p.position_spread * (0.7 * lean + 0.0008 * staff.levers.envelope * squeeze)

    def utility_of(self, item: int, about: State) -> float:
        """What it thinks of an item, by flank, quarrels, money and ideal point."""
        p, staff = self.model.p, self.model.alliance
        levers, spread = staff.levers, self.model.p.position_spread
        base = 0.55 + 0.3 * (staff.cohesion - 0.5)
        wedge = p.wedge_weight * self.wedge
        if item == PROGRAMME:
            quarrel = 0.3 * p.quarrel_weight * self.quarrel_over_programme()
            return base - spread * quarrel - wedge - self.burden
        if item == MANDATE:
            quarrel = p.quarrel_weight * self.quarrel_with(None)
            return base - spread * (0.5 * staff.mean_tension * (1.0 - self.front) + quarrel) - wedge
        quarrel = p.quarrel_weight * self.quarrel_with(about)
        if item == OUTREACH:
            return base - spread * (quarrel + 0.3 * (1.0 - self.south_interest)) - wedge
        assert item == STATUS
        caution = about.front * (1.0 - self.front) * (1.0 - 0.25 * clip(self.ideal, 0.0, 3.0))
        gain = base + 0.6 * (about.merit - 0.5)
        return gain - spread * (1.1 * caution + quarrel) - wedge - 0.2 * (levers.open_door - 0.5)

    def credible_force(self, near: float) -> float:
        """Ready forces, wherever they are."""
        return self.weight * self.readiness


class PartnerState(Quarrelsome):
    """A partner, or an outsider that is in no framework."""

    def decide(self) -> None:
        """`decide_partner`: places asked for, offers taken, forces, and whether it applies."""
        model, levers = self.model, self.model.alliance.levers
        trust, aspiration = self.trust_in_hosts(), self.aspires
        self.ask(self.appetite(trust, aspiration), aspiration)
        self.accept = 0.0
        if self.offer > 0.0:
            refused = levers.conditionality * (1 - self.control)
            self.accept = logistic(2.0 * refused - 2.0 * aspiration - 2.0 * (self.will - 0.4) - 2.0 * (trust - 0.5))
        self.pledge = 0.6 * self.will * self.pledge_of()
        x = 3.0 * (self.will - 0.6) + 2.0 * (trust - 0.5) + 1.2 * aspiration - 2.0 * self.fatigue
        self.troops = logistic(x - 0.5 * self.nonaligned) * clip(0.3 + self.weight, 0.0, 1.0)
        self.applies = aspiration * (0.4 + self.will) * (0.5 + self.legitimacy) > 0.35
        if levers.decision_mode == JOINT_DECISION:
            for i, about in enumerate(model.alliance.agenda):
                self.stance[i] = LET_PASS
                if about is not None:
                    other = None if i == MANDATE else about
                    quarrel = self.quarrel_over_programme() if i == PROGRAMME else self.quarrel_with(other)
                    self.stance[i] = OBJECT if quarrel >= 0.5 else LET_PASS

    def appetite(self, trust: float, aspiration: float) -> float:
        """How much it wants to do, as the exponent of a logistic choice."""
        p = self.model.p
        felt = 0.0
        for points in self.perceived:
            felt += points
        x = p.will_pull * (self.will - 0.5) + p.trust_pull * (trust - 0.5) + 0.8 * (self.legitimacy - 0.5)
        x += p.threat_pull * clip(felt / 4.0, 0.0, 1.0)
        if self.track < INVITED:
            x += p.aspiration_pull * aspiration
        elif self.track < ALLY:
            x += 0.5 * p.aspiration_pull * aspiration
        x = x - p.condition_push * self.tilt - 0.5 * self.coercion * (1.0 - aspiration)
        x -= p.condition_push * self.model.alliance.levers.conditionality * (1.0 - self.control)
        return x - self.fatigue + 0.8 * (self.model.draw(UPTAKE, self.entity) - 0.5)

    def ask(self, drive: float, aspiration: float) -> None:
        """`wish`: a logistic share of what is typical and on offer, activity by activity."""
        model = self.model
        digital = clip(0.3 * (self.perceived[CYBER_ATTACK] + self.perceived[DISINFORMATION]), 0.0, 1.0)
        aversion, profile = model.p.aversion, 0.3 + 0.7 * model.alliance.levers.warfighting
        shy, poor, eager = self.nonaligned + 0.5 * self.front, 0.4 * (1.0 - self.wealth), 1.2 + 0.6 * aspiration
        plan, request, habit = self.plan, self.request, model.p.custom_pull * self.custom
        for a, activity in enumerate(model.menu):
            x = drive - aversion * activity.provocation * profile * shy
            if activity.is_exercise:
                x += habit
            if activity.informs:
                x += digital
            if activity.is_aid:
                x += poor
            request[a] = (0.5 * activity.typical + plan[a]) * logistic(x) * eager

    def credible_force(self, near: float) -> float:
        """Counts within reach, as far as it fits and is willing."""
        return 2.0 * self.weight * self.readiness * self.level * self.will if near > 0.0 else 0.0

    def accede(self) -> None:
        """Become an ally: the same agent, from now on of the other class."""
        self.model.deregister_agent(self)
        self.__class__ = MemberState
        self.model.register_agent(self)
        self.track, self.track_since, self.framework = ALLY, self.model.quarter, -1
        self.request, self.share = [0.0] * len(self.request), 0.0
        self.model.sort_by_role()


class Rival(State):
    """A rival: a state that is no partner, and an actor with effort to spend."""

    def __init__(self, model: "PlainPartnershipModel", built: Built, row: int, region: Region) -> None:
        super().__init__(model, built, row, region)
        v = built.setting.rivals.tolist().index(row)
        self.effort_budget: float = built.setting.rival_budget[v].tolist()
        self.leanings: list[float] = built.setting.rival_moves[v].tolist()
        self.reach: list[float] = built.setting.rival_reach[v].tolist()  # by row of the state
        self.reach_region: list[float] = built.setting.reach_region[v].tolist()
        self.hostility: float = built.world.hostility[v].tolist()
        self.pressure: float = built.world.pressure[v].tolist()
        self.move = [0.0] * len(self.leanings)
        self.target: State = self

    def decide(self) -> None:
        """`decide_rival`: effort on each move by one softmax, and the state leaned on."""
        model, reach = self.model, self.reach
        uptake = near = force = 0.0
        for state in model.rows:
            here = reach[state.row]
            if isinstance(state, PartnerState):
                uptake += state.engaged() * here
                near += here
            force += state.credible_force(here)
        cohesion = model.alliance.cohesion
        ours = force * cohesion
        theirs = 4.0 * self.weight * (0.5 + self.hostility)
        deterrence = ours / (ours + theirs) if ours > 0.0 else 0.0
        self.spend_effort(deterrence, uptake / near if near > 0.0 else 0.0, cohesion)
        self.lean_on()

    def spend_effort(self, deterrence: float, uptake: float, cohesion: float) -> None:
        """`weigh_moves` and `spend_effort`: payoffs, and the budget divided by their exponents."""
        p, hostility, pressure = self.model.p, self.hostility, self.pressure
        payoff = list(self.leanings)
        payoff[COERCION] = payoff[COERCION] + 1.5 * hostility - p.deterrence_effect * (deterrence - 0.5)
        payoff[COUNTER_OFFER] += 1.5 * uptake
        payoff[DISINFORM] += 1.0 * hostility
        payoff[SNAP_EXERCISE] += 2.0 * pressure
        payoff[WEDGE] = payoff[WEDGE] + 1.0 * hostility + 0.5 * (0.7 - cohesion)
        payoff[TRANSPARENCY_OFFER] += 1.0 * (0.4 - hostility)
        payoff[RESTRAINT] += 2.0 * (0.4 - pressure)
        weights = [exp(x * p.rival_sharpness) for x in payoff]
        total = 0.0
        for weight in weights:
            total += weight
        self.move = [self.effort_budget * weight / total for weight in weights]

    def lean_on(self) -> None:
        """The partner within reach that is closest to the Alliance; candidates draw most of it."""
        best, self.target = -1.0, self
        for state in self.model.partners:
            near = self.reach[state.row]
            if near <= 0.0:
                continue
            pull = 0.3 + state.engaged()
            if ASPIRANT <= state.track < ALLY:
                pull += self.model.p.candidate_pull
            pull = near * pull * (0.6 + 0.8 * self.model.draw(RIVAL_CHOICE, state.entity, self.entity))
            if pull > best:
                best, self.target = pull, state
