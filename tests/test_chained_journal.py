"""Play is not lost: entries 4 and 5 of the list of what broke. What a file tells is what happened, and only once."""

import sqlite3
from pathlib import Path

import pytest
from kept import token_of, told
from playing import ORDERS, SEATS, changed, eventful, of_before, small
from webbed import WIDE, to, web

from game.core.act import Refused
from game.core.journal import create_journal, open_journal
from game.core.keeping.held import hold
from game.core.keeping.keys import digest
from game.core.live_game import Room, new_room, open_room
from game.core.replay import verify_file
from game.web.pace import Pace
from sim.inputs.errors import InputError

# 4. Replay finds every change


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("games") / "played.interlock"
    game = eventful(create_journal(path, small()))
    assert game.journal is not None
    game.journal.close()
    return path


CHANGES = {
    "UPDATE acts SET data = replace(data, '1.5', '1') WHERE kind = 'orders' AND actor = 'east' AND line < 20": "orders",
    "UPDATE acts SET actor = 'west' WHERE kind = 'orders' AND actor = 'east' AND line < 20": "orders",
    "DELETE FROM acts WHERE kind = 'orders' AND actor = 'east' AND line < 20": "orders",
    "DELETE FROM acts WHERE kind = 'inject'": "inject",
    "UPDATE acts SET at = at + 1 WHERE kind = 'answer'": "answer",
    "UPDATE acts SET member = 'me' WHERE kind = 'answer'": "answer",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_entry_4_replay_names_the_first_line_that_does_not_fit(played: Path, change: str) -> None:
    kind = CHANGES[change]
    where = "AND actor = 'east' " if kind == "orders" else ""
    with sqlite3.connect(played) as connection:
        query = f"SELECT min(line) FROM acts WHERE kind = '{kind}' {where}"
        (line,) = connection.execute(query).fetchone()
    connection.close()
    path = changed(played, change, chained=False)
    code, said = told("replay", path)
    assert code == 1 and f"line {line} does not fit" in said and "verified" not in said
    for command in (("export", path, "--out", path.parent / "out"), ("review", path), ("play", "--resume", path)):
        code, said = told(*command)
        assert code == 2 and f"damaged at line {line} " in said and "the course up to turn 0 can be read" in said


@pytest.mark.parametrize(
    "change, line", [
        ("UPDATE quarters SET measures = zeroblob(length(measures)) WHERE step = 4", "quarters"),
        ("UPDATE told SET data = '{}' WHERE step = 4", "quarters"),
        ("UPDATE snapshots SET world = x'00' WHERE step = 4", "quarters"),
        ("DELETE FROM quarters WHERE step = 4", "quarters"),
        ("UPDATE meta SET value = value || ' ' WHERE name = 'setup'", 0),
        ("UPDATE meta SET value = '{}' WHERE name = 'parameters'", 0),
        ("UPDATE branches SET title = 'other'", 1),
        ("DELETE FROM acts WHERE line = (SELECT max(line) FROM acts)", "last"),
        ("DELETE FROM acts WHERE line > 30", 31),
        ("UPDATE acts SET line = line + 1000 WHERE line > 30", 31),
    ],
)  # fmt: skip
def test_entry_4_so_do_results_the_setup_and_missing_lines(played: Path, change: str, line: int | str) -> None:
    with sqlite3.connect(played) as connection:
        query = {"quarters": "SELECT line FROM quarters WHERE step = 4", "last": "SELECT max(line) FROM acts"}
        if isinstance(line, str):
            (line,) = connection.execute(query[line]).fetchone()
    connection.close()
    code, said = told("replay", changed(played, change, chained=False))
    assert code == 1 and f"line {line} does not fit" in said, said


@pytest.mark.parametrize(
    "change", [
        "UPDATE acts SET data = replace(data, '1.5', '0.5') WHERE kind = 'orders' AND actor = 'east' AND line < 20",
        "UPDATE acts SET actor = 'west' WHERE kind = 'orders' AND actor = 'east' AND line < 20",
        "UPDATE acts SET kind = 'note' WHERE kind = 'orders' AND actor = 'rival'",
        "UPDATE acts SET data = replace(data, 'object', 'let_pass') WHERE kind = 'stance'",
        "UPDATE acts SET data = replace(data, '40', '90') WHERE kind = 'inject'",
        "UPDATE quarters SET orders = (SELECT orders FROM quarters WHERE step = 1) WHERE step = 2",
    ],
)  # fmt: skip
def test_entry_4_acts_must_lead_to_the_recorded_orders_also_where_the_chain_was_made_anew(
    played: Path, change: str
) -> None:
    """So in files of before, and where somebody took the trouble to chain what was changed."""
    for path in (changed(played, change), of_before(changed(played, change, chained=False))):
        code, said = told("replay", path)
        assert code == 1 and "line" in said and "NOT as recorded" in said, said


def test_entry_4_orders_follow_from_acts_in_a_game_that_went_back_and_was_interrupted(tmp_path: Path) -> None:
    """What is left over on the desk of the engine from looking ahead is no order."""
    path = tmp_path / "class.game"
    made, _ = new_room(path, small())
    for _ in range(2):
        for phase in range(4):
            made.steer("open" if made.table.phase == "lobby" else "close", {}, None)
            if phase == 1 and made.table.phase == "orders":
                made.steer("orders_for", {"seat": "east", "orders": ORDERS["east"], "reason": "paper"})
            made.journal.close()
            made = open_room(path)
            if made.table.paused:
                made.steer("resume", {})
        made.rewind(0, "again")
    made.journal.close()
    assert all(verdict.verified for verdict in verify_file(path))


def test_entry_4_old_files_open_and_it_is_said_what_is_not_shown(played: Path, room: Room) -> None:
    code, said = told("replay", of_before(played))
    assert code == 0 and "verified" in said and "before lines were chained" in said
    room.journal.close()
    path = of_before(room.journal.path)
    room = open_room(path)
    lines = len(room.journal.acts()) - 1  # that the game stood still is a line of today
    room.rewind(0, "again")
    room.journal.close()
    code, said = told("replay", path)
    assert code == 0 and f"Lines up to {lines} were written before lines were chained" in said
    code, said = told("replay", changed(path, "UPDATE acts SET at = 0 WHERE line = 2", chained=False))
    assert code == 1 and "line 2 does not fit" in said, "from now on they are"


def test_entry_4_an_old_file_that_does_not_come_out_is_not_chained_as_if_it_did(played: Path) -> None:
    path = of_before(changed(played, "UPDATE quarters SET hash = 'other' WHERE step = 5", chained=False))
    with pytest.raises(InputError, match="NOT as recorded"):
        open_room(path)


# 5. One key, one form


def test_entry_5_one_key_with_the_same_contents_has_the_same_answer_and_other_contents_are_refused(room: Room) -> None:
    token = token_of(room)
    line = room.act(token, "orders", ORDERS["east"], "k")
    assert room.act(token, "orders", dict(reversed(ORDERS["east"].items())), "k") == line
    for kind, data in (("orders", {"fund": 0.5}), ("orders", {}), ("stance", ORDERS["east"]), ("note", {})):
        with pytest.raises(Refused, match="other contents"):
            room.act(token, kind, data, "k")
    room.sit(digest(token), "west")
    with pytest.raises(Refused, match="other contents"):  # in another seat it is another act
        room.act(token, "orders", ORDERS["east"], "k")
    room.leave(digest(token))
    assert room.act(token, "orders", ORDERS["east"], "k") == line
    assert room.table.places["east"].orders == ORDERS["east"]


def test_entry_5_so_for_the_facilitator_and_for_going_back(room: Room) -> None:
    end = room.steer("close", {}, "k")
    assert room.steer("close", {}, "k") == end and room.table.phase == "council"
    for kind, data in (("pause", {}), ("note", {"text": "x"}), ("close", {"agenda": {}, "x": 1})):
        with pytest.raises(Refused, match="other contents"):
            room.steer(kind, data, "k")
    branch = room.rewind(0, "again", "r")
    assert room.rewind(0, "again", "r") == branch == room.branch == 2
    with pytest.raises(Refused, match="other contents"):
        room.rewind(0, "another", "r")
    assert len(room.journal.branches()) == 2


def test_entry_5_on_the_web_every_form_that_is_sent_twice_counts_once(tmp_path: Path) -> None:
    made = web(tmp_path / "class.game", rates=WIDE, seats=SEATS)
    to(made, "orders")
    east, desk = made.people["east"], made.desk()
    first = east.post("/orders", "/play", key="k", fund="0.5")
    assert first.status_code == 200 and east.post("/orders", "/play", key="k", fund="0.5").json() == first.json()
    assert east.post("/orders", "/play", key="k", fund="0.6").status_code == 409
    assert desk.post("/desk/steer", "/desk", key="s", kind="close").status_code == 200
    assert desk.post("/desk/steer", "/desk", key="s", kind="close").status_code == 200
    assert made.room.table.phase == "council"
    for _ in range(2):
        assert desk.post("/desk/rewind", "/desk", key="w", turn=1, title="again").status_code == 200
        assert east.post("/seat", "/lobby", key="p", seat="east", pin=made.room.pins["east"]).status_code == 200
    assert len(made.room.journal.branches()) == 2
    made.site.pace = Pace()
    for _ in range(2):
        assert east.post("/next", "/play", key="n").status_code == 200
    assert made.room.table.phase == "orders"
    made.close()


def test_the_lock_is_no_business_of_readers(played: Path) -> None:
    reading = open_journal(played)
    hold(played).release()
    reading.close()
