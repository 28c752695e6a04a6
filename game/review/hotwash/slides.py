"""The hot wash as a sequence of slides: aims, turning points, deals, luck and skill, twins, the last year, questions.

Everything comes from the review's own questions, on fewer lucks, so that a class waits seconds for it and not minutes.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import matplotlib

from analysis.pictures.chart import Chart
from analysis.pictures.style import RC
from analysis.pictures.write import Tell, figure_of
from analysis.words import Table, shortened, signed
from game.core.scoring import points_of
from game.review.counterfactual import decisions, relaid, words_of
from game.review.figures import lucks as beside_lucks
from game.review.figures.league import CHART as LEAGUE
from game.review.figures.shared import foot_of
from game.review.league import league
from game.review.lucks import Bench, Luck, lucks, without_seats
from game.review.played import Played
from game.review.story import TurnStory, story
from game.seats.kinds import KINDS
from sim.law.asked_orders import Standing
from sim.runs.ensemble import Progress
from sim.runs.events import Event

LUCKS: Final = 100  # that this world is set among
FEW: Final = 16  # of each decision and each twin
TURNING: Final = 5  # decisions told
LINES: Final = 8  # of deals and of the last year
SHOWN: Final = 110  # signs of a decision's orders
DOTS: Final = 130  # an inch


class Slide(NamedTuple):
    """One slide: lines, then a table, then a picture as PNG."""

    title: str
    lines: tuple[str, ...] = ()
    table: Table | None = None
    picture: bytes | None = None
    alt: str = ""


class Worth(NamedTuple):
    """A choice of a seat and what it is worth to every seat: points, mean over a few lucks, others' orders frozen."""

    seat: str
    turn: int  # -1: in all
    title: str
    points: dict[str, float]


def slides(played: Played, tell: Tell, tables: Sequence[Played] = ()) -> tuple[Slide, ...]:
    """All slides of a finished game. `tell(what, done, all)` is called as runs get done.

    tables: others that played the same game on the same shocks.
    """
    bench = Bench(played)

    def step(done: int, total: int) -> None:
        tell("Runs", done, total)

    found = lucks(bench, LUCKS, step)
    asked = decisions(played)
    said = worth(bench, [
        (Worth(seat, turn, briefly(words_of(played, seat, turn)), {}), without_seats(played, [seat], [turn]))
        for seat, turn in asked
    ], -1.0, step)  # fmt: skip
    better = worth(bench, [
        (Worth(seat.id, -1, name, {}), relaid(played, without_seats(played, [], []), seat.id, strategy))
        for seat in played.setup.game.seats for name, strategy in KINDS[seat.kind].strategies.items()
    ], 1.0, step)  # fmt: skip
    return (
        first(played), *aims(played), turning(played, said), by_turn(played, said), deals(story(played)),
        luck_and_skill(played, found), best_twins(played, better), last_year(played), *side_by_side(played, tables),
        Slide("What do you take home?", played.setup.game.debrief),
    )  # fmt: skip


def briefly(orders: str) -> str:
    """Orders in words without what was left at nothing."""
    return ", ".join(part for part in orders.split(", ") if not part.endswith(" 0"))


def worth(
    bench: Bench, choices: Sequence[tuple[Worth, Standing]], sign: float, step: Progress
) -> list[Worth]:  # fmt: skip
    """Each other course less the class's, or with `sign` -1 the class's less the other."""
    seats = [seat.id for seat in bench.played.setup.game.seats]
    base, *others = bench.read([bench.played.table.course.standing, *(one for _, one in choices)], 1, FEW, step)
    return [
        one._replace(points={s: sign * float((other[s] - base[s]).mean()) for s in seats})
        for (one, _), other in zip(choices, others, strict=True)
    ]  # fmt: skip


def first(played: Played) -> Slide:
    """Where everybody ended."""
    scores = played.scores()
    rows = [(s.title, f"{scores[s.id]:.0f}") for s in sorted(played.setup.game.seats, key=lambda s: -scores[s.id])]
    said = "Scores hang on luck and on what others did. The next slides say how much."
    return Slide(played.setup.game.title, (said,), Table(("seat", "score, of 100"), tuple(rows)))


def aims(played: Played) -> Iterator[Slide]:
    """Every seat's aims, the secret ones too, four seats a slide."""
    outcome, built, seats = played.outcome(), played.table.course.built, played.setup.game.seats
    parts = [seats[at : at + 4] for at in range(0, len(seats), 4)]
    for number, part in enumerate(parts, 1):
        rows = [
            (seat.title, aim.title, "secret" if aim.secret else "", f"{float(points_of(aim, outcome, built)[0]):.0f}")
            for seat in part for aim in seat.objectives
        ]  # fmt: skip
        title = f"What everybody wanted ({number} of {len(parts)})"
        yield Slide(title, (), Table(("seat", "aim", "", "points, of 100"), tuple(rows)))


