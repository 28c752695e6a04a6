"""The benchmark runs, both of its sides give the same outcomes, and it prints what docs/benchmarks.md reports."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.slow
def test_the_benchmark_runs_and_finds_both_sides_equal() -> None:
    command = [sys.executable, "-m", "benchmarks.speed", "--quick"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert told.returncode == 0, told.stderr
    found = re.search(r"plain Mesa +([\d.]+) ms a run, ensemble +([\d.]+) ms.*outputs equal to (\S+)", told.stdout)
    assert found, told.stdout
    plain, ours, gap = map(float, found.groups())
    assert gap < 1e-9 and plain > ours > 0.0
    for word in ("times plain Mesa's batch_run", "times the floor", "runs ", "quarters ", "states ", "GB/s"):
        assert word in told.stdout
