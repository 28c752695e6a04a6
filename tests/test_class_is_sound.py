"""What members send is read one way and breaks nothing: entries 9 and 10 of issue 10, and leftovers."""

import ast
import asyncio
import os
import re
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import browsing
import pytest
from starlette.requests import HTTPConnection
from webbed import WIDE, Person, Web, connected, finished, served, to, web

from game.core.act import Refused
from game.core.game_file import load_game
from game.core.live_game import open_room
from game.core.room.people import pseudonym
from game.web.limits import Rates
from game.web.serve import outer
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario
from sim.inputs.policy import load_policy
from sim.inputs.values import unseen

ROOT = Path(__file__).parent.parent
ODD_COOKIES = (
    "{0}; interlock=x", "interlock=x; {0}", '{0}; interlock="y"', 'interlock="y; {0}', "{0}; =; ;;", "{0},interlock=x",
    "{0}; interlock", "interlock ; {0}", "{0}; Interlock=x", " {0} ", "{0};interlock_desk=a.b", "{0}; $Path=/",
    "{0}; a[]=b", "x={0}", "{0}\u00e9",
)  # fmt: skip
UNSEEN = (
    "\x1b[31mAda",
    "A\0da",
    "\u202eadA",
    "A\u200bda",
    "\ufeffAda",
    "A\u2066da",
    "\u3164",
    "A\u00adda",
    "A\u2028da",
)


@pytest.fixture
def over(tmp_path: Path) -> Iterator[Web]:
    """A game that is over, with everybody in a seat, and a worker that never ends."""
    yield from finished(tmp_path / "over.interlock")


@pytest.mark.parametrize("form", ODD_COOKIES)
@pytest.mark.parametrize("lines", [1, 2])
def test_entry_9_whoever_is_a_member_for_a_page_is_the_same_member_for_the_limits(
    tmp_path: Path, form: str, lines: int
) -> None:
    made = web(tmp_path / "cookies.interlock", seats=("east",))
    right = f"interlock={made.people['east'].client.cookies['interlock']}"
    texts = [form.format(right), "interlock=z"][:lines]
    for sent in (texts, texts[::-1]):
        scope = {"type": "http", "headers": [(b"cookie", text.encode("latin-1")) for text in sent], "client": ("a", 1)}
        member, asker = made.site.member(HTTPConnection(scope)), made.site.asker(HTTPConnection(scope))
        assert asker == (("stranger", "a") if member is None else ("member", member.token))
    made.close()


def test_entry_9_odd_cookies_dodge_no_limit(tmp_path: Path) -> None:
    made = web(
        tmp_path / "dodge.interlock", rates=Rates(**(WIDE._asdict() | {"reads": Rates().reads})), seats=("east",)
    )
    client = made.people["east"].client
    right, shown = f"interlock={client.cookies['interlock']}", 0
    client.cookies.clear()
    made.site.limits.clock = lambda: made.site.limits.buckets["reads", next(iter(made.room.members))][1]  # stands still
    for n in range(200):
        sent = ODD_COOKIES[n % len(ODD_COOKIES)].format(right).encode("latin-1")
        shown += client.get("/play", headers={"cookie": sent}, follow_redirects=False).status_code == 200
    assert 5 < shown <= Rates().reads.burst, "no more pages of the seat than one member may load"
    made.close()


def test_entry_10_a_pin_is_not_guessed_within_a_lesson_also_by_joining_anew(tmp_path: Path) -> None:
    made = web(tmp_path / "pins.interlock", rates=Rates(**(WIDE._asdict() | {"pins": Rates().pins})), seats=())
    pin = made.room.pins["rival"]
    letters = len(re.sub("[^A-Z0-9]", "", pin))
    a_second, lesson = 1000, 90 * 60  # more guesses than any laptop answers
    assert a_second * lesson / 31**letters < 1e-4
    guesser = made.joined("Guesser")
    made.site.limits.clock = lambda: 0.0
    answers = [guesser.post("/seat", seat="rival", pin=f"AAAA-{n:04}").text for n in range(12)]
    assert sum("Too many" in text for text in answers) == 7
    assert made.joined("Small").post("/seat", seat="rival", pin=pin.lower().replace("-", " ")).status_code == 200
    made.close()


