"""What a page asks for beside its pictures: a closer look, reasons, ranges, files."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import CancelledError
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from analysis.explore.closer import LATER, LOOKS, PATHS, REPLICATES, closer, group_of, ranges, why
from analysis.explore.files import written
from analysis.explore.house import LEVELS, house_of, setting_at, tab_of
from analysis.explore.setting import Setting
from analysis.explore.shop import Ask, Busy, Shop
from analysis.studies.compare.runs import RECORD
from sim.inputs.errors import fail
from sim.runs.arm import Arm

Study = Callable[[Setting, Shop, Ask, int], dict[str, Any]]
LOOKED = 0.25  # seconds between looks whether a page is still there
DRAWN = threading.Lock()  # matplotlib's settings are one for all threads


def line(made: dict[str, Any]) -> bytes:
    """One line."""
    return json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def lines(made: AsyncIterator[bytes]) -> Response:
    """Lines as they come."""
    return StreamingResponse(made, media_type="application/x-ndjson")


async def asking(
    request: Request, kind: str, work: Callable[[Ask], AsyncIterator[bytes]]
) -> AsyncIterator[bytes]:  # fmt: skip
    """Work under an ask of the queue. It ends when the page goes, or asks again."""
    house, tab = house_of(request), tab_of(request)
    try:
        ask = house.shop.open(tab[0], kind, tab[1])
    except Busy:
        yield line({"problems": ["Too many ask at once. Wait a moment, and try again."]})
        return

    async def gone() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(LOOKED)
        house.shop.close(ask)

    watch = asyncio.create_task(gone())
    try:
        async for one in work(ask):
            yield one
    except (asyncio.CancelledError, CancelledError):
        if not ask.closed:  # the page has gone; else another question of the same tab came in
            raise
    finally:
        watch.cancel()
        house.shop.close(ask)


async def there(
    shop: Shop, ask: Ask, arms: Sequence[Arm], setting: Setting, record: Any, replicates: int, rank: int
) -> None:  # fmt: skip
    """Wait until replicates of arms are there."""
    await asyncio.wrap_future(shop.want(ask, arms, setting.asked.seed, record, replicates, rank))


async def look(request: Request) -> Response:
    """One state or group."""
    house, setting = house_of(request), await setting_at(request)
    what = request.query_params.get("what", "")[:80]
    group_of(setting, what)
    pair = [setting.arms[i] for i in setting.core()[:2]]

    async def work(ask: Ask) -> AsyncIterator[bytes]:
        for replicates in LOOKS:
            await there(house.shop, ask, pair, setting, PATHS, replicates, LATER)
            yield line(await anyio.to_thread.run_sync(closer, setting, house.shop, what, replicates))

    return lines(asking(request, "closer", work))


def studied(study: Study) -> Callable[[Request], Any]:
    """One of `compare`'s own studies, of the page's policy against the baseline."""

    async def answer(request: Request) -> Response:
        house, setting = house_of(request), await setting_at(request)
        if not setting.mine:
            raise fail("", "Move a lever first: your policy is the baseline.")

        async def work(ask: Ask) -> AsyncIterator[bytes]:
            arms = [*(setting.arms[i] for i in setting.core()), setting.without]
            await there(house.shop, ask, arms, setting, RECORD, REPLICATES, LATER)
            yield line(await anyio.to_thread.run_sync(study, setting, house.shop, ask, REPLICATES))

        return lines(asking(request, "closer", work))

    return answer


async def file(request: Request) -> Response:
    """A file to save, from as many replicates as the page showed."""
    house, setting = house_of(request), await setting_at(request)
    what, form, shown = (request.query_params.get(name, "")[:80] for name in ("what", "as", "n"))
    replicates = int(shown) if shown in {str(level) for level in LEVELS} else LEVELS[-1]
    if what in ("table", "figures"):
        try:
            ask = house.shop.open(tab_of(request)[0] or "file", "file")
        except Busy:
            raise fail("", "Too many ask at once. Wait a moment, and try again.") from None
        try:
            await there(house.shop, ask, [*setting.arms, setting.without], setting, RECORD, replicates, LATER)
        finally:
            house.shop.close(ask)

    def make() -> tuple[str, bytes]:
        with DRAWN:
            return written(setting, house.shop, what, form, replicates)

    name, content = await anyio.to_thread.run_sync(make)
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


reasons = studied(why)
spread = studied(ranges)
