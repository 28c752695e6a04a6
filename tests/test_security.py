"""Hostile students are expected: the list of issue 4, one test a line."""

import csv
import re
import threading
from pathlib import Path

import httpx
import pytest
from playing import ORDERS, SEATS, longer
from waiting import PATIENCE, wait_for
from webbed import (
    DESK_POSTS,
    EVIL,
    INTERLOPERS,
    PAGES,
    WIDE,
    Web,
    all_pages,
    answered,
    bare,
    everybody,
    routes,
    served,
    to,
    web,
)

from game.core.export import export_game
from game.web import site
from game.web.limits import Rates
from game.web.member import knowledge
from game.web.site import HERE
from sim.inputs.toml_files import FOLDER

room = pytest.fixture(everybody)


def test_the_lists_of_routes_above_are_complete(room: Web) -> None:
    """A new route must be added here, so that it is tried against every seat."""
    tried = [page.split("?")[0] for page in PAGES] + ["/qr.svg", "/events"]
    for route in room.app.routes:
        if "GET" in (getattr(route, "methods", None) or ()):
            assert [path for path in tried if route.path_regex.fullmatch(path)], route.path
    assert routes(room, "POST") == {*DESK_POSTS, "/join", "/seat", "/orders", "/draft", "/stance", "/bargain",
                                    "/answer", "/win", "/message", "/leave", "/next", "/review/cancel"}  # fmt: skip


def test_the_actor_is_taken_from_the_token_and_never_from_a_field(room: Web) -> None:
    to(room, "orders")
    east = room.people["east"]
    for name in ("seat", "actor", "member", "token", "by"):
        for value in ("west", "facilitator", "clock"):
            east.post("/orders", fund=0.5, **{name: value})
    assert {seat for seat, place in room.room.table.places.items() if place.orders} <= {"east"}
    to(room, "council")
    east.post("/stance", item="mandate", stance="object", seat="west", actor="west", by="west")
    assert room.room.table.places["west"].stances == {} and room.room.table.places["east"].stances == {"mandate": 2}
    east.post("/bargain", to="west", by="west", actor="west", give_item="status", give_stance="amend",
              want_item="mandate", want_stance="amend")  # fmt: skip
    assert [bargain.by for bargain in room.room.table.bargains] == ["east"]
    assert east.post("/answer", number=0, accept=1, seat="west", by="west").status_code == 409
    actors = {act.actor for _, act in room.room.journal.acts() if act.kind in ("orders", "stance", "bargain", "answer")}
    assert actors == {"east"}


@pytest.mark.parametrize("who", INTERLOPERS)
def test_the_facilitators_secret_is_needed_to_steer(room: Web, who: str) -> None:
    to(room, "orders")
    person, count, desk = room.people[who], len(room.room.journal.acts()), room.desk()
    for cookie in ("", "made.up", "x" * 64, desk.client.cookies["interlock_desk"][:-1] + "!"):
        if cookie:
            person.client.cookies.set("interlock_desk", cookie)
        for path in DESK_POSTS:
            for kind in ("close", "end", "inject", "orders_for", "override", "note"):
                answer = person.post(path, kind=kind, turn=1, seat="east", reason="x", text="x", listed="0", sure="1")
                assert answer.status_code == 403
        for path in ("/desk", "/desk/setup"):
            assert person.get(path).status_code == 403
    for guess in ("", "secret", room.room.code, room.secret[:-1], room.secret.upper(), "x" * 5000):
        assert person.get("/desk", params={"secret": guess}).status_code == 403
    assert len(room.room.journal.acts()) == count and room.room.branch == 1


def test_seats_are_granted_by_the_facilitator_or_by_a_pin(room: Web) -> None:
    one = room.joined("Late")
    assert one.get("/play").headers["location"] == "/lobby"
    for pin in (None, "", "0000", room.room.pins["east"], "%", "é"):
        assert one.post("/seat", seat="rival", pin=pin).status_code == 409
    assert one.post("/seat", seat="nowhere", pin=room.room.pins["rival"]).status_code == 409
    assert room.people["stranger"].post("/seat", seat="rival", pin=room.room.pins["rival"]).status_code == 403
    assert one.post("/seat", seat="rival", pin=room.room.pins["rival"]).status_code == 200
    other = room.joined("Other")
    token = next(member.token for member in room.room.members.values() if member.name == "Other")
    assert room.desk().post("/desk/sit", "/desk", member=token, seat="west").status_code == 200
    assert other.get("/play").status_code == 200


