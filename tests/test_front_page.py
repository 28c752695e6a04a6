"""After a turn: headlines for all, what each seat's orders did, breaking news, orders that stand, and the hot wash."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from playing import ORDERS, eventful, longer, play
from waiting import wait_for
from webbed import Web, to, web

from analysis.said import joined
from game.core.act import FACILITATOR
from game.core.journal import create_journal
from game.core.phases import replayed
from game.review.counterfactual import deletion
from game.review.front import did
from game.review.hotwash.grades import as_csv, as_xlsx, grades
from game.review.hotwash.slide_files import Missing, needed, pdf, pptx
from game.review.hotwash.slides import Slide, cut, side_by_side
from game.review.league import beside
from game.review.lucks import Bench, without_seats
from game.review.played import played_from, played_of
from game.web.member.headlines import LEAST, MOST, changed, headlines
from game.web.questions import Ended


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Web]:
    made = web(tmp_path / "class.interlock")
    yield made
    made.close()


def test_the_front_page_asks_what_the_review_asks() -> None:
    game = play()
    game.do("take", FACILITATOR, seat="east", name="east")
    game.to("orders")
    game.do("orders", "east", **ORDERS["east"])
    game.to("news")
    played = played_of(game.table.course.setup, game.acts)
    found = did(played, 0, 6)
    assert set(found) == {"east"}, "of seats that left it to policy nothing is said"
    one, asked = found["east"], deletion(Bench(played), "east", 0, count=6).own()
    assert one.here == pytest.approx(asked.here) and one.mean == pytest.approx(asked.mean.mean)
    assert one.before + one.here + one.rest == pytest.approx(one.after)


def test_headlines_are_few_ranked_and_public() -> None:
    table = eventful().table
    found = headlines(table)
    assert LEAST <= len(found) <= MOST or any(one.kind == "crisis" for one in found)
    assert [one.rank for one in found] == sorted((one.rank for one in found), reverse=True)
    assert all(one.severity >= 0.0 and one.way in (-1, 0, 1) for one in changed(table).values())


def test_orders_stand_until_others_are_sent_and_replay_says_so() -> None:
    game = play(longer(turns=2))
    game.do("take", FACILITATOR, seat="east", name="east")
    game.to("orders")
    game.do("orders", "east", **ORDERS["east"])
    game.to("orders", 1)
    assert game.table.standing() == {"east": ORDERS["east"]}
    game.close()
    assert game.table.orders_given[1, "east"] == ORDERS["east"]
    closing = game.acts[-1]
    assert closing.data["stand"] == {"east": ORDERS["east"]}
    # A file of before says nothing of it, and leads where it led.
    before = [one if one is not closing else replace(one, data={"agenda": closing.data["agenda"]}) for one in game.acts]
    assert (1, "east") not in replayed(game.table.course.setup, before).orders_given


def test_breaking_news_is_told_to_all_and_taken_back_for_all(room: Web) -> None:
    to(room, "orders")
    desk, public = room.desk(), room.room.public
    inject = {"title": "The lights go out", "threat": "cyber_attack", "states": "MDA", "severity": 40}
    assert desk.post("/desk/steer", "/desk", kind="inject", **inject).status_code == 200
    assert room.room.public == public and "lights go out" not in room.people["west"].get("/play").text
    assert desk.post("/desk/steer", "/desk", kind="inject", announce=1, **inject).status_code == 200
    assert room.room.public == public + 1
    for who, struck in (("west", False), ("candidates", True)):
        page = room.people[who].get("/play").text
        assert "The lights go out" in page and ("It strikes you" in page) == struck
    assert "The lights go out" in room.people["east"].get("/screen").text
    desk.post("/desk/steer", "/desk", kind="withdraw_inject", title="The lights go out")
    desk.post("/desk/steer", "/desk", kind="withdraw_inject", title="The lights go out")
    assert "lights go out" not in room.people["west"].get("/play").text


def test_a_bid_for_membership_is_given_up_twice_or_not_at_all(room: Web) -> None:
    to(room, "orders")
    seat = room.room.table.game.seat("candidates")
    rows = [room.room.table.course.built.codes.index(code) for code in seat.states]
    assert any(room.room.table.course.engine.world.track[row] for row in rows), "somebody of them asks for membership"
    one = room.people["candidates"]
    assert 'name="apply"' in one.get("/play").text and 'value="1"' in one.get("/play").text
    answer = one.post("/orders", apply=0)
    assert answer.status_code == 409 and "Tick the box" in answer.text
    assert one.post("/orders", apply=0, sure=1).status_code == 200
    assert room.room.table.places["candidates"].orders == {"apply": 0.0}


def test_the_desk_seats_all_by_plan_and_says_who_has_sent(tmp_path: Path) -> None:
    made = web(tmp_path / "plan.interlock", seats=())
    for number in range(7):
        made.joined(f"Student {number}")
    desk = made.desk()
    assert desk.post("/desk/sit", "/desk", all=1).status_code == 200
    seats = [one.seat for one in made.room.members.values()]
    assert all(seats) and max(map(seats.count, seats)) == 2 and len(set(seats)) == 6
    to(made, "orders")
    assert "0 of 6 seats have sent" in desk.get("/desk").text and "0 of 6 have sent" in desk.get("/screen").text
    assert "have sent" not in made.person().get("/screen").text, "when somebody sends is for the room alone"
    made.close()


def test_the_review_of_a_finished_branch_stays_while_another_is_played(room: Web) -> None:
    to(room, "review")
    desk, east = room.desk(), room.people["east"]
    wait_for(lambda: east.get("/review").status_code == 200)
    before = east.get("/review").text
    room.room.rewind(1, "again")
    assert room.room.table.phase == "brief" and room.room.branch == 2
    after = east.get("/review")
    assert after.status_code == 200 and "Scores by turn" in after.text and "Scores by turn" in before
    assert room.site.review.key[0] == 1
    assert desk.get("/review/file/grades.csv").status_code == 200
    assert east.get("/review/file/grades.csv").status_code == 404, "grades are the facilitator's alone"


def test_a_front_page_that_comes_to_nothing_leaves_the_news(room: Web) -> None:
    from game.web.member.front import Fronts

    class Broken:
        def do(self, *asked: object) -> None:
            raise Ended

        def stop(self) -> None:
            pass

    room.site.front = Fronts(room.room)
    room.site.front.worker = Broken()
    room.room.listeners.append(room.site.front.look)
    to(room, "news")
    wait_for(lambda: not room.site.front.at_work)
    page = room.people["east"].get("/play").text
    assert "policy played your seat" in page and "being worked out" not in page
    room.room.listeners.remove(room.site.front.look)


def test_slides_become_files_and_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from analysis.words import Table as Shown

    shown = (
        Slide("Aims", ("One line.",), Shown(("seat", "aim"), (("Allies", "Peace & quiet"),))),
        Slide("Deals", ("None.",)),
    )
    assert pdf(shown).startswith(b"%PDF")
    inside = zipfile.ZipFile(io.BytesIO(pptx(shown))).read("ppt/slides/slide1.xml").decode()
    assert "Peace &amp; quiet" in inside and "One line." in inside
    with pytest.raises(Missing, match=r"interlock-sim\[play\]"):
        needed("no_such_library_of_ours")
    orders = joined((f"Coercion {number}" for number in range(20)), ", ")
    assert cut(orders) == ", ".join(f"Coercion {number}" for number in range(9)) + ", …"


def test_a_sheet_for_grades_holds_no_formula_of_players(room: Web) -> None:
    room.joined("=1+1", "east")
    to(room, "review")
    played = played_of(room.room.table.course.setup, [act for _, act in room.room.journal.acts()])
    rows = grades(room.room.journal, 1, played, room.room.members.values())
    assert {row[1] for row in rows} == {seat.title for seat in played.setup.game.seats}
    assert "'=1+1" in as_csv(rows).decode("utf-8-sig")
    sheet = needed("openpyxl").load_workbook(io.BytesIO(as_xlsx(rows))).active
    assert sheet.max_row == len(rows) + 1 and sheet.cell(2, sheet.max_column).value == "=SUM(F2:K2)"


def test_what_courses_share_is_run_once_and_changes_no_bit() -> None:
    game = eventful()
    played = played_of(game.table.course.setup, game.acts)
    asked = [without_seats(played, [], []), without_seats(played, ["east"], [1])]
    bench = Bench(played)
    for forked, apart in zip(bench.forked(asked, 0, 5, played.end_of(0)), bench.outcomes(asked, 0, 5), strict=True):
        assert np.array_equal(forked.measures, apart.measures)
        assert np.array_equal(forked.states, apart.states, equal_nan=True)


def test_the_hot_wash_sets_tables_of_one_start_side_by_side(tmp_path: Path) -> None:
    paths = [tmp_path / f"class-table-{n}.game" for n in (1, 2, 3)]
    for path, setup in zip(paths, (longer(turns=1), longer(turns=1), longer(turns=1, seed=99)), strict=True):
        with create_journal(path, setup) as journal:
            game = play(setup, journal)
            game.to("orders")
            if path == paths[0]:
                game.do("orders", "east", **ORDERS["east"])
            game.to("review")
    (tmp_path / "no.game").write_text("not a game", encoding="utf-8")
    played = played_from(paths[0])
    tables = beside(paths[0], played)
    assert [one.name for one in tables] == [paths[1].name], "another seed is another world"
    (slide,) = side_by_side(played, tables)
    assert slide.table is not None and slide.table.heads[1:] == ("Table 1", "Table 2")
    assert len(slide.table.rows) == len(played.setup.game.seats) and not list(side_by_side(played, []))
