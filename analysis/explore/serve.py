"""Start the page on this machine."""

import contextlib
import multiprocessing
import os
import signal
import threading
import webbrowser
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from analysis.explore.address import PINS, Draft
from analysis.explore.app import make_app
from analysis.explore.drafts import Drafts
from analysis.explore.house import House
from analysis.explore.shop import Shop
from analysis.web.serve import LOOPBACK, bound
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import load_policy, policy_names
from sim.law.compiled import compile_rules

JUDGES = 2  # processes that make the finer pictures


def house_for(scenario: str, policies: tuple[str, ...], workers: int) -> House:
    """What a page begins with: a scenario, and policies that are pinned; InputError where a file is wrong."""
    own: dict[str, Path] = {}
    world = load_scenario(scenario)
    if scenario not in scenario_names():
        own[Path(scenario).name] = Path(scenario)
    pins = []
    for name in policies[:PINS]:
        load_policy(name, world.framework_names())
        if name not in policy_names():
            own[Path(name).name] = Path(name)
        pins.append(("pin", f"~{name if name in policy_names() else Path(name).name}"))
    start = urlencode([("world", base_of(scenario, own)), *pins]) if pins else ""
    judges = ProcessPoolExecutor(JUDGES, multiprocessing.get_context("spawn"), behind)
    return House(Shop(workers), Drafts(own), base_of(scenario, own), start, judges)


def base_of(name: str, own: dict[str, Path]) -> str:
    """How links name a file."""
    return Path(name).name if Path(name).name in own else Draft(base=name).base


def behind() -> None:
    """A process that gives way to first pictures, and that Ctrl-C in a terminal reaches only through us."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(10)


def warm(_: int) -> None:
    """Nothing, but what a picture needs is loaded then."""
    import analysis.explore.picture  # noqa: F401


def explore(scenario: str, policies: tuple[str, ...], port: int, browser: bool, threads: int | None) -> None:
    """Serve the page until Ctrl-C."""
    house = house_for(scenario, policies, threads or os.cpu_count() or 1)
    with bound(port) as own:
        address = f"http://{LOOPBACK}:{own.getsockname()[1]}/"
        print("Making the rules ready; this takes up to a minute the first time ...", flush=True)
        compile_rules()
        if house.judges is not None:
            list(house.judges.map(warm, range(JUDGES)))
        print(f"The page: {address}\nOnly this machine can open it. Ctrl-C stops.", flush=True)
        own.listen()
        if browser:
            threading.Timer(0.5, webbrowser.open, (address,)).start()
        config = uvicorn.Config(make_app(house), log_level="critical", server_header=False, ws="none",
                                timeout_graceful_shutdown=1)  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([own])
    print("Stopped.", flush=True)
