"""Numbers about change: the waterfall of contributions, arrangements through time, every measure with its pair."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from analysis.pictures.run.numbers_partners import home, partners
from analysis.words import Table, arrangement_name, number, plain, signed, track_name
from sim.declare.names import ARRANGEMENTS, MEASURES, SCORES, STATE_VARIABLES, THREAT_KINDS, TRACK
from sim.law.compiled import Floats
from sim.law.ledger import CAUSES
from sim.law.measures import DECLARED
from sim.law.world import NEVER
from sim.runs.results import Results


class Waterfall(NamedTuple):
    """What moved a score from `start` (before the first quarter) to `end`: named amounts that sum to the change."""

    subject: str
    score: str
    start: float
    end: float
    causes: tuple[str, ...]
    amounts: Floats


def waterfall(results: Results, score: str, code: str | None = None, top: int = 8) -> Waterfall:
    """The `top` largest contributions, gains first, then the rest as one; of one state, or of the mean partner."""
    rows = partners(results) if code is None else np.array([results.codes.index(code)])
    at = SCORES.index(score)
    ledger = results.contributions[:, at, rows].mean(axis=1) if len(rows) else np.zeros(len(CAUSES))
    end = float(results.states[-1, rows, STATE_VARIABLES.index(score)].mean()) if len(rows) else 0.0
    order = sorted(range(len(CAUSES)), key=lambda c: -abs(ledger[c]))
    kept = sorted((c for c in order[:top] if abs(ledger[c]) >= 0.0005), key=lambda c: -ledger[c])
    rest = [c for c in range(len(CAUSES)) if c not in kept and ledger[c] != 0.0]
    names = [CAUSES[c] for c in kept]
    amounts = [float(ledger[c]) for c in kept]
    if rest:
        names.append(f"{len(rest)} smaller causes" if len(rest) > 1 else CAUSES[rest[0]])
        amounts.append(float(ledger[rest].sum()))
    subject = "mean partner" if code is None else results.names[int(rows[0])]
    return Waterfall(subject, score, end - float(ledger.sum()), end, tuple(names), np.array(amounts))


def cause_name(cause: str) -> str:
    """A cause in words; threat kinds say that they are threats."""
    return f"{plain(cause)} (threat)" if cause in THREAT_KINDS else plain(cause)


class Waterfalls(NamedTuple):
    """Trust and interoperability of one subject."""

    trust: Waterfall
    interoperability: Waterfall


def mean_waterfalls(results: Results) -> Waterfalls:
    """The mean partner."""
    return Waterfalls(waterfall(results, "trust"), waterfall(results, "interoperability"))


def partner_waterfalls(results: Results, code: str | None = None) -> Waterfalls:
    """One partner; if none is named, the one whose trust changed most against the mean partner's change."""
    if code is None:
        rows = partners(results)
        change = results.contributions[:, 0, :].sum(axis=0)[rows]
        if len(rows):
            code = results.codes[int(rows[int(np.argmax(np.abs(change - change.mean())))])]
    return Waterfalls(waterfall(results, "trust", code), waterfall(results, "interoperability", code))


def waterfalls_table(data: Waterfalls) -> Table:
    """Start, every amount, end; amounts sum to the change."""
    rows = []
    for one in data:
        rows.append((one.score, "before the first quarter", f"{one.start:.4f}"))
        rows += [(one.score, cause_name(c), signed(float(a), 4)) for c, a in zip(one.causes, one.amounts, strict=True)]
        rows.append((one.score, "at the end", f"{one.end:.4f}"))
    return Table(("score", "cause", "amount, 0 to 1"), tuple(rows))


class Mark(NamedTuple):
    """A dated mark in a lane: an arrangement, or `suspension`. Step -1 stands for before the first quarter."""

    lane: int
    step: int
    what: str


class Span(NamedTuple):
    """A stay on the accession track, steps `start` to `end` (exclusive)."""

    lane: int
    start: int
    end: int
    track: str


class Timeline(NamedTuple):
    """Arrangements and accession track of every partner; a lane each."""

    quarters: tuple[str, ...]
    declared: tuple[str, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    frameworks: tuple[str, ...]
    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]


def timeline(results: Results) -> Timeline:
    """Lanes by framework and name, with what was taken during the run, what was held before, and suspensions."""
    rows = [int(n) for n in partners(results)]
    at = home(results.framework, results.role)[-1]
    spans, marks = [], []
    for lane, n in enumerate(rows):
        track = results.track[:, n]
        edges = [0, *(s for s in range(1, len(track)) if track[s] != track[s - 1]), len(track)]
        spans += [
            Span(lane, a, b, TRACK[track[a]]) for a, b in pairwise(edges) if track[a] > 0
        ]  # fmt: skip
        for a, name in enumerate(ARRANGEMENTS):
            since = int(results.arrangement[n, a])
            if since < NEVER and (a > 0 or since > 0):
                marks.append(Mark(lane, max(-1, since), name))
    lanes = {results.codes[n]: i for i, n in enumerate(rows)}
    for event in results.events:
        if event.kind == "suspension" and event.state in lanes:
            marks.append(Mark(lanes[event.state], event.step, "suspension"))
        if event.kind == "framework" and event.state in lanes:
            joined = Mark(lanes[event.state], event.step, "framework")
            if joined not in marks:
                marks.append(joined)
    return Timeline(
        results.quarters, results.frameworks, tuple(results.codes[n] for n in rows),
        tuple(results.names[n] for n in rows), tuple(results.frameworks[at[n]] for n in rows),
        tuple(spans), tuple(marks),
    )  # fmt: skip


def timeline_table(data: Timeline) -> Table:
    """Every partner with its dated arrangements and steps on the track."""
    rows = []
    for lane, name in enumerate(data.names):
        held = [
            f"{'suspended' if m.what == 'suspension' else arrangement_name(m.what)} {_when(data, m.step)}"
            for m in sorted(data.marks, key=lambda m: m.step) if m.lane == lane
        ]  # fmt: skip
        track = [f"{track_name(s.track)} {_when(data, s.start)}" for s in data.spans if s.lane == lane]
        rows.append((name, "; ".join(held) or "none", "; ".join(track) or "not aspiring"))
    return Table(("partner", "arrangements", "accession track"), tuple(rows))


def _when(data: Timeline, step: int) -> str:
    return "before" if step < 0 else data.quarters[step]


class Lines(NamedTuple):
    """Every measure by step, (M, S), and in the paired run without a programme."""

    quarters: tuple[str, ...]
    measures: tuple[str, ...]
    units: tuple[str, ...]
    directions: tuple[int, ...]
    values: Floats
    without: Floats | None


def lines(results: Results) -> Lines:
    """Every measure by step."""
    return Lines(
        results.quarters, MEASURES, tuple(DECLARED[m].unit for m in MEASURES),
        tuple(DECLARED[m].direction for m in MEASURES), results.measures.T.copy(),
        None if results.without is None else results.without.measures.T.copy(),
    )  # fmt: skip


def lines_table(data: Lines) -> Table:
    """First, mean and last value of every measure, with and without the programme."""
    rows = []
    for i, name in enumerate(data.measures):
        mine = [number(v) for v in (data.values[i, 0], data.values[i].mean(), data.values[i, -1])]
        pair = ["not run"] * 2
        if data.without is not None:
            pair = [number(v) for v in (data.without[i].mean(), data.without[i, -1])]
        rows.append((plain(name), data.units[i], *mine, *pair))
    heads = ("measure", "unit", "first", "mean", "last", "mean without a programme", "last without a programme")
    return Table(heads, tuple(rows))
