"""What all requests to the page share, and how they reach it."""

import asyncio
from collections import Counter, OrderedDict
from concurrent.futures import Executor

import anyio.to_thread
from starlette.requests import Request

from analysis.explore.address import asked_of
from analysis.explore.drafts import Drafts
from analysis.explore.picture import Numbers, held, picture
from analysis.explore.setting import Setting, setting_of
from analysis.explore.shop import Shop

TAB = 40  # characters of a tab's name
LEVELS = (20, 50, 100, 200, 400)  # replicates of the pictures of one question
MOST = 200  # pictures that are kept
OURS = ("tab=", "move=", "what=", "as=", "n=")  # what an address has beside the question
Key = tuple[str, tuple[int, ...], int]  # question, entries, replicates


class House:
    """The queue, the files, what a bare address begins with, who judges, and the pictures that were made."""

    def __init__(
        self, shop: Shop, drafts: Drafts, scenario: str, start: str = "", judges: Executor | None = None
    ) -> None:
        self.shop, self.drafts, self.scenario, self.start, self.judges = shop, drafts, scenario, start, judges
        self.waiting: Counter[Key] = Counter()
        self.made: OrderedDict[Key, asyncio.Task[Numbers]] = OrderedDict()

    async def picture(self, asked: str, setting: Setting, kept: tuple[int, ...], replicates: int) -> Numbers:
        """A picture whose runs are there; equal questions share it. It is given up when nobody waits for it."""
        key = asked, kept, replicates
        if key not in self.made:
            self.made[key] = asyncio.create_task(self._drawn(setting, kept, replicates))
            while len(self.made) > MOST:
                self.made.popitem(last=False)
        task = self.made[key]
        self.waiting[key] += 1
        try:
            return await asyncio.shield(task)
        finally:
            self.waiting[key] -= 1
            if not self.waiting[key]:
                del self.waiting[key]
                if not task.done():
                    task.cancel()
                if task.cancelled() or not task.done() or task.exception() is not None:
                    self.made.pop(key, None)

    async def _drawn(self, setting: Setting, kept: tuple[int, ...], replicates: int) -> Numbers:
        """First pictures here, at once; finer ones, which take longer, where they do not hold up others' first ones."""
        found = await anyio.to_thread.run_sync(held, setting, self.shop, kept, replicates) if len(kept) > 1 else None
        if self.judges is None or replicates == LEVELS[0]:
            return await anyio.to_thread.run_sync(picture, setting, found, kept, replicates)
        return await asyncio.wrap_future(self.judges.submit(picture, setting, found, kept, replicates))


def house_of(request: Request) -> House:
    """What all requests share."""
    found: House = request.app.state.house
    return found


def question(request: Request) -> str:
    """A request's query without what is no part of the question."""
    return "&".join(part for part in request.url.query.split("&") if not part.startswith(OURS))


async def setting_at(request: Request) -> Setting:
    """What a request's address asks; InputError where it is wrong."""
    house = house_of(request)
    return await anyio.to_thread.run_sync(lambda: setting_of(asked_of(question(request), house.scenario), house.drafts))


def tab_of(request: Request) -> tuple[str, int]:
    """Who asks: a tab of a browser, by the name that it made up, and the how-many-th of its questions this is."""
    move = request.query_params.get("move", "0")
    return request.query_params.get("tab", "")[:TAB], int(move) if move.isdecimal() and len(move) < 10 else 0
