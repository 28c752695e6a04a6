"""The web app: the ways of members, of the projector and of the facilitator through a game."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from waiting import wait_for

from game.commands.files import delete_game, replay_game
from game.core.act import Refused
from game.core.export import export_game
from game.core.game_file import load_game, setup_of
from game.core.live_game import new_room
from game.core.preview import preview
from game.core.replay import verify_file
from game.review.hotwash.slides import last_year
from game.review.played import played_from, values_by_turn
from game.web.app import make_app
from game.web.language import LANGUAGES, LOCALE
from game.web.member.catalogue import messages, mo_bytes, read_po
from game.web.member.knowledge import public
from game.web.pace import Pace
from game.web.review import finished
from game.web.serve import opened, words
from game.web.site import Site
from game.web.stream import Hub
from sim.inputs.errors import InputError

ORIGIN = {"origin": "http://testserver"}


class Table:
    """A served game with its secret, and as many browsers as a test needs."""

    def __init__(self, path: Path) -> None:
        self.room, self.secret = new_room(path, setup_of(load_game(Path(__file__).parent / "small_game.toml")))
        self.site = Site(self.room)
        self.app = make_app(self.site)

    def browser(self) -> TestClient:
        """A new browser without cookies."""
        return TestClient(self.app, headers=ORIGIN, follow_redirects=False)

    def seated(self, seat: str) -> TestClient:
        """A browser of a member in a seat."""
        browser = self.browser()
        answer = browser.post("/join", data={"code": self.room.code, "name": "Ada"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/lobby")
        answer = sent(browser, "/lobby", "/seat", seat=seat, pin=self.room.pins[seat])
        assert (answer.status_code, answer.headers["location"]) == (303, "/play")
        return browser

    def desk(self) -> TestClient:
        """The facilitator's browser."""
        browser = self.browser()
        answer = browser.get("/desk", params={"secret": self.secret})
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
        return browser


def token_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page)
    assert found is not None
    return found.group(1)


def sent(browser: TestClient, page: str, where: str, **fields: object):  # type: ignore[no-untyped-def]
    """Send a form with the token of a page that the browser has open."""
    token = token_of(browser.get(page).text)
    return browser.post(where, data={"csrf": token, "key": "k" + str(hash(str(fields))), **fields})


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    found = Table(tmp_path / "class.game")
    yield found
    found.room.journal.close()


def test_a_turn_from_joining_to_the_news(table: Table) -> None:
    desk, east, rival = table.desk(), table.seated("east"), table.seated("rival")
    assert "Open the game" in desk.get("/desk").text
    assert sent(desk, "/desk", "/desk/steer", kind="open").status_code == 303
    assert "Less harm at home" in east.get("/play").text
    assert sent(desk, "/desk", "/desk/steer", kind="close", phase="brief").status_code == 303
    assert sent(east, "/play", "/orders", fund=1.5, pledge=0.2).headers["location"] == "/play?saved=1"
    assert sent(rival, "/play", "/orders", target="MDA", coercion=1, wedge=1).status_code == 303
    assert table.room.table.places["east"].orders == {"fund": 1.5, "pledge": 0.2}
    assert 'value="1.5"' in east.get("/play").text
    assert sent(desk, "/desk", "/desk/steer", kind="close", phase="orders").status_code == 303
    assert "Silence is assent" in east.get("/play").text
    assert "You are not in the room" in rival.get("/play").text
    item = next(iter(table.room.table.agenda))
    assert sent(east, "/play", "/stance", item=item, stance="amend").status_code == 303
    sides = {"give_item": item, "give_stance": "let_pass", "want_item": item, "want_stance": "let_pass"}
    west = table.seated("west")
    assert sent(east, "/play", "/bargain", to="west", words="=cmd <b>", **sides).status_code == 303
    assert "=cmd &lt;b&gt;" in west.get("/play").text
    assert sent(west, "/play", "/answer", number=0, accept=1).status_code == 303
    assert "You have given your word" in east.get("/play").text
    assert sent(desk, "/desk", "/desk/steer", kind="close", phase="council").status_code == 303
    for path in ("/play", "/brief", "/map?show=harm", "/charts", "/history", "/lobby", "/"):
        assert east.get(path).status_code == 200, path
    assert table.browser().get("/screen").status_code == 200


