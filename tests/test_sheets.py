"""Workbooks in and out: policies and facts as sheets are told like TOML, at the cell; results open in pandas."""

import io
import json
import random
import sys
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest
from asking import call
from openpyxl import Workbook, load_workbook

from analysis.commands.tables import Sheet, workbook
from analysis.stats.extras import optional
from analysis.studies.compare.comparison import COLUMNS
from analysis.studies.compare.runs import Plan, plan_of, short
from sim.declare.names import MEASURES
from sim.inputs.describe import describe_all
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import Policy, load_policy
from sim.inputs.scenario import Scenario
from sim.inputs.states import load_facts_once
from sim.runs.build import build

HEADS = ("title", "extends", "envelope", "split.exercises", "split.dialogue", "decision_mode", "focus_region.baltic")
STEADY = ("Small and steady", "status_quo", 80, 0.6, 0.4, "decision_shaping", 1.5)
BOLD = ("Bold", None, 240.5, None, None, None, None)
TEXT = """
extends = "status_quo"
title = "Small and steady"
envelope = 80
split = { exercises = 0.6, dialogue = 0.4 }
decision_mode = "decision_shaping"
focus_region = { baltic = 1.5 }
"""


def book(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """A workbook with these sheets."""
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(list(row))
    made.save(path)
    return path


def told(path: Path) -> str:
    """What is said of a file that is wrong."""
    with pytest.raises(InputError) as error:
        list(describe_all(path))
    return str(error.value)


# policies


def test_a_policy_of_a_sheet_is_the_policy_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "steady.toml").write_text(TEXT, encoding="utf-8")
    as_file = load_policy(tmp_path / "steady.toml")
    rows = [HEADS, STEADY, BOLD]
    across, down = book(tmp_path / "a.xlsx", policies=rows), book(tmp_path / "d.xlsx", Tabelle1=[*zip(*rows)])
    for path in (across, down):
        steady, bold = (load_policy(f"{path}#{name}") for name in ("small_and_steady", "bold"))
        assert steady.content_hash() == as_file.content_hash()
        assert isinstance(bold, Policy) and bold.envelope == 240.5
    assert load_policy(book(tmp_path / "one.xlsx", one=[HEADS, STEADY])).content_hash() == as_file.content_hash()


def test_a_workbook_stands_for_each_of_its_policies_and_extends_one_of_its_own(tmp_path: Path) -> None:
    rows = [("name", "title", "extends", "size"), ("small", "Small", None, 0.1), ("next", "Next", "b.xlsx#small", None)]
    path = book(tmp_path / "b.xlsx", notes=[("nothing", "of use")], Policies=rows)
    plan = plan_of(Plan(("gulf_maritime",), (str(path),)))
    assert [short(name) for name in plan.policies] == ["status_quo", "small", "next"]
    following = load_policy(f"{path}#next")
    assert isinstance(following, Policy) and following.size == 0.1
    with pytest.raises(InputError, match=r"holds 2 policies; name one, as in b.xlsx#small; allowed: small, next"):
        load_policy(path)
    with pytest.raises(InputError, match=r"#smal: there is no policy of this name; allowed: .*did you mean 'small'"):
        load_policy(f"{path}#smal")


ENVELOPE = "allowed: a number from 0 to 600 (EUR million a year) (sheet 'policies', cell C2"
MODES = "no known decision mode; allowed: consensus, opt_in, decision_shaping, joint_decision"
GDP = "is not allowed; it must be a number from 0.1 to 50000 (billion current US dollars)"
B2 = "sheet 'facts', cell B2"
KEPT = "a number kept as text)"


def changed(column: int, value: Any) -> list[Sequence[Any]]:
    """The sheet with another value in the row of the first policy."""
    return [HEADS, (*STEADY[:column], value, *STEADY[column + 1 :]), BOLD]


