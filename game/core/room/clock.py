"""The clock of a room: seconds since the epoch that nothing moves but time in which the game is really played."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

JUMP: Final = 5.0  # seconds by which the machine's clock may be set before the game stands still
SKIPPED: Final = 1.5  # seconds without a look at the clock that are no time of the game: process or machine stood still
GAP: Final = 5.0  # seconds of that after which the game stands still, until somebody goes on


@dataclass
class Steady:
    """Starts at the machine's time, or where a game stopped, and goes on evenly from there.

    The machine's clock may be set, the laptop may sleep, the process may be stopped: none of this is time of a game.
    `beat` is called several times a second for as long as a game is served.
    """

    not_before: float = 0.0
    steady: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    ahead: float = field(init=False)  # of the steady clock, seconds
    drift: float = field(init=False)  # of the machine's clock against this one
    beaten: float | None = field(default=None, init=False)  # when the last beat was, on the steady clock
    stood: str = field(default="", init=False)  # why the game has to stand still; told once
    lock: threading.RLock = field(default_factory=threading.RLock, init=False)

    def __post_init__(self) -> None:
        self.ahead = max(self.wall(), self.not_before) - self.steady()
        self.drift = self.wall() - self._now()

    def _now(self) -> float:
        return self.steady() + self.ahead

    def __call__(self) -> float:
        """Now."""
        with self.lock:
            lost = 0.0 if self.beaten is None else self.steady() - self.beaten
            if lost > SKIPPED and self.beaten is not None:
                self.ahead -= lost
                self.drift += lost
                self.beaten += lost
                if lost > GAP:
                    self.stood = f"the server stood still for {lost:.0f} s"
            return self._now()

    def beat(self) -> None:
        """Somebody looks."""
        with self.lock:
            drift = self.wall() - self()
            if abs(drift - self.drift) > JUMP and not self.stood:
                self.stood = f"the clock of this computer jumped by {drift - self.drift:+.0f} s, or it slept"
            self.drift, self.beaten = drift, self.steady()

    def why_stood(self) -> str:
        """Why the game has to stand still, if it has; told once."""
        with self.lock:
            self()
            why, self.stood = self.stood, ""
            return why
