"""What a run leaves behind: labelled arrays, events in words, and a manifest that says where every number came from."""

import json
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declare.names import (
    ACTIVITIES,
    ARRANGEMENTS,
    ITEMS,
    MEASURES,
    MEMBER,
    PURSES,
    REGIONS,
    SCORES,
    STATE_VARIABLES,
    THREAT_KINDS,
)
from sim.declare.no_programme import NO_LEVERS, NO_PARAMETERS
from sim.declare.parameters import specs
from sim.inputs.policy import Policy, PythonPolicy
from sim.inputs.scenario import Scenario
from sim.inputs.values import quarter_number, quarter_text
from sim.law.compiled import RULES_HASH, Floats, Ints
from sim.law.ledger import CAUSES
from sim.law.measures import DECLARED, measure_states
from sim.law.orders import Levers
from sim.runs.engine import Engine, as_policy, as_scenario
from sim.runs.events import Event, news, standing

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class Results:
    """One run. Axes: S steps, N states, and the axes of `sim/declare/names.py`; step s is the quarter just ended."""

    scenario: Scenario
    policy: Policy | PythonPolicy
    seed: int
    replicate: int
    codes: tuple[str, ...]
    names: tuple[str, ...]
    tiles: tuple[tuple[int, int], ...]
    regions: tuple[str, ...]
    frameworks: tuple[str, ...]
    rivals: tuple[str, ...]
    quarters: tuple[str, ...]
    measures: Floats  # (S, MEASURES)
    states: Floats  # (S, N, STATE_VARIABLES)
    role: Ints  # (S, N)
    framework: Ints  # (S, N) row of `frameworks`, -1 for none
    track: Ints  # (S, N)
    severity: Floats  # (S, N, K) as it arose
    harm: Floats  # (S, N, K) what was left
    done: Floats  # (S, N, A) places
    spent: Floats  # (S, N, PURSES) EUR million
    decided: Ints  # (S, ITEMS)
    tension: Floats  # (S, R)
    hostility: Floats  # (S, V)
    pressure: Floats  # (S, V)
    arrivals: Ints  # (S, T, N)
    arrangement: Ints  # (N, ARRANGEMENTS) step since which it is held, NEVER where not
    mutual_trust: Floats  # (2, N, N) at the start and at the end
    contributions: Floats  # (CAUSES, SCORES, N)
    events: tuple[Event, ...]
    without: "Results | None" = None  # the paired run without a programme, same draws

    def series(self, measure: str) -> Floats:
        """A measure by step."""
        return self.measures[:, MEASURES.index(measure)]

    def state(self, variable: str) -> Floats:
        """A state variable, (S, N)."""
        return self.states[:, :, STATE_VARIABLES.index(variable)]

    def outcome(self, measure: str) -> float:
        """A measure summed up over the run, as its declaration says: value at the end, or mean over the run."""
        values = self.series(measure)
        return float(values[-1] if DECLARED[measure].over_run == "end" else values.mean())

    def paid(self) -> Floats:
        """Money spent on partners by step and purse (S, PURSES), EUR million; allies' rows say what they gave of it."""
        role_before = np.vstack([self.role[:1], self.role[:-1]])
        return np.where((role_before == MEMBER)[:, :, None], 0.0, self.spent).sum(axis=1)

    def averted(self) -> float:
        """Harm averted, points a quarter: the paired run without a programme less this run, same draws."""
        return 0.0 if self.without is None else self.without.outcome("harm") - self.outcome("harm")

    def manifest(self) -> dict[str, Any]:
        """Where every number came from: scenario, policy, key, versions, and parameters with their sources."""
        overrides = self.scenario.parameters
        return {
            "interlock": version("interlock-sim"), "rules_hash": RULES_HASH, "scenario": self.scenario.title,
            "scenario_hash": self.scenario.content_hash(), "policy": self.policy.title,
            "policy_hash": self.policy.content_hash(), "seed": self.seed, "replicate": self.replicate,
            "start": self.scenario.start, "horizon": self.scenario.horizon,
            "versions": {p: version(p) for p in ("numpy", "numba", "mesa", "pydantic", "matplotlib")},
            "python": platform.python_version(), "machine": platform.machine(),
            "resolved_scenario": self.scenario.model_dump(mode="json", by_alias=True),
            "resolved_policy": self.policy.model_dump(mode="json") if isinstance(self.policy,
            Policy) else self.policy.source,
            "parameters": {
                name: {
                    "value": overrides[name].value if name in overrides else default, "unit": spec.unit,
                    "range": [spec.low, spec.high],
                    "source": f"scenario: {overrides[name].reason}" if name in overrides else spec.source,
                }
                for (name, spec), default in zip(specs().items(), _defaults(), strict=True)
            },
        }  # fmt: skip

    def rows(self) -> list[tuple[str, str, str, float]]:
        """Tidy rows (quarter, subject, variable, value): every measure, and every variable of every state, by step."""
        found = []
        for s, quarter in enumerate(self.quarters):
            found += [(quarter, "all", name, float(self.measures[s, i])) for i, name in enumerate(MEASURES)]
            for n, code in enumerate(self.codes):
                found += [(quarter, code, v, float(self.states[s, n, i])) for i, v in enumerate(STATE_VARIABLES)]
        return found

    def dataset(self) -> "xarray.Dataset":
        """The full labelled result."""
        import xarray

        axes = {
            "quarter": list(self.quarters), "measure": list(MEASURES), "state": list(self.codes),
            "variable": list(STATE_VARIABLES), "kind": list(THREAT_KINDS), "activity": list(ACTIVITIES),
            "purse": list(PURSES), "item": list(ITEMS), "region": list(REGIONS), "cause": list(CAUSES),
            "score": list(SCORES), "other": list(self.codes), "when": ["start", "end"], "rival": list(self.rivals),
            "arrangement": list(ARRANGEMENTS),
        }  # fmt: skip
        arrays = {
            "measures": (("quarter", "measure"), self.measures), "states": (("quarter", "state", "variable"),
            self.states),
            "role": (("quarter", "state"), self.role.astype("int32")), "track": (("quarter", "state"),
            self.track.astype("int32")),
            "severity": (("quarter", "state", "kind"), self.severity), "harm": (("quarter", "state", "kind"),
            self.harm),
            "done": (("quarter", "state", "activity"), self.done), "spent": (("quarter", "state", "purse"), self.spent),
            "decided": (("quarter", "item"), self.decided.astype("int32")), "tension": (("quarter", "region"),
            self.tension),
            "hostility": (("quarter", "rival"), self.hostility), "pressure": (("quarter", "rival"), self.pressure),
            "contributions": (("cause", "score", "state"), self.contributions),
            "mutual_trust": (("when", "state", "other"), self.mutual_trust),
            "arrangement_since": (("state", "arrangement"), self.arrangement.astype("int32")),
        }  # fmt: skip
        return xarray.Dataset(arrays, coords=axes, attrs={"manifest": json.dumps(self.manifest(), ensure_ascii=True)})

    def write(self, folder: Path) -> list[Path]:
        """Write manifest.json, measures_and_states.csv, events.csv and result.nc into `folder`; return their paths."""
        import csv

        folder.mkdir(parents=True, exist_ok=True)
        manifest, tidy = folder / "manifest.json", folder / "measures_and_states.csv"
        manifest.write_text(json.dumps(self.manifest(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        with tidy.open("w", newline="", encoding="utf-8") as file:
            file.write("quarter,subject,variable,value\n")
            file.writelines(f"{q},{subject},{variable},{value:.9g}\n" for q, subject, variable, value in self.rows())
        with (folder / "events.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["quarter", "kind", "state", "text"])
            writer.writerows([self.quarters[e.step], e.kind, e.state, e.text] for e in self.events)
        self.dataset().to_netcdf(folder / "result.nc", engine="scipy")
        return [manifest, tidy, folder / "events.csv", folder / "result.nc"]


def _defaults() -> tuple[float, ...]:
    from sim.declare.parameters import Parameters

    return tuple(Parameters())


def without_programme(levers: Levers) -> Levers:
    """The same policy with no money, no outreach and a shut door: what would have happened anyway."""
    return levers._replace(**NO_LEVERS)


def simulate(
    scenario: Scenario | str | Path, policy: Policy | PythonPolicy | str | Path, seed: int = 1, replicate: int = 0,
    paired: bool = True, parameters: dict[str, float] | None = None,
) -> Results:  # fmt: skip
    """Run once and record everything; with `paired`, also the run without a programme under the same draws."""
    engine, steps = prepare(scenario, policy, seed, replicate)
    if parameters:
        engine.parameters = engine.parameters._replace(**parameters)
    without = None
    if paired:
        twin = Engine(engine.scenario, engine.policy, seed, replicate, built=engine.built)
        twin.parameters = engine.parameters._replace(**NO_PARAMETERS)
        twin.orders = twin.orders._replace(levers=without_programme(twin.levers))
        without = record(twin)
    return record(engine, without, steps)


def prepare(
    scenario: Scenario | str | Path, policy: Policy | PythonPolicy | str | Path, seed: int, replicate: int
) -> tuple[Engine, Iterator[int]]:
    """An engine with a ledger, and what moves it: itself, or the Mesa face where the policy is written in Python."""
    scenario = as_scenario(scenario)
    policy = as_policy(policy, scenario)
    if isinstance(policy, PythonPolicy):
        from sim.runs.mesa_model import PartnershipModel  # only here, because Mesa starts slowly

        model = PartnershipModel(scenario, policy, seed, replicate, ledger=True)
        return model.engine, model.quarters()
    engine = Engine(scenario, policy, seed, replicate, ledger=True)
    return engine, engine.run()


def record(engine: Engine, without: Results | None = None, steps: Iterator[int] | None = None) -> Results:
    """Run an engine to its horizon and keep what happened; `steps` moves it, by default the engine itself."""
    start = _trust_matrix(engine)
    kept: dict[str, list[Any]] = {name: [] for name in (
        "measures", "states", "role", "framework", "track", "severity", "harm", "done", "spent", "decided", "tension",
        "hostility", "pressure", "arrivals",
    )}  # fmt: skip
    events: list[Event] = []
    before = standing(engine)
    for _ in engine.run() if steps is None else steps:
        world, quarter = engine.world, engine.quarter
        kept["measures"].append(engine.measures.copy())
        kept["states"].append(_state_table(engine))
        for name in ("role", "framework", "track", "tension", "hostility", "pressure"):
            kept[name].append(getattr(world, name).copy())
        for name in ("severity", "harm", "done", "spent", "decided", "arrivals"):
            kept[name].append(getattr(quarter, name).copy())
        after = standing(engine)
        events += news(engine, before, after)
        before = after
    built = engine.built
    first = quarter_number(engine.scenario.start)
    stacked: dict[str, Any] = {name: np.stack(values) for name, values in kept.items()}
    return Results(
        scenario=engine.scenario, policy=engine.policy, seed=engine.seed, replicate=engine.replicate, codes=built.codes,
        names=built.names, tiles=built.tiles, regions=tuple(REGIONS[r] for r in built.setting.region),
        frameworks=built.frameworks, rivals=built.rivals,
        quarters=tuple(quarter_text(first + s) for s in range(engine.step)),
        arrangement=engine.world.arrangement.copy(), mutual_trust=np.stack([start, _trust_matrix(engine)]),
        contributions=engine.contributions.copy(), events=tuple(events), without=without,
        **stacked,
    )  # fmt: skip


def _trust_matrix(engine: Engine) -> Floats:
    """Mutual trust of every pair."""
    world = engine.world
    expected = (world.trust_for + 1.0) / (world.trust_for + world.trust_against + 2.0)
    return 0.5 * (expected + expected.T)


def _state_table(engine: Engine) -> Floats:
    """STATE_VARIABLES of every state."""
    table = np.zeros((len(engine.built.codes), len(STATE_VARIABLES)))
    measure_states(engine.setting, engine.world, engine.quarter, np.arange(table.shape[1]), table)
    return table
