"""The review on the web: the hot wash of a finished game, and one question at a time, answered while the class waits.

Everybody in the room may ask once the game is over: by then nothing is secret. Pages never work anything out: the game
is read in a thread of its own, answers and the whole report come from processes of their own, and a page that waits for
one says so at once and looks again when it is there.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route

from game.core.act import Refused
from game.core.seen import SeatView
from game.review.counterfactual import decisions
from game.review.figures import scores as scores_by_turn
from game.review.hotwash.grades import as_csv, as_xlsx, grades
from game.review.hotwash.slide_files import Missing
from game.review.lucks import Bench
from game.review.played import Played, RulesChanged, played_from
from game.review.story import TurnStory, story
from game.seats.kinds import KINDS
from game.web.language import language_of, say_in
from game.web.member.knowledge import view_of
from game.web.member.pages import away, common
from game.web.posts import Done, Post, for_desk, for_member, refused, whole
from game.web.questions import Question, Questions, Report, Worker
from game.web.site import DESK_COOKIE, Site, site_of

LOG: Final = logging.getLogger("interlock.web")
NAMES: Final = ("review.html", "review.pdf")
FILES: Final = {
    "csv": "text/csv; charset=utf-8", "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
CLOSED: Final = "The review opens when the game is over."
FAILED: Final = "This could not be worked out; it is noted. Ask again, or ask the facilitator."


@dataclass
class Review:
    """A finished game: read in the background, with the line of questions about it and its report."""

    key: tuple[int, int]  # branch, and quarters played
    questions: Questions
    report: Report
    played: Played | None = None
    turns: tuple[TurnStory, ...] = ()
    views: tuple[SeatView, ...] = ()  # what each seat saw at the end
    refused: str = ""  # why counterfactuals are refused
    failed: bool = False
    waiting: set[str] = field(default_factory=set)

    def read(self, site: Site) -> None:
        """Replay the game, and see whether other courses of it can be run."""
        worker = self.questions.worker
        try:
            played = played_from(worker.path, worker.branch)
            try:
                Bench(played)
            except RulesChanged as changed:
                self.refused = changed.args[0]
            self.turns = story(played)  # once: every page of the review tells it
            self.views = tuple(view_of(played.table, seat.id) for seat in played.setup.game.seats)
            self.played = played
        except Exception:  # the game goes on without its review, and says so
            self.failed = True
            LOG.exception("The review could not read %s", worker.path)
        site.look_again(self.waiting)

    def end(self) -> None:
        """Stop what runs for it, and remove what it wrote."""
        self.questions.end()
        self.report.remove()


def finished(site: Site) -> tuple[int, int] | None:
    """The branch that is reviewed, and its quarters: this one, or, while this one is played, the last that is over."""
    room, table = site.room, site.table
    with room.lock:
        if table.phase == "review":
            return room.branch, len(table.course.quarters)
        done = {one.id: len(room.journal.lines_of_quarters(one.id)) for one in room.journal.branches()}
        early = {branch for branch in done if any(act.kind == "end" for _, act in room.journal.acts(branch))}
        over = [branch for branch, quarters in done.items() if quarters == table.game.horizon() or branch in early]
        return (over[-1], done[over[-1]]) if over else None


def review_of(site: Site, key: tuple[int, int]) -> Review:
    """The review of a branch that is over; one at a time."""
    with site.lock:
        room, old = site.room, site.review
        if old is None or old.key != key:
            if old is not None:
                old.end()
            apart = [Worker(room.journal.path, key[0]) for _ in range(2)]
            site.review = Review(key, Questions(apart[0], site.look_again), Report(apart[1], site.look_again))
            threading.Thread(target=site.review.read, args=(site,), daemon=True).start()
        found: Review = site.review
        return found


def entered(request: Request) -> tuple[Site, dict[str, Any]] | Response:
    """Who may see the review, and what every page shows; or where to go."""
    site = site_of(request)
    member, desk = site.member(request), site.is_desk(request.cookies.get(DESK_COOKIE, ""))
    if member is None and not desk:
        return away("/")
    values = common(site, request, member) | {"desk": desk, "asker": member.token if member is not None else "desk"}
    if desk and member is None:
        version = site.room.version + site.answered.get("desk", 0)
        values |= {"csrf": site.csrf(request.cookies.get(DESK_COOKIE, "")), "stream": "desk", "version": version}
    return site, values


def read_for(request: Request, site: Site, values: dict[str, Any]) -> Review | Response:
    """The review once the game has been read; until then a page that waits for it, at the same address."""
    key = finished(site)
    if key is None:
        return refused(request, CLOSED, 409, "/review")
    about = review_of(site, key)
    about.waiting.add(values["asker"])
    if about.failed:
        return refused(request, FAILED, 200, "/play")
    if about.played is None:
        return site.page(request, "waiting.html", 202, question=None, asked="", place=0, **values)
    return about


def read_through(request: Request) -> tuple[Site, dict[str, Any], Review] | Response:
    """Who asks, what every page shows, and the review of a game that has been read; or the page to show instead."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    about = read_for(request, *found)
    return about if isinstance(about, Response) else (*found, about)


