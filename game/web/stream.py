"""Streams that tell pages to look again: a version and a phase, never contents.

A page of a seat hears of public changes and of its own, so that the time of an event says nothing about a rival.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Final

HEARTBEAT: Final = 15.0  # seconds; proxies and phones drop silent connections
LARGEST, OF_ONE = 1200, 8  # streams in all, and of one session


@dataclass
class Hub:
    """Wakes every stream after a change, also when the change comes from another thread."""

    loop: asyncio.AbstractEventLoop | None = None
    waiting: set[asyncio.Event] = field(default_factory=set)
    streams: dict[str, int] = field(default_factory=dict)

    def wake(self) -> None:
        """Called by the room in whatever thread wrote."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for event in self.waiting:
            event.set()

    def full(self, who: str) -> bool:
        """Whether there are too many streams, in all or of one session."""
        of_one = LARGEST if not who else OF_ONE
        return len(self.waiting) >= LARGEST or self.streams.get(who, 0) >= of_one

    async def events(self, state: Callable[[], tuple[int, str]], who: str) -> AsyncIterator[str]:
        """The stream of one page: what `state` says now, and again whenever it says something else."""
        event = asyncio.Event()
        self.waiting.add(event)
        self.streams[who] = self.streams.get(who, 0) + 1
        told: tuple[int, str] | None = None
        try:
            yield "retry: 1000\n\n"
            while True:
                event.clear()
                now = state()
                if now != told:
                    told = now
                    yield f"event: changed\ndata: {json.dumps({'version': now[0], 'phase': now[1]})}\n\n"
                try:
                    await asyncio.wait_for(event.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self.waiting.discard(event)
            self.streams[who] -= 1
            if not self.streams[who]:
                del self.streams[who]
