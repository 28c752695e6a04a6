"""The documentation says what the program does: generated pages are fresh, examples run, and ODD.md leaves nothing out."""

import ast
import re
import warnings
from pathlib import Path

import pytest

from analysis.declared import REFRESH, model_sources_markdown, write_docs
from sim import draws
from sim.orders import Levers, Orders
from sim.parameters import Parameters
from sim.world import Incidents, Quarter, Setting, World

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def page(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_model_sources_is_up_to_date() -> None:
    fresh = page("model_sources.md") == model_sources_markdown()
    assert fresh, f"docs/model_sources.md is not what the program declares; `{REFRESH}` refreshes it"


def test_write_docs_writes_what_the_page_holds(tmp_path: Path) -> None:
    (path,) = write_docs(tmp_path / "docs")
    assert path.read_text(encoding="utf-8") == model_sources_markdown()


def test_model_sources_says_how_much_is_assumed() -> None:
    top = page("model_sources.md").split("## Parameters")[0]
    assert f"{len(Parameters._fields)} parameters" in top and "assumed" in top


@pytest.mark.slow
@pytest.mark.parametrize("name", ["mesa.md"])
def test_every_python_block_runs(name: str) -> None:
    """Blocks of a page run in order in one namespace; a failing line is reported by its line in the page."""
    text = page(name)
    blocks = list(re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    assert len(blocks) >= 5
    names: dict[str, object] = {"__name__": "docs"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks:
            above = text.count("\n", 0, block.start(1))
            exec(compile("\n" * above + block[1], str(DOCS / name), "exec"), names)