def hot_wash(request: Request) -> Response:
    """Scores, the story with each seat's own view first, and what can be asked."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    site, values = found
    if finished(site) is None:
        return site.page(request, "hotwash.html", open=False, **values)
    about = read_for(request, site, values)
    if isinstance(about, Response):
        return about
    played, own = about.played, values["member"].seat if values["member"] is not None else ""
    assert played is not None
    seats = played.setup.game.seats
    return site.page(
        request, "hotwash.html", open=True, about=about, seats=seats, own=own, turns=about.turns,
        scores=played.scores(), views=about.views, questions=played.setup.game.debrief,
        decisions=[(seat, turn) for seat, turn in decisions(played)], titles={s.id: s.title for s in seats},
        paths=scores_by_turn.table(scores_by_turn.paths(played)), **values,
        strategies={kind.name: kind.strategies for kind in KINDS.values()},
    )  # fmt: skip


def named(request: Request, played: Played) -> tuple[str, tuple[Any, ...]] | None:
    """What is asked, as job and arguments; None where there is no such question."""
    job, query, game = request.path_params["question"], request.query_params, played.setup.game
    seat, turn = query.get("seat", ""), whole(query.get("turn", ""))
    if job == "lucks":
        return job, ()
    if job == "twin" and seat in [one.id for one in game.seats]:
        return job, (seat,)
    if job == "without" and (seat, turn) in decisions(played):
        return job, (seat, turn)
    return None


def asked(request: Request) -> Response:
    """One question, lucks, twin or without: its answer, or that it is being worked out."""
    found = read_through(request)
    if isinstance(found, Response):
        return found
    site, values, about = found
    assert about.played is not None
    what = named(request, about.played)
    if what is None:
        return refused(request, "There is no such question.", 404, "/review")
    if about.refused:
        return refused(request, about.refused, 409, "/review")
    return answered(request, site, values, about, *what)


def answered(
    request: Request, site: Site, values: dict[str, Any], about: Review, job: str, arguments: tuple[Any, ...] = (),
) -> Response:  # fmt: skip
    """The answer to a question in the reader's language, or the page that waits for it."""
    arguments = (*arguments, language_of(request))
    name = "-".join(map(str, (job, *arguments)))
    questions, asker = about.questions, values["asker"]
    fresh = name not in questions.known and questions.open_of(asker) is None
    if fresh and not site.limits.allow("questions", asker):
        return refused(request, "Too many at once. Wait a moment.", 429, "/review")
    answer = questions.ask(asker, name, job, arguments)
    if answer is None:  # no error of this request: the page that waits must take it
        return refused(request, FAILED, 200, "/review")
    if isinstance(answer, Question):
        place = questions.line.index(answer) if answer in questions.line else 0
        status = 202 if answer.name == name else 409
        return site.page(request, "waiting.html", status, question=answer, asked=name, place=place, **values)
    if job == "slides":
        at = min(len(answer.slides), max(1, whole(request.query_params.get("n", "")) or 1))
        return site.page(request, "slides.html", show=answer, slide=answer.slides[at - 1], at=at, **values)
    return site.page(request, "answer.html", answer=answer, name=name, **values)


