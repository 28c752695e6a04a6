"""What the process that compiles runs: it prints percents as it goes on, and then the one entry in LLVM's language."""

import sys

from sim.inputs.load import load_scenario
from sim.law.compiling import language_of
from sim.law.job import Job, run
from sim.runs.arm import Record, arm_of, job_of


def example() -> Job:
    """A small job, from which the compiler learns how blocks are laid out."""
    small = load_scenario("baseline_2025").model_copy(update={"horizon": 2, "shocks": (), "upheavals": ()})
    return job_of(arm_of(small, "status_quo"), 1, 0, 1, Record())


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(language_of(run, example()))
