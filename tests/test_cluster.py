"""Chunks on a Dask cluster of real processes: the same bits as here, also when workers die; other rules are refused."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xarray
from waiting import PATIENCE, wait_for

from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import load_policy
from sim.inputs.scenario import Scenario
from sim.law.compiled import RULES_HASH
from sim.runs import cluster as ours
from sim.runs.arm import Record, arm_of
from sim.runs.arm import _empty_runs as empty_runs
from sim.runs.cluster import Asked, ClusterPool, OtherRules, connected, refuse_other_rules
from sim.runs.ensemble import BLOCK, compute_and_keep, run_ensemble, summarise, tasks_of
from sim.runs.kept_chunks import read_chunk, to_bytes

distributed = pytest.importorskip("distributed")

ROOT = Path(__file__).parent.parent
ALL = Record(contributions=True, states=("trust", "harm"), paths=True)
POLICIES = ["status_quo", "open_door"]
SMALL = 'extends = "gulf_maritime"\ntitle = "Small gulf"\nhorizon = 4\n'
OTHER = "0123456789abcdef"


def short() -> Scenario:
    return load_scenario("eastern_flank").model_copy(update={"horizon": 4, "shocks": (), "upheavals": ()})


def command(address: str, file: Path, out: Path, *more: str) -> list[str]:
    """A small comparison from the command line, on a cluster where an address is given."""
    words = ["compare", str(file), "--policies", "restraint", "--replicates", "4", "--no-figures", "--out", str(out)]
    return [sys.executable, "run.py", *words, *(["--cluster", address] if address else []), *more]


def call(words: list[str], **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, env=os.environ | more)


def started(*words: str) -> subprocess.Popen[str]:
    """A Dask command in a process of its own, without a dashboard."""
    more = ["--no-dashboard", "--dashboard-address", "127.0.0.1:0"]
    spec = [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:], *more]
    return subprocess.Popen(spec, cwd=ROOT, stderr=subprocess.DEVNULL, text=True)


@pytest.fixture(scope="module")
def machines() -> Iterator[Any]:
    """Two worker processes of one thread each, which their nannies start again when they die."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
    ) as cluster:  # fmt: skip
        yield cluster


@pytest.fixture
def address(machines: Any) -> str:
    """The scheduler's address, once both workers are there."""
    machines.wait_for_workers(2, timeout=PATIENCE)
    return str(machines.scheduler_address)


@pytest.fixture(scope="module")
def here() -> xarray.Dataset:
    """What threads of this machine give."""
    return run_ensemble(short(), POLICIES, 120, record=ALL, threads=2)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", [30, 100])
def test_a_cluster_gives_the_same_dataset(address: str, here: xarray.Dataset, chunk: int) -> None:
    told: list[tuple[int, int]] = []
    there = run_ensemble(
        short(), POLICIES, 120, record=ALL, chunk=chunk, cluster=address, progress=lambda *at: told.append(at)
    )
    assert there.identical(here)
    assert told[-1] == (240, 240)


@pytest.mark.slow
@pytest.mark.parametrize("dying", [1, 2])
def test_a_killed_worker_changes_no_bit(machines: Any, address: str, here: xarray.Dataset, dying: int) -> None:
    """Half way one worker dies, or all that hold the scenario: what they had or held is run again."""
    with distributed.Client(address, set_as_default=False) as client:
        processes: dict[str, int] = client.run(os.getpid)
        at_work: list[int] = []

        def kill_half_way(done: int, total: int) -> None:
            if at_work or 2 * done < total:
                return
            for worker, chunks in list(client.processing().items())[:dying]:
                at_work.append(len(chunks) + len(client.has_what()[worker]))
                os.kill(processes[worker], signal.SIGKILL)

        there = run_ensemble(
            short(), POLICIES, 120, record=ALL, chunk=3, cluster=address, progress=kill_half_way,
        )  # fmt: skip
        assert len(at_work) == dying and all(at_work)  # each had chunks that are not in yet
        machines.wait_for_workers(2, timeout=PATIENCE)
        assert len(set(processes.values()) - set(client.run(os.getpid).values())) == dying
    assert there.identical(here)