def slides_page(request: Request) -> Response:
    """The hot wash, slide by slide."""
    found = read_through(request)
    if isinstance(found, Response):
        return found
    site, values, about = found
    if about.refused:
        return refused(request, about.refused, 409, "/review")
    return answered(request, site, values, about, "slides")


def kept(request: Request) -> Response:
    """Slides and grades as files. Grades are the facilitator's alone."""
    found = read_through(request)
    if isinstance(found, Response):
        return found
    site, values, about = found
    name, kind = request.path_params["name"], request.path_params["kind"]
    assert about.played is not None
    show = about.questions.known.get(f"slides-{language_of(request)}")
    try:
        if name == "grades" and kind in ("csv", "xlsx") and values["desk"]:
            with site.room.lock:
                rows = grades(site.room.journal, about.key[0], about.played, list(site.room.members.values()))
            say = say_in(language_of(request))
            body = as_csv(rows, say) if kind == "csv" else as_xlsx(rows, say)
        elif name == "slides" and kind in ("pdf", "pptx") and show is not None:
            body = show.pdf if kind == "pdf" else show.pptx
            if not body:
                raise Missing(show.missing)
        elif name == "slides" and kind in ("pdf", "pptx"):
            return away("/review/slides")
        else:
            return refused(request, "There is no such page.", 404, "/review")
    except Missing as missing:
        return refused(request, missing.args[0], 409, "/review")
    return Response(body, media_type=FILES[kind], headers={
        "content-disposition": f'attachment; filename="interlock_{name}.{kind}"'
    })  # fmt: skip


def slide_picture(request: Request) -> Response:
    """The figure of a slide."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    about, at = found[0].review, request.path_params["at"]
    known = f"slides-{language_of(request)}"
    show = about.questions.known.get(known) if about is not None and finished(found[0]) == about.key else None
    if show is None or not 1 <= at <= len(show.slides) or show.slides[at - 1].picture is None:
        return refused(request, "There is no such page.", 404, "/review")
    return Response(show.slides[at - 1].picture, media_type="image/png")


def cancelled(post: Post) -> Done:
    """Somebody waits no longer for an answer."""
    if post.site.review is not None:
        post.site.review.questions.cancel(post.member.token if post.member is not None else "desk")
    return Done("/review")


async def cancel(request: Request) -> Response:
    """The same form for members and for the facilitator."""
    of_member = site_of(request).member(request) is not None
    return await (for_member if of_member else for_desk)(cancelled, "/review")(request)


def picture(request: Request) -> Response:
    """The figure of an answer that was given."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    site, _ = found
    about = site.review if finished(site) is not None else None
    known = about.questions.known.get(request.path_params["name"]) if about is not None else None
    if known is None or known.picture is None:
        return refused(request, "There is no such page.", 404, "/review")
    return Response(known.picture, media_type="image/svg+xml")


def start_report(post: Post) -> Done:
    """The facilitator asks for the report; one is made at a time."""
    key = finished(post.site)
    if key is None:
        raise Refused(CLOSED)
    review_of(post.site, key).report.start("desk")
    return Done("/review")


def report_file(request: Request) -> Response:
    """The finished report, to keep."""
    found = entered(request)
    if isinstance(found, Response):
        return found
    site, name = found[0], request.path_params["name"]
    about = site.review if finished(site) is not None else None
    path = about.report.file(name) if about is not None and name in NAMES else None
    if path is None:
        return refused(request, "There is no such page.", 404, "/review")
    return FileResponse(path, filename=f"interlock_{name}", content_disposition_type="attachment")


def routes() -> Sequence[BaseRoute]:
    """The review's addresses."""
    get, post = ["GET"], ["POST"]
    return [
        Route("/review", hot_wash, methods=get), Route("/review/report/{name}", report_file, methods=get),
        Route("/review/picture/{name}.svg", picture, methods=get), Route("/review/slides", slides_page, methods=get),
        Route("/review/slides/{at:int}.png", slide_picture, methods=get),
        Route("/review/file/{name}.{kind}", kept, methods=get), Route("/review/{question}", asked, methods=get),
        Route("/review/cancel", cancel, methods=post),
        Route("/desk/report", for_desk(start_report, "/review"), methods=post),
    ]  # fmt: skip