def test_orders_are_refused_in_words(table: Table) -> None:
    east = table.seated("east")
    assert "orders-form" not in east.get("/play").text
    table.room.steer("open", {})
    table.room.steer("close", {})
    east.headers["accept"] = "application/json"
    token = token_of(east.get("/play").text)
    late = {"csrf": token, "key": "one"}
    assert east.post("/orders", data=late | {"fund": "9"}).json() == {"refused": "Common fund: 9.0; allowed: 0 to 1.5"}
    assert "is no number" in east.post("/orders", data=late | {"fund": "<b>"}).json()["refused"]
    assert "no line of this form" in east.post("/orders", data=late | {"envelope": "100"}).json()["refused"]
    assert east.post("/orders", data=late | {"fund": "1"}).json()["saved"] is True
    table.room.steer("close", {})
    assert east.post("/orders", data=late | {"fund": "1"}).json()["saved"] is True  # the same key: the same act
    assert east.post("/orders", data=late | {"key": "two"}).json() == {"refused": "Orders are closed."}


def test_the_desk_steers_seats_previews_and_rewinds(table: Table) -> None:
    desk, ada = table.desk(), table.browser()
    ada.post("/join", data={"code": table.room.code.lower(), "name": "Ada"})
    person = next(iter(table.room.members))
    assert sent(desk, "/desk", "/desk/sit", member=person, seat="staff").status_code == 303
    assert table.room.members[person].seat == "staff"
    sent(desk, "/desk", "/desk/steer", kind="open")
    sent(desk, "/desk", "/desk/steer", kind="close", phase="brief")
    assert sent(desk, "/desk", "/desk/steer", kind="close", phase="brief").status_code == 303  # the same form: one act
    assert table.room.table.phase == "orders"
    assert sent(desk, "/desk", "/desk/steer", kind="close", phase="brief", key="of another tab").status_code == 409
    orders = {"seat": "west", "reason": "paper", "fund": 0.5}
    assert sent(desk, "/desk", "/desk/steer", kind="orders_for", **orders).status_code == 303
    desk.headers["accept"] = "application/json"
    assert sent(desk, "/desk", "/desk/preview", listed=0, quarter=1).json()["saved"] is True
    wait_for(lambda: table.site.preview.state != "working")
    assert "over 30 other lucks" in desk.get("/desk/preview").text and "harm" in desk.get("/desk/preview").text
    assert sent(desk, "/desk", "/desk/preview", stop=1).json()["saved"] is True
    assert "lucks" not in desk.get("/desk/preview").text
    fresh = {"title": "Flood", "threat": "climate_and_disaster", "states": "MDA, ROU", "severity": 40}
    assert sent(desk, "/desk", "/desk/steer", kind="inject", **fresh).json()["saved"] is True
    assert "Flood" in desk.get("/desk").text
    assert sent(desk, "/desk", "/desk/steer", kind="withdraw_inject", title="Flood").json()["saved"] is True
    for kind in ("pause", "resume", "extend", "note"):
        assert sent(desk, "/desk", "/desk/steer", kind=kind, text="seen", minutes=2).json()["saved"] is True
    for phase in ("orders", "council"):
        sent(desk, "/desk", "/desk/steer", kind="close", phase=phase)
    assert table.room.table.phase == "news"
    assert sent(desk, "/desk", "/desk/rewind", turn=1, title="again").json()["saved"] is True
    assert (table.room.table.phase, table.room.branch) == ("brief", 2)
    assert desk.get("/desk/setup?size=24").status_code == 200


def test_a_game_is_ended_early_when_the_desk_says_so_twice(table: Table) -> None:
    desk, east = table.desk(), table.seated("east")
    table.room.steer("open", {})
    for phase in ("brief", "orders", "council"):
        assert table.room.table.phase == phase and 'id="do-end"' not in desk.get("/desk").text
        with pytest.raises(Refused, match="when a turn is over"):
            table.room.steer("end", {})
        table.room.steer("close", {})
    lived, scores = len(table.room.table.course.quarters), table.site.view("east").score
    assert 'id="do-end"' in desk.get("/desk").text
    refused = sent(desk, "/desk", "/desk/steer", kind="end", phase="news")
    assert "Tick the box" in refused.text and table.room.table.phase == "news"
    assert sent(desk, "/desk", "/desk/steer", kind="end", phase="news", sure=1).status_code == 303
    assert table.room.table.phase == "review" and len(table.room.table.course.quarters) == lived
    ended = "It was ended early, after turn 1 of 3."
    assert ended in desk.get("/screen").text and ended in east.get("/play").text
    assert table.site.view("east").score == scores
    # The journal alone leads there again, in its file, in the review, and on the branch that is left.
    assert [one.verified for one in verify_file(table.room.journal.path)] == [True]
    played = played_from(table.room.journal.path)
    assert played.finished and not played.epilogue and len(played.turns) == 1
    assert {title: score for title, score in public(table.room.table, None).scores} == {
        seat.title: played.scores()[seat.id] for seat in played.setup.game.seats
    }
    assert [len(path) for path in values_by_turn(played).values()] == [2] * len(played.setup.game.seats)
    assert "after turn 1" in " ".join(last_year(played).lines)
    table.room.rewind(0, "again")
    assert table.room.table.phase == "brief" and finished(table.site) == (1, lived)


