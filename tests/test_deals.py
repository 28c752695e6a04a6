"""Deals between any two seats, carried out or judged; messages; allies that nobody plays; amounts of an amendment."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import ORDERS, SEATS, Play, play, same_standing, small, state_of

from game.core.act import FACILITATOR, Act, Refused
from game.core.bargains import Term, can_be, carried_out, keeps
from game.core.council.forecast import case_of, outcomes_of, prospects
from game.core.council.positions import FEW
from game.core.phases import Table, replayed
from game.core.seen import news_for, seat_view
from game.seats.forms import spent, wrong_with
from game.seats.kinds import KINDS
from game.seats.laying import rows_of
from game.tournament.silences import ORDERED, silences
from sim.declare.names import ITEMS, LET_PASS, MOVES, OBJECT

PLEDGE, NO_OFFER = ["pledge", "least", 0.8], ["accept", "most", 0.0]
UNEASY = {"envelope": 240.0, "tailoring": 0.0, "size": 0.0, "outreach": 0.0, "communication": 0.0}


def deal(game: Play, by: str = "east", to: str = "candidates", accept: bool = True, **data: Any) -> None:
    """An offer with terms about orders, and its answer."""
    terms = {"give": {}, "want": {}, "give_orders": [PLEDGE], "want_orders": [NO_OFFER], "due": game.table.first_due}
    game.do("bargain", by, to=to, **(terms | data))
    game.do("answer", to, number=len(game.table.bargains) - 1, accept=accept)


def refused(game: Play, kind: str, actor: str, /, **data: Any) -> str:
    before = state_of(game.table)
    with pytest.raises(Refused) as error:
        game.do(kind, actor, **data)
    assert state_of(game.table) == before
    return str(error.value)


def laid(table: Table, name: str, seat: str, turn: int = 0) -> set[float]:
    """What is asked of a seat's states."""
    return set(getattr(table.course.standing, name)[turn, rows_of(table.course.built, table.game.seat(seat))].tolist())


@pytest.mark.parametrize("orders", [None, ORDERS["east"], {"fund": 1.5, "lead": 2.0, "pledge": 0.0, "troops": 0.0}])
def test_a_deal_that_binds_is_carried_out_whatever_is_ordered(orders: dict[str, float] | None) -> None:
    game = play()
    game.to("brief")
    deal(game)
    game.close()
    if orders is not None:
        game.do("orders", "east", **orders)
    game.do("orders", "candidates", **(ORDERS["candidates"] | {"accept": 1.0}))
    game.to("news")
    assert min(laid(game.table, "pledge", "east")) >= 0.8 and laid(game.table, "accept", "candidates") == {0.0}
    assert spent(KINDS["members"].form, game.table.orders_given[0, "east"]) <= 10.0 + 1e-9
    assert game.table.deals[0].kept == {"east": True, "candidates": True}


def test_what_a_deal_moved_does_not_stand_in_the_next_turn() -> None:
    game = play()
    for seat in ("east", "candidates"):
        game.do("take", FACILITATOR, seat=seat, name=seat)
    game.to("orders")
    deal(game)
    game.do("orders", "east", **ORDERS["east"])
    game.to("orders", 1)
    assert game.table.orders_given[0, "east"]["pledge"] == 0.8 and game.table.standing() == {"east": ORDERS["east"]}


def test_a_promise_moves_nothing_and_both_read_who_kept_it() -> None:
    game, other = play(), play()
    for one in (game, other):
        one.to("orders")
    deal(game, binding=False)
    for one in (game, other):
        one.do("orders", "east", **ORDERS["east"])
        one.do("orders", "candidates", **ORDERS["candidates"])
        one.to("news")
    assert same_standing(game.table.course, other.table.course)
    game.to("brief", 1)
    for seat in SEATS:
        shown = [one.kept for one in seat_view(game.table, seat).deals]
        assert shown == ([{"east": False, "candidates": True}] if seat in ("east", "candidates") else [])


def test_a_deal_of_the_council_is_due_in_the_next_turn_and_waits_for_it() -> None:
    game = play()
    game.to("council")
    deal(game, "rival", "west", give_orders=[["coercion", "most", 1.0]], want={"mandate": "amend"}, want_orders=[])
    game.to("orders", 1)
    assert [tuple(one) for one in seat_view(game.table, "rival").promised] == [("coercion", "most", 1.0)]
    game.do("orders", "rival", **ORDERS["rival"])
    game.close()
    assert game.table.orders_given[1, "rival"]["coercion"] == 1.0
    assert game.table.deals[0].kept == {"west": True}


