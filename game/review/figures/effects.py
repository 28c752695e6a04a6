"""Numbers, findings and tables behind the review's own pictures."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from analysis.stats.intervals import Interval
from analysis.words import Table, counted, listed, signed
from game.review.counterfactual import FROZEN, HANDED, Answer
from game.review.league import League
from game.review.lucks import Luck, words_for
from game.review.played import Played, values_by_turn
from sim.law.compiled import Floats

BINS: Final = 80


class Lucks(NamedTuple):
    """Seats' scores over other lucks, and how often each came out: strips of bins, each strip's tallest bin 1."""

    lucks: tuple[Luck, ...]
    runs: int
    edges: Floats  # (B + 1,) of bins, in points
    own: Floats  # (S, B) the class's orders
    policy: Floats  # (S, B) policy play


def score_lucks(found: Sequence[Luck]) -> Lucks:
    """Only the seats' scores: measures have other units."""
    scores = tuple(one for one in found if not one.value.measure)
    every = np.concatenate([np.concatenate([one.lucks, one.policy, [one.here]]) for one in scores])
    edges = np.linspace(every.min() - 1.0, every.max() + 1.0, BINS + 1)
    own, policy = (
        np.stack([_strip(values, edges) for values in many])
        for many in ([one.lucks for one in scores], [one.policy for one in scores])
    )
    return Lucks(scores, len(scores[0].lucks), edges, own, policy)


def _strip(values: Floats, edges: Floats) -> Floats:
    counts = np.histogram(values, edges)[0]
    return np.asarray(counts / max(int(counts.max()), 1))


def seat_title(luck: Luck) -> str:
    """The seat's title of a score."""
    return luck.value.title.removesuffix(": score")


def find_lucks(data: Lucks) -> str:
    """Which seats the class's play helped, and which it harmed."""
    up = [seat_title(one) for one in data.lucks if one.skill.low > 0.0]
    down = [seat_title(one) for one in data.lucks if one.skill.high < 0.0]
    pairs = (("better", up), ("worse", down))
    told_seats = [f"{word} for {_few(seats, len(data.lucks))}" for word, seats in pairs if seats]
    if not told_seats:
        return "The class's play is not told from policy play for any seat"
    return f"Against policy play, the class's play was {' and '.join(told_seats)}"


def _few(seats: Sequence[str], of: int) -> str:
    """Up to two seats by name, more by number."""
    return listed(seats) if len(seats) < 3 else f"{len(seats)} of {of} seats"


def lucks_table(found: Sequence[Luck]) -> Table:
    """This world = policy play + skill + luck, value by value."""
    rows = tuple(
        (
            one.value.title, words_for(one.value, one.here), f"{one.percentile:.0f} %",
            words_for(one.value, one.policy_mean), words_for(one.value, one.skill.mean, True),
            f"{words_for(one.value, one.skill.low, True)} to {words_for(one.value, one.skill.high, True)}",
            words_for(one.value, one.luck, True),
            f"{words_for(one.value, one.low)} to {words_for(one.value, one.high)}",
        ) for one in found
    )  # fmt: skip
    return Table((
        "value", "this world", "of lucks came out below", "policy play", "+ skill", "95 % of skill", "+ luck",
        "the class's orders, 5 to 95 % of lucks",
    ), rows)  # fmt: skip


class Effects(NamedTuple):
    """Rows of choices: what each changed in one score, in points, frozen and handed."""

    subject: str
    rows: tuple[str, ...]
    groups: tuple[str, ...]  # of each row; empty where there are none
    frozen: tuple[Interval, ...]
    handed: tuple[Interval, ...]
    here: tuple[float, ...]  # this world, frozen
    here_handed: tuple[float, ...]
    axis: str
    lucks: int
    words: tuple[str, ...]


def _effects(answers: Sequence[Answer], subject: str, groups: tuple[str, ...], axis: str) -> Effects:
    own = [(one.own(), one.own(True)) for one in answers]
    return Effects(
        subject, tuple(one.title for one in answers), groups, tuple(f.mean for f, _ in own),
        tuple(h.mean for _, h in own), tuple(f.here for f, _ in own), tuple(h.here for _, h in own), axis,
        answers[0].lucks if answers else 0, tuple(one.words for one in answers),
    )  # fmt: skip


def twin_effects(played: Played, answers: Sequence[Answer]) -> Effects:
    """One seat's twins, the best first; twin less class."""
    ranked = sorted(answers, key=lambda one: -one.own().mean.mean)
    title = played.setup.game.seat(answers[0].seat).title
    return _effects(ranked, title, (), f"score of {title}, points: the twin's less the class's")


def deletion_effects(played: Played, answers: Sequence[Answer]) -> Effects:
    """Every decision's effect on its own seat's score: with it less without it."""
    groups = tuple(played.setup.game.seat(one.seat).title for one in answers)
    short = [one._replace(title=f"Turn {one.turn + 1}") for one in answers]
    return _effects(short, "the seats' decisions", groups, "points of the seat's own score, with less without")


