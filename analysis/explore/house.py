"""What all requests to the page share, and how they reach it."""

import anyio.to_thread
from starlette.requests import Request

from analysis.explore.address import asked_of
from analysis.explore.drafts import Drafts
from analysis.explore.setting import Setting, setting_of
from analysis.explore.shop import Shop

TAB = 40  # characters of a tab's name
LEVELS = (20, 50, 100, 200, 400)  # replicates of the pictures of one question
OURS = ("tab=", "move=", "what=", "as=", "n=")  # what an address has beside the question


class House:
    """The queue, the files, and what a bare address begins with."""

    def __init__(self, shop: Shop, drafts: Drafts, scenario: str, start: str = "") -> None:
        self.shop, self.drafts, self.scenario, self.start = shop, drafts, scenario, start


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
