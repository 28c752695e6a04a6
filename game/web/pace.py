"""One-person mode: phases without a clock of their own end by timer, so that nobody has to steer."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from game.core.act import Refused
from game.core.live_game import Room
from game.core.phases import Table


@dataclass
class Pace:
    """Seconds of the phases that otherwise wait for the facilitator."""

    seconds: Mapping[str, float] = field(default_factory=lambda: {"lobby": 60.0, "brief": 90.0, "news": 120.0})
    seen: tuple[str, int, int] = ("", -1, -1)  # phase, turn, branch
    since: float = 0.0
    alone: bool = False  # whether there is nobody to go on after the clock has stood still
    looked: float = 0.0  # when we looked last

    def deadline(self, table: Table) -> float | None:
        """When the present phase ends."""
        length = self.seconds.get(table.phase)
        return None if length is None else self.since + length

    def step(self, room: Room) -> None:
        """Look at the clock, and end the phase whose time is over."""
        with room.lock:
            self._look(room)
            if room.table.paused and self.alone:
                room.steer("resume", {})
            end = self.deadline(room.table)
            if end is not None and room.clock() >= end and not room.table.paused:
                go_on(room)
                self._look(room)

    def _look(self, room: Room) -> None:
        """Note when a phase began."""
        seen, now = (room.table.phase, room.table.turn, room.branch), room.clock()
        if seen != self.seen:
            self.seen, self.since = seen, now
        elif room.table.paused:
            self.since += now - self.looked
        self.looked = now


def go_on(room: Room, key: str | None = None) -> None:
    """Open the game, or end its phase; sent twice under one key, once."""
    try:
        room.steer("open" if room.table.phase == "lobby" else "close", {}, key)
    except Refused:
        return  # somebody else was faster
