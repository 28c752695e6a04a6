"""`PartnershipModel`: the Mesa face of the law of motion. Agents take decisions; the engine moves the world."""

import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from sim.declare.names import MEASURES
from sim.inputs.errors import InputError, fail
from sim.inputs.policy import Policy, PythonPolicy
from sim.inputs.scenario import Scenario
from sim.law.choices.everyone import ALLIANCE_ONLY, EVERYBODY, STATES_ONLY
from sim.runs.engine import Engine
from sim.runs.mesa_agents import (
    ROLE_CLASSES,
    Alliance,
    AllianceOrders,
    MemberState,
    PartnershipAgent,
    PartnerState,
    Rival,
    State,
)

__all__ = ["Alliance", "MemberState", "PartnerState", "PartnershipModel", "Rival"]


class PartnershipModel(mesa.Model):
    """One run as a Mesa model.

    scenario, policy: loaded objects, paths, or shipped names, so `mesa.batch_run` can vary them.
    seed, replicate: the key of all draws. `replicate` is what a batch varies for fresh luck.
    agent_classes: your own classes, by role ("partner", "member", "rival", "alliance") or by state code ("GEO").
    collect: turn on Mesa's DataCollector (model reporters: every measure; agent reporters: trust, interoperability).
    ledger: keep the contribution ledger (`engine.contributions`).
    """

    # Mesa 3.5 has a property of this name, which would write into our frozen scenario.
    scenario: Any = None

    def __init__(
        self, scenario: Scenario | str | Path = "baseline_2025",
        policy: Policy | PythonPolicy | str | Path = "status_quo",
        seed: int | None = None, replicate: int = 0, agent_classes: Mapping[str, type[PartnershipAgent]] | None = None,
        collect: bool = False, rng: Any = None, ledger: bool = False,
    ) -> None:  # fmt: skip
        # Mesa's own random numbers are not used; it is seeded all the same, so that user code that uses them repeats.
        super().__init__(rng=seed if rng is None else rng)
        key = seed if seed is not None else (rng if isinstance(rng, int) else 1)
        self.engine = Engine(scenario, policy, key, replicate, ledger)
        self.scenario, self.policy = self.engine.scenario, self.engine.policy
        self.horizon = self.scenario.horizon
        chosen = dict(agent_classes or {})
        if isinstance(self.policy, PythonPolicy):
            chosen.setdefault("alliance", alliance_of(self.policy))
        known = {"partner", "member", "rival", "alliance", *self.engine.built.codes}
        for name in chosen:
            if name not in known:
                raise ValueError(f"agent_classes: {name!r} is neither a role nor a state of {self.scenario.title!r}")
        self.alliance = chosen.get("alliance", Alliance)(self)
        self.states: list[State] = []
        for row, code in enumerate(self.engine.built.codes):
            role = int(self.engine.world.role[row])
            kind = chosen.get(code, chosen.get(("partner", "member", "rival")[role], ROLE_CLASSES[role]))
            self.states.append(kind(self, row))
        self.datacollector = mesa.DataCollector(
            model_reporters={name: _reporter(i) for i, name in enumerate(MEASURES)},
            agenttype_reporters={PartnerState: {"trust": "trust", "interoperability": "interoperability"}},
        ) if collect else None  # fmt: skip

    @property
    def door(self) -> str:
        """What messages call the code that decides in place of the rules."""
        deciding = [agent for agent in (self.alliance, *self.states) if agent.overrides]
        return deciding[0].door if deciding else "model"

    def row_of(self, state: State | str) -> int:
        """Row of a state, by agent or code."""
        code = state if isinstance(state, str) else state.code
        if code not in self.engine.built.codes:
            raise ValueError(f"{code!r} is not a state of this scenario")
        return self.engine.built.codes.index(code)

    def state(self, code: str) -> State:
        """The agent of a state."""
        return self.states[self.row_of(code)]

    def quarters(self) -> Iterator[int]:
        """Move to the horizon, yielding after each quarter the number of steps done."""
        while not self.engine.finished:
            self.step()
            yield self.engine.step

    def measure(self, name: str) -> float:
        """A measure of the last quarter."""
        return float(self.engine.measures[MEASURES.index(name)])

    def _replace_agents_that_changed_role(self) -> None:
        """A partner that acceded is a member from now on; its agent changes with it."""
        for row, agent in enumerate(self.states):
            kind = ROLE_CLASSES[int(self.engine.world.role[row])]
            if not isinstance(agent, kind):
                agent.remove()
                self.states[row] = kind(self, row)

    def step(self) -> None:
        """One quarter: everybody decides, those who override replace their rows, and the world moves."""
        if self.engine.finished:
            self.running = False
            return
        if self.alliance.overrides:
            self.engine.decide(ALLIANCE_ONLY)
            self.alliance.give(self.alliance.decide())
            self.engine.decide(STATES_ONLY)
        else:
            self.engine.decide(EVERYBODY)
        given = [(agent, agent.decide()) for agent in self.states if agent.overrides]
        for agent, orders in given:
            agent.give(orders)
        self.engine.advance()
        if not np.isfinite(self.engine.measures).all():  # orders are cut to what may be; the world is not
            words = "wrote numbers into the world that rules cannot take; an override may read it and returns orders"
            raise fail(self.door, words, f"quarter {self.engine.step}")
        self._replace_agents_that_changed_role()
        if self.datacollector is not None:
            self.datacollector.collect(self)
        self.running = not self.engine.finished


def _reporter(index: int) -> Any:
    return lambda model: float(model.engine.measures[index])


@contextmanager
def told_of(policy: PythonPolicy) -> Iterator[None]:
    """Whatever goes wrong in a policy's own code, sys.exit included, is told with its file and line."""
    try:
        yield
    except (InputError, KeyboardInterrupt):
        raise
    except BaseException as error:
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == policy.path]
        what = f"{type(error).__name__}: {error}".removesuffix(": ")
        if isinstance(error, SystemExit):
            what += "; a policy returns orders and ends nothing"
        raise fail(policy.path, f"stopped with {what[:300]}", f"line {lines[-1] if lines else 1}") from None


def alliance_of(policy: PythonPolicy) -> type[Alliance]:
    """An Alliance whose decisions a policy file in Python takes: `orders(view)`, where view is the Alliance itself."""
    names: dict[str, Any] = {}
    with told_of(policy):
        exec(compile(policy.source, policy.path, "exec"), names)  # the user's own file, run at the user's request
    function = names.get(policy.function_name)

    class PythonAlliance(Alliance):
        door = policy.path

        def decide(self, **levers: Any) -> Any:
            if levers:
                return super().decide(**levers)
            with told_of(policy):
                orders = function(self)  # type: ignore[misc]
            if not isinstance(orders, AllianceOrders):
                words = f"returned {type(orders).__name__}; it must return what view.default() gives, changed or not"
                raise fail(policy.path, words, "orders(view)")
            return orders

        def give(self, orders: Any) -> None:
            """Write the orders; what stands in for numbers may itself go wrong."""
            with told_of(policy):
                super().give(orders)

        def default(self, **levers: Any) -> Any:
            """The default orders, with some levers replaced for this quarter."""
            return Alliance.decide(self, **levers)

    return PythonAlliance
