"""`run.py compare` from the outside: what it prints and writes, how it refuses, stops and goes on."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from asking import call
from typer.testing import Result

import run
from analysis.commands import compare as compare_session

SMALL = 'extends = "gulf_maritime"\ntitle = "Small gulf"\nhorizon = 4\n'


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Result]:
    folder = tmp_path_factory.mktemp("compare")
    file = folder / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    words = ("compare", file, "--policies", "threat_tailored,restraint", "--replicates", "8", "--seed", "5")
    return file, folder / "out", call(*words, "--out", folder / "out")


def test_help_has_an_example() -> None:
    assert "python run.py compare" in call("compare", "--help").output.replace("\n", " ")


@pytest.mark.parametrize(
    "words, nearest",
    [
        (("eastern_flnk",), "eastern_flank"),
        (("eastern_flank", "--policies", "status_quo,restrain"), "restraint"),
        (("eastern_flank", "--measure", "trust"), "mutual_trust"),
        (("eastern_flank", "--replicates", "1"), "allowed: 2 to"),
    ],
)
def test_a_wrong_name_is_refused_with_the_nearest(words: tuple[str, ...], nearest: str) -> None:
    found = call("compare", *words)
    assert found.exit_code == 2 and nearest in found.output and "Traceback" not in found.output


def test_the_verdict_comes_first_and_all_files_are_written(small: tuple[Path, Path, Result]) -> None:
    _, out, found = small
    assert found.exit_code == 0, found.output
    lines = [line for line in found.output.splitlines() if line.strip()]
    at = next(i for i, line in enumerate(lines) if line.startswith("Small gulf"))
    assert lines[at + 1].startswith("About Bahrain, Kuwait, ") and lines[at + 2].startswith("• In this model")
    assert all(len(line.rstrip()) <= 100 for line in lines[at:] if str(out) not in line)
    assert "Threat-tailored" in found.output and "Pairing saves" in found.output and "report.html" in found.output
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["plan"]["seed"] == 5 and manifest["plan"]["baseline"] == "status_quo"
    assert manifest["runs"]["small"]["replicates"] == 8 and all((out / name).exists() for name in manifest["files"])
    pictures = [name for name in manifest["files"] if name.endswith(".svg")]
    assert len(pictures) == len([name for name in manifest["files"] if name.endswith(".png")]) >= 8
    assert {path.name for path in out.iterdir()} >= {"result.nc", "differences.csv", "verdict.txt", "chunks"}


def test_the_table_of_differences_is_complete(small: tuple[Path, Path, Result]) -> None:
    with (small[1] / "differences.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * len({row["measure"] for row in rows})
    primary = [row for row in rows if row["primary"] == "yes"]
    assert {row["interval"] for row in primary} == {"simultaneous over policies"} and len(primary) == 3
    assert sum(float(row["best_in"]) for row in primary) == pytest.approx(1.0)
    assert all(float(row["low"]) <= float(row["difference"]) <= float(row["high"]) for row in rows)


def test_the_report_opens_offline_and_says_in_this_model(small: tuple[Path, Path, Result]) -> None:
    page = (small[1] / "report.html").read_text(encoding="utf-8")
    assert "In this model" in page and page.count("<figure>") >= 8 and "<script" not in page
    assert 'src="http' not in page and 'href="http' not in page
    ids = [part.split('"')[0] for part in page.split(' id="figure-')[1:]]
    assert len(ids) == len(set(ids)) >= 8


def test_a_finished_comparison_is_not_run_twice(
    small: tuple[Path, Path, Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out, first = small
    words = ("compare", file, "--policies", "threat_tailored,restraint", "--replicates", "8", "--seed", "5")
    monkeypatch.setattr(compare_session, "compare_plan", lambda *_: pytest.fail("it was run again"))
    again = call(*words, "--out", out)
    assert again.exit_code == 0 and "finished before" in again.output
    assert [line for line in again.output.splitlines() if "In this model" in line] == [
        line for line in first.output.splitlines() if "In this model" in line
    ]


def test_a_stopped_comparison_says_how_to_go_on(
    small: tuple[Path, Path, Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(compare_session, "compare_plan", stop)
    found = call("compare", small[0], "--policies", "restraint", "--replicates", "8", "--out", tmp_path)
    assert found.exit_code == 130 and "the same command goes on" in found.output
    assert not (tmp_path / "manifest.json").exists()


def test_a_comparison_that_is_stopped_gives_the_verdict_so_far(
    small: tuple[Path, Path, Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis.studies.compare.runs.why_of", stop)
    words = ("compare", small[0], "--policies", "threat_tailored,restraint", "--replicates", "8", "--seed", "5")
    found = call(*words, "--out", tmp_path)
    assert found.exit_code == 130 and "The verdict so far" in found.output and "8 paired replicates" in found.output
    headline = next(line for line in small[2].output.splitlines() if "In this model" in line)
    assert headline in found.output and "the same command goes on" in found.output


def test_what_is_kept_names_regions_and_quarters_of_every_state(small: tuple[Path, Path, Result]) -> None:
    import xarray

    with xarray.open_dataset(small[1] / "result.nc", engine="scipy") as data:
        course = data["state_mean"].sel(policy="restraint", variable="harm").isel(scenario=0)
        assert course.sizes["step"] == 4 and str(data["quarter"].values[0]).startswith("2025-")
        gulf = course.where(course["region"] == "gulf", drop=True)
        assert set(gulf["role"].values) == {"partner"} and "Kuwait" in gulf["name"].values
        ends = data["state_outcome"].sel(policy="restraint", variable="harm").isel(scenario=0).mean("replicate")
        assert abs(course.mean("step") - ends).max() < 1e-12


def test_a_comparison_and_what_a_run_says_load_heavy_packages_only_where_they_use_them() -> None:
    code = "import sys, analysis.commands.compare, analysis.pictures.terminal; print(*sorted(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], cwd=Path(run.__file__).parent, capture_output=True, text=True)
    loaded = set(found.stdout.split())
    assert "analysis.studies.compare.runs" in loaded, found.stderr
    assert not loaded & {"matplotlib", "jinja2", "pandas", "xarray", "mesa", "networkx", "SALib", "distributed"}


def test_policies_may_be_parted_with_blanks(small: tuple[Path, Path, Result], tmp_path: Path) -> None:
    words = ("compare", small[0], "--policies", "restraint", "open_door", "--replicates", "4", "--no-figures")
    found = call(*words, "--out", tmp_path)
    assert found.exit_code == 0, found.output
    plan = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["plan"]
    assert plan["policies"] == ["status_quo", "restraint", "open_door"] and plan["scenarios"] == ["small"]


def test_several_scenarios_give_regrets(small: tuple[Path, Path, Result], tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text('extends = "cyber_storm"\ntitle = "Small storm"\nhorizon = 4\n', encoding="utf-8")
    words = ("compare", small[0], other, "--policies", "restraint", "--replicates", "6", "--no-figures")
    found = call(*words, "--out", tmp_path / "out")
    assert found.exit_code == 0, found.output
    assert "2 scenarios, 2 policies" in found.output and "largest regret" in found.output
    assert (tmp_path / "out" / "data" / "other.nc").exists() and not (tmp_path / "out" / "report.html").exists()


@pytest.mark.slow
def test_the_examples_of_the_page_run(capsys: pytest.CaptureFixture[str]) -> None:
    text = (Path(__file__).parent.parent / "docs" / "comparing.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        exec(block, names)
    assert capsys.readouterr().out.startswith("In this model")
