"""Golden runs, equal bits whatever compiles or does not, and chance that nothing else shifts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.studies.golden import GOLDEN, golden_run

HELD = json.loads(GOLDEN.read_text(encoding="utf-8"))
ROOT = Path(__file__).parent.parent
CHILD = """import sys
from analysis.studies.golden import golden_run as g
print(g(*sys.argv[1:3], int(sys.argv[3]))['hash'])
"""


@pytest.mark.parametrize("name", HELD)
def test_golden_run_is_held_to_the_bit(name: str) -> None:
    scenario, policy = name.split(" x ")
    found = golden_run(scenario, policy)
    assert found == HELD[name], f"{name}: changed; if that is meant, run `python run.py golden --refresh` and review"


def hash_in_child(tmp_path: Path, python: str = sys.executable, **environment: str) -> str:
    """The golden hash of two quarters of eastern_flank in another process with another environment."""
    variables = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    command = [python, "-c", CHILD, "eastern_flank", "threat_tailored", "2"]
    done = subprocess.run(command, env=variables, cwd=tmp_path, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.slow
def test_the_same_bits_without_compilation(tmp_path: Path) -> None:
    expected = golden_run("eastern_flank", "threat_tailored", 2)["hash"]
    assert hash_in_child(tmp_path, NUMBA_DISABLE_JIT="1") == expected


@pytest.mark.slow
def test_the_same_bits_for_a_generic_processor(tmp_path: Path) -> None:
    expected = golden_run("eastern_flank", "threat_tailored", 2)["hash"]
    found = hash_in_child(
        tmp_path, NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="", INTERLOCK_CACHE=str(tmp_path / "cache")
    )
    assert found == expected