def test_offers_that_make_no_sense_are_refused() -> None:
    game = play()
    nothing: dict[str, Any] = {"give": {}, "want": {}, "give_orders": [PLEDGE], "want_orders": [NO_OFFER], "due": 0}
    assert "while the game runs" in refused(game, "bargain", "east", to="west", **nothing)
    game.to("orders")
    good = {"to": "candidates", **nothing}
    for changed, words in (
        ({"to": "east"}, "another seat"), ({"to": "nobody"}, "another seat"), ({"give_orders": []}, "says what you do"),
        ({"give_orders": [["accept", "most", 0.0]]}, "lines of the order form"), ({"due": 3}, "still open"),
        ({"give_orders": [["pledge", "least", 2.0]]}, "range"), ({"due": True}, "still open"), ({"due": None}, "open"),
        ({"give_orders": [["pledge", "about", 0.5]]}, "lines of the order form"), ({"binding": 1}, "binds"),
        ({"give_orders": [["pledge", "least", 0.6], ["pledge", "most", 0.2]]}, "one purse"), ({"give": None}, "says"),
        ({"give_orders": [["fund", "least", 1.5], ["pledge", "least", 1.0], ["troops", "least", 1]]}, "one purse"),
        ({"give_orders": [["pledge", "least", float("nan")]]}, "range"), ({"give": {"programme": "amend"}}, "not sit"),
    ):  # fmt: skip
        assert words in refused(game, "bargain", "east", **(good | changed)), changed
    game.do("bargain", "east", **good)
    assert "not open" in refused(game, "answer", "west", number=0, accept=True)
    game.close()
    assert "Too late" in refused(game, "answer", "candidates", number=0, accept=True)
    for _ in range(19):
        game.do("bargain", "east", **(good | {"due": 1}))
    assert "enough" in refused(game, "bargain", "east", **(good | {"due": 1}))


def test_nobody_promises_more_than_one_purse() -> None:
    game = play()
    game.to("orders")
    deal(game, give_orders=[["fund", "least", 1.5]])
    with pytest.raises(Refused, match="promised too much"):
        deal(
            game, "west", "east", give_orders=[PLEDGE], want_orders=[["pledge", "least", 1.0], ["troops", "least", 0.5]]
        )


FORM = KINDS["members"].form
TERMS = st.lists(
    st.sampled_from(FORM.lines).flatmap(
        lambda line: st.tuples(st.just(line.name), st.sampled_from(("least", "most")), st.floats(line.low, line.high))
    ), max_size=4,
)  # fmt: skip
VALUES = st.fixed_dictionaries({line.name: st.floats(line.low, line.high) for line in FORM.lines})


@settings(max_examples=200, deadline=None)
@given(TERMS, VALUES)
def test_what_is_carried_out_keeps_every_term_within_the_purse(listed: list[Any], orders: dict[str, float]) -> None:
    terms = [Term(*one) for one in listed]
    if can_be(FORM, terms) and not wrong_with(FORM, orders, ()):
        done = carried_out(FORM, orders, terms)
        assert keeps(FORM, done, terms) and not wrong_with(FORM, done, ())
        assert carried_out(FORM, orders, []) == orders


def test_messages_are_read_by_two_and_by_all_once_they_are_quoted() -> None:
    game = play()
    game.to("council")
    game.do("message", "rival", to="west", tone="warn", item="mandate", words=" Think twice. ")
    assert [len(seat_view(game.table, seat).messages) for seat in SEATS] == [0, 0, 1, 0, 0, 1]
    assert not any("Think twice" in text for _, text in news_for(game.table, None))
    game.do("quote", FACILITATOR, number=0)
    assert [t for _, t in news_for(game.table, None) if "Think" in t] == ["Russia to Western allies: “Think twice.”"]
    refused(game, "quote", FACILITATOR, number=0)
    for data in ({"to": "rival"}, {"to": "x"}, {"words": " "}, {"words": "x" * 241}, {"tone": "shout"}, {"item": "x"}):
        refused(game, "message", "rival", **({"to": "west", "words": "Hm."} | data))
    game.do("messages", FACILITATOR, on=False)
    assert "switched" in refused(game, "message", "east", to="west", words="Hello")
    refused(game, "messages", "east", on=True)


