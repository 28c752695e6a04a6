"""The addresses of the page. Numbers come as lines of JSON, each better than the one before; closing stops the work."""

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import anyio.to_thread
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analysis.explore.address import asked_of
from analysis.explore.declared import desk
from analysis.explore.drafts import LARGEST, Drafts
from analysis.explore.picture import picture
from analysis.explore.setting import Setting, setting_of
from analysis.explore.shop import Busy, Shop
from analysis.studies.compare.runs import RECORD
from analysis.web import BASE
from analysis.web.door import HEADERS, TooLarge, once, own_host, same_origin, whole
from sim.inputs.errors import InputError

HERE: Final = Path(__file__).parent
LOG: Final = logging.getLogger("interlock.explore")
LEVELS: Final = (20, 50, 100, 200, 400)  # replicates
HOSTS: Final = frozenset({"localhost", "127.0.0.1"})
TAB: Final = 40  # characters of a tab's name


class House:
    """What all requests share."""

    def __init__(self, shop: Shop, drafts: Drafts, scenario: str, start: str = "") -> None:
        self.shop, self.drafts, self.scenario, self.start = shop, drafts, scenario, start

    def setting(self, request: Request) -> Setting:
        """What a request's address asks."""
        return setting_of(asked_of(without_tab(request.url.query), self.scenario), self.drafts)


def house_of(request: Request) -> House:
    """What all requests share."""
    found: House = request.app.state.house
    return found


def without_tab(query: str) -> str:
    """An address without what only the server reads."""
    return "&".join(part for part in query.split("&") if not part.startswith(("tab=", "what=", "as=")))


def problems(error: InputError) -> JSONResponse:
    """A mistake of the input, in words, one line each."""
    return JSONResponse({"problems": str(error).split("\n")}, 422)


async def page(request: Request) -> Response:
    """The page itself; a bare address begins with what the command line asked."""
    start = house_of(request).start
    if start and not request.url.query:
        return Response(status_code=307, headers={"location": f"/?{start}"})
    return FileResponse(HERE / "templates" / "page.html")


async def left(request: Request) -> Response:
    """Levers and world."""
    house = house_of(request)
    asked = asked_of(without_tab(request.url.query), house.scenario)
    return JSONResponse(await anyio.to_thread.run_sync(desk, asked, house.drafts))


async def pictures(request: Request) -> Response:
    """What a page draws, at once from few replicates, then from more and more of them."""
    house = house_of(request)
    setting = await anyio.to_thread.run_sync(house.setting, request)
    return StreamingResponse(steps(house, setting, tab_of(request)), media_type="application/x-ndjson")


def tab_of(request: Request) -> str:
    """Who asks: a tab of a browser, by the name that it made up."""
    return request.query_params.get("tab", "")[:TAB]


async def steps(house: House, setting: Setting, tab: str) -> AsyncIterator[bytes]:
    """One line of JSON for each look."""
    shop, seed = house.shop, setting.asked.seed
    try:
        ask = shop.open(tab, "picture")
    except Busy:
        yield line({"problems": ["Too many ask at once. This page tries again when you move a lever."]})
        return
    plan = [(LEVELS[0], setting.core()), *((level, setting.all()) for level in LEVELS)]
    plan = list(dict.fromkeys(plan))

    def arms(kept: tuple[int, ...]) -> list[Any]:
        return [*(setting.arms[i] for i in kept), setting.without]

    ready = [at for at, (n, kept) in enumerate(plan) if shop.has(arms(kept), seed, RECORD, n)]
    try:
        for rank, (replicates, kept) in list(enumerate(plan))[max(ready, default=0) :]:
            await asyncio.wrap_future(shop.want(ask, arms(kept), seed, RECORD, replicates, rank))
            made = await anyio.to_thread.run_sync(picture, setting, shop, kept, replicates)
            yield line({**made, "last": rank == len(plan) - 1, "most": LEVELS[-1]})
    except asyncio.CancelledError:
        if not ask.closed:  # the page has gone; else another question of the same tab came in
            raise
    finally:
        shop.close(ask)


def line(made: dict[str, Any]) -> bytes:
    """One line."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


async def drop(request: Request) -> Response:
    """A file dropped onto the page."""
    try:
        given = json.loads(await request.body())
        name, text = given["name"], given["text"]
        if not isinstance(name, str) or not isinstance(text, str):
            raise TypeError
    except (ValueError, KeyError, TypeError, RecursionError):
        return JSONResponse({"problems": ["A name and a text are needed."]}, 400)
    kind, base = await anyio.to_thread.run_sync(house_of(request).drafts.drop, name, text)
    return JSONResponse({"kind": kind, "base": base})


def routes() -> list[Route | Mount]:
    """Every address."""
    return [
        Route("/", page), Route("/desk", left), Route("/pictures", pictures),
        Route("/drop", drop, methods=["POST"]),
        Mount("/static/base", StaticFiles(directory=BASE)), Mount("/static", StaticFiles(directory=HERE / "static")),
    ]  # fmt: skip


def make_app(house: House) -> Starlette:
    """The app."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        house.shop.end()
        house.drafts.end()

    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, InputError)
        return problems(error)

    app = Starlette(routes=routes(), lifespan=lifespan, exception_handlers={InputError: told})
    app.state.house = house
    app.add_middleware(Guard)
    return app


class Guard:
    """What every request passes: host, origin, size; and the headers of every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["cache-control"] = "no-cache" if scope["path"].startswith("/static/") else "no-store"
            await send(message)

        refusal = refused(scope, Headers(scope=scope))
        try:
            if refusal is None and scope["method"] == "POST":
                body = await whole(receive, 2 * LARGEST)
                receive = once(body or b"", receive)
            await (refusal or self.app)(scope, receive, answer)
        except TooLarge:
            await JSONResponse({"problems": ["This is too large."]}, 413)(scope, receive, answer)
        except Exception:
            LOG.exception("%s %s", scope["method"], scope["path"])
            raise


def refused(scope: Scope, headers: Headers) -> Callable[..., Any] | None:
    """Why a request is not let in."""
    if not own_host(scope, headers, HOSTS):
        return PlainTextResponse("This is not an address of this page.", 421)
    if scope["method"] not in ("GET", "HEAD", "POST"):
        return PlainTextResponse("This is not possible here.", 405)
    foreign = headers.get("sec-fetch-site") in ("cross-site", "same-site") and scope["path"] != "/"
    if foreign or (scope["method"] == "POST" and not same_origin(headers)):
        return PlainTextResponse("This does not come from this page.", 403)
    return None
