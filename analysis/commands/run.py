"""One run from start to finish for people: messages, progress, and everything that a run writes."""

import sys
import time
from pathlib import Path

from rich.console import Console

from analysis.commands.tables import kinds_named, write_tables
from analysis.commands.told import made_ready
from analysis.pictures.forms import FORMS, Form
from sim.inputs.policy import Policy, PythonPolicy
from sim.inputs.scenario import Scenario


def load_rules(console: Console) -> None:
    """Load the rules, or make their machine code; then it is said why a first run waits."""
    with console.status("Loading the model ..."):
        from sim.law.compiled import compile_rules
    compile_rules()


def run_and_write(
    scenario: Scenario,
    policy: Policy | PythonPolicy,
    seed: int,
    replicate: int,
    out: Path,
    form: Form | None = FORMS["web"],
    state: str | None = None,
    tables: str | None = None,
) -> None:
    """Simulate, write data, figures, report and at last the manifest into `out`, then print the summary.

    form: how figures are drawn, None for none. state: code of the one whose scores are taken apart.
    tables: `excel`, `parquet` or both, parted with commas.
    """
    kinds = kinds_named(tables)
    made_ready(out, *(("figures",) if form else ()))
    # Files and pipes get the full width, so that a table that is kept can be read.
    console = (
        Console(markup=False, emoji=False) if sys.stdout.isatty() else Console(markup=False, emoji=False, width=100)
    )
    began = time.perf_counter()
    load_rules(console)
    from sim.runs.results import simulate

    with console.status("Running, with and without a programme under the same draws ..."):
        results = simulate(scenario, policy, seed, replicate)
    report = out / "report.html"
    report.unlink(missing_ok=True)  # of an earlier run
    written, places = results.write_data(out), []
    if form:
        from analysis.pictures import run
        from analysis.pictures.reports.run import write_report
        from analysis.pictures.run.change.waterfalls import OF_ONE, partner_waterfalls
        from analysis.pictures.run.shared import briefly
        from analysis.pictures.write import about, charts_of, draw_charts

        short = briefly(results)
        jobs = charts_of(run, short)
        if state:
            jobs = [(c, partner_waterfalls(short, state) if c.name == OF_ONE else data) for c, data in jobs]
        drawn = draw_charts(jobs, about(results), out / "figures", form=form)
        places = [f"Report:   {write_report(results, drawn, report)}"]
        places.append(
            f"Figures:  {out / 'figures'} ({len(drawn)} charts, {' and '.join(map(str.upper, form.formats))})"
        )
    if kinds:
        from analysis.commands.sheets import of_run
        from analysis.pictures.write import about

        written += write_tables(kinds, of_run(results, about(results)), out)
    written.append(results.write_manifest(out))
    from analysis.pictures.terminal import print_summary

    print_summary(results, console)
    for place in places:
        console.print(place)
    console.print(f"Data:     {', '.join(path.name for path in written)} in {out}")
    console.print(f"Took {time.perf_counter() - began:.1f} s.")
