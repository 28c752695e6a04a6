"""The journal: append-only, survives closing and reopening; state is replay alone, and replay asks no policy."""

import json
import os
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from playing import ORDERS, Play, changed, eventful, play, small, state_of

from game.core.act import CLOCK, FACILITATOR, Act, Refused
from game.core.export import export_game
from game.core.journal import Journal, create_journal, open_journal, resumed_journal
from game.core.keeping.recorded import AXES, BEFORE
from game.core.live_game import Room
from game.core.replay import replay, table_of, verify, verify_file
from game.core.seen import seat_view
from game.core.world_played import pack_orders, unpack_orders
from game.review.played import played_from
from sim.declare.names import ITEMS, MEASURES
from sim.inputs.errors import InputError
from sim.law.asked_orders import ask_levers
from sim.law.orders import no_orders
from sim.runs.engine import Engine

ROOT = Path(__file__).parents[1]
BY_HASH = (
    "import sys; from pathlib import Path; from game.core.journal import open_journal;"
    "from game.core.replay import verify, table_of;"
    "j = open_journal(Path(sys.argv[1])); v = verify(j); t = table_of(j);"
    "print(v.verified, v.quarters, ' '.join(q.hash for q in t.course.quarters))"
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Play]:
    """A finished game in its file, and the table that it was played at."""
    path = tmp_path_factory.mktemp("games") / "played.interlock"
    game = eventful(create_journal(path, small()))
    assert game.journal is not None
    game.journal.close()
    return path, game


