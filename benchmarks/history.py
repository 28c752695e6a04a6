"""A class under faults, with a history of who was told what when, and a simple model of the table to check it by.

    python -m benchmarks.history --faults 30

Clients send orders, read their pages and steer, all at once, each form again under its key until it is answered, while
the server is killed, stopped for a while, its clock set forward and back, its disk fails at a write, and somebody else
tries to write the file. Jepsen's way: every call is noted with its beginning and its end. Afterwards the lines of the
journal must be an order of all calls that fits those times and a model of the table in thirty lines: what was told to
be saved is there once, what was refused is not, no order stands outside its phase, and no page showed what was not so.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import secrets
import signal
import sqlite3
import sys
import tempfile
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

from benchmarks.classroom import Client, Server, clients, room_of, seats_of, serve, some_orders
from benchmarks.failing_writes import Disk, failing, vfs
from benchmarks.played_games import GAME
from game.core.game_file import Game, load_game
from game.core.keeping.held import hold
from game.core.replay import verify_file
from game.core.room.clock import GAP, Steady
from game.web.words import entry
from sim.inputs.errors import InputError
from sim.law.compiled import compile_rules

PLAYERS, TURNS = 8, 12
AGAIN = 0.3  # seconds between two tries of a form
SHOWN: Final = re.compile(r'name="(\w+)" min="[^"]*" max="[^"]*" step="any" value="([^"]*)"')
FAULTS: Final = ("kill", "stop", "forward", "back", "disk", "second writer")
JUMPS: Final = {signal.SIGUSR1: 3600.0, signal.SIGUSR2: -7200.0}  # seconds by which the server's clock is set


@dataclass
class Call:
    """One call of a client: a form, or a page of orders that was read."""

    kind: str
    seat: str
    key: str = ""
    contents: dict[str, str] | None = None  # as pages show them; None: nothing sent yet
    began: float = 0.0
    ended: float = float("inf")
    answer: str = "unknown"  # saved, refused, seen, of another phase


@dataclass
class History:
    """All calls, and what happened to the server."""

    calls: list[Call] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)

    @contextlib.contextmanager
    def call(self, kind: str, seat: str, key: str = "", contents: dict[str, str] | None = None) -> Iterator[Call]:
        """Note a call with its times."""
        made = Call(kind, seat, key, contents, time.monotonic())
        self.calls.append(made)
        yield made
        if made.answer != "unknown":
            made.ended = time.monotonic()


async def form(client: Client, call: Call, path: str, **fields: Any) -> None:
    """Send a form until the server answers, as pages do."""
    while call.answer == "unknown":
        try:
            answer = await client.post(path, key=call.key, **fields)
        except httpx.HTTPError:
            await asyncio.sleep(AGAIN)
            continue
        if answer.status_code in (200, 409):
            call.answer = "saved" if answer.status_code == 200 else "refused"
        else:
            await asyncio.sleep(AGAIN)


async def play(client: Client, history: History, luck: random.Random) -> None:
    """Send orders and read the page, for ever."""
    while True:
        if luck.random() < 0.6:
            orders = {name: float(entry(value)) for name, value in some_orders(client.kind, luck).items()}
            shown = {name: entry(value) for name, value in orders.items()}
            with history.call("orders", client.seat, secrets.token_hex(8), shown) as call:
                await form(client, call, "/orders", **orders, sure=1)
        else:
            with history.call("page", client.seat) as call, contextlib.suppress(httpx.HTTPError):
                text = (await client.get("/play")).text
                call.answer = "seen" if 'id="orders-form"' in text else "of another phase"
                call.contents = None if 'id="unsent"' in text else dict(SHOWN.findall(text))
        await asyncio.sleep(0.05 + 0.2 * luck.random())


async def steer(desk: Client, history: History) -> None:
    """The facilitator opens, goes on after each fault, and ends phases."""
    while True:
        with contextlib.suppress(httpx.HTTPError):
            page = (await desk.get("/desk")).text
            phase = re.search(r'data-phase="(\w+)"', page)
            if phase is None or phase.group(1) == "review":
                await asyncio.sleep(AGAIN)
                continue
            kind = "open" if phase.group(1) == "lobby" else "resume" if 'id="do-resume"' in page else "close"
            if kind == "close" and phase.group(1) == "orders":
                await asyncio.sleep(3.0)
            with history.call(kind, "", secrets.token_hex(8)) as call:
                await form(desk, call, "/desk/steer", kind=kind, phase=phase.group(1))
        await asyncio.sleep(0.2)


async def disturb(server: Server, history: History, path: Path, luck: random.Random, times: int) -> None:
    """One fault after another."""
    faults = [FAULTS[n % len(FAULTS)] for n in range(times)]
    luck.shuffle(faults)
    for fault in faults:
        await asyncio.sleep(0.5 + luck.random())
        assert server.process is not None
        history.faults[fault] += 1
        pid = server.process.pid
        if fault == "kill":
            server.kill()
            await asyncio.to_thread(server.start)
        elif fault == "stop":
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(luck.choice((1.0, GAP + 2.0)))
            os.kill(pid, signal.SIGCONT)
        elif fault in ("forward", "back"):
            os.kill(pid, signal.SIGUSR1 if fault == "forward" else signal.SIGUSR2)
        elif fault == "disk":
            os.kill(pid, signal.SIGHUP)
        else:
            for _ in range(3):
                try:
                    hold(path).release()
                except InputError:
                    continue
                raise AssertionError("a second writer got hold of the file")


# The model


def lines_of(path: Path) -> list[tuple[Any, ...]]:
    """Line, kind, actor, key and contents of all acts."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT line, kind, actor, key, data FROM acts ORDER BY line").fetchall()
    return [(line, kind, actor, key, json.loads(data)) for line, kind, actor, key, data in rows]


