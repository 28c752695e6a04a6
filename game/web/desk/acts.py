"""Forms of the facilitator."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from game.core.act import STEERING, Refused
from game.core.live_game import Room
from game.core.preview import prepare
from game.print.seat_plan import plan_for
from game.web.member.actions import orders_of
from game.web.posts import Done, Post, whole

OF_STEERING: Final = ("key", "kind", "seat", "reason", "csrf")


def states_of(post: Post) -> list[str]:
    """Codes of states: several fields, or one with blanks or commas."""
    texts = post.lists.get("states", [])[:80]
    return [code.upper() for text in texts for code in text[:400].replace(",", " ").split()]


def inject_of(post: Post) -> dict[str, Any]:
    """An inject as it was typed, or one of the game file by its place in the list."""
    listed, table = post.text("listed", 40), post.site.table
    if listed:
        at = whole(listed)
        if at is None or at >= len(table.game.injects):
            raise Refused("There is no such inject.")
        one = table.game.injects[at]
        found: dict[str, Any] = {"title": one.title, "kind": one.kind, "states": list(one.states)}
        found["severity"] = one.severity
    else:
        found = {"title": post.text("title", 120), "kind": post.text("threat", 40), "states": states_of(post)}
        found["severity"] = post.number("severity", 20.0)
        if not found["title"]:
            raise Refused("Give the inject a headline.")
    return found | {"quarter": post.whole("quarter", 0)} | ({"announce": True} if post.text("announce") else {})


def of_override(post: Post) -> dict[str, Any]:
    """A ruling on an item before the Council."""
    return {"item": post.text("item", 40), "result": post.text("result", 40), "reason": post.text("reason", 300)}


def of_orders(post: Post) -> dict[str, Any]:
    """Orders from a paper sheet."""
    fields = {name: text for name, text in post.fields.items() if name not in OF_STEERING}
    return {"seat": post.text("seat", 40), "reason": post.text("reason", 300), "orders": orders_of(fields)}


def of_end(post: Post) -> dict[str, Any]:
    """The game ends before its last turn: asked twice."""
    if not post.text("sure"):
        raise Refused("This ends the game before its last turn. Tick the box that says so, and send again.")
    return {}


def nothing(post: Post) -> dict[str, Any]:
    """Acts that need no words."""
    return {}


DATA: Final[Mapping[str, Callable[[Post], dict[str, Any]]]] = {
    "open": nothing, "close": nothing, "pause": nothing, "resume": nothing,
    "extend": lambda post: {"minutes": post.number("minutes", 1.0)},
    "inject": inject_of, "withdraw_inject": lambda post: {"title": post.text("title", 120)},
    "override": of_override, "orders_for": of_orders, "note": lambda post: {"text": post.text("text", 1000)},
    "messages": lambda post: {"on": post.text("on") == "1"}, "quote": lambda post: {"number": post.whole("number")},
    "end": of_end,
}  # fmt: skip
assert set(DATA) == set(STEERING)


def steer(post: Post) -> Done:
    """Steer the game. A form that ends a phase says which one, so that two clicks do not end two."""
    kind = post.text("kind", 40)
    if kind not in DATA:
        raise Refused("There is no act of this kind.")
    during = post.text("phase", 20) if kind in ("close", "end") else ""
    post.site.room.steer(kind, DATA[kind](post), post.key(), during)
    return Done("/desk")


def sit(post: Post) -> Done:
    """Move a member to a seat, out of it, or out of the room. Members are known here by the hash of their token."""
    room, person, wanted = post.site.room, post.text("member", 80), post.text("seat", 40)
    if post.text("all"):
        seat_all(room)
        return Done("/desk")
    if person not in room.members:
        raise Refused("There is no such member or seat.")
    if wanted == "gone":
        room.drop(person)
    elif wanted:
        room.sit(person, wanted)
    else:
        room.leave(person)
    return Done("/desk")


def seat_all(room: Room) -> None:
    """Everybody who waits gets a seat by the plan for as many as are in the room; who sits already stays there."""
    with room.lock:
        plan = plan_for(room.table.game, len(room.members))
        sitting = Counter(one.seat for one in room.members.values())
        for one in [one for one in room.members.values() if not one.seat]:
            short = max(plan, key=lambda place: place.students - sitting[place.seat])
            room.sit(one.token, short.seat)
            sitting[short.seat] += 1


def door(post: Post) -> Done:
    """Close or open the door for whoever is not in yet, or send everybody out who waits without a seat."""
    room, wanted = post.site.room, post.text("door", 10)
    if wanted == "clear":
        room.clear_lobby()
    elif wanted in ("open", "closed"):
        room.let_in(wanted == "open")
    else:
        raise Refused("There is no act of this kind.")
    return Done("/desk")


def preview(post: Post) -> Done:
    """What an inject would do: asked for, or not any more. Nothing is written."""
    asked, room = post.site.preview, post.site.room
    if post.text("stop"):
        asked.stop()
        return Done("/desk")
    if not post.site.limits.allow("previews"):
        raise Refused("Too many at once. Wait a moment.")
    data = inject_of(post)
    with room.lock:
        room.table.check_inject(data)
        case = prepare(room.table, data)
    asked.start(case)
    return Done("/desk")


def rewind(post: Post) -> Done:
    """Go on from the beginning of a turn on a new branch; nothing is deleted."""
    turn = post.whole("turn")
    post.site.room.rewind(turn - 1, post.text("title", 80), post.key())
    return Done("/desk")
