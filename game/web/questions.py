"""Questions about a finished game: one line, worked off by a process of its own, with one open question a person."""

import multiprocessing
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from game.web.answers import work

Wake = Callable[[Collection[str]], None]
Far = tuple[str, int, int]  # what is counted, done, of all
NOWHERE: Final[Far] = ("", 0, 0)


def temporary() -> TemporaryDirectory[str]:
    """A folder of its own; it goes also where somebody is still writing in it."""
    return TemporaryDirectory(prefix="interlock-review-", ignore_cleanup_errors=True)


class Ended(Exception):
    """A job that came to nothing: it failed, or was stopped."""


@dataclass
class Worker:
    """A process of its own, started when it is needed; stopping it ends whatever it works on."""

    path: Path
    branch: int
    lock: threading.Lock = field(default_factory=threading.Lock)
    process: Any = None
    pipe: Connection | None = None
    folder: TemporaryDirectory[str] | None = None  # for what the process keeps meanwhile; goes with it

    def do(self, job: str, arguments: tuple[Any, ...], tell: Callable[[Far], bool]) -> Any:
        """Have one job done, and wait for it; Ended where nothing came of it. `tell` says whether to go on."""
        try:
            pipe = self._started()
            pipe.send((job, arguments))
            while True:
                kind, value = pipe.recv()
                if kind == "done":
                    return value
                if kind == "failed":
                    raise Ended
                if not tell(value):
                    self.stop()
        except (EOFError, OSError):
            raise Ended from None

    def stop(self) -> None:
        """End the process; the next job starts another one."""
        with self.lock:
            self._end()

    def _end(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.join()
            self.process = None
        if self.folder is not None:
            self.folder.cleanup()
            self.folder = None

    def _started(self) -> Connection:
        with self.lock:
            if self.process is None or not self.process.is_alive():
                self._end()
                self.folder = temporary()
                apart = multiprocessing.get_context("spawn")  # shares nothing with the server: no lock, no open file
                self.pipe, theirs = apart.Pipe()
                self.process = apart.Process(
                    target=work, args=(theirs, self.path, self.branch, self.folder.name), daemon=True
                )
                self.process.start()
                theirs.close()  # so that the end of the process ends the pipe
            assert self.pipe is not None
            return self.pipe


@dataclass
class Question:
    """One question in the line."""

    name: str
    job: str
    arguments: tuple[Any, ...]
    askers: list[str]
    far: Far = NOWHERE


@dataclass
class Questions:
    """The line of one game. Whoever asks what somebody asked before waits for the same answer."""

    worker: Worker
    wake: Wake  # tells pages of these people to look again
    known: dict[str, Any] = field(default_factory=dict)
    line: list[Question] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)  # by who asked: the question that came to nothing
    lock: threading.Lock = field(default_factory=threading.Lock)
    at_work: bool = False

    def open_of(self, asker: str) -> Question | None:
        """What somebody waits for."""
        return next((one for one in self.line if asker in one.askers), None)

    def ask(self, asker: str, name: str, job: str, arguments: tuple[Any, ...]) -> Any:
        """The answer, or the question that this person waits for, which may be another one; None where it failed."""
        with self.lock:
            if name in self.known:
                return self.known[name]
            if self.failed.pop(asker, "") == name:
                return None
            waits = self.open_of(asker)
            if waits is None:
                waits = next((one for one in self.line if one.name == name), None)
                if waits is None:
                    waits = Question(name, job, arguments, [])
                    self.line.append(waits)
                waits.askers.append(asker)
            if not self.at_work:
                self.at_work = True
                threading.Thread(target=self._work, daemon=True).start()
            return waits

    def cancel(self, asker: str) -> None:
        """Somebody waits no longer; what nobody waits for is not worked on any further."""
        with self.lock:
            waits = self.open_of(asker)
            if waits is None:
                return
            waits.askers.remove(asker)
            if waits.askers:
                return
            if self.line[0] is waits:
                self.worker.stop()
            self.line.remove(waits)

    def end(self) -> None:
        """Nobody waits for anything any more."""
        with self.lock:
            self.line.clear()
            self.worker.stop()

    def _work(self) -> None:
        while True:
            with self.lock:
                if not self.line:
                    self.at_work = False
                    return
                question = self.line[0]

            def tell(far: Far, question: Question = question) -> bool:
                question.far = far
                return question in self.line

            try:
                answer = self.worker.do(question.job, question.arguments, tell)
            except Ended:
                answer = None
            with self.lock:
                if question in self.line:  # else it was cancelled
                    self.line.remove(question)
                if answer is not None:
                    self.known[question.name] = answer
                else:
                    self.failed |= dict.fromkeys(question.askers, question.name)
            self.wake(question.askers)


@dataclass
class Report:
    """The whole report of a game, made once, in a process of its own, in a folder that goes with it."""

    worker: Worker
    wake: Wake
    folder: TemporaryDirectory[str] | None = None
    far: Far = NOWHERE
    state: str = ""  # "", making, ready or failed
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, asker: str) -> None:
        """Have it made, unless it is being made, or is ready."""
        with self.lock:
            if self.state in ("", "failed"):
                self.state = "making"
                self.folder = temporary()
                threading.Thread(target=self._make, args=(self.folder, asker), daemon=True).start()

    def file(self, name: str) -> Path | None:
        """A file of the finished report."""
        with self.lock:
            return Path(self.folder.name) / name if self.state == "ready" and self.folder is not None else None

    def remove(self) -> None:
        """Nothing is left of it."""
        self.worker.stop()
        with self.lock:
            if self.folder is not None:
                self.folder.cleanup()
            self.folder, self.state = None, ""

    def _make(self, folder: TemporaryDirectory[str], asker: str) -> None:
        def tell(far: Far) -> bool:
            self.far = far
            return self.folder is folder

        try:
            self.worker.do("report", (Path(folder.name),), tell)
            state = "ready"
        except Ended:
            folder.cleanup()
            state = "failed"
        with self.lock:
            if self.folder is folder:
                self.state = state
        self.wake([asker])
