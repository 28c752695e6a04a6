"""What a seat sees: estimates that hold the truth, and not one bit of what another seat ordered."""

from dataclasses import astuple, replace
from typing import Any

import numpy as np
import pytest
from playing import ORDERS, SEATS, Play, eventful, play, small

from game.core.act import FACILITATOR
from game.core.seen import ESTIMATED, KNOWN, UNKNOWN, news_for, seat_view
from sim.declare.names import FLOWS, MEASURES, STATE_VARIABLES


@pytest.fixture(scope="module")
def late() -> Play:
    """A game in its second turn's orders, after a turn in which everybody played."""
    game = play()
    game.to("orders")
    for seat, orders in ORDERS.items():
        game.do("orders", seat, **orders)
    game.to("orders", 1)
    return game


def everything(game: Play, seat: str) -> dict[str, Any]:
    """Every field of a seat's view."""
    return {name: repr(value) for name, value in vars(seat_view(game.table, seat)).items()}


def two_games(turn: int) -> tuple[Play, Play]:
    games = play(), play()
    for game in games:
        game.to("orders", turn)
    return games


@pytest.mark.parametrize("actor", SEATS)
@pytest.mark.parametrize("turn", [0, 1])
def test_no_fact_of_a_seats_orders_reaches_another_before_resolution(actor: str, turn: int) -> None:
    """Two games that differ in one seat's orders look alike from every other seat, in orders and in the Council.

    Of the staff's orders the Council sees what the staff puts on the agenda: that is what an agenda is for.
    """
    with_orders, without = two_games(turn)
    with_orders.do("orders", actor, **ORDERS[actor])
    without.now += 1.0
    for phase in ("orders", "council"):
        for seat in SEATS:
            views = everything(with_orders, seat), everything(without, seat)
            if seat == actor:
                assert views[0]["orders"] != views[1]["orders"] or phase == "council"
            elif actor != "staff" or phase == "orders":
                assert views[0] == views[1], (seat, phase)
        with_orders.close()
        without.close()


def test_no_stance_of_another_is_seen_before_the_deadline() -> None:
    games = play(), play()
    for game in games:
        game.to("council")
    games[0].do("stance", "east", item="mandate", stance="object")
    for seat in SEATS:
        same = everything(games[0], seat) == everything(games[1], seat)
        assert same == (seat != "east"), seat


def test_offers_are_seen_by_the_two_only() -> None:
    game = play()
    game.to("council")
    game.do("bargain", "east", to="west", give={"status": "amend"}, want={"mandate": "let_pass"})
    assert [len(seat_view(game.table, seat).offers) for seat in SEATS] == [0, 1, 1, 0, 0, 0]


def test_a_view_holds_its_own_seats_objectives_only(late: Play) -> None:
    secret = {o.title for s in small().game.seats for o in s.objectives if o.secret}
    assert len(secret) == 3
    for seat in small().game.seats:
        view = seat_view(late.table, seat.id)
        assert {goal.title for goal in view.goals} == {o.title for o in seat.objectives}
        assert view.seat == seat and view.orders is None


def test_estimates_hold_the_truth_within_their_band() -> None:
    game = eventful()
    course, checked = game.table.course, 0
    scale = {"harm": 3.0}
    for seat in small().game.seats:
        for title, facts in seat_view(game.table, seat.id).others:
            other = next(s for s in small().game.seats if s.title == title)
            for fact in facts:
                if fact.status == UNKNOWN:
                    assert other.kind == "rival" and fact.value is None and fact.low is None
                    continue
                assert fact.status == ESTIMATED and fact.low <= fact.value <= fact.high  # type: ignore[operator]
                step = next(s for s in range(course.engine.step) if course.setup.quarter(s) == fact.quarter)
                assert step == len(course.quarters) - 3, "estimates are half a year old"
                column = STATE_VARIABLES.index(fact.label)
                rows = [course.built.codes.index(code) for code in other.states]
                seen = np.array([q.states[rows, column].mean() for q in course.quarters[: step + 1]])
                true = seen.mean() if fact.label in FLOWS else seen[-1]
                assert fact.low <= true <= fact.high  # type: ignore[operator]
                width = scale.get(fact.label, 0.3) * (1.0 - small().game.confidence)
                assert fact.high - fact.low == pytest.approx(2 * width)  # type: ignore[operator]
                checked += 1
    assert checked > 20


