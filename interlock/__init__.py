"""Interlock from Python: load, run, compare, draw, and the Mesa model; each name is imported when it is first used.

import interlock

found = interlock.compare(["gulf_maritime"], ["open_door"], replicates=20)
print(*interlock.verdict(found.scenarios[0]), sep="\\n")
interlock.draw(found, "forest").savefig("forest.png")
"""

import sys
import warnings
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from analysis.explore.serve import explore
    from analysis.pictures.show import draw
    from analysis.studies.compare.comparison import Comparison, Judged
    from analysis.studies.compare.runs import compare
    from analysis.studies.compare.verdict import verdict
    from analysis.studies.frames import to_dataframe
    from analysis.studies.uncertain.sensitivity_runs import Sensitivity, sensitivity
    from sim.inputs.errors import InputError
    from sim.inputs.load import load_scenario as load
    from sim.inputs.load import scenario_names
    from sim.inputs.policy import Policy, load_policy, policy_names
    from sim.inputs.scenario import Scenario
    from sim.runs.arm import Record
    from sim.runs.ensemble import run_ensemble
    from sim.runs.mesa_model import PartnershipModel
    from sim.runs.results import Results
    from sim.runs.results import simulate as run

__all__ = [
    "Comparison", "InputError", "Judged", "PartnershipModel", "Policy", "Record", "Results", "Scenario",
    "Sensitivity", "compare", "draw", "explore", "load", "load_policy", "policy_names", "run", "run_ensemble",
    "scenario_names", "sensitivity", "to_dataframe", "verdict",
]  # fmt: skip
PLACES: Final = {
    "Comparison": "analysis.studies.compare.comparison", "InputError": "sim.inputs.errors",
    "Judged": "analysis.studies.compare.comparison", "PartnershipModel": "sim.runs.mesa_model",
    "Policy": "sim.inputs.policy", "Record": "sim.runs.arm", "Results": "sim.runs.results",
    "Scenario": "sim.inputs.scenario", "Sensitivity": "analysis.studies.uncertain.sensitivity_runs",
    "compare": "analysis.studies.compare.runs", "draw": "analysis.pictures.show",
    "explore": "analysis.explore.serve", "load": "sim.inputs.load", "load_policy": "sim.inputs.policy",
    "policy_names": "sim.inputs.policy", "run": "sim.runs.results", "run_ensemble": "sim.runs.ensemble",
    "scenario_names": "sim.inputs.load", "sensitivity": "analysis.studies.uncertain.sensitivity_runs",
    "to_dataframe": "analysis.studies.frames", "verdict": "analysis.studies.compare.verdict",
}  # fmt: skip
OTHERWISE: Final = {"load": "load_scenario", "run": "simulate"}  # what these are called where they are defined
PARTS: Final = ("sim", "analysis", "game")  # beside this package, wherever it is installed

# In a notebook without widgets Mesa's progress bar, which nothing here shows, would ask for them.
warnings.filterwarnings("ignore", "IProgress not found")


def refuse_strays(*parts: str) -> None:
    """Refuse a file of somebody else's that is found where a part of Interlock should be, in words."""
    home = Path(__file__).resolve().parents[1]
    for part in parts:
        spec = find_spec(part)
        found = Path(spec.origin) if spec is not None and spec.origin is not None else None
        if found is None or home not in (found.resolve().parent, found.resolve().parents[1]):
            where = found or "Nothing"
            words = (
                f"{where} is found where Interlock's own '{part}' should be: rename it, or start from another folder."
            )
            raise SystemExit(words) if sys.argv[:1] == ["-m"] else ImportError(words)


refuse_strays(*PARTS)


def __getattr__(name: str) -> Any:
    """A public name, imported on first use."""
    if name == "__version__":
        return version("interlock-sim")
    if name not in PLACES:
        raise AttributeError(f"module 'interlock' has no attribute {name!r}")
    value = getattr(import_module(PLACES[name]), OTHERWISE.get(name, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The public names."""
    return [*__all__, "__version__"]
