"""A class that a program plays, for measuring: a server process on this machine's loopback, and clients of it.

python -m benchmarks.classroom FILE PORT      serve a game file, a new one or one that exists (used by the others)
"""

import asyncio
import contextlib
import json
import os
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx

from game.core.game_file import Game, load_game, setup_of
from game.core.live_game import Room, new_room, open_room, secret_of
from game.seats.kinds import KINDS
from game.web.serve import bound, server_of
from game.web.site import Site
from sim.law.compiled import compile_rules

GAME = "flank"
PATIENCE = 900.0  # seconds after which something is taken never to come


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """The game's server as a process of its own, with the limits that a class meets."""

    path: Path
    port: int = field(default_factory=free_port)
    module: str = "benchmarks.classroom"
    process: subprocess.Popen[str] | None = None
    told: dict[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, or start it again with the same file; returns when it answers."""
        command = [sys.executable, "-m", self.module, str(self.path), str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.told = json.loads(self.process.stdout.readline())
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5.0)
                connection.request("GET", "/health")
                answer = connection.getresponse().read()
                connection.close()
                if answer == b"ok":
                    return
            time.sleep(0.05)
        raise TimeoutError("the server does not answer")

    def kill(self) -> None:
        """kill -9: nothing is closed, nothing is written any more."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._close()

    def stop(self) -> None:
        """End it in peace."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10.0)
            except subprocess.TimeoutExpired:
                self.kill()
        self._close()

    def _close(self) -> None:
        if self.process is not None and self.process.stdout is not None:
            self.process.stdout.close()


@dataclass
class Client:
    """Somebody's browser. `cookie`: its session; None: the facilitator has not come in yet."""

    http: httpx.AsyncClient
    base: str
    cookie: str = ""
    csrf: str = ""
    seat: str = ""
    kind: str = ""

    async def get(self, path: str) -> httpx.Response:
        """Load a page."""
        return await self.http.get(self.base + path, headers={"cookie": self.cookie})

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form as the page's script does."""
        headers = {"cookie": self.cookie, "origin": self.base, "accept": "application/json"}
        data = {"csrf": self.csrf} | fields
        answer = await self.http.post(self.base + path, data=data, headers=headers)
        self.http.cookies.clear()
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer

    async def look_for_csrf(self, path: str) -> None:
        """The token of this session's forms."""
        found = re.search(r'name="csrf" value="([^"]+)"', (await self.get(path)).text)
        assert found, f"{path} has no form"
        self.csrf = found.group(1)

    async def join(self, code: str, name: str) -> None:
        """Come in, as often as the limits ask for."""
        for _ in range(1200):
            answer = await self.post("/join", code=code, name=name)
            if answer.status_code == 200:
                return
            assert answer.status_code == 429, answer.text
            await asyncio.sleep(0.5)
        raise TimeoutError("too many joins")

    async def sit(self, seat: str, kind: str, pin: str) -> None:
        """Take a seat."""
        await self.look_for_csrf("/lobby")
        answer = await self.post("/seat", key=secrets.token_hex(8), seat=seat, pin=pin)
        assert answer.status_code == 200, answer.text
        self.seat, self.kind = seat, kind

    async def come_to_the_desk(self, secret: str) -> None:
        """The facilitator's session."""
        answer = await self.http.get(f"{self.base}/desk", params={"secret": secret})
        self.http.cookies.clear()
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        await self.look_for_csrf("/desk")

    async def steer(self, kind: str, **fields: Any) -> httpx.Response:
        """The facilitator acts."""
        return await self.post("/desk/steer", key=secrets.token_hex(8), kind=kind, **fields)

    async def stream(self, wanted: str = "seat") -> AsyncIterator[tuple[float, dict[str, Any]]]:
        """What one's stream tells, with the time at which it came."""
        async with self.http.stream(
            "GET", f"{self.base}/events?for={wanted}", headers={"cookie": self.cookie}, timeout=None
        ) as answer:
            assert answer.status_code == 200, answer.status_code
            async for line in answer.aiter_lines():
                if line.startswith("data: "):
                    yield time.perf_counter(), json.loads(line[6:])


def some_orders(kind: str, luck: random.Random) -> dict[str, float]:
    """Orders that the purse pays for: every line as usual, or less."""
    return {
        line.name: round(line.default - luck.random() * (line.default - line.low), 3) for line in KINDS[kind].form.lines
    }  # fmt: skip


def clients() -> httpx.AsyncClient:
    """Connections for as many as there are, to this machine only."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.AsyncClient(limits=limits, timeout=PATIENCE, follow_redirects=False, trust_env=False)


async def until(condition: Callable[[], bool], what: str) -> None:
    """Wait for something, not for ever."""
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(what)
        await asyncio.sleep(0.02)


def share(values: list[float], part: float) -> float:
    """A quantile in milliseconds."""
    return 1000.0 * sorted(values)[min(len(values) - 1, int(part * len(values)))]


def figures(name: str, values: list[float]) -> str:
    """Median, p95 and worst of some times."""
    return (
        f"{name:<34} p50 {share(values, 0.5):7.1f} ms   p95 {share(values, 0.95):7.1f} ms   "
        f"worst {1000.0 * max(values):7.1f} ms   of {len(values)}"
    )


def seats_of(game: Game) -> list[tuple[str, str]]:
    """Ids and kinds of all seats."""
    return [(seat.id, seat.kind) for seat in game.seats]


def main() -> None:
    """Serve."""
    path, port = Path(sys.argv[1]), int(sys.argv[2])
    compile_rules()
    serve(*room_of(path, load_game(GAME)), port)


def room_of(path: Path, game: Game) -> tuple[Room, str]:
    """The room of a game file, of a new one where there is none, and the facilitator's secret."""
    if not path.exists():
        return new_room(path, setup_of(game))
    room = open_room(path)
    return room, secret_of(room)


def serve(room: Room, secret: str, port: int) -> None:
    """Say how to come in, and serve."""
    print(json.dumps({"code": room.code, "pins": room.pins, "secret": secret}), flush=True)
    server_of(Site(room)).run([bound(port, "127.0.0.1")])


if __name__ == "__main__":
    main()
