"""One game on the web: its room, templates, sessions, and the streams that tell pages to look again."""

import hashlib
import hmac
import secrets
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, Response

from analysis.said import Said, joined, speaking
from analysis.web import BASE, TEMPLATES
from game.core.council.forecast import Case, Outcomes, Prospect, case_of, outcomes_of, prospects
from game.core.keeping.keys import digest, fresh_key
from game.core.live_game import Room
from game.core.phases import Table
from game.core.room.people import Member
from game.core.seen import SeatView
from game.web.desk.previews import Asked
from game.web.language import LANGUAGES, NOTES, language_of, say_in
from game.web.limits import Limits
from game.web.member.charts import map_of_turn, tile_map
from game.web.member.headlines import FORMS, Headline
from game.web.member.knowledge import view_of
from game.web.pace import Pace
from game.web.stream import Hub
from game.web.words import FILTERS, NAMED, SAID

HERE: Final = Path(__file__).parent
SEAT_COOKIE, DESK_COOKIE = "interlock", "interlock_desk"
KEPT: Final = 14 * 86_400  # seconds that a session outlives the browser: a game may go on next week


class Asker(NamedTuple):
    """Who sent a request: `desk`, `member` or `stranger`; a member by the hash of its token, a stranger by address."""

    kind: str
    name: str


