"""The table: what each phase allows, silence and its price, bargains, empty seats, injects, overrides."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playing import ORDERS, SEATS, Play, eventful, longer, play, same_standing, small, state_of

from game.core.act import CLOCK, FACILITATOR, Act, Refused
from game.core.phases import replayed
from game.seats.forms import spent, wrong_with
from game.seats.kinds import KINDS
from game.seats.laying import rows_of
from sim.declare.names import AMEND, ITEMS, LET_PASS, MEMBER, OBJECT
from sim.runs.engine import Engine

PHASES = ("lobby", "brief", "orders", "council", "news", "review")
INJECT = {"title": "Grid down", "kind": "cyber_attack", "states": ["MDA"], "severity": 40.0}


def at(phase: str, turn: int = 0) -> Play:
    game = play()
    if phase != "lobby":
        game.to(phase, 2 if phase == "review" else turn)
    return game


def refused(game: Play, kind: str, actor: str, /, **data: object) -> str:
    """The words of the refusal; nothing may have changed."""
    before = state_of(game.table)
    with pytest.raises(Refused) as error:
        game.do(kind, actor, **data)
    assert state_of(game.table) == before
    return str(error.value)


def states(game: Play, seat: str) -> list[int]:
    """Rows of a seat's states."""
    return rows_of(game.table.course.built, small().game.seat(seat))


def test_the_phases_follow_one_another_for_all_turns_and_end_in_review() -> None:
    game, seen = play(), ["lobby"]
    game.do("open", FACILITATOR)
    while game.table.phase != "review":
        seen.append(game.table.phase)
        game.close()
    assert seen == ["lobby", *["brief", "orders", "council", "news"] * 3]
    assert len(game.table.course.quarters) == small().game.horizon() == 1 + 3 * 2 + 4
    refused(game, "close", FACILITATOR)


@pytest.mark.parametrize("phase", PHASES)
def test_orders_stand_in_their_phase_only(phase: str) -> None:
    game = at(phase)
    for seat, orders in ORDERS.items():
        if phase == "orders":
            game.do("orders", seat, **orders)
            assert game.table.places[seat].orders == orders
        else:
            assert "closed" in refused(game, "orders", seat, **orders)


@pytest.mark.parametrize("phase", PHASES)
def test_stances_and_bargains_stand_in_the_council_only(phase: str) -> None:
    game = at(phase)
    acts = [
        ("stance", "east", {"item": "mandate", "stance": "object"}),
        ("bargain", "east", {"to": "west", "give": {"status": "let_pass"}, "want": {"mandate": "let_pass"}}),
    ]  # fmt: skip
    for kind, actor, data in acts:
        if phase == "council":
            game.do(kind, actor, **data)
        else:
            refused(game, kind, actor, **data)


def test_only_allies_sit_in_the_council() -> None:
    game = at("council")
    for seat in ("staff", "candidates", "caucasus", "rival"):
        assert "Only allies" in refused(game, "stance", seat, item="mandate", stance="object")
        refused(game, "bargain", seat, to="west", give={"status": "let_pass"}, want={"status": "amend"})
        refused(game, "bargain", "east", to=seat, give={"status": "let_pass"}, want={"status": "amend"})


def test_orders_can_be_edited_until_the_phase_closes_and_the_last_ones_count() -> None:
    game, other = at("orders"), at("orders")
    game.do("orders", "east", fund=0.0)
    game.do("orders", "east", **ORDERS["east"])
    other.do("orders", "east", **ORDERS["east"])
    game.close(), other.close()
    assert same_standing(game.table.course, other.table.course)


def test_late_acts_are_refused_even_before_the_clock_ticks() -> None:
    game = at("orders")
    assert game.table.deadline is not None
    game.now = game.table.deadline - 1.5
    game.do("orders", "east", fund=0.5)
    assert "Too late" in refused(game, "orders", "west", fund=0.5)
    game.now = game.table.deadline + 30.0
    assert "Too late" in refused(game, "orders", "east", fund=1.5)
    game.do("extend", FACILITATOR, minutes=2.0)
    game.do("orders", "west", fund=0.5)


def test_a_pause_stops_the_clock_and_hands() -> None:
    game = at("orders")
    left = game.table.deadline - game.now  # type: ignore[operator]
    game.do("pause", FACILITATOR)
    game.now += 3600.0
    refused(game, "close", CLOCK)
    assert "paused" in refused(game, "orders", "east", fund=1.0)
    game.do("extend", FACILITATOR, minutes=1.0)
    game.do("resume", FACILITATOR)
    assert game.table.deadline - game.now == pytest.approx(left - 1.0 + 60.0)  # type: ignore[operator]
    game.do("orders", "east", fund=1.0)


