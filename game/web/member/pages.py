"""Pages of members and of the projector: each is given what its reader may know, and nothing else."""

import io
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from itertools import groupby
from typing import Any, Final

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from game.core.council.items import AMOUNTS
from game.core.council.messages import TONES
from game.core.council.positions import REASONS
from game.core.game_file import Seat
from game.core.names import names_of
from game.core.phases import Table
from game.core.room.people import Member
from game.core.seen import SeatView
from game.seats.forms import spent
from game.seats.kind import NOTHING, SeatKind
from game.seats.kinds import KINDS
from game.web.language import LANGUAGE_COOKIE, LANGUAGES
from game.web.member import knowledge
from game.web.member.charts import Turned, chart_of
from game.web.member.headlines import Headline, changed, headlines, of_turn
from game.web.site import SEAT_COOKIE, Site, keep, site_of
from game.web.words import entry
from sim.declare.names import STANCES
from sim.inputs.values import unseen


def away(where: str) -> Response:
    """Go to another page."""
    return RedirectResponse(where, 303)


def common(site: Site, request: Request, member: Member | None = None) -> dict[str, Any]:
    """What every page of a member shows."""
    seat = member.seat if member is not None else ""
    with site.room.lock:
        found = knowledge.public(site.table, site.left())
        version = site.room.version_for(seat) + site.answered[member.token if member is not None else ""]
    session = request.cookies.get(SEAT_COOKIE, "")
    return {
        "public": found, "version": version, "member": member, "csrf": site.csrf(session) if session else "",
        "new_key": lambda: secrets.token_urlsafe(12), "one_person": site.pace is not None, "stream": "seat",
        "room": f"{site.room.code}-{site.room.branch}", "seat": site.table.game.seat(seat) if seat else None,
        "tabs": TABS,
    }  # fmt: skip


def fit(text: str) -> str:
    """What somebody typed, as it may be shown again."""
    return "" if unseen(text) else text


def join(request: Request) -> Response:
    """The first page: room code and pseudonym."""
    site = site_of(request)
    code = fit(request.query_params.get("code", "")[:12].upper())
    values = common(site, request, site.member(request))
    return site.page(request, "join.html", code=code, problem="", name="", **values)


def lobby(request: Request) -> Response:
    """Waiting for a seat."""
    site = site_of(request)
    member = site.member(request)
    if member is None:
        return away("/")
    return site.page(request, "lobby.html", open_seats=site.open_seats, problem="", **common(site, request, member))


def seated(request: Request) -> tuple[Site, Member, Seat] | Response:
    """Who asks and for which seat; or where to go first."""
    site = site_of(request)
    member = site.member(request)
    if member is None:
        return away("/")
    if not member.seat:
        return away("/lobby")
    return site, member, site.table.game.seat(member.seat)


def play(request: Request) -> Response:
    """The one main page of a seat, by phase."""
    found = seated(request)
    if isinstance(found, Response):
        return found
    return play_page(request, *found)


def play_page(request: Request, site: Site, member: Member, seat: Seat) -> Response:
    """The same for a seat that is known."""
    with site.room.lock:
        view = site.view(seat.id)
        values = common(site, request, member)
        done, start = knowledge.done(site.table, seat), knowledge.before(site.table, seat)
        course = knowledge.course_of(site.table, seat)
        stands = seat.id in site.table.standing()
        did = site.front.now(seat.id) if site.front is not None and view.phase == "news" else None
        cast = knowledge.cast_of(site.table) if view.form.targets else []
    prospects = site.prospects(seat.id) if view.phase == "council" else {}
    allies = [s for s in site.table.game.seats if KINDS[s.kind].sits and s.id != seat.id]
    titles = {s.id: s.title for s in site.table.game.seats}
    groups = [(name, list(lines)) for name, lines in groupby(view.form.lines, lambda line: line.group)]
    others = [s for s in site.table.game.seats if s.id != seat.id]
    kinds = dict.fromkeys(s.kind for s in others)
    shown: dict[str, Any] = {
        "others": others, "own_lines": [(seat.kind, view.form.lines)], "tones": TONES,
        "their_lines": [(kind, KINDS[kind].form.lines) for kind in kinds],
        "labels": {s.id: {line.name: line.label for line in KINDS[s.kind].form.lines} for s in site.table.game.seats},
        "done": done, "did": did, "start": start, "course": course, "stands": stands,
        "proposes": [line for line in view.form.lines if line.name in KINDS[seat.kind].proposes],
        "packages": packages(KINDS[seat.kind]), "heads": headlines(site.table) if view.phase == "news" else (),
        "waits": site.front is not None and site.front.waits(), "used": offered(view, start),
        "cast": cast, "groups": groups, "allies": allies, "titles": titles,
        "stances": STANCES, "prospects": prospects, "amounts": AMOUNTS, "reasons": REASONS,
        "saved": request.query_params.get("saved") == "1",
    }  # fmt: skip
    return site.page(request, "play.html", view=view, **shown, **values)


