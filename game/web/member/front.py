"""The front page of a turn: a process of its own works out what each seat's orders did, while the room goes on."""

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from game.core.live_game import Room
from game.review.front import Did
from game.web.questions import Ended, Worker

LOG = logging.getLogger("interlock.web")
Key = tuple[int, int]  # branch and turn


@dataclass
class Fronts:
    """What was found by branch and turn; the last resolved turn is worked out as soon as the room says that it is."""

    room: Room
    found: dict[Key, Mapping[str, Did]] = field(default_factory=dict)
    wanted: Key | None = None
    at_work: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)
    worker: Worker = field(init=False)

    def __post_init__(self) -> None:
        self.worker = Worker(self.room.journal.path, self.room.branch)

    def key(self) -> Key:
        """Branch and last resolved turn; -1 before the first."""
        table = self.room.table
        return self.room.branch, (len(table.course.quarters) - table.game.warm_up) // table.game.quarters - 1

    def now(self, seat: str) -> Did | None:
        """What the orders of a seat did in the last turn; None where they are not known, or there were none."""
        return self.found.get(self.key(), {}).get(seat)

    def waits(self) -> bool:
        """Whether the last turn is still being worked out."""
        return self.at_work and self.key() not in self.found

    def look(self) -> None:
        """Begin where there is something to work out. Called after every change, with the room's lock held."""
        table = self.room.table
        key = self.key()
        if table.phase in ("lobby", "review") or table.course.only_read or key in self.found or key == self.wanted:
            return
        with self.lock:
            self.wanted = key
            if not self.at_work:
                self.at_work = True
                threading.Thread(target=self._work, daemon=True).start()

    def end(self) -> None:
        """Nothing is worked out any more."""
        with self.lock:
            self.wanted = None
            self.worker.stop()

    def _work(self) -> None:
        while True:
            with self.lock:
                key = self.wanted
                if key is None or key in self.found:
                    self.at_work = False
                    return
            try:  # before the first turn there is nothing to ask, but the process gets ready
                found = self.worker.do("front", key, lambda far: True)
            except Ended:
                found = {}
            self.found[key] = found
            if key[1] >= 0 and self.wanted is not None:
                self.room.announce()