def test_only_the_facilitator_and_the_clock_steer() -> None:
    game = at("orders")
    for seat in SEATS:
        refused(game, "close", seat)
        refused(game, "inject", seat, **INJECT)
        refused(game, "orders_for", seat, seat="east", orders={}, reason="mine")
        refused(game, "take", seat, seat="rival", name=seat)
        refused(game, "leave", seat, seat="east")
    refused(game, "orders", "nobody", fund=1.0)
    refused(game, "drop", FACILITATOR)


def test_purses_and_ranges_are_kept_and_said() -> None:
    game = at("orders")
    words = refused(game, "orders", "east", fund=1.5, lead=3.0, pledge=1.0, troops=1.0)
    assert "16.5" in words and "10" in words
    for seat, orders in (
        ("east", {"fund": 1.6}), ("east", {"fund": float("nan")}), ("east", {"fund": True}), ("east", {"fund": "1"}),
        ("east", {"envelope": 100}), ("rival", {"target": "XXX"}), ("rival", {"target": ["MDA"]}),
        ("east", {"target": "MDA"}), ("east", {"fund": None}), ("staff", {"envelope": float("inf")}),
    ):  # fmt: skip
        assert refused(game, "orders", seat, **orders)  # type: ignore[arg-type]


def test_every_seat_is_scarce_and_can_do_nothing_special() -> None:
    for form in (kind.form for kind in KINDS.values()):
        assert not wrong_with(form, {}, ()), "what a form shows first must be affordable"
        most = {line.name: line.high for line in form.lines}
        assert spent(form, most) > form.holds, "a purse that pays for everything asks for no choice"


def test_breaking_silence_holds_an_item_up_and_one_ally_pays_the_price_shown() -> None:
    """However many states a seat speaks for: breaking silence for free would be no consensus."""
    game, silent = at("council"), at("council")
    game.do("stance", "east", item="mandate", stance="object")
    silent.do("stance", "east", item="mandate", stance="let_pass")
    game.close(), silent.close()
    item, lived = ITEMS.index("mandate"), game.table.course.quarters[1:]
    assert game.table.course.quarters[-1].decided[item] == 0
    assert "the mandate is held up by EST" in " ".join(e.text for q in lived for e in q.events)
    recovery = game.table.course.engine.parameters.goodwill_recovery
    paid = 1.0 - game.table.goodwill("east")
    assert game.table.price - 2 * recovery - 1e-9 <= paid <= 2 * game.table.price
    rows = rows_of(game.table.course.built, small().game.seat("east"))
    worlds = [one.table.course.engine.world.goodwill[rows] for one in (game, silent)]
    assert (worlds[0] < worlds[1] - 1e-9).sum() == 1


def test_too_little_goodwill_cannot_break_silence_nor_promise_to() -> None:
    game = at("council")
    game.table.course.engine.world.goodwill[states(game, "east")] = 0.9 * game.table.price
    assert "goodwill" in refused(game, "stance", "east", item="mandate", stance="object")
    give, want = {"mandate": "object"}, {"status": "let_pass"}
    assert "goodwill" in refused(game, "bargain", "east", to="west", give=give, want=want)
    game.do("bargain", "west", to="east", give=want, want=give)
    assert "goodwill" in refused(game, "answer", "east", number=0, accept=True)
    game.do("answer", "east", number=0, accept=False)
    game.do("stance", "east", item="mandate", stance="amend")


def test_silence_means_assent() -> None:
    """A seat that is played and says nothing lets everything pass."""
    game = at("orders")
    for seat in ("east", "west"):
        game.do("orders", seat)
    game.close()
    game.close()
    stances, built = game.table.course.standing.stance[0], game.table.course.built
    rows = states(game, "east") + states(game, "west")
    assert (stances[rows] == LET_PASS).all()
    others = [n for n in range(len(stances)) if n not in rows]
    uneasy = {(code, item) for item, found in game.table.uneasy.items() for code in found}
    for n in others:
        for i, item in enumerate(ITEMS):
            bloc = game.table.course.engine.world.role[n] == MEMBER and (built.codes[n], item) not in uneasy
            assert stances[n, i] == (LET_PASS if bloc else -1), "an ally that nobody plays keeps silence"