def offered(view: SeatView, start: Mapping[str, Any]) -> float:
    """What the numbers in the form take out of the purse: orders as given, or what the form offers."""
    return spent(view.form, {line.name: float(entry(start.get(line.name, line.default))) for line in view.form.lines})


def packages(kind: SeatKind) -> list[tuple[str, str, dict[str, float]]]:
    """Ready choices for a whole form, to be tuned line by line: the strategies of its kind, with a word on each.

    A bid for membership is in none of them: that is nothing to be given up in passing.
    """
    found = [("usual", "the form as it usually stands", dict[str, Any]())]
    found += [
        (n, one.words, dict(one.orders))
        for n, one in kind.strategies.items()
        if one.orders and n != NOTHING and not one.stances
    ]
    lines = [line for line in kind.form.lines if line.name != "apply"]
    return [(name, words, {line.name: float(entry(given.get(line.name, line.default))) for line in lines})
            for name, words, given in found]  # fmt: skip


def brief(request: Request) -> Response:
    """The role card of a seat, for reading and for print."""
    found = seated(request)
    if isinstance(found, Response):
        return found
    site, member, seat = found
    names = dict(knowledge.cast_of(site.table))
    return site.page(
        request, "brief.html", names=names, form=KINDS[seat.kind].form, view=site.view(seat.id),
        **common(site, request, member),
    )  # fmt: skip


def map_page(request: Request) -> Response:
    """The tile map as a seat knows it."""
    found = seated(request)
    if isinstance(found, Response):
        return found
    site, member, seat = found
    variable = request.query_params.get("show", knowledge.MAPPED[0])
    if variable not in knowledge.MAPPED:
        variable = knowledge.MAPPED[0]
    tiles = site.known(f"map:{seat.id}:{variable}", lambda: knowledge.map_for(site.table, seat, variable))
    return site.page(
        request, "map.html", tiles=tiles, variable=variable, mapped=knowledge.MAPPED,
        **common(site, request, member),
    )  # fmt: skip


def charts(request: Request) -> Response:
    """Numbers over time, each with its table."""
    found = seated(request)
    if isinstance(found, Response):
        return found
    site, member, seat = found
    series = site.known(f"series:{seat.id}", lambda: knowledge.series_for(site.table, seat))
    return site.page(
        request, "charts.html", charts=[chart_of(one) for one in series], warm_up=site.table.game.warm_up,
        **common(site, request, member),
    )  # fmt: skip


def history(request: Request) -> Response:
    """All turns so far, as this seat lived them."""
    found = seated(request)
    if isinstance(found, Response):
        return found
    site, member, seat = found
    past = site.known(f"past:{seat.id}", lambda: knowledge.past_of(site.table, seat))
    return site.page(
        request, "history.html", past=past, form=KINDS[seat.kind].form, stances=STANCES, **common(site, request, member)
    )


