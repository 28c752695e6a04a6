"""Acceptance 1: broken files of every kind are told in words, and broken chunks come back as the same numbers.

Some hundreds here; `make fuzz` breaks ten thousand files and nine thousand chunks.
"""

from pathlib import Path

import pytest

from benchmarks.broken_files import READ, broken_chunks, broken_inputs, read, summary


@pytest.mark.slow
@pytest.mark.parametrize("kind", READ)
def test_entry_12_broken_files_are_told_in_words_or_run(kind: str) -> None:
    counts, wrong = broken_inputs(kind, 0, 60, 2026)
    assert wrong == [] and sum(counts.values()) == 60 and counts["told"] > 10 and counts["read"] > 3


def test_entry_17_broken_chunks_are_said_and_come_back_as_the_same_numbers() -> None:
    counts, wrong = broken_chunks(0, 60, 2026)
    assert wrong == [] and counts["the same numbers"] == 60 and counts["told"] > 50


def test_what_must_not_be_is_found(tmp_path: Path) -> None:
    def fails(_: Path) -> None:
        raise KeyError("x")

    assert read(fails, tmp_path)[0] == "traceback"
    lines = summary(
        {}, ["scenario 3 (x.toml): traceback: KeyError", "game 1 (y.toml): hang: long", "chunk 7: flip: other"]
    )
    assert "tracebacks 1, hangs over 5 s 1, messages without file and key 0" in lines[-1]