def model(lines: list[tuple[Any, ...]]) -> tuple[list[str], dict[str, list[tuple[int, dict[str, str] | None]]]]:
    """A table in a few lines: what it would not have let pass, and by seat what was ordered from which line on."""
    phases, phase, paused, wrong = ["brief", "orders", "council", "news"], "lobby", False, []
    seats: dict[str, list[tuple[int, dict[str, str] | None]]] = {}
    for line, kind, actor, _, data in lines:
        if kind in ("open", "close"):
            if (kind == "open") != (phase == "lobby"):
                wrong.append(f"line {line}: {kind} in {phase}")
            phase, paused = phases[0 if kind == "open" else (phases.index(phase) + 1) % 4], False
            if phase == "brief":
                for values in seats.values():
                    values.append((line, None))
        elif kind in ("pause", "resume"):
            paused = kind == "pause"
        elif kind == "orders":
            if phase != "orders" or paused:
                wrong.append(f"line {line}: orders in {phase}, paused: {paused}")
            seats.setdefault(actor, []).append((line, {name: entry(value) for name, value in data.items()}))
    return wrong, seats


def contradictions(history: History, lines: list[tuple[Any, ...]]) -> list[str]:
    """Where what clients were told, and when, does not fit the order of the journal."""
    wrong, seats = model(lines)
    by_key = {key: (line, actor, data) for line, _, actor, key, data in lines if key}
    counted = Counter(key for _, _, _, key, _ in lines if key)
    forms = [call for call in history.calls if call.kind != "page"]
    wrong += [f"{call.kind} {call.key}: saved and not there" for call in forms
              if call.answer == "saved" and call.key not in by_key]  # fmt: skip
    wrong += [f"{call.kind} {call.key}: refused and there" for call in forms
              if call.answer == "refused" and call.key in by_key]  # fmt: skip
    wrong += [f"{key}: there {times} times" for key, times in counted.items() if times > 1]
    wrong += [f"{key}: there, and nobody sent it" for key in set(counted) - {call.key for call in forms}]
    for call in forms:
        if call.kind == "orders" and call.key in by_key:
            _, actor, data = by_key[call.key]
            if (actor, {name: entry(value) for name, value in data.items()}) != (call.seat, call.contents):
                wrong.append(f"{call.key}: saved with other contents")
    return wrong + out_of_order(forms, by_key) + wrong_pages(history, by_key, seats)


def out_of_order(forms: list[Call], by_key: dict[str, Any]) -> list[str]:
    """Calls that ended before others began, and stand after them."""
    written = [call for call in forms if call.key in by_key]
    ends = sorted((call.ended, by_key[call.key][0]) for call in written if call.ended < float("inf"))
    times, highest = [end for end, _ in ends], [0]
    for _, line in ends:
        highest.append(max(highest[-1], line))
    return [
        f"{call.kind} {call.key}: line {by_key[call.key][0]}, though line {before} was saved before it began"
        for call in written if (before := highest[bisect_right(times, call.began)]) > by_key[call.key][0]
    ]  # fmt: skip