@pytest.mark.parametrize("actor", SEATS)
def test_no_page_of_anybody_else_shows_that_a_seat_sent_orders_or_which(room: Web, actor: str) -> None:
    """Every route against every seat: equal to the byte before and after, with all counters, lengths and headers."""
    to(room, "orders")
    others = [who for who in INTERLOPERS if who != actor]
    before = {who: all_pages(room.people[who]) for who in others}
    for orders in (ORDERS[actor], {}):
        assert room.people[actor].post("/orders", **orders).status_code == 200
    room.people[actor].post("/orders", nonsense=1)
    for who in others:
        assert all_pages(room.people[who]) == before[who], who


def test_no_page_of_anybody_else_shows_stances_and_offers_before_the_deadline(room: Web) -> None:
    to(room, "council")
    others = [who for who in INTERLOPERS if who not in ("east", "west")]
    before = {who: all_pages(room.people[who]) for who in others}
    east, west = room.people["east"], room.people["west"]
    of_west = all_pages(west)
    assert east.post("/stance", item="mandate", stance="object").status_code == 200
    assert all_pages(west) == of_west
    fields = {"give_item": "status", "give_stance": "amend", "want_item": "mandate", "want_stance": "amend"}
    assert east.post("/bargain", to="west", **fields).status_code == 200
    assert west.post("/answer", number=0, accept=1).status_code == 200
    terms = {"give_line": "members:pledge", "give_bound": "least", "give_value": 0.5, "due": 2}
    terms |= {"want_line": "members:fund", "want_bound": "least", "want_value": 1}
    assert west.post("/bargain", to="east", **terms).status_code == 200
    assert east.post("/answer", number=1, accept=1).status_code == 200
    assert west.post("/message", to="east", words="Only for you", tone="promise", item="mandate").status_code == 200
    uneasy = room.room.table.uneasy
    for item, code in [(item, code) for item, found in uneasy.items() for code in found][:1]:
        east.post("/win", item=item, state=code)
    for who in others:
        assert all_pages(room.people[who]) == before[who], who


def test_what_a_seat_ordered_stays_its_own_after_resolution(tmp_path: Path) -> None:
    """Two rooms differ in one order of the rival that moves nothing that others see: who it leans on while it rests."""
    texts: list[dict[str, str]] = []
    rest = dict.fromkeys(ORDERS["rival"], 0.0) | {"restraint": 1.0}
    for number, target in enumerate(("MDA", "GEO")):
        made = web(tmp_path / f"{number}.interlock", longer(turns=1))
        to(made, "orders")
        made.people["rival"].post("/orders", **(rest | {"target": target}))
        to(made, "news")
        made.room.public = 0
        found = {f"{who}{page}": made.people[who].get(page).text for who in SEATS[:-1] for page in PAGES}
        code = made.room.code
        texts.append({key: bare(text).replace(code, "") for key, text in found.items()})
        made.close()
    differing = [key for key in texts[0] if re.sub(r'data-version="\d+"', "", texts[0][key]) != re.sub(
        r'data-version="\d+"', "", texts[1][key])]  # fmt: skip
    assert not differing


def test_no_error_text_tells_of_another_seat(room: Web) -> None:
    """What is refused is refused in the same words whatever the others did."""
    tries = [
        ("orders", "/orders", {"fund": 9}), ("orders", "/orders", {"target": "MDA"}), ("orders", "/stance", {}),
        ("council", "/answer", {"number": 0, "accept": 1}), ("council", "/answer", {"number": 5, "accept": 1}),
        ("council", "/stance", {"item": "programme", "stance": "object"}), ("council", "/orders", {"fund": 1}),
        ("council", "/seat", {"seat": "west", "pin": "0000"}), ("council", "/next", {}),
    ]  # fmt: skip
    to(room, "orders")
    said: list[list[str]] = []
    for active in (False, True):
        if active:
            room.room.rewind(0, "again")
        to(room, "orders")
        if active:
            for seat in SEATS:
                if seat != "east":
                    room.people[seat].post("/orders", **ORDERS[seat])
        words = []
        for phase, path, fields in tries:
            to(room, phase)
            if active and phase == "council" and not room.room.table.bargains:
                room.people["west"].post("/stance", item="mandate", stance="object")
            words.append(room.people["east"].post(path, **fields).text)
        said.append(words)
    assert said[0] == said[1]


