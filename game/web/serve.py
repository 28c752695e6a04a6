"""Start a game for a room of people, and say how to come in."""

import contextlib
import glob
import io
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import segno
import uvicorn

from analysis.web.serve import bound
from game.core.act import Refused
from game.core.game_file import load_game, setup_of
from game.core.keeping.held import free_name, log_of
from game.core.live_game import Room, new_room, new_secret, open_room, secret_of
from game.web.app import make_app
from game.web.doors import Doors, door_to, raised_file_limit
from game.web.pace import Pace
from game.web.site import Site
from sim.inputs.errors import fail
from sim.law.compiled import compile_rules

FOLDER: Final = Path("out/games")
EVERYWHERE: Final = "0.0.0.0"
LATEST: Final = Path("latest")  # what --resume takes for the game that was played last
DEMO_PACE: Final = {"lobby": 20.0, "brief": 45.0, "news": 60.0}


@dataclass(frozen=True)
class Opened:
    """A room that is ready to serve."""

    site: Site
    secret: str
    path: Path
    resumed: str = ""


def lan_address() -> str:
    """The address of this machine in its network; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address that exists nowhere; a datagram socket sends nothing
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def outer(address: str) -> str:
    """An address under which others reach this server through a proxy, a tunnel or a container."""
    try:
        parts = urlsplit(address.rstrip("/"))
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right or address.rstrip("/") != f"{parts.scheme}://{parts.netloc}" or "@" in address:
        raise fail("--address", "allowed: http:// or https://, a name, and a port if need be", "", repr(address)[:80])
    return address.rstrip("/")


def trusted(proxy: str, address: str | None) -> str:
    """The one address from which a reverse proxy asks; InputError where it is none, or nobody can know it."""
    if address is None:
        raise fail("--proxy", "goes with --address, under which the proxy is reached")
    try:
        return str(ip_address(proxy))
    except ValueError:
        words = "allowed: an IP address, 127.0.0.1 for a proxy on this machine"
        raise fail("--proxy", words, "", repr(proxy)[:80]) from None


def latest_game(game_name: str | None, folder: Path = FOLDER) -> Path:
    """The game that was played last, of this name where one is given; InputError where there is none."""
    name = Path(game_name).stem if game_name else ""
    found = list(folder.glob(f"{glob.escape(name)}-[0-9]*.game" if name else "*.game"))
    if not found:
        raise fail(str(folder), f"there is no game {f'of {name} ' if name else ''}to go on with")
    return max(found, key=lambda path: max(one.stat().st_mtime for one in (path, log_of(path)) if one.exists()))


def opened(
    game_name: str | None, out: Path | None = None, one_person: bool = False, resume: Path | None = None,
    port: int = 8000, seed: int | None = None,
) -> Opened:  # fmt: skip
    """The room of a new game, or of a game file that goes on.

    seed: for a league, where several tables meet the same shocks; else drawn, because whoever knows it and has the code
    of the project could work out the luck that comes.
    """
    name = game_name or "flank"
    with contextlib.ExitStack() as left:
        try:
            bound(port, EVERYWHERE).close()
            if resume is not None:
                path = latest_game(game_name) if resume == LATEST and not resume.exists() else resume
                room = open_room(path)
                left.callback(room.journal.close)
                secret = secret_of(room) or (new_secret(room) if room.journal.held is not None else "")
            else:
                setup = setup_of(load_game(name))
                drawn = setup.game.model_copy(update={"seed": secrets.randbelow(2**62) if seed is None else seed})
                path = out or free_name(FOLDER / f"{Path(name).stem}-{time.strftime('%Y%m%d-%H%M%S')}.game")
                room, secret = new_room(path, replace(setup, game=drawn))
                left.callback(room.journal.close)
        except (OSError, ValueError, Refused) as error:
            raise fail("", str(error)) from None
        site = Site(room, address=f"http://{lan_address()}:{port}", open_seats=one_person)
        if one_person:
            site.pace = Pace()
        told = "" if resume is None else resumed_words(room)
        left.pop_all()
    return Opened(site, secret, path, told)


def resumed_words(room: Room) -> str:
    """What goes on: which game, where it stands, and that it waits for the facilitator."""
    table, acts = room.table, room.journal.acts(room.branch)
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(acts[-1][1].at)) if acts else "never"
    where = "in the lobby" if table.phase == "lobby" else f"turn {table.turn + 1} of {table.game.turns}, {table.phase}"
    left = f"; paused with {int(table.left) // 60}:{int(table.left) % 60:02} left, until you go on at the desk"
    told = f"Resumed:      {where}, {len(acts)} acts, last played {when}{left if table.paused else ''}\n"
    return told + (
        "" if room.journal.held is not None else "              The file cannot be written: it is only shown.\n"
    )


def words(ready: Opened, port: int) -> str:
    """What the facilitator reads in the terminal."""
    site, room = ready.site, ready.site.room
    link = f"{site.address}/?code={room.code}"
    drawn = io.StringIO()
    segno.make(link, error="l").terminal(drawn, compact=True, border=2)
    seats = "\n".join(f"  {room.pins[s.id]}  {s.title}" for s in room.table.game.seats)
    here = site.address if site.proxy else f"http://127.0.0.1:{port}"
    return (
        f"\n{room.table.game.title}\n\n{drawn.getvalue()}\nJoin:         {site.address}   room code {room.code}\n"
        f"Here:         {here}/?code={room.code}\n"
        f"Projector:    {here}/screen\n"
        f"Facilitator:  {here}/desk?secret={ready.secret}   (secret: show it to nobody)\n"
        f"Game file:    {ready.path}\n{ready.resumed}\nPINs of the seats:\n{seats}\n\n"
        "Ctrl-C stops; every act is on disk.\n"
    )


def server_of(site: Site) -> uvicorn.Server:
    """The server of a game, with its limits on connections. Errors of ours are told by the app, once."""
    config = uvicorn.Config(
        make_app(site), http=door_to(Doors(raised_file_limit(), site.proxy)), ws="none", log_level="critical",
        server_header=False, proxy_headers=bool(site.proxy), forwarded_allow_ips=site.proxy or None,
        timeout_graceful_shutdown=2, timeout_keep_alive=30,
    )  # fmt: skip
    return uvicorn.Server(config)


def where(site: Site) -> str:
    """Which of this machine's addresses listens: behind a proxy on this machine, none that others reach."""
    return "127.0.0.1" if site.proxy == "127.0.0.1" else EVERYWHERE