@pytest.mark.slow
def test_chunk_files_are_written_here_and_read_again(address: str, here: xarray.Dataset, tmp_path: Path) -> None:
    def run(folder: str, where: str | None) -> xarray.Dataset:
        return run_ensemble(
            short(), POLICIES, 120, record=ALL, chunk=30, cluster=where, folder=tmp_path / folder
        )  # fmt: skip

    assert run("there", address).identical(here)
    run("here", None)
    files = sorted((tmp_path / "there").glob("*.npz"))
    assert len(files) == 2 * 5
    assert all(file.read_bytes() == (tmp_path / "here" / file.name).read_bytes() for file in files)
    for file in files[:3]:
        file.unlink()
    assert run("there", address).identical(here)
    times = (tmp_path / "there" / "times.csv").read_text(encoding="utf-8").splitlines()
    names = [line.split(",")[0] for line in times]
    assert sorted(names) == sorted([file.name for file in files] + [file.name for file in files[:3]])


@pytest.mark.slow
def test_the_command_line_runs_on_a_cluster(address: str, tmp_path: Path) -> None:
    file = tmp_path / "small.toml"
    file.write_text(SMALL, encoding="utf-8")
    for name, where in (("there", address), ("here", "")):
        found = call(command(where, file, tmp_path / name))
        assert found.returncode == 0, found.stderr
        assert "• In this model" in found.stdout
    there, here = ((tmp_path / name / "result.nc").read_bytes() for name in ("there", "here"))
    assert there == here
    chunks = [path.name for path in (tmp_path / "there" / "chunks").glob("*.npz")]
    assert sorted(chunks) == sorted(path.name for path in (tmp_path / "here" / "chunks").glob("*.npz")) != []
    assert json.loads((tmp_path / "there" / "manifest.json").read_text(encoding="utf-8"))["plan"]["replicates"] == 4


# workers that must not run