def test_streams_tell_a_version_and_a_phase_and_only_ones_own(tmp_path: Path) -> None:
    """A real stream: a rival's orders send nothing to others; the end of the phase does."""
    made = web(tmp_path / "streams.interlock")
    to(made, "orders")
    heard: dict[str, list[str]] = {seat: [] for seat in ("east", "west", "rival", "screen")}

    def listen(seat: str, address: str) -> None:
        cookies = {} if seat == "screen" else {"interlock": made.people[seat].client.cookies["interlock"]}
        path = f"{address}/events?for={'screen' if seat == 'screen' else 'seat'}"
        with httpx.stream("GET", path, cookies=cookies, timeout=PATIENCE) as answer:
            for line in answer.iter_lines():
                heard[seat].append(line)
                if "council" in line:
                    return

    def lines(seat: str) -> list[str]:
        return [line for line in heard[seat] if line.startswith("data")]

    with served(made.site) as address:
        threads = [threading.Thread(target=listen, args=(seat, address), daemon=True) for seat in heard]
        for thread in threads:
            thread.start()
        wait_for(lambda: all(lines(seat) for seat in heard))
        first = {seat: list(lines(seat)) for seat in heard}
        for said in first.values():
            assert all(
                re.fullmatch(r'data: \{"version": \d+, "phase": "orders", "left": [\d.]+, "paused": false\}', line)
                for line in said
            )
        made.people["rival"].post("/orders", **ORDERS["rival"])
        wait_for(lambda: len(lines("rival")) > 1)
        made.room.steer("close", {})
        wait_for(lambda: all('"phase": "council"' in lines(seat)[-1] for seat in heard))
        for thread in threads:
            thread.join()
        for seat in heard:  # others heard of one change alone: the end of the phase
            versions = [int(re.sub(r".*: (\d+),.*", r"\1", line)) for line in lines(seat)]
            assert (len(versions), versions[-1] - versions[0]) == ((3, 2) if seat == "rival" else (2, 1)), seat
    made.close()


def test_the_time_of_an_answer_tells_nothing_of_a_rival(room: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page takes as much work after a rival's orders as after nothing: counted, nothing is worked out anew."""
    to(room, "orders")
    worked: list[str] = []
    for name in ("view_of", "series_for", "map_for", "past_of"):
        made = getattr(knowledge, name)
        for module in (knowledge, site):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, lambda *a, made=made, name=name: (worked.append(name), made(*a))[1])
    pages = ("/play", "/charts", "/map", "/history")
    for page in pages:
        room.people["east"].get(page)
    assert set(worked) == {"view_of", "series_for", "map_for", "past_of"}
    worked.clear()
    for _ in range(3):
        room.people["rival"].post("/orders", **ORDERS["rival"])
        for page in pages:
            room.people["east"].get(page)
    assert not worked


@pytest.mark.parametrize(
    "path", ["/orders", "/draft", "/stance", "/bargain", "/answer", "/win", "/message", "/leave", "/seat", "/next"]
)
def test_forms_need_the_csrf_token_of_their_own_session(room: Web, path: str) -> None:
    to(room, "orders")
    count, east = len(room.room.journal.acts()), room.people["east"]
    other = room.people["west"].csrf("/play")
    for token in (None, "", "made up", other, "é"):
        assert east.post(path, csrf=token, fund=0.5).status_code == 403
    assert len(room.room.journal.acts()) == count and room.room.members
    desk = room.desk()
    for token in (None, "", other, east.csrf("/play")):
        for steered in DESK_POSTS:
            assert desk.post(steered, "/desk", csrf=token, kind="close", turn=1).status_code == 403
    assert room.room.table.phase == "orders"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://testserver.evil.example", "https://x@testserver:1",
                                    "http://testserver:8080", ""])  # fmt: skip
