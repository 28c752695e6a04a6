"""The command `sweep`: read what is asked, run the grid, print, and write what was found."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.commands.sheets import of_sweep
from analysis.commands.tables import kinds_named, write_tables
from analysis.commands.told import made_ready
from analysis.commands.uncertain import at_least, drawn, foot_of, loaded, tell
from analysis.pictures.forms import Form
from analysis.studies.factors import Running, experiment, manifest, measure_named, progress_bar
from analysis.studies.uncertain.sweep_runs import asked_of, axes_of, finding, rows, sweep
from sim.outputs.files import write_csv, write_json


def run_sweep(
    scenario: str, vary: Sequence[str], policy: str, baseline: str, measure: str | None, running: Running,
    out: Path | None, form: Form, tables: str | None = None,
) -> None:  # fmt: skip
    """A grid over one or two levers or parameters."""
    began, kinds = time.perf_counter(), kinds_named(tables)
    world, (choice, base) = loaded(scenario, policy, baseline)
    assert choice is not None and base is not None
    axes = axes_of(choice, world, asked_of(vary))
    of = measure_named(measure or world.primary_measure)
    at_least("--replicates", running.replicates, 2)
    folder = made_ready(out or Path("out") / Path(scenario).stem / "sweep")
    points = 1
    for axis in axes:
        points *= len(axis.values)
    with progress_bar("Sweep", 2 * points * running.replicates) as progress:
        data = sweep(world, choice, base, axes, of, replace(running, folder=folder / "chunks", progress=progress))
    heads, lines = rows(data)
    about = {"command": "sweep", "measure": of, "vary": {axis.title: [*axis.values] for axis in axes}}
    whole = experiment(world, choice, base)
    written = [
        write_csv(folder / "sweep.csv", heads, lines),
        *write_tables(kinds, of_sweep(finding(data), heads, lines, foot_of(whole, running)), folder),
        write_json(folder / "manifest.json", manifest(about, whole, running)),
        *drawn("sweep", data, whole, running, folder, form),
    ]
    tell([finding(data)], written, began)
