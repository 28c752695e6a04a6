"""The benchmark runs, both of its sides give the same outcomes, and it prints what docs/benchmarks.md reports."""

import re
import sys

import pytest
from waiting import called


@pytest.mark.slow
def test_the_benchmark_runs_and_finds_both_sides_equal() -> None:
    command = [sys.executable, "-m", "benchmarks.speed", "--quick"]
    told = called(command)
    assert told.returncode == 0, told.stderr
    found = re.search(r"plain Mesa +([\d.]+) ms a run, ensemble +([\d.]+) ms.*outputs equal to (\S+)", told.stdout)
    assert found, told.stdout
    plain, ours, gap = map(float, found.groups())
    assert gap < 1e-9 and min(plain, ours) > 0.0
    for word in ("times plain Mesa's batch_run", "times the floor", "runs ", "quarters ", "states ", "GB/s"):
        assert word in told.stdout
