"""Entry 21, what the most trusted systems test: writes that fail, a history set against a model, standing faults."""

import contextlib
import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from waiting import PATIENCE

from benchmarks.failing_writes import KINDS_OF_FAULTS, Disk, begun_game, failing, one_fault, one_fault_at_the_start, vfs
from benchmarks.history import FAULTS, Call, History, contradictions, model
from benchmarks.reliability import PAGE, TEXT

ROOT = Path(__file__).parent.parent
replaceable = pytest.mark.skipif(vfs() is None, reason="the functions by which this SQLite writes cannot be replaced")


@replaceable
def test_entry_21_the_shim_counts_writes_and_lets_the_one_fail_that_it_should(tmp_path: Path) -> None:
    import sqlite3

    for n in (0, 3):
        disk = Disk(n)
        with failing(disk):
            connection = sqlite3.connect(tmp_path / f"{n}.db", isolation_level=None)
            try:
                connection.execute("CREATE TABLE t (a)")
                assert n == 0
            except sqlite3.OperationalError as error:
                assert n == 3 and "I/O" in str(error)
            connection.close()
        assert disk.writes >= 3 and disk.failed.total() == (n > 0)
    with contextlib.closing(sqlite3.connect(tmp_path / "after.db")) as connection:
        assert connection.execute("CREATE TABLE t (a)"), "nothing of it stays"


@replaceable
@pytest.mark.parametrize("kind", KINDS_OF_FAULTS)
def test_entry_21_a_disk_that_fails_at_a_write_loses_no_act_that_was_saved(tmp_path: Path, kind: str) -> None:
    """A few writes of a turn; all of them by `python -m benchmarks.failing_writes`."""
    begun, tokens = begun_game(tmp_path)
    whole = Disk()
    (tmp_path / "whole").mkdir()
    all_saved = one_fault(begun, tokens, tmp_path / "whole", whole).saved
    for n in range(7, whole.writes, 83):
        folder, disk = tmp_path / str(n), Disk(n, **KINDS_OF_FAULTS[kind])
        folder.mkdir()
        told = one_fault(begun, tokens, folder, disk)
        assert disk.failed.total() >= 1 and len(told.saved) == len(all_saved) > 15, n


@replaceable
@pytest.mark.parametrize("kind", KINDS_OF_FAULTS)
def test_entry_21_a_new_game_is_whole_or_not_there(tmp_path: Path, kind: str) -> None:
    whole = Disk()
    (tmp_path / "whole").mkdir()
    one_fault_at_the_start(tmp_path / "whole", whole)
    for n in range(1, whole.writes, 13):
        folder = tmp_path / str(n)
        folder.mkdir()
        one_fault_at_the_start(folder, Disk(n, **KINDS_OF_FAULTS[kind]))


# The model, and what it finds

A, B = {"fund": "0.5"}, {"fund": "1"}
LINES: list[tuple[Any, ...]] = [
    (1, "open", "facilitator", "o", {}), (2, "close", "facilitator", "c1", {}),
    (3, "orders", "east", "a", {"fund": 0.5}), (4, "orders", "east", "b", {"fund": 1.0}),
    (5, "close", "clock", None, {}),
]  # fmt: skip


def history(**changes: dict[str, Any]) -> History:
    """Calls that fit these lines, with some changed by their key."""
    calls = [
        Call("open", "", "o", None, 0.0, 1.0, "saved"), Call("close", "", "c1", None, 1.5, 2.0, "saved"),
        Call("orders", "east", "a", A, 2.0, 5.0, "saved"), Call("orders", "east", "b", B, 4.0, 6.0, "saved"),
        Call("orders", "west", "r", A, 4.0, 6.0, "refused"), Call("orders", "west", "u", A, 6.0),
        Call("page", "east", "p1", A, 5.2, 5.4, "seen"), Call("page", "east", "p2", B, 6.5, 7.0, "seen"),
    ]  # fmt: skip
    found = [dataclasses.replace(call, **changes.get(call.key, {})) for call in calls]
    return History([dataclasses.replace(call, key="" if call.kind == "page" else call.key) for call in found])


def test_entry_21_the_model_lets_a_true_history_pass() -> None:
    assert contradictions(history(), LINES) == []
    assert contradictions(history(p1={"contents": B}), LINES) == [], "both orders were on their way"
    assert contradictions(history(b={"answer": "unknown", "ended": float("inf")}), LINES) == []


@pytest.mark.parametrize(
    "changes, lines, words", [
        ({"b": {"answer": "refused"}}, LINES, "refused and there"),
        ({"u": {"answer": "saved", "ended": 7.0}}, LINES, "saved and not there"),
        ({"a": {"contents": B}}, LINES, "other contents"),
        ({"a": {"seat": "west"}}, LINES, "other contents"),
        ({"a": {"began": 7.0, "ended": 8.0}}, LINES, "saved before it began"),
        ({"p2": {"contents": A}}, LINES, "page of east"),
        ({"p2": {"contents": None}}, LINES, "page of east"),
        ({"p1": {"contents": {"fund": "9"}}}, LINES, "page of east"),
        ({}, [*LINES, (6, "orders", "east", "a", {"fund": 0.5})], "there 2 times"),
        ({}, [*LINES, (6, "note", "facilitator", "x", {})], "nobody sent it"),
        ({}, [*LINES, (6, "orders", "west", None, {})], "orders in council"),
        ({}, [*LINES[:4], (5, "open", "facilitator", None, {})], "open in orders"),
        ({}, [*LINES[:3], (4, "pause", "clock", None, {}), (5, *LINES[3][1:])], "paused: True"),
    ],
)  # fmt: skip
def test_entry_21_the_model_finds_what_must_not_be(changes: Any, lines: list[Any], words: str) -> None:
    assert any(words in line for line in contradictions(history(**changes), lines))


def test_entry_21_a_new_turn_clears_what_was_ordered() -> None:
    closes = [(n, "close", "clock", None, {}) for n in range(6, 8)]
    wrong, seats = model([*LINES, *closes])
    assert wrong == [] and seats["east"] == [(3, A), (4, B), (7, None)]


@pytest.mark.slow
def test_entry_21_a_class_under_the_standing_faults_contradicts_nothing() -> None:
    """Kills, standstills, clocks that jump, a disk that fails, a second writer: one of each."""
    command = [sys.executable, "-m", "benchmarks.history", "--faults", str(len(FAULTS))]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert found.returncode == 0 and "contradictions 0" in found.stdout, found.stdout + found.stderr
    assert all(f"1 {fault}" in found.stdout for fault in FAULTS)


@pytest.mark.skipif(not PAGE.exists(), reason="python -m benchmarks.reliability takes forty minutes to write the page")
def test_entry_21_the_page_of_docs_is_the_one_that_the_command_writes() -> None:
    text, (before, after) = PAGE.read_text(encoding="utf-8"), TEXT.split("{rows}")
    assert text.endswith(after) and text.startswith(before[: before.index("{date}")])
    rows = [line for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 7 and "lost 0, double 0" in text and "contradictions 0" in text
    assert not [row for row in rows if "0 acts lost" not in row and "failing_writes" in row]
