"""Worth playing: no strategy wins whatever the others do, doing nothing loses, and the aims of a seat pull apart."""

import csv
from pathlib import Path

import numpy as np
import pytest

from analysis.pictures.write import draw_charts
from game.core.game_file import Setup, game_names, load_game, setup_of
from game.core.scoring import OF_STATES, Outcome, points_of
from game.seats.kind import BY_POLICY, NOTHING
from game.seats.kinds import KINDS
from game.tournament.picture import CHART, foot_of
from game.tournament.report import sentences, winners_table, write_csv
from game.tournament.runs import Contest, Tournament, arm_for, line_up_of, run_tournament, with_strategy
from sim.runs.arm import Record
from sim.runs.build import build
from sim.runs.ensemble import run_arms

REAL = tuple(name for name in game_names() if name != "tutorial" and not name.endswith("_fictional"))


def contest_of(scores: list[list[float]], line_up: str = "all by policy") -> Contest:
    """A made-up contest: by policy, nothing, woo; luck is a small wave."""
    seat = load_game("tutorial").seat("rival")
    wave = np.sin(np.arange(60.0))[:, None] * np.array([[0.3, 0.2, 0.1]])
    return Contest(line_up, seat, (BY_POLICY, NOTHING, "woo"), np.array(scores) + wave)


def test_a_winner_everywhere_and_an_idle_winner_are_told(tmp_path: Path) -> None:
    setup = setup_of(load_game("tutorial"))
    game = setup.game.model_copy(update={"seats": (setup.game.seat("rival"),)})
    one = Setup(game, setup.scenario, setup.policy)
    woo, idle = contest_of([[50.0, 20.0, 70.0]] * 60), contest_of([[50.0, 60.0, 40.0]] * 60, "left alone")
    assert woo.winner == "woo" and set(woo.beat_nothing) == {BY_POLICY, "woo"}
    assert idle.winner == NOTHING and idle.beat_nothing == ()
    same = Tournament(one, 1, 60, (woo, contest_of([[50.0, 20.0, 70.0]] * 60, "left alone")))
    assert same.dominant("rival") == "woo" and same.nothing_loses("rival") and not same.passed
    assert "woo wins whatever the others do" in sentences(same)[0]
    lazy = Tournament(one, 1, 60, (woo, idle))
    assert lazy.dominant("rival") is None and not lazy.nothing_loses("rival")
    assert "not beaten in left alone" in sentences(lazy)[0]
    write_csv(lazy, "tutorial", tmp_path / "t.csv")
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 6 and [row["wins"] for row in rows] == ["0", "0", "1", "0", "1", "0"]
    assert winners_table(lazy).row_count == 1 and winners_table(lazy, wide=False).row_count == 2
    draw_charts([(CHART, lazy)], foot_of(lazy), tmp_path)
    assert "A rival" in (tmp_path / "tournament.svg").read_text(encoding="utf-8")


def test_the_same_luck_meets_every_strategy_whatever_is_run_beside_it() -> None:
    setup = setup_of(load_game("tutorial"))
    both = run_tournament(setup, 6, 3, line_ups=("all by policy", "left alone"))
    alone = run_tournament(setup, 6, 3, line_ups=("left alone",))
    for mine, other in zip(both.contests[len(setup.game.seats) :], alone.contests, strict=True):
        assert (mine.line_up, mine.seat.id) == (other.line_up, other.seat.id)
        assert np.array_equal(mine.scores, other.scores)


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_no_strategy_wins_everywhere_and_doing_nothing_loses(name: str) -> None:
    tournament = run_tournament(setup_of(load_game(name)), replicates=30, seed=9)
    assert tournament.passed, "\n".join(sentences(tournament))


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_aims_of_a_seat_pull_apart(name: str) -> None:
    """No strategy is best for all aims of a seat at once, when policies play the others."""
    setup = setup_of(load_game(name))
    built = build(setup.scenario)
    for at, seat in enumerate(setup.game.seats):
        plays = [with_strategy(line_up_of(setup, "all by policy"), at, one) for one in KINDS[seat.kind].strategies]
        runs = run_arms([arm_for(setup, built, one) for one in plays], 20, 4, Record(states=OF_STATES))
        found = [Outcome(np.concatenate(run.outcomes), np.concatenate(run.states)) for run in runs]
        best = [np.argmax([points_of(aim, one, built).mean() for one in found]) for aim in seat.objectives]
        assert len(set(best)) > 1, f"{seat.id}: {plays[int(best[0])][at]} is best for all"
