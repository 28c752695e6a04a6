"""One self-contained HTML page about a run: it opens without a network, prints well, and holds the numbers."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from analysis.pictures.reports.kit import render
from analysis.pictures.tables import events_by_year, sentences, summary, verdict_words
from analysis.pictures.write import Drawn
from analysis.words import Table, counted, measure_name, number, plain, signed
from sim.law.measures import DECLARED
from sim.outputs.files import write_text
from sim.runs.results import Results

MEASURE_HEADS: Final = (
    "measure", "unit", "start", "end", "change", "over the run", "without a programme", "direction",
    "end against start",
)  # fmt: skip


def write_report(results: Results, figures: Sequence[Drawn], path: Path) -> Path:
    """Write the report of a run with its figures to `path`."""
    return write_text(path, report(results, figures))


def report(results: Results, figures: Sequence[Drawn]) -> str:
    """The page as text."""
    manifest: dict[str, Any] = results.manifest()
    parameters = _parameters(manifest.pop("parameters"))
    contents = {
        "said": "What happened", "summary": "Every measure", **{f"figure-{f.name}": f.heading for f in figures},
        "events": "Events by year", "manifest": "Where every number came from",
    }  # fmt: skip
    heads = "quarter", "kind", "what happened"
    years = [
        (year, len(told), Table(heads, tuple((quarter, plain(kind), text) for quarter, kind, text in told)))
        for year, told in events_by_year(results)
    ]
    return str(render(
        "run.html", title=f"{results.scenario.title}, {results.policy.title}", scenario=results.scenario,
        about=_about(results, manifest), contents=contents, sentences=sentences(results), measures=_measures(results),
        notes=[DECLARED[row.measure].definition for row in summary(results)], figures=figures,
        events=len(results.events), years=years, manifest=manifest, parameters=parameters,
    ))  # fmt: skip


def _about(results: Results, manifest: Mapping[str, Any]) -> dict[str, str]:
    scenario = results.scenario
    return {
        "Scenario": scenario.title, "Policy": results.policy.title,
        "Quarters": f"{results.quarters[0]} to {results.quarters[-1]} ({counted(len(results.quarters), 'quarter')})",
        "Seed and replicate": f"{results.seed}, {results.replicate}",
        "Rules": manifest["rules_hash"][:16], "Interlock": manifest["interlock"],
        "Judged by": f"{measure_name(scenario.primary_measure)}; {scenario.smallest_difference:g} or more matters",
    }  # fmt: skip


def _measures(results: Results) -> Table:
    return Table(MEASURE_HEADS, tuple(
        (measure_name(row.measure), row.unit, number(row.start), number(row.end), signed(row.change),
         f"{number(row.outcome)} ({'end' if row.over_run == 'end' else 'mean'})",
         "not run" if row.without is None else number(row.without), row.direction_word, verdict_words(row))
        for row in summary(results)
    ))  # fmt: skip


def _parameters(given: Mapping[str, Any]) -> Table:
    return Table(("parameter", "value", "unit", "range", "source"), tuple(
        (name, f"{p['value']:g}", p["unit"], f"{p['range'][0]:g} to {p['range'][1]:g}", p["source"])
        for name, p in given.items()
    ))  # fmt: skip
