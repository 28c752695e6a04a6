"""A game on the internet: behind a reverse proxy that speaks https, which alone is believed for whom it asks."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playing import small
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from waiting import PATIENCE, wait_for
from webbed import Person, served

from analysis.web.serve import bound
from game.core.live_game import new_room
from game.web.limits import Limits
from game.web.serve import outer, server_of, trusted, where
from game.web.site import Site
from sim.inputs.errors import InputError

DEVICE = "x-test-device"  # the address from which the proxy takes a request to come
OURS = ("x-forwarded-for", "x-forwarded-proto", DEVICE)


@contextmanager
def proxied(inner: str, certificate: Path) -> Iterator[str]:
    """A reverse proxy over TLS before a server, as Caddy or nginx are; its address."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(base_url=inner, timeout=PATIENCE) as app.state.http:
            yield

    async def relay(request: Request) -> Response:
        device = request.headers.get(DEVICE, request.client.host if request.client else "")
        sent = [(name, value) for name, value in request.headers.items() if name not in OURS]
        sent += [("x-forwarded-for", device), ("x-forwarded-proto", "https")]
        http, path = request.app.state.http, f"{request.url.path}?{request.url.query}"
        asked = http.build_request(request.method, path, headers=sent, content=await request.body())
        answer = await http.send(asked, stream=True)
        found = StreamingResponse(answer.aiter_raw(), answer.status_code, background=BackgroundTask(answer.aclose))
        found.raw_headers = [(name.lower(), value) for name, value in answer.headers.raw]
        return found

    app = Starlette(routes=[Route("/{path:path}", relay, methods=["GET", "POST"])], lifespan=lifespan)
    own = bound(0, "127.0.0.1")
    server = uvicorn.Server(uvicorn.Config(
        app, log_level="critical", ws="none", ssl_keyfile=str(certificate), ssl_certfile=str(certificate),
        timeout_graceful_shutdown=1,
    ))  # fmt: skip
    thread = threading.Thread(target=server.run, args=([own],))
    thread.start()
    try:
        wait_for(lambda: server.started or not thread.is_alive())
        yield f"https://localhost:{own.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def still() -> Limits:
    """Limits for which no time passes, however slow the machine is."""
    return Limits(clock=lambda: 0.0)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for this machine, in one file."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here to make a certificate with")
    key, made, both = tmp_path / "key.pem", tmp_path / "made.pem", tmp_path / "both.pem"
    kind = ["req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-days", "2"]
    named = [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(key),
        "-out",
        str(made),
    ]
    subprocess.run(["openssl", *kind, *named], check=True, capture_output=True)
    both.write_text(key.read_text() + made.read_text())
    return both


def test_a_class_behind_https(tmp_path: Path, certificate: Path) -> None:
    room, secret = new_room(tmp_path / "far.game", small())
    site = Site(room, proxy="127.0.0.1", limits=still())
    believed = ssl.create_default_context(cafile=str(certificate))
    with served(site) as inner, proxied(inner, certificate) as base:
        site.address = outer(base)

        def device(address: str) -> Person:
            client: Any = httpx.Client(base_url=base, verify=believed, timeout=PATIENCE, headers={DEVICE: address})
            return Person(client, base)

        # somebody comes in, and the cookie never leaves https
        one = device("198.51.100.1")
        came = one.join(room.code, "FAR AWAY")
        assert came.status_code == 200 and "; secure" in came.headers["set-cookie"].lower(), came.text
        assert one.post("/seat", seat="east", pin=room.pins["east"]).status_code == 200
        assert one.get("/play").status_code == 200
        desk = device("198.51.100.2")
        opened = desk.get("/desk", params={"secret": secret})
        assert opened.status_code == 303 and "; secure" in opened.headers["set-cookie"].lower()
        assert base.removeprefix("https://") in desk.get("/screen").text, "people are told the outer address"

        # what changes reaches the phone at once
        with one.client.stream("GET", "/events?for=seat") as stream:
            lines = stream.iter_lines()
            next(lines)
            room.steer("open", {})
            assert any("data:" in line for line in lines if line)

        # somebody who guesses codes far away keeps nobody else out
        guesser, honest = device("203.0.113.7"), device("203.0.113.8")
        answers = [guesser.join("AAAAAA", "GUESS").status_code for _ in range(40)]
        assert answers[0] == 403 and answers[-1] == 429, answers
        assert honest.join("AAAAAA", "TYPO").status_code == 403
        for each in (one, desk, guesser, honest):
            each.client.close()
    room.journal.close()


def test_nobody_else_is_believed(tmp_path: Path) -> None:
    """Without a proxy, or from elsewhere than the proxy, what a request says of its origin counts for nothing."""
    for proxy in ("", "192.0.2.1"):
        room, _ = new_room(tmp_path / f"near{proxy}.game", small())
        claims = {"x-forwarded-proto": "https"}
        with (
            served(Site(room, proxy=proxy, limits=still())) as base,
            httpx.Client(base_url=base, timeout=PATIENCE, headers=claims) as client,
        ):
            liar, statuses = Person(client, base), list[int]()
            for n in range(40):
                client.headers["x-forwarded-for"] = f"203.0.113.{n}"
                statuses.append(liar.join("AAAAAA", "LIAR").status_code)
            assert statuses[-1] == 429, statuses
            came = liar.join(room.code, "HONEST")
            assert came.status_code == 200 and "secure" not in came.headers["set-cookie"].lower()
        room.journal.close()


def test_what_may_be_a_proxy(tmp_path: Path) -> None:
    room, _ = new_room(tmp_path / "one.game", small())
    assert where(Site(room)) == "0.0.0.0" == where(Site(room, proxy="10.0.0.2"))
    assert where(Site(room, proxy="127.0.0.1")) == "127.0.0.1", "then nobody comes in beside it"
    assert server_of(Site(room)).config.proxy_headers is False
    assert trusted("127.0.0.1", "https://game.example") == "127.0.0.1"
    with pytest.raises(InputError, match="goes with --address"):
        trusted("127.0.0.1", None)
    for wrong in ("*", "caddy", "127.0.0.1,10.0.0.2", ""):
        with pytest.raises(InputError, match="an IP address"):
            trusted(wrong, "https://game.example")
    room.journal.close()
