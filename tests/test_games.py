"""Every shipped game keeps the same promises: texts, aims, length, strategies, seat plans, invented names."""

import ast
import csv
import re
from html import unescape
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.core.game_file import BRIEF, GAMES, Game, Setup, game_names, load_game, setup_of
from game.core.names import invented, names_of, retold, shorts_of
from game.core.scoring import OF_STATES, Outcome, points_of
from game.core.world_played import standing_of
from game.print.handouts import handouts
from game.print.seat_plan import CLASS_SIZES, MOST_IN_A_CELL, filling_order, games_side_by_side, plan_for
from game.seats.forms import wrong_with
from game.seats.kind import BY_POLICY, NOTHING
from game.seats.kinds import KINDS
from game.seats.laying import leave_to_policy, play, rows_of
from game.tournament.runs import LINE_UPS
from sim.declare.names import ITEMS, STANCES, STATE_VARIABLES
from sim.inputs.errors import InputError
from sim.inputs.toml_files import FOLDER
from sim.runs.arm import Arm, Record
from sim.runs.build import Built, build
from sim.runs.ensemble import run_arms

NAMES = game_names()
CLASS_GAMES = tuple(name for name in NAMES if name != "tutorial")
REAL = tuple(name for name in CLASS_GAMES if not name.endswith("_fictional"))
INVENTED = tuple(name for name in NAMES if name.endswith("_fictional"))
# Words beside names of states that would tell which real state or region is meant.
TELLING = (
    "Russian", "Ukrainian", "Baltic", "Balkan", "Caucasus", "Maghreb", "Levant", "Mediterranean", "Black Sea",
    "Adriatic", "Africa",
    "Gulf", "Europe", "Nordic", "Soviet", "Yugoslav", "Moscow", "Kyiv", "Istanbul", "Crimea", "Brussels",
    "America", "Asia", "Arab", "Srebrenica", "Holland", "Britain", "Macedonia", "Bosnia", "Cold War", "1999", "2014",
)  # fmt: skip


@pytest.fixture(scope="module", params=NAMES)
def game(request: pytest.FixtureRequest) -> Game:
    return load_game(request.param)


def texts_of(game: Game) -> list[str]:
    """Everything that people read of a game file."""
    found = [game.title, game.notice or "", *game.briefing, *game.debrief]
    for seat in game.seats:
        found += [seat.id, seat.title, seat.brief, seat.position or "", *(aim.title for aim in seat.objectives)]
    return found + [inject.title for inject in game.injects]


def test_three_class_games_a_practice_turn_and_all_three_with_invented_states_are_shipped() -> None:
    assert {"flank", "south", "door"} <= set(REAL)
    assert {f"{name}_fictional" for name in ("flank", "south", "door")} == set(INVENTED)
    assert "tutorial" in NAMES


def test_briefs_fit_a_card_and_say_enough(game: Game) -> None:
    for seat in game.seats:
        assert 25 <= len(seat.brief.split()) <= BRIEF, seat.id
        assert " vote" not in seat.brief.lower(), "NATO has no vote"


def test_every_seat_has_open_and_secret_aims(game: Game) -> None:
    for seat in game.seats:
        assert len(seat.objectives) >= 2
        assert any(aim.secret for aim in seat.objectives) and any(not aim.secret for aim in seat.objectives), seat.id
        assert len({aim.of for aim in seat.objectives}) == len(seat.objectives), "aims are about different things"


def test_a_rival_cites_what_is_published_and_speaks_for_no_government(game: Game) -> None:
    for seat in game.seats:
        if seat.kind == "rival" or seat.states == ("RUS",):
            assert seat.position is not None and "speaks for no government" in seat.position


@pytest.mark.parametrize("name", CLASS_GAMES)
def test_class_games_span_four_years_in_at_most_six_turns(name: str) -> None:
    game = load_game(name)
    assert 4 <= game.turns <= 6 and game.quarters in (2, 4)
    assert game.turns * game.quarters >= 16
    assert game.warm_up >= 4, "activities are in flight when the first turn starts"


@pytest.mark.parametrize("name", CLASS_GAMES)
def test_class_games_have_what_a_class_needs(name: str) -> None:
    game = load_game(name)
    kinds = [seat.kind for seat in game.seats]
    assert 6 <= len(game.seats) <= 8
    assert kinds.count("staff") == 1 and kinds.count("members") >= 2 and kinds.count("partners") >= 2
    assert 6 <= len(game.injects) <= 10
    assert game.notice is not None and "never deaths" in game.notice and "swap" in game.notice
    assert 120 <= sum(len(line.split()) for line in game.briefing) <= 400, "three minutes, with pauses"
    assert len(game.debrief) >= 6
    for step in ("Observation", "Discussion", "Conclusion", "Recommendation"):
        assert any(line.startswith(step) for line in game.debrief)


