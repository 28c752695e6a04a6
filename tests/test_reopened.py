"""Entry 19: every output of every shipped scenario is opened again, by xarray, pandas, a parser of pages, a browser."""

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas
import pytest
import xarray
from browsing import CHROMIUM, FLAGS
from typer.testing import CliRunner

from analysis.pictures.reports.run import write_report
from run import app
from sim.declare.names import MEASURES, STATE_VARIABLES
from sim.inputs.load import load_scenario, scenario_names
from sim.runs.arm import Record
from sim.runs.dataset import write_netcdf
from sim.runs.ensemble import run_ensemble
from sim.runs.results import Results, simulate

RECORDS: Final = (Record(), Record(contributions=True, states=("trust", "harm"), paths=True), Record(outcomes=False))
VOID: Final = ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")


class Nested(HTMLParser):
    """Reads a page and holds every tag against the one that closes it."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags += 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> at {self.getpos()}"


def page_read(path: Path) -> int:
    """The number of tags of a page, each of them closed."""
    reader = Nested()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    assert reader.open == []
    return reader.tags


def reopened(path: Path, first: xarray.Dataset) -> None:
    """A dataset read back is the one that was written, but for axes without places."""
    empty = {axis for axis, length in first.sizes.items() if length == 0}
    with xarray.open_dataset(path) as found:
        found.load()
        assert set(found.data_vars) == {n for n, one in first.data_vars.items() if not empty & set(one.dims)}
        assert all(length > 0 for length in found.sizes.values()) and not found.encoding.get("unlimited_dims")
        for name, values in found.variables.items():
            assert np.array_equal(values.values, first[name].values, equal_nan=values.dtype.kind == "f"), name
        assert json.loads(found.attrs["manifest"]) == json.loads(first.attrs["manifest"])
        assert len(found[["measures" if "measures" in found else "mean"]].to_dataframe()) > 0


def read_by_pandas(path: Path, heads: tuple[str, ...]) -> pandas.DataFrame:
    """A table with these heads and no row or cell too many."""
    table = pandas.read_csv(path)
    assert tuple(table.columns) == heads and len(table) > 0
    assert len(table) == len(list(filter(None, path.read_text(encoding="utf-8").splitlines()))) - 1
    return table


@pytest.fixture(scope="module", params=scenario_names())
def ran(request: pytest.FixtureRequest) -> Iterator[Results]:
    yield simulate(request.param, "status_quo")


def test_entry_19_what_a_run_of_a_shipped_scenario_leaves_is_opened_again(ran: Results, tmp_path: Path) -> None:
    written = ran.write(tmp_path)
    page = write_report(ran, [], tmp_path / "report.html")
    assert {path.name for path in (*written, page)} == {path.name for path in tmp_path.iterdir()}
    reopened(tmp_path / "result.nc", ran.dataset())
    tidy = read_by_pandas(tmp_path / "measures_and_states.csv", ("quarter", "subject", "variable", "value"))
    assert set(tidy["subject"]) == {"all", *ran.codes} and set(tidy["variable"]) == {*MEASURES, *STATE_VARIABLES}
    assert tidy["value"].dtype == np.float64 and np.isfinite(tidy["value"]).all()
    news = read_by_pandas(tmp_path / "events.csv", ("quarter", "kind", "state", "text"))
    assert news["text"].notna().all() and set(news["quarter"]) <= set(ran.quarters)
    assert json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["scenario"] == ran.scenario.title
    assert page_read(page) > 50


@pytest.mark.parametrize("name", scenario_names())
def test_entry_19_what_an_ensemble_of_a_shipped_scenario_leaves_is_opened_again(name: str, tmp_path: Path) -> None:
    world = load_scenario(name).model_copy(update={"horizon": 4})
    for i, record in enumerate(RECORDS):
        data = run_ensemble(world, ["status_quo", "restraint"], 2, record=record, threads=1)
        reopened(write_netcdf(tmp_path / f"{i}.nc", data), data)


def test_entry_19_a_scenario_without_rivals_keeps_all_else(tmp_path: Path) -> None:
    alone = simulate("open_door_1994", "status_quo", paired=False)
    assert alone.rivals == ()
    alone.write(tmp_path)
    with xarray.open_dataset(tmp_path / "result.nc") as found:
        assert {"hostility", "pressure"} & set(found.data_vars) == set() and "rival" not in found.sizes
        assert found["measures"].shape == alone.measures.shape


@pytest.mark.slow
def test_entry_19_every_file_of_every_command_is_opened_again(tmp_path: Path) -> None:
    scenario = "open_door_1994"  # without rivals
    few = {
        "run": (scenario,), "compare": (scenario, "--policies", "restraint", "--replicates", "4"),
        "sensitivity": (scenario, "--parameters", "own_effort,bloc_settle", "--samples", "2", "--replicates", "2"),
        "discover": (scenario, "-p", "restraint", "--points", "20", "--replicates", "1"),
        "search": (scenario, "--population", "8", "--generations", "2", "--replicates", "2"),
        "schema": (), "handouts": ("door_fictional",),
    }  # fmt: skip
    for command, words in few.items():
        done = CliRunner().invoke(app, [command, *words, "--out", str(tmp_path / command)])
        assert done.exit_code == 0, f"{command}: {done.output}"
    found = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "chunks"]
    opened = {".csv": 0, ".nc": 0, ".html": 0, ".json": 0, ".png": 0, ".svg": 0}
    for path in found:
        opened[path.suffix] = opened.get(path.suffix, 0) + 1
        if path.suffix == ".csv":
            assert len(pandas.read_csv(path)) > 0, path
        elif path.suffix == ".nc":
            with xarray.open_dataset(path) as data:
                assert data.load().sizes, path
        elif path.suffix == ".html":
            assert page_read(path) > 50, path
        elif path.suffix == ".json":
            assert json.loads(path.read_text(encoding="utf-8")), path
        elif path.suffix == ".toml":
            assert CliRunner().invoke(app, ["validate", str(path)]).exit_code == 0, path
        elif path.suffix in (".png", ".svg"):
            assert path.read_bytes().startswith((b"\x89PNG", b"<?xml")), path
    assert all(opened.values()) and set(opened) <= {".csv", ".nc", ".html", ".json", ".toml", ".png", ".svg", ".txt"}
    if CHROMIUM:
        show([path for path in found if path.suffix == ".html"])


def show(pages: list[Path]) -> None:
    """A browser shows the pages from the disk, complains of nothing and asks nobody for anything."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for path in pages:
            page, complaints, asked = browser.new_page(), [], []
            page.on("console", lambda message, found=complaints: found.append(message.text))
            page.on("pageerror", lambda error, found=complaints: found.append(str(error)))
            page.on("request", lambda request, found=asked: found.append(request.url))
            page.goto(path.as_uri())
            assert page.title() and page.inner_text("body").strip() and complaints == [], path
            assert all(url.startswith(("file:", "data:")) for url in asked), path
            page.close()
        browser.close()
