"""kill -9 at random moments while a class plays: every acknowledged order is there afterwards, and replay verifies.

    python -m benchmarks.kill --times 50

Players send orders without a break, each form again under the same key until it is acknowledged; pages hold streams
that connect again by themselves, as browsers do; the facilitator ends phases and rewinds when the game is over. After
each kill the file is read before a server starts on it again. Loopback only; it ends by itself. A killed process loses
nothing that it wrote; that the disk itself keeps it when the power goes is what SQLite's synchronous = FULL is for.
"""

import argparse
import asyncio
import contextlib
import random
import secrets
import sqlite3
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.classroom import GAME, Client, Server, clients, figures, seats_of, some_orders, until
from game.core.game_file import load_game
from game.core.replay import verify_file

PLAYERS, STREAMS = 20, 40
LONGEST = 1.5  # seconds of play between two kills
ORDERS = 0.8  # seconds for orders in each turn
AGAIN = 0.5  # seconds between two tries of a form


@dataclass
class Told:
    """What clients were told."""

    saved: Counter[str] = field(default_factory=Counter)  # keys acknowledged as stored
    refused: int = 0  # the phase was over
    tries: int = 0
    steered: int = 0
    epoch: int = 0  # servers so far
    heard: dict[int, int] = field(default_factory=dict)  # by stream: the last server that it heard
    back: list[float] = field(default_factory=list)  # seconds from the server's answer until a page hears of it
    up: float = 0.0


async def play(client: Client, told: Told, luck: random.Random) -> None:
    """Send orders for ever; one form is one key, sent until the server answers."""
    while True:
        key, orders = secrets.token_hex(8), some_orders(client.kind, luck)
        while True:
            told.tries += 1
            try:
                answer = await client.post("/orders", key=key, **orders, sure=1)
            except httpx.HTTPError:
                await asyncio.sleep(AGAIN)
                continue
            if answer.status_code == 200:
                told.saved[key] += 1
                break
            if answer.status_code == 409:
                told.refused += 1
                break
            await asyncio.sleep(AGAIN)
        await asyncio.sleep(0.1 + 0.3 * luck.random())


async def listen(number: int, client: Client, told: Told) -> None:
    """A page that connects again by itself."""
    while True:
        with contextlib.suppress(httpx.HTTPError, AssertionError):
            async for at, _ in client.stream():
                if told.heard.get(number) != told.epoch:
                    told.heard[number] = told.epoch
                    told.back.append(max(0.0, at - told.up))
        await asyncio.sleep(AGAIN + 0.3 * random.random())


async def steer(desk: Client, told: Told) -> None:
    """The facilitator ends phases, and goes back to the beginning when the game is over."""
    while True:
        with contextlib.suppress(httpx.HTTPError):
            page = (await desk.get("/desk")).text
            if 'id="do-resume"' in page:  # a killed game stands still until the facilitator goes on
                await desk.steer("resume")
            elif 'data-phase="review"' in page:
                await desk.post("/desk/rewind", key=secrets.token_hex(8), turn=1, title="again")
            elif 'data-phase="lobby"' in page:
                await desk.steer("open")
            else:
                await desk.steer("close")
            told.steered += 1
            if 'data-phase="brief"' in page:  # orders come next
                await asyncio.sleep(ORDERS)
        await asyncio.sleep(0.1)


def missing(path: Path, told: Told) -> tuple[list[str], list[str]]:
    """Acknowledged keys that the file lacks, and keys that it holds twice."""
    connection = sqlite3.connect(path)
    written = Counter(key for (key,) in connection.execute("SELECT key FROM acts WHERE kind = 'orders'"))
    (sound,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    assert sound == "ok", sound
    return [key for key in told.saved if not written[key]], [key for key, times in written.items() if times > 1]


async def run(times: int, path: Path, seed: int) -> tuple[Told, list[float]]:
    """Play, kill, look, start again."""
    server, told, luck, starts = Server(path), Told(), random.Random(seed), list[float]()
    seats = seats_of(load_game(GAME))
    server.start()
    try:
        async with clients() as http:
            people = [Client(http, server.base) for _ in range(STREAMS)]
            for number, one in enumerate(people):
                await one.join(server.told["code"], f"Student {number}")
                if number < PLAYERS:
                    seat, kind = seats[number % len(seats)]
                    await one.sit(seat, kind, server.told["pins"][seat])
            desk = Client(http, server.base)
            await desk.come_to_the_desk(server.told["secret"])
            told.up = time.perf_counter()
            tasks = [asyncio.create_task(listen(n, one, told)) for n, one in enumerate(people)]
            tasks += [asyncio.create_task(play(one, told, luck)) for one in people[:PLAYERS]]
            tasks.append(asyncio.create_task(steer(desk, told)))
            await until(lambda: len(told.heard) == STREAMS, "not all streams are open")
            for kill in range(times):
                await asyncio.sleep(luck.random() * LONGEST)
                server.kill()
                lost, double = missing(path, told)
                assert not lost and not double, (kill, lost, double)
                told.epoch += 1
                began = time.perf_counter()
                await asyncio.to_thread(server.start)
                told.up = time.perf_counter()
                starts.append(told.up - began)
                now = told.epoch
                await until(lambda now=now: all(e == now for e in told.heard.values()), "a page stays away")  # type: ignore[misc]
            for task in tasks:
                assert not task.done(), task
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        server.stop()
    return told, starts


def killed(times: int, seed: int = 1) -> tuple[bool, list[str]]:
    """Play under kills: whether nothing was lost, and lines for people."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kill.interlock"
        told, starts = asyncio.run(run(times, path, seed))
        lost, double = missing(path, told)
        verdicts = verify_file(path)
    right, quarters = sum(v.verified for v in verdicts), sum(v.quarters for v in verdicts)
    return not lost and not double and right == len(verdicts), [
        f"{times} kills: orders acknowledged {len(told.saved)}, lost {len(lost)}, double {len(double)}",
        f"forms sent {told.tries} times, {told.refused} refused as out of phase; steered {told.steered} times",
        figures("start after a kill", starts), figures("page connected again after that", told.back[STREAMS:]),
        f"replay: {right} of {len(verdicts)} branches verified, {quarters} quarters",
    ]  # fmt: skip


def main() -> None:
    """Kill, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    sound, lines = killed(min(asked.times, 200), asked.seed)
    print("\n".join(lines))
    if not sound:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
