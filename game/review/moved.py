"""What moved trust and interoperability in a game, out of the ledger: by activity and threat, by turn, by event.

It is accounting in rule order, not causation; causal claims come from paired runs with one choice left out.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from analysis.pictures.run.shared import partners
from analysis.words import Table, cause_name, signed
from game.core.world_played import Course, new_course
from game.review.lucks import by_policy
from game.review.played import Played
from sim.declare.names import SCORES
from sim.declare.no_programme import NO_PARAMETERS
from sim.law.compiled import Floats
from sim.law.ledger import CAUSES
from sim.runs.events import Event
from sim.runs.results import Results, record, without_programme

TRUST, INTEROPERABILITY = SCORES.index("trust"), SCORES.index("interoperability")
LEAST: Final = 0.0005  # contributions below are not told
MOST: Final = 9  # causes told one by one
MOST_EVENTS: Final = 20


class Moved(NamedTuple):
    """A game as a run, and tables of what its ledger holds."""

    results: Results
    trust: Table  # by turn
    interoperability: Table
    by_event: Table


def moved(played: Played) -> Moved:
    """Replay with the ledger open, and the same luck and injects without a programme."""
    course = new_course(played.setup, {lived.step: lived.orders for lived in played.table.course.quarters})
    kept: list[Floats] = [course.engine.contributions.copy()]
    results = record(course.engine, _without(played), _watched(course, played.lived, kept))
    booked = np.diff(np.stack(kept), axis=0)
    trust, interoperability = (by_turn(played, results, booked, score) for score in (TRUST, INTEROPERABILITY))
    return Moved(results, trust, interoperability, by_event(played, booked))


def _watched(course: Course, until: int, kept: list[Floats]) -> Iterator[int]:
    """The quarters, with a copy of the ledger after each."""
    for step in course.steps(until):
        kept.append(course.engine.contributions.copy())
        yield step


def _without(played: Played) -> Results:
    """The same luck and injects with everybody left to policy and no programme."""
    course = new_course(played.setup)
    course.standing = by_policy(played)
    course.engine.levers = without_programme(course.engine.levers)
    course.engine.parameters = course.engine.parameters._replace(**NO_PARAMETERS)
    return record(course.engine, None, course.steps(played.lived))


def spans_of(played: Played) -> list[tuple[str, int, int]]:
    """The parts of a game with their first step and the one after their last."""
    warm = played.setup.game.warm_up
    found = [("before", 0, warm)] if warm else []
    found += [(f"turn {t.number + 1}", played.end_of(t.number - 1), played.end_of(t.number)) for t in played.turns]
    return [*found, ("after", played.end_of(len(played.turns) - 1), played.lived)] if played.epilogue else found


def by_turn(played: Played, results: Results, booked: Floats, score: int) -> Table:
    """What was booked for the mean partner in each turn, the largest causes over the game first.

    booked: (L, CAUSES, SCORES, N). Columns: before the first turn, every turn, the quarters after the last, all.
    """
    rows, spans = partners(results), spans_of(played)
    if not len(rows):
        return Table(("what", "all"), ())
    mean = booked[:, :, score][:, :, rows].mean(axis=2)
    parts = np.stack([mean[first:last].sum(axis=0) for _, first, last in spans], axis=1)
    size = np.abs(parts).sum(axis=1)
    order = [int(c) for c in np.argsort(-size, kind="stable") if size[c] >= LEAST]
    lines = [(cause_name(CAUSES[c]), parts[c]) for c in order[:MOST]]
    if len(order) > MOST:
        lines.append((f"{len(order) - MOST} smaller causes", parts[order[MOST:]].sum(axis=0)))
    lines.append(("all of them", parts.sum(axis=0)))
    told = tuple((name, *(signed(float(v), 4) for v in (*amounts, amounts.sum()))) for name, amounts in lines)
    return Table(("what", *(name for name, _, _ in spans), "all"), told)


def cause_of(event: Event) -> str:
    """The ledger's cause under which an event's own effect is booked; empty where none is."""
    return event.about if event.kind == "crisis" else {"leak": "leaks", "track": "accession"}.get(event.kind, "")


def by_event(played: Played, booked: Floats) -> Table:
    """Events with the largest amounts booked under their cause for their state in their quarter."""
    codes, found = played.table.course.built.codes, []
    for lived in played.table.course.quarters:
        for event in lived.events:
            cause = cause_of(event)
            if cause and event.state in codes:
                amounts = booked[lived.step, CAUSES.index(cause), :, codes.index(event.state)]
                pair = float(amounts[TRUST]), float(amounts[INTEROPERABILITY])
                if abs(pair[0]) + abs(pair[1]) >= LEAST / 5.0:
                    found.append((abs(pair[0]) + abs(pair[1]), lived.step, event, cause, pair))
    found.sort(key=lambda one: (-one[0], one[1], one[2].text))
    injected = {(s, code) for s, inject in played.table.injected for code in inject.states}
    rows = tuple(
        (played.quarter(s), event.text + (" (inject)" if (s, event.state) in injected else ""), cause_name(cause),
         signed(pair[0], 4), signed(pair[1], 4))
        for _, s, event, cause, pair in found[:MOST_EVENTS]
    )  # fmt: skip
    return Table(("quarter", "event", "booked as", "trust", "interoperability"), rows)
