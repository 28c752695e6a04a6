"""Start the page on this machine."""

import contextlib
import os
import socket
import threading
import webbrowser
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from analysis.explore.address import PINS, Draft
from analysis.explore.app import make_app
from analysis.explore.drafts import Drafts
from analysis.explore.house import House
from analysis.explore.shop import Shop
from sim.inputs.errors import fail
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import load_policy, policy_names
from sim.law.compiled import compile_rules

LOOPBACK = "127.0.0.1"


def bound(port: int) -> socket.socket:
    """A socket on this machine only; InputError where another program has the port."""
    own = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it means that two may share a port
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        own.bind((LOOPBACK, port))
    except OSError:
        own.close()
        raise fail("--port", "taken by another program; choose another", "", str(port)) from None
    return own


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
    return House(Shop(workers), Drafts(own), base_of(scenario, own), start)


def base_of(name: str, own: dict[str, Path]) -> str:
    """How links name a file."""
    return Path(name).name if Path(name).name in own else Draft(base=name).base


def explore(scenario: str, policies: tuple[str, ...], port: int, browser: bool, threads: int | None) -> None:
    """Serve the page until Ctrl-C."""
    house = house_for(scenario, policies, threads or os.cpu_count() or 1)
    with bound(port) as own:
        address = f"http://{LOOPBACK}:{own.getsockname()[1]}/"
        print("Making the rules ready; this takes up to a minute the first time ...", flush=True)
        compile_rules()
        print(f"The page: {address}\nOnly this machine can open it. Ctrl-C stops.", flush=True)
        own.listen()
        if browser:
            threading.Timer(0.5, webbrowser.open, (address,)).start()
        config = uvicorn.Config(make_app(house), log_level="critical", server_header=False, ws="none",
                                timeout_graceful_shutdown=1)  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run([own])
    print("Stopped.", flush=True)