def test_estimates_are_no_oracle(late: Play) -> None:
    """Some are clearly off the truth, and two seats estimate the same thing differently."""
    views = [seat_view(late.table, seat).world for seat in ("east", "rival")]
    guessed = [{f.label: f.value for f in view if f.status == ESTIMATED} for view in views]
    assert guessed[0].keys() == guessed[1].keys() and all(guessed[0][k] != guessed[1][k] for k in guessed[0])


def test_published_measures_are_exact(late: Play) -> None:
    for fact in seat_view(late.table, "rival").world:
        if fact.status == KNOWN:
            name = fact.label.replace(" ", "_")
            assert fact.value == late.table.course.quarters[-1].measures[MEASURES.index(name)]


def test_what_is_estimated_does_not_depend_on_who_asks_first(late: Play) -> None:
    forward = [everything(late, seat) for seat in SEATS]
    assert [everything(late, seat) for seat in reversed(SEATS)][::-1] == forward


def test_more_confidence_means_narrower_bands(late: Play) -> None:
    table, setup = late.table, late.table.course.setup
    widths = []
    for confidence in (0.2, 0.9):
        table.course.setup = replace(setup, game=setup.game.model_copy(update={"confidence": confidence}))
        widths.append([f.high - f.low for f in seat_view(table, "east").world if f.status == ESTIMATED])  # type: ignore
    table.course.setup = setup
    assert all(wide > narrow for wide, narrow in zip(*widths, strict=True))


def test_who_wrote_the_letter_is_known_inside_only() -> None:
    game = play()
    game.to("council")
    game.do("stance", "east", item="mandate", stance="object")
    game.close()
    texts = {
        seat: " ".join(text for _, text in seat_view(game.table, seat).news) for seat in SEATS
    } | {"screen": " ".join(text for _, text in news_for(game.table, None))}  # fmt: skip
    for who, text in texts.items():
        assert "the mandate is held up" in text
        assert ("held up by EST" in text) == (who in ("staff", "east", "west")), who


def test_an_inject_is_read_when_it_struck_and_not_before() -> None:
    game = play()
    game.to("orders")
    game.do("inject", FACILITATOR, title="Grid down", kind="cyber_attack", states=["MDA"], severity=40, quarter=1)
    assert not any("Grid down" in everything(game, seat)["news"] for seat in SEATS)
    game.to("news")
    assert all("Grid down" in everything(game, seat)["news"] for seat in SEATS)


def test_a_rival_knows_itself_and_others_do_not(late: Play) -> None:
    own = {fact.label for _, facts in seat_view(late.table, "rival").own for fact in facts}
    assert own == {"pressure that we feel", "our hostility"}
    for seat in SEATS[:-1]:
        facts = dict(seat_view(late.table, seat).others)["Russia"]
        assert [astuple(f)[1:3] for f in facts] == [(UNKNOWN, None)] * 2


def test_why_places_were_cut_is_told_to_the_partners_that_asked_and_to_nobody_else(late: Play) -> None:
    table = late.table
    names = dict(zip(table.course.built.codes, table.course.built.names, strict=True))
    told = 0
    for seat in (None, *table.game.seats):
        lines = [text for _, text in news_for(table, seat) if "less than was asked for" in text]
        if seat is None or seat.kind != "partners":
            assert not lines
            continue
        own = {names[code] for code in seat.states}
        assert all(set(line.split(": ")[0].split(", ")) <= own for line in lines)
        told += len(lines)
    assert told > 0
