"""A class on the web in tests: a room with people in its seats, clients that behave like browsers, a real server."""

import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from playing import SEATS, small
from starlette.testclient import TestClient
from waiting import PATIENCE, wait_for

from game.core.game_file import Setup
from game.core.live_game import Room, new_room
from game.web.app import make_app
from game.web.limits import Limits, Rate, Rates
from game.web.questions import Ended, Worker
from game.web.serve import bound, server_of
from game.web.site import Site

FOUND = "Nothing to see here."  # what a worker that works on nothing finds
ADDRESS = "http://testserver"
INTERLOPERS = (*SEATS, "stranger", "waiting")
PAGES = ("/", "/lobby", "/play", "/brief", "/map", "/map?show=harm", "/map?show=tilt", "/charts", "/history", "/screen",
         "/review", "/review/lucks", "/review/twin?seat=east", "/review/without?seat=east&turn=0", "/review/slides",
         "/review/slides/1.png", "/review/file/slides.pdf", "/review/file/grades.csv", "/review/report/review.html",
         "/review/picture/lucks.svg", "/health", "/language", "/desk", "/desk/setup", "/desk/preview",
         "/nowhere")  # fmt: skip
DESK_POSTS = ("/desk/steer", "/desk/sit", "/desk/door", "/desk/preview", "/desk/rewind", "/desk/report")
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
WIDE = Rates(*(Rate(1e9, 1e9) for _ in Rates._fields))


@dataclass
class Person:
    """Somebody with a browser of its own. `client`: a TestClient or an httpx.Client."""

    client: Any
    origin: str = ADDRESS

    def get(self, path: str, **options: Any) -> httpx.Response:
        found: httpx.Response = self.client.get(path, follow_redirects=False, **options)
        return found

    def csrf(self, page: str) -> str:
        """The token that forms of a page carry."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        return found.group(1) if found else ""

    def post(self, path: str, page: str = "", headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
        """Send a form as our own script does, with the token of a page and a fresh key."""
        data = {"csrf": self.csrf(page or "/lobby"), "key": secrets.token_hex(8)} | fields
        sent = {"origin": self.origin, "accept": "application/json"} | (headers or {})
        found: httpx.Response = self.client.post(
            path, data={k: v for k, v in data.items() if v is not None}, headers=sent, follow_redirects=False
        )
        return found

    def join(self, code: str, name: str) -> httpx.Response:
        return self.post("/join", "/", code=code, name=name)


@dataclass
class Web:
    """A room on the web."""

    site: Site
    secret: str
    app: Any
    people: dict[str, Person] = field(default_factory=dict)
    base: str = ADDRESS

    @property
    def room(self) -> Room:
        return self.site.room

    def person(self) -> Person:
        """Somebody who has not joined."""
        if self.base != ADDRESS:
            return Person(httpx.Client(base_url=self.base, timeout=PATIENCE), self.base)
        return Person(TestClient(self.app, base_url=ADDRESS))

    def joined(self, name: str, seat: str = "") -> Person:
        """Somebody who has joined, and sits."""
        one = self.person()
        assert one.join(self.room.code, name).status_code == 200
        if seat:
            found = one.post("/seat", seat=seat, pin=self.room.pins[seat])
            assert found.status_code == 200, found.text
        return one

    def desk(self) -> Person:
        """The facilitator."""
        one = self.person()
        assert one.get("/desk", params={"secret": self.secret}).status_code == 303
        return one

    def close(self) -> None:
        for one in self.people.values():
            one.client.close()
        if self.site.review is not None:
            self.site.review.end()
        self.room.journal.close()


def web(path: Path, setup: Setup | None = None, rates: Rates = WIDE, seats: tuple[str, ...] = SEATS) -> Web:
    """A room with somebody in each of these seats, without a server: its clock stands still."""
    room, secret = new_room(path, setup or small())
    site = Site(room, limits=Limits(rates))
    made = Web(site, secret, make_app(site))
    now = time.time()
    room.clock = lambda: now
    for seat in seats:
        made.people[seat] = made.joined(seat.upper(), seat)
    return made


@contextmanager
def served(site: Site, port: int = 0) -> Iterator[str]:
    """The same app behind a real server on this machine; its address."""
    server, own = server_of(site), bound(port, "127.0.0.1")
    thread = threading.Thread(target=server.run, args=([own],))
    thread.start()
    try:
        wait_for(lambda: server.started or not thread.is_alive())
        assert server.started
        yield f"http://127.0.0.1:{own.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def bare(text: str) -> str:
    """A page without what is made anew for each loading: keys of forms, and tokens of sessions."""
    return re.sub(r'(name="(?:key|csrf)" value=")[^"]+', r"\1", text)


def to(made: Web, phase: str) -> None:
    """Go on until a phase of the first turn."""
    if made.room.table.phase == "lobby":
        made.room.steer("open", {})
    while made.room.table.phase != phase:
        made.room.steer("close", {})


def all_pages(person: Person) -> dict[str, tuple[object, ...]]:
    """Everything that somebody can load, and what comes with it."""
    found = {}
    for page in PAGES:
        answer = person.get(page)
        text = bare(answer.text)
        found[page] = (answer.status_code, dict(answer.headers) | {"content-length": len(text)}, text)
    return found


def routes(made: Web, method: str) -> set[str]:
    return {r.path for r in made.app.routes if method in (getattr(r, "methods", None) or ())}


def connected(address: str, count: int, sent: bytes = b"") -> list[socket.socket]:
    """Bare connections that say this much and no more."""
    found = []
    for _ in range(count):
        found.append(socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))))
        found[-1].sendall(sent)
    return found


def answered(person: Person, path: str) -> httpx.Response:
    """A page of the review, once what it shows has been worked out."""
    wait_for(lambda: person.get(path).status_code not in (202, 409))
    return person.get(path)


def gone(one: socket.socket) -> bool:
    """Whether the other side closes a connection without a word; waits until it does or says one."""
    try:
        return one.recv(1000) == b""
    except ConnectionError:
        return True


class Slow(Worker):
    """A worker that works on everything until it is let go, and counts what it was given."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"), 1)
        self.given: list[str] = []
        self.free, self.stopped = threading.Semaphore(0), threading.Event()

    def do(self, job: str, arguments: tuple[Any, ...], tell: Callable[..., bool]) -> Any:
        self.given.append("-".join(map(str, (job, *arguments))))
        self.stopped.clear()
        while not self.free.acquire(timeout=0.01):
            if self.stopped.is_set():
                raise Ended
        return FOUND

    def stop(self) -> None:
        self.stopped.set()


def finished(path: Path) -> Iterator[Web]:
    """A game that is over, with everybody in a seat, and a worker that never ends."""
    made = web(path)
    to(made, "review")
    assert made.people["east"].get("/review").status_code == 202
    wait_for(lambda: made.site.review.played is not None)
    made.site.review.questions.worker = Slow()
    yield made
    made.close()


def everybody(tmp_path: Path) -> Iterator[Web]:
    """Everybody sits; two more are in the room: one who has not joined, and one without a seat."""
    made = web(tmp_path / "class.interlock")
    made.people |= {"stranger": made.person(), "waiting": made.joined("Waiting")}
    yield made
    made.close()
