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
from analysis.said import Said, Say, joined
from analysis.words import Table, shortened, signed
from game.core.scoring import points_of
from game.core.seen import said_of
from game.review.counterfactual import decisions, relaid, words_of
from game.review.figures import lucks as beside_lucks
from game.review.figures.league import CHART as LEAGUE
from game.review.figures.shared import foot_of, in_words_of
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


def slides(played: Played, tell: Tell, tables: Sequence[Played] = (), say: Say = str) -> tuple[Slide, ...]:
    """All slides of a finished game. `tell(what, done, all)` is called as runs get done.

    tables: others that played the same game on the same shocks. `say`: the language of what is drawn.
    """
    bench = Bench(played)

    def step(done: int, total: int) -> None:
        tell("Runs", done, total)

    found = lucks(bench, LUCKS, step)
    asked = decisions(played)
    said = worth(bench, [
        (Worth(seat, turn, words_of(played, seat, turn, brief=True), {}), without_seats(played, [seat], [turn]))
        for seat, turn in asked
    ], -1.0, step)  # fmt: skip
    better = worth(bench, [
        (Worth(seat.id, -1, Said(name), {}), relaid(played, without_seats(played, [], []), seat.id, strategy))
        for seat in played.setup.game.seats for name, strategy in KINDS[seat.kind].strategies.items()
    ], 1.0, step)  # fmt: skip
    return (
        first(played), *aims(played), turning(played, said), by_turn(played, said), deals(story(played)),
        luck_and_skill(played, found, say), best_twins(played, better), last_year(played),
        *side_by_side(played, tables),
        Slide(Said("What do you take home?"), played.setup.game.debrief),
    )  # fmt: skip


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
    said = Said("Scores hang on luck and on what others did. The next slides say how much.")
    return Slide(played.setup.game.title, (said,), Table((Said("seat"), Said("score, of 100")), tuple(rows)))


def aims(played: Played) -> Iterator[Slide]:
    """Every seat's aims, the secret ones too, four seats a slide."""
    outcome, built, seats = played.outcome(), played.table.course.built, played.setup.game.seats
    parts = [seats[at : at + 4] for at in range(0, len(seats), 4)]
    for number, part in enumerate(parts, 1):
        rows = [
            (seat.title, aim.title, Said("secret") if aim.secret else "",
             f"{float(points_of(aim, outcome, built)[0]):.0f}")
            for seat in part for aim in seat.objectives
        ]  # fmt: skip
        title = Said("What everybody wanted (%(n)s of %(all)s)", n=number, all=len(parts))
        yield Slide(title, (), Table((Said("seat"), Said("aim"), "", Said("points, of 100")), tuple(rows)))


def turning(played: Played, said: Sequence[Worth]) -> Slide:
    """The decisions that moved most for whoever took them, and whom else they moved."""
    titles, rows = {s.id: s.title for s in played.setup.game.seats}, []
    for one in sorted(said, key=lambda a: -abs(a.points[a.seat]))[:TURNING]:
        most = max((s for s in titles if s != one.seat), key=lambda s: abs(one.points[s]))
        rows.append((
            str(one.turn + 1), titles[one.seat], cut(one.title), signed(one.points[one.seat], 1),
            joined((titles[most], Said(signed(one.points[most], 1)))),
        ))  # fmt: skip
    heads = (Said("turn"), Said("seat"), Said("its orders"), Said("points for itself"), Said("most for another"))
    line = Said("Each decision against policy in its place, mean of %(n)s other lucks.", n=FEW)
    told = line if rows else Said("Policy played every seat.")
    return Slide(Said("Turning points"), (told,), Table(heads, tuple(rows)))


def cut(orders: str) -> str:
    """Orders in words, their first lines where all are too many for a slide."""
    parts = list(orders.values.values()) if isinstance(orders, Said) else []
    while len(parts) > 1 and len(joined(parts, ", ")) > SHOWN:
        parts = [*parts[:-2], "…"] if parts[-1] == "…" else [*parts[:-1], "…"]
    return joined(parts, ", ") if parts else shortened(orders, SHOWN)


def by_turn(played: Played, said: Sequence[Worth]) -> Slide:
    """What each seat's own orders were worth, turn by turn."""
    gains = {(one.seat, one.turn): one.points[one.seat] for one in said}
    turns = range(len(played.turns))
    rows = [
        (seat.title, *(signed(gains[seat.id, t], 1) if (seat.id, t) in gains else Said("policy") for t in turns))
        for seat in played.setup.game.seats
    ]  # fmt: skip
    line = Said("Points against what policy would have made of the same turn: what happened by itself is not in them.")
    heads = (Said("seat"), *(Said("turn %(n)s", n=t + 1) for t in turns))
    return Slide(Said("Gained by own orders"), (line,), Table(heads, tuple(rows)))


