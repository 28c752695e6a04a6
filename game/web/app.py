"""The app of one game: routes, and the task that keeps the clock."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import anyio
import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from analysis.web import BASE
from game.core.act import Refused
from game.web import review
from game.web.desk import acts as desk_acts
from game.web.desk import pages as desk
from game.web.guard import LOG, Guard
from game.web.member import actions, pages
from game.web.member.front import Fronts
from game.web.posts import for_desk, for_member, refused
from game.web.site import HERE, Site

LOOKED_AT: float = 0.25  # seconds between looks at the clock


def routes() -> list[BaseRoute]:
    """Every address."""
    get, post = ["GET"], ["POST"]
    return [
        *review.routes(), *pages.routes(),
        Route("/join", actions.join, methods=post), Route("/seat", for_member(actions.seat, "/lobby"), methods=post),
        Route("/orders", for_member(actions.orders), methods=post),
        Route("/draft", for_member(actions.draft), methods=post),
        Route("/stance", for_member(actions.stance), methods=post),
        Route("/win", for_member(actions.win), methods=post),
        Route("/bargain", for_member(actions.bargain), methods=post),
        Route("/message", for_member(actions.message), methods=post),
        Route("/answer", for_member(actions.answer), methods=post),
        Route("/leave", for_member(actions.leave), methods=post),
        Route("/next", for_member(actions.next_phase), methods=post),
        Route("/desk", desk.desk, methods=get), Route("/desk/setup", desk.setup, methods=get),
        Route("/desk/steer", for_desk(desk_acts.steer), methods=post),
        Route("/desk/sit", for_desk(desk_acts.sit), methods=post),
        Route("/desk/preview", for_desk(desk_acts.preview), methods=post),
        Route("/desk/preview", desk.aside, methods=get),
        Route("/desk/door", for_desk(desk_acts.door), methods=post),
        Route("/desk/rewind", for_desk(desk_acts.rewind), methods=post),
        Mount("/static/base", StaticFiles(directory=BASE), name="base"),
        Mount("/static", StaticFiles(directory=HERE / "static"), name="static"),
    ]  # fmt: skip


async def keep_time(site: Site) -> None:
    """Look at the clock four times a second, for as long as the server runs."""

    def look() -> None:
        site.room.tick()
        if site.pace is not None:
            site.pace.step(site.room)

    own = anyio.CapacityLimiter(1)  # a thread of its own: pages that wait for one do not hold up the clock
    told = ""
    while True:
        try:
            await anyio.to_thread.run_sync(look, limiter=own)
        except Exception as error:  # the clock must go on, whatever happened to one act; each error is told once
            if repr(error) != told and isinstance(error, Refused):
                print(error, flush=True)
            elif repr(error) != told:
                LOG.exception("The clock met an error, and goes on.")
            told = repr(error)
        await asyncio.sleep(LOOKED_AT)


def make_app(site: Site) -> Starlette:
    """The app. Routes that wait for the disk, and pages, run in threads; streams on the loop."""

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        site.hub.loop = asyncio.get_running_loop()
        site.front = Fronts(site.room)
        site.room.listeners += [site.hub.wake, site.front.look]
        site.front.look()
        clock = asyncio.create_task(keep_time(site))
        yield
        clock.cancel()
        for listener in (site.hub.wake, site.front.look):
            site.room.listeners.remove(listener)
        await anyio.to_thread.run_sync(site.front.end)
        if site.review is not None:
            await anyio.to_thread.run_sync(site.review.end)

    async def told(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        words = "There is no such page." if error.status_code == 404 else error.detail
        return refused(request, words, error.status_code, "/")

    app = Starlette(routes=routes(), lifespan=lifespan, exception_handlers={HTTPException: told})
    app.state.site = site
    app.add_middleware(Guard, site=site)
    return app
