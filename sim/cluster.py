"""The same chunks on a Dask cluster: a scheduler's address instead of threads.

A dead worker's chunks are run again by the others; a worker that holds other rules is refused before it starts.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sim.arms import Arm
from sim.compiled import RULES_HASH


class OtherRules(RuntimeError):
    """A worker whose rules hash differs from ours."""


def rules_of_worker() -> str:
    """The rules hash that a worker holds; runs on the worker."""
    return RULES_HASH


def warm_up() -> None:
    """Compile a worker's rules, or load them from its cache; runs on the worker."""
    from sim.engine import compile_rules

    compile_rules()


class ClusterPool:
    """Hands chunks to a Dask client; each arm travels once."""

    def __init__(self, client: Any, arms: Sequence[Arm]) -> None:
        self._client = client
        self._sent = {id(arm): client.scatter(arm, broadcast=False, hash=False) for arm in arms}

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Any:
        """Start a chunk on some worker; its first argument is the arm. Twice as often as it dies, it is run again."""
        arm, *others = arguments
        return self._client.submit(function, self._sent[id(arm)], *others, pure=False, retries=5)


def refuse_other_rules(found: dict[str, str]) -> None:
    """Stop where any worker holds other rules. `found` is rules hash by worker address."""
    wrong = {address: theirs for address, theirs in found.items() if theirs != RULES_HASH}
    if wrong:
        told = ", ".join(f"{address} has {theirs}" for address, theirs in sorted(wrong.items()))
        raise OtherRules(
            f"--cluster: {told}; here the rules hash is {RULES_HASH}. Install the same Interlock on every worker."
        )


@contextmanager
def connected(address: str, arms: Sequence[Arm]) -> Iterator[tuple[ClusterPool, int]]:
    """A pool on the cluster at `address`, and how many threads its workers have."""
    try:
        import distributed
    except ImportError:
        raise ModuleNotFoundError('--cluster needs Dask: pip install "interlock-sim[cluster]"') from None
    connect: Any = distributed.Client
    with connect(address, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
        refuse_other_rules(client.run(rules_of_worker))
        client.run(warm_up)
        yield ClusterPool(client, arms), max(1, sum(client.nthreads().values()))
