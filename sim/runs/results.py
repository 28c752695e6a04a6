"""What a run leaves behind: labelled arrays, events in words, and a manifest that says where every number came from."""

import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.declare.levers import Levers
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
from sim.declare.parameters import Parameters, Spec, specs
from sim.inputs.checks import refuse_parameters
from sim.inputs.policy import Policy, PythonPolicy
from sim.inputs.scenario import Scenario
from sim.inputs.values import quarter_number, quarter_text
from sim.law.compiled import RULES_HASH, Floats, Ints
from sim.law.ledger import CAUSES
from sim.law.measures import DECLARED
from sim.law.measures.states import measure_states
from sim.outputs.files import write_csv, write_json
from sim.runs.dataset import write_netcdf
from sim.runs.engine import Engine, as_policy, as_scenario
from sim.runs.events import Event, news, standing

if TYPE_CHECKING:
    import xarray


MANIFEST: Final = "manifest.json"
# Axes of what the labelled result holds.
AXES: Final[Mapping[str, tuple[str, ...]]] = {
    "measures": ("quarter", "measure"),
    "states": ("quarter", "state", "variable"),
    "role": ("quarter", "state"),
    "track": ("quarter", "state"),
    "severity": ("quarter", "state", "kind"),
    "harm": ("quarter", "state", "kind"),
    "done": ("quarter", "state", "activity"),
    "spent": ("quarter", "state", "purse"),
    "decided": ("quarter", "item"),
    "tension": ("quarter", "region"),
    "hostility": ("quarter", "rival"),
    "pressure": ("quarter", "rival"),
    "contributions": ("cause", "score", "state"),
    "mutual_trust": ("when", "state", "other"),
}
# What is kept of every quarter: how the world stood, and what happened.
OF_WORLD: Final = ("role", "framework", "track", "tension", "hostility", "pressure")
OF_QUARTER: Final = ("severity", "harm", "done", "spent", "decided", "arrivals")


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
    focus: Ints  # (N,) 1 where the scenario's question is about the state
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
        policy = self.policy
        resolved = policy.model_dump(mode="json") if isinstance(policy, Policy) else policy.source
        return {
            "interlock": version("interlock-sim"),
            "rules_hash": RULES_HASH,
            "scenario": self.scenario.title,
            "scenario_hash": self.scenario.content_hash(),
            "policy": policy.title,
            "policy_hash": policy.content_hash(),
            "seed": self.seed,
            "replicate": self.replicate,
            "start": self.scenario.start,
            "horizon": self.scenario.horizon,
            "versions": {p: version(p) for p in ("numpy", "numba", "mesa", "pydantic", "matplotlib")},
            "python": platform.python_version(),
            "machine": platform.machine(),
            "resolved_scenario": self.scenario.model_dump(mode="json", by_alias=True),
            "resolved_policy": resolved,
            "parameters": {name: self._parameter(name, spec) for name, spec in specs().items()},
        }

    def _parameter(self, name: str, spec: Spec) -> dict[str, Any]:
        """A parameter's value as the scenario has it, and where it comes from."""
        override = self.scenario.parameters.get(name)
        return {
            "value": override.value if override else Parameters._field_defaults[name],
            "unit": spec.unit,
            "range": [spec.low, spec.high],
            "source": f"scenario: {override.reason}" if override else spec.source,
        }

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

        names = {
            "quarter": self.quarters,
            "measure": MEASURES,
            "state": self.codes,
            "variable": STATE_VARIABLES,
            "kind": THREAT_KINDS,
            "activity": ACTIVITIES,
            "purse": PURSES,
            "item": ITEMS,
            "region": REGIONS,
            "cause": CAUSES,
            "score": SCORES,
            "other": self.codes,
            "when": ("start", "end"),
            "rival": self.rivals,
            "arrangement": ARRANGEMENTS,
        }
        arrays = {}
        for variable, axes in AXES.items():
            values = getattr(self, variable)
            arrays[variable] = (axes, values.astype("int32") if values.dtype == np.int64 else values)
        arrays["arrangement_since"] = (("state", "arrangement"), self.arrangement.astype("int32"))
        labels = {axis: list(values) for axis, values in names.items()}
        return xarray.Dataset(arrays, coords=labels, attrs={"manifest": json.dumps(self.manifest(), ensure_ascii=True)})

    def write(self, folder: Path) -> list[Path]:
        """Write manifest.json, measures_and_states.csv, events.csv and result.nc into `folder`; return their paths."""
        data = self.write_data(folder)
        return [self.write_manifest(folder), *data]

    def write_data(self, folder: Path) -> list[Path]:
        """All but the manifest, which comes last: only what is whole has one."""
        (folder / MANIFEST).unlink(missing_ok=True)
        tidy = ((q, subject, variable, f"{value:.9g}") for q, subject, variable, value in self.rows())
        told = ((self.quarters[e.step], e.kind, e.state, e.text) for e in self.events)
        return [
            write_csv(folder / "measures_and_states.csv", ("quarter", "subject", "variable", "value"), tidy, "\n"),
            write_csv(folder / "events.csv", ("quarter", "kind", "state", "text"), told),
            write_netcdf(folder / "result.nc", self.dataset()),
        ]  # fmt: skip

    def write_manifest(self, folder: Path) -> Path:
        """Where every number came from, as manifest.json."""
        return write_json(folder / MANIFEST, self.manifest())