def test_an_accepted_bargain_binds_both() -> None:
    game = at("council")
    game.do("bargain", "east", to="west", give={"status": "amend"}, want={"mandate": "object"})
    refused(game, "answer", "east", number=0, accept=True)
    refused(game, "answer", "west", number=1, accept=True)
    refused(game, "answer", "west", number=True, accept=True)
    game.do("answer", "west", number=0, accept=True)
    assert "word" in refused(game, "stance", "east", item="status", stance="let_pass")
    assert "word" in refused(game, "stance", "west", item="mandate", stance="let_pass")
    refused(game, "answer", "west", number=0, accept=False)
    game.do("bargain", "west", to="east", give={"mandate": "let_pass"}, want={"mandate": "let_pass"})
    assert "word" in refused(game, "answer", "east", number=1, accept=True)
    game.close()
    standing = game.table.course.standing
    signed = standing.stance[0, states(game, "west"), ITEMS.index("mandate")]
    assert signed.tolist() == [OBJECT, LET_PASS, LET_PASS, LET_PASS]
    assert (standing.stance[0, states(game, "east"), ITEMS.index("status")] == AMEND).all()


def test_a_declined_bargain_binds_nobody() -> None:
    game = at("council")
    game.do("bargain", "east", to="west", give={"status": "amend"}, want={"mandate": "object"})
    game.do("answer", "west", number=0, accept=False)
    game.do("stance", "west", item="mandate", stance="let_pass")
    game.do("stance", "east", item="status", stance="let_pass")
    assert [b.answer for b in game.table.bargains] == ["declined"]


def test_empty_seats_leave_a_run_equal_to_the_bit_to_the_policys_own() -> None:
    game = play()
    game.do("take", FACILITATOR, seat="east", name="Ann")  # sits there and sends nothing
    game.to("review")
    setup = small()
    engine = Engine(setup.scenario, setup.policy, setup.game.seed)
    for step, _ in enumerate(engine.run()):
        assert np.array_equal(engine.measures, game.table.course.quarters[step].measures)
    assert len(game.table.course.quarters) == engine.step


def test_after_the_last_turn_policies_play_four_quarters() -> None:
    game = eventful()
    turns = game.table.course.standing.turn
    assert turns.tolist() == [-1, 0, 0, 1, 1, 2, 2, -1, -1, -1, -1]


@pytest.mark.parametrize("seat", SEATS)
def test_orders_of_every_seat_change_the_world(seat: str) -> None:
    game, plain = at("orders"), at("orders")
    game.do("orders", seat, **ORDERS[seat])
    game.to("news"), plain.to("news")
    assert game.table.course.quarters[-1].hash != plain.table.course.quarters[-1].hash


def test_an_inject_strikes_when_and_where_it_is_put_and_can_be_withdrawn() -> None:
    game, plain, back = at("orders"), at("orders"), at("orders")
    game.do("inject", FACILITATOR, **INJECT, quarter=1)
    back.do("inject", FACILITATOR, **INJECT, quarter=1)
    back.do("withdraw_inject", FACILITATOR, title="Grid down")
    for one in (game, plain, back):
        one.to("news")
    quarters = [one.table.course.quarters for one in (game, plain, back)]
    assert quarters[0][1].hash == quarters[1][1].hash, "nothing before its quarter"
    assert quarters[0][2].hash != quarters[1][2].hash
    assert [q.hash for q in quarters[2]] == [q.hash for q in quarters[1]] and not back.table.injected


@pytest.mark.parametrize("wrong", [
    {"title": ""}, {"title": 3}, {"kind": "meteor"}, {"states": []}, {"states": ["XXX"]}, {"severity": 0.5},
    {"severity": float("nan")}, {"severity": "40"}, {"quarter": 2}, {"quarter": -1},
])  # fmt: skip
def test_senseless_injects_are_refused(wrong: dict[str, object]) -> None:
    refused(at("orders"), "inject", FACILITATOR, **(INJECT | wrong))


@pytest.mark.parametrize("result, decided", [("agreed", 2), ("amended", 1), ("held_up", 0)])
def test_an_override_rules_and_is_logged_with_its_reason(result: str, decided: int) -> None:
    game = at("council")
    game.do("stance", "east", item="mandate", stance="object" if decided else "let_pass")
    assert "reason" in refused(game, "override", FACILITATOR, item="mandate", result=result)
    game.do("override", FACILITATOR, item="mandate", result=result, reason="a lesson")
    assert "a lesson" in game.table.log[-1]
    first = game.table.course.engine.step
    game.close()
    assert {q.decided[ITEMS.index("mandate")] for q in game.table.course.quarters[first:]} - {-1} == {decided}


