"""What hostile people do to a class, each act counted; `benchmarks.hostile` runs this beside an honest class.

    python -m benchmarks.attacks < ABOUT.json

ABOUT says where the class is, which attacks to run, how often, and which words no attacker may ever read. Everything
ends by itself. Loopback only.
"""

import asyncio
import contextlib
import json
import random
import secrets
import sys
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from benchmarks.classroom import Client, clients
from game.web.doors import raised_file_limit

TEXTS: Final = (
    "\x1b[2J",
    "a\0b",
    "\u202egnorw",
    "\u200bAda",
    "<script>alert(1)</script>",
    "=1+1",
    "'; DROP TABLE acts;--",
)
PATHS: Final = (
    "/", "/lobby", "/play", "/brief", "/map?show=harm", "/charts", "/history", "/screen", "/review", "/review/lucks",
    "/review/twin?seat=east", "/review/without?seat=east&turn=0", "/review/picture/lucks.svg", "/desk", "/desk/setup",
    "/review/report/review.html", "/static/../site.py", "/static/%2e%2e/site.py", "/nowhere", "/desk?secret=guess",
)  # fmt: skip
FORMS: Final = (
    "/orders", "/draft", "/stance", "/bargain", "/answer", "/seat", "/leave", "/next", "/desk/steer", "/desk/sit",
    "/desk/door", "/desk/preview", "/desk/rewind", "/desk/report", "/review/cancel",
)  # fmt: skip
HOST: Final = b" HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HEADS: Final = (
    b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"GET /" + b"a" * 70_000 + HOST + b"\r\n",
    b"POST /orders" + HOST + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01" * 40,
    b"POST /join" + HOST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n", b"OPTIONS *" + HOST + b"\r\n", b"\r\n" * 500,
    b"GET /review/without?seat=east&turn=" + b"9" * 5000 + HOST + b"\r\n",
    b"GET /" + HOST + b"x: y\r\n" * 3000 + b"\r\n",
    b'GET /' + HOST + b'Cookie: interlock="a\\"; interlock_desk=b.c; ;=;\r\n\r\n',
)  # fmt: skip
LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass
class Field:
    """Where the attackers are, and what they found."""

    port: int
    code: str
    seats: list[str]
    forbidden: list[str]  # words that no attacker may read
    times: int
    luck: random.Random
    http: httpx.AsyncClient
    tried: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # answers of 500 and above

    @property
    def base(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self.port}"

    def read(self, what: str, status: int, text: str) -> None:
        """Look at an answer."""
        self.tried[what] += 1
        self.answers[f"{what} {status}"] += 1
        self.leaks += [f"{what}: {word}" for word in self.forbidden if word in text]
        if status >= 500:
            self.broken.append(f"{what} {status}")

    async def get(self, what: str, one: Client, path: str, **headers: str) -> str:
        """Load a page as somebody."""
        with contextlib.suppress(httpx.HTTPError):
            answer = await self.http.get(self.base + path, headers={"cookie": one.cookie} | headers)
            self.http.cookies.clear()
            self.read(what, answer.status_code, answer.text)
            return answer.text
        self.tried[what] += 1
        return ""

    async def post(self, what: str, one: Client, path: str, **fields: Any) -> int:
        """Send a form as somebody."""
        with contextlib.suppress(httpx.HTTPError):
            answer = await one.post(path, **fields)
            self.read(what, answer.status_code, answer.text)
            return answer.status_code
        self.tried[what] += 1
        return 0

    async def insider(self, name: str) -> Client:
        """The same, as often as it takes: other attackers of this address are in the way."""
        while True:
            if (one := await self.joined("join", name)) is not None and one.csrf:
                return one
            await asyncio.sleep(0.1)

    async def joined(self, what: str, name: str) -> Client | None:
        """An attacker inside the room, as any student can be."""
        one = Client(self.http, self.base)
        if await self.post(what, one, "/join", code=self.code, name=name) != 200:
            return None
        with contextlib.suppress(AssertionError, httpx.HTTPError):
            await one.look_for_csrf("/lobby")
        return one


async def raw(of: Field, what: str, sent: bytes, stays: float = 0.0) -> None:
    """A bare connection that sends something, and stays for a while."""
    of.tried[what] += 1
    with contextlib.suppress(OSError, asyncio.TimeoutError):
        reader, writer = await asyncio.open_connection("127.0.0.1", of.port)
        try:
            writer.write(sent)
            await writer.drain()
            async with asyncio.timeout(stays or 1.0):
                found = await reader.read(100_000)
            if found:
                of.read(what, int(found[9:12] or b"0") if found.startswith(b"HTTP") else 0, found.decode("latin-1"))
        finally:
            writer.close()


async def many(count: int, at_once: int, one: Callable[[int], Awaitable[Any]]) -> None:
    """So many acts, so many of them at the same time."""
    turns = asyncio.Semaphore(at_once)

    async def act(number: int) -> None:
        async with turns:
            await one(number)

    await asyncio.gather(*(act(number) for number in range(count)))


async def idle_sockets(of: Field) -> None:
    """Entry 7: sockets that say nothing."""
    await many(of.times, 1200, lambda n: raw(of, "idle socket", b"", 6.0))


async def half_heads(of: Field) -> None:
    """Entry 7: heads and bodies that never end."""
    body = b"POST /join" + HOST + b"Origin: http://127.0.0.1\r\nContent-Length: 60\r\n\r\ncode"
    halves = (b"GET / HTTP/1.1\r\nHost: 127", body)
    await many(of.times, 600, lambda n: raw(of, "half-sent request", halves[n % 2], 6.0))