def told(one: Interval) -> bool:
    """Whether an interval lies off 0 by more than rounding."""
    return one.excludes() and abs(one.mean) >= 0.05


def find_twin(data: Effects) -> str:
    """How many strategies would have done better, and the best."""
    better = [i for i, one in enumerate(data.frozen) if told(one) and one.mean > 0.0]
    if not better:
        return f"No twin is told to do better than the class did as {data.subject}"
    best = data.rows[better[0]]
    many = f"{len(better)} of {len(data.rows)} twins would have done better as {data.subject}"
    if not told(data.handed[better[0]]) or data.handed[better[0]].mean < 0.0:
        return f"{many}; but “{best}” does not, if the others are played by policies"
    return f"{many}; “{best}” by {data.frozen[better[0]].mean:.1f} points on average"


def find_deletion(data: Effects) -> str:
    """The decisions that moved their seats' scores most."""
    if not data.rows:
        return "No seat decided anything"
    sure = [i for i in range(len(data.rows)) if told(data.frozen[i])]
    if not sure:
        return "No single decision is told to have moved its seat's own score"
    top = max(sure, key=lambda i: abs(data.frozen[i].mean))
    gain = signed(data.frozen[top].mean, 1)
    return (
        f"{len(sure)} of {counted(len(data.rows), 'decision')} moved their seat's own score; most, "
        f"{data.groups[top]}'s in {data.rows[top].lower()} ({gain} points)"
    )


def effects_table(data: Effects) -> Table:
    """Both answers of every row."""
    rows = []
    for i, row in enumerate(data.rows):
        pairs = ((data.here[i], data.frozen[i]), (data.here_handed[i], data.handed[i]))
        cells = [
            cell for here, one in pairs
            for cell in (signed(here, 2), signed(one.mean, 2), f"{signed(one.low, 2)} to {signed(one.high, 2)}")
        ]  # fmt: skip
        rows.append(((f"{data.groups[i]}, {row.lower()}" if data.groups else row), data.words[i], *cells))
    heads = (
        "choice", "in words", f"this world, {FROZEN}", "mean over fresh lucks", "95 %", f"this world, {HANDED}", "mean",
        "95 %",
    )  # fmt: skip
    return Table(heads, tuple(rows))


def answer_table(answer: Answer) -> Table:
    """One answer in all its values."""
    rows = []
    for f, h in zip(answer.frozen, answer.handed, strict=True):
        cells = [
            cell for one in (f, h) for cell in (
                words_for(f.value, one.here, True), words_for(f.value, one.mean.mean, True),
                f"{words_for(f.value, one.mean.low, True)} to {words_for(f.value, one.mean.high, True)}",
            )
        ]  # fmt: skip
        rows.append((f.value.title, *cells))
    heads = ("value", f"this world, {FROZEN}", "mean", "95 %", f"this world, {HANDED}", "mean", "95 %")
    return Table(heads, tuple(rows))


class Paths(NamedTuple):
    """Seats' scores turn by turn."""

    points: tuple[str, ...]
    seats: tuple[str, ...]
    scores: Floats  # (S, P)


def paths(played: Played) -> Paths:
    """Scores before the first turn, after each, and at the end."""
    found = values_by_turn(played)
    count = len(next(iter(found.values())))
    ends = 1 if played.finished else 0
    before = count - len(played.turns) - ends
    points = ["start"] * before + [f"turn {t.number + 1}" for t in played.turns] + ["end"] * ends
    seats = played.setup.game.seats
    return Paths(tuple(points), tuple(s.title for s in seats), np.stack([found[s.id] for s in seats]))


def find_paths(data: Paths) -> str:
    """Who ends highest and lowest, and who rose most."""
    order = np.argsort(-data.scores[:, -1], kind="stable")
    first, last = ((data.seats[i], float(data.scores[i, -1])) for i in (order[0], order[-1]))
    when = "end" if data.points[-1] == "end" else "stand"
    rise = int(np.argmax(data.scores[:, -1] - data.scores[:, 0]))
    gain = signed(float(data.scores[rise, -1] - data.scores[rise, 0]), 0)
    return (
        f"{first[0]} {when} highest at {first[1]:.0f} points, {last[0]} lowest at {last[1]:.0f}; "
        f"{data.seats[rise]} rose most ({gain})"
    )


def paths_table(data: Paths) -> Table:
    """A row a seat."""
    rows = tuple((s, *(f"{v:.1f}" for v in data.scores[i])) for i, s in enumerate(data.seats))
    return Table(("seat", *data.points), rows)


def find_league(data: League) -> str:
    """Whose seat did best against the same seat at the other tables."""
    g, s = np.unravel_index(int(np.argmax(data.differences)), data.differences.shape)
    best = float(data.differences[g, s])
    return f"Largest lead: {data.groups[int(g)]} as {data.seats[int(s)]}, {best:.1f} points above the other tables"