def test_entry_10_a_pseudonym_in_use_is_not_given_twice(tmp_path: Path) -> None:
    made = web(tmp_path / "names.interlock", seats=())
    one = made.joined("Ada")
    for name in ("Ada", "ADA", "\uff21da", " a  d a "):
        assert made.person().join(made.room.code, name).status_code == 200
    found = [member.name for member in made.room.members.values()]
    assert found == ["Ada", "Ada 2", "ADA 3", "\uff21da 4", "a d a 5"]
    assert one.join(made.room.code, "Ada").status_code == 200, "whoever joins again keeps the name"
    assert [member.name for member in made.room.members.values()][-1] == "Ada"
    assert pseudonym("x" * 60, ["x" * 24]) == "x" * 20 + " 2"
    made.close()


@pytest.mark.parametrize("text", UNSEEN)
def test_entry_10_signs_that_nobody_sees_are_refused_in_names_and_texts(tmp_path: Path, text: str) -> None:
    made = web(tmp_path / "signs.interlock", seats=("east", "west"))
    to(made, "council")
    sides = {"give_item": "status", "give_stance": "amend", "want_item": "mandate", "want_stance": "amend"}
    desk, east = made.desk(), made.people["east"]
    answers = [
        made.person().join(made.room.code, text), east.post("/bargain", to="west", words=text, **sides),
        desk.post("/desk/steer", "/desk", kind="note", text=text),
        desk.post("/desk/rewind", "/desk", turn=1, title=text),
        desk.post("/desk/steer", "/desk", kind="inject", title=text, threat="cyber_attack", states="MDA"),
        desk.post("/desk/steer", "/desk", kind="override", item="mandate", result="agreed", reason=text),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [409] * len(answers)
    assert all("sign that nobody sees" in answer.text for answer in answers)
    page = made.person().get("/", params={"code": text}).text
    assert not unseen(page) and unseen(text).startswith("U+")
    made.close()


@pytest.mark.parametrize("text", UNSEEN)
def test_entry_10_such_signs_are_refused_in_titles_of_files(tmp_path: Path, text: str) -> None:
    written = "".join(f"\\U{ord(sign):08X}" for sign in text)
    files: dict[str, Callable[[Path], Any]] = {
        'extends = "eastern_flank"': load_scenario, 'extends = "status_quo"': load_policy,
        'extends = "flank"': load_game,
    }  # fmt: skip
    for extends, load in files.items():
        path = tmp_path / "one.toml"
        path.write_text(f'{extends}\ntitle = "{written}"\n', encoding="utf-8")
        with pytest.raises(InputError, match=r"title = .*U\+.*nobody sees"):
            load(path)
    python = tmp_path / "one.py"
    python.write_text(f'"""{written}"""\ndef orders(view):\n    return {{}}\n', encoding="utf-8")
    with pytest.raises(InputError):
        load_policy(python)


def test_entry_10_what_people_write_in_earnest_is_let_pass() -> None:
    for text in (
        "Türkiye",
        "Ελλάδα",
        "中文名字",
        "مرحبا",
        "👩🏽‍🎓 Ada",
        "👨‍👩‍👧",
        "🏳️‍🌈",
        "Zoë-Łucja",
        "two\nlines\tand a tab",
        "½ € „so“",
    ):
        assert unseen(text) == "", text


@pytest.mark.skipif(os.name != "posix", reason="rights of files")
def test_entry_10_game_files_are_private_to_the_user(tmp_path: Path) -> None:
    made = web(tmp_path / "own.interlock", seats=("east",))
    to(made, "orders")
    files = sorted(tmp_path.iterdir())
    assert len(files) > 1 and {stat.S_IMODE(path.stat().st_mode) for path in files if path.is_file()} == {0o600}
    made.close()
    path = made.room.journal.path
    path.chmod(0o644)
    open_room(path).journal.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600, "also where it was made before"


def test_entry_10_an_unknown_host_is_refused(tmp_path: Path) -> None:
    made = web(tmp_path / "host.interlock", seats=("east",))
    made.site.address = "http://192.168.7.5:8000"
    own = ("127.0.0.1", "127.0.0.1:9", "localhost:8000", "LOCALHOST", "192.168.7.5:8000", "testserver")
    odd = ("evil.example", "evil.example:8000", "127.0.0.1.evil.example", "192.168.7.6", "", "[", "a@testserver.evil")
    for hosts, status in ((own, 200), (odd, 421)):
        for host in hosts:
            assert made.people["east"].client.get("/play", headers={"host": host}).status_code == status, host
    made.close()


def test_entry_10_the_outer_address_is_one_of_its_own(tmp_path: Path) -> None:
    assert outer("https://class.example:8443/") == "https://class.example:8443"
    odds = (
        "class.example",
        "ftp://a",
        "http://",
        "http://a/b",
        "http://a@b",
        "http://a:0",
        "http://a:x",
        "http://[",
        "\x1b",
    )
    for odd in odds:
        with pytest.raises(InputError, match="allowed: http"):
            outer(odd)
    made = web(tmp_path / "outer.interlock", seats=("east",))
    made.site.address = outer("https://class.example")
    assert made.people["east"].client.get("/play", headers={"host": "class.example"}).status_code == 200
    made.close()


def test_entry_10_odd_numbers_in_addresses_are_told_in_peace(over: Web) -> None:
    east, desk = over.people["east"], over.desk()
    numbers = ("9" * 5000, "-1", "1e3", "٣", "²", "", "0x1", "1_0", " 1", "nan")
    for number in numbers:
        assert east.get("/review/without", params={"seat": "east", "turn": number}).status_code == 404, number
        assert desk.get("/desk/setup", params={"size": number}).status_code == 200
    for number in numbers:
        told = [
            east.post("/answer", "/lobby", number=number), desk.post("/desk/rewind", "/desk", turn=number),
            desk.post("/desk/preview", "/desk", listed=number or "x", quarter=number),
            desk.post("/desk/steer", "/desk", kind="inject", listed=0, quarter=number or "x"),
            desk.post("/desk/steer", "/desk", kind="extend", minutes=number or "x"),
        ]  # fmt: skip
        assert {answer.status_code for answer in told} <= {200, 409}, number


def test_entry_10_a_length_of_5000_digits_is_no_error_of_ours(tmp_path: Path) -> None:
    made = web(tmp_path / "length.interlock", seats=())
    with served(made.site) as address:
        (one,) = connected(
            address, 1, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"
        )
        with closing(one):
            assert one.recv(100).startswith((b"HTTP/1.1 413", b"HTTP/1.1 400"))
    client = Person(made.person().client)
    assert client.client.get("/", headers={"content-length": "9" * 5000}).status_code == 413
    made.close()


@pytest.mark.whole
@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("times", [1, 2])
def test_entry_10_ctrl_c_ends_in_peace_and_says_what_is_true_of_play(tmp_path: Path, times: int) -> None:
    game, path = Path(__file__).parent / "small_game.toml", tmp_path / "stopped.game"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "run.py", "play", str(game), "--port", str(port), "--out", str(path)]
    played = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert played.stdout is not None
    told = ""
    while "Ctrl-C stops" not in told:
        line = played.stdout.readline()
        assert line, told
        told += line
    (page,) = connected(f"http://127.0.0.1:{port}", 1, b"GET /events?for=screen HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert page.recv(10) == b"HTTP/1.1 2", "a stream is open while the server ends"
    for _ in range(times):
        played.send_signal(signal.SIGINT)
    rest, _ = played.communicate()
    page.close()
    assert played.returncode == 0 and "Traceback" not in rest and "same command" not in rest
    assert f"Every act is in {path}" in rest and f"--resume {path}" in rest
    open_room(path).journal.close()


def test_leftovers_an_error_is_told_once_with_its_traceback_and_never_on_a_page(
    over: Web, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from game.web import app

    def broken(*_: Any) -> None:
        raise RuntimeError("secret thing")

    monkeypatch.setattr(over.room, "tick", broken)
    monkeypatch.setattr(app, "LOOKED_AT", 0.0)

    async def some_looks() -> None:
        clock = asyncio.create_task(app.keep_time(over.site))
        while len(seen) < 5:
            await asyncio.sleep(0)
        clock.cancel()

    seen: list[int] = []
    monkeypatch.setattr(over.room, "tick", lambda: (seen.append(1), broken()))
    asyncio.run(some_looks())
    assert caplog.text.count("The clock met an error") == 1 and caplog.text.count("Traceback") == 1
    monkeypatch.setattr(over.site, "view", broken)
    answer = over.people["east"].get("/play")
    assert answer.status_code == 500 and "secret thing" not in answer.text
    assert caplog.text.count("Traceback") == 2
    with pytest.raises(Refused):
        over.room.sit("nobody", "east")


def test_leftovers_a_language_is_a_catalogue_and_nothing_else() -> None:
    """Adding one touches its two files: no other file of the source names a language."""
    from game.web.language import LANGUAGES

    assert LANGUAGES["de"] == "Deutsch"
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "game").rglob("*.py")]
    assert not [text for text in texts if "Deutsch" in text or re.search(r"[\"']de[\"']", text)]


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_leftovers_without_a_browser_a_test_is_skipped_but_fails_where_all_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setattr(browsing, "CHROMIUM", "")
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="no Chromium here"), browsing.chromium(tmp_path):
        pass