@contextmanager
def cluster_of(tmp_path: Path, preload: str) -> Iterator[tuple[str, Any]]:
    """A scheduler and one worker, started as from the command line; the worker first runs `preload`."""
    (tmp_path / "changed.py").write_text(preload, encoding="utf-8")
    place = tmp_path / "scheduler.json"
    words = ["--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(place)]
    processes = [started("scheduler", *words)]
    try:
        wait_for(lambda: place.exists() and place.read_text(encoding="utf-8").rstrip().endswith("}"))
        address = json.loads(place.read_text(encoding="utf-8"))["address"]
        more = ["--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path), "--host", "127.0.0.1"]
        processes.append(started("worker", address, *more, "--preload", str(tmp_path / "changed.py")))
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(1, timeout=PATIENCE)
            yield address, client
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(PATIENCE)


@pytest.mark.slow
def test_a_worker_with_other_rules_is_refused_before_it_runs(tmp_path: Path) -> None:
    with cluster_of(tmp_path, f"import sim.runs.cluster\n\nsim.runs.cluster.RULES_HASH = {OTHER!r}\n") as (
        address,
        client,
    ):
        (worker,) = client.nthreads()
        with pytest.raises(OtherRules) as refused:
            run_ensemble(short(), POLICIES, 4, cluster=address, folder=tmp_path / "chunks")
        assert all(part in str(refused.value) for part in (worker, OTHER, RULES_HASH, "--cluster"))
        file = tmp_path / "small.toml"
        file.write_text(SMALL, encoding="utf-8")
        found = call(command(address, file, tmp_path / "out"))
        assert found.returncode == 2 and "Traceback" not in found.stderr
        assert all(part in found.stderr for part in (worker, OTHER, RULES_HASH))
        assert client.who_has() == {} and not (tmp_path / "chunks").exists()
        assert list((tmp_path / "out").rglob("*.npz")) == []


@pytest.mark.slow
def test_a_worker_without_interlock_is_refused(tmp_path: Path) -> None:
    without = "import sys\n\nsys.modules['sim'] = None\n"
    with cluster_of(tmp_path, without) as (address, _), pytest.raises(OtherRules, match=r"none .*No module"):
        run_ensemble(short(), POLICIES, 4, cluster=address)


def test_other_rules_are_named_with_their_workers() -> None:
    refuse_other_rules({"tcp://a:1": RULES_HASH})
    with pytest.raises(OtherRules, match=f"tcp://b:2 has {OTHER}, tcp://c:3 has old; here .* {RULES_HASH}"):
        refuse_other_rules({"tcp://c:3": "old", "tcp://a:1": RULES_HASH, "tcp://b:2": OTHER})


class Answer:
    """A future that is done."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def result(self) -> Any:
        return self.value


class LateWorker:
    """A client with one worker, here, which joined with other rules after the others were asked."""

    address = "tcp://late:1"

    def submit(self, function: Any, *arguments: Any, pure: bool) -> Answer:
        given = [part.value if isinstance(part, Answer) else part for part in arguments]
        return Answer(function(*given))


def test_a_worker_that_joins_late_with_other_rules_runs_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(distributed, "get_worker", LateWorker)
    pool, arm, (task,) = ClusterPool(LateWorker()), arm_of(short(), "open_door"), tasks_of(1, 0, 2, 2)
    asked = pool.submit(compute_and_keep, arm, 1, task, Record(), str(tmp_path))
    assert isinstance(asked, Asked) and asked.path is not None
    asked.result()
    assert read_chunk(asked.path) is not None
    asked.path.unlink()
    told = ours.compute_there(OTHER, arm.built, arm, pytest.fail, "it was run")
    assert told[:3] == (RULES_HASH, "tcp://late:1", None)
    with pytest.raises(OtherRules, match="tcp://late:1"):
        Asked(Answer((OTHER, *told[1:])), asked.path).result()
    assert not asked.path.exists()


class Lost(Answer):
    """A future that fails."""

    def result(self) -> Any:
        raise self.value


def test_a_lost_scheduler_and_a_chunk_that_kills_its_workers_are_told_in_words() -> None:
    dead = distributed.KilledWorker("chunk", SimpleNamespace(address="tcp://worker:1"), 3)
    for error in (distributed.CancelledError("connection lost"), distributed.comm.CommClosedError("closed"), dead):
        with pytest.raises(InputError, match="the same command goes on"):
            Asked(Lost(error), None).result()


def test_a_silent_address_is_told_in_words() -> None:
    dask = pytest.importorskip("dask")
    with dask.config.set({"distributed.comm.timeouts.connect": "200ms"}):
        for address in ("tcp://127.0.0.1:9", "nowhere://x"):
            with pytest.raises(InputError, match=r"--cluster: .*no Dask scheduler answers"), connected(address):
                pass


@pytest.mark.slow
def test_a_policy_in_python_runs_on_a_cluster(address: str, tmp_path: Path) -> None:
    (tmp_path / "as_declared.py").write_text('"""As declared."""\n\n\ndef orders(view):\n    return view.default()\n')
    policy = load_policy(tmp_path / "as_declared.py")
    there = run_ensemble(short(), policy, 2, chunk=1, cluster=address)
    assert there.identical(run_ensemble(short(), policy, 2, threads=1))


# docs/cluster.md

PAGE = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_program_of_the_page_runs(tmp_path: Path) -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    (tmp_path / "page.py").write_text(block, encoding="utf-8")
    found = call([sys.executable, "-W", "error", str(tmp_path / "page.py")], PYTHONPATH=str(ROOT))
    assert found.returncode == 0 and found.stdout.startswith("[["), found.stderr


def test_the_page_tells_what_a_run_leaves_behind() -> None:
    rows = re.findall(r"^\| (?:`(.*?)`|nothing)[^|]*\| ([\d.]+) \| ([\d.]+) GB \| (\d+) \|$", PAGE, re.MULTILINE)
    assert len(rows) == 6
    arm = arm_of("eastern_flank", "status_quo")
    for options, whole, million, part in rows:
        record = eval(f"Record({options})", {"Record": Record})
        runs = empty_runs(arm, BLOCK, record)
        sizes = [len(to_bytes(arrays)) / BLOCK / 1000 for arrays in (summarise(runs, record), runs._asdict())]
        assert [float(whole), float(part)] == pytest.approx(sizes, rel=0.05), options
        assert float(million) == pytest.approx(float(whole), rel=0.15)
