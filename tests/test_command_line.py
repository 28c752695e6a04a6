"""The command line: what it prints, what it writes, and how it refuses."""

import json
from pathlib import Path

import pytest
from asking import call

BROKEN = Path(__file__).parent / "broken"


def test_help_has_examples() -> None:
    assert "python run.py run eastern_flank" in call("--help").output
    assert "--policy" in call("run", "--help").output


def test_list_names_everything() -> None:
    output = call("list").output
    assert "eastern_flank" in output and "threat_tailored" in output


def test_validate_accepts_what_is_shipped_and_lists_facts() -> None:
    found = call("validate", "eastern_flank", "status_quo")
    assert found.exit_code == 0 and found.output.count("valid.") == 2
    listed = call("validate", "open_door_1994", "--facts").output
    assert " filled" in listed and " assumed" in listed and "World Bank" in listed


@pytest.mark.parametrize("file", sorted(BROKEN.glob("*/*.toml")), ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_code_2_and_no_traceback(file: Path) -> None:
    found = call("validate", file)
    assert found.exit_code == 2
    assert file.name in found.output and "Traceback" not in found.output


def test_run_refuses_an_unknown_scenario_with_the_nearest_name() -> None:
    found = call("run", "eastern_flnk")
    assert found.exit_code == 2 and "eastern_flank" in found.output


def test_run_writes_data_and_manifest(tmp_path: Path) -> None:
    found = call("run", "gulf_maritime", "--policy", "restraint", "--seed", "9", "--out", tmp_path, "--no-figures")
    assert found.exit_code == 0, found.output
    assert "Harm" in found.output and "In this model" in found.output
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 9 and manifest["policy"] == "Restraint"
    rows = (tmp_path / "measures_and_states.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "quarter,subject,variable,value" and len(rows) > 40_000
    assert (tmp_path / "result.nc").stat().st_size > 100_000


def test_the_same_run_writes_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        assert call("run", "proliferation", "--out", tmp_path / folder, "--no-figures").exit_code == 0
    for name in ("measures_and_states.csv", "events.csv", "manifest.json"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.slow
def test_run_draws_every_figure_and_a_report(tmp_path: Path) -> None:
    found = call("run", "cyber_storm", "--out", tmp_path)
    assert found.exit_code == 0, found.output
    assert len(list((tmp_path / "figures").glob("*.png"))) == len(list((tmp_path / "figures").glob("*.svg"))) >= 9
    assert "<html" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_schema_is_exported(tmp_path: Path) -> None:
    assert call("schema", "--out", tmp_path).exit_code == 0
    schema = json.loads((tmp_path / "scenario.schema.json").read_text(encoding="utf-8"))
    assert "threats" in schema["properties"] and "skill" in json.dumps(schema["properties"]["parameters"])


def test_a_policy_in_python_is_run_and_not_ignored(tmp_path: Path) -> None:
    file = tmp_path / "nothing.py"
    code = '"""Spend nothing."""\n\n\ndef orders(view):\n    return view.default(envelope=0.0)\n'
    file.write_text(code, encoding="utf-8")
    found = call("run", "gulf_maritime", "--policy", file, "--out", tmp_path, "--no-figures")
    assert found.exit_code == 0, found.output
    costs = {}
    for line in (tmp_path / "measures_and_states.csv").read_text(encoding="utf-8").splitlines():
        if ",all,cost," in line:
            costs[line.split(",")[0]] = float(line.rsplit(",", 1)[1])
    assert max(costs.values()) < 1e-9
