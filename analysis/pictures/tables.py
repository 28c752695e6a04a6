"""The run in a table and in sentences, made from numbers; the events by year."""

from typing import Final, NamedTuple

import numpy as np

from analysis.pictures.run.shared import bought, money, progress
from analysis.words import counted, listed, lower, moved, number, signed, the_framework
from sim.declare.names import ITEMS, MEASURES
from sim.law.measures import DECLARED
from sim.runs.events import Event
from sim.runs.results import Results

DIRECTION_WORDS: Final = {1: "more is better", -1: "less is better", 0: "neither"}


class Row(NamedTuple):
    """One measure of a run. `start` and `end`: first and last quarter, or, where the measure is a mean over the run,
    the means of the first and last four quarters. `outcome` is what the run is judged by; `without` the same in the
    paired run without a programme."""

    measure: str
    unit: str
    direction: int
    direction_word: str
    over_run: str
    start: float
    end: float
    change: float
    outcome: float
    without: float | None
    verdict: str
    definition: str


def verdict(change: float, direction: int, scale: float) -> str:
    """better, worse or unchanged; higher or lower where neither is better. A hundredth of half the scale counts."""
    if abs(change) < 0.005 * scale:
        return "unchanged"
    if direction == 0:
        return "higher" if change > 0.0 else "lower"
    return "better" if change * direction > 0.0 else "worse"


def summary(results: Results) -> list[Row]:
    """Every measure: start, end, change, outcome, the pair, and a verdict against the start."""
    rows = []
    for name in MEASURES:
        declared, values = DECLARED[name], results.series(name)
        width = 1 if declared.over_run == "end" else min(4, len(values))
        start, end = float(values[:width].mean()), float(values[-width:].mean())
        scale = declared.high - declared.low if declared.high - declared.low <= 2.0 else max(abs(start), abs(end), 1e-9)
        rows.append(Row(
            name, declared.unit.replace("-1", "−1"), declared.direction, DIRECTION_WORDS[declared.direction],
            declared.over_run, start, end,
            end - start, results.outcome(name), None if results.without is None else results.without.outcome(name),
            verdict(end - start, declared.direction, scale), declared.definition,
        ))  # fmt: skip
    return rows


def sentences(results: Results) -> list[str]:
    """What happened, in plain sentences with numbers and units."""
    found = [
        _trust(results),
        _interoperability(results),
        _harm(results),
        _money(results),
        _council(results),
        _news(results),
    ]
    return [sentence for sentence in found if sentence]


def _trust(results: Results) -> str:
    series, data = results.series("mutual_trust"), progress(results)
    text = (
        f"In this model, mutual trust of partners with the allies {moved(series[-1] - series[0])}, from "
        f"{series[0]:.2f} to {series[-1]:.2f} (0 to 1), over {counted(len(series), 'quarter')}"
    )
    change = data.change()[0]
    if len(data.frameworks) > 1:
        most, least = int(np.argmax(change)), int(np.argmin(change))
        text += (
            f"; the median partner of {the_framework(data.frameworks[most])} gained most ({signed(change[most])}) "
            f"and that of {the_framework(data.frameworks[least])} least ({signed(change[least])})"
        )
    if results.without is not None:
        text += (
            ". Without a programme, and with the same draws, it would have ended at "
            f"{results.without.series('mutual_trust')[-1]:.2f}"
        )
    return text + "."


def _interoperability(results: Results) -> str:
    series, score = results.series("interoperability"), results.series("coalition_score")
    text = (
        f"Partners' interoperability {moved(series[-1] - series[0])}, from {series[0]:.2f} to {series[-1]:.2f} (0 to "
        f"1), and the i-Score of partners with their usual allies went from {signed(score[0])} to {signed(score[-1])} "
        "(−1 to 1)"
    )
    if results.without is not None:
        text += (
            "; without a programme interoperability would have ended at "
            f"{results.without.series('interoperability')[-1]:.2f}"
        )
    return text + "."