@dataclass
class Site:
    """What all handlers share."""

    room: Room
    address: str = ""  # under which others reach this machine, such as http://192.168.1.5:8000
    proxy: str = ""  # the one address that may say for whom it asks, over https or not: a reverse proxy's
    open_seats: bool = False  # whether a seat is free to take without a PIN: for one person, and for demos
    pace: Pace | None = None  # ends the phases that have no clock of their own
    limits: Limits = field(default_factory=Limits)
    hub: Hub = field(default_factory=Hub)
    cached: dict[str, tuple[int, Any]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    front: Any = None  # `member.front.Fronts`, once the game is served
    preview: Asked = field(default_factory=Asked)
    expected: dict[object, Outcomes] = field(default_factory=dict)  # of the Council that sits
    review: Any = None  # of the game as it stands, once it is over
    answered: Counter[str] = field(default_factory=Counter)  # by who asked: what of the review has come since

    @property
    def table(self) -> Table:
        """The table as it is now: for code that decides what a page may show, never for a page."""
        return self.room.table

    @cached_property
    def key(self) -> bytes:
        """Signs sessions; kept in the game file, so that open pages outlive a restart."""
        return bytes.fromhex(self.room.journal.meta("web_key", fresh_key()))

    def sign(self, text: str) -> str:
        """A signature."""
        return hmac.new(self.key, text.encode(), hashlib.sha256).hexdigest()

    def csrf(self, session: str) -> str:
        """The token that forms of a session carry."""
        return self.sign(f"csrf:{session}")

    def desk_session(self) -> str:
        """A fresh session of the facilitator; worth nothing after the secret has changed."""
        made = secrets.token_urlsafe(18)
        return f"{made}.{self.sign(f'desk:{made}:' + self.room.journal.meta('facilitator'))}"

    def is_desk(self, session: str) -> bool:
        """Whether a cookie is a session of the facilitator."""
        made, _, signature = session.partition(".")
        if not signature:
            return False
        right = self.sign(f"desk:{made}:" + self.room.journal.meta("facilitator"))
        return hmac.compare_digest(signature.encode(), right.encode())

    def member(self, request: HTTPConnection) -> Member | None:
        """Who asks, by the cookie. Nothing else reads cookies than `cookies` of a request: one reading for all."""
        return self.room.member(request.cookies.get(SEAT_COOKIE, ""))

    def asker(self, request: HTTPConnection) -> Asker:
        """Who asks, for limits. Made-up cookies make nobody a member."""
        if self.is_desk(request.cookies.get(DESK_COOKIE, "")):
            return Asker("desk", "")  # also the projector, so that nobody can crowd it out
        member = self.member(request)
        return Asker("stranger", address_of(request)) if member is None else Asker("member", member.token)

    @property
    def hosts(self) -> frozenset[str]:
        """Names under which others reach this machine, beside the address at which a request came in."""
        own = socket.gethostname().lower()
        given = urlsplit(self.address).hostname or ""
        return frozenset({"localhost", "127.0.0.1", own, f"{own.split('.')[0]}.local", given} - {""})

    def known(self, name: str, make: Any) -> Any:
        """Something that a seat sees, `what:seat`, made once for each state of it.

        It is made anew only when this seat sees something new: else the time of an answer would tell of others' acts.
        """
        with self.room.lock:
            version = self.room.version_for(name.split(":")[1])
            found = self.cached.get(name)
            if found is None or found[0] != version:
                found = (version, make())
                self.cached[name] = found
            return found[1]

    def look_again(self, people: Iterable[str]) -> None:
        """Tell pages of these people that what they wait for in the review is there."""
        self.answered.update(set(people))
        self.hub.wake()

    def view(self, seat: str) -> SeatView:
        """What a seat sees."""
        found: SeatView = self.known(f"view:{seat}", lambda: view_of(self.table, seat))
        return found

    def prospects(self, seat: str) -> dict[str, tuple[Prospect, ...]]:
        """What each item before the Council would change for a seat's aims; worked out once a Council, for all."""
        with self.room.lock:
            if self.table.phase != "council" or not self.table.agenda or self.table.course.only_read:
                return {}
            case: Case = case_of(self.table)
        with self.lock:
            if case.key not in self.expected:
                self.expected = {case.key: outcomes_of(case)}
            found = self.expected[case.key]
        return {item: prospects(case, found, item, case.setup.game.seat(seat)) for item in case.items}

    def left(self) -> float | None:
        """Seconds that are left in the phase; None where nothing ends it but the facilitator."""
        table = self.table
        if table.paused:
            return table.left
        deadline = table.deadline if table.deadline is not None or self.pace is None else self.pace.deadline(table)
        return None if deadline is None else max(0.0, deadline - self.room.clock())

    def time(self) -> dict[str, Any]:
        """What the clocks of all pages are set by."""
        left = self.left()
        return {"left": None if left is None else round(left, 2), "paused": self.table.paused}

    @cached_property
    def environments(self) -> dict[str, Environment]:
        """Templates by language. Everything that is put into a page is escaped, in HTML and in SVG."""
        return {name: environment(name) for name in LANGUAGES}

    @cached_property
    def assets(self) -> str:
        """Changes with the static files, so that phones keep them and yet never use old ones."""
        sums = (
            hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(p for d in (BASE, HERE / "static") for p in d.rglob("*.*"))
        )
        return digest("".join(sums))[:10]

    def page(self, request: Request, template: str, status: int = 200, **values: Any) -> Response:
        """A page out of a template."""
        language = language_of(request)
        text = self.environments[language].get_template(template).render(
            request_path=request.url.path, request_query=request.url.query, language=language, languages=LANGUAGES,
            notes=NOTES, assets=self.assets, game_title=self.table.game.title, now=time.time(), **values,
        )  # fmt: skip
        return HTMLResponse(text, status)


def environment(language: str) -> Environment:
    """Templates in one language."""
    say = say_in(language)
    made = Environment(
        loader=FileSystemLoader([HERE / "templates", TEMPLATES]), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip

    # Text that is no literal of a template stays plain, so that it is escaped like everything else.
    def local(number: Callable[..., str]) -> Callable[..., str]:
        return lambda value: say(Said(number(value)))

    def headline(one: Headline) -> str:
        return say(Said(FORMS[one.kind], what=Said(one.what), where=joined(one.names, ", "), n=one.n))

    made.filters |= FILTERS | {name: local(number) for name, number in SAID.items()}
    made.filters |= {
        "headline": headline, "tile_map": lambda tiles: tile_map(tiles, say),
        "turn_map": lambda turned: map_of_turn(turned, say),
        "named": lambda name, group: say(NAMED.get(f"{group}:{name}", name.replace("_", " "))),
    }  # fmt: skip
    return speaking(made, say)


def address_of(request: HTTPConnection) -> str:
    """The address of a device."""
    return request.client.host if request.client is not None else ""


def keep(answer: Response, request: Request, name: str, value: str, seconds: int = KEPT) -> None:
    """A cookie that no script reads and no other site sends; where the page came over https, only over https."""
    secure = request.url.scheme == "https"
    answer.set_cookie(name, value, seconds, path="/", httponly=True, samesite="strict", secure=secure)


def site_of(request: Request) -> Site:
    """The site that a request is for."""
    found: Site = request.app.state.site
    return found