async def broken_requests(of: Field) -> None:
    """Entries 7 to 10: bytes that are nearly HTTP, whole or with bytes changed."""

    async def one(number: int) -> None:
        sent = bytearray(HEADS[number % len(HEADS)])
        for _ in range(0 if number < len(HEADS) else of.luck.randrange(4)):
            sent[of.luck.randrange(min(len(sent), 200))] = of.luck.randrange(256)
        await raw(of, "broken request", bytes(sent))

    await many(of.times, 20, one)


async def wrong_codes(of: Field) -> None:
    """Entry 8: guesses of the room's code without end."""

    async def one(number: int) -> None:
        await of.post("wrong code", Client(of.http, of.base), "/join", code=secrets.token_hex(2), name="Guess")

    await many(of.times, 40, one)


async def flood_of_joins(of: Field) -> None:
    """Entry 8: one device that joins again and again with the right code and takes nobody's place by it."""
    await many(of.times, 20, lambda n: of.joined("join", f"Flood {n}"))


async def strangers_pages(of: Field) -> None:
    """Entries 7 and 9: pages and streams of people who are not in the room, with odd cookies."""
    cookies = ("", "interlock=x", 'interlock="y"; interlock=z', "interlock_desk=a.b", "interlock=;interlock_desk=;;=")

    async def one(number: int) -> None:
        who = Client(of.http, of.base, cookies[number % len(cookies)])
        if number % 3 == 0:
            await raw(of, "stranger's stream", b"GET /events?for=screen HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 3.0)
        else:
            await of.get("stranger's page", who, of.luck.choice(PATHS))

    await many(of.times, 300, one)


async def pins(of: Field) -> None:
    """Entry 10: PINs are guessed, and the guesser joins anew to get more guesses."""

    async def one(number: int) -> None:
        guesser = await of.joined("join", f"Pins {number}")
        for _ in range(6 if guesser is not None else 0):
            fields = {"csrf": guesser.csrf, "key": secrets.token_hex(8), "seat": of.luck.choice(of.seats)}
            guess = "".join(of.luck.choices(LETTERS, k=8))
            if await of.post("PIN", guesser, "/seat", pin=guess, **fields) == 200:
                of.leaks.append(f"PIN of {fields['seat']} guessed")

    await many(of.times // 7, 10, one)


async def forgeries(of: Field) -> None:
    """Entries 5, 9 and 10: forms in others' names, without their tokens, with odd cookies, signs and numbers."""
    one = await of.insider("Forger")
    odd = ("", "; interlock=x", "; interlock_desk=a.b", '; interlock="', "; interlock")

    async def act(number: int) -> None:
        who = Client(of.http, of.base, one.cookie + odd[number % len(odd)], one.csrf if number % 4 else "made up")
        choice = of.luck.choice
        fields: dict[str, Any] = {
            "key": choice(("", "same", secrets.token_hex(8))), "seat": choice(of.seats), "actor": "east", "member": "x",
            "kind": choice(("open", "close", "inject", "orders_for")), "reason": choice(TEXTS), "fund": choice(TEXTS),
            "turn": choice(("1", "9" * 5000, "-1", "nan", "٣")), "number": "1e308", "words": choice(TEXTS),
            "item": "mandate", "stance": "object", "door": "clear",
        }  # fmt: skip
        path = of.luck.choice(FORMS)
        if await of.post("forged form", who, path, **fields) == 200 and path not in ("/leave", "/review/cancel"):
            of.broken.append(f"a forged form was taken: {path}")

    await many(of.times // 2, 20, act)
    await many(of.times // 2, 20, lambda n: of.get("page of others", one, of.luck.choice(PATHS)))


async def names(of: Field) -> None:
    """Entry 10: pseudonyms that turn the text around them, are empty, too long, or somebody else's."""

    async def one(number: int) -> None:
        name = of.luck.choice((*TEXTS, "", " ", "x" * 60_000, "STUDENT 0", "student 0", "\u3164"))
        await of.post("odd name", Client(of.http, of.base), "/join", code=of.code, name=name)

    await many(of.times // 4, 10, one)


async def questions(of: Field) -> None:
    """Entry 6: four members who ask without end: one question after another, and cancel every third."""
    askers = [await of.insider(f"Asker {n}") for n in range(4)]

    async def ask(one: Client) -> None:
        for number in range(of.times // 8):
            seat = of.luck.choice(of.seats)
            path = of.luck.choice(("lucks", f"twin?seat={seat}", f"without?seat={seat}&turn={number % 4}"))
            await of.get("question", one, f"/review/{path}")
            if number % 3 == 2:
                await of.post("cancel", one, "/review/cancel", key=secrets.token_hex(8))
            await asyncio.sleep(0.05)

    await asyncio.gather(*(ask(one) for one in askers))


ATTACKS: Final[dict[str, Callable[[Field], Awaitable[None]]]] = {
    one.__name__: one for one in (
        idle_sockets, half_heads, broken_requests, wrong_codes, flood_of_joins, strangers_pages, pins, forgeries, names,
        questions,
    )
}  # fmt: skip


async def attack(about: dict[str, Any]) -> dict[str, Any]:
    """Run attacks at the same time; what came of them."""
    async with clients() as http:
        where = (about[name] for name in ("port", "code", "seats", "forbidden", "times"))
        of = Field(*where, random.Random(about["seed"]), http)
        await asyncio.gather(*(ATTACKS[name](of) for name in about["attacks"]))
    return {"tried": of.tried, "answers": of.answers, "leaks": of.leaks, "broken": of.broken}


if __name__ == "__main__":
    raised_file_limit()
    print(json.dumps(asyncio.run(attack(json.load(sys.stdin)))))
