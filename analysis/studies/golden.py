"""Golden runs: short runs of every scenario, held to the bit, with one command to refresh them."""

import hashlib
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.declare.names import MEASURES
from sim.inputs.load import scenario_names
from sim.inputs.policy import policy_names
from sim.outputs.files import write_text
from sim.runs.engine import Engine

GOLDEN: Final = Path(__file__).parents[2] / "tests" / "golden.json"
STEPS: Final = 8


def world_hash(engine: Engine) -> str:
    """Hash of every array of the world and of the measures: equal hash, equal bits."""
    digest = hashlib.sha256()
    for array in (*engine.world, engine.measures):
        digest.update(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes())
    return digest.hexdigest()[:16]


def golden_run(scenario: str, policy: str, steps: int = STEPS) -> dict[str, Any]:
    """The hash after `steps` quarters, and a few measures, so that a person sees what moved."""
    engine = Engine(scenario, policy, seed=20260101, replicate=3)
    for _ in engine.run():
        if engine.step == steps:
            break
    shown = {name: float(f"{engine.measures[i]:.6g}") for i, name in enumerate(MEASURES)}
    return {"hash": world_hash(engine), "measures": shown}


def golden_runs() -> dict[str, dict[str, Any]]:
    """One run a scenario, each under another policy, so that all policies are held too."""
    policies = policy_names()
    return {
        f"{scenario} x {policies[i % len(policies)]}": golden_run(scenario, policies[i % len(policies)])
        for i, scenario in enumerate(scenario_names())
    }


def compare_golden(refresh: bool = False) -> bool:
    """Print what differs from the golden file; with `refresh`, write the new values. True where all is equal."""
    found = golden_runs()
    held = json.loads(GOLDEN.read_text(encoding="utf-8")) if GOLDEN.exists() else {}
    for name in sorted(found.keys() | held.keys()):
        if found.get(name) == held.get(name):
            continue
        print(f"differs: {name}")
        old, new = (side.get(name, {}).get("measures", {}) for side in (held, found))
        for measure in MEASURES:
            if old.get(measure) != new.get(measure):
                print(f"  {measure:18s} {old.get(measure)} -> {new.get(measure)}")
    if refresh:
        write_text(GOLDEN, json.dumps(found, indent=1) + "\n")
    return refresh or found == held
