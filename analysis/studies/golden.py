"""Golden runs: short runs of every scenario, held to the bit, with one command to refresh them.

The same command refreshes the measures among the check values of docs/ODD.md.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Final

import numpy as np

from sim.declare.names import MEASURES
from sim.inputs.load import scenario_names
from sim.inputs.policy import policy_names
from sim.outputs.files import write_text
from sim.runs.engine import Engine

GOLDEN: Final = Path(__file__).parents[2] / "tests" / "golden.json"
ODD: Final = Path(__file__).parents[2] / "docs" / "ODD.md"
CHECKED: Final = r"\| measure \| \w+, .*\n(?:\|.*\n)+"  # the table of check values; its head says which runs
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


def refresh_check_values() -> None:
    """Write the measures of the runs that the head of ODD's table of check values names."""
    page = ODD.read_text(encoding="utf-8")
    head, rule, *_ = re.search(CHECKED, page)[0].splitlines()  # type: ignore[index]
    columns = []
    for run in head.strip("| ").split("|")[1:]:
        scenario, policy, *numbers = (part.strip() for part in run.split(","))
        seed, replicate, quarter = (int(number.split()[1]) for number in numbers)
        engine = Engine(scenario, policy, seed, replicate)
        next(step for step in engine.run() if step == quarter)
        columns.append([f"{value:.12g}" for value in engine.measures.tolist()])
    rows = [f"| `{name}` | " + " | ".join(values) + " |" for name, *values in zip(MEASURES, *columns, strict=True)]
    write_text(ODD, re.sub(CHECKED, lambda _: "\n".join((head, rule, *rows)) + "\n", page))


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
        refresh_check_values()
    return refresh or found == held