def screen(request: Request) -> Response:
    """The projector: public information only."""
    site = site_of(request)
    values = common(site, request) | {"stream": "screen"}
    base = site.address or str(request.base_url).rstrip("/")
    desk = site.asker(request).kind == "desk"
    with site.room.lock:
        table = site.table
        # How many have sent is for the room to see, and says when somebody did: it is shown where the desk opened it.
        sent = knowledge.sent(table) if desk else None
        here = [one.name for one in site.room.members.values()] if desk and table.phase == "lobby" else []
        values |= {"version": site.room.version + site.answered["desk"]} if desk else {}
        front = site.known("front:", lambda: front_of(table)) if table.course.quarters else None
    return site.page(request, "screen.html", code=site.room.code, base=base, sent=sent, here=here, page=front, **values)


def front_of(table: Table) -> tuple[tuple[Headline, ...], Turned, str]:
    """The front page of the last turn: headlines, the map of what changed, and the quarters that it is about."""
    built, names = table.course.built, names_of(table.game, table.course.built)
    tiles = [(int(x), int(y), code, names[code]) for code, (x, y) in zip(built.codes, built.tiles, strict=True)]
    lived, quarter = of_turn(table), table.course.setup.quarter
    told = knowledge.span(quarter(lived[0].step), quarter(lived[-1].step))
    return headlines(table), (tiles, changed(table)), told


def qr(request: Request) -> Response:
    """The address of the join page as a QR code."""
    site = site_of(request)
    base = site.address or str(request.base_url).rstrip("/")
    drawn = io.BytesIO()
    segno.make(f"{base}/?code={site.room.code}", error="m").save(drawn, kind="svg", border=3, light="#fff", scale=8)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


def health(request: Request) -> Response:
    """Whether the server is there."""
    return PlainTextResponse("ok")


def language(request: Request) -> Response:
    """Change the language of the interface."""
    back = request.query_params.get("back", "/")
    answer = away(back if back in ("/", "/lobby", "/play", "/brief", "/desk", "/screen", "/history") else "/")
    chosen = request.query_params.get("to", "en")
    if chosen in LANGUAGES:
        keep(answer, request, LANGUAGE_COOKIE, chosen, 31_536_000)
    return answer


async def events(request: Request) -> Response:
    """The stream that tells a page to look again."""
    site = site_of(request)
    wanted, member, asker = request.query_params.get("for", "seat"), site.member(request), site.asker(request)
    desk = wanted == "desk" and asker.kind == "desk"
    seated = member if wanted == "seat" and not desk else None
    # Whose share of the streams this is: the facilitator's projector is not a stranger's.
    who = "desk" if asker.kind == "desk" else asker.name if asker.kind == "member" else ""

    def state() -> tuple[int, str]:
        room = site.room
        if desk or (wanted == "screen" and asker.kind == "desk"):
            return room.version + site.answered["desk"], room.table.phase
        # The seat is looked up each time: the facilitator may move a member.
        now = room.members.get(seated.token) if seated is not None else None
        come = site.answered[now.token] if now is not None else 0
        return room.version_for(now.seat if now is not None else "") + come, room.table.phase

    async def told() -> AsyncIterator[str]:
        waits = member or Member("", "")
        waits.streams += 1
        try:
            async with aclosing(site.hub.events(state, who, site.time)) as stream:
                async for one in stream:
                    yield one
        finally:
            waits.streams -= 1

    if site.hub.full(who):
        return PlainTextResponse("Too many open pages.", 429)
    return StreamingResponse(told(), media_type="text/event-stream", headers={"x-accel-buffering": "no"})


TABS: Final = (  # of a seat: address, name, sign
    ("/play", "Play", "▶"), ("/brief", "Brief", "▤"), ("/map", "Map", "▦"), ("/charts", "Charts", "∿"),
    ("/history", "History", "↺"),
)  # fmt: skip


def routes() -> list[Route]:
    """Addresses of pages; those of a seat are tabs too."""
    found = {
        "/": join, "/lobby": lobby, "/play": play, "/brief": brief, "/map": map_page, "/charts": charts,
        "/history": history, "/screen": screen, "/qr.svg": qr, "/events": events, "/health": health,
        "/language": language,
    }  # fmt: skip
    return [Route(path, page, methods=["GET"]) for path, page in found.items()]
