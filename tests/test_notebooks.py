"""The notebooks of the documentation run from the first cell to the last, show their pictures, and give the numbers
that the command line gives.

They are kept without outputs, so that nothing in them can be of older rules; the site is built with them executed.
"""

import os
from pathlib import Path

import nbformat
import pandas
import pytest
from nbclient import NotebookClient
from typer.testing import CliRunner
from waiting import PATIENCE

from run import app

ROOT = Path(__file__).parent.parent
BOOKS = ROOT / "docs" / "notebooks"
PICTURES = {"first_comparison": 4, "own_scenario": 2, "many_runs": 1}
# What each leaves in a file for this test, and the command that gives the same numbers, in which file.
SAME = {
    "first_comparison": (
        "found",
        "compare gulf_maritime --policies digital_and_cyber,south_first,open_door --replicates 20 --parameters 0",
        "differences.csv",
    ),
    "own_scenario": (
        "found",
        "compare candidates.toml --policies hold_firm.toml,open_door --replicates 20 --parameters 0",
        "differences.csv",
    ),
    "many_runs": (
        "moved",
        "sensitivity gulf_maritime --policy digital_and_cyber --baseline status_quo "
        "--parameters own_effort,help_effort,learning,promise,leak_rate,tension_gain",
        "sensitivity.csv",
    ),
}


def executed(name: str, folder: Path, more: str) -> nbformat.NotebookNode:
    """A notebook with its outputs, run in a folder; `more` is a cell at its end."""
    book = nbformat.read(BOOKS / f"{name}.ipynb", as_version=4)
    book.cells.append(nbformat.v4.new_code_cell(more))
    client = NotebookClient(book, timeout=PATIENCE, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, "PYTHONPATH": str(ROOT)})
    return book


def test_every_notebook_is_kept_without_outputs_and_tested() -> None:
    assert {path.stem for path in BOOKS.glob("*.ipynb")} == set(PICTURES)
    for name in PICTURES:
        for cell in nbformat.read(BOOKS / f"{name}.ipynb", as_version=4).cells:
            assert not cell.get("outputs") and cell.get("execution_count") is None, "clear all outputs before you save"


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_a_notebook_shows_pictures_and_the_numbers_of_the_command_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, command, file = SAME[name]
    more = f"interlock.to_dataframe({found}).to_csv('of_the_notebook.csv', index=False)"
    outputs = [one for cell in executed(name, tmp_path, more).cells for one in cell.get("outputs", ())]
    assert [one for one in outputs if one.output_type == "error" or one.get("name") == "stderr"] == []
    pictures = [one for one in outputs if "image/png" in one.get("data", {})]
    assert len(pictures) == PICTURES[name] and all(len(one.data["image/png"]) > 20_000 for one in pictures)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(
        app, [*command.split(), "--out", "out", *(["--no-figures"] if "compare" in command else [])]
    )
    assert done.exit_code == 0, done.output
    ours, theirs = (pandas.read_csv(tmp_path / path) for path in ("of_the_notebook.csv", f"out/{file}"))
    pandas.testing.assert_frame_equal(ours, theirs, rtol=1e-8)
