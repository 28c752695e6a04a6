"""One run: a world, its orders and its record, moved by decide, admit and advance. No Mesa, no files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim.declare.levers import Levers
from sim.declare.names import MEASURES
from sim.inputs.levers import again
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, PythonPolicy, load_policy
from sim.inputs.scenario import Scenario
from sim.law.asked_orders import Standing, in_force, lay, nothing_asked, under
from sim.law.blocks import Table
from sim.law.choices.everyone import EVERYBODY
from sim.law.compiled import COMPILING_IS_OFF, Floats
from sim.law.draws import Draws, draws_for
from sim.law.job import ADMIT, ADVANCE, DECIDE, MEASURE, Job
from sim.law.ledger import new_ledger
from sim.law.orders import no_orders
from sim.law.world import copy_world, new_quarter
from sim.runs.batch import do
from sim.runs.build import Built, build, levers_of


def as_scenario(scenario: Scenario | str | Path) -> Scenario:
    """A scenario as it is, or loaded from a path or a shipped name."""
    return scenario if isinstance(scenario, Scenario) else load_scenario(scenario)


def as_policy(policy: Policy | PythonPolicy | str | Path, scenario: Scenario) -> Policy | PythonPolicy:
    """A policy as it is, or loaded from a path or a shipped name; its focus may name the scenario's frameworks."""
    return policy if isinstance(policy, Policy | PythonPolicy) else load_policy(policy, scenario.framework_names())


class Engine:
    """A run of one scenario under one policy with one key (seed, replicate)."""

    def __init__(
        self, scenario: Scenario | str | Path, policy: Policy | PythonPolicy | str | Path, seed: int = 1,
        replicate: int = 0, ledger: bool = False, built: Built | None = None,
    ) -> None:  # fmt: skip
        self.scenario = as_scenario(scenario)
        self.policy = as_policy(policy, self.scenario)
        self.seed, self.replicate = seed, replicate
        self.built = build(self.scenario) if built is None else built
        self.setting, self.parameters = self.built.setting, self.built.parameters
        self.world = copy_world(self.built.world)
        self.levers: Levers = levers_of(
            self.policy if isinstance(self.policy, Policy) else Policy(title=self.policy.title), self.built.frameworks
        )
        states = len(self.built.codes)
        self.orders = no_orders(states, len(self.built.rivals), self.levers)
        self.quarter = new_quarter(states, len(self.built.threats), new_ledger(states, ledger))
        self.step = 0
        none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
        self._job = Job(
            self.setting, self.world, (self.orders,), self.quarter, 
            nothing_asked(states, len(self.built.rivals), self.levers),
            self.parameters, np.uint64(seed), replicate, 0, 1, 0, EVERYBODY, 0, nothing, none, nothing, none, none,
            np.zeros((1, 1, len(MEASURES))), np.zeros((1, 0, states, 0)), np.zeros((1, 0, 0, 0)),
        )  # fmt: skip
        self._table: Table | None = None
        self._passed: tuple[Levers, bytes] | None = None  # the levers that passed the gate, and their tables
        self.measures: Floats = self._job.measures[0, 0]

    @property
    def draws(self) -> Draws:
        """The key of the step at hand."""
        return draws_for(self.seed, self.replicate, self.step)

    @property
    def contributions(self) -> Floats:
        """The contribution ledger (CAUSES, SCORES, N)."""
        return self.quarter.ledger.contributions

    @property
    def finished(self) -> bool:
        """True once the horizon is reached."""
        return self.step >= self.scenario.horizon

    def decide(self, who: int = EVERYBODY, row: int = 0) -> None:
        """Fill orders by policy: everybody's, or those of the role at hand."""
        self._do(DECIDE, who, row)

    def decide_as_asked(self, standing: Standing) -> None:
        """Fill orders by policy under the levers that are asked for, and lay all else that is asked for over them."""
        g = in_force(standing, self.step)
        self.orders = under(self.orders, standing.levers[g] if g >= 0 else self.levers)
        self._do(DECIDE)
        lay(standing, self.step, self.orders)

    def admit(self) -> None:
        """Make the orders legal; `quarter.refused` holds the reasons."""
        self._do(ADMIT)

    def advance(self) -> None:
        """Make the orders legal, move the world by one quarter, and measure it."""
        self._do(ADMIT | ADVANCE | MEASURE)
        self.step += 1

    def _do(self, what: int, who: int = EVERYBODY, row: int = 0) -> None:
        """Do parts of the quarter at hand; levers pass the gate, whoever laid them into the orders."""
        levers = self.orders.levers
        tables = b"".join(part.tobytes() for part in levers if isinstance(part, np.ndarray))
        if self._passed is None or self._passed[0] is not levers or self._passed[1] != tables:
            door = self.policy.path if isinstance(self.policy, PythonPolicy) else f"policy {self.policy.title!r}"
            self.orders = self.orders._replace(levers=again(door, levers, self.built.frameworks))
            self._passed = self.orders.levers, tables
        if self._job.orders[0] is not self.orders:
            self._job = self._job._replace(orders=(self.orders,))
        now: dict[str, Any] = {
            "setting": self.setting, "world": self.world, "orders": self._job.orders, "quarter": self.quarter,
            "p": self.parameters, "step": self.step, "until": self.step + 1, "what": what, "who": who, "row": row,
        }  # fmt: skip
        self._job = self._job._replace(**now)
        if self._table is None and not COMPILING_IS_OFF:
            self._table = Table(self._job)
        elif self._table is not None:
            for name, part in now.items():
                self._table.put(name, part)
        do(self._job, self._table)

    def run(self) -> Iterator[int]:
        """Move to the horizon, yielding after each quarter the number of steps done."""
        while not self.finished:
            self.decide()
            self.advance()
            yield self.step