def _harm(results: Results) -> str:
    left = results.outcome("harm")
    if results.without is None:
        return f"Harm left after all answers was {number(left)} points a quarter (an index, never deaths)."
    bare, averted = results.without.outcome("harm"), results.averted()
    share = 100.0 * abs(averted) / bare if bare > 0.0 else 0.0
    word = "averted" if averted >= 0.0 else "added"
    return (
        f"In this model the programme {word} {number(abs(averted))} harm points a quarter, {share:.0f} % of the "
        f"{number(bare)} points that the same draws leave without a programme ({number(left)} were left; an "
        "index, never deaths)."
    )


def _money(results: Results) -> str:
    data, worth = money(results), bought(results)
    quarters = len(results.quarters)
    own = float(data.by_purse[data.purses.index("partner")].sum())
    total = float(data.by_instrument.sum())
    if total <= 0.0:
        return f"No money was spent in {quarters} quarters (EUR 0)."
    share = data.by_instrument.sum(axis=1)
    order = np.argsort(-share, kind="stable")
    parts = [f"{lower(data.instruments[i])} ({100.0 * share[i] / total:.0f} %)" for i in order[:2]]
    text = (
        f"The Alliance's purses paid EUR {number(results.outcome('cost'))} million a quarter and partners EUR "
        f"{number(own / quarters)} million; most went to {listed(parts)}"
    )
    if len(worth.activities) > 2:
        best, last = worth.activities[0], worth.activities[-1]
        text += (
            f"; {lower(best)} brought most interoperability for the money ({number(worth.per_million[1, 0])} points of "
            f"0.01 per EUR million), {lower(last)} least ({number(worth.per_million[1, -1])})"
        )
    return text + "."


def council_counts(results: Results) -> tuple[int, int, dict[str, int]]:
    """Items agreed, items held up, and held up by item."""
    held = {item: int((results.decided[:, i] == 0).sum()) for i, item in enumerate(ITEMS)}
    return int((results.decided >= 1).sum()), sum(held.values()), held


def _council(results: Results) -> str:
    agreed, held, by_item = council_counts(results)
    if agreed + held == 0:
        return "The Council had 0 items on its agenda."
    text = f"The Council agreed {agreed} of {counted(agreed + held, 'item')} ({100.0 * agreed / (agreed + held):.0f} %)"
    if held:
        worst = max(by_item, key=lambda i: by_item[i])
        text += (
            f" and held up {held}, most often the {worst} ({counted(by_item[worst], 'time')}); an agreed item had "
            f"waited {number(results.outcome('decision_delay'))} quarters on average"
        )
    return text + "."


def _news(results: Results) -> str:
    joined = [
        f"{_name(results, e)} ({results.quarters[e.step]})"
        for e in results.events
        if e.kind == "track" and e.about == "ally"
    ]
    stopped = [f"{_name(results, e)} ({results.quarters[e.step]})" for e in results.events if e.kind == "suspension"]
    new = [f"{_name(results, e)} ({results.quarters[e.step]})" for e in results.events if e.kind == "framework"]
    parts = [
        f"{counted(len(joined), 'partner')} became {'an ally' if len(joined) == 1 else 'allies'}"
        + (f": {listed(joined)}" if joined else "")
    ]
    if new:
        parts.append(f"{counted(len(new), 'state')} joined a framework: {listed(new)}")
    if stopped:
        parts.append(f"cooperation was suspended {counted(len(stopped), 'time')}: {listed(stopped)}")
    leaks = sum(e.kind == "leak" for e in results.events)
    if leaks:
        parts.append(f"shared information leaked {counted(leaks, 'time')}")
    text = "; ".join(parts) + "."
    return text[0].upper() + text[1:]


def _name(results: Results, event: Event) -> str:
    return results.names[results.codes.index(event.state)]


def events_by_year(results: Results) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Year, and its events as (quarter, kind, text), in order."""
    years: dict[str, list[tuple[str, str, str]]] = {}
    for event in results.events:
        quarter = results.quarters[event.step]
        years.setdefault(quarter[:4], []).append((quarter, event.kind, event.text[:1].upper() + event.text[1:]))
    return sorted(years.items())


def verdict_words(row: Row) -> str:
    """The verdict with an arrow that does not depend on colour."""
    arrow = "=" if row.verdict == "unchanged" else ("▲" if row.change > 0.0 else "▼")
    return f"{arrow} {row.verdict}"