def turning(played: Played, said: Sequence[Worth]) -> Slide:
    """The decisions that moved most for whoever took them, and whom else they moved."""
    titles, rows = {s.id: s.title for s in played.setup.game.seats}, []
    for one in sorted(said, key=lambda a: -abs(a.points[a.seat]))[:TURNING]:
        most = max((s for s in titles if s != one.seat), key=lambda s: abs(one.points[s]))
        rows.append((
            str(one.turn + 1), titles[one.seat], shortened(one.title, SHOWN), signed(one.points[one.seat], 1),
            f"{titles[most]} {signed(one.points[most], 1)}",
        ))  # fmt: skip
    heads = ("turn", "seat", "its orders", "points for itself", "most for another")
    line = f"Each decision against policy in its place, mean of {FEW} other lucks."
    return Slide("Turning points", (line,) if rows else ("Policy played every seat.",), Table(heads, tuple(rows)))


def by_turn(played: Played, said: Sequence[Worth]) -> Slide:
    """What each seat's own orders were worth, turn by turn."""
    gains = {(one.seat, one.turn): one.points[one.seat] for one in said}
    turns = range(len(played.turns))
    rows = [
        (seat.title, *(signed(gains[seat.id, t], 1) if (seat.id, t) in gains else "policy" for t in turns))
        for seat in played.setup.game.seats
    ]  # fmt: skip
    line = "Points against what policy would have made of the same turn: what happened by itself is not in them."
    return Slide("Gained by own orders", (line,), Table(("seat", *(f"turn {t + 1}" for t in turns)), tuple(rows)))


def deals(turns: Sequence[TurnStory]) -> Slide:
    """What was offered, and what came of it."""
    lines = [f"Turn {turn.number + 1}: {line}" for turn in turns for line in turn.bargains]
    return Slide("Deals", tuple(lines[:LINES]) or ("No deal was offered.",))


def picture(chart: Chart, data: Any, played: Played) -> bytes:
    """A chart as PNG."""
    with matplotlib.rc_context(RC):
        out = io.BytesIO()
        figure_of(chart, data, foot_of(played)).savefig(out, format="png", dpi=DOTS, metadata={"Software": None})
        return out.getvalue()


def luck_and_skill(played: Played, found: Sequence[Luck]) -> Slide:
    """Where this world fell among others."""
    data, chart = beside_lucks.strips(found), beside_lucks.CHART
    finding = chart.finding(data)
    return Slide(
        "Luck and skill", (f"{finding}, over {LUCKS} other lucks.",), None, picture(chart, data, played), finding
    )


def best_twins(played: Played, found: Sequence[Worth]) -> Slide:
    """The strategy that would have done best in each seat."""
    rows = []
    for seat in played.setup.game.seats:
        best = max((one for one in found if one.seat == seat.id), key=lambda one: one.points[seat.id])
        gain = best.points[seat.id]
        better = gain > 0.05
        rows.append((seat.title, best.title if better else "none", signed(gain, 1) if better else "–"))
    line = (
        f"A fixed strategy in this seat's place, the others as they were: the best of its list, over {FEW} other lucks."
    )
    return Slide("What a twin would have done", (line,), Table(("seat", "better strategy", "points more"), tuple(rows)))


def side_by_side(played: Played, tables: Sequence[Played]) -> Iterator[Slide]:
    """Several tables on the same shocks: each seat beside the same seat at the other tables."""
    if tables:
        found = league(sorted([played, *tables], key=lambda one: one.name))
        named = [name.rpartition("-table-") for name in found.groups]  # as `play --tables` names its files
        found = found._replace(groups=tuple(f"Table {end}" if start else end for start, _, end in named))
        cells = [
            [f"{score:.0f} ({signed(float(gap), 1)})" for score, gap in zip(*pair, strict=True)]
            for pair in zip(found.scores.T, found.differences.T, strict=True)
        ]
        rows = tuple((seat, *row) for seat, row in zip(found.seats, cells, strict=True))
        line = "The same game and shocks at every table: score, and points above or below the others in this seat."
        heads = ("seat", *found.groups)
        yield Slide("The tables side by side", (line, f"{LEAGUE.finding(found)}."), Table(heads, rows))


def last_year(played: Played) -> Slide:
    """The year that nobody played, and what happened in it."""
    end = played.end_of(len(played.turns) - 1)
    before, after = played.scores(end), played.scores()
    rows = [
        (seat.title, f"{before[seat.id]:.0f}", f"{after[seat.id]:.0f}", signed(after[seat.id] - before[seat.id], 1))
        for seat in played.setup.game.seats
    ]  # fmt: skip
    events = [event for lived in played.table.course.quarters[end:] for event in lived.events]
    names = dict(zip(played.table.course.built.codes, played.table.course.built.names, strict=True))
    lines = (
        "Policy played a year after the last turn, so that nobody could plunder the end.", *reasons(events, names)
    )  # fmt: skip
    return Slide("Epilogue", lines, Table(("seat", "before", "after", "change"), tuple(rows)))


def reasons(events: Sequence[Event], names: Mapping[str, str]) -> list[str]:
    """What made the year: the hardest crises, who came closer or was held up."""
    crises = sorted((e for e in events if e.kind == "crisis"), key=lambda e: -float(e.text.rpartition(" ")[2]))
    others = [e for e in events if e.kind in ("track", "suspension", "council")]
    told = [e.told(names.get(e.of, "")) if e.form else e.text for e in (*crises[:3], *others)]
    return list(dict.fromkeys(text[:1].upper() + text[1:] for text in told))[: LINES - 2]