def wrong_pages(history: History, by_key: dict[str, Any], seats: dict[str, Any]) -> list[str]:
    """Pages that showed orders which were not in force at any moment between their call and their answer."""
    wrong = []
    written = [call for call in history.calls if call.key in by_key]
    for page in history.calls:
        if page.answer != "seen":
            continue
        first = max((by_key[call.key][0] for call in written if call.ended <= page.began), default=0)
        last = min((by_key[call.key][0] for call in written if call.began >= page.ended), default=2**62)
        steps: list[tuple[int, dict[str, str] | None]] = [(0, None), *seats.get(page.seat, [])]
        at_first = [value for line, value in steps if line <= first][-1]
        if page.contents not in [at_first, *(value for line, value in steps if first < line < last)]:
            wrong.append(f"page of {page.seat}: {page.contents}, between lines {first} and {last}")
    return wrong


# Running


async def run(faults: int, path: Path, seed: int) -> History:
    """Play under faults."""
    server, history, luck = Server(path, module="benchmarks.history"), History(), random.Random(seed)
    seats = seats_of(load_game(GAME))
    server.start()
    try:
        async with clients() as http:
            people = [Client(http, server.base) for _ in range(PLAYERS)]
            for number, one in enumerate(people):
                await one.join(server.told["code"], f"Student {number}")
                seat, kind = seats[number % len(seats)]
                await one.sit(seat, kind, server.told["pins"][seat])
            desk = Client(http, server.base)
            await desk.come_to_the_desk(server.told["secret"])
            tasks = [
                asyncio.create_task(play(one, history, random.Random(f"{seed}-{n}"))) for n, one in enumerate(people)
            ]
            tasks.append(asyncio.create_task(steer(desk, history)))
            await disturb(server, history, path, luck, faults)
            await asyncio.sleep(3.0)
            for task in tasks:
                assert not task.done(), task
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    finally:
        server.stop()
    return history


def played_under_faults(faults: int, seed: int = 1) -> tuple[History, list[str], str]:
    """A history, what contradicts it, and a line for people."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.game"
        history = asyncio.run(run(faults, path, seed))
        lines = lines_of(path)
        wrong = contradictions(history, lines)
        wrong += [verdict.words() for verdict in verify_file(path) if not verdict.verified]
    answers = Counter(call.answer for call in history.calls)
    told = ", ".join(f"{count} {fault}" for fault, count in sorted(history.faults.items()))
    return history, wrong, (
        f"{len(history.calls)} calls of {PLAYERS} players and the facilitator ({answers['saved']} saved, "
        f"{answers['refused']} refused, {answers['seen']} pages, {answers['unknown']} without an answer), "
        f"{len(lines)} lines; faults: {told}; contradictions {len(wrong)}"
    )  # fmt: skip


def game() -> Game:
    """The game that is played: a small one with many turns."""
    return load_game(GAME).model_copy(update={"turns": TURNS})


def served() -> None:
    """The server: its clock jumps on two signals, and on a third its disk fails at one of the next writes."""
    path, port = Path(sys.argv[1]), int(sys.argv[2])
    compile_rules()
    disk, ahead, luck = Disk(), [0.0], random.Random(path.name)
    room, secret = room_of(path, game())
    stopped = room.clock() if isinstance(room.clock, Steady) else 0.0
    room.clock = Steady(stopped, wall=lambda: time.time() + ahead[0])

    def jump(which: int, _: object) -> None:
        ahead[0] += JUMPS[signal.Signals(which)]

    def fail(*_: object) -> None:
        disk.fails_at = disk.writes + luck.randint(1, 20)

    for which in JUMPS:
        signal.signal(which, jump)
    signal.signal(signal.SIGHUP, fail)
    with failing(disk) if vfs() is not None else contextlib.nullcontext():
        serve(room, secret, port)


def main() -> None:
    """Play, check, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    _, wrong, words = played_under_faults(asked.faults, asked.seed)
    for line in wrong:
        print(line)
    print(words)
    if wrong:
        raise SystemExit(1)


if __name__ == "__main__":
    if len(sys.argv) > 2 and not sys.argv[1].startswith("-"):
        served()
    else:
        main()