def test_pages_need_a_seat_and_desks_a_secret(table: Table) -> None:
    browser = table.browser()
    for path in ("/lobby", "/play", "/brief", "/map", "/charts", "/history", "/review"):
        assert browser.get(path).headers.get("location") == "/", path
    assert browser.get("/desk").status_code == 403
    assert browser.get("/desk?secret=guess").status_code == 403
    assert browser.post("/orders", data={"fund": 1}).status_code == 403
    assert browser.post("/join", data={"code": "WRONG", "name": "Eve"}).status_code == 403


def test_the_server_starts_its_clock_and_stops(table: Table) -> None:
    with table.browser() as browser:
        assert browser.get("/health").text == "ok"
        assert table.site.hub.wake in table.room.listeners
    assert table.room.listeners == []


def test_rivals_hear_nothing_of_private_acts(table: Table) -> None:
    east = table.seated("east")
    table.room.steer("open", {})
    table.room.steer("close", {})
    before = {seat: table.room.version_for(seat) for seat in ("", "east", "west", "rival")}
    sent(east, "/play", "/orders", fund=1)
    after = {seat: table.room.version_for(seat) for seat in before}
    assert {seat for seat in before if before[seat] != after[seat]} == {"east"}


def test_german_and_english(table: Table) -> None:
    browser = table.browser()
    assert "Join" in browser.get("/").text
    browser.headers["accept-language"] = "de-DE,de;q=0.9"
    assert 'lang="de"' in browser.get("/").text


@pytest.mark.parametrize("language", [name for name in LANGUAGES if name != "en"])
def test_every_string_is_translated_and_compiled(language: str) -> None:
    catalogue = LOCALE / language / "LC_MESSAGES/interlock.po"
    entries = read_po(catalogue)
    assert [text for text in messages() if not entries.get(text)] == []
    holes = re.compile(r"%\(\w+\)s")
    assert all(sorted(holes.findall(key)) == sorted(holes.findall(value)) for key, value in entries.items())
    assert catalogue.with_suffix(".mo").read_bytes() == mo_bytes(entries)  # else: python -m game.web.member.catalogue


def test_invented_states_appear_under_invented_names_only(tmp_path: Path) -> None:
    room, _ = new_room(tmp_path / "fiction.game", setup_of(load_game("flank_fictional")))
    browser = TestClient(make_app(Site(room, open_seats=True)), headers=ORIGIN)
    browser.post("/join", data={"code": room.code, "name": "Ada"})
    seat = next(one.id for one in room.table.game.seats if one.kind == "partners")
    sent(browser, "/lobby", "/seat", seat=seat)
    room.steer("open", {})
    for phase in ("brief", "orders", "council", "news"):
        assert room.table.phase == phase
        paths = ("/play", "/brief", "/map", "/charts", "/history", "/screen")
        pages = "".join(browser.get(path).text for path in paths)
        shown = re.sub(r'value="[A-Z]{3}"', "", pages)
        assert re.findall(r"\b(?:Ukraine|Moldova|Poland|Russia|UKR|POL|RUS)\b", shown) == []
        room.steer("close", {})
    room.journal.close()


def test_one_person_needs_nobody_to_steer(table: Table) -> None:
    now = [1000.0]
    table.room.clock = lambda: now[0]
    table.site.pace, table.site.open_seats = Pace({"lobby": 20.0, "brief": 30.0, "news": 40.0}), True
    ada = table.browser()
    ada.post("/join", data={"code": table.room.code, "name": "Ada"})
    assert sent(ada, "/lobby", "/seat", seat="west").status_code == 303
    phases = []
    for _ in range(60):
        table.room.tick()
        table.site.pace.step(table.room)
        phases.append(table.room.table.phase)
        now[0] += 20.0
    assert phases[:4] == ["lobby", "brief", "brief", "orders"] and "news" in phases
    before = table.room.table.phase
    assert sent(ada, "/play", "/next").status_code == 303
    assert table.room.table.phase != before


