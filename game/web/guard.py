"""What every request passes: limits, size, origin; and the headers that every answer carries. Plain ASGI."""

import logging
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from game.web.site import DESK_COOKIE, SEAT_COOKIE, Site

LOG: Final = logging.getLogger("interlock.web")
LARGEST: Final = 64 * 1024  # bytes of a request
HEADERS: Final = {
    "content-security-policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}  # fmt: skip


class TooLarge(Exception):
    """A request that goes on for longer than it may."""


class Guard:
    """Wraps the app."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = scope["path"].startswith("/static/")

        begun = False

        async def answer(message: Message) -> None:
            nonlocal begun
            begun = True
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["cache-control"] = "public, max-age=86400" if static else "no-store"
            await send(message)

        refusal = self._refusal(scope, static)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        try:
            await self.app(scope, limited(receive), answer)
        except Exception:
            # Told here, so that also this answer carries the headers, and so that nothing of the error reaches a page.
            LOG.exception("%s %s", scope["method"], scope["path"])
            if begun:
                raise
            await PlainTextResponse("Something went wrong here; it is noted. Try again.", 500)(scope, receive, answer)

    def _refusal(self, scope: Scope, static: bool) -> PlainTextResponse | None:
        """Why a request is not let in, before anything of it is read."""
        headers, method = Headers(scope=scope), scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("This is not possible here.", 405)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > LARGEST:
            return PlainTextResponse("This is too large.", 413)
        if method == "POST" and not same_origin(headers):
            return PlainTextResponse("This does not come from a page of this game.", 403)
        if not static and not self._within_limits(headers, method):
            return PlainTextResponse("Too many at once. Wait a moment.", 429, {"retry-after": "2"})
        return None

    def _within_limits(self, headers: Headers, method: str) -> bool:
        cookies, limits = cookies_of(headers), self.site.limits
        if self.site.is_desk(cookies.get(DESK_COOKIE, "")):
            return limits.allow("desk")  # also the projector, so that nobody can crowd it out
        member = self.site.room.member(cookies.get(SEAT_COOKIE, ""))
        if member is None:  # also for made-up cookies, so that inventing them gains nothing
            return limits.allow("strangers")
        return limits.allow("writes" if method == "POST" else "reads", member.token)


def cookies_of(headers: Headers) -> dict[str, str]:
    """Cookies of a request by name."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def same_origin(headers: Headers) -> bool:
    """Whether a page of this server sent it.

    Browsers say so in Origin, over TLS and on localhost also in Sec-Fetch-Site. Whoever sends
    neither is no browser that we know, and is refused.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is None and site is None:
        return False
    if site is not None and site != "same-origin":
        return False
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""


def limited(receive: Receive) -> Receive:
    """The same, but it breaks off where a request is too long."""
    total = 0

    async def read() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > LARGEST:
            raise TooLarge
        return message

    return read
