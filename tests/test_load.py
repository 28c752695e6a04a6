"""The load and the kill benchmark run, lose nothing and double nothing; small here, whole by hand."""

import re
import sys

import pytest
from waiting import called

pytestmark = pytest.mark.slow


def told(*command: str) -> str:
    found = called([sys.executable, "-m", *command])
    assert found.returncode == 0, found.stdout + found.stderr
    return found.stdout


def test_a_class_under_load_loses_and_doubles_nothing() -> None:
    text = told("benchmarks.load", "--players", "10", "--streams", "30", "--turns", "1")
    assert "orders acknowledged 50, written 50, lost 0, double 0, not asked for 0" in text and "verified" in text
    assert set(re.findall(r"^(submit|push).*?p95 +[\d.]+ ms", text, re.MULTILINE)) == {"submit", "push"}


def test_killed_servers_keep_what_they_acknowledged() -> None:
    text = told("benchmarks.kill", "--times", "2")
    acknowledged = re.search(r"2 kills: orders acknowledged (\d+), lost 0, double 0", text)
    assert acknowledged and int(acknowledged.group(1)) > 5
    assert re.search(r"replay: (\d+) of \1 branches verified", text)