def deals(turns: Sequence[TurnStory]) -> Slide:
    """What was offered, and what came of it."""
    lines = [
        Said("Turn %(n)s: %(what)s", n=turn.number + 1, what=line) for turn in turns for line in turn.bargains
    ]  # fmt: skip
    return Slide(Said("Deals"), tuple(lines[:LINES]) or (Said("No deal was offered."),))


def picture(chart: Chart, data: Any, played: Played, say: Say) -> bytes:
    """A chart as PNG, in a language."""
    with matplotlib.rc_context(RC):
        out = io.BytesIO()
        figure_of(in_words_of(chart, say), data, foot_of(played, say)).savefig(
            out, format="png", dpi=DOTS, metadata={"Software": None}
        )
        return out.getvalue()


def luck_and_skill(played: Played, found: Sequence[Luck], say: Say) -> Slide:
    """Where this world fell among others."""
    data, chart = beside_lucks.strips(found), beside_lucks.CHART
    finding = chart.finding(data)
    line = Said("%(finding)s, over %(n)s other lucks.", finding=finding, n=LUCKS)
    return Slide(Said("Luck and skill"), (line,), None, picture(chart, data, played, say), finding)


def best_twins(played: Played, found: Sequence[Worth]) -> Slide:
    """The strategy that would have done best in each seat."""
    rows = []
    for seat in played.setup.game.seats:
        best = max((one for one in found if one.seat == seat.id), key=lambda one: one.points[seat.id])
        gain = best.points[seat.id]
        better = gain > 0.05
        rows.append((seat.title, best.title if better else Said("none"), signed(gain, 1) if better else "–"))
    line = Said(
        "A fixed strategy in this seat's place, the others as they were: the best of its list, over %(n)s other lucks.",
        n=FEW,
    )
    heads = (Said("seat"), Said("better strategy"), Said("points more"))
    return Slide(Said("What a twin would have done"), (line,), Table(heads, tuple(rows)))


def side_by_side(played: Played, tables: Sequence[Played]) -> Iterator[Slide]:
    """Several tables on the same shocks: each seat beside the same seat at the other tables."""
    if tables:
        found = league(sorted([played, *tables], key=lambda one: one.name))
        named = [name.rpartition("-table-") for name in found.groups]  # as `play --tables` names its files
        found = found._replace(groups=tuple(Said("Table %(n)s", n=end) if start else end for start, _, end in named))
        cells = [
            [f"{score:.0f} ({signed(float(gap), 1)})" for score, gap in zip(*pair, strict=True)]
            for pair in zip(found.scores.T, found.differences.T, strict=True)
        ]
        rows = tuple((seat, *row) for seat, row in zip(found.seats, cells, strict=True))
        line = Said(
            "The same game and shocks at every table: score, and points above or below the others in this seat."
        )
        heads = (Said("seat"), *found.groups)
        finding = Said("%(finding)s.", finding=LEAGUE.finding(found))
        yield Slide(Said("The tables side by side"), (line, finding), Table(heads, rows))


def last_year(played: Played) -> Slide:
    """The year that nobody played, and what happened in it."""
    if not played.epilogue:
        told = Said("The game was ended early, after turn %(n)s: no year was played after it.", n=len(played.turns))
        return Slide(Said("Epilogue"), (told,))
    end = played.end_of(len(played.turns) - 1)
    before, after = played.scores(end), played.scores()
    rows = [
        (seat.title, f"{before[seat.id]:.0f}", f"{after[seat.id]:.0f}", signed(after[seat.id] - before[seat.id], 1))
        for seat in played.setup.game.seats
    ]  # fmt: skip
    events = [event for lived in played.table.course.quarters[end:] for event in lived.events]
    built = played.table.course.built
    names = dict(zip(built.codes, map(Said, built.names), strict=True))
    line = Said("Policy played a year after the last turn, so that nobody could plunder the end.")
    heads = (Said("seat"), Said("before"), Said("after"), Said("change"))
    return Slide(Said("Epilogue"), (line, *reasons(events, names)), Table(heads, tuple(rows)))


def reasons(events: Sequence[Event], names: Mapping[str, str]) -> list[str]:
    """What made the year: the hardest crises, who came closer or was held up."""
    crises = sorted((e for e in events if e.kind == "crisis"), key=lambda e: -float(e.text.rpartition(" ")[2]))
    others = [e for e in events if e.kind in ("track", "suspension", "council")]
    told = (said_of(event, names.get(event.of, "")) for event in (*crises[:3], *others))
    return list(dict.fromkeys(told))[: LINES - 2]
