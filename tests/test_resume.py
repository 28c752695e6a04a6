"""A sweep that is killed or stopped leaves whole chunks, and the same command goes on from there to the same bytes."""

import signal
import sys
from pathlib import Path

import pytest
from waiting import called

from sim.runs.kept_chunks import read_chunk

CHUNKS = 2 * 24
SWEEP = f"""
import os, signal, sys
from sim.runs.arm import Record
from sim.runs.ensemble import run_ensemble
from sim.inputs.load import load_scenario

def dies_half_way(done, total):
    if len(sys.argv) > 3 and 3 * done >= total:
        os.kill(os.getpid(), signal.SIGKILL)

short = load_scenario("eastern_flank").model_copy(update={{"horizon": 8, "shocks": (), "upheavals": ()}})
record = Record(contributions=True, states=("trust", "harm"))
found = run_ensemble(
    short, ["status_quo", "open_door"], {CHUNKS // 2 * 10}, record=record, threads=2, chunk=10, folder=sys.argv[1],
    progress=dies_half_way,
)
found.to_netcdf(sys.argv[2], engine="scipy")
"""
# Ctrl-C reaches all processes of a command when its first chunks are in: as from a terminal, but never too late.
STOPPED = """
import concurrent.futures, os, signal, sys
result, came = concurrent.futures.Future.result, []

def counted(future, *arguments):
    found = result(future, *arguments)
    came.append(future)
    if len(came) == 3:
        os.killpg(0, signal.SIGINT)
    return found

signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job is born deaf to Ctrl-C
concurrent.futures.Future.result = counted
sys.path.insert(0, "")
import run
run.app()
"""


def sweep(folder: Path) -> list[str]:
    """The command of a sweep with its chunks in a folder and its dataset beside it."""
    return [sys.executable, "-c", SWEEP, str(folder), str(folder.with_suffix(".nc"))]


def comparison(out: Path, file: Path, replicates: int = 400) -> list[str]:
    """The command of a comparison that takes several seconds."""
    words = ["compare", str(file), "--policies", "restraint", "--replicates", str(replicates), "--no-figures"]
    return [sys.executable, "run.py", *words, "--out", str(out)]


def finish(command: list[str]) -> None:
    """Run a command to its end."""
    found = called(command)
    assert found.returncode == 0, found.stderr


def stopped(command: list[str]) -> tuple[int, str]:
    """Run a command that is stopped half way; its exit code and what it printed as errors."""
    half = [command[0], "-c", STOPPED, *command[2:]]
    found = called(half, start_new_session=True)
    return found.returncode, found.stderr


def chunks_in(folder: Path) -> dict[str, Path]:
    """The chunk files of a folder by name."""
    return {path.name: path for path in folder.glob("*.npz")} if folder.exists() else {}


def times_of(folder: Path) -> list[str]:
    """The chunks that were run, in order; a name stands twice where a chunk was run twice."""
    return [line.split(",")[0] for line in (folder / "times.csv").read_text(encoding="utf-8").splitlines()]


@pytest.mark.slow
def test_a_killed_sweep_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    assert called([*sweep(killed), "half"]).returncode == -signal.SIGKILL
    done = {name: (path.stat().st_mtime_ns, path.read_bytes()) for name, path in chunks_in(killed).items()}
    assert CHUNKS // 3 <= len(done) < CHUNKS and not killed.with_suffix(".nc").exists()
    assert all(read_chunk(killed / name) is not None for name in done)

    leftover = killed / f".{min(done)}.1"  # a file that was being written
    leftover.write_bytes(b"half")
    finish(sweep(killed))
    finish(sweep(whole))
    assert chunks_in(killed).keys() == chunks_in(whole).keys() and len(chunks_in(whole)) == CHUNKS
    assert all(path.read_bytes() == chunks_in(whole)[name].read_bytes() for name, path in chunks_in(killed).items())
    assert killed.with_suffix(".nc").read_bytes() == whole.with_suffix(".nc").read_bytes()

    # Finished chunks were only read: neither written nor run again. At most the chunks whose time was not noted
    # before the kill, one a thread, have no line.
    assert all((killed / name).stat().st_mtime_ns == when for name, (when, _) in done.items())
    again = times_of(killed)
    assert len(again) == len(set(again)) >= CHUNKS - 2
    assert set(again) >= chunks_in(killed).keys() - done.keys()


@pytest.mark.slow
def test_ctrl_c_stops_a_comparison_with_a_word_and_the_same_command_goes_on(tmp_path: Path) -> None:
    file, out, whole = tmp_path / "small.toml", tmp_path / "stopped", tmp_path / "whole"
    file.write_text('extends = "gulf_maritime"\ntitle = "Small gulf"\nhorizon = 4\n', encoding="utf-8")
    code, errors = stopped(comparison(out, file))
    assert code == 130 and "Traceback" not in errors
    last = errors.strip().splitlines()[-1]
    assert last == f"Stopped. What is done is kept in {out / 'chunks'}; the same command goes on from there."
    done = chunks_in(out / "chunks")
    assert len(done) >= 2 and not (out / "manifest.json").exists()
    assert [path for path in (out / "chunks").iterdir() if path.suffix not in (".npz", ".csv")] == []
    assert all(read_chunk(path) is not None for path in done.values())

    finish(comparison(out, file))
    finish(comparison(whole, file))
    ran = times_of(out / "chunks")
    assert len(ran) == len(set(ran)) and set(ran) == chunks_in(out / "chunks").keys() > done.keys()
    assert (out / "result.nc").read_bytes() == (whole / "result.nc").read_bytes()
    assert (out / "differences.csv").read_bytes() == (whole / "differences.csv").read_bytes()


@pytest.mark.slow
def test_ctrl_c_stops_worker_processes_without_their_tracebacks(tmp_path: Path) -> None:
    """Policies in Python run in processes of their own, which a terminal's Ctrl-C reaches too."""
    file, policy, out = tmp_path / "small.toml", tmp_path / "as_declared.py", tmp_path / "out"
    file.write_text('extends = "gulf_maritime"\ntitle = "Small gulf"\nhorizon = 4\n', encoding="utf-8")
    policy.write_text('"""As declared."""\n\n\ndef orders(view):\n    return view.default()\n', encoding="utf-8")
    command = [word.replace("restraint", str(policy)) for word in comparison(out, file, 40)]
    code, errors = stopped(command)
    assert code == 130 and "Traceback" not in errors and "Stopped." in errors
    assert all(read_chunk(path) is not None for path in chunks_in(out / "chunks").values())
