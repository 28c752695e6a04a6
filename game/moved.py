"""What moved trust and interoperability in a game, out of the ledger: by activity and threat, by turn, by event.

It is accounting in rule order, not causation; causal claims come from paired runs with one choice left out.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from analysis.numbers_change import cause_name
from analysis.numbers_partners import partners
from analysis.words import Table, signed
from game.course import Course, new_course
from game.lucks import by_policy
from game.played import Played
from sim.compiled import Floats
from sim.events import Event
from sim.ledger import CAUSES
from sim.results import Results, record, without_programme
from sim.vocabulary import SCORES, THREAT_KINDS

TRUST, INTEROPERABILITY = SCORES.index("trust"), SCORES.index("interoperability")
LEAST: Final = 0.0005  # contributions below are not told
MOST: Final = 5  # causes told a turn
MOST_EVENTS: Final = 20


class Moved(NamedTuple):
    """A game as a run, and two tables of what its ledger holds."""

    results: Results
    by_turn: Table
    by_event: Table


def moved(played: Played) -> Moved:
    """Replay with the ledger open, and the same luck and injects without a programme."""
    course = new_course(played.setup, {lived.step: lived.orders for lived in played.table.course.quarters})
    kept: list[Floats] = [course.engine.contributions.copy()]
    results = record(course.engine, _without(played), _watched(course, played.lived, kept))
    booked = np.diff(np.stack(kept), axis=0)
    return Moved(results, by_turn(played, results, booked), by_event(played, booked))


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
    course.engine.parameters = course.engine.parameters._replace(lead_rate=0.0)
    return record(course.engine, None, course.steps(played.lived))


def by_turn(played: Played, results: Results, booked: Floats) -> Table:
    """The largest contributions to the mean partner in each turn. booked: (L, CAUSES, SCORES, N)."""
    rows, found = partners(results), []
    spans = [("before the first turn", 0, played.setup.game.warm_up)] if played.setup.game.warm_up else []
    spans += [(f"turn {t.number + 1}", played.end_of(t.number - 1), played.end_of(t.number)) for t in played.turns]
    if played.finished:
        spans.append(("after the last turn", played.end_of(len(played.turns) - 1), played.lived))
    for name, first, last in spans:
        amounts = booked[first:last].sum(axis=0)[:, :, rows].mean(axis=2) if len(rows) else np.zeros((len(CAUSES), 4))
        size = np.abs(amounts[:, TRUST]) + np.abs(amounts[:, INTEROPERABILITY])
        for c in np.argsort(-size, kind="stable")[:MOST]:
            if size[c] >= LEAST:
                pair = (signed(float(amounts[c, s]), 4) for s in (TRUST, INTEROPERABILITY))
                found.append((name, cause_name(CAUSES[c]), *pair))
    return Table(("when", "what", "trust", "interoperability"), tuple(found))


def cause_of(event: Event) -> str:
    """The ledger's cause under which an event's own effect is booked; empty where none is."""
    if event.kind == "crisis":
        kind = event.text.split(": ", 1)[1].rsplit(", severity", 1)[0].replace(" ", "_")
        return kind if kind in THREAT_KINDS else ""
    return {"leak": "leaks", "track": "accession"}.get(event.kind, "")


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
