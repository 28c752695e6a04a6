"""What an ensemble leaves behind as one labelled dataset, with a manifest that says where every number came from."""

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.declare.names import MEASURES, SCORES
from sim.law.compiled import RULES_HASH, Floats
from sim.law.ledger import CAUSES
from sim.runs.arm import Arm, Record

if TYPE_CHECKING:
    import xarray

    from sim.runs.ensemble import Gathered


def label(
    arms: Sequence[Arm], found: "Sequence[Gathered]", scenarios: Sequence[str], policies: Sequence[str], seed: int,
    first: int, replicates: int, record: Record,
) -> "xarray.Dataset":  # fmt: skip
    """The arms (scenario by scenario, within it policy by policy) as one dataset. Shorter runs end in NaN."""
    import xarray

    from sim.runs.ensemble import QUANTILES

    codes = sorted({code for arm in arms for code in arm.built.codes})
    horizon = max(arm.scenario.horizon for arm in arms)
    grid = (len(scenarios), len(policies))

    def table(name: str, *lengths: int) -> Floats:
        """One array of all arms; what an arm lacks is NaN."""
        whole = np.full((len(arms), *lengths), np.nan)
        for i, gathered in enumerate(found):
            part = getattr(gathered, name)
            part = np.concatenate(part) if isinstance(part, list) else part
            place: Any = (i, *(slice(length) for length in part.shape))
            whole[place] = part
        return whole.reshape(*grid, *lengths)

    def by_state(name: str, axis: int, *lengths: int) -> Floats:
        """The same, with an arm's own rows of states moved to their places among all states."""
        whole = np.full((len(arms), *lengths), np.nan)
        for i, (arm, gathered) in enumerate(zip(arms, found, strict=True)):
            part = getattr(gathered, name)
            part = np.concatenate(part) if isinstance(part, list) else part
            rows = [codes.index(code) for code in arm.built.codes]
            view = np.moveaxis(whole[i], axis, 0)
            moved = np.moveaxis(part, axis, 0)
            place: Any = (rows, *(slice(length) for length in moved.shape[1:]))
            view[place] = moved
        return whole.reshape(*grid, *lengths)

    axes = ("scenario", "policy")
    arrays: dict[str, Any] = {
        "mean": ((*axes, "measure"), table("mean", len(MEASURES))),
        "scatter": ((*axes, "measure"), table("scatter", len(MEASURES))),
        "step_mean": ((*axes, "step", "measure"), table("step_mean", horizon, len(MEASURES))),
        "step_quantile": (
            (*axes, "quantile", "step", "measure"), table("step_quantiles", len(QUANTILES), horizon, len(MEASURES))
        ),
    }  # fmt: skip
    coordinates: dict[str, Any] = {
        "scenario": list(scenarios), "policy": list(policies), "measure": list(MEASURES),
        "quantile": list(QUANTILES), "step": np.arange(1, horizon + 1),
    }  # fmt: skip
    if record.outcomes:
        arrays["outcome"] = ((*axes, "replicate", "measure"), table("outcomes", replicates, len(MEASURES)))
    if record.outcomes or record.states:
        coordinates["replicate"] = np.arange(first, first + replicates)
    if record.contributions:
        arrays["contribution"] = (
            (*axes, "cause", "score", "state"), by_state("contributions", 2, len(CAUSES), len(SCORES), len(codes))
        )  # fmt: skip
        coordinates |= {"cause": list(CAUSES), "score": list(SCORES)}
    if record.states:
        shape = (len(codes), len(record.states))
        arrays["state_outcome"] = (
            (*axes, "replicate", "state", "variable"), by_state("states", 1, replicates, *shape)
        )  # fmt: skip
        coordinates["variable"] = list(record.states)
    if record.paths and record.states:
        arrays["path"] = (
            (*axes, "replicate", "step", "state", "variable"), by_state("paths", 2, replicates, horizon, *shape)
        )  # fmt: skip
    if record.contributions or record.states:
        coordinates["state"] = codes
    told = manifest(arms, len(policies), scenarios, policies, seed, first, replicates)
    return xarray.Dataset(arrays, coordinates, {"manifest": json.dumps(told, ensure_ascii=True)})


def manifest(
    arms: Sequence[Arm], width: int, scenarios: Sequence[str], policies: Sequence[str], seed: int, first: int,
    replicates: int,
) -> dict[str, Any]:  # fmt: skip
    """Where every number came from: rules, scenarios, policies, parameters, keys and versions."""
    return {
        "interlock": version("interlock-sim"), "rules_hash": RULES_HASH, "seed": seed, "first_replicate": first,
        "replicates": replicates, "python": platform.python_version(), "machine": platform.machine(),
        "versions": {p: version(p) for p in ("numpy", "numba", "mesa", "xarray")},
        "parameters_replaced": dict(arms[0].parameters),
        "scenarios": {n: arms[i * width].scenario.content_hash() for i, n in enumerate(scenarios)},
        "policies": {n: arm.policy.content_hash() for n, arm in zip(policies, arms, strict=False)},
        "arms": [arm.fingerprint for arm in arms],
    }  # fmt: skip