def run(ready: Opened, port: int) -> None:
    """Compile the rules, say how to come in, and serve until Ctrl-C, which ends in peace also when pressed twice."""
    try:
        print("Compiling the rules; this takes up to a minute the first time ...", flush=True)
        compile_rules()
        with bound(port, where(ready.site)) as own:
            own.listen()  # whoever is quick waits a moment
            print(words(ready, port), flush=True)
            server_of(ready.site).run([own])
    except KeyboardInterrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    journal = ready.site.room.journal
    journal.close()
    kept = f"Every act is in {ready.path}; to go on: python run.py play --resume {ready.path}"
    print(f"Stopped. {journal.lost or kept}", flush=True)


def play(ready: Callable[[], Opened], port: int, address: str | None = None, proxy: str | None = None) -> None:
    """Open a game and serve it; Ctrl-C before that is as quiet as after.

    address: where else others reach it; proxy: from where a reverse proxy asks for them, which is then believed.
    """
    try:
        given, asks = None if address is None else outer(address), "" if proxy is None else trusted(proxy, address)
        found = ready()
        found.site.address, found.site.proxy = given or found.site.address, asks
    except KeyboardInterrupt:
        print("Stopped before anybody could join.", flush=True)
        return
    run(found, port)


def serve(
    game_name: str | None, port: int = 8000, out: Path | None = None, one_person: bool = False,
    resume: Path | None = None, seed: int | None = None, address: str | None = None, proxy: str | None = None,
) -> None:  # fmt: skip
    """A game for a class, or for one person whose phases end by timer."""
    play(lambda: opened(game_name, out, one_person, resume, port, seed), port, address, proxy)


def side_by_side(
    tables: int, game_name: str | None, port: int, seed: int | None, address: str | None, other: bool
) -> None:  # fmt: skip
    """Rooms of one game and seed, each a process with a port of its own; the hot wash sets them side by side."""
    if other or address is not None:
        raise fail("--tables", "goes with a game, --port and --seed only")
    load_game(game_name or "flank")
    name, drawn = game_name or "flank", secrets.randbelow(2**62) if seed is None else seed
    stem, running = f"{Path(name).stem}-{time.strftime('%Y%m%d-%H%M%S')}", list[subprocess.Popen[bytes]]()
    try:
        for n in range(tables):
            apart = ": open its desk in another browser, or in a private window" if n else ""
            print(f"\nTable {n + 1}{apart}", flush=True)
            file = FOLDER / f"{stem}-table-{n + 1}.game"
            asked = ["--port", str(port + n), "--seed", str(drawn), "--out", str(file)]
            running.append(subprocess.Popen([sys.executable, "-m", "run", "play", name, *asked]))
            while running[-1].poll() is None and not answers(port + n):
                time.sleep(0.1)
        for one in running:
            one.wait()
    except KeyboardInterrupt:  # each of them heard it too, and says where it stands
        for one in running:
            one.wait()
    finally:
        for one in running:
            one.terminate()


def answers(port: int) -> bool:
    """Whether somebody listens on a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.5):
        return True
    return False


def demo(
    game_name: str | None = None, port: int = 8000, out: Path | None = None, address: str | None = None,
    proxy: str | None = None,
) -> None:  # fmt: skip
    """A game that policies play and that goes on by itself; whoever comes may look at it and take any seat."""

    def ready() -> Opened:
        found = opened(game_name, out, True, None, port)
        found.site.pace = Pace(DEMO_PACE, alone=True)
        return found

    play(ready, port, address, proxy)
