"""The installed package: light to import, typed, found from any folder, and clear where a file stands in its way."""

import os
import re
import subprocess
import sys
import venv
from pathlib import Path

import pandas
import pytest

import interlock
from analysis.commands.help import GROUPS, policies_known, scenarios_known
from analysis.pictures.reports.differences import write_differences
from interlock import OTHERWISE, PLACES
from run import app

ROOT = Path(__file__).parent.parent


def python(*words: str | Path, where: Path, path: str = str(ROOT)) -> subprocess.CompletedProcess[str]:
    """Python started in a folder, with this project on its path behind that folder."""
    around = {**os.environ, "PYTHONPATH": path}
    return subprocess.run([sys.executable, *map(str, words)], cwd=where, env=around, capture_output=True, text=True)


def test_importing_loads_nothing_but_itself(tmp_path: Path) -> None:
    code = "import sys, interlock; print(*sorted(sys.modules))"
    loaded = set(python("-c", code, where=tmp_path).stdout.split())
    assert "interlock" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("sim", "analysis", "game", "numpy", "typer", "mesa")}


@pytest.mark.parametrize("name", interlock.__all__)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    assert getattr(interlock, name).__doc__ and name in dir(interlock)


def test_what_is_typed_is_what_is_imported() -> None:
    text = (ROOT / "interlock" / "__init__.py").read_text(encoding="utf-8")
    typed = {
        (ours or theirs): (module, theirs)
        for module, theirs, ours in re.findall(r"^    from (\S+) import (\w+)(?: as (\w+))?$", text, re.MULTILINE)
    } | {
        name: (module, name)
        for module, names in re.findall(r"^    from (\S+) import (\w+(?:, \w+)+)$", text, re.MULTILINE)
        for name in names.split(", ")
    }  # fmt: skip
    assert typed == {name: (module, OTHERWISE.get(name, name)) for name, module in PLACES.items()}
    assert set(typed) == set(interlock.__all__)


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'comparison'"):
        interlock.comparison  # noqa: B018


@pytest.mark.parametrize("name", ["sim.py", "analysis.py", "game.py"])
def test_a_file_in_the_way_is_told_in_words(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("x = 1\n", encoding="utf-8")
    found = python("-m", "interlock", "list", where=tmp_path, path=f"{tmp_path}{os.pathsep}{ROOT}")
    assert found.returncode == 1 and name in found.stderr and "rename it" in found.stderr
    assert "Traceback" not in found.stderr
    script = tmp_path / "mine.py"
    script.write_text("import interlock\n", encoding="utf-8")
    assert "ImportError" in python(script, where=tmp_path).stderr


def test_a_run_of_the_users_own_stops_only_the_command(tmp_path: Path) -> None:
    (tmp_path / "run.py").write_text("x = 1\n", encoding="utf-8")
    found = python("-m", "interlock", "list", where=tmp_path)
    assert found.returncode == 1 and "run.py" in found.stderr and "Traceback" not in found.stderr
    (tmp_path / "mine.py").write_text(
        "import interlock; print(interlock.load('eastern_flank').title)", encoding="utf-8"
    )
    assert "Eastern flank" in python("mine.py", where=tmp_path).stdout


def test_help_is_grouped_and_names_every_command(tmp_path: Path) -> None:
    found = python("-m", "interlock", "--help", where=tmp_path)
    assert found.returncode == 0 and "interlock compare eastern_flank" in found.stdout
    assert "python run.py" not in found.stdout and all(f"\n{title}:" in found.stdout for title in GROUPS)
    shown = {name for names in GROUPS.values() for name in names.split()}
    known = {one.name or getattr(one.callback, "__name__", "") for one in app.registered_commands if not one.hidden}
    assert shown == known


def test_the_shell_completes_names() -> None:
    assert scenarios_known("gulf") == ["gulf_maritime"] and policies_known("open") == ["open_door"]


@pytest.mark.slow
def test_a_wheel_works_from_any_folder_in_a_bare_environment(tmp_path: Path) -> None:
    def pip(*words: str | Path) -> None:
        quiet = ("--quiet", "--disable-pip-version-check")
        done = subprocess.run([sys.executable, "-m", "pip", *map(str, words), *quiet], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    pip("wheel", "--no-deps", "--wheel-dir", tmp_path / "wheels", ROOT)
    venv.create(tmp_path / "bare")
    programs = tmp_path / "bare" / ("Scripts" if os.name == "nt" else "bin")
    [wheel] = (tmp_path / "wheels").glob("*.whl")
    # Only what is imported need be compiled.
    pip("--python", programs / "python", "install", "--no-compile", wheel)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    around = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    for words in (["run", "gulf_maritime", "--no-figures"], ["list"], ["compare", "--help"]):
        done = subprocess.run(
            [programs / "interlock", *words], cwd=elsewhere, env=around, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
    assert (elsewhere / "out" / "gulf_maritime" / "manifest.json").exists()


@pytest.mark.whole
def test_what_is_found_becomes_a_table_and_a_picture(tmp_path: Path) -> None:
    found = interlock.compare(["gulf_maritime"], ["open_door"], replicates=4, points=0)
    table = interlock.to_dataframe(found)
    write_differences(found, tmp_path / "differences.csv")
    pandas.testing.assert_frame_equal(table, pandas.read_csv(tmp_path / "differences.csv"), rtol=1e-8)
    assert interlock.draw(found, "forest")._repr_png_().startswith(b"\x89PNG")
    interlock.draw(found, "courses").savefig(tmp_path / "courses.svg")
    assert "</svg>" in (tmp_path / "courses.svg").read_text(encoding="utf-8")
    with pytest.raises(interlock.InputError, match="did you mean 'forest'"):
        interlock.draw(found, "forrest")


@pytest.mark.whole
def test_a_run_becomes_a_table_by_quarter_or_by_state() -> None:
    found = interlock.run("gulf_maritime", "open_door", paired=False)
    table, states = interlock.to_dataframe(found), interlock.to_dataframe(found, of="states")
    assert table["harm"].mean() == pytest.approx(found.outcome("harm")) and str(table.index[0]) == found.quarters[
        0
    ].replace("-", "")
    assert states.loc[(table.index[-1], found.codes[0]), "trust"] == found.state("trust")[-1, 0]
    with pytest.raises(interlock.InputError, match="did you mean 'states'"):
        interlock.to_dataframe(found, of="state")
