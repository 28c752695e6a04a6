"""Who is connected, and for how long without a word: nobody's connections take the place of somebody else's.

A connection is a stranger's until a request on it carries a member's or the facilitator's session. Where there are too
many of one asker, the oldest that waits for nothing is closed and the new one let in, but none within its first two
seconds as long as the machine bears it: whoever comes with a request is answered, however many sockets lie idle.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from game.web.site import Asker

HEAD, BODY, STALLED = 8.0, 15.0, 30.0  # seconds for a head, for a body, and for a reader who takes nothing
GRACE: Final = 2.0  # seconds that anybody has to say something, however many come after it
STRANGERS: Final = 8192  # of all strangers together; never more than half of what the machine bears
# Connections of one address, of one session; those of a proxy carry requests of everybody.
OF_ONE: Final = {"stranger": 256, "member": 24, "desk": 64, "proxy": STRANGERS}
FILES: Final = 65_536  # files and sockets that are asked for
OWN_FILES: Final = 128  # kept for files


@dataclass
class Doors:
    """All connections of a server by asker, the oldest first."""

    most: int = 896
    proxy: str = ""  # where a reverse proxy asks from
    clock: Callable[[], float] = time.monotonic
    groups: dict[Asker, dict["Door", float]] = field(default_factory=dict)  # with the time at which each came

    def enter(self, door: "Door") -> None:
        """Somebody is connected, or says who it is; another one goes where that is one too many."""
        own = self.groups.setdefault(door.owner, {})
        own[door] = self.clock()
        if len(own) > OF_ONE[door.owner.kind]:
            self._close_one(own, door, GRACE)
        strangers = [group for asker, group in self.groups.items() if asker.kind == "stranger"]
        if door.owner.kind == "stranger" and sum(map(len, strangers)) > min(STRANGERS, self.most // 2):
            self._close_one(max(strangers, key=len), door)
        if sum(map(len, self.groups.values())) > self.most:
            self._close_one(max(self.groups.values(), key=len), door)

    def leave(self, door: "Door") -> None:
        """A connection is gone."""
        own = self.groups.get(door.owner, {})
        own.pop(door, None)
        if not own:
            self.groups.pop(door.owner, None)

    def _close_one(self, group: dict["Door", float], new: "Door", grace: float = 0.0) -> None:
        """Close the oldest connection that waits for nothing, or else the oldest; none that came just now."""
        old = next((one for one in group if one.idle and one is not new), next(iter(group)))
        if self.clock() - group[old] >= grace:
            self.leave(old)
            old.transport.abort()


class Door(H11Protocol):
    """One connection. `doors` is set by `door_to`."""

    doors: Doors
    owner: Asker = Asker("stranger", "")
    waits: tuple[str, asyncio.TimerHandle] | None = None  # for what, and until when
    stalled: asyncio.TimerHandle | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        app = self.app

        async def marked(scope: Any, receive: Any, send: Any) -> None:
            scope["door"] = self
            await app(scope, receive, send)

        self.app = marked

    @property
    def idle(self) -> bool:
        """Whether nobody waits for an answer on it: no whole request has come since the last one."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def belongs_to(self, asker: Asker) -> None:
        """A request said who is at the other end."""
        if self.owner.kind != "proxy" and asker != self.owner and not self.transport.is_closing():
            self.doors.leave(self)
            self.owner = asker
            self.doors.enter(self)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody connects: a head must follow."""
        super().connection_made(transport)
        came = self.client[0] if self.client else ""
        self.owner = Asker("proxy" if came and came == self.doors.proxy else "stranger", came)
        self._wait_for("head")
        self.doors.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone."""
        self._wait_for("")
        self.resume_writing()
        self.doors.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Something came: the rest of a head or of a body must follow in time."""
        super().data_received(data)
        answered = self.cycle is None or self.cycle.response_complete
        self._wait_for("head" if answered else "body" if self.cycle.more_body else "")

    def on_response_complete(self) -> None:
        """Between two requests the server's own limit holds, unless another one has begun."""
        super().on_response_complete()
        self._wait_for("head" if self.conn.trailing_data[0] else "")

    def pause_writing(self) -> None:
        """The reader takes nothing for now."""
        super().pause_writing()
        self.stalled = self.stalled or self.loop.call_later(STALLED, self.transport.abort)

    def resume_writing(self) -> None:
        """The reader goes on."""
        super().resume_writing()
        if self.stalled is not None:
            self.stalled.cancel()
            self.stalled = None

    def shutdown(self) -> None:
        """The server ends: also streams, which never end by themselves."""
        super().shutdown()
        if self.cycle is not None and self.cycle.response_started:
            self.transport.close()

    def send_400_response(self, msg: str) -> None:
        """What came is not HTTP; where an answer was under way already, nothing can be said any more."""
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            self.transport.abort()

    def _wait_for(self, what: str) -> None:
        """Time runs from the first byte of a head or body: sending more of it slowly does not stop the clock."""
        if (self.waits[0] if self.waits else "") != what:
            if self.waits:
                self.waits[1].cancel()
            seconds = HEAD if what == "head" else BODY
            self.waits = (what, self.loop.call_later(seconds, self.transport.abort)) if what else None


def door_to(doors: Doors) -> type[Door]:
    """What a server makes of each connection."""
    return type("DoorTo", (Door,), {"doors": doors})


def raised_file_limit() -> int:
    """Ask for as many open files as this user may have; how many sockets that leaves."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # Windows knows no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = FILES if hard == resource.RLIM_INFINITY else min(hard, FILES)
        if soft != resource.RLIM_INFINITY and soft < wanted:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        return (FILES if soft == resource.RLIM_INFINITY else soft) - OWN_FILES
    return Doors.most
