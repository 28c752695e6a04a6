"""The review on the web: the hot wash of a finished game, and one question at a time, answered while the class waits.

Everybody in the room may ask once the game is over: by then nothing is secret. One question is worked out at a time and
remembered, so that forty phones that ask the same cost one answer. The whole report is made in the background.
"""

import io
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

import matplotlib
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from analysis.pictures.run.charts import Chart
from analysis.pictures.style import RC
from analysis.pictures.write import figure_of
from analysis.words import Table as Shown
from game.core.act import Refused
from game.review.after_action import review
from game.review.counterfactual import decisions, deletion, twin
from game.review.figures.charts import PATHS, foot_of, luck_chart, twin_job
from game.review.figures.effects import (
    answer_table,
    effects_table,
    find_lucks,
    find_twin,
    lucks_table,
    score_lucks,
    twin_effects,
)
from game.review.lucks import LUCKS, Bench, lucks
from game.review.played import Played, RulesChanged, played_from
from game.review.report import write_review
from game.review.story import story
from game.seats.kinds import KINDS
from game.web.member.pages import away, common
from game.web.posts import Done, Post, for_desk, refused
from game.web.site import DESK_COOKIE, Site, site_of

NAMES: Final = ("review.html", "review.pdf")


@dataclass(frozen=True)
class Answered:
    """One answer as a page shows it."""

    title: str
    finding: str
    table: Shown
    more: tuple[str, ...]
    command: str
    picture: bytes | None = None
    alt: str = ""


@dataclass
class Review:
    """A finished game with the answers that were given so far, and its report while it is made."""

    played: Played
    file: str
    bench: Bench | None
    refused: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: dict[str, Answered] = field(default_factory=dict)
    progress: str = ""
    report: Path | None = None

    def ask(self, name: str, make: Callable[[Bench], Answered]) -> Answered:
        """An answer, worked out once."""
        with self.lock:
            if name not in self.known:
                if self.bench is None:
                    raise Refused(self.refused)
                self.known[name] = make(self.bench)
            return self.known[name]


def review_of(site: Site) -> Review:
    """The review of the game as it stands."""

    with site.room.lock:
        room, key = site.room, (site.room.branch, len(site.table.course.quarters))
        if key not in site.reviews:
            played, bench, words = played_from(room.journal.path, room.branch), None, ""
            try:
                bench = Bench(played)
            except RulesChanged as changed:
                words = str(changed)
            site.reviews[key] = Review(played, room.journal.path.name, bench, words)
        found: Review = site.reviews[key]
        return found


def picture_of(chart: Chart, data: Any, played: Played) -> bytes:
    """A chart as SVG."""
    with matplotlib.rc_context(RC):
        out = io.BytesIO()
        figure_of(chart, data, foot_of(played)).savefig(out, format="svg", metadata={"Date": None})
        return out.getvalue()


def answer_lucks(found: Review, bench: Bench) -> Answered:
    """Where this world fell among 1,000 other lucks."""
    values = lucks(bench, LUCKS)
    seats = score_lucks(values)
    chart = luck_chart(len(seats.lucks), seats.runs, len(seats.lucks[0].policy))
    return Answered(
        "Luck and skill", f"{find_lucks(seats)}, over {LUCKS:,} other lucks.", lucks_table(values),
        ("This world = policy play + skill + luck.",), f"python run.py lucks {found.file}",
        picture_of(chart, seats, found.played), find_lucks(seats),
    )  # fmt: skip


def answer_twin(found: Review, bench: Bench, seat: str) -> Answered:
    """What a seat's AI twins would have done under the same luck."""
    answers = twin(bench, seat)
    chart, data = twin_job(found.played, answers)
    more = [f"{one.title}: {line}" for one in answers for line in one.refused[:2]]
    return Answered(
        f"AI twins: {found.played.setup.game.seat(seat).title}", f"{find_twin(data)}.",
        effects_table(twin_effects(found.played, answers)), tuple(more[:12]),
        f"python run.py twin {found.file} --seat {seat}", picture_of(chart, data, found.played), find_twin(data),
    )  # fmt: skip


def answer_without(found: Review, bench: Bench, seat: str, turn: int) -> Answered:
    """What a seat's decisions of one turn changed."""
    one = deletion(bench, seat, turn)
    title = found.played.setup.game.seat(seat).title
    return Answered(
        f"Without {title}, turn {turn + 1}", one.words, answer_table(one), one.refused[:12],
        f"python run.py without {found.file} --seat {seat} --turn {turn + 1}",
    )  # fmt: skip


