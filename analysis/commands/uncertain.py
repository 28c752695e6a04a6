"""The commands `sensitivity` and `discover`: read what is asked, run, print, and write what was found."""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console

from analysis.commands.told import made_ready
from analysis.pictures import uncertain
from analysis.pictures.forms import Form
from analysis.pictures.style import About
from analysis.pictures.write import charts_of, draw_charts, files_of
from analysis.stats.discover import PRIM
from analysis.stats.extras import load
from analysis.stats.sensitivity import METHODS
from analysis.studies.factors import (
    Choice,
    Experiment,
    Factor,
    Running,
    experiment,
    known,
    levers_named,
    manifest,
    measure_named,
    parameters_named,
    progress_bar,
)
from analysis.studies.uncertain import discover_runs as discover
from analysis.studies.uncertain import sensitivity_runs as sensitivity
from analysis.words import counted
from sim.inputs.errors import fail
from sim.inputs.load import load_scenario
from sim.inputs.policy import load_policy
from sim.inputs.scenario import Scenario
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_csv, write_json


def words_of(given: Sequence[str] | None) -> list[str]:
    """Names that were given one by one, or several in one word with commas or spaces."""
    return [word for text in given or () for word in re.split(r"[,\s]+", text) if word]


def factors_of(parameters: Sequence[str] | None, levers: Sequence[str] | None) -> tuple[Factor, ...]:
    """The chosen factors: all assumed parameters unless parameters or levers are named."""
    named, pulled = words_of(parameters), words_of(levers)
    chosen = (*parameters_named(named or ([] if pulled else ["assumed"])), *levers_named(pulled))
    if not chosen:
        raise fail("--parameters", "nothing to vary: name parameters or levers")
    return chosen


def at_least(option: str, value: int, least: int) -> int:
    """The value, if it is large enough."""
    if value < least:
        raise fail(option, f"allowed: {least} or more", value=str(value))
    return value


def loaded(scenario: str, *policies: str | None) -> tuple[Scenario, list[Choice | None]]:
    """A scenario and the policies, each where it is named."""
    world = load_scenario(scenario)
    frameworks = world.framework_names()
    return world, [None if name is None else load_policy(name, frameworks) for name in policies]


def foot_of(found: Experiment, running: Running) -> About:
    """What the foot of a figure says."""
    luck = counted(running.replicates, "replicate")
    return About(found.scenario.title, found.policy.title, running.seed, luck, RULES_HASH)


def drawn(name: str, data: Any, found: Experiment, running: Running, folder: Path, form: Form) -> list[Path]:
    """The files of a figure."""
    return files_of(draw_charts(charts_of(uncertain, data, [name]), foot_of(found, running), folder, form=form))


def console() -> Console:
    """Files and pipes get the full width."""
    import sys

    return Console(markup=False, emoji=False) if sys.stdout.isatty() else Console(markup=False, emoji=False, width=100)


def tell(lines: Sequence[str], paths: Sequence[Path], began: float) -> None:
    """Print sentences, then where everything was written."""
    screen = console()
    for line in lines:
        screen.print(line, markup=False, highlight=False)
    for path in paths:
        screen.print(f"Written: {path}", markup=False, highlight=False)
    screen.print(f"Took {time.perf_counter() - began:.1f} s.", highlight=False)


def run_sensitivity(
    scenario: str, policy: str, baseline: str | None, method: str, parameters: Sequence[str] | None,
    levers: Sequence[str] | None, samples: int | None, measure: str | None, running: Running, out: Path | None,
    form: Form,
) -> None:  # fmt: skip
    """Sensitivity of a measure, or of its difference from a baseline, to parameters and levers."""
    began = time.perf_counter()
    how = METHODS[known("--method", method, tuple(METHODS), "method")]
    world, (choice, base) = loaded(scenario, policy, baseline)
    assert choice is not None
    found = experiment(world, choice, base, factors_of(parameters, levers))
    of = measure_named(measure or world.primary_measure)
    size = at_least("--samples", how.samples if samples is None else samples, 2)
    at_least("--replicates", running.replicates, 1)
    folder = made_ready(out or Path("out") / Path(scenario).stem / "sensitivity")
    load("SALib")
    runs = sensitivity.runs(found, how, size, running.replicates)
    with progress_bar("Sensitivity", runs) as progress:
        made = replace(running, folder=running.folder or folder / "chunks", progress=progress)
        (data,) = sensitivity.analyse(found, made, how, size, [of])
    heads, rows = sensitivity.rows(data)
    about = {"command": "sensitivity", "method": method, "samples": size, "points": data.indices.points, "measure": of}
    written = [
        write_csv(folder / "sensitivity.csv", heads, rows),
        write_json(folder / "manifest.json", manifest(about, found, running)),
        *drawn("sensitivity", data, found, running, folder, form),
    ]
    tell([sensitivity.finding(data), sensitivity.idle_sentence(data)], written, began)


def run_discover(
    scenario: str, policy: str, baseline: str, parameters: Sequence[str] | None, levers: Sequence[str] | None,
    points: int, fails: str, running: Running, out: Path | None, form: Form,
) -> None:  # fmt: skip
    """Where a policy fails: the region, and its test on fresh worlds."""
    began = time.perf_counter()
    world, (choice, base) = loaded(scenario, policy, baseline)
    assert choice is not None and base is not None
    rule = discover.rule_of(fails, world, base.title)
    if rule.difference and choice.content_hash() == base.content_hash():
        raise fail("--baseline", "policy and baseline are the same; name another baseline", value=repr(baseline))
    found = experiment(world, choice, base if rule.difference else None, factors_of(parameters, levers))
    at_least("--points", points, 20)
    at_least("--replicates", running.replicates, 1)
    folder = made_ready(out or Path("out") / Path(scenario).stem / "discover")
    load(PRIM)
    runs = 2 * points * running.replicates * (2 if rule.difference else 1)
    with progress_bar("Worlds", runs) as progress:
        made = replace(running, folder=running.folder or folder / "chunks", progress=progress)
        data = discover.discover(found, made, rule, points)
    about = {"command": "discover", "points": points, "fails": rule.words, "box": data.box and data.box._asdict()}
    heads, rows = discover.rows(data)
    written = [
        write_csv(folder / "worlds.csv", heads, rows),
        write_json(folder / "manifest.json", manifest(about, found, running)),
        *drawn("discover", data, found, running, folder, form),
    ]
    tell([discover.finding(data), *discover.details(data)], written, began)
