"""The addresses of the page. Numbers come as lines of JSON, each better than the one before; closing stops the work."""

import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import anyio.to_thread
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from analysis.explore import answers
from analysis.explore.address import asked_of
from analysis.explore.answers import asking, line, lines, there
from analysis.explore.closer import groups
from analysis.explore.declared import desk
from analysis.explore.drafts import LARGEST
from analysis.explore.house import LEVELS, House, house_of, question, setting_at
from analysis.explore.shop import Ask
from analysis.studies.compare.runs import RECORD
from analysis.web import BASE, TEMPLATES
from analysis.web.door import HEADERS, TooLarge, once, own_host, same_origin, whole
from sim.inputs.errors import InputError
from sim.runs.arm import Arm

HERE: Final = Path(__file__).parent
LOG: Final = logging.getLogger("interlock.explore")
PAGES: Final = Environment(loader=FileSystemLoader([HERE / "templates", TEMPLATES]), autoescape=True)
HOSTS: Final = frozenset({"localhost", "127.0.0.1"})


def problems(error: InputError) -> JSONResponse:
    """A mistake of the input, in words, one line each."""
    return JSONResponse({"problems": str(error).split("\n")}, 422)


async def page(request: Request) -> Response:
    """The page itself; a bare address begins with what the command line asked."""
    start = house_of(request).start
    if start and not request.url.query:
        return Response(status_code=307, headers={"location": f"/?{start}"})
    return HTMLResponse(PAGES.get_template("page.html").render(assets=""))


async def left(request: Request) -> Response:
    """Levers and world."""
    house = house_of(request)
    made = await anyio.to_thread.run_sync(desk, asked_of(question(request), house.scenario), house.drafts)
    return JSONResponse({**made, "groups_of_states": groups(await setting_at(request))})


async def pictures(request: Request) -> Response:
    """What a page draws, at once from few replicates, then from more and more of them."""
    house, setting = house_of(request), await setting_at(request)
    shop, seed = house.shop, setting.asked.seed
    plan = list(dict.fromkeys([(LEVELS[0], setting.core()), *((level, setting.all()) for level in LEVELS)]))

    def arms(kept: tuple[int, ...]) -> list[Arm]:
        return [*(setting.arms[i] for i in kept), setting.without]

    async def work(ask: Ask) -> AsyncIterator[bytes]:
        ready = [at for at, (n, kept) in enumerate(plan) if shop.has(arms(kept), seed, RECORD, n)]
        for rank in range(max(ready, default=0), len(plan)):
            replicates, kept = plan[rank]
            await there(shop, ask, arms(kept), setting, RECORD, replicates, rank)
            made = await house.picture(question(request), setting, kept, replicates)
            yield line({**made, "last": rank == len(plan) - 1, "most": LEVELS[-1]})

    return lines(asking(request, "picture", work))


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
        Route("/closer", answers.look), Route("/why", answers.reasons), Route("/ranges", answers.spread),
        Route("/file", answers.file), Route("/drop", drop, methods=["POST"]),
        Mount("/static/base", StaticFiles(directory=BASE)), Mount("/static", StaticFiles(directory=HERE / "static")),
    ]  # fmt: skip


def make_app(house: House) -> Starlette:
    """The app."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        house.shop.end()
        house.drafts.end()
        if house.judges is not None:
            house.judges.shutdown(cancel_futures=True)

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