def test_forms_of_other_origins_are_refused(room: Web, origin: str) -> None:
    to(room, "orders")
    headers = {"origin": origin}
    assert room.people["east"].post("/orders", headers=headers, fund=0.5).status_code == 403
    assert room.desk().post("/desk/steer", "/desk", headers=headers, kind="close").status_code == 403
    assert room.person().post("/join", "/", headers=headers, code=room.room.code, name="x").status_code == 403
    cross = {"sec-fetch-site": "cross-site"}
    assert room.people["east"].post("/orders", headers=cross, fund=0.5).status_code == 403
    east = room.people["east"].client
    assert east.post("/orders", data={"fund": "1"}).status_code == 403, "a client that says no origin is no browser"
    assert room.room.table.places["east"].orders is None


def test_cookies_are_httponly_and_strict(room: Web) -> None:
    answers = [
        room.person().join(room.room.code, "Ann"), room.person().get("/desk", params={"secret": room.secret}),
        room.person().get("/language", params={"to": "de"}),
    ]  # fmt: skip
    for answer in answers:
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie and "path=/" in cookie and "domain" not in cookie


def test_joining_gives_a_fresh_token_and_the_old_one_is_dead(room: Web) -> None:
    one = room.person()
    one.client.cookies.set("interlock", "chosen-by-an-attacker")
    one.join(room.room.code, "Ann")
    first = one.client.cookies.get("interlock", domain="testserver.local")
    assert first != "chosen-by-an-attacker" and first and room.room.member("chosen-by-an-attacker") is None
    one.client.cookies.delete("interlock", domain="")
    one.join(room.room.code, "Ann")
    second = one.client.cookies.get("interlock", domain="testserver.local")
    assert second != first and room.room.member(second) and room.room.member(first) is None
    assert room.person().join("WRONG", "Ann").status_code == 403
    assert room.person().join("", "Ann").status_code == 403


def test_limits_are_per_token_because_a_class_shares_one_address(tmp_path: Path) -> None:
    rates = Rates(**(WIDE._asdict() | {"writes": Rates().writes, "reads": Rates().reads}))
    made = web(tmp_path / "limits.interlock", rates=rates)
    to(made, "orders")
    flood = made.people["rival"]
    token = flood.csrf("/play")
    codes = [flood.post("/orders", csrf=token, coercion=n / 10).status_code for n in range(60)]
    assert codes.count(200) >= 10 and codes.count(429) >= 20 and codes[0] == 200
    for seat in SEATS[:-1]:
        assert made.people[seat].post("/orders", **ORDERS[seat]).status_code == 200
    made.close()


def test_late_orders_are_refused_where_they_would_be_stored(room: Web) -> None:
    to(room, "orders")
    deadline = room.room.table.deadline
    assert deadline is not None
    room.room.clock = lambda: deadline + 0.01
    count = len(room.room.journal.acts())
    assert "Too late" in room.people["east"].post("/orders", fund=0.5).text
    room.room.tick()
    assert "closed" in room.people["east"].post("/orders", fund=0.5).text
    assert [act.kind for _, act in room.room.journal.acts()][count:] == ["close"]


def test_double_orders_are_one_line_and_keys_are_the_members_own(room: Web) -> None:
    to(room, "orders")
    for _ in range(3):
        assert room.people["east"].post("/orders", key="same", fund=0.5).status_code == 200
    assert room.people["west"].post("/orders", key="same", fund=0.9).status_code == 200
    acts = [act for _, act in room.room.journal.acts() if act.kind == "orders"]
    assert [(act.actor, act.data["fund"]) for act in acts] == [("east", 0.5), ("west", 0.9)]
    for key in (None, "", "x" * 65):
        assert room.people["east"].post("/orders", key=key, fund=0.5).status_code == 409
    desk = room.desk()
    for _ in range(2):
        assert desk.post("/desk/steer", "/desk", key="same", kind="close").status_code == 200
    assert room.room.table.phase == "council"


