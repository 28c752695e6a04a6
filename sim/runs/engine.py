"""One run: a world, its orders and its record, moved by decide, admit and advance. No Mesa, no files."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sim.declare.levers import Levers
from sim.declare.names import MEASURES
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, PythonPolicy, load_policy
from sim.inputs.scenario import Scenario, load_scenario
from sim.law.asked_orders import Standing, in_force, lay, under
from sim.law.choices.everyone import EVERYBODY
from sim.law.compiled import COMPILING_IS_OFF, Floats, compile_rules
from sim.law.draws import Draws, draws_for
from sim.law.job import ADMIT, ADVANCE, DECIDE, LAY, MEASURE, Job
from sim.law.ledger import new_ledger
from sim.law.orders import no_orders
from sim.law.quarter import admit, advance, decide, measure
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
            self.setting, self.world, (self.orders,), self.quarter, nothing_asked(states, len(self.built.rivals)),
            self.parameters, np.uint64(seed), replicate, 0, 1, 0, EVERYBODY, 0, nothing, none, nothing, none, none,
            np.zeros((1, 1, len(MEASURES))), np.zeros((1, 0, states, 0)), np.zeros((1, 0, 0, 0)),
        )  # fmt: skip
        self._table: Table | None = None
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
        decide(who, row, self.setting, self.world, self.orders, self.draws, self.parameters)

    def decide_as_asked(self, standing: Standing) -> None:
        """Fill orders by policy under the levers that are asked for, and lay all else that is asked for over them."""
        g = in_force(standing, self.step)
        self.orders = under(self.orders, standing.levers[g] if g >= 0 else self.levers)
        self.decide()
        lay(standing, self.step, self.orders)

    def admit(self) -> None:
        """Make the orders legal; `quarter.refused` holds the reasons."""
        admit(self.setting, self.world, self.orders, self.step, self.parameters, self.quarter)

    def advance(self) -> None:
        """Make the orders legal, move the world by one quarter, and measure it."""
        self.admit()
        advance(
            self.setting, self.world, self.orders, self.draws, self.parameters, self.quarter,
        )  # fmt: skip
        measure(self.setting, self.world, self.parameters, self.quarter, self.measures)
        self.step += 1

    def _do(self, what: int, who: int = EVERYBODY, row: int = 0) -> None:
        """Do parts of the quarter at hand."""
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


def compile_decisions() -> None:
    """Compile (or load from the cache) what a quarter needs beside `advance`."""
    engine = Engine(_small_scenario(), "status_quo")
    engine.decide()
    engine.admit()
    measure(engine.setting, engine.world, engine.parameters, engine.quarter, engine.measures)


def compile_rules() -> None:
    """Compile everything that a run needs, or load it from the cache.

    The first time on a machine this takes about a minute; a second process takes what `advance` does not need, so
    that two processor cores share the work, and leaves it in the cache.
    """
    helper = None
    if not compiled_before():
        helper = subprocess.Popen([sys.executable, "-c", "from sim.runs.engine import compile_decisions as c; c()"])
    engine = Engine(_small_scenario(), "status_quo")
    advance(
        engine.setting, engine.world, engine.orders, engine.draws, engine.parameters, engine.quarter,
            )  # fmt: skip
    if helper is not None:
        helper.wait()
    compile_decisions()


def _small_scenario() -> Scenario:
    return load_scenario("baseline_2025").model_copy(update={"horizon": 2, "shocks": (), "upheavals": ()})
