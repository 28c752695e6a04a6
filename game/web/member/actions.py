"""Forms of members. Who acts is taken from the token; no field says so."""

import hmac
from typing import Any

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from game.core.act import Refused
from game.core.council.messages import TONES
from game.web.language import language_of, say_in
from game.web.member.knowledge import course_of
from game.web.member.pages import away, common, fit
from game.web.pace import go_on
from game.web.posts import Done, Post, number_of, read_form, wants_json, whole
from game.web.site import SEAT_COOKIE, address_of, keep, site_of

NOT_ORDERS = ("key", "seat", "csrf", "sure")


async def join(request: Request) -> Response:
    """Come in under a pseudonym, with the room's code: a fresh token on each joining."""
    site = site_of(request)
    try:
        lists = await read_form(request)
    except ValueError:
        lists = {}
    code = lists.get("code", [""])[-1].strip().upper()[:12]
    name = lists.get("name", [""])[-1][:60]
    problem, status, token = "", 200, ""
    if not hmac.compare_digest(code.encode(), site.room.code.encode()):
        problem, status = "This is not the code of this room.", 403
        if not site.limits.allow("joins", address_of(request)):  # a right code hangs on no limit
            problem, status = "Too many at once. Wait a moment.", 429
    else:
        old = request.cookies.get(SEAT_COOKIE, "")
        try:
            token = await anyio.to_thread.run_sync(site.room.join, name, address_of(request), old)
        except Refused as error:
            problem, status = error.args[0], 409
    if problem:
        told, shown = say_in(language_of(request))(problem), {"code": fit(code), "name": fit(name)}
        if wants_json(request):
            return JSONResponse({"refused": told}, status)
        return site.page(request, "join.html", status, problem=told, **shown, **common(site, request))
    answer: Response = JSONResponse({"saved": True, "go": "/lobby"}) if wants_json(request) else away("/lobby")
    keep(answer, request, SEAT_COOKIE, token)
    return answer


def seat(post: Post) -> Done:
    """Sit down with the PIN of the seat; without one only where seats are open to all."""
    assert post.member is not None
    room, wanted = post.site.room, post.text("seat", 40)
    if post.site.open_seats:
        room.sit(post.member.token, wanted)
        return Done("/play")
    if not post.site.limits.allow("pins", post.member.token):
        raise Refused("Too many PINs. Wait a moment.")
    room.sit(post.member.token, wanted, post.text("pin", 12))
    return Done("/play")


def leave(post: Post) -> Done:
    """Leave the seat; policy plays it until somebody takes it."""
    assert post.member is not None
    post.site.room.leave(post.member.token)
    return Done("/lobby")


def orders_of(fields: dict[str, str]) -> dict[str, Any]:
    """Orders out of a form's fields: numbers by line, and a target."""
    orders: dict[str, Any] = {}
    for name, text in fields.items():
        if name in NOT_ORDERS or text.strip() == "":
            continue
        if name == "target":
            orders["target"] = text.strip()[:8]
        else:
            orders[name[:40]] = number_of(text[:40].strip().replace(",", "."), name)
    return orders


def orders(post: Post) -> Done:
    """Give orders; they can be changed until the phase closes."""
    key, room, given = post.key(), post.site.room, orders_of(post.fields)
    if post.member is not None and post.member.seat and given.get("apply", 1.0) < 0.5 and not post.text("sure"):
        with room.lock:
            if course_of(room.table, room.table.game.seat(post.member.seat)).get("apply"):
                raise Refused("You would give up asking for membership. Tick the box that says so, and send again.")
    room.act(post.token, "orders", given, key)
    return Done("/play?saved=1")


def draft(post: Post) -> Done:
    """Bring an item of one's own before the Council; an empty line takes it back."""
    line = post.text("line", 40)
    data = {"line": line, "value": post.number("value")} if line else {"line": ""}
    post.site.room.act(post.token, "draft", data, post.key())
    return Done("/play?saved=1")


def stance(post: Post) -> Done:
    """Take a stance on an item before the Council."""
    chosen, _, amount = post.text("stance", 40).partition(":")
    data: dict[str, Any] = {"item": post.text("item", 40), "stance": chosen}
    if amount:
        data["amount"] = whole(amount)
    post.site.room.act(post.token, "stance", data, post.key())
    return Done("/play?saved=1")


def win(post: Post) -> Done:
    """Win the silence of an uneasy ally that nobody plays."""
    post.site.room.act(post.token, "win", {"item": post.text("item", 40), "state": post.text("state", 8)}, post.key())
    return Done("/play?saved=1")


def pairs(post: Post, side: str) -> dict[str, str]:
    """Stances by item of one side of an offer."""
    items, stances = post.lists.get(f"{side}_item", []), post.lists.get(f"{side}_stance", [])
    return {item[:40]: stance[:40] for item, stance in list(zip(items, stances, strict=False))[:8] if item}


def lines(post: Post, side: str) -> list[list[Any]]:
    """Lines of orders of one side of an offer: which, at least or at most, how much. Names carry the kind of seat."""
    names, bounds, values = (post.lists.get(f"{side}_{what}", []) for what in ("line", "bound", "value"))
    rows = zip(names, bounds, values, strict=False)
    return [
        [name.rpartition(":")[2][:40], bound[:10], number_of(value[:40].strip().replace(",", "."), name)]
        for name, bound, value in list(rows)[:8] if name
    ]  # fmt: skip


def bargain(post: Post) -> Done:
    """Offer another seat a deal: stances in the Council, lines of orders of a turn."""
    data: dict[str, Any] = {
        "to": post.text("to", 40), "give": pairs(post, "give"), "want": pairs(post, "want"),
        "words": post.text("words", 200),
    }  # fmt: skip
    found = {f"{side}_orders": lines(post, side) for side in ("give", "want")}
    if any(found.values()):
        data |= found | {"due": post.whole("due") - 1}
    if post.text("promise", 4):
        data["binding"] = False
    post.site.room.act(post.token, "bargain", data, post.key())
    return Done("/play?saved=1")


def message(post: Post) -> Done:
    """Write to another seat."""
    data = {"to": post.text("to", 40), "words": post.text("words", 240), "tone": post.text("tone", 20) or TONES[0]}
    if post.text("item", 40):
        data["item"] = post.text("item", 40)
    post.site.room.act(post.token, "message", data, post.key())
    return Done("/play?saved=1")


def answer(post: Post) -> Done:
    """Accept or decline an offer. It is numbered within what this seat sees: the table's count would tell of others."""
    room, seat_id = post.site.room, post.member.seat if post.member is not None else ""
    key, number = post.key(), post.whole("number")
    with room.lock:
        mine = [b.number for b in room.table.bargains if seat_id in (b.by, b.to)]
        if not 0 <= number < len(mine):
            raise Refused("There is no such offer.")
        data = {"number": mine[number], "accept": post.text("accept") in ("1", "true", "yes", "on")}
        room.act(post.token, "answer", data, key)
    return Done("/play?saved=1")


def next_phase(post: Post) -> Done:
    """Go on before the timer does: only where one person plays alone."""
    if post.site.pace is None:
        raise Refused("Only the facilitator may do this.")
    go_on(post.site.room, post.key())
    return Done("/play")