def test_the_practice_turn_takes_two_minutes() -> None:
    game = load_game("tutorial")
    assert 3 <= len(game.seats) <= 4 and game.turns <= 2
    assert game.turns * (game.minutes_orders + game.minutes_council) <= 2.0


# Points that can move


@pytest.mark.parametrize("name", [*REAL, "tutorial"])
def test_points_of_every_aim_lie_between_the_ends_when_policies_play(name: str) -> None:
    game = load_game(name)
    setup = setup_of(game)
    built = build(setup.scenario)
    arm = Arm(setup.scenario, setup.policy, built, standing=standing_of(setup, built))
    found = run_arms([arm], 40, 3, Record(states=OF_STATES))[0]
    outcome = Outcome(np.concatenate(found.outcomes), np.concatenate(found.states))
    for seat in game.seats:
        for aim in seat.objectives:
            median = float(np.median(points_of(aim, outcome, built)))
            assert 5.0 <= median <= 95.0, f"{seat.id}: {aim.title} {median:.0f}"


@pytest.mark.parametrize("name", INVENTED)
def test_invented_games_differ_in_words_only(name: str) -> None:
    here, there = load_game(name), load_game(name.removesuffix("_fictional"))
    assert (here.scenario, here.seed, here.turns, here.quarters) == (
        there.scenario, there.seed, there.turns, there.quarters,
    )  # fmt: skip
    for mine, other in zip(here.seats, there.seats, strict=True):
        assert (mine.id, mine.kind, mine.states) == (other.id, other.kind, other.states)
        for ours, theirs in zip(mine.objectives, other.objectives, strict=True):
            assert ours.model_dump(exclude={"title"}) == theirs.model_dump(exclude={"title"})
    assert sorted((i.kind, i.states, i.severity) for i in here.injects) == sorted(
        (i.kind, i.states, i.severity) for i in there.injects
    )


# Strategies


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_strategies_are_legal(kind: str) -> None:
    assert 5 <= len(KINDS[kind].strategies) <= 8
    assert KINDS[kind].strategies[BY_POLICY].orders is None
    for name, strategy in KINDS[kind].strategies.items():
        assert wrong_with(KINDS[kind].form, strategy.orders or {}, ()) == [], name
        assert set(strategy.stances) <= set(ITEMS) and set(strategy.stances.values()) <= set(STANCES)


def test_doing_nothing_gives_and_asks_for_nothing() -> None:
    for kind in ("members", "partners", "rival"):
        orders = KINDS[kind].strategies[NOTHING].orders
        assert orders is not None and set(orders.values()) == {0}
        assert set(orders) == set(KINDS[kind].form.names())


def test_line_ups_name_strategies() -> None:
    for kind in KINDS.values():
        assert set(kind.line_ups) <= set(LINE_UPS)
        assert all(name in kind.strategies for name in kind.line_ups.values())


def test_a_strategy_is_laid_over_its_own_rows_in_every_turn() -> None:
    setup = setup_of(load_game("tutorial"))
    built, seat = build(setup.scenario), setup.game.seat("allies")
    standing = standing_of(setup, built)
    play(standing, built, seat, KINDS["members"].strategies["lead nation"])
    rows = rows_of(built, seat)
    others = [n for n in range(len(built.codes)) if n not in rows]
    assert (standing.lead[:, rows] == 3.0).all() and np.isnan(standing.lead[:, others]).all()
    assert (standing.stance[:, rows] == STANCES.index("let_pass")).all()


# Seats


def test_only_the_file_of_a_kind_of_seat_knows_its_name() -> None:
    """Everything else asks the registry, so that a new kind is one file."""
    game, found = FOLDER.parent / "game", []
    for path in sorted({*game.rglob("*.py")} - {*(game / "seats" / "kinds").glob("*.py")}):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant)]
            if isinstance(node, ast.Compare) and ".kind" in ast.unparse(node) and set(KINDS) & set(map(str, names)):
                found.append(f"{path.name}: {ast.unparse(node)}")
    assert found == []


def test_kinds_of_seats_are_whole() -> None:
    assert list(KINDS) == [kind.name for kind in KINDS.values()]
    assert [kind.fills for kind in KINDS.values()] == list(range(len(KINDS))), "every kind has its place in the order"
    for kind in KINDS.values():
        assert kind.words and kind.roles and next(iter(kind.roles)).startswith("head")
        assert {*kind.own, *kind.shown} <= set(STATE_VARIABLES)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_orders_laid_and_taken_out_again_leave_nothing_behind(kind: str) -> None:
    setup = setup_of(load_game("flank"))
    built = build(setup.scenario)
    seat = next(seat for seat in setup.game.seats if seat.kind == kind)
    before, standing = standing_of(setup, built), standing_of(setup, built)
    for strategy in KINDS[kind].strategies.values():
        play(standing, built, seat, strategy)
    changed = [name for name, one in standing._asdict().items() if not same(one, getattr(before, name))]
    assert changed
    leave_to_policy(standing, built, seat, range(setup.game.turns))
    left = [name for name, one in standing._asdict().items() if not same(one, getattr(before, name))]
    assert left == (["about"] if KINDS[kind].sits and "about" in changed else [])