def without_programme(levers: Levers) -> Levers:
    """The same policy with no money, no outreach and a shut door: what would have happened anyway."""
    return levers._replace(**NO_LEVERS)


def simulate(
    scenario: Scenario | str | Path,
    policy: Policy | PythonPolicy | str | Path,
    seed: int = 1,
    replicate: int = 0,
    paired: bool = True,
    parameters: dict[str, float] | None = None,
) -> Results:
    """Run once and record everything; with `paired`, also the run without a programme under the same draws."""
    engine, steps = prepare(scenario, policy, seed, replicate)
    if parameters:
        refuse_parameters(parameters)
        engine.parameters = engine.parameters._replace(**{name: float(value) for name, value in parameters.items()})
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
    kept: dict[str, list[Any]] = {name: [] for name in ("measures", "states", *OF_WORLD, *OF_QUARTER)}
    events: list[Event] = []
    before = standing(engine)
    for _ in engine.run() if steps is None else steps:
        kept["measures"].append(engine.measures.copy())
        kept["states"].append(_state_table(engine))
        for name in OF_WORLD:
            kept[name].append(getattr(engine.world, name).copy())
        for name in OF_QUARTER:
            kept[name].append(getattr(engine.quarter, name).copy())
        after = standing(engine)
        events += news(engine, before, after)
        before = after
    built = engine.built
    first = quarter_number(engine.scenario.start)
    stacked: dict[str, Any] = {name: np.stack(values) for name, values in kept.items()}
    return Results(
        scenario=engine.scenario,
        policy=engine.policy,
        seed=engine.seed,
        replicate=engine.replicate,
        codes=built.codes,
        names=built.names,
        tiles=built.tiles,
        regions=tuple(REGIONS[r] for r in built.setting.region),
        frameworks=built.frameworks,
        rivals=built.rivals,
        quarters=tuple(quarter_text(first + s) for s in range(engine.step)),
        focus=built.setting.focus,
        arrangement=engine.world.arrangement.copy(),
        mutual_trust=np.stack([start, _trust_matrix(engine)]),
        contributions=engine.contributions.copy(),
        events=tuple(events),
        without=without,
        **stacked,
    )


def _trust_matrix(engine: Engine) -> Floats:
    """Mutual trust of every pair."""
    world = engine.world
    expected = (world.trust_for + 2.0 * world.base_trust) / (world.trust_for + world.trust_against + 2.0)
    return 0.5 * (expected + expected.T)


def _state_table(engine: Engine) -> Floats:
    """STATE_VARIABLES of every state."""
    table = np.zeros((len(engine.built.codes), len(STATE_VARIABLES)))
    measure_states(engine.setting, engine.world, engine.quarter, np.arange(table.shape[1]), table)
    return table