def lines(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT * FROM acts ORDER BY line").fetchall()
    connection.close()
    return found


def test_a_game_file_is_written_safely_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "game.interlock"
    journal = create_journal(path, small())
    ask = journal.connection.execute
    assert ask("PRAGMA journal_mode").fetchone() == ("wal",) and ask("PRAGMA synchronous").fetchone() == (2,)
    journal.close()
    with pytest.raises(FileExistsError):
        create_journal(path, small())
    with pytest.raises(InputError, match="there is no such game file"):
        open_journal(tmp_path / "none")
    (tmp_path / "text").write_text("no game")
    with pytest.raises(InputError, match="not a game file"):
        open_journal(tmp_path / "text")


def test_the_file_embeds_game_scenario_and_policy_whole(played: tuple[Path, Play]) -> None:
    journal = open_journal(played[0])
    assert journal.setup() == small()
    journal.close()


def test_a_reopened_game_is_the_same_table(played: tuple[Path, Play]) -> None:
    journal = open_journal(played[0])
    assert state_of(table_of(journal)) == state_of(played[1].table)
    journal.close()


def test_replay_never_asks_a_policy(played: tuple[Path, Play], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every recorded quarter comes out to the bit, though policies would fail if they were asked."""

    def fails(*_: object) -> None:
        raise AssertionError("a policy was asked")

    monkeypatch.setattr(Engine, "decide", fails)
    monkeypatch.setattr(Engine, "decide_as_asked", fails)
    journal = open_journal(played[0])
    verdict = replay(journal, looked_at=False).verdict
    assert verdict.verified and verdict.quarters == small().game.horizon()
    journal.close()
    with pytest.raises(AssertionError):
        play().to("brief")  # where nothing is recorded, the policy is asked


def test_an_unfinished_game_goes_on_as_if_never_closed(tmp_path: Path) -> None:
    straight, game = play(), play(journal=create_journal(tmp_path / "half.interlock", small()))
    for one in (straight, game):
        one.to("orders")
        one.do("orders", "staff", **ORDERS["staff"], dialogue=9.0)  # in the next turn the policy plays the staff again
        one.to("orders", 1)
        one.do("orders", "east", **ORDERS["east"])
    assert game.journal is not None
    game.journal.close()
    journal = resumed_journal(tmp_path / "half.interlock")
    later = Play(table_of(journal), journal, game.now)
    for one in (straight, later):
        one.do("orders", "rival", **ORDERS["rival"])
        one.to("review")
    assert state_of(straight.table) == state_of(later.table)
    assert verify(journal).verified
    journal.close()


def test_what_happened_later_only_adds_lines(tmp_path: Path) -> None:
    path = tmp_path / "grows.interlock"
    game = play(journal=create_journal(path, small()))
    game.to("orders")
    before = lines(path)
    game.do("orders", "east", fund=0.5)
    game.to("news")
    after = lines(path)
    assert game.journal is not None
    game.journal.close()
    assert after[: len(before)] == before and len(after) > len(before)
    assert [line[0] for line in after] == sorted(line[0] for line in after)  # type: ignore[type-var]
    public = {name for name in dir(Journal) if not name.startswith("_")}
    assert not [name for name in public if "delete" in name or "update" in name]


def test_an_act_and_what_it_brought_about_are_written_together_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "whole.interlock"
    game = play(journal=create_journal(path, small()))
    journal = game.journal
    assert journal is not None
    game.to("news")
    lived = game.table.course.quarters[-2:]
    count = len(lines(path))
    with pytest.raises(sqlite3.IntegrityError):  # these quarters are there already
        journal.append(1, Act("close", CLOCK), lived=lived)
    assert len(lines(path)) == count and not journal.connection.in_transaction
    journal.close()


def test_a_forged_order_or_result_is_found(played: tuple[Path, Play]) -> None:
    for value in ("hash = 'other'", "orders = (SELECT orders FROM quarters WHERE step = 2)"):
        path = changed(played[0], f"UPDATE quarters SET {value} WHERE step = 5")
        (verdict,) = verify_file(path)
        assert not verdict.verified and 5 in verdict.wrong and "NOT as recorded" in verdict.words()


OTHER_RULES = "UPDATE meta SET value = 'ffff' WHERE name = 'rules'"


def test_under_other_rules_it_says_that_it_cannot_verify(played: tuple[Path, Play]) -> None:
    path = changed(played[0], OTHER_RULES, "UPDATE quarters SET hash = 'other', rules = 'ffff' WHERE step = 5")
    (verdict,) = verify_file(path)
    assert not verdict.verified and "cannot be verified" in verdict.words()
    assert "recorded results stand" in verdict.words()


def test_rules_that_were_rewritten_with_equal_results_are_said_to_be_equal(played: tuple[Path, Play]) -> None:
    (verdict,) = verify_file(changed(played[0], OTHER_RULES))
    assert verdict.verified and not verdict.same_rules and "with equal results" in verdict.words()


@pytest.mark.parametrize("kept", [True, False], ids=["names kept", "a file of before"])
def test_a_game_from_before_an_axis_grew_opens_and_shows_what_was_recorded(
    played: tuple[Path, Play], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool
) -> None:
    """Then there was one kind of threat less: orders have another shape, and are not unpacked."""
    short = json.dumps({axis: found[:-1] if axis == "threat_kinds" else found for axis, found in AXES.items()})
    cut = zlib.compress(zlib.decompress(played[1].table.course.quarters[0].orders)[:-64]).hex()
    before = ("DELETE FROM meta WHERE name = 'axes'", "DROP TABLE told")
    path = changed(
        played[0], OTHER_RULES, f"UPDATE quarters SET rules = 'ffff', orders = x'{cut}'",
        *([f"UPDATE meta SET value = '{short}' WHERE name = 'axes'"] if kept else before),
    )  # fmt: skip
    exported = [one.read_text() for one in export_game(played[0], tmp_path / "new")[1:3]]
    scores = played_from(played[0]).scores()
    monkeypatch.setitem(BEFORE, "measures", MEASURES)  # of this axis nothing is cut off here
    if kept:
        monkeypatch.setattr("game.core.world_played.unpack_orders", None)
    (verdict,) = verify_file(path)
    assert not verdict.verified and "recorded results stand" in verdict.words()
    journal = open_journal(path)
    room = Room(journal, table_of(journal), "code")
    quarters, truth = room.table.course.quarters, played[1].table.course.quarters
    assert room.table.phase == "review" and not room.tick()
    for one, true in zip(quarters, truth, strict=True):
        assert np.array_equal(one.measures, true.measures) and np.array_equal(one.states, true.states)
        nothing = ((-1,) * len(ITEMS), (-1,) * len(ITEMS), (), (0,) * len(true.refused))
        told = (true.decided, true.about, true.events, true.refused) if kept else nothing
        assert (one.decided, one.about, one.events, one.refused) == told
    with pytest.raises(Refused, match="not played on"):
        room.steer("note", {"text": "too late"})
    with pytest.raises(Refused, match="not played on"):
        room.rewind(0, "again")
    assert seat_view(room.table, "east").score == seat_view(played[1].table, "east").score
    room.journal.close()
    assert [one.read_text() for one in export_game(path, tmp_path / "old")[1:3]] == exported
    assert played_from(path).lived == len(truth) and played_from(path).scores() == scores


def test_results_of_a_measure_that_is_new_are_unknown_and_none_moves_to_another_name(played: tuple[Path, Play]) -> None:
    """Then the first measure did not exist yet."""
    axes = json.dumps(AXES | {"measures": AXES["measures"][1:]})
    path = changed(
        played[0], OTHER_RULES, "UPDATE quarters SET rules = 'ffff', measures = CAST(substr(measures, 9) AS BLOB)",
        f"UPDATE meta SET value = '{axes}' WHERE name = 'axes'",
    )  # fmt: skip
    journal = open_journal(path)
    for one, true in zip(table_of(journal).course.quarters, played[1].table.course.quarters, strict=True):
        assert np.isnan(one.measures[0]) and np.array_equal(one.measures[1:], true.measures[1:])
    journal.close()
    (written,) = [one for one in export_game(path, path.parent / "new_measure") if one.name == "measures.csv"]
    assert written.read_text().splitlines()[0] == ",".join(("branch", "quarter", *AXES["measures"][1:]))


def test_files_of_before_name_their_results_as_then() -> None:
    """Files that keep no names were written while these were the names: the list never changes."""
    assert {axis: len(found) for axis, found in BEFORE.items()} == {"measures": 22, "state_variables": 17}
    assert all(len(set(found)) == len(found) for found in BEFORE.values())


def test_a_branch_shares_what_was_before_and_leaves_its_parent_as_it_was(tmp_path: Path) -> None:
    journal = create_journal(tmp_path / "branches.interlock", small())
    game = play(journal=journal)
    game.to("brief", 1)
    fork = journal.acts()[-1][0]
    game.to("review")
    main = lines(journal.path)
    branch = journal.fork(1, fork, "again")
    table = table_of(journal, branch)
    assert (table.phase, table.turn, len(table.course.quarters)) == ("brief", 1, 3)
    close = ("close", CLOCK, {})
    for kind, actor, data in (close, ("orders", "west", {"fund": 0.0}), close, close):
        act = Act(kind, actor, dict(data), 5000.0)
        lived = table.apply(act)
        journal.append(branch, act, lived=lived)
    inner = journal.fork(branch, fork + 0, "from the same line again")
    assert lines(journal.path)[: len(main)] == main
    assert [line for line, _ in journal.acts(branch)][:fork] == list(range(1, fork + 1))
    assert len(journal.acts(inner)) == fork and set(journal.quarters(inner)) == {0, 1, 2}
    assert journal.quarters(branch)[3][1] != journal.quarters(1)[3][1], "west paid nothing in the branch"
    assert all(verdict.verified for verdict in map(lambda b: verify(journal, b.id), journal.branches()))
    assert state_of(table_of(journal, 1)) == state_of(game.table)
    journal.close()


def test_keys_are_scoped_to_the_member_and_written_once(tmp_path: Path) -> None:
    journal = create_journal(tmp_path / "keys.interlock", small())
    line = journal.append(1, Act("note", FACILITATOR, {"text": "a"}), "ann", "k")
    known = journal.sent("ann", "k")
    assert known is not None and known[0] == line and journal.sent("bob", "k") is None
    journal.append(1, Act("note", FACILITATOR, {"text": "b"}), "bob", "k")
    with pytest.raises(sqlite3.IntegrityError):
        journal.append(1, Act("note", FACILITATOR, {"text": "c"}), "ann", "k")
    assert len(journal.acts()) == 2
    journal.close()


def test_orders_packed_and_unpacked_are_the_same() -> None:
    course = eventful().table.course
    shape = len(course.built.codes), len(course.built.rivals), course.engine.levers
    course.engine.step = 3  # of the second turn, in which the staff gave no orders
    ask_levers(course.standing, 1, {"envelope": 77.0})
    course.recorded = {}
    course.decide()
    given, back = course.engine.orders, unpack_orders(pack_orders(course.engine.orders), no_orders(*shape))
    assert back.levers.envelope == 77.0 and type(back.levers.decision_mode) is int
    for name in ("split", "rule", "focus_framework", "focus_region"):
        assert np.array_equal(getattr(back.levers, name), getattr(given.levers, name))
    for name in ("plan", "item", "stance", "request", "apply", "move", "target", "inject", "upheaval"):
        ours, theirs = getattr(back, name), getattr(given, name)
        assert np.array_equal(ours, theirs) and ours.dtype == theirs.dtype
    for lived in course.quarters:
        assert pack_orders(unpack_orders(lived.orders, no_orders(*shape))) == lived.orders
    with pytest.raises(ValueError):
        unpack_orders(course.quarters[0].orders, no_orders(3, 1, course.engine.levers))


@pytest.mark.slow
def test_a_game_replays_to_the_same_hashes_under_another_python(played: tuple[Path, Play]) -> None:
    """INTERLOCK_OTHER_PYTHON names an interpreter of another version with the project's packages."""
    other = os.environ.get("INTERLOCK_OTHER_PYTHON", "")
    if not other or not Path(other).exists():
        pytest.skip("INTERLOCK_OTHER_PYTHON names no interpreter of another version with the project's packages")
    version = subprocess.run(
        [other, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=True
    ).stdout
    if version.split() == [str(part) for part in sys.version_info[:2]]:
        pytest.skip("INTERLOCK_OTHER_PYTHON is of this version")
    run = subprocess.run([other, "-c", BY_HASH, str(played[0])], capture_output=True, text=True, cwd=ROOT, timeout=900)
    assert run.returncode == 0, run.stderr
    verified, quarters, *hashes = run.stdout.split()
    assert verified == "True" and int(quarters) == small().game.horizon()
    assert hashes == [q.hash for q in played[1].table.course.quarters]


def test_under_other_rules_the_recorded_results_are_shown(played: tuple[Path, Play]) -> None:
    zero = "UPDATE quarters SET rules = 'ffff', measures = zeroblob(length(measures)) WHERE step = 5"
    journal = open_journal(changed(played[0], zero))
    table = table_of(journal)
    journal.close()
    assert not table.course.quarters[5].measures.any() and table.course.quarters[4].measures.any()
