"""The staff's own item before the Council: drafted, forecast, decided by silence, carried, told, and asked again."""

from pathlib import Path
from typing import Any

import pytest
from playing import ORDERS, Play, equal_standing, longer, play, same_standing
from webbed import to, web

from game.core.act import FACILITATOR, Refused
from game.core.council.forecast import case_of, outcomes_of, prospects
from game.core.council.proposal import PROPOSAL
from game.core.phases import replayed
from game.core.seen import news_for, seat_view
from game.review.counterfactual import as_recorded, relaid
from game.review.lucks import Bench, same_as_recorded, without_seats
from game.review.played import Played, played_of
from game.review.story import story
from game.seats.kind import BY_POLICY
from game.seats.kinds import KINDS
from game.web.member.headlines import headlines

ITEM: dict[str, Any] = {"line": "sharing", "value": 1.0}


def brought(stances: dict[str, str], **ruling: str) -> Play:
    """A turn in which the staff brings an item, and these seats say something to it."""
    game = play(longer(turns=1))
    for seat in ("staff", "east", "west"):
        game.do("take", FACILITATOR, seat=seat, name=seat)
    game.to("orders")
    for seat in ("staff", "east", "west"):
        game.do("orders", seat, **ORDERS[seat])
    game.do("draft", "staff", **ITEM)
    game.to("council")
    for seat, stance in stances.items():
        game.do("stance", seat, item=PROPOSAL, stance=stance)
    if ruling:
        game.do("override", FACILITATOR, item=PROPOSAL, reason="to see", **ruling)
    game.to("review")
    return game


def sharing(game: Play) -> float:
    return float(game.table.course.standing.levers[0].sharing)


def reviewed(game: Play) -> Played:
    return played_of(game.table.course.setup, game.acts)


def test_silence_carries_it_an_amendment_goes_half_way_and_one_objection_holds_it_up() -> None:
    ordered = float(ORDERS["staff"].get("sharing", KINDS["staff"].form.line("sharing").default))
    assert sharing(brought({})) == 1.0
    assert sharing(brought({"east": "amend"})) == pytest.approx((1.0 + ordered) / 2.0)
    assert sharing(brought({"east": "object", "west": "amend"})) == ordered
    assert sharing(brought({"east": "object"}, result="agreed")) == 1.0, "the facilitator may overrule it"


def test_breaking_silence_over_it_costs_no_goodwill() -> None:
    table = brought({"east": "object"}).table
    assert table.goodwill("east") == brought({}).table.goodwill("east")


def test_only_the_staff_drafts_one_line_of_its_form_while_orders_are_open() -> None:
    game = play()
    for seat in ("staff", "east"):
        game.do("take", FACILITATOR, seat=seat, name=seat)
    game.to("orders")
    refusals: list[tuple[str, dict[str, Any]]] = [("staff", ITEM), ("east", ITEM)]
    for seat, data in refusals:
        with pytest.raises(Refused):
            game.do("draft", seat, **data)
    game.do("orders", "staff", **ORDERS["staff"])
    game.do("draft", "staff", **ITEM)
    for wrong in ({"line": "envelope", "value": 100}, {"line": "sharing", "value": 2}, {"line": "sharing"}, {}):
        with pytest.raises(Refused):
            game.do("draft", "staff", **wrong)
    assert seat_view(game.table, "staff").proposal is not None and seat_view(game.table, "east").proposal is None
    game.do("draft", "staff", line="")
    game.to("council")
    assert PROPOSAL not in game.table.agenda
    with pytest.raises(Refused):
        game.do("draft", "staff", **ITEM)


def test_replay_lucks_and_twins_follow_it() -> None:
    game = brought({"east": "object"})
    again = replayed(game.table.course.setup, game.acts)
    assert same_standing(again.course, game.table.course) and again.proposals == game.table.proposals
    played = reviewed(game)
    assert same_as_recorded(Bench(played))
    here = played.table.course.standing
    assert float(without_seats(played, ["east"], [0]).levers[0].sharing) == 1.0, "without the objection it is carried"
    assert float(without_seats(played, ["west"], [0]).levers[0].sharing) == float(here.levers[0].sharing)
    assert without_seats(played, ["staff"], [0]).levers[0] == here.policy, "policy brings none"
    twin = KINDS["members"].strategies[BY_POLICY]
    assert float(relaid(played, without_seats(played, [], []), "east", twin).levers[0].sharing) == 1.0
    for seat in ("staff", "east", "west"):
        assert equal_standing(as_recorded(played, without_seats(played, [], []), seat), here), seat


def test_all_read_what_became_of_it_and_the_council_who_broke_silence() -> None:
    game = brought({"east": "object"})
    table, titles = game.table, {seat.id: seat.title for seat in game.table.game.seats}
    for seat in table.game.seats:
        text = " ".join(line for _, line in news_for(table, seat))
        assert "the staff's own item (Share intelligence 1): held up" in text
        assert (f"held up by {titles['east']}" in text) == KINDS[seat.kind].hears
    assert any("the staff's own item" in line for turn in story(reviewed(game)) for line in turn.council)
    for stances, kind in (({"east": "object"}, "proposal_held_up"), ({}, "proposal_agreed")):
        assert kind in {one.kind for one in headlines(until_news(stances).table)}


def until_news(stances: dict[str, str]) -> Play:
    game, acts = play(longer(turns=1)), brought(stances).acts
    for act in acts:
        if game.table.phase == "news":
            break
        game.table.apply(act)
    return game


def test_its_forecast_knows_nobodys_orders_and_moves_only_itself() -> None:
    def council(staff: dict[str, Any], draft: bool) -> Any:
        game = play(longer(turns=1))
        game.do("take", FACILITATOR, seat="staff", name="staff")
        game.to("orders")
        game.do("orders", "staff", **staff)
        if draft:
            game.do("draft", "staff", **ITEM)
        game.to("council")
        case = case_of(game.table)
        found = outcomes_of(case, 4)
        return {i: [prospects(case, found, i, seat) for seat in case.setup.game.seats] for i in case.items}

    one, other = ORDERS["staff"], ORDERS["staff"] | {"open_door": 0.9, "sharing": 0.6}
    with_it, without = council(one, True), council(one, False)
    assert council(other, True) == with_it
    assert {item: told for item, told in with_it.items() if item != PROPOSAL} == without
    assert any(p.passed != p.held_up for seat in with_it[PROPOSAL] for p in seat)


def test_the_staff_brings_it_on_its_page_and_all_read_it_in_the_council(tmp_path: Path) -> None:
    made = web(tmp_path / "class.interlock")
    try:
        to(made, "orders")
        staff, east = made.people["staff"], made.people["east"]
        assert 'id="own-item"' in staff.get("/play").text and 'id="own-item"' not in east.get("/play").text
        assert staff.post("/draft", **ITEM).status_code == 409, "first the orders"
        staff.post("/orders", **ORDERS["staff"])
        before = east.get("/play").text
        assert staff.post("/draft", **ITEM).status_code == 200
        assert east.get("/play").text.count("own item") == before.count("own item") == 0
        assert east.post("/draft", **ITEM).status_code == 409
        to(made, "council")
        for seat, person in made.people.items():
            assert "Share intelligence, to 1 for this turn" in person.get("/play").text, seat
        assert east.post("/stance", item=PROPOSAL, stance="object").status_code == 200
        to(made, "news")
        for person in made.people.values():
            assert "The Council refuses what the staff brought: Share intelligence" in person.get("/play").text
    finally:
        made.close()