@pytest.mark.parametrize(
    "rows, words",
    [
        (changed(2, 900), f"envelope = 900: {ENVELOPE})"),
        (changed(2, "80"), f"envelope = '80': {ENVELOPE}, {KEPT}"),
        (changed(2, datetime(2026, 5, 1)), f"envelope = '2026-05-01': {ENVELOPE}, kept as a date)"),
        (changed(2, "#DIV/0!"), "envelope = '#DIV/0!': allowed: a number"),
        (changed(2, "=40*2"), "sheet 'policies', cell C2: a formula whose value is not kept"),
        (changed(3, 0.9), "they must sum to 1 (names left out count 0) (sheet 'policies', cell D2)"),
        (changed(5, "opt_on"), f"decision_mode = 'opt_on': {MODES}; did you mean 'opt_in'? (sheet"),
        (changed(6, 7), "focus_region.baltic = 7: allowed: a number from 0 to 5 (sheet 'policies', cell G2)"),
        ([("title", "size"), (None, 0.5)], "row_1: title: is missing; it is required"),
        (changed(0, "Bold"), "cell A3 = 'bold': two policies of this workbook share this name"),
        (changed(1, "status_qu"), "extends = 'status_qu': there is no policy of this name"),
        ([("title", "envelop"), ("A", 3)], "envelop = 3: unknown key; allowed: title, "),
        ([("title", "split.exercise"), ("A", 1)], "split.exercise = 1: no known instrument"),
        ([("title", "size", "size"), ("A", 1, 1)], "cell C1 = 'size': stands twice; each is written once"),
        ([("title", "split", "split.dialogue"), ("A", 1, 1)], "cell C1 = 'split.dialogue': stands twice"),
        ([("title", None), ("A", 1)], "sheet 'policies', cell B1: the head is missing"),
        ([("Titel", "Größe"), ("A", 1)], "neither its first row nor its first column has the heads"),
        ([HEADS], "sheet 'policies': holds heads and no policy"),
        ([], "the workbook is empty"),
    ],
)  # fmt: skip
def test_mistakes_are_told_like_those_of_toml_at_the_cell(
    tmp_path: Path, rows: list[Sequence[Any]], words: str
) -> None:  # fmt: skip
    message = told(book(tmp_path / "mine.xlsx", policies=rows))
    assert "mine.xlsx" in message and words in message, message


def test_what_a_formula_gave_counts(tmp_path: Path) -> None:
    path = book(tmp_path / "mine.xlsx", policies=[("title", "size"), ("A", 0.25)])
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<v>0.25</v>", b"<f>1/4</f><v>0.25</v>")
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    policy = load_policy(path)
    assert b"<f>" in parts[sheet] and isinstance(policy, Policy) and policy.size == 0.25


# workbooks that are none


def test_merged_cells_and_sheets_without_end_are_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "mine.xlsx", policies=[HEADS, STEADY])
    made = load_workbook(path)
    made["policies"].merge_cells("B2:C2")
    made.save(path)
    assert "sheet 'policies': cells B2:C2 are merged; unmerge them" in told(path)
    made["policies"].unmerge_cells("B2:C2")
    made["policies"]["XFD1048576"] = 1
    made.save(path)
    assert "reaches to cell XFD1048576; allowed: 2,000 rows and 300 columns" in told(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/large.xml", b"0" * 9_000_000)
    assert path.stat().st_size < 100_000 and "unpacks to more than 8 MB" in told(path)
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "a">]><workbook/>')
    assert "declares a document type" in told(path)


