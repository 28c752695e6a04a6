"""The NATO staff and what all allies share (ODD 7.4, the staff): plans for partners, and the Council's agenda."""

from typing import TYPE_CHECKING

import mesa

from benchmarks.plain_mesa.accession import next_stage, ratifying
from benchmarks.plain_mesa.cast import Levers
from benchmarks.plain_mesa.forms import clip, power
from sim.declare.activities import ACTIVITY
from sim.declare.names import MANDATE, OUTREACH, PROGRAMME, STATUS
from sim.law.draws import ESTIMATE
from sim.runs.build import Built

if TYPE_CHECKING:
    from benchmarks.plain_mesa.agents import PartnerState
    from benchmarks.plain_mesa.model import PlainPartnershipModel
    from benchmarks.plain_mesa.state import State


class Alliance(mesa.Agent):
    """The staff with its levers, and the Council with its cohesion."""

    model: "PlainPartnershipModel"

    def __init__(self, model: "PlainPartnershipModel", built: Built, levers: Levers) -> None:
        super().__init__(model)
        self.levers = levers
        self.cohesion: float = built.world.cohesion[0].tolist()
        self.scale: float = built.world.scale[0].tolist()
        self.mandate = bool(built.world.mandate[0])
        self.item_wait: list[int] = built.world.item_wait.tolist()
        self.bloc_cohesion: list[float] = built.world.bloc_cohesion.tolist()
        self.agreed, self.on_agenda, self.held_up = built.world.council.tolist()
        self.agenda: list[State | None] = [None] * 4
        self.welcome: list[PartnerState] = []  # candidates of the summit, and those whom an ally would object to
        self.contested: list[PartnerState] = []
        self.decided = [-1] * 4
        self.lean = 0.0
        self.mean_tension = 0.0
        self.hours_wanted = self.hours_used = 0.0

    def decide(self) -> None:
        """`decide_alliance`: the programme, then the agenda."""
        model, p, levers = self.model, self.model.p, self.levers
        self.share_out()
        money = 0.25 * levers.envelope * model.budget * (1.0 - p.outreach_cost * levers.outreach)
        mix = self.activity_mix()
        self.lean = 0.0
        for partner in model.partners:
            self.propose_plan(partner, mix, money)
            self.lean += partner.share * partner.south
        emergency = any(severity >= 40.0 for _, _, severity in model.shocks.get(model.quarter, ()))
        self.set_agenda((model.start_quarter + model.quarter) % 4, emergency)
        self.mean_tension = 0.0
        for region in model.regions:
            self.mean_tension += region.tension / len(model.regions)

    def activity_mix(self) -> list[float]:
        """Share of the envelope for each activity: the split over instruments, then typical places within each."""
        levers = self.levers
        mix, totals = [], [0.0] * len(levers.split)
        for a, activity in enumerate(self.model.menu):
            weight = activity.typical * activity.cost
            if a == ACTIVITY.live_exercise:
                weight *= 0.4 + 1.2 * levers.size
            elif activity.is_exercise:
                weight *= 1.6 - 1.2 * levers.size
            elif activity.rests_on_kit:
                weight = weight * 2.0 * levers.equipment
            elif a in (ACTIVITY.expertise, ACTIVITY.technical_skills):
                weight = weight * 2.0 * (1.0 - levers.equipment)
            elif a == ACTIVITY.strategic_communication:
                weight *= 0.3 + 2.0 * levers.communication
            mix.append(weight)
            totals[activity.instrument] += weight
        for a, activity in enumerate(self.model.menu):
            total = totals[activity.instrument]
            mix[a] = 0.0 if total <= 0.0 else levers.split[activity.instrument] * mix[a] / total
        return mix

    def estimate(self, partner: "PartnerState") -> list[float]:
        """`estimate_threats`: threat as the partner feels it, with noise."""
        model, noise = self.model, self.model.p.estimate_noise
        return [
            felt * max(0.0, 1.0 + noise * (model.draw(ESTIMATE, partner.entity, k) - 0.5) * 2.0) + 0.02
            for k, felt in enumerate(partner.perceived)
        ]

    def share_out(self) -> None:
        """`partner_shares`: shares of the envelope by need, merit, threat, requests and focus."""
        levers, menu = self.levers, self.model.menu
        equal, need, merit, threat = levers.rule
        total = 0.0
        for partner in self.model.partners:
            partner.share = 0.0
            if partner.framework < 0 or partner.suspended:
                continue
            partner.estimate = self.estimate(partner)
            felt = 0.0
            for points in partner.estimate:
                felt += points
            level = 0.0
            for own in partner.capability:
                level += own
            level /= len(partner.capability)
            governed = 0.5 * (partner.control + partner.governance)
            weight = equal + need * 2.0 * (1.0 - level) + merit * 3.0 * governed * partner.will
            weight += threat * 0.5 * felt
            wanted = 0.0
            for asked, activity in zip(partner.asked, menu):
                wanted += asked / activity.typical / len(menu)
            weight *= 0.5 + 0.5 * wanted
            weight = weight * levers.focus_framework[partner.framework] * levers.focus_region[partner.region.number]
            partner.share = weight * power(0.3 + 0.7 * governed, 2.0 * levers.conditionality)
            total += partner.share
        if total > 0.0:
            for partner in self.model.partners:
                partner.share /= total

    def propose_plan(self, partner: "PartnerState", mix: list[float], money: float) -> None:
        """`propose_plans`: places of each activity, and the domains that capacity building aims at."""
        if partner.share <= 0.0:
            partner.proposed = [0.0] * len(mix)
            return
        menu, tailoring = self.model.menu, self.levers.tailoring
        aims = partner.proposed_domains = self.aim_plan(partner)
        weights = [
            part
            * (1.0 - tailoring + tailoring * (asked / activity.typical))
            * (1.0 if activity.domain < 0 else aims[activity.domain])
            for part, asked, activity in zip(mix, partner.asked, menu)
        ]
        total = 0.0
        for weight in weights:
            total += weight
        money *= partner.share
        partner.proposed = [
            0.0 if total <= 0.0 else min(1000.0, money * weight / total / activity.cost)
            for weight, activity in zip(weights, menu)
        ]

    def aim_plan(self, partner: "PartnerState") -> list[float]:
        """What the plan aims at, by domain: 1 where evenly, more where felt threats are answered."""
        targeting = self.levers.threat_targeting
        felt = 0.0
        for points in partner.estimate:
            felt += points
        aimed = [0.0] * len(partner.capability)
        if felt > 0.0:
            for kind, points in zip(self.model.kinds, partner.estimate):
                for domain, weight in kind.answered_by:
                    aimed[domain] += weight * points / felt
        return [clip((1.0 - targeting) + targeting * 7.0 * x, 0.0, 7.0) for x in aimed]

    def set_agenda(self, season: int, emergency: bool) -> None:
        """The items of the quarter, each with the state that it is about."""
        model, levers, wait = self.model, self.levers, self.item_wait
        agenda: list[State | None] = [None] * 4
        if season == 3 or wait[PROGRAMME] > 0:
            agenda[PROGRAMME] = model.rows[0]
        if season == 1 or wait[MANDATE] > 0 or emergency:
            agenda[MANDATE] = model.rows[0]
        if season == 1:
            agenda[STATUS] = self.call_round()
        if levers.outreach > 0.0 and season == 2:
            best = 0.75 - 0.5 * levers.outreach
            for partner in model.partners:
                waits = partner.framework < 0 and partner.waiting >= 0 and not partner.invited
                if waits and partner.will > best:
                    best, agenda[OUTREACH] = partner.will, partner
        self.agenda = agenda

    def call_round(self) -> "PartnerState | None":
        """The class of candidates; its item is about the most contested or, where all are welcome, the readiest."""
        self.welcome, self.contested = [], []
        busy, best, found = ratifying(self.model), -1.0, None
        for partner in self.model.partners:
            if next_stage(partner, busy) == partner.track:
                continue
            least = min((member.utility_of(STATUS, partner) for member in self.model.members), default=1.0)
            weight = partner.merit
            if least >= self.model.p.object_below:
                self.welcome.append(partner)
            elif partner.turned_down:
                continue
            else:
                self.contested.append(partner)
                weight = 2.0 - least
            if weight > best:
                best, found = weight, partner
        return found