def entered(request: Request) -> tuple[Site, dict[str, Any]] | Response:
    """Who may see the review, and what every page shows; or where to go."""
    site = site_of(request)
    member, desk = site.member(request), site.is_desk(request.cookies.get(DESK_COOKIE, ""))
    if member is None and not desk:
        return away("/")
    values = common(site, request, member) | {"desk": desk}
    if desk and member is None:
        values |= {"csrf": site.csrf(request.cookies.get(DESK_COOKIE, "")), "stream": "desk"}
    return site, values


def hot_wash(request: Request) -> Response:
    """Scores, the story with each seat's own view first, and what can be asked."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    site, values = found
    if site.table.phase != "review":
        return site.page(request, "hotwash.html", open=False, **values)
    about = review_of(site)
    played, own = about.played, values["member"].seat if values["member"] is not None else ""
    turns = story(played)
    seats = played.setup.game.seats
    return site.page(
        request, "hotwash.html", open=True, about=about, seats=seats, own=own, turns=turns, scores=played.scores(),
        views=[site.view(seat.id) for seat in seats], questions=played.setup.game.debrief,
        decisions=[(seat, turn) for seat, turn in decisions(played)], titles={s.id: s.title for s in seats},
        paths=PATHS.table(PATHS.data(played)), **values,
        strategies={kind.name: kind.strategies for kind in KINDS.values()},
    )  # fmt: skip


def asked(request: Request) -> Response:
    """One question: lucks, twin or without."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    site, values = found
    if site.table.phase != "review":
        return refused(request, "The review opens when the game is over.", 409, "/review")
    about, query = review_of(site), request.query_params
    seats = [seat.id for seat in about.played.setup.game.seats]
    seat, question = query.get("seat", ""), request.path_params["question"]
    try:
        if question == "lucks":
            name, answer = "lucks", about.ask("lucks", lambda bench: answer_lucks(about, bench))
        elif question == "twin" and seat in seats:
            name, answer = f"twin-{seat}", about.ask(f"twin-{seat}", lambda bench: answer_twin(about, bench, seat))
        elif question == "without" and seat in seats and query.get("turn", "").isdecimal():
            turn = int(query["turn"])
            if (seat, turn) not in decisions(about.played):
                return refused(request, "Nothing was decided there.", 404, "/review")
            name = f"without-{seat}-{turn}"
            answer = about.ask(name, lambda bench: answer_without(about, bench, seat, turn))
        else:
            return refused(request, "There is no such question.", 404, "/review")
    except Refused as error:
        return refused(request, str(error), 409, "/review")
    return site.page(request, "answer.html", answer=answer, name=name, **values)


def picture(request: Request) -> Response:
    """The figure of an answer that was given."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    site, _ = found
    known = review_of(site).known.get(request.path_params["name"]) if site.table.phase == "review" else None
    if known is None or known.picture is None:
        return refused(request, "There is no such page.", 404, "/review")
    return Response(known.picture, media_type="image/svg+xml")


def make_report(about: Review, wake: Callable[[], None]) -> None:
    """The whole report, in a thread of its own; pages are told how far it is."""

    def tell(what: str, done: int, total: int) -> None:
        about.progress = f"{what}: {done} of {total}"

    try:
        folder = Path(mkdtemp(prefix="interlock-review-"))
        write_review(review(about.played, tell=tell), folder, tell)
        about.report, about.progress = folder, "ready"
    except Exception as error:  # the game goes on without its report, and says so
        about.progress = f"The report could not be made: {error}"
    wake()


def start_report(post: Post) -> Done:
    """The facilitator asks for the report."""
    site = post.site
    if site.table.phase != "review":
        raise Refused("The review opens when the game is over.")
    about = review_of(site)
    if not about.progress:
        about.progress = "starting"
        threading.Thread(target=make_report, args=(about, site.hub.wake), daemon=True).start()
    return Done("/review")


def report_file(request: Request) -> Response:
    """The finished report, to keep."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    site, name = found[0], request.path_params["name"]
    about = review_of(site) if site.table.phase == "review" else None
    if about is None or about.report is None or name not in NAMES:
        return refused(request, "There is no such page.", 404, "/review")
    return FileResponse(about.report / name, filename=f"interlock_{name}", content_disposition_type="attachment")


def routes() -> Sequence[BaseRoute]:
    """The review's addresses."""
    get = ["GET"]
    return [
        Route("/review", hot_wash, methods=get), Route("/review/report/{name}", report_file, methods=get),
        Route("/review/picture/{name}.svg", picture, methods=get), Route("/review/{question}", asked, methods=get),
        Route("/desk/report", for_desk(start_report, "/review"), methods=["POST"]),
    ]  # fmt: skip
