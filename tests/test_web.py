"""The web app: the ways of members, of the projector and of the facilitator through a game."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from game.plan import load_game, setup_of
from game.room import new_room
from game.web.app import make_app
from game.web.site import Site

ORIGIN = {"origin": "http://testserver"}


class Table:
    """A served game with its secret, and as many browsers as a test needs."""

    def __init__(self, path: Path) -> None:
        self.room, self.secret = new_room(path, setup_of(load_game("flank")))
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
    answer = sent(east, "/play", "/orders") if "orders-form" in east.get("/play").text else None
    assert answer is None
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
    assert sent(desk, "/desk", "/desk/steer", kind="close", phase="brief").status_code == 409  # two clicks, one act
    orders = {"seat": "west", "reason": "paper", "fund": 0.5}
    assert sent(desk, "/desk", "/desk/steer", kind="orders_for", **orders).status_code == 303
    desk.headers["accept"] = "application/json"
    answer = sent(desk, "/desk", "/desk/preview", listed=0, quarter=1).json()
    assert answer["lucks"] == 30 and answer["rows"][0]["measure"] == "harm"
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


def test_pages_need_a_seat_and_desks_a_secret(table: Table) -> None:
    browser = table.browser()
    for path in ("/lobby", "/play", "/brief", "/map", "/charts", "/history", "/review"):
        assert browser.get(path).headers.get("location") == "/", path
    assert browser.get("/desk").status_code == 403
    assert browser.get("/desk?secret=guess").status_code == 403
    assert browser.post("/orders", data={"fund": 1}).status_code == 403
    assert browser.post("/join", data={"code": "WRONG", "name": "Eve"}).status_code == 403


def test_a_stream_tells_of_changes_only(table: Table) -> None:
    with table.browser() as browser, browser.stream("GET", "/health") as answer:
        assert answer.status_code == 200
    assert table.room.version_for("east") == table.room.version_for()


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