def test_a_preview_changes_nothing(table: Table) -> None:
    table.room.steer("open", {})
    table.room.steer("close", {})
    data = {"title": "Flood", "kind": "climate_and_disaster", "states": ["MDA"], "severity": 60.0, "quarter": 0}
    before = table.room.table.course.standing.inject.sum()
    found = preview(table.room.table, data, lucks=8)
    assert table.room.table.course.standing.inject.sum() == before
    harm = next(effect for effect in found.effects if effect.measure == "harm")
    assert harm.here > 0.0 and harm.others.low > 0.0 and found.lucks == 8


def test_an_export_holds_no_token_and_no_formula(table: Table, tmp_path: Path) -> None:
    east = table.browser()
    east.post("/join", data={"code": table.room.code, "name": "=HYPERLINK(1)"})
    sent(east, "/lobby", "/seat", seat="east", pin=table.room.pins["east"])
    table.room.steer("open", {})
    table.room.steer("close", {})
    sent(east, "/play", "/orders", fund=1)
    table.room.steer("close", {})
    table.room.steer("close", {})
    table.room.rewind(0, "+again")
    paths = export_game(table.room.journal.path, tmp_path / "out")
    text = "".join(path.read_text(encoding="utf-8") for path in paths)
    token = next(iter(table.room.members))
    assert token not in text and "'=HYPERLINK(1)" in text and ",=HYPERLINK" not in text
    assert {path.name for path in paths} == {"acts.csv", "measures.csv", "scores.csv", "game.json"}
    assert json.loads(paths[-1].read_text(encoding="utf-8"))["verified"]["1"].endswith("as recorded.")


def test_files_are_verified_and_deleted(table: Table) -> None:
    table.room.steer("open", {})
    path = table.room.journal.path
    assert replay_game(path)
    table.room.journal.close()
    gone = delete_game(path)
    assert path in gone and not list(path.parent.glob("class.game*"))
    with pytest.raises(InputError, match="no such game file"):
        replay_game(path)


def test_what_the_terminal_says_is_enough_to_come_in(tmp_path: Path) -> None:
    ready = opened(str(Path(__file__).parent / "small_game.toml"), tmp_path / "one.game", port=0)
    text = words(ready, 8000)
    room = ready.site.room
    assert room.code in text and ready.secret in text and all(pin in text for pin in room.pins.values())
    room.journal.close()
    again = opened("", resume=tmp_path / "one.game", port=0)
    assert again.site.room.code == room.code and again.secret == ready.secret and ready.secret in words(again, 8000)
    again.site.room.journal.close()
    with pytest.raises(InputError, match="never written over"):
        opened("flank", tmp_path / "one.game", port=0)


def test_streams_tell_a_version_and_a_phase_and_again_after_a_change() -> None:
    async def listen() -> list[str]:
        hub, state = Hub(asyncio.get_running_loop()), [(1, "brief")]
        stream = hub.events(lambda: state[0], "ada")
        found = [await anext(stream), await anext(stream)]
        state[0] = (2, "orders")
        hub.wake()
        found.append(await asyncio.wait_for(anext(stream), 5.0))
        await stream.aclose()  # type: ignore[attr-defined]
        assert hub.waiting == set() and hub.streams == {}
        return found

    assert asyncio.run(listen()) == [
        "retry: 1000\n\n", 'event: changed\ndata: {"version": 1, "phase": "brief"}\n\n',
        'event: changed\ndata: {"version": 2, "phase": "orders"}\n\n',
    ]  # fmt: skip


def test_what_a_form_offers_is_within_the_purse(table: Table) -> None:
    rival = table.seated("rival")
    table.room.steer("open", {})
    table.room.steer("close", {})
    page = rival.get("/play").text
    offered = dict(re.findall(r'name="(\w+)" min="[^"]*" max="[^"]*" step="any" value="([^"]*)"', page))
    assert len(offered) == 7
    assert sent(rival, "/play", "/orders", **offered).status_code == 303


def test_an_error_of_ours_shows_nothing_of_itself(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(self: Site, seat: str) -> None:
        raise RuntimeError("secret thing")

    east = table.seated("east")
    monkeypatch.setattr(Site, "view", broken)
    answer = east.get("/play")
    assert answer.status_code == 500 and "secret thing" not in answer.text
    assert "content-security-policy" in answer.headers
