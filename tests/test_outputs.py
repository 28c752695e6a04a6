"""Entry 15: outputs do not depend on the terminal, and are whole or not there; what cannot be written is told first."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner
from waiting import PATIENCE

from run import app
from sim.inputs.errors import InputError
from sim.outputs.files import TRIAL, room_for, room_for_file, whole, write_bytes, write_text

ROOT = Path(__file__).parent.parent
RUN = ("run", "gulf_maritime", "--no-figures")
OF_A_RUN = ["events.csv", "manifest.json", "measures_and_states.csv", "result.nc"]
unix = pytest.mark.skipif(os.name == "nt", reason="streams and limits as Unix has them")


def started(*words: str | Path, **how: object) -> "subprocess.CompletedProcess[bytes]":
    """A command of the project in a process of its own."""
    command = [sys.executable, "run.py", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=not how, timeout=PATIENCE, **how)  # type: ignore[call-overload,no-any-return]


def files_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


# terminals


@unix
@pytest.mark.parametrize("stream", ["closed", "both closed", "no reader", "full", "ascii", "narrow"])
def test_entry_15_a_run_writes_its_files_whatever_the_terminal(tmp_path: Path, stream: str) -> None:
    words = [sys.executable, "run.py", *RUN, "--out", str(tmp_path / "out")]
    env = dict(os.environ)
    tail = {
        "closed": ">&-", "both closed": ">&- 2>&-", "no reader": "| head -1", "full": "> /dev/full", "ascii": "| cat",
        "narrow": "| cat",
    }[stream]  # fmt: skip
    if stream == "ascii":
        env |= {"PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    if stream == "narrow":
        env |= {"COLUMNS": "20", "TERM": "dumb", "FORCE_COLOR": "1"}
    shell = f"set -o pipefail; {' '.join(words)} {tail}"
    done = subprocess.run(["bash", "-c", shell], cwd=ROOT, env=env, capture_output=True, timeout=PATIENCE)
    assert files_in(tmp_path / "out") == OF_A_RUN
    assert done.returncode == (2 if stream == "full" else 0), done.stderr
    assert b"Traceback" not in done.stderr and b"Exception" not in done.stderr
    if stream == "full":
        assert done.stderr == b"what was printed is not whole: No space left on device\n"
    if stream == "ascii":
        assert b"Harm" in done.stdout and b"?" in done.stdout and done.stdout.isascii()


@unix
def test_entry_15_what_only_prints_says_so_where_it_cannot() -> None:
    with open("/dev/full", "wb") as full:
        for words in (("list",), ("schema",), ("validate", "eastern_flank", "--facts"), ("--help",)):
            done = started(*words, stdout=full, stderr=subprocess.PIPE)
            assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and b"No space left" in done.stderr
    done = subprocess.run(["bash", "-c", f"{sys.executable} run.py schema | head -1"], cwd=ROOT, capture_output=True)
    assert done.stdout == b"{\n" and not done.stderr


@pytest.mark.slow
def test_entry_15_the_verdict_on_the_disk_is_the_same_on_any_terminal(tmp_path: Path) -> None:
    words = ("compare", "gulf_maritime", "--policies", "restraint", "--replicates", "4", "--no-figures")
    for width in ("30", "200"):
        env = os.environ | {"COLUMNS": width, "FORCE_COLOR": "1", "TERM": "xterm" if width == "30" else "dumb"}
        done = started(*words, "--out", tmp_path / width, env=env, stdout=subprocess.DEVNULL)
        assert done.returncode == 0
    narrow, wide = ((tmp_path / width / "verdict.txt").read_bytes() for width in ("30", "200"))
    assert narrow == wide and b"\x1b" not in wide
    assert max(map(len, wide.decode().splitlines())) <= 100


def test_entry_15_titles_and_places_are_shown_as_they_are_written(tmp_path: Path) -> None:
    file, out = tmp_path / "[x] y.toml", tmp_path / "[bold]"
    write_text(file, 'extends = "gulf_maritime"\ntitle = "Odd [/bold] [red] title"\nhorizon = 4\n')
    done = CliRunner().invoke(app, ["run", str(file), "--no-figures", "--out", str(out)])
    assert done.exit_code == 0 and "Odd [/bold] [red] title" in done.output and files_in(out) == OF_A_RUN


# places


COMMANDS: dict[str, tuple[str, ...]] = {
    "run": ("run", "gulf_maritime"), "compare": ("compare", "gulf_maritime", "--replicates", "2"),
    "sensitivity": ("sensitivity", "gulf_maritime"), "discover": ("discover", "gulf_maritime", "-p", "restraint"),
    "search": ("search", "gulf_maritime"), "schema": ("schema",), "backtest": ("backtest",), "bundle": ("bundle",),
    "handouts": ("handouts", "tutorial"), "tournament": ("tournament", "tutorial"), "play": ("play", "tutorial"),
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_entry_15_a_place_that_takes_no_files_is_told_before_anything_is_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("something was run before the place was tried")

    for place in ("sim.law.compiled.compile_rules", "analysis.commands.run.load_rules", "subprocess.run"):
        monkeypatch.setattr(place, never)
    taken = write_text(tmp_path / "taken", "a file")
    places = [taken, taken / "below", *([Path("/proc/none")] if Path("/proc").is_dir() else [])]
    for place in places:
        done = CliRunner().invoke(app, [*COMMANDS[name], "--out", str(place)])
        assert done.exit_code == 2 and isinstance(done.exception, SystemExit), done.output
        (line,) = done.output.splitlines()
        assert line.startswith(f"--out: {place}") or (place is not taken and str(place.parent) in line), line
    assert taken.read_text(encoding="utf-8") == "a file"


def limited(size: int) -> Callable[[], None]:
    """What a child process does first, so that no file of it can grow beyond `size`: the error of a full disk."""

    def limit() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@unix
@pytest.mark.parametrize(("size", "early"), [(TRIAL // 2, True), (TRIAL + 50_000, False)], ids=["before", "during"])
@pytest.mark.parametrize("name", ["run", "compare"])
def test_entry_15_a_full_disk_is_one_line_and_leaves_nothing_half_written(
    tmp_path: Path, name: str, size: int, early: bool
) -> None:
    out = tmp_path / "out"
    more = ("--policies", "restraint") if name == "compare" else ("--no-figures",)
    how = {"preexec_fn": limited(size), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    done = started(*COMMANDS[name], *more, "--out", out, **how)
    assert done.returncode == 2, done.stderr
    (line,) = filter(str.strip, done.stderr.decode().splitlines())
    assert "cannot be written: File too large" in line and line.startswith("--out: ") == early, line
    left = [name for name in files_in(out) if not name.startswith("chunks/")]
    assert not left or (name, left) == ("compare", ["result.nc"]), "what is there is whole, and nothing says it is all"


@unix
def test_entry_15_what_is_there_of_an_earlier_run_is_not_left_as_if_it_were_of_this_one(tmp_path: Path) -> None:
    assert CliRunner().invoke(app, [*RUN, "--out", str(tmp_path)]).exit_code == 0
    how = {"preexec_fn": limited(TRIAL * 2), "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    assert started(*RUN, "--seed", "2", "--out", tmp_path, **how).returncode == 2
    assert "manifest.json" not in files_in(tmp_path)


def test_entry_15_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "x.txt"
    write_text(path, "first\n")
    for trouble in (OSError(28, "No space left on device"), ValueError("in the middle"), KeyboardInterrupt()):
        with pytest.raises((InputError, ValueError, KeyboardInterrupt)), whole(path) as hidden:
            hidden.write_text("half", encoding="utf-8")
            raise trouble
        assert files_in(tmp_path) == ["deep/x.txt"] and path.read_bytes() == b"first\n"
    (tmp_path / "folder").mkdir()
    for wrong in (tmp_path / "folder", path / "below", tmp_path / ("x" * 300)):
        with pytest.raises(InputError, match="cannot be written"):
            write_bytes(wrong, b"1")
    assert files_in(tmp_path) == ["deep/x.txt"]
    with pytest.raises(InputError, match="a file of this name already"):
        room_for_file(path)
    with pytest.raises(InputError, match="name a folder"):
        room_for(tmp_path / "deep", "x.txt")


# machines and packages


ADDRESSES = ("nonsense", "", "nonsense:", ":8786", "http://x:1", "tcp://127.0.0.1:9", "x:99999")


@pytest.mark.parametrize("address", ADDRESSES)
def test_entry_15_an_address_where_no_cluster_answers_is_told_at_once(address: str, tmp_path: Path) -> None:
    for name in ("compare", "sensitivity", "discover", "search"):
        done = CliRunner().invoke(app, [*COMMANDS[name], "--cluster", address, "--out", str(tmp_path / "out")])
        assert done.exit_code == 2 and "--cluster: " in done.output and "no Dask scheduler answers" in done.output
        assert len(done.output.splitlines()) == 1 and not (tmp_path / "out").exists()


MISSING = {
    "starlette": ("play", "tutorial"), "segno": ("play", "tutorial"), "SALib": ("sensitivity", "gulf_maritime"),
    "ema_workbench": ("discover", "gulf_maritime", "-p", "restraint"), "pymoo": ("search", "gulf_maritime"),
    "distributed": ("compare", "gulf_maritime", "--cluster", "tcp://127.0.0.1:9"),
}  # fmt: skip


@pytest.mark.parametrize("package", MISSING)
def test_entry_15_a_missing_package_is_named_with_what_installs_it(package: str, tmp_path: Path) -> None:
    words = ["run.py", *MISSING[package]]
    code = f"import sys; sys.modules[{package!r}] = None; sys.argv = {words!r}; import run; run.main()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2 and 'pip install "interlock-sim[' in done.stderr, done.stderr
    assert len(done.stderr.splitlines()) == 1 and not done.stdout