def test_everything_typed_is_escaped_everywhere(room: Web) -> None:
    evil = room.person()
    evil.join(room.room.code, EVIL[:24])
    evil.post("/join", "/", code=EVIL, name=EVIL)
    to(room, "orders")
    desk = room.desk()
    inject = {"title": EVIL, "threat": "cyber_attack", "states": "MDA", "severity": 40}
    assert desk.post("/desk/steer", "/desk", kind="inject", **inject).status_code == 200
    desk.post("/desk/steer", "/desk", kind="note", text=EVIL)
    desk.post("/desk/steer", "/desk", kind="orders_for", seat="rival", reason=EVIL, **ORDERS["rival"])
    refusals = [room.people["east"].post("/orders", **{EVIL: 1, "fund": EVIL}, headers={"accept": "text/html"}).text]
    to(room, "council")
    fields = {"give_item": "status", "give_stance": "amend", "want_item": "mandate", "want_stance": "amend"}
    room.people["east"].post("/bargain", to="west", words=EVIL, **fields)
    desk.post("/desk/steer", "/desk", kind="override", item="mandate", result="agreed", reason=EVIL)
    pages = [room.people[who].get(page).text for who in ("east", "west", "rival") for page in PAGES]
    to(room, "news")
    desk.post("/desk/rewind", "/desk", turn=1, title=EVIL)
    to(room, "review")
    assert answered(room.people["east"], "/review").status_code == 200
    pages += [room.people[who].get(page).text for who in ("east", "rival", "stranger") for page in PAGES]
    pages += [desk.get(page).text for page in ("/desk", "/desk/setup", "/screen", "/review")] + refusals
    pages += [room.person().get("/", params={"code": EVIL}).text, room.person().get(f"/{EVIL}").text]
    joined = "".join(pages)
    assert "&lt;script&gt;alert(1)" in joined, "it is shown"
    for page in pages:
        assert "<script>alert" not in page and "<img src=x" not in page


def test_drawings_are_escaped_too() -> None:
    from game.core.seen import KNOWN, Fact
    from game.web.member.charts import tile_map
    from game.web.member.knowledge import Tile

    fact = Fact("trust", KNOWN, 0.5, None, None, "2026-Q1")
    drawn = str(tile_map([Tile(EVIL, EVIL, 1, 1, f'x" onload="{EVIL}', True, fact)], str))
    assert "<script" not in drawn and "<img" not in drawn and "&lt;script&gt;" in drawn and 'x" onload' not in drawn


def test_formulas_in_tables_for_spreadsheets_are_made_harmless(room: Web, tmp_path: Path) -> None:
    """A name such as =1+1 is no formula where a teacher opens an export; no token leaves the file."""
    formulas = ("=1+1", "+1", "-1+2", "@SUM(A1)", "|cmd", "%0A")
    to(room, "orders")
    desk = room.desk()
    for number, text in enumerate(formulas):
        one = room.joined(text, SEATS[number])
        assert one.post("/orders").status_code == 200
        desk.post("/desk/steer", "/desk", kind="note", text=text)
    files = export_game(room.room.journal.path, tmp_path / "out")
    tables = [path for path in files if path.suffix == ".csv"]
    names = set()
    for path in tables:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        for row in rows:
            names |= {cell.lstrip("'") for cell in row} & set(formulas)
            for cell in row:
                number = re.fullmatch(r"-?\d+(\.\d+)?(e[+-]?\d+)?", cell)
                assert number or not cell.strip().startswith(("=", "+", "-", "@", "|", "%")), cell
    assert tables and names == set(formulas), "they are shown"
    texts = "".join(path.read_text(encoding="utf-8") for path in files)
    assert not [token for token in room.room.members if token in texts]
    assert not [pin for pin in room.room.pins.values() if f'"{pin}"' in texts] and room.secret not in texts


def test_data_lies_outside_the_web_root(room: Web) -> None:
    assert not room.room.journal.path.is_relative_to(HERE) and not FOLDER.is_relative_to(HERE / "static")
    kinds = {path.suffix for path in (HERE / "static").rglob("*") if path.is_file()}
    assert kinds <= {".css", ".js", ".svg", ".txt", ".md", ".woff2", ".png", ".webmanifest"}
    for path in ("../site.py", "%2e%2e/site.py", "..%2fsite.py", "....//site.py", "/etc/passwd", "vendor/../../site.py",
                 "%252e%252e/site.py", "..\\site.py", room.room.journal.path.name):  # fmt: skip
        answer = room.people["east"].get(f"/static/{path}")
        assert answer.status_code in (404, 405) and "import" not in answer.text, path
    assert room.people["east"].get("/static/").status_code == 404, "no listing"
