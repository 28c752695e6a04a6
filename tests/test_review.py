"""The review: this world is replicate 0, choices that change nothing change no bit, differences are paired."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playing import equal_standing, levers_alike

from game.core.act import CLOCK, FACILITATOR, Act
from game.core.game_file import Game, Seat, setup_of
from game.core.journal import create_journal
from game.core.phases import Table, new_table
from game.core.replay import Verdict
from game.review.after_action import review
from game.review.beside import CLASS, beside
from game.review.counterfactual import (
    as_recorded,
    deletion,
    deletion_question,
    hand_over,
    relaid,
    twin,
    twin_question,
    words_of,
)
from game.review.league import differences, league
from game.review.legality import no_longer_legal, refusals
from game.review.lucks import Bench, by_policy, luck_of, lucks, percentile, same_as_recorded, values_of, without_seats
from game.review.moved import moved
from game.review.played import Played, RulesChanged, played_from
from game.review.report import SECTIONS, page, write_review
from game.review.story import story
from game.seats.kind import BY_POLICY
from sim.law.asked_orders import Standing, ask_levers, copy_standing

Play = Callable[[Table, int, Seat], dict[str, Any] | None]
Stances = Callable[[int], list[tuple[str, str, str]]]
ORDERS: dict[str, dict[str, Any]] = {
    "staff": {"envelope": 160, "conditionality": 0.5, "tailoring": 0.5},
    "members": {"fund": 1.2, "lead": 1.0, "pledge": 0.5, "troops": 0.2},
    "partners": {"institutions": 2.0, "exercises": 1.5, "accept": 0.0, "apply": 1},
    "rival": {"coercion": 6, "wedge": 3, "counter_offer": 1, "disinformation": 0, "snap_exercise": 0,
              "transparency_offer": 0, "restraint": 0, "target": "MDA"},
}  # fmt: skip

EAST, WEST, OUT = ["EST", "LVA", "LTU", "POL", "ROU", "FIN"], ["USA", "GBR", "FRA", "DEU"], ["UKR", "MDA", "GEO"]


def aim(of: str, low: float, high: float, states: list[str] | None = None) -> dict[str, Any]:
    return {"title": of, "of": of, "low": low, "high": high, "states": states}


def seat_of(name: str, title: str, kind: str, states: list[str], *aims: dict[str, Any]) -> dict[str, Any]:
    return {"id": name, "title": title, "kind": kind, "states": states, "brief": "Play.", "objectives": list(aims)}


# A game of its own, so that tuning of the shipped ones changes no test.
GAME = Game.model_validate({"title": "Test", "scenario": "eastern_flank", "seed": 2026, "turns": 4, "seats": [
    seat_of("staff", "NATO staff", "staff", [], aim("interoperability", 0.3, 0.5), aim("stability", 0.3, 0.6)),
    seat_of("east", "Eastern allies", "members", EAST, aim("harm", 3.0, 0.5, EAST), aim("readiness", 0.5, 0.8, EAST)),
    seat_of("west", "Western allies", "members", WEST, aim("cost", 40.0, 10.0), aim("readiness", 0.5, 0.8, WEST)),
    seat_of("candidates", "Candidates", "partners", OUT, aim("interoperability", 0.3, 0.6, OUT),
            aim("harm", 8.0, 3.0, OUT)),
    seat_of("rival", "Russia", "rival", ["RUS"], aim("tilt", 0.0, 0.3, OUT), aim("consensus_rate", 0.9, 0.5)),
]})  # fmt: skip


def silent(table: Table, turn: int, seat: Seat) -> dict[str, Any] | None:
    return None


def eager(table: Table, turn: int, seat: Seat) -> dict[str, Any] | None:
    return None if seat.id == "west" and turn == 2 else ORDERS[seat.kind]


def stubborn(turn: int) -> list[tuple[str, str, str]]:
    return [("east", "programme", "object")] if turn == 1 else []


def write_game(path: Path, play: Play = silent, stances: Stances = lambda turn: [], turns: int = 99) -> Path:
    """A game played by these rules of thumb, in a file."""
    setup = setup_of(GAME)
    journal, table = create_journal(path, setup), new_table(setup)

    def act(kind: str, actor: str, data: dict[str, Any] | None = None) -> None:
        one = Act(kind, actor, data or {}, 1000.0 + len(journal.acts()))
        lived = table.apply(one)
        journal.append(1, one, lived=lived, snapshot=table.course.snapshot() if lived else None)

    act("open", FACILITATOR)
    for turn in range(min(turns, setup.game.turns)):
        act("close", FACILITATOR)
        for seat in setup.game.seats:
            orders = play(table, turn, seat)
            if orders is not None:
                act("orders", seat.id, orders)
        if turn == 1:
            act("inject", FACILITATOR, {
                "title": "Grid down", "kind": "cyber_attack", "states": ["MDA"], "severity": 30, "quarter": 1,
            })  # fmt: skip
        act("close", CLOCK)
        for seat_id, item, stance in stances(turn):
            if item in table.agenda:
                act("stance", seat_id, {"item": item, "stance": stance})
        act("close", CLOCK)
        act("close", FACILITATOR)
    journal.close()
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("games")


@pytest.fixture(scope="module")
def played(folder: Path) -> Played:
    return played_from(write_game(folder / "eager.interlock", eager, stubborn))


@pytest.fixture(scope="module")
def bench(played: Played) -> Iterator[Bench]:
    yield Bench(played, threads=2)


@pytest.fixture(scope="module")
def policy_only(folder: Path) -> Played:
    return played_from(write_game(folder / "silent.interlock"))


def same(bench: Bench, one: Standing, other: Standing, count: int = 3) -> bool:
    a, b = bench.outcomes([one, other], 0, count)
    columns = ~np.isnan(a.states[0, 0])
    return np.array_equal(a.measures, b.measures) and np.array_equal(a.states[..., columns], b.states[..., columns])


def test_a_game_is_read_turn_by_turn(played: Played) -> None:
    assert played.verdict.verified and played.finished and len(played.turns) == 4
    assert played.turns[0].orders["staff"]["envelope"] == 160
    assert "west" not in played.turns[2].orders and not played.acted("west", 2)
    assert played.turns[1].stances["east"] == {"programme": 2}
    assert [inject.title for _, inject in played.injected(1)] == ["Grid down"]
    assert played.turns[0].views["east"].score is not None


def test_this_world_is_replicate_0_to_the_bit(bench: Bench) -> None:
    assert same_as_recorded(bench)


def test_a_running_game_is_reviewed_up_to_its_last_resolved_turn(folder: Path) -> None:
    running = played_from(write_game(folder / "running.interlock", eager, turns=2))
    assert not running.finished and len(running.turns) == 2 and running.lived == 12
    assert same_as_recorded(Bench(running))


def test_deleting_a_decision_that_was_never_taken_changes_no_bit(bench: Bench, played: Played) -> None:
    question = deletion_question(played, "west", 2)
    assert same(bench, question.frozen.without, question.frozen.base)
    assert same(bench, question.handed.without, question.handed.base)
    found = deletion(bench, "west", 2, count=2)
    assert all(e.here == 0.0 and e.mean.mean == 0.0 for e in (*found.frozen, *found.handed)) and found.refused == ()


def test_deleting_a_decision_changes_nothing_before_it(played: Played) -> None:
    question = deletion_question(played, "staff", 2)
    kept, left = played.table.course.standing, question.frozen.without
    assert all(levers_alike(kept.levers[turn], left.levers[turn]) for turn in (0, 1, 3))
    assert levers_alike(left.levers[2], left.policy)


def test_deleting_a_stance_leaves_everything_else(played: Played) -> None:
    without, base = deletion_question(played, "east", 1, "programme").frozen
    rows = [played.table.course.built.codes.index(code) for code in played.setup.game.seat("east").states]
    free = (played.turns[1].hesitant or {}).get("programme", set())
    silent = [-1 if code in free else 0 for code in played.setup.game.seat("east").states]
    assert (base.stance[1, rows, 0] == 2).any() and without.stance[1, rows, 0].tolist() == silent
    without.stance[1, rows, 0] = base.stance[1, rows, 0]
    assert equal_standing(without, base)
    assert words_of(played, "east", 1, "programme") == "breaks silence on the programme"


def test_a_twin_that_gives_the_same_orders_gives_the_same_bits(bench: Bench, played: Played) -> None:
    for seat in played.setup.game.seats:
        laid = as_recorded(played, copy_standing(played.table.course.standing), seat.id)
        assert same(bench, laid, played.table.course.standing, count=1)


def test_frozen_equals_handed_where_nobody_gave_orders(policy_only: Played) -> None:
    bench = Bench(policy_only)
    for one in twin(bench, "rival", count=2):
        assert one.frozen == one.handed
    assert same(bench, by_policy(policy_only), policy_only.table.course.standing, count=2)


def test_a_policy_twin_of_everybody_is_policy_play(bench: Bench, played: Played) -> None:
    question = twin_question(played, "rival", BY_POLICY)
    assert same(bench, question.handed.without, by_policy(played))
    everybody = without_seats(played, [s.id for s in played.setup.game.seats if s.id != "rival"], range(4))
    assert same(bench, hand_over(played, "rival"), everybody)


def test_a_strategy_is_laid_in_every_turn_and_unknown_ones_are_refused(played: Played) -> None:
    from game.seats.kinds import KINDS

    standing = relaid(
        played, copy_standing(played.table.course.standing), "west", KINDS["members"].strategies["lead nation"]
    )
    assert (standing.lead[:, played.table.course.built.codes.index("USA")] == 3.0).all()
    with pytest.raises(KeyError, match="no strategy"):
        twin_question(played, "west", "bribe")


def test_the_same_question_gives_the_same_answer_with_any_number_of_threads(played: Played) -> None:
    one, two = (deletion(Bench(played, threads=n), "staff", 1, count=60) for n in (1, 2))
    assert one == two


def test_percentiles() -> None:
    assert percentile(1.0, np.ones(9)) == 50.0
    assert percentile(3.0, np.array([1.0, 2.0, 3.0, 4.0])) == 62.5
    assert percentile(0.0, np.ones(4)) == 0.0


def test_this_world_is_policy_play_plus_skill_plus_luck(bench: Bench) -> None:
    for one in lucks(bench, 20):
        assert one.here == pytest.approx(one.policy_mean + one.skill.mean + one.luck)
        assert one.low <= one.high


def test_policy_play_may_meet_fewer_lucks_but_the_same_first_ones(bench: Bench) -> None:
    value = values_of(bench.played)[0]
    found = luck_of(value, 7.0, 0.0, np.array([1.0, 5.0, 9.0, 9.0]), np.array([1.0, 1.0]))
    assert (found.mean, found.policy_mean, found.skill.mean, found.luck, found.percentile) == (3.0, 1.0, 2.0, 4.0, 50.0)


def test_what_is_refused_is_told_only_where_it_was_not_refused_before(played: Played) -> None:
    before = refusals(played, played.table.course.standing)
    assert no_longer_legal(played, played.table.course.standing, before) == ()
    poor = without_seats(played, [], [])
    poor.fund[:] = 0.0
    for turn in range(len(poor.levers)):
        ask_levers(poor, turn, {"envelope": 0.0})
    told = no_longer_legal(played, poor, before)
    assert told and all(line.startswith("Turn ") for line in told)


def test_counterfactuals_are_refused_under_other_rules(played: Played) -> None:
    old = replace(played, verdict=Verdict(1, played.lived, False, True, ()))
    with pytest.raises(RulesChanged, match="the rules have changed"):
        Bench(old)
    assert set(old.scores()) == {"staff", "east", "west", "candidates", "rival"}


def test_league_differences_by_hand() -> None:
    scores = np.array([[10.0, 5.0], [20.0, 5.0], [60.0, 5.0]])
    assert differences(scores).tolist() == [[-30.0, 0.0], [-15.0, 0.0], [45.0, 0.0]]


def test_a_league_compares_the_same_seat_of_the_same_game(played: Played, policy_only: Played) -> None:
    found = league([played, policy_only])
    assert found.groups == ("eager", "silent") and found.turns == 4
    gap = played.scores()["rival"] - policy_only.scores()["rival"]
    assert found.differences[:, 4].tolist() == pytest.approx([gap, -gap])
    with pytest.raises(ValueError, match="at least two"):
        league([played])
    other = replace(played.setup, game=played.setup.game.model_copy(update={"seed": 3}))
    moved_on = replace(policy_only, table=replace(
        policy_only.table, course=replace(policy_only.table.course, setup=other)
    ))  # fmt: skip
    with pytest.raises(ValueError, match="another game"):
        league([played, moved_on])


def test_the_story_tells_orders_council_injects_and_beliefs(played: Played) -> None:
    told = story(played)
    assert [one.number for one in told] == [0, 1, 2, 3]
    second = told[1]
    assert any("Eastern allies" in line and line.startswith("Programme: held up") for line in second.council)
    assert second.injects == ("2027-Q2: Grid down (cyber_attack, severity 30, MDA)".replace("_", " "),)
    east = second.sides[1]
    assert "breaks silence on the programme" in east.decided and east.believed.rows
    assert told[2].sides[2].decided == "left to policy"
    changes = [float(row[3].replace("−", "-")) for one in told for row in one.scores.rows if row[0] == "Russia"]
    assert played.scores(played.end_of(3))["rival"] - played.scores(4)["rival"] == pytest.approx(sum(changes), abs=0.3)


def test_the_ledger_is_replayed_and_sums_up(played: Played) -> None:
    found = moved(played)
    assert np.array_equal(found.results.measures[-1], played.table.course.quarters[-1].measures)
    assert found.by_event.rows
    assert found.trust.heads == ("what", "before", "turn 1", "turn 2", "turn 3", "turn 4", "after", "all")
    for row in (*found.trust.rows, *found.interoperability.rows):
        numbers = [float(cell.replace("−", "-")) for cell in row[1:]]
        assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=4e-4)
    assert found.results.without is not None


@pytest.mark.slow
def test_the_class_beside_shipped_policies(bench: Bench) -> None:
    judged = beside(bench, 4)
    assert judged.asked.titles[0] == bench.played.setup.policy.title and judged.asked.titles[-1] == CLASS
    own, policy = bench.outcomes([bench.played.table.course.standing, by_policy(bench.played)], 1, 4)
    assert np.array_equal(judged.outcomes[-1], own.measures) and np.array_equal(judged.outcomes[0], policy.measures)


@pytest.mark.slow
def test_the_whole_report_is_written_and_holds_no_script_and_no_address(played: Played, tmp_path: Path) -> None:
    told: list[str] = []
    found = review(played, 6, 3, tell=lambda what, done, total: told.append(what))
    written, pdf = write_review(found, tmp_path)
    text = written.read_text(encoding="utf-8")
    assert "<script" not in text and pdf.read_bytes().startswith(b"%PDF")
    assert {name for name in re.findall(r"https?://[^\s\"'<>]+", text)} <= {
        "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink",
    }  # fmt: skip
    for name in SECTIONS:
        assert (f'id="{name}"' in text) == (name != "league")
    assert "&lt;" not in text  # markup that is shown as text
    assert "vote" not in re.sub("pivotal|devote", "", text.lower()).split()
    assert list(dict.fromkeys(told)) == ["Lucks", "Twins", "Decisions", "Policies"]


def test_a_game_of_other_rules_is_shown_without_counterfactuals(played: Played) -> None:
    old = replace(played, verdict=Verdict(1, played.lived, False, True, ()))
    found = review(old)
    assert found.deep is None and "the rules have changed" in found.refused and found.story
    text = page(found, {})
    assert text.count(found.refused) >= 4 and "These scores replay" in text


def test_by_default_the_branch_that_was_played_last_is_reviewed(played: Played, tmp_path: Path) -> None:
    from game.core.journal import open_journal

    file = tmp_path / "forked.interlock"
    journal = create_journal(file, played.setup)
    journal.append(1, Act("open", FACILITATOR, {}, 1.0), lived=[])
    assert played_from(file).branch == 1
    journal.fork(1, 1, "again")
    journal.close()
    assert played_from(file).branch == 2 and played_from(file, 1).branch == 1
    reopened = open_journal(file)
    assert reopened.last_branch() == 2
    reopened.close()
