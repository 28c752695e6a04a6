"""Runs for all tabs in one bounded queue: chunks of five replicates, first pictures first, then in turn over the tabs.

What was run is kept by arm, seed and record, so that a baseline is run once for everybody; when there is
too much of it, the longest unused goes first. A run depends on nothing else, so the order changes no bit.
"""

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np

from sim.law.compiled import Floats
from sim.runs.arm import Arm, Record, run_chunk, states_over_run

CHUNK: Final = 5  # replicates: so short that a move waits little for what is obsolete
MOST_BYTES: Final = 400_000_000  # of runs kept
MOST_ASKS: Final = 60  # at the same time


class Busy(Exception):
    """Too many ask at once."""


class Key(NamedTuple):
    """What a chunk's numbers depend on."""

    arm: str
    seed: int
    record: Record
    first: int  # replicate
    replicates: int


def chunks(arm: Arm, seed: int, record: Record, replicates: int) -> list[Key]:
    """Replicates 0 to `replicates` - 1 of an arm."""
    return [Key(arm.fingerprint, seed, record, first, CHUNK) for first in range(0, replicates, CHUNK)]


class Done(NamedTuple):
    """What a chunk of R replicates left behind; with paths, courses of states too."""

    measures: Floats  # (R, L, MEASURES)
    states: Floats  # (R, N, V)
    paths: Floats  # (R, L or 0, N, V)
    ledgers: Floats  # (CAUSES, SCORES, N) summed over the chunk, or (0, 0, 0)

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(array.nbytes for array in self)


class Runs(NamedTuple):
    """Replicates 0 to R - 1 of an arm."""

    measures: Floats  # (R, L, MEASURES)
    states: Floats  # (R, N, V)
    paths: Floats
    ledger: Floats  # (CAUSES, SCORES, N), mean


@dataclass(eq=False)
class Ask:
    """What one tab waits for. `rank`: the lower the sooner."""

    tab: str
    kind: str
    move: int = 0
    rank: int = 0
    waiting: deque[tuple[Key, Arm]] = field(default_factory=deque)
    missing: set[Key] = field(default_factory=set)
    done: "Future[None]" = field(default_factory=Future)
    closed: bool = False


def run(arm: Arm, key: Key) -> Done:
    """Run one chunk."""
    runs = run_chunk(arm, key.seed, key.first, key.replicates, key.record)
    over = states_over_run(runs.states, key.record.states)
    return Done(runs.measures, over, runs.states if key.record.paths else runs.states[:, :0], runs.ledgers.sum(axis=0))


class Shop:
    """The queue, its workers, and what they have made."""

    def __init__(self, workers: int) -> None:
        self.lock = threading.Condition()
        self.asks: OrderedDict[Ask, None] = OrderedDict()  # who was served last stands last
        self.kept: OrderedDict[Key, Done] = OrderedDict()
        self.bytes = self.runs = 0
        self.running: set[Key] = set()
        self.ended = False
        self.workers = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        for worker in self.workers:
            worker.start()

    def end(self) -> None:
        """Stop the workers."""
        with self.lock:
            self.ended = True
            self.lock.notify_all()
        for worker in self.workers:
            worker.join()

    def open(self, tab: str, kind: str, move: int = 0) -> Ask:
        """Begin to ask; what the same tab asked before of this kind is obsolete, also where it arrives late."""
        with self.lock:
            ask = Ask(tab, kind, move)
            for other in [one for one in self.asks if (one.tab, one.kind) == (tab, kind)]:
                self._close(other if other.move <= move else ask)
            if len(self.asks) >= MOST_ASKS:
                raise Busy
            if not ask.closed:
                self.asks[ask] = None
            return ask

    def close(self, ask: Ask) -> None:
        """Stop asking."""
        with self.lock:
            self._close(ask)

    def _close(self, ask: Ask) -> None:
        ask.closed = True
        ask.waiting.clear()
        self.asks.pop(ask, None)
        ask.done.cancel()

    def want(
        self, ask: Ask, arms: Sequence[Arm], seed: int, record: Record, replicates: int, rank: int
    ) -> "Future[None]":  # fmt: skip
        """Ask for replicates of arms; the future is done when they are there, cancelled when they are obsolete."""
        each = [chunks(arm, seed, record, replicates) for arm in arms]
        return self.want_chunks(ask, [pair for row in zip(*each) for pair in zip(row, arms, strict=True)], rank)

    def want_chunks(self, ask: Ask, keys: Sequence[tuple[Key, Arm]], rank: int) -> "Future[None]":
        """The same for any chunks."""
        with self.lock:
            ask.done, ask.rank = Future(), rank
            if ask.closed:
                ask.done.cancel()
                return ask.done
            for key, _ in keys:
                if key in self.kept:
                    self.kept.move_to_end(key)
            ask.waiting = deque((key, arm) for key, arm in dict(keys).items() if key not in self.kept)
            ask.missing = {key for key, _ in ask.waiting}
            if not ask.missing:
                ask.done.set_result(None)
            self.lock.notify_all()
            return ask.done

    def has(self, arms: Iterable[Arm], seed: int, record: Record, replicates: int) -> bool:
        """Whether replicates of arms are there already."""
        with self.lock:
            return all(key in self.kept for arm in arms for key in chunks(arm, seed, record, replicates))

    def chunk(self, key: Key, arm: Arm) -> Done:
        """A chunk that is there; what was put away in the meantime is run again here."""
        with self.lock:
            found = self.kept.get(key)
        return found if found is not None else run(arm, key)

    def get(self, arm: Arm, seed: int, record: Record, replicates: int) -> Runs:
        """Replicates that are there, put together."""
        parts = [self.chunk(key, arm) for key in chunks(arm, seed, record, replicates)]
        ledger = np.add.reduce([part.ledgers for part in parts]) / (len(parts) * CHUNK)
        whole = [np.concatenate([part[i] for part in parts])[:replicates] for i in range(3)]
        return Runs(whole[0], whole[1], whole[2], ledger)

    def _next(self) -> tuple[Key, Arm] | None:
        """The next chunk: of the lowest rank, and among those of whoever was served longest ago."""
        for ask in sorted(self.asks, key=lambda one: one.rank):  # the order of `asks` decides among equals
            while ask.waiting:
                key, arm = ask.waiting.popleft()
                if key in ask.missing and key not in self.running:
                    self.asks.move_to_end(ask)
                    return key, arm
        return None

    def _work(self) -> None:
        while True:
            with self.lock:
                while (found := None if self.ended else self._next()) is None:
                    if self.ended:
                        return
                    self.lock.wait()
                key, arm = found
                self.running.add(key)
            error: BaseException | None = None
            try:
                made = run(arm, key)
            except Exception as raised:  # told to whoever waits
                error = raised
            with self.lock:
                self.running.discard(key)
                if error is None:
                    self._keep(key, made)
                self._tell(key, error)

    def _keep(self, key: Key, made: Done) -> None:
        self.kept[key] = made
        self.bytes += made.size
        self.runs += key.replicates
        while self.bytes > MOST_BYTES and len(self.kept) > 1:
            self.bytes -= self.kept.popitem(last=False)[1].size

    def _tell(self, key: Key, error: BaseException | None) -> None:
        for ask in list(self.asks):
            if key not in ask.missing:
                continue
            ask.missing.discard(key)
            with suppress(InvalidStateError):  # whoever waited may have gone this very moment
                if error is not None:
                    ask.done.set_exception(error)
                elif not ask.missing:
                    ask.done.set_result(None)