def test_the_agenda_names_items_and_the_state_they_are_about() -> None:
    table = at("council").table
    assert set(table.agenda) == {"status", "mandate"} and table.course.built.codes[table.agenda["status"]] == "BIH"


ACTORS = st.sampled_from((*SEATS, FACILITATOR, CLOCK, "nobody"))
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 300), st.floats(), st.text(max_size=3),
    st.lists(st.integers(), max_size=2),
)  # fmt: skip
LINES = sorted({line.name for kind in KINDS.values() for line in kind.form.lines} | {"target", "nonsense"})
FAIR = st.sampled_from([Act("orders", seat, orders) for seat, orders in ORDERS.items()])
STANCE = st.sampled_from(("let_pass", "amend", "object", "veto"))
DEAL = st.dictionaries(st.sampled_from(("programme", "status", "mandate")), STANCE, max_size=2)
ITEM = st.sampled_from(ITEMS) | VALUES
TERM = st.tuples(st.sampled_from(LINES), st.sampled_from(("least", "most", "about")), st.floats(0, 1) | VALUES)
TERMS = st.lists(TERM.map(list), max_size=2)
ANY = ACTORS | VALUES


def acts(kinds: str, actor: st.SearchStrategy[str], **data: st.SearchStrategy[object]) -> st.SearchStrategy[Act]:
    """Acts of some kinds with drawn fields."""
    return st.builds(Act, st.sampled_from(kinds.split()), actor, st.fixed_dictionaries(data))


SOME = st.one_of(
    FAIR, acts("open close", st.sampled_from((FACILITATOR, CLOCK))),
    st.builds(Act, st.just("orders"), ACTORS, st.dictionaries(st.sampled_from(LINES), VALUES, max_size=3)),
    acts("stance", ACTORS, item=ITEM, stance=STANCE),
    acts("bargain", ACTORS, to=ANY, give=DEAL, want=DEAL),
    acts("bargain", ACTORS, to=ANY, give=DEAL | VALUES, want=DEAL, give_orders=TERMS, want_orders=TERMS | VALUES,
         due=st.integers(-1, 2) | VALUES, binding=st.booleans()),
    acts("answer", ACTORS, number=st.integers(0, 2) | VALUES, accept=VALUES),
    acts("message", ACTORS, to=ANY, words=st.text(max_size=3) | VALUES, item=ITEM, tone=VALUES | st.just("warn")),
    acts("win", ACTORS, item=ITEM, state=st.sampled_from(("HUN", "EST")) | VALUES),
    acts("messages quote end", ACTORS, on=VALUES, number=VALUES),
    st.builds(lambda a, w: Act("inject", a, INJECT | w), ACTORS, st.dictionaries(
        st.sampled_from(("title", "kind", "states", "severity", "quarter")), VALUES, max_size=1
    )),
    acts("take leave", ACTORS, seat=ANY, name=st.text(max_size=3)),
    acts("pause resume extend withdraw_inject note nonsense", ACTORS, minutes=VALUES, title=st.just("Grid down")),
    acts("override", st.just(FACILITATOR), item=ITEM, reason=VALUES,
         result=st.sampled_from(("agreed", "amended", "held_up", "x"))),
    acts("orders_for", st.just(FACILITATOR), seat=ANY, orders=st.sampled_from(list(ORDERS.values())) | VALUES,
         reason=st.just("paper")),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.lists(SOME, max_size=40))
def test_any_acts_are_applied_or_refused_without_a_trace_and_their_journal_replays(tried: list[Act]) -> None:
    """Whatever anybody sends: an act changes the table or is refused in words and changes nothing."""
    game, taken = play(longer(turns=1)), []
    before = state_of(game.table)
    for number, act in enumerate(tried):
        mine = Act(act.kind, act.actor, dict(act.data), 1000.0 + number)
        try:
            game.table.apply(mine)
        except Refused as words:
            assert str(words) and state_of(game.table) == before
        else:
            taken.append(mine)
            before = state_of(game.table)
    recorded = {q.step: q.orders for q in game.table.course.quarters}
    for orders in ({}, recorded):
        assert state_of(replayed(longer(turns=1), taken, orders)) == state_of(game.table)
