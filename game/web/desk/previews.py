"""What an inject would do, worked out beside the game: the desk says how far it is, and can stop it."""

import logging
import threading
from dataclasses import dataclass
from typing import Final

from game.core.preview import Case, Preview, carried_out

LOG: Final = logging.getLogger("interlock.web")


class Stopped(Exception):
    """Nobody waits for it any more."""


@dataclass
class Asked:
    """The inject that the facilitator asked about last. `state`: empty, working, ready or failed."""

    state: str = ""
    title: str = ""
    done: int = 0
    runs: int = 0
    found: Preview | None = None
    number: int = 0  # of the asking; what an older one finds is of no use

    def start(self, case: Case) -> None:
        """Work it out in a thread of its own: runs are compiled, and let pages be served meanwhile."""
        self.number += 1
        self.state, self.title, self.done, self.runs, self.found = "working", case.title, 0, 0, None
        threading.Thread(target=self._work, args=(case, self.number), daemon=True).start()

    def stop(self) -> None:
        """Forget it, whether it is there or not."""
        self.number += 1
        self.state, self.found = "", None

    def _work(self, case: Case, number: int) -> None:
        def far(done: int, runs: int) -> None:
            if number != self.number:
                raise Stopped
            self.done, self.runs = done, runs

        try:
            found, state = carried_out(case, progress=far), "ready"
        except Stopped:
            return
        except Exception:
            LOG.exception("The preview of %s came to nothing", case.title)
            found, state = None, "failed"
        if number == self.number:
            self.found, self.state = found, state