def same(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple):
        return all(map(same, one, other))
    return np.array_equal(np.asarray(one), np.asarray(other), equal_nan=True)


@pytest.mark.parametrize("students", [1, 3, *CLASS_SIZES, 31])
def test_seat_plans_sum_to_the_class(game: Game, students: int) -> None:
    plan = plan_for(game, students)
    assert [place.seat for place in plan] == [seat.id for seat in game.seats]
    assert sum(place.students for place in plan) == students
    assert max(place.students for place in plan) - min(place.students for place in plan) <= 1
    assert all(len(place.roles) == place.students for place in plan)
    if students >= len(game.seats):
        assert all(place.roles[0].startswith("head") for place in plan)


@pytest.mark.parametrize("name", REAL)
def test_five_students_have_a_staff_two_allies_and_a_partner(name: str) -> None:
    game = load_game(name)
    kinds = [game.seat(place.seat).kind for place in plan_for(game, 5) if place.students]
    assert kinds.count("staff") == 1 and kinds.count("members") == 2 and kinds.count("partners") >= 1
    assert [seat.kind for seat in filling_order(game)][:3] == ["staff", "members", "partners"]


def test_the_guide_shows_the_seat_plan() -> None:
    game, guide = load_game("flank"), (FOLDER.parent / "docs" / "facilitator.md").read_text(encoding="utf-8")
    plans = {size: {place.seat: place.students for place in plan_for(game, size)} for size in CLASS_SIZES}
    for seat in game.seats:
        cells = " | ".join(str(plans[size][seat.id] or "policy") for size in CLASS_SIZES)
        assert f"| {seat.title} | {cells} |" in guide


def test_a_class_too_large_for_one_game_plays_two() -> None:
    game = load_game("flank")
    assert games_side_by_side(game, 40) == 1
    assert games_side_by_side(game, MOST_IN_A_CELL * len(game.seats) + 1) == 2
    with pytest.raises(ValueError, match="at least one student"):
        plan_for(game, 0)


# Invented names


