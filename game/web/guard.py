"""What every request passes: host, limits, size, origin, turns; and the headers of every answer. Plain ASGI."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analysis.web.door import HEADERS, TooLarge, once, own_host, same_origin, whole
from game.web.site import Asker, Site

LOG: Final = logging.getLogger("interlock.web")
LARGEST: Final = 64 * 1024  # bytes of a request
WAYS_IN: Final = ("/", "/join", "/health")  # so that nobody's flood shuts the door for others at the same address
TURNS: Final = {"stranger": 2, "member": 3, "desk": 8}  # requests of one asker that are worked on at the same time
RATES: Final = {"stranger": ("strangers", "strangers"), "member": ("reads", "writes"), "desk": ("desk", "desk")}


@dataclass
class Turn:
    """What one asker may use at the same time."""

    free: asyncio.Semaphore
    users: int = 0


@dataclass
class Turns:
    """Who asks a lot waits for its own requests, not others for them: so many of one asker are worked on at once."""

    loops: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[Asker, Turn]] = field(default_factory=WeakKeyDictionary)

    async def take(self, asker: Asker) -> Callable[[], None]:
        """Wait for a turn; what gives it back, and does nothing when called again."""
        turns = self.loops.setdefault(asyncio.get_running_loop(), {})
        turn = turns.setdefault(asker, Turn(asyncio.Semaphore(TURNS[asker.kind])))
        turn.users += 1
        held = False

        def give() -> None:
            nonlocal held
            if held:
                held = False
                turn.free.release()
                turn.users -= 1
                if not turn.users:
                    turns.pop(asker, None)

        try:
            held = await turn.free.acquire()
        finally:
            turn.users -= not held
        return give


class Guard:
    """Wraps the app."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site, self.turns = app, site, Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = scope["path"].startswith("/static/")
        begun = False
        give: Callable[[], None] | None = None

        async def answer(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                if give is not None:  # the work is done: a slow reader holds up nobody
                    give()
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["cache-control"] = "public, max-age=86400" if static else "no-store"
            await send(message)

        connection = HTTPConnection(scope)
        asker = self.site.asker(connection)
        if "door" in scope:
            scope["door"].belongs_to(asker)
        refusal = self._refusal(scope, connection.headers, asker, static)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        try:
            if scope["method"] == "POST":  # read before a turn is taken, so that a slow sender holds up nobody
                body = await whole(receive, LARGEST)
                if body is None:
                    return
                receive = once(body, receive)
            elif not static and asker.name in self.site.room.members:
                self.site.room.members[asker.name].looks += 1
            give = await self.turns.take(asker)
            await self.app(scope, receive, answer)
        except TooLarge:
            await PlainTextResponse("This is too large.", 413)(scope, receive, answer)
        except Exception:
            # Told here, so that also this answer carries the headers, and so that nothing of the error reaches a page.
            LOG.exception("%s %s", scope["method"], scope["path"])
            if begun:
                raise
            await PlainTextResponse("Something went wrong here; it is noted. Try again.", 500)(scope, receive, answer)
        finally:
            if give is not None:
                give()

    def _refusal(self, scope: Scope, headers: Headers, asker: Asker, static: bool) -> PlainTextResponse | None:
        """Why a request is not let in, before anything of it is read."""
        method, path = scope["method"], scope["path"]
        if not own_host(scope, headers, self.site.hosts):
            return PlainTextResponse("This is not an address of this game. Open the one on the projector.", 421)
        if method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("This is not possible here.", 405)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > len(str(LARGEST)) or int(length) > LARGEST:
            return PlainTextResponse("This is too large.", 413)
        if method == "POST" and not same_origin(headers):
            return PlainTextResponse("This does not come from a page of this game.", 403)
        counted = not static and not (asker.kind == "stranger" and path in WAYS_IN)
        if counted and not self.site.limits.allow(RATES[asker.kind][method == "POST"], asker.name):
            return PlainTextResponse("Too many at once. Wait a moment.", 429, {"retry-after": "2"})
        return None
