"""The same chunks on a Dask cluster: a scheduler's address instead of threads.

A dead worker's chunks are run again by the others; a worker that holds other rules is refused before it runs any.
Chunk files are read and written here, by the one who asks, so workers need no shared disk.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sim.inputs.errors import InputError, Problem, fail
from sim.law.compiled import RULES_HASH
from sim.runs.arm import Arm
from sim.runs.build import Built
from sim.runs.kept_chunks import chunk_name, log_time, read_chunk, write_chunk

WAITING: Final = 4  # chunks on their way for each thread, so that no worker waits for us
LEAST: Final = 64  # and in all, because more workers may join
PROMPT: Final = 10  # seconds that a scheduler may take to answer
FIRST_WORKER: Final = 60  # seconds that the first worker may take


class OtherRules(InputError):
    """A worker whose rules hash differs from ours."""


def rules_of_worker() -> str:
    """The rules hash that a worker holds; runs on the worker."""
    return RULES_HASH


def warm_up() -> None:
    """Compile a worker's rules, or load them from its cache; runs on the worker."""
    from sim.law.compiled import compile_rules

    compile_rules()


def keep(built: Built) -> Built:
    """A scenario's arrays. As a task, not as scattered data: if the worker that holds them dies, another makes them."""
    return built


def compute_there(rules: str, built: Built, arm: Arm, function: Callable[..., Any], *others: Any) -> tuple[Any, ...]:
    """Rules hash, address, arrays and seconds of a chunk; runs on the worker, which may have joined late."""
    from distributed import get_worker

    began = time.perf_counter()
    arrays = function(replace(arm, built=built), *others) if rules == RULES_HASH else None
    return RULES_HASH, get_worker().address, arrays, time.perf_counter() - began


@dataclass(frozen=True)
class Known:
    """A chunk that was on the disk."""

    arrays: Any

    def result(self) -> Any:
        """Its arrays."""
        return self.arrays

    def cancel(self) -> None:
        """Nothing is on its way."""


@dataclass(frozen=True)
class Asked:
    """A chunk that is on its way, and the file that it is to be kept in."""

    future: Any
    path: Path | None

    def result(self) -> Any:
        """Wait for its arrays and keep them."""
        from distributed import CancelledError, KilledWorker
        from distributed.comm.core import CommClosedError

        try:
            rules, address, arrays, seconds = self.future.result()
        except (CancelledError, CommClosedError, KilledWorker) as error:
            raise fail("--cluster", f"{error}\nChunks that are in are kept; the same command goes on.") from None
        refuse_other_rules({address: rules})
        if self.path is not None:
            write_chunk(self.path, arrays)
            log_time(self.path.parent, self.path.name, seconds)
        return arrays

    def cancel(self) -> None:
        """It is needed no more."""
        self.future.cancel()


class ClusterPool:
    """Hands chunks to a Dask client; each scenario travels once to each worker."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._sent: dict[int, tuple[Built, Any]] = {}

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Known | Asked:
        """Start a chunk on some worker, unless its file is there; arguments as of `compute_and_keep`."""
        arm, seed, task, record, folder = arguments
        path = Path(folder) / chunk_name(arm, seed, task.first, task.replicates, record) if folder else None
        known = None if path is None else read_chunk(path)
        if known is not None:
            return Known(known)
        if id(arm.built) not in self._sent:
            self._sent[id(arm.built)] = arm.built, self._client.submit(keep, arm.built, pure=False)
        built, bare = self._sent[id(arm.built)][1], replace(arm, built=None)
        whole = (RULES_HASH, built, bare, function, seed, task, record, "")
        return Asked(self._client.submit(compute_there, *whole, pure=False), path)


def refuse_other_rules(found: dict[str, str]) -> None:
    """Stop where any worker holds other rules. `found` is rules hash by worker address."""
    wrong = {address: theirs for address, theirs in found.items() if theirs != RULES_HASH}
    if wrong:
        told = ", ".join(f"{address} has {theirs}" for address, theirs in sorted(wrong.items()))
        remedy = f"{told}; here the rules hash is {RULES_HASH}. Install the same Interlock on every worker."
        raise OtherRules([Problem("--cluster", "", "", remedy)])


def silent(address: str, why: object) -> InputError:
    """Nobody answers at the address of a cluster."""
    words = f"no Dask scheduler answers ({why}); `dask scheduler` starts one and says its address"
    return fail("--cluster", words, value=address)


def refuse_silent(address: str) -> None:
    """InputError at once, before anything is run, where the address is none or nobody listens there."""
    if find_spec("distributed") is None:
        raise ModuleNotFoundError('--cluster needs Dask: pip install "interlock-sim[cluster]"', name="distributed")
    scheme, _, place = address.rpartition("://")
    if scheme == "inproc":
        return
    host, _, port = place.rstrip("/").rpartition(":")
    if scheme not in ("", "tcp", "tls", "ws", "wss", "ucx") or not host or not (port.isascii() and port.isdigit()):
        raise silent(address, "allowed: an address such as tcp://host:8786")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=PROMPT).close()
    except (OSError, OverflowError, UnicodeError) as error:
        raise silent(address, getattr(error, "strerror", None) or error) from None


@contextmanager
def connected(address: str) -> Iterator[tuple[ClusterPool, int]]:
    """A pool on the cluster at `address`, and how many chunks may be on their way at once."""
    refuse_silent(address)
    import distributed

    connect: Any = distributed.Client
    try:
        client = connect(address, set_as_default=False, timeout=PROMPT)
    except (OSError, ValueError) as error:
        raise silent(address, error) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=FIRST_WORKER)
        except TimeoutError:
            remedy = f"no worker after {FIRST_WORKER} s; `dask worker {address}` starts one"
            raise fail("--cluster", remedy, address) from None
        told = client.run(rules_of_worker, on_error="return")
        refuse_other_rules({at: rules if isinstance(rules, str) else f"none ({rules})" for at, rules in told.items()})
        client.run(warm_up)
        yield ClusterPool(client), max(LEAST, WAITING * sum(client.nthreads().values()))
