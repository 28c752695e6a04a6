"""Streams that tell pages to look again: a version, a phase and the time that is left, never contents.

A page of a seat hears of public changes and of its own, so that the time of an event says nothing about a rival. Time
is told with every event and every heartbeat, so that the clocks of all pages go right, whatever they loaded and when.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

HEARTBEAT: Final = 15.0  # seconds; proxies and phones drop silent connections
OF_ONE: Final = 8  # streams of one session
OF_STRANGERS: Final = 100  # of all who have none together: the oldest ends where another begins


@dataclass
class Hub:
    """Wakes every stream after a change, also when the change comes from another thread."""

    loop: asyncio.AbstractEventLoop | None = None
    waiting: set[asyncio.Event] = field(default_factory=set)
    streams: dict[str, list[asyncio.Event]] = field(default_factory=dict)  # by session, the oldest first

    def wake(self) -> None:
        """Called by the room in whatever thread wrote."""
        if self.loop is not None and not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for event in self.waiting:
            event.set()

    def full(self, who: str) -> bool:
        """Whether a session has too many streams. Nobody's streams take the place of somebody else's."""
        return bool(who) and len(self.streams.get(who, ())) >= OF_ONE

    async def events(
        self, state: Callable[[], tuple[int, str]], who: str, clock: Callable[[], Mapping[str, Any]] = dict
    ) -> AsyncGenerator[str, None]:
        """The stream of one page: what `state` says now, and again whenever it says something else.

        clock: what else is said then, and with every heartbeat.
        """

        def said(now: tuple[int, str]) -> str:
            return f"event: changed\ndata: {json.dumps({'version': now[0], 'phase': now[1], **clock()})}\n\n"

        event, own = asyncio.Event(), self.streams.setdefault(who, [])
        self.waiting.add(event)
        own.append(event)
        if len(own) > (OF_ONE if who else OF_STRANGERS):
            own.pop(-1 if who else 0).set()
        told: tuple[int, str] | None = None
        try:
            yield "retry: 1000\n\n"
            while event in own:
                event.clear()
                now = state()
                if now != told:
                    told = now
                    yield said(now)
                try:
                    await asyncio.wait_for(event.wait(), HEARTBEAT)
                except TimeoutError:
                    yield said(told) if told is not None else ": still here\n\n"
        finally:
            self.waiting.discard(event)
            if event in own:
                own.remove(event)
            if not own:
                self.streams.pop(who, None)
