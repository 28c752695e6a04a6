"""The review of a game (after-action): everything that the hot wash and the report show, as one structure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from analysis.pictures.write import Tell
from analysis.studies.compare.comparison import Judged
from game.review.beside import beside
from game.review.counterfactual import Answer, decisions, deletions, twins
from game.review.league import League
from game.review.lucks import FRESH, LUCKS, Bench, Luck, lucks, told
from game.review.moved import Moved, moved
from game.review.played import Played, RulesChanged
from game.review.story import TurnStory, story
from game.seats.kinds import KINDS

MOST_RUNS: Final = 30_000  # about a minute on two processors


@dataclass(frozen=True)
class Deep:
    """What needs other runs; None in a review of a game that was played under other rules."""

    lucks: tuple[Luck, ...]
    twins: dict[str, tuple[Answer, ...]]
    deletions: tuple[Answer, ...]
    judged: Judged
    moved: Moved


@dataclass(frozen=True)
class Review:
    """One game, reviewed."""

    played: Played
    story: tuple[TurnStory, ...]
    deep: Deep | None
    refused: str = ""  # why counterfactuals are refused
    league: League | None = None


def review(
    played: Played, lucks_count: int = LUCKS, fresh: int | None = None, threads: int | None = None,
    tell: Tell | None = None, league: League | None = None,
) -> Review:  # fmt: skip
    """Everything about a game. `tell(what, done, all)` is called as runs get done.

    fresh: lucks of each decision and twin; by default 200, or 100 where there are so many seats and turns that the
    report would keep a class waiting. Where replay cannot verify the game, results are told without counterfactuals.
    """
    turns = story(played)
    try:
        bench = Bench(played, threads)
    except RulesChanged as refused:
        return Review(played, turns, None, str(refused), league)

    def step(what: str) -> Callable[[int, int], None]:
        return lambda done, total: tell(what, done, total) if tell is not None else None

    fresh = fresh_for(played) if fresh is None else fresh
    found = lucks(bench, lucks_count, step("Lucks"))
    deep = Deep(
        found, twins(bench, fresh, step("Twins")), deletions(bench, fresh, step("Decisions")),
        beside(bench, fresh, progress=step("Policies")), moved(played),
    )  # fmt: skip
    return Review(played, turns, deep, "", league)


def fresh_for(played: Played) -> int:
    """How many lucks the report gives each question."""
    questions = sum(len(KINDS[seat.kind].strategies) for seat in played.setup.game.seats)
    arms = 2 * questions + 3 * len(decisions(played))
    return FRESH if arms * FRESH <= MOST_RUNS else FRESH // 2


def practices(found: Review) -> tuple[tuple[str, str, str, str], ...]:
    """Drafts for the hot wash: observation, what to discuss, what may be concluded, what to recommend.

    Observations come from numbers; the class fills in the rest.
    """
    deep, titles = found.deep, {s.id: s.title for s in found.played.setup.game.seats}
    if deep is None:
        return ()
    rows = []
    for answer in _largest([a for a in deep.deletions if told(a.own().mean)], 4):
        own, handed = answer.own().mean, answer.own(True).mean
        same = own.mean * handed.mean > 0.0 and handed.excludes()
        rows.append((
            f"{titles[answer.seat]}, turn {answer.turn + 1}: {own.mean:+.1f} points of its own score "
            "on average".replace("-", "−"),
            "Was this meant? What did the seat know then?",
            "Holds also when the others are played by policies." if same
            else "Depends on what the others did: it does not hold when they are played by policies.",
            "",
        ))  # fmt: skip
    return tuple(rows)


def _largest(answers: Sequence[Answer], most: int) -> list[Answer]:
    """The decisions that moved their seats' scores most, one a seat."""
    ranked = sorted(answers, key=lambda one: -abs(one.own().mean.mean))
    first = {one.seat: one for one in reversed(ranked)}
    return [one for one in ranked if first[one.seat] is one][:most]
