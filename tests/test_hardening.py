"""What the app does beside the list of test_security.py: guessing, flooding, racing, breaking; and what pages carry."""

import re
import threading
from pathlib import Path

import pytest
from playing import ORDERS, SEATS, small
from waiting import wait_for
from webbed import ADDRESS, INTERLOPERS, PAGES, WIDE, Web, everybody, routes, to, web

from game.core.live_game import new_secret
from game.core.replay import table_of
from game.web import guard
from game.web.limits import Rates

room = pytest.fixture(everybody)


def test_games_are_created_by_whoever_started_the_server_only(room: Web) -> None:
    assert not [path for path in routes(room, "POST") if re.search("create|new|game|delete|upload", path)]
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert room.people["east"].client.request(method, "/play", headers={"origin": ADDRESS}).status_code == 405


def test_pins_cannot_be_guessed(tmp_path: Path) -> None:
    made = web(tmp_path / "pins.interlock", rates=Rates(**(WIDE._asdict() | {"pins": Rates().pins})), seats=())
    one = made.joined("Guesser")
    answers = [one.post("/seat", seat="rival", pin=f"{n:04}").text for n in range(12)]
    assert sum("Too many" in text for text in answers) >= 6
    assert one.post("/seat", seat="rival", pin=made.room.pins["rival"]).status_code == 409, "not even the right one now"
    assert made.joined("Honest", "rival")
    made.close()


def test_a_class_of_forty_behind_one_address_meets_no_limit(tmp_path: Path) -> None:
    made = web(tmp_path / "forty.interlock", rates=Rates(), seats=())
    for n in range(40):
        made.people[str(n)] = made.joined(f"Student {n}", SEATS[n % len(SEATS)])
    to(made, "orders")
    for n in range(40):
        seat = SEATS[n % len(SEATS)]
        assert all(made.people[str(n)].get(page).status_code == 200 for page in ("/play", "/brief", "/charts"))
        assert made.people[str(n)].post("/orders", **ORDERS[seat]).status_code == 200
    made.close()


def test_orders_that_race_with_the_end_of_the_phase_are_stored_before_it_or_refused(room: Web) -> None:
    to(room, "orders")
    told: dict[str, list[int]] = {seat: [] for seat in SEATS}

    def hammer(seat: str) -> None:
        token = room.people[seat].csrf("/play")
        for _ in range(6):
            told[seat].append(room.people[seat].post("/orders", csrf=token, **ORDERS[seat]).status_code)

    threads = [threading.Thread(target=hammer, args=(seat,)) for seat in SEATS]
    for thread in threads:
        thread.start()
    wait_for(lambda: sum(map(len, told.values())) > 3)
    room.room.steer("close", {})
    for thread in threads:
        thread.join()
    kinds = [act.kind for _, act in room.room.journal.acts()]
    end = len(kinds) - 1 - kinds[::-1].index("close")
    assert "orders" not in kinds[end:] and kinds.count("orders") == sum(codes.count(200) for codes in told.values())


def test_every_answer_carries_a_strict_policy_and_no_page_has_code_or_addresses_of_others(room: Web) -> None:
    to(room, "council")
    people = [room.people["east"], room.people["stranger"], room.desk()]
    for person in people:
        for page in (*PAGES, "/qr.svg", "/static/app.js"):
            answer = person.get(page)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            if page.startswith("/static") or answer.status_code in (303, 307):
                continue
            assert answer.headers["cache-control"] == "no-store"
            assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|javascript:", answer.text), page
            assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text), page


def test_requests_too_large_or_broken_are_refused_in_peace(room: Web) -> None:
    to(room, "orders")
    east = room.people["east"]
    assert east.post("/orders", fund="1" * guard.LARGEST).status_code == 413
    broken = east.client.post("/orders", content=b"\xff\xfe=%zz&" * 9, headers={"origin": ADDRESS})
    assert broken.status_code == 403
    assert east.post("/orders", **{f"f{n}": 1 for n in range(300)}).status_code == 403
    for fields in ({"fund": "nan"}, {"fund": "inf"}, {"fund": "1e400"}, {"fund": "\x00"}, {"target": "MDA"}, {"": "1"}):
        assert east.post("/orders", **fields).status_code == 409
    assert room.room.table.places["east"].orders is None


def test_the_desk_session_dies_with_its_secret(room: Web) -> None:
    desk = room.desk()
    assert desk.get("/desk").status_code == 200 and room.secret not in desk.get("/desk").text
    new_secret(room.room)
    assert desk.get("/desk").status_code == 403


def test_secrets_are_not_in_any_page_of_members(room: Web) -> None:
    to(room, "council")
    hidden = [room.secret, *room.room.members]
    pins = list(room.room.pins.values())
    objectives = {o.title: s.id for s in small().game.seats for o in s.objectives if o.secret}
    for who in INTERLOPERS:
        for page in PAGES:
            text = room.people[who].get(page).text
            assert not [secret for secret in hidden if secret in text]
            assert not [pin for pin in pins if re.search(rf"\b{pin}\b", text)]
            for title, owner in objectives.items():
                assert who == owner or f">{title}" not in text or page == "/review", (who, page, title)


def test_a_game_under_other_rules_is_shown_on_every_page_and_not_played_on(tmp_path: Path) -> None:
    made = web(tmp_path / "old.interlock")
    to(made, "news")
    for phase in ("brief", "orders"):
        made.room.steer("close", {})
        assert made.room.table.phase == phase
    room, measures = made.room, [lived.measures for lived in made.room.table.course.quarters]
    room.journal.connection.execute("UPDATE meta SET value = 'ffff' WHERE name = 'rules'")
    room.journal.connection.execute("UPDATE quarters SET hash = 'other', rules = 'ffff'")
    room.table = table_of(room.journal)
    assert room.table.phase == "orders" and len(room.table.course.quarters) == len(measures)
    for person in (*made.people.values(), made.desk()):
        assert all(person.get(page).status_code < 500 for page in PAGES)
    answer = made.people["east"].post("/orders", "/play", fund="0.5")
    assert answer.status_code == 409 and "not played on" in answer.text
    later = room.clock() + 1e6
    room.clock = lambda: later
    assert not room.tick() and room.table.phase == "orders"
    made.close()
