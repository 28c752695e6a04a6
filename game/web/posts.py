"""What every form passes before its handler: session, CSRF token, key, and refusals in words."""

import hmac
import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from analysis.said import Said
from game.core.act import Refused
from game.core.room.people import UNSEEN, Member
from game.web.language import language_of, say_in
from game.web.site import DESK_COOKIE, SEAT_COOKIE, Site, site_of
from sim.inputs.values import unseen

MOST: Final = 10**6  # of any whole number that somebody may mean
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass
class Post:
    """A form that has passed."""

    request: Request
    site: Site
    fields: dict[str, str]
    lists: dict[str, list[str]]
    member: Member | None = None
    token: str = ""

    def text(self, name: str, longest: int = 200) -> str:
        """A field; empty where it is missing."""
        return self.fields.get(name, "")[:longest].strip()

    def number(self, name: str, default: float | None = None) -> float:
        """A field as a number."""
        text = self.text(name, 40).replace(",", ".")
        if not text and default is not None:
            return default
        return number_of(text, name)

    def whole(self, name: str, default: int | None = None) -> int:
        """A field as a whole number."""
        found = self.number(name, None if default is None else float(default))
        if found != int(found) or abs(found) > MOST:
            number = Said(f"{found:g}")
            raise Refused(
                Said("%(name)s: %(number)s is no whole number that can be meant.", name=name[:40], number=number)
            )
        return int(found)

    def key(self) -> str:
        """The idempotency key that the page made up."""
        key = self.text("key", 100)
        if not 1 <= len(key) <= 64:
            raise Refused("This form carries no key; load the page again.")
        return key


@dataclass(frozen=True)
class Done:
    """What a handler did. `go`: the page to show then."""

    go: str
    words: str = "saved"
    data: dict[str, Any] | None = None


def whole(text: str) -> int | None:
    """A whole number out of an address; None where it is none, or longer than any that is meant."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) else None


def number_of(text: str, name: str) -> float:
    """A number as somebody typed it."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Refused(Said("%(name)s: %(text)s is no number.", name=name[:40], text=repr(text[:40])))
    return value


async def read_form(request: Request) -> dict[str, list[str]]:
    """Fields of a form; only the plain encoding is taken."""
    body = await request.body()
    found: dict[str, list[str]] = {}
    for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=200):
        found.setdefault(name, []).append(value)
    return found


def wants_json(request: Request) -> bool:
    """Whether our own script asks."""
    return "application/json" in request.headers.get("accept", "")


def refused(request: Request, words: str, status: int, back: str) -> Response:
    """Say no, to the script or as a page."""
    told = say_in(language_of(request))(words)
    if wants_json(request):
        return JSONResponse({"refused": told}, status)
    return site_of(request).page(request, "message.html", status, words=told, back=back)


def done(request: Request, what: Done) -> Response:
    """Say yes: by now it is on disk."""
    if wants_json(request):
        return JSONResponse({"saved": True, "go": what.go, "words": what.words, **(what.data or {})})
    return RedirectResponse(what.go, 303)


async def _formed(request: Request, cookie: str) -> Post | str:
    """The form with its session checked; or why not."""
    site, session = site_of(request), request.cookies.get(cookie, "")
    try:
        lists = await read_form(request)
    except ValueError:
        return "This form has too many fields."
    fields = {name: values[-1] for name, values in lists.items()}
    given = fields.get("csrf", "") or request.headers.get("x-csrf", "")
    if not session or not hmac.compare_digest(given.encode(), site.csrf(session).encode()):
        return "This form does not belong to your session. Load the page again."
    fields.pop("csrf", None)
    lists.pop("csrf", None)
    return Post(request, site, fields, lists)


def for_member(handler: Callable[[Post], Done], back: str = "/play") -> Endpoint:
    """A form of somebody who has joined. The actor is whoever holds the token."""

    async def endpoint(request: Request) -> Response:
        post = await _formed(request, SEAT_COOKIE)
        if isinstance(post, str):
            return refused(request, post, 403, "/")
        post.token = request.cookies.get(SEAT_COOKIE, "")
        post.member = post.site.room.member(post.token)
        if post.member is None:
            return refused(request, "You are not in this room any more. Join again.", 403, "/")
        return await _carried_out(request, handler, post, back)

    return endpoint


def for_desk(handler: Callable[[Post], Done], back: str = "/desk") -> Endpoint:
    """A form of the facilitator."""

    async def endpoint(request: Request) -> Response:
        if not site_of(request).is_desk(request.cookies.get(DESK_COOKIE, "")):
            return refused(request, "Only the facilitator may do this.", 403, "/")
        post = await _formed(request, DESK_COOKIE)
        if isinstance(post, str):
            return refused(request, post, 403, back)
        return await _carried_out(request, handler, post, back)

    return endpoint


async def _carried_out(request: Request, handler: Callable[[Post], Done], post: Post, back: str) -> Response:
    """Run a handler, which waits for the disk, in a thread, so that streams stay quick."""
    try:
        if any(unseen(text) for name, values in post.lists.items() for text in (name, *values)):
            raise Refused(UNSEEN)
        return done(request, await anyio.to_thread.run_sync(handler, post))
    except Refused as error:
        return refused(request, error.args[0], error.status, back)