def hesitant() -> Play:
    """A Council in which an ally that nobody plays hesitates over a large programme."""
    game = play()
    for seat in ("east", "west"):
        game.do("take", FACILITATOR, seat=seat, name=seat)
    game.to("orders")
    game.do("orders", "rival", **(dict.fromkeys(MOVES, 0.0) | {"wedge": 10.0}))
    game.to("orders", 1)
    game.do("orders", "staff", **UNEASY)
    for seat in ("east", "west"):
        game.do("orders", seat, fund=0.5)
    game.close()
    return game


def test_allies_that_nobody_plays_keep_silence_but_for_named_reasons_and_can_be_won() -> None:
    game, other = hesitant(), hesitant()
    uneasy = game.table.uneasy["programme"]
    assert 0 < len(uneasy) <= FEW and {one.reason for one in uneasy.values()} <= {"quarrel", "wedge"}
    code, one = next(iter(uneasy.items()))
    row = game.table.course.built.codes.index(code)
    for seat in ("rival", "candidates", "staff"):
        assert "Only allies" in refused(game, "win", seat, item="programme", state=code)
    assert "need not" in refused(game, "win", "east", item="programme", state="EST")
    game.do("win", "east", item="programme", state=code)
    assert "need not" in refused(game, "win", "west", item="programme", state=code)
    shown = {seat: dict(item_sides(game, seat))[code] for seat in ("east", "west")}
    assert shown == {"east": "Eastern allies", "west": ""}, "who won it is nobody else's business"
    for played in (game, other):
        played.close()
    stance = [played.table.course.standing.stance[1, row, ITEMS.index("programme")] for played in (game, other)]
    assert stance == [LET_PASS, -1]
    assert laid(game.table, "fund", "east", 1) == {0.5 + one.price} and laid(other.table, "fund", "east", 1) == {0.5}


def item_sides(game: Play, seat: str) -> list[tuple[str, str]]:
    view = next(one for one in seat_view(game.table, seat).council if one.item == "programme")
    return [(one.code, one.won_by) for one in view.what.uneasy]


def test_what_a_seat_asks_for_is_what_an_amendment_leaves() -> None:
    game = hesitant()
    for amount in (60, True, "50", 100):
        refused(game, "stance", "east", item="programme", stance="amend", amount=amount)
    refused(game, "stance", "east", item="programme", stance="object", amount=50)
    game.do("stance", "east", item="programme", stance="amend", amount=50)
    game.do("stance", "west", item="programme", stance="amend")
    game.close()
    assert laid(game.table, "amount", "east", 1) == {0.5} and laid(game.table, "amount", "west", 1) == {0.75}
    assert OBJECT not in game.table.course.standing.stance[1]


def test_acts_of_before_say_nothing_of_who_hesitates_and_blocs_decide_as_they_did() -> None:
    game = play()
    game.to("orders")
    acts = [Act("open", FACILITATOR), Act("close", FACILITATOR)]
    acts += [Act("close", FACILITATOR, {"agenda": {"programme": 0}}), Act("close", FACILITATOR)]
    assert (replayed(small(), acts).course.standing.stance[0] == -1).all()


@pytest.mark.parametrize("title", ORDERED)
def test_at_most_one_silence_in_twenty_is_broken_by_a_state_that_nobody_could_foresee(title: str) -> None:
    from game.core.game_file import load_game, setup_of

    found = silences(setup_of(load_game("flank")), title, 4)
    print(found.words())
    assert found.passed and (found.broken or title == "all by policy")


def test_forecasts_know_the_proposal_and_nothing_of_what_anybody_ordered() -> None:
    """Two Councils after turns in which every seat but the staff ordered otherwise: the same case, the same numbers."""
    cases = []
    for orders in (
        ORDERS,
        {"west": {"fund": 1.0, "pledge": 0.9, "troops": 0.1}, "rival": dict.fromkeys(MOVES, 0.0) | {"restraint": 9.0}},
    ):
        game = play()
        for turn in (0, 1):
            game.to("orders", turn)
            for seat, given_ in orders.items():
                if seat != "staff":
                    game.do("orders", seat, **given_)
            game.do("orders", "staff", envelope=160.0)
            game.close()
        cases.append(case_of(game.table))
    assert cases[0].items == cases[1].items and cases[0].key == cases[1].key
    found = [outcomes_of(one, 2) for one in cases]
    for item in cases[0].items:
        for seat in small().game.seats:
            assert prospects(cases[0], found[0], item, seat) == prospects(cases[1], found[1], item, seat)
    large = outcomes_of(replace(cases[0], envelope=240.0), 2)
    assert prospects(cases[0], large, "programme", small().game.seat("west")) != prospects(
        cases[0], found[0], "programme", small().game.seat("west")
    )
