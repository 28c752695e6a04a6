"""A hostile class: honest students play a whole game on one machine while others do all they can to stop them.

    python -m benchmarks.hostile                 some 20,000 attacks in three parts: lobby, orders, review
    python -m benchmarks.hostile --times 60      to see that it works

Attackers (`benchmarks.attacks`) are a process of their own. The honest ones behave as browsers do: a form is sent again
under the same key until the server answers, a page is loaded again after "too many". Counted are words that somebody
read who must not (leaks), acknowledged orders that the file lacks (lost) or holds twice (double), honest acts that were
refused (failed), how long anybody had to try until let in, and how long a page took. Loopback only; it ends by itself.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.classroom import GAME, Client, Server, clients, figures, free_port, seats_of, some_orders
from benchmarks.load import counted
from game.core.game_file import load_game
from game.core.replay import verify_file

NEWCOMERS: Final = 4  # who come while others attack
LONGEST_OUT, SLOWEST_PAGE = 3.0, 2.0  # seconds that anybody may be locked out, and that a page may take
AGAIN: Final = 0.25  # seconds between two tries of the same form
OUTSIDE: Final = ("idle_sockets", "half_heads", "broken_requests", "strangers_pages")
PARTS: Final = {
    "lobby": (*OUTSIDE, "wrong_codes", "flood_of_joins", "names"),
    "orders": (*OUTSIDE, "pins", "forgeries", "flood_of_joins"),
    "review": ("questions", "strangers_pages", "wrong_codes"),
}  # fmt: skip


@dataclass
class Found:
    """What the honest ones lived through, and what attackers brought home."""

    saved: Counter[str] = field(default_factory=Counter)  # keys that were acknowledged
    failed: list[str] = field(default_factory=list)
    out: list[float] = field(default_factory=list)  # seconds of trying until an act went through
    pages: dict[str, list[float]] = field(default_factory=dict)  # by part
    heard: Counter[str] = field(default_factory=Counter)  # phases that streams told
    tried: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    verified: bool = False

    def wrong(self) -> dict[str, float]:
        """Every figure that must be nothing."""
        slow = [one for one in self.pages.get("review", []) if one > SLOWEST_PAGE]
        return {
            "leaks": len(self.leaks), "lost": len(self.lost), "double": len(self.double), "failed": len(self.failed),
            "broken": len(self.broken), "locked out": len([one for one in self.out if one > LONGEST_OUT]),
            "slow pages": len(slow), "not verified": int(not self.verified),
        }  # fmt: skip

    def lines(self) -> list[str]:
        """What came out, for the terminal and for a page of the docs."""
        made, pages = self.wrong(), {part: max(times) for part, times in self.pages.items()}
        return [
            f"{sum(self.tried.values()):,} attacks of {len(self.tried)} kinds: "
            + ", ".join(f"{name} {times:,}" for name, times in sorted(self.tried.items())),
            f"honest: {len(self.saved)} orders acknowledged, {len(self.out)} acts and pages; "
            + ", ".join(f"{name} {count:g}" for name, count in made.items()),
            f"longest anybody was kept out {max(self.out):.2f} s; worst page "
            + ", ".join(f"in the {part} {worst:.2f} s" for part, worst in pages.items()),
        ]  # fmt: skip


@dataclass
class Honest:
    """An honest student, or the facilitator."""

    client: Client
    found: Found

    async def until_done(self, what: str, path: str, **fields: Any) -> None:
        """Send one form until the server answers it."""
        began, fields = time.perf_counter(), {"key": secrets.token_hex(8)} | fields
        while True:
            with contextlib.suppress(httpx.HTTPError):
                answer = await self.client.post(path, **fields)
                if answer.status_code == 200:
                    break
                if answer.status_code not in (429, 503):
                    self.found.failed.append(f"{what}: {answer.status_code} {answer.text[:200]}")
                    return
            await asyncio.sleep(AGAIN)
        self.found.out.append(time.perf_counter() - began)
        if what == "orders":
            self.found.saved[str(fields["key"])] += 1

    async def look(self, path: str, part: str) -> str:
        """Load a page until it comes."""
        first = time.perf_counter()
        while True:
            began = time.perf_counter()
            with contextlib.suppress(httpx.HTTPError):
                answer = await self.client.get(path)
                if answer.status_code in (200, 202, 409):
                    self.found.pages.setdefault(part, []).append(time.perf_counter() - began)
                    self.found.out.append(time.perf_counter() - first)
                    return answer.text
                if answer.status_code != 429:
                    self.found.failed.append(f"{path}: {answer.status_code}")
                    return ""
            await asyncio.sleep(AGAIN)

    async def come(self, code: str, name: str, seat: str, kind: str, pin: str) -> None:
        """Join and sit down."""
        await self.look(f"/?code={code}", "lobby")
        await self.until_done("join", "/join", code=code, name=name)
        await self.client.look_for_csrf("/lobby")
        self.client.seat, self.client.kind = seat, kind
        await self.until_done("sit", "/seat", seat=seat, pin=pin)

    async def listen(self) -> None:
        """An open page."""
        while True:
            with contextlib.suppress(httpx.HTTPError, AssertionError):
                async for _, told in self.client.stream():
                    self.found.heard[told["phase"]] += 1
            await asyncio.sleep(AGAIN)

    async def play(self, part: str, luck: random.Random, over: asyncio.Event) -> None:
        """What a student does in a part, again and again until the attack is over."""
        paths = {"lobby": ("/lobby", "/play"), "orders": ("/play", "/map", "/charts")}.get(
            part, ("/review", "/history")
        )
        while True:
            await self.look(luck.choice(paths), part)
            if part == "orders":
                await self.until_done("orders", "/orders", **some_orders(self.client.kind, luck), sure=1)
            if over.is_set():
                return
            await asyncio.sleep(0.5 + luck.random())


async def attacked(server: Server, part: str, times: int, seed: int, secret: list[str], found: Found) -> None:
    """Have attackers at work until they have done all they meant to."""
    about = {
        "port": server.port, "code": server.told["code"], "seats": list(server.told["pins"]), "forbidden": secret,
        "times": times, "seed": seed, "attacks": PARTS[part],
    }  # fmt: skip
    attackers = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.attacks", stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip
    told, _ = await attackers.communicate(json.dumps(about).encode())
    came = json.loads(told)
    found.tried.update(came["tried"])
    found.answers.update(came["answers"])
    found.leaks += came["leaks"]
    found.broken += came["broken"]


async def intruded(server: Server, path: Path, seat: Honest, desk: Honest, found: Found) -> None:
    """Entries 1, 2, 3 and 5: others at the same file, a key that is used again, kill -9 in the middle of a phase."""
    for what, words in {
        "delete while played": ["run.py", "delete", str(path), "--yes"],
        "second server": ["-m", "benchmarks.classroom", str(path), str(free_port())],
    }.items():
        other = await asyncio.create_subprocess_exec(
            sys.executable, *words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )  # fmt: skip
        found.tried[what] += 1
        if await other.wait() == 0 or not path.exists():
            found.broken.append(f"{what}: let through")
    key, orders = secrets.token_hex(8), some_orders(seat.client.kind, random.Random(1))
    await seat.until_done("orders", "/orders", key=key, **orders, sure=1)
    await seat.until_done("orders", "/orders", key=key, **orders, sure=1)
    found.tried["key with other contents"] += 1
    if (await seat.client.post("/orders", key=key, **dict.fromkeys(orders, 0.0))).status_code == 200:
        found.broken.append("a key was taken for other contents")
    found.tried["kill -9"] += 1
    server.kill()
    await asyncio.to_thread(server.start)
    await desk.until_done("steer", "/desk/steer", kind="resume")
    await seat.until_done("orders", "/orders", **orders, sure=1)


async def run(times: int, path: Path, seed: int = 1) -> Found:
    """A game under attack."""
    server, found, luck, game = Server(path), Found(), random.Random(seed), load_game(GAME)
    seats = seats_of(game)
    server.start()
    try:
        async with clients() as http:
            people = [Honest(Client(http, server.base), found) for _ in range(len(seats) + NEWCOMERS)]
            desk = Honest(Client(http, server.base), found)
            await desk.client.come_to_the_desk(server.told["secret"])
            pins = server.told["pins"]
            hidden = [o.title for seat in game.seats for o in seat.objectives if o.secret]
            secret = [server.told["secret"], *pins.values(), desk.client.cookie.split("=")[1]]

            async def come(number: int) -> None:
                seat, kind = seats[number % len(seats)]
                await people[number].come(server.told["code"], f"Student {number}", seat, kind, pins[seat])

            for number in range(len(seats)):
                await come(number)
            secret += [one.client.cookie.split("=")[1] for one in people[: len(seats)]]
            streams = [asyncio.create_task(one.listen()) for one in people[: len(seats)]]
            for part in PARTS:
                over = asyncio.Event()
                words = secret if part == "review" else secret + hidden
                late = [come(n) for n in range(len(seats), len(people))] if part == "lobby" else []
                acts = [one.play(part, luck, over) for one in people[: len(seats)]]
                work = asyncio.gather(*acts, *late)
                await attacked(server, part, times, seed, words, found)
                over.set()
                await work
                if part == "lobby":
                    await desk.until_done("steer", "/desk/steer", kind="open")
                    await desk.until_done("steer", "/desk/steer", kind="close")
                    await desk.until_done("steer", "/desk/steer", kind="extend", minutes=60)
                if part == "orders":
                    await intruded(server, path, people[0], desk, found)
                while part == "orders":  # play on to the end
                    page = await desk.look("/desk", "desk")
                    if 'data-phase="review"' in page:
                        break
                    await desk.until_done("steer", "/desk/steer", kind="close")
            for task in streams:
                task.cancel()
            await asyncio.gather(*streams, return_exceptions=True)
    finally:
        server.stop()
    written = counted(path)
    found.lost = [key for key in found.saved if not written[key]]
    found.double = [key for key, number in written.items() if number > 1]
    found.verified = all(one.verified for one in verify_file(path))
    return found


def hostile(times: int = 2000, seed: int = 1) -> Found:
    """A game under attack, in a folder that goes with it."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(run(times, Path(folder) / "hostile.interlock", seed))


def main() -> None:
    """Attack, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="also every answer that attackers got")
    asked = parser.parse_args()
    found = hostile(min(asked.times, 20_000), asked.seed)
    print(f"{os.cpu_count()} processor cores for server, students and attackers together")
    print("\n".join(found.lines()))
    for part, seconds in found.pages.items():
        print(figures(f"page in the {part}", seconds))
    if asked.all:
        print("\n".join(f"  {what}: {number}" for what, number in sorted(found.answers.items())))
    for what in (*found.leaks[:10], *found.broken[:10], *found.failed[:10]):
        print(f"  {what}")
    if any(found.wrong().values()):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