def real_names() -> dict[str, str]:
    with (FOLDER / "data" / "states.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def test_every_state_has_an_invented_name_of_its_own() -> None:
    real = real_names()
    assert set(invented()) == set(real)
    names = [one.name for one in invented().values()]
    shorts = [one.short for one in invented().values()]
    assert len(set(names)) == len(names) and len(set(shorts)) == len(shorts)
    assert not set(shorts) & set(real) and not set(names) & set(real.values())
    assert all(re.fullmatch(r"[A-Z]{3}", short) for short in shorts)


@pytest.mark.parametrize("name", INVENTED)
def test_no_real_name_leaks_into_an_invented_game(name: str) -> None:
    text = "\n".join([*texts_of(load_game(name)), handouts(setup_of(load_game(name)))])
    words = [*real_names().values(), *TELLING, *real_names()]
    leaks = [word for word in words if word in text and re.search(rf"(?<![a-z]){re.escape(word)}", text)]
    leaks += [word for word in words if word.lower() in {seat.id for seat in load_game(name).seats}]
    assert leaks == []


@pytest.fixture(scope="module")
def disguised() -> tuple[Game, Built]:
    game = load_game("flank_fictional")
    return game, build(setup_of(game).scenario)


def test_news_are_retold_in_invented_names(disguised: tuple[Game, Built]) -> None:
    game, built = disguised
    text = "North Macedonia: crisis, severity 20; the next stage of accession for Moldova is held up by DEU, HUN"
    told = "Selvania: crisis, severity 20; the next stage of accession for Brindova is held up by TVN, PNR"
    assert retold(text, game, built) == told
    assert retold(text, load_game("flank"), built) == text
    assert retold("Nigeria and the USArmy", game, built) == "Nigeria and the USArmy"


def test_names_and_shorts_cover_the_cast(disguised: tuple[Game, Built]) -> None:
    game, built = disguised
    assert set(names_of(game, built)) == set(shorts_of(game, built)) == set(built.codes)
    assert names_of(game, built)["TUR"] == "Orhania"
    assert names_of(load_game("flank"), built)["TUR"] == "Türkiye"


# Handouts


def test_handouts_hold_a_brief_and_a_sheet_for_every_seat_and_nothing_from_outside() -> None:
    setup = setup_of(load_game("flank"))
    page = handouts(setup)
    assert page.count("<section") == 1 + 2 * len(setup.game.seats)
    assert "http" not in page and "<script" not in page and "src=" not in page
    for seat in setup.game.seats:
        assert f"{seat.title}: order sheet" in page
        for line in KINDS[seat.kind].form.lines:
            assert line.label in unescape(page)


def test_what_a_file_says_is_escaped_in_print() -> None:
    setup = setup_of(load_game("tutorial"))
    seat = setup.game.seats[0].model_copy(update={"title": "<script>alert(1)</script>"})
    game = setup.game.model_copy(update={"seats": (seat, *setup.game.seats[1:])})
    assert "<script" not in handouts(Setup(game, setup.scenario, setup.policy))


# What is wrong with a game file

GOOD = """
title = "A game"
scenario = "eastern_flank"
[[seats]]
id = "staff"
title = "Staff"
kind = "staff"
brief = "You propose."
objectives = [
  { title = "Fit", of = "interoperability", low = 0.3, high = 0.5 },
  { title = "Calm", of = "stability", low = 0.3, high = 0.6 },
]
[[seats]]
id = "east"
title = "East"
kind = "members"
states = ["EST", "LVA"]
brief = "You are near."
objectives = [
  { title = "Less harm", of = "harm", low = 3.0, high = 0.5 },
  { title = "Ready", of = "readiness", states = ["EST"], low = 0.5, high = 0.8 },
]
[[injects]]
title = "Lights out"
kind = "cyber_attack"
states = ["MDA"]
severity = 30.0
"""  # fmt: skip
BROKEN = {
    "unknown scenario": ('scenario = "eastern_flank"', 'scenario = "eastern_flunk"', "eastern_flank"),
    "unknown key": ('title = "A game"', 'title = "A game"\nturn = 3', "turns"),
    "no turns": ('title = "A game"', 'title = "A game"\nturns = 0', "from 1 to 12"),
    "policy in Python": ('title = "A game"', 'title = "A game"\npolicy = "exercises_frist"', "exercises_first"),
    "unknown kind of seat": ('kind = "members"', 'kind = "member"', "members"),
    "not in the cast": ('"LVA"]', '"XYZ"]', "takes no part"),
    "a rival's state in a seat of allies": ('"LVA"]', '"RUS"]', "cannot be in a seat of kind members"),
    "a state twice": ('"LVA"]', '"EST"]', "spoken for by seat 'east' already"),
    "a staff with states": ('kind = "staff"', 'kind = "staff"\nstates = ["POL"]', "none for the staff"),
    "allies without states": ('states = ["EST", "LVA"]\n', "", "some for all others"),
    "a brief that is too long": ('"You are near."', '"' + "near " * 91 + '"', "has 91 words; allowed: 90"),
    "no measure": ('of = "stability"', 'of = "readyness"', "readiness"),
    "a variable of states, asked of the whole": ('of = "stability"', 'of = "tilt"', "no measure"),
    "a measure, asked of states": ('of = "readiness", states', 'of = "deterrence", states', "no state variable"),
    "an aim about nobody": ('states = ["EST"], low', 'states = ["EXT"], low', "takes no part"),
    "an aim without a range": ("low = 0.3, high = 0.6", "low = 0.6, high = 0.6", "must differ from low"),
    "an id twice": ('id = "east"', 'id = "staff"', "stands twice"),
    "another actor's name": ('id = "east"', 'id = "facilitator"', "is the name of another actor"),
    "one seat only": (GOOD[GOOD.index('[[seats]]\nid = "east"') : GOOD.index("[[injects]]")], "", "2"),
    "one aim only": ('  { title = "Calm", of = "stability", low = 0.3, high = 0.6 },\n', "", "2"),
    "an inject that strikes nobody": ('states = ["MDA"]', 'states = ["MDX"]', "takes no part"),
    "an inject of no kind": ('kind = "cyber_attack"', 'kind = "cyber_atack"', "cyber_attack"),
    "an inject too grave": ("severity = 30.0", "severity = 300.0", "from 1 to 100"),
    "removes what is not there": ('title = "Lights out"', 'title = "Lights out"\nremove = true', "to remove"),
}  # fmt: skip


def test_the_game_that_is_broken_below_is_good(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD, encoding="utf-8")
    assert load_game(tmp_path / "good.toml").title == "A game"


@pytest.mark.parametrize("old, new, words", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_game_file_is_refused_in_words(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert GOOD.count(old) == 1
    path = tmp_path / "broken.toml"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_game(path)
    assert "broken.toml" in str(caught.value) and words in str(caught.value)


def test_shipped_games_lie_where_names_are_looked_up() -> None:
    assert {path.stem for path in GAMES.glob("*.toml")} == set(NAMES)
