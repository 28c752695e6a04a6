"""`PlainPartnershipModel`: the schedule of ODD section 3 over Mesa agents that hold their own state."""

from functools import partial
from pathlib import Path
from typing import Any

import mesa
from mesa.agent import AgentSet

from benchmarks.plain_mesa.activities import activities_work, partners_take_part
from benchmarks.plain_mesa.admission import admit
from benchmarks.plain_mesa.agents import MemberState, PartnerState, Rival
from benchmarks.plain_mesa.alliance import Alliance
from benchmarks.plain_mesa.arrangements import arrangements_change
from benchmarks.plain_mesa.cast import (
    Region,
    breaches_from,
    feuds_from,
    kinds_from,
    menu_from,
    plain_levers,
    scripted,
    threats_from,
)
from benchmarks.plain_mesa.council import council_decides
from benchmarks.plain_mesa.measures import measure
from benchmarks.plain_mesa.missions import missions_run
from benchmarks.plain_mesa.passage import time_passes
from benchmarks.plain_mesa.response import Incident, states_answer
from benchmarks.plain_mesa.rivals import rivals_move
from benchmarks.plain_mesa.state import State
from benchmarks.plain_mesa.threats import threats_arise
from benchmarks.plain_mesa.trust import trust_moves
from sim.declare.names import MEASURES
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, load_policy
from sim.inputs.scenario import Scenario
from sim.law.compiled import Integer
from sim.law.draws import draws_for, uniform
from sim.runs.build import build, levers_of

ROLE_CLASSES = (PartnerState, MemberState, Rival)


class PlainPartnershipModel(mesa.Model):
    """One run. `seed` and `replicate` are the key of all draws; `rng` gives the seed where `seed` is None."""

    running: bool

    def __init__(
        self, scenario: Scenario | str | Path = "eastern_flank", policy: Policy | str | Path = "status_quo",
        seed: int | None = 1, replicate: int = 0, rng: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(rng=seed if rng is None else rng)
        self.key = seed if seed is not None else rng if isinstance(rng, int) else 1
        self.replicate = replicate
        story = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        chosen = policy if isinstance(policy, Policy) else load_policy(policy, story.framework_names())
        if not isinstance(chosen, Policy):
            raise TypeError(f"{policy}: the plain model takes policies of levers only")
        built = build(story)
        setting = built.setting
        self.p = built.parameters
        self.horizon, self.start_quarter = story.horizon, setting.start_quarter
        self.quarter = 0
        self.budgets: list[float] = setting.budget.tolist()
        self.budget = self.budgets[0]
        self.mission: list[float] = setting.mission.tolist()
        self.danger: list[float] = setting.mission_danger.tolist()
        self.arrangement_from: list[int] = setting.arrangement_from.tolist()
        self.action_plan_from = int(setting.action_plan_from)
        self.menu, self.kinds = menu_from(setting.menu), kinds_from(setting.kinds)
        self.regions = [Region(r, tension) for r, tension in enumerate(built.world.tension.tolist())]
        self.alliance = Alliance(self, built, plain_levers(levers_of(chosen, built.frameworks)))
        self.rows: list[State] = []  # in the order in which all rules run
        for row, (role, region) in enumerate(zip(built.world.role.tolist(), setting.region.tolist())):
            self.rows.append(ROLE_CLASSES[role](self, built, row, self.regions[region]))
        for state in self.rows:
            state.meet(built)
        self.states = AgentSet(self.rows, random=self.random)
        self.rivals = [self.rows[row] for row in setting.rivals.tolist()]
        self.sort_by_role()
        self.participants = self.partners  # partners, and those that have acceded since
        self.threats = threats_from(built, self.rows, self.kinds)
        self.feuds = feuds_from(built, self.rows)
        self.shocks, self.upheavals = scripted(built, self.rows)
        self.breaches = breaches_from(built, self.rows)
        self.incidents: list[Incident] = []
        self.draws = draws_for(self.key, self.replicate, 0)
        self.measures = dict.fromkeys(MEASURES, 0.0)
        self.datacollector = mesa.DataCollector({name: partial(_measured, name=name) for name in MEASURES})

    def sort_by_role(self) -> None:
        """Who is a partner and who a member, in row order."""
        self.partners = self.states.select(agent_type=PartnerState)
        self.members = self.states.select(agent_type=MemberState)

    def draw(self, stream: Integer, entity: int, slot: int = 0) -> float:
        """One numbered draw of this quarter, in [0, 1) (ODD 7.2)."""
        return uniform(self.draws, stream, entity, slot)

    def step(self) -> None:
        """One quarter: decide, admit, and the ten mechanisms."""
        if not self.running:
            return
        self.draws = draws_for(self.key, self.replicate, self.quarter)
        self.budget = self.budgets[self.quarter]
        self.alliance.decide()
        self.states.do("decide")
        admit(self)
        threats_arise(self)
        states_answer(self)
        council_decides(self)
        partners_take_part(self)
        activities_work(self)
        missions_run(self)
        for state in self.rows:
            state.engagement = state.engaged()
            state.help_given = state.from_fund + state.from_trust + state.from_lead
        trust_moves(self)
        rivals_move(self)
        time_passes(self)
        arrangements_change(self)
        self.measures = measure(self)
        self.datacollector.collect(self)
        self.quarter += 1
        self.running = self.quarter < self.horizon


def _measured(model: PlainPartnershipModel, name: str) -> float:
    return model.measures[name]
