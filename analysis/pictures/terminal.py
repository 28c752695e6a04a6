"""A run in the terminal: a short table in words and numbers, then sentences."""

from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from analysis.pictures.tables import Row, sentences, summary, verdict_words
from analysis.words import about, measure_name, number, signed
from sim.runs.results import Results

SHOWN: Final = (
    "mutual_trust", "interoperability", "capability", "harm", "stability", "deterrence", "consensus_rate", "legitimacy",
    "readiness", "accessions", "cost",
)  # fmt: skip
WIDTH: Final = 100
SHORT_UNITS: Final = {"harm points a quarter": "points a quarter", "EUR million a quarter": "EUR mn a quarter"}


def shown_rows(results: Results) -> list[Row]:
    """The scenario's primary measure first, then the usual ones; at most 12."""
    rows = {row.measure: row for row in summary(results)}
    primary = results.scenario.primary_measure
    return [rows[primary], *(rows[m] for m in SHOWN if m != primary)][:12]


def summary_table(results: Results, wide: bool = True) -> Table:
    """The short table; a narrow terminal does without the units."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    table.add_column("Measure", no_wrap=True)
    if wide:
        table.add_column("Unit", no_wrap=True)
    for head in ("Start", "End", "Change"):
        table.add_column(head, justify="right", no_wrap=True)
    table.add_column("No programme", justify="right", no_wrap=True)
    table.add_column("End against start", no_wrap=True)
    for row in shown_rows(results):
        name = Text(measure_name(row.measure) + (" *" if row.measure == results.scenario.primary_measure else ""))
        name.stylize("bold" if row.measure == results.scenario.primary_measure else "")
        table.add_row(
            name, *((SHORT_UNITS.get(row.unit, row.unit),) if wide else ()), number(row.start), number(row.end),
            signed(row.change),
            "not run" if row.without is None else number(row.without), verdict_words(row),
        )  # fmt: skip
    return table


def print_summary(results: Results, console: Console) -> None:
    """Print the heading, the table and the sentences, at most 100 columns wide."""
    width = min(WIDTH, console.width)
    console.print(Text(f"{results.scenario.title}  ·  policy: {results.policy.title}", style="bold"), width=width)
    run = f"{results.quarters[0]} to {results.quarters[-1]}, seed {results.seed}, replicate {results.replicate}"
    console.print(Text(run), width=width)
    console.print(Text(about(results.names, results.focus.tolist(), len(results.rivals))), width=width)
    console.print(summary_table(results, wide=width >= 96), width=width)
    console.print(
        Text(
            "* the scenario's primary measure. Start, end: first and last quarter, or year for means over the run. "
            "No programme: the run's outcome under the same draws without a programme.", style="dim",
        ), width=width,
    )  # fmt: skip
    for sentence in sentences(results):
        console.print(Padding(Text("• " + sentence), (1, 0, 0, 0)), width=width)
    console.print()
