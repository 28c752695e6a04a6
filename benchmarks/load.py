"""A full class on one machine: 40 people play a turn while 200 stay connected; loopback only, and it ends by itself.

    python -m benchmarks.load                  40 players, 200 streams, two turns
    python -m benchmarks.load --players 6 --streams 12 --turns 1     to see that it works

Every player sends orders five times in a turn, one of them twice under the same key, as a phone does that missed the
answer. Then the file is read: each acknowledged order is there once. Submit: from sending a form to "saved", which is
after the commit. Push: from the facilitator's click until a page hears of the new phase; resolution is within it.
Sentences: from pressing resolve until a player's own page, which looks again whenever its stream says so, holds the
front page and what its orders did.
"""

import argparse
import asyncio
import json
import os
import random
import secrets
import sqlite3
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.classroom import GAME, Client, Server, clients, figures, seats_of, some_orders, until
from game.core.game_file import load_game
from game.core.replay import verify_file

EDITS = 5
SENTENCE = "Luck, and what others did"  # the last one on a player's own page
WITHIN = 8.0  # seconds over which a class sends its orders


@dataclass
class Measured:
    """What came out."""

    submit: list[float] = field(default_factory=list)
    push: dict[str, list[float]] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)
    saved: Counter[str] = field(default_factory=Counter)  # keys that were acknowledged
    heard: dict[int, str] = field(default_factory=dict)  # by stream: the phase that it told last
    came: dict[int, float] = field(default_factory=dict)
    sentences: list[float] = field(default_factory=list)
    waits: set[int] = field(default_factory=set)  # players whose page does not say yet what their orders did
    clicked: float = 0.0


async def look(number: int, client: Client, found: Measured) -> None:
    """A page looks again, as its script does, a moment after it was told to."""
    await asyncio.sleep(0.04 + 0.3 * random.random())
    text = (await client.get("/play")).text
    if SENTENCE in text and number in found.waits:
        found.waits.remove(number)
        found.sentences.append(time.perf_counter() - found.clicked)


async def listen(number: int, client: Client, found: Measured) -> None:
    """One open page."""
    looks = set[asyncio.Task[None]]()
    async for at, told in client.stream():
        if told["phase"] == "news" and number in found.waits:
            looks.add(asyncio.create_task(look(number, client, found)))
        if found.heard.get(number) != told["phase"]:
            found.came[number] = at
        found.heard[number] = told["phase"]


async def play(client: Client, found: Measured, luck: random.Random, within: float) -> None:
    """One player's orders of one turn."""
    for edit in range(EDITS):
        await asyncio.sleep(luck.random() * within / EDITS)
        key, orders = secrets.token_hex(8), some_orders(client.kind, luck)
        for _ in range(2 if edit == 2 else 1):
            began = time.perf_counter()
            answer = await client.post("/orders", key=key, **orders, sure=1)
            found.submit.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.text
            found.saved[key] += 1
    began = time.perf_counter()
    assert (await client.get("/play")).status_code == 200
    found.pages.append(time.perf_counter() - began)


async def close(desk: Client, phase: str, found: Measured, streams: int) -> None:
    """The facilitator ends a phase; all pages hear of the next one."""
    began = found.clicked = time.perf_counter()
    answer = await desk.steer("open" if phase == "brief" and not found.push else "close")
    assert answer.status_code == 200, answer.text
    await until(lambda: sum(p == phase for p in found.heard.values()) == streams, f"not all heard of {phase}")
    found.push.setdefault(phase, []).extend(at - began for at in found.came.values())


async def run(players: int, streams: int, turns: int, path: Path) -> Measured:
    """A class plays."""
    server, found, luck = Server(path), Measured(), random.Random(1)
    seats = seats_of(load_game(GAME))
    server.start()
    try:
        async with clients() as http:
            people = [Client(http, server.base) for _ in range(max(players, streams))]
            for at in range(0, len(people), 20):
                await asyncio.gather(
                    *(one.join(server.told["code"], f"Student {at + i}") for i, one in enumerate(people[at : at + 20]))
                )
            for number, one in enumerate(people[:players]):
                seat, kind = seats[number % len(seats)]
                await one.sit(seat, kind, server.told["pins"][seat])
            desk = Client(http, server.base)
            await desk.come_to_the_desk(server.told["secret"])
            pages = [asyncio.create_task(listen(n, one, found)) for n, one in enumerate(people[:streams])]
            await until(lambda: len(found.heard) == streams, "not all streams are open")
            for _ in range(turns):
                await close(desk, "brief", found, streams)
                await close(desk, "orders", found, streams)
                await asyncio.gather(*(play(one, found, luck, WITHIN) for one in people[:players]))
                await close(desk, "council", found, streams)
                found.waits = set(range(min(players, streams)))
                await close(desk, "news", found, streams)
                await until(lambda: not found.waits, "not all read what their orders did")
            assert not [page for page in pages if page.done()], "a stream broke off"
            for page in pages:
                page.cancel()
            await asyncio.gather(*pages, return_exceptions=True)
    finally:
        server.stop()
    return found


def counted(path: Path) -> Counter[str]:
    """Keys of all orders in the file."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT key, data FROM acts WHERE kind = 'orders'").fetchall()
    connection.close()
    assert all(json.loads(data) for _, data in rows)
    return Counter(key for key, _ in rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--players", type=int, default=40)
    parser.add_argument("--streams", type=int, default=200)
    parser.add_argument("--turns", type=int, default=2)
    asked = parser.parse_args()
    players, streams = min(asked.players, 60), min(asked.streams, 300)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "load.interlock"
        found = asyncio.run(run(players, streams, min(asked.turns, 4), path))
        written = counted(path)
        lost = [key for key in found.saved if written[key] == 0]
        double = [key for key, times in written.items() if times > 1]
        unknown = [key for key in written if key not in found.saved]
        verdict = verify_file(path)[0]
    print(f"{players} players, {streams} open pages, {os.cpu_count()} processor cores for server and clients together")
    print(figures("submit (sent to saved)", found.submit))
    print(figures("push (click to all pages), all", [one for times in found.push.values() for one in times]))
    for phase, times in found.push.items():
        print(figures(f"  to {phase}", times))
    print(figures("page (/play)", found.pages))
    print(figures("sentences (resolve to own page)", found.sentences))
    print(f"orders acknowledged {len(found.saved)}, written {len(written)}, lost {len(lost)}, double {len(double)}, "
          f"not asked for {len(unknown)}")  # fmt: skip
    print(verdict.words())
    if lost or double or unknown or not verdict.verified:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
