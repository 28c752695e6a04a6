"""The analyst's page under hands: from a move to its first picture, with one and with five people; loopback only.

    python -m benchmarks.explore                    200 moves by one, then 200 by five
    python -m benchmarks.explore --moves 10         to see that it works

Everybody moves one lever at a time on a ten-year world of 70 states, looks for a second while the picture is refined,
and moves on, which cancels what is under way. Latency: from sending the question to the whole first line of numbers.
"""

import argparse
import asyncio
import os
import random
import re
import subprocess
import sys
import time
from urllib.parse import urlencode

import httpx

from sim.declare.levers import LEVERS, NUMBERS

LOOKS = 1.0  # seconds between a picture and the next move
WORLD = "eastern_flank"


class Server:
    """The page in a process of its own."""

    def __enter__(self) -> "Server":
        words = [sys.executable, "run.py", "explore", WORLD, "--no-browser", "--port", "0"]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if found := re.search(r"http://\S+", line):
                self.address = found[0]
                return self
        raise SystemExit("the page did not start")

    def __exit__(self, *error: object) -> None:
        self.process.terminate()
        self.process.wait()

    def seconds(self) -> float:
        """Processor seconds so far; not a number where the system does not tell."""
        try:
            with open(f"/proc/{self.process.pid}/stat") as file:
                ticks = file.read().rpartition(") ")[2].split()[11:13]
        except OSError:
            return float("nan")
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


async def person(address: str, tab: str, moves: int, looks: float, found: list[float]) -> None:
    """Somebody's moves."""
    luck = random.Random(tab)
    moved: dict[str, float] = {}
    async with httpx.AsyncClient(base_url=address, timeout=120.0) as client:
        for move in range(moves):
            name = luck.choice(NUMBERS)
            moved[name] = round(luck.uniform(LEVERS[name].low, LEVERS[name].high), 2)
            mine = "~".join(["My policy", "status_quo", *(f"{lever}:{value}" for lever, value in moved.items())])
            began = time.perf_counter()
            query = urlencode({"world": WORLD, "mine": mine, "tab": tab, "move": str(move)})
            async with client.stream("GET", f"/pictures?{query}") as answer:
                lines = answer.aiter_lines()
                await anext(lines)
                found.append(time.perf_counter() - began)
                await asyncio.sleep(looks * luck.uniform(0.5, 1.5))


def told(name: str, times: list[float], seconds: float) -> str:
    """One row of the table."""
    ranked = sorted(times)
    p50, p95 = (ranked[min(len(ranked) - 1, int(share * len(ranked)))] for share in (0.5, 0.95))
    each = seconds / len(times)
    return f"{name:12s} {len(times):5d} {1000 * p50:8.0f} {1000 * p95:8.0f} {1000 * ranked[-1]:8.0f} {each:10.2f}"


async def measure(moves: int, looks: float) -> None:
    """One, then five; each with a server of its own."""
    print(f"{'people':12s} {'moves':>5s} {'p50 ms':>8s} {'p95 ms':>8s} {'most ms':>8s} {'CPU s/move':>10s}")
    for people in (1, 5):
        with Server() as server:
            opening: list[float] = []
            await person(server.address, "opening", 1, 0.0, opening)  # the baseline is run, and kept
            found: list[float] = []
            before = server.seconds()
            each = max(1, moves // people)
            await asyncio.gather(*(person(server.address, f"tab{n}", each, looks, found) for n in range(people)))
            print(told(str(people), found, server.seconds() - before) + f"   first answer {1000 * opening[0]:.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moves", type=int, default=200)
    parser.add_argument("--looks", type=float, default=LOOKS)
    given = parser.parse_args()
    asyncio.run(measure(given.moves, given.looks))