CLOCKS = {"time", "monotonic", "perf_counter", "process_time", "monotonic_ns", "perf_counter_ns", "time_ns", "now"}
PAUSES = {"sleep", "wait_for_timeout"}
MAY_PAUSE = ("waiting.py", "webbed.py")  # between two looks at a condition


def hangs_on_time(source: str, pauses: bool) -> list[str]:
    """What of a test depends on how fast a machine is: pauses, clocks that are compared, short limits of waiting."""
    tree, found = ast.parse(source), list[str]()
    read = {
        name.id for node in ast.walk(tree) if isinstance(node, ast.Assign)
        and any(isinstance(c, ast.Call) and getattr(c.func, "attr", "") in CLOCKS for c in ast.walk(node.value))
        for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)
    }  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in PAUSES and not pauses:
            if not (node.args and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0):
                found.append(f"{node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.Call):
            found += [
                f"{node.lineno}: {key.arg}={key.value.value}" for key in node.keywords
                if key.arg == "timeout" and isinstance(key.value, ast.Constant) and (key.value.value or 9e9) > 0.05
                and (key.value.value or 9e9) < 900
            ]  # fmt: skip
        if isinstance(node, ast.Assert) and not pauses:
            names = {getattr(part, "id", "") for part in ast.walk(node.test)}
            clocks = [
                c for c in ast.walk(node.test) if isinstance(c, ast.Call) and getattr(c.func, "attr", "") in CLOCKS
            ]
            if clocks or names & read:
                found.append(f"{node.lineno}: {ast.unparse(node)[:80]}")
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "tests").glob("*.py")), ids=lambda path: path.name)
def test_entry_20_no_test_depends_on_how_fast_a_machine_is(path: Path) -> None:
    assert hangs_on_time(path.read_text(encoding="utf-8"), path.name in MAY_PAUSE) == []


@pytest.mark.parametrize(
    "source",
    ["time.sleep(0.3)", "began = time.perf_counter()\nassert time.perf_counter() - began < 3", "f(timeout=60)",
     "t = [time.process_time()]\nassert min(t) < 0.05", "page.wait_for_timeout(150)"],
)  # fmt: skip
def test_entry_20_the_check_finds_what_it_looks_for(source: str) -> None:
    assert hangs_on_time(source, False)
