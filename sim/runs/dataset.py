"""What an ensemble leaves behind: replicates put together, and one labelled dataset that says where it came from."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.declare.names import MEASURES, REGIONS, ROLES, SCORES
from sim.inputs.values import quarter_number
from sim.law.compiled import RULES_HASH, Floats
from sim.law.ledger import CAUSES
from sim.law.measures import DECLARED
from sim.outputs.files import write_bytes
from sim.runs.arm import Arm, Record, Runs, ordered_mean, over_run, states_over_run

if TYPE_CHECKING:
    import xarray

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass
class Gathered:
    """What the replicates of one arm left behind so far, put together in their order."""

    count: int = 0
    mean: Floats = field(default_factory=lambda: np.zeros(len(MEASURES)))
    scatter: Floats = field(default_factory=lambda: np.zeros(len(MEASURES)))  # sum of squared deviations
    step_mean: Any = 0.0  # (L, MEASURES)
    step_quantiles: Any = 0.0  # (QUANTILES, L, MEASURES), mean over blocks
    contributions: Any = 0.0  # (CAUSES, SCORES, N)
    state_mean: Any = 0.0  # (L, N, V)
    outcomes: list[Floats] = field(default_factory=list)  # (R, MEASURES) a block
    states: list[Floats] = field(default_factory=list)  # (R, N, V)
    paths: list[Floats] = field(default_factory=list)  # (R, L, N, V)

    def add(self, block: Mapping[str, Floats]) -> None:
        """Take in the next block (see `summarise`)."""
        size = int(block["count"][0])
        share = size / (self.count + size)
        gap = block["mean"] - self.mean
        self.scatter = self.scatter + block["scatter"] + gap * gap * (self.count * share)
        self.mean = self.mean + gap * share
        for name in ("step_mean", "step_quantiles", "contributions", "state_mean"):
            old = getattr(self, name)
            setattr(self, name, old + (block[name] - old) * share)
        self.outcomes.append(block["outcomes"])
        self.states.append(block["states"])
        self.paths.append(block["paths"])
        self.count += size


def summarise(runs: Runs, record: Record) -> dict[str, Floats]:
    """One block of replicates, summed up: what `Gathered` adds together."""
    outcomes = over_run(runs.measures)
    mean = ordered_mean(outcomes)
    gaps = outcomes - mean
    kept = slice(None) if record.outcomes else slice(0)
    return {
        "count": np.array([float(len(outcomes))]),
        "mean": mean,
        "scatter": ordered_mean(gaps * gaps) * len(outcomes),
        "step_mean": ordered_mean(runs.measures),
        "step_quantiles": quantiles(runs.measures),
        "contributions": ordered_mean(runs.ledgers),
        "state_mean": ordered_mean(runs.states),
        "outcomes": outcomes[kept],
        "states": states_over_run(runs.states, record.states),
        "paths": runs.states if record.paths else runs.states[:, :0],
    }


def quantiles(values: Floats) -> Floats:
    """QUANTILES over the first axis, between neighbours in proportion: (R, ...) -> (QUANTILES, ...)."""
    ranked = np.sort(values, axis=0)
    found = []
    for q in QUANTILES:
        place = q * (len(values) - 1)
        below = int(place)
        above = min(below + 1, len(values) - 1)
        found.append(ranked[below] + (ranked[above] - ranked[below]) * (place - below))
    return np.stack(found)


def label(
    arms: Sequence[Arm],
    found: Sequence[Gathered],
    scenarios: Sequence[str],
    policies: Sequence[str],
    seed: int,
    first: int,
    replicates: int,
    record: Record,
) -> "xarray.Dataset":
    """The arms (scenario by scenario, within it policy by policy) as one dataset. Shorter runs end in NaN."""
    import xarray

    codes = sorted({code for arm in arms for code in arm.built.codes})
    horizon, measures = max(arm.scenario.horizon for arm in arms), len(MEASURES)
    arrays: dict[str, Any] = {}

    def keep(variable: str, axes: tuple[str, ...], name: str, *lengths: int) -> None:
        """One array of all arms: what an arm lacks is NaN, its states go to their rows among all states."""
        whole = np.full((len(arms), *lengths), np.nan)
        for arm, gathered, view in zip(arms, found, whole, strict=True):
            part = getattr(gathered, name)
            part = np.concatenate(part) if isinstance(part, list) else part
            place: list[Any] = [slice(length) for length in part.shape]
            if "state" in axes:
                place[axes.index("state")] = [codes.index(code) for code in arm.built.codes]
            view[tuple(place)] = part
        shape = (len(scenarios), len(policies), *lengths)
        arrays[variable] = (("scenario", "policy", *axes), whole.reshape(shape))

    keep("mean", ("measure",), "mean", measures)
    keep("scatter", ("measure",), "scatter", measures)
    keep("step_mean", ("step", "measure"), "step_mean", horizon, measures)
    keep("step_quantile", ("quantile", "step", "measure"), "step_quantiles", len(QUANTILES), horizon, measures)
    coordinates: dict[str, Any] = {
        "scenario": list(scenarios),
        "policy": list(policies),
        "measure": list(MEASURES),
        "unit": ("measure", [DECLARED[name].unit for name in MEASURES]),
        "direction": ("measure", [DECLARED[name].direction for name in MEASURES]),
        "quantile": list(QUANTILES),
        "step": np.arange(1, horizon + 1),
    }
    if record.outcomes:
        keep("outcome", ("replicate", "measure"), "outcomes", replicates, measures)
    if record.outcomes or record.states:
        coordinates["replicate"] = np.arange(first, first + replicates)
    if record.contributions:
        keep("contribution", ("cause", "score", "state"), "contributions", len(CAUSES), len(SCORES), len(codes))
        coordinates |= {"cause": list(CAUSES), "score": list(SCORES)}
    if record.states:
        shape = (len(codes), len(record.states))
        keep("state_outcome", ("replicate", "state", "variable"), "states", replicates, *shape)
        keep("state_mean", ("step", "state", "variable"), "state_mean", horizon, *shape)
        if record.paths:
            keep("path", ("replicate", "step", "state", "variable"), "paths", replicates, horizon, *shape)
        coordinates["variable"] = list(record.states)
    if record.contributions or record.states:
        coordinates["state"] = codes
        coordinates |= {name: ("state", values) for name, values in facts_of(arms, codes).items()}
    starts = {quarter_number(arm.scenario.start) for arm in arms}
    if len(starts) == 1:
        months = 3 * (starts.pop() - quarter_number("1970-Q1") + np.arange(horizon))
        coordinates["quarter"] = ("step", months.astype("datetime64[M]").astype("datetime64[ns]"))
    told = manifest(arms, scenarios, policies, seed, first, replicates)
    return xarray.Dataset(arrays, coordinates, {"manifest": json.dumps(told, ensure_ascii=True)})


def facts_of(arms: Sequence[Arm], codes: Sequence[str]) -> dict[str, list[str]]:
    """What is known of every state in all scenarios: name, region, and role on the first day where it is one role."""
    names, regions, roles = dict[str, str](), dict[str, str](), dict[str, set[str]]()
    for built in (arm.built for arm in arms):
        for i, code in enumerate(built.codes):
            names[code], regions[code] = built.names[i], REGIONS[built.setting.region[i]]
            roles.setdefault(code, set()).add(ROLES[built.world.role[i]])
    alone = {code: next(iter(found)) if len(found) == 1 else "differs" for code, found in roles.items()}
    return {name: [known[c] for c in codes] for name, known in (("name", names), ("region", regions), ("role", alone))}


def write_netcdf(path: Path, data: "xarray.Dataset") -> Path:
    """A dataset as NetCDF 3, which every program opens. An axis without places, such as rivals where there are none,
    is left out with what runs along it: the format takes a length of zero for an axis that grows.
    """
    kept = data.drop_dims([axis for axis, length in data.sizes.items() if length == 0])
    return write_bytes(path, bytes(kept.to_netcdf(engine="scipy")))


def manifest(
    arms: Sequence[Arm], scenarios: Sequence[str], policies: Sequence[str], seed: int, first: int, replicates: int
) -> dict[str, Any]:
    """Where every number came from: rules, scenarios, policies, parameters, keys and versions."""
    return {
        "interlock": version("interlock-sim"),
        "rules_hash": RULES_HASH,
        "seed": seed,
        "first_replicate": first,
        "replicates": replicates,
        "python": platform.python_version(),
        "machine": platform.machine(),
        "versions": {p: version(p) for p in ("numpy", "numba", "mesa", "xarray")},
        "parameters_replaced": dict(arms[0].parameters),
        "scenarios": {n: arms[i * len(policies)].scenario.content_hash() for i, n in enumerate(scenarios)},
        "policies": {n: arm.policy.content_hash() for n, arm in zip(policies, arms, strict=False)},
        "arms": [arm.fingerprint for arm in arms],
    }
