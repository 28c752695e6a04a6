"""Games that a program plays without a server, with everything that a class does, for benchmarks that break them."""

import random
import shutil
import sqlite3
from pathlib import Path

from benchmarks.classroom import some_orders
from game.core.act import Refused
from game.core.game_file import load_game, setup_of
from game.core.keeping.held import log_of
from game.core.keeping.keys import digest
from game.core.live_game import Room, new_room

GAME = "tutorial"
TURNS = 3
INJECT = {"title": "Grid down", "kind": "cyber_attack", "states": ["MDA"], "severity": 40, "quarter": 0}


def play_a_game(path: Path, turns: int = TURNS, seed: int = 1) -> Room:
    """A finished game in its file, with orders of all seats, stances, a bargain, an inject, an override, a rewind."""
    luck, setup = random.Random(seed), setup_of(load_game(GAME).model_copy(update={"turns": turns, "seed": seed}))
    room, _ = new_room(path, setup)
    tokens = {seat.id: room.join(f"Player of {seat.id}") for seat in setup.game.seats}
    for seat, token in tokens.items():
        room.sit(digest(token), seat, room.pins[seat])
    room.steer("open", {})
    for turn in range(turns):
        play_a_turn(room, tokens, luck)
        if turn == 0:
            room.rewind(0, "again", "rewound")
            play_a_turn(room, tokens, luck)
    return room


def play_a_turn(room: Room, tokens: dict[str, str], luck: random.Random) -> None:
    """Orders, Council and news of one turn."""
    sent = 0

    def act(seat: str, kind: str, **data: object) -> None:
        nonlocal sent
        sent += 1
        try:
            room.act(tokens[seat], kind, dict(data), f"{room.branch}-{room.table.turn}-{sent}")
        except Refused:
            return  # goodwill is spent, or a word was given

    room.steer("close", {})
    kinds = {seat.id: seat.kind for seat in room.table.game.seats}
    allies = [seat for seat, kind in kinds.items() if kind == "members"]
    for seat, kind in kinds.items():
        act(seat, "orders", **some_orders(kind, luck))
    room.steer("inject", INJECT | {"states": [room.table.course.built.codes[-1]]})
    room.steer("note", {"text": "They talk."})
    room.steer("close", {})
    item = next(iter(room.table.agenda), "programme")
    for seat in allies:
        act(seat, "stance", item=item, stance="amend")
    if len(allies) > 1:
        act(allies[0], "bargain", to=allies[1], give={item: "let_pass"}, want={item: "amend"}, words="please")
        act(allies[1], "answer", number=0, accept=True)
    if item in room.table.agenda:
        room.steer("override", {"item": item, "result": "agreed", "reason": "to show it"})
    room.steer("pause", {})
    room.steer("resume", {})
    room.steer("close", {})
    room.steer("close", {})


def kept(room: Room, folder: Path) -> dict[str, Path]:
    """Its file as a clean end leaves it, as kill -9 does, and as it was written before lines were chained."""
    whole, killed, before = folder / "whole.game", folder / "killed.game", folder / "before.game"
    for one, other in ((room.journal.path, killed), (log_of(room.journal.path), log_of(killed))):
        shutil.copyfile(one, other)
    room.journal.close()
    for copy in (whole, before):
        shutil.copyfile(room.journal.path, copy)
    connection = sqlite3.connect(before, isolation_level=None)
    for statement in (
        "ALTER TABLE acts DROP COLUMN chain", "UPDATE meta SET value = '1' WHERE name = 'format'",
        "DELETE FROM meta WHERE name IN ('head', 'root', 'laid_by', 'link_key', 'clock')", "PRAGMA application_id = 0",
    ):  # fmt: skip
        connection.execute(statement)
    connection.close()
    return {"whole": whole, "killed": killed, "before": before}
