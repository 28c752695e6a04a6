"""The facilitator's desk: White cell sees everything, and steers. Only whoever holds the secret comes here."""

import secrets
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from game.core.council.proposal import RESULTS
from game.core.phases import Table
from game.print.seat_plan import CLASS_SIZES, games_side_by_side, plan_for
from game.seats.kinds import DUTIES, KINDS
from game.web.member import knowledge
from game.web.member.pages import away
from game.web.posts import refused, whole
from game.web.site import DESK_COOKIE, Site, address_of, keep, site_of
from sim.declare.names import STANCES, THREAT_KINDS

MOST_SHOWN = 60  # of those who wait without a seat
STEPS: Final = {
    "lobby": "Open the game", "brief": "Open the orders", "orders": "Close the orders", "council": "Resolve the turn",
    "news": "Begin the next turn", "end": "End the game", "review": "Begin the hot wash",
}  # fmt: skip
COMMON: dict[str, Any] = {"one_person": False, "member": None, "seat": None, "stream": "desk"}


def desk(request: Request) -> Response:
    """The desk; with the secret in the address once, which gives a session and leaves the address bar."""
    site = site_of(request)
    secret = request.query_params.get("secret")
    if secret is not None:
        # The right secret is never kept waiting, however many guess at it.
        if not site.room.is_facilitator(secret[:200]):
            status = 403 if site.limits.allow("secrets", address_of(request)) else 429
            return refused(request, "This is not the facilitator's secret.", status, "/")
        answer = away("/desk")
        keep(answer, request, DESK_COOKIE, site.desk_session())
        return answer
    if not site.is_desk(request.cookies.get(DESK_COOKIE, "")):
        return refused(request, "Open the facilitator's secret link first.", 403, "/")
    return site.page(request, "desk.html", **desk_values(site, request))


def desk_values(site: Site, request: Request) -> dict[str, Any]:
    """All that the desk shows."""
    room = site.room
    with room.lock:
        table = room.table
        public, standing = knowledge.public(table, site.left()), table.standing()
        seats = [
            {
                "seat": seat, "place": table.places[seat.id], "pin": room.pins[seat.id],
                "members": [m for m in room.members.values() if m.seat == seat.id],
                "done": table.places[seat.id].orders is not None, "stands": seat.id in standing,
                "stances": dict(table.places[seat.id].stances),
                "form": KINDS[seat.kind].form,
            } for seat in table.game.seats
        ]  # fmt: skip
        waiting = [one for one in room.members.values() if not one.seat]
        people = [one for one in room.members.values() if one.seat] + waiting[:MOST_SHOWN]
        pending = [(step, inject) for step, inject in table.injected if step >= table.course.engine.step]
        return COMMON | {
            "public": public, "version": room.version, "seats": seats, "people": people,
            "injects": table.game.injects, "kinds": THREAT_KINDS, "cast": knowledge.cast_of(table), "pending": pending,
            "agenda": dict(table.agenda), "results": tuple(RESULTS), "rulings": dict(table.rulings),
            "log": list(table.log), "lost": room.journal.lost,
            "branches": room.journal.branches(), "branch": room.branch, "code": room.code,
            "csrf": site.csrf(request.cookies.get(DESK_COOKIE, "")), "new_key": fresh_name,
            "quarters": table.game.quarters, "stances": STANCES, "bargains": list(table.bargains),
            "messages": list(table.messages), "messages_on": table.messages_on,
            "quoted": [number for _, number in table.quoted], "titles": {s.id: s.title for s in table.game.seats},
            "joining": room.joining, "all": len(room.members), "more": max(0, len(waiting) - MOST_SHOWN),
            "asked": site.preview, "sent": knowledge.sent(table), "waiting": len(waiting), "step": step_after(table),
            "quarter_of": table.course.setup.quarter, "names": dict(knowledge.cast_of(table)),
        }  # fmt: skip


def step_after(table: Table) -> str:
    """The facilitator's next step, in words."""
    return STEPS["end" if table.phase == "news" and table.last_turn else table.phase]


def aside(request: Request) -> Response:
    """How far the preview is: a part of the desk that renews itself."""
    site = site_of(request)
    session = request.cookies.get(DESK_COOKIE, "")
    if not site.is_desk(session):
        return refused(request, "Open the facilitator's secret link first.", 403, "/")
    return site.page(request, "preview.html", asked=site.preview, csrf=site.csrf(session), new_key=fresh_name)


def fresh_name() -> str:
    """A key of a form."""
    return secrets.token_urlsafe(12)


def setup(request: Request) -> Response:
    """Class size to seat plan."""
    site = site_of(request)
    if not site.is_desk(request.cookies.get(DESK_COOKIE, "")):
        return refused(request, "Open the facilitator's secret link first.", 403, "/")
    game, size = site.table.game, min(200, max(1, whole(request.query_params.get("size", "")) or 12))
    titles = {seat.id: seat.title for seat in game.seats}
    return site.page(
        request,
        "desk_setup.html",
        size=size,
        sizes=CLASS_SIZES,
        plan=plan_for(game, size),
        pins=site.room.pins,
        titles=titles,
        duties=DUTIES,
        games=games_side_by_side(game, size),
        **COMMON | {"public": knowledge.public(site.table, site.left()), "version": site.room.version, "csrf": ""},
    )
