"""What is refused at the door of every server of ours, and the headers that every answer carries."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

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


def own_host(scope: Scope, headers: Headers, hosts: frozenset[str]) -> bool:
    """Whether a request names this server: else a page of elsewhere could take itself for one of ours."""
    try:
        name = urlsplit(f"//{headers.get('host', '')}").hostname
    except ValueError:
        return False
    return name in hosts or (scope.get("server") is not None and name == scope["server"][0])


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
    try:
        return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower() != ""
    except ValueError:
        return False


async def whole(receive: Receive, most: int) -> bytes | None:
    """The body of a request; None where the sender has gone. TooLarge beyond `most` bytes."""
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > most:
            raise TooLarge
    return body


def once(body: bytes, receive: Receive) -> Receive:
    """Give a body that was read before, then what comes after it."""
    told = False

    async def read() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return read