@pytest.mark.parametrize("content", [b"", b"title,size\n", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0old"])
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods", "XLSX"])
def test_what_is_no_workbook_is_told(tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"mine.{ending}"
    path.write_bytes(content)
    assert f"mine.{ending}: file: this workbook is " in told(path) and "save it as .xlsx" in told(path)
    found = call("validate", path, tmp_path / "none.xlsx")
    assert found.exit_code == 2 and "Traceback" not in found.output and "none.xlsx" in found.output


def test_broken_workbooks_are_told_or_read(tmp_path: Path) -> None:
    whole = book(tmp_path / "whole.xlsx", policies=[HEADS, STEADY], facts=[("code", "note"), ("GEO", "x")])
    with zipfile.ZipFile(whole) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    luck, counts = random.Random(12), {"told": 0, "read": 0}
    for i in range(150):
        path, name = tmp_path / f"broken{i}.xlsx", luck.choice([*parts])
        content = bytearray(parts[name])
        for _ in range(luck.randrange(1, 4)):
            content[luck.randrange(len(content))] = luck.randrange(32, 127)
        with zipfile.ZipFile(path, "w") as packed:
            for part in parts:
                packed.writestr(part, bytes(content) if part == name else parts[part])
        if i % 5 == 0:
            path.write_bytes(path.read_bytes()[: luck.randrange(path.stat().st_size)])
        try:
            list(describe_all(path))
            counts["read"] += 1
        except InputError as error:
            assert path.name in str(error)
            counts["told"] += 1
    assert min(counts.values()) > 5, counts


def test_a_scenario_is_no_workbook_and_a_missing_library_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    path = book(tmp_path / "mine.xlsx", policies=[HEADS, STEADY])
    found = call("run", path)
    assert found.exit_code == 2 and "a scenario is a TOML file" in found.output
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    path.write_bytes(path.read_bytes() + b" ")  # what was read before is kept by content
    for words in (("validate", path), ("run", "gulf_maritime", "--tables", "excel")):
        found = call(*words)
        assert found.exit_code == 2 and 'pip install "interlock-sim[tables]"' in found.output, found.output
    assert optional()["pyarrow"] == "tables"
    found = call("run", "gulf_maritime", "--tables", "exel")
    assert found.exit_code == 2 and "did you mean 'excel'?" in found.output


# facts

FACTS = [("code", "gdp_2023_busd", "suspended_from", "milex_2023_busd"),
         ("GEO", 33.5, None, None), ("MDA", None, datetime(2024, 3, 1), 0.5)]  # fmt: skip


def with_facts(folder: Path, name: str) -> Scenario:
    """A scenario that uses a table of facts beside it."""
    (folder / "mine.toml").write_text(f'extends = "eastern_flank"\nfacts = "{name}"\n', encoding="utf-8")
    return load_scenario(folder / "mine.toml")


def test_facts_of_a_sheet_and_of_a_csv_file_are_laid_on_those_that_are_shipped(tmp_path: Path) -> None:
    book(tmp_path / "mine.xlsx", notes=[("x",)], Facts=FACTS)
    (tmp_path / "mine.csv").write_text(
        "code,suspended_from,gdp_2023_busd,milex_2023_busd\nGEO,,33.5,\nMDA,2024-03-01,,0.5\n", encoding="utf-8"
    )
    shipped, scenario, other = load_facts_once(), with_facts(tmp_path, "mine.xlsx"), with_facts(tmp_path, "mine.csv")
    assert scenario.facts_of("GEO") == other.facts_of("GEO") and scenario.facts_of("MDA") == other.facts_of("MDA")
    georgia, moldova = scenario.facts_of("GEO"), scenario.facts_of("MDA")
    assert georgia and moldova and georgia.number("gdp", 2025) == 33.5 != shipped["GEO"].number("gdp", 2025)
    assert georgia.cell("gdp", 2025).origin == "the scenario's table of facts"
    assert moldova.provenance("milex", 2023) == "fact" and moldova.dates["suspended_from"].year == 2024
    assert scenario.facts_of("FRA") == shipped["FRA"] and load_facts_once()["GEO"] == shipped["GEO"]
    before, after = build(load_scenario("eastern_flank")), build(scenario)
    at = before.codes.index("GEO")
    assert not np.array_equal(before.world.capability[at], after.world.capability[at])
    again = Scenario.model_validate(json.loads(json.dumps(scenario.model_dump(mode="json", by_alias=True))))
    assert again.content_hash() == scenario.content_hash() != load_scenario("eastern_flank").content_hash()


@pytest.mark.parametrize(
    "rows, words",
    [
        ([("code", "gdp_2023"), ("GEO", 1)], "column 'gdp_2023': unknown column; did you mean 'gdp_2023_busd'?"),
        ([("code", "gdp_2023_busd"), ("GEO", "33,5")], f"{GDP}; numbers are written with a point ({B2}, {KEPT}"),
        ([("code", "region"), ("GEO", "caucasu")], "column region = 'caucasu': is not allowed; it must be one of"),
        ([("code", "lat"), ("Georgia", 40)], "it must be three capital letters (sheet 'facts', cell A2)"),
        ([("code", "lat"), ("GEO", 40), ("GEO", 41)], "column code = 'GEO': is not allowed; it must be unique"),
        ([("code", "name"), ("ARG", "Argentina")], "row ARG, column role = '': is not allowed"),
        ([("code", "suspended_from"), ("GEO", 2024.5)], "a date YYYY, YYYY-MM or YYYY-MM-DD (sheet 'facts', cell B2)"),
        ([("name", "lat"), ("Georgia", 40)], "column 'code': , declared in states.toml, is missing"),
    ],
)  # fmt: skip
def test_mistakes_in_facts_are_told_at_the_cell(tmp_path: Path, rows: list[Sequence[Any]], words: str) -> None:
    path = book(tmp_path / "mine.xlsx", facts=rows)
    assert words in told(path), told(path)
    with pytest.raises(InputError, match=r"mine\.xlsx"):
        with_facts(tmp_path, "mine.xlsx")


def test_a_table_of_facts_that_is_none_is_told_in_the_scenario(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"mine.toml: facts = 'none.csv': cannot be read: No such file"):
        with_facts(tmp_path, "none.csv")
    book(tmp_path / "p.xlsx", one=[HEADS, STEADY])
    with pytest.raises(InputError, match=r"p.xlsx: sheet: no sheet is called 'facts', and the first has no column"):
        with_facts(tmp_path, "p.xlsx")
    (tmp_path / "mine.toml").write_text('extends = "eastern_flank"\nfacts = ["x"]\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"facts = \['x'\]: allowed: the path of a table of facts, .csv or .xlsx"):
        load_scenario(tmp_path / "mine.toml")


def test_validate_describes_all_that_a_workbook_holds(tmp_path: Path) -> None:
    path = book(tmp_path / "mine.xlsx", facts=FACTS, policies=[HEADS, STEADY, BOLD])
    found = call("validate", path)
    kinds = [line.split(": valid. ")[1].split(":")[0] for line in found.output.splitlines()]
    assert found.exit_code == 0 and kinds == ["Facts about 2 states", "Policy", "Policy"]


# out


def test_no_text_is_a_formula_and_no_number_is_without_end() -> None:
    texts = ("=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "a\x07b", " =cmd|x")
    content = workbook([Sheet("one", ("text", "number"), [(text, float("inf")) for text in texts])])
    made = load_workbook(io.BytesIO(content))
    cells = [row[0] for row in made["one"].iter_rows(min_row=2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(texts) and cells[5].value == "ab"
    assert all(cell.quotePrefix for cell in cells[:4]) and made["one"]["B2"].value is None
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())


def test_a_comparison_opens_in_pandas_as_it_was_found(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "small.toml").write_text('extends = "gulf_maritime"\ntitle = "=Small"\nhorizon = 4\n', encoding="utf-8")
    book(tmp_path / "mine.xlsx", policies=[HEADS, STEADY, BOLD])
    words = ("compare", tmp_path / "small.toml", "--policies", tmp_path / "mine.xlsx", "--replicates", "4")
    found = call(*words, "--no-figures", "--tables", "excel,parquet", "--out", tmp_path / "out")
    assert found.exit_code == 0 and "comparison.xlsx, differences.parquet" in found.output, found.output
    sheets = pandas.read_excel(tmp_path / "out" / "comparison.xlsx", sheet_name=None)
    assert list(sheets) == ["verdict", "gains", "differences", "quarters", "states", "measures", "about"]
    tidy = pandas.read_parquet(tmp_path / "out" / "differences.parquet")
    in_csv = pandas.read_csv(tmp_path / "out" / "differences.csv")
    assert [*tidy.columns] == [*sheets["differences"].columns] == [*COLUMNS] and len(tidy) == 3 * len(MEASURES)
    assert np.allclose(tidy["difference"], in_csv["difference"], rtol=1e-8)
    assert np.allclose(tidy["difference"], sheets["differences"]["difference"], rtol=1e-12)
    assert set(sheets["gains"]["policy"]) == {"status_quo", "small_and_steady", "bold"}
    assert len(sheets["quarters"]) == 4 * 4  # policies and no programme, by quarter
    quarters = pandas.read_parquet(tmp_path / "out" / "quarters.parquet")
    assert len(quarters) == 4 * 4 * len(MEASURES) and quarters["quarter"].iloc[0] == "2025-Q1"
    about = sheets["about"].set_index("what")["is"]
    assert about["scenario small"] == "=Small" and "not a forecast" in about["note"] and len(about["rules"]) == 16
    again = call(*words, "--no-figures", "--tables", "excel,parquet", "--out", tmp_path / "out")
    assert "was finished before" in again.output


def test_a_run_and_a_sweep_write_the_same_tables(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "small.toml").write_text('extends = "gulf_maritime"\ntitle = "Small"\nhorizon = 4\n', encoding="utf-8")
    asked = ("--no-figures", "--tables", "parquet,excel", "--out", tmp_path / "run")
    assert call("run", tmp_path / "small.toml", *asked).exit_code == 0
    tidy = pandas.read_parquet(tmp_path / "run" / "measures_and_states.parquet")
    in_csv = pandas.read_csv(tmp_path / "run" / "measures_and_states.csv")
    assert np.allclose(tidy["value"], in_csv["value"], rtol=1e-8) and (tidy["variable"] == in_csv["variable"]).all()
    sheets = pandas.read_excel(tmp_path / "run" / "run.xlsx", sheet_name=None)
    assert list(sheets) == ["outcomes", "quarters", "states", "events", "measures", "about"]
    asked = ("envelope=0,120", "--replicates", "2", "--tables", "excel,parquet", "--out", tmp_path / "sweep")
    assert call("sweep", tmp_path / "small.toml", *asked).exit_code == 0
    grid = pandas.read_parquet(tmp_path / "sweep" / "sweep.parquet")
    assert [*grid["envelope"]] == [0.0, 120.0] and (tmp_path / "sweep" / "sweep.xlsx").exists()
