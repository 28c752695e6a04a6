"""Many runs at once: scenarios by policies, with the same luck."""

from sim.runs.arm import Record
from sim.runs.ensemble import run_ensemble

__all__ = ["Record", "run_ensemble"]
