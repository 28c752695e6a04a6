"""The command `search`: read what is asked, search, print, and write tables, policy files and the picture."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from analysis.commands.told import made_ready
from analysis.commands.uncertain import at_least, tell, words_of
from analysis.pictures import uncertain
from analysis.pictures.forms import Form
from analysis.pictures.style import About
from analysis.pictures.write import charts_of, draw_charts, files_of
from analysis.stats.extras import load
from analysis.studies.factors import Running, experiment, known, manifest, progress_bar
from analysis.studies.search_space import write_policies
from analysis.studies.uncertain import search_runs
from analysis.words import counted
from sim.declare.names import MEASURES
from sim.inputs.errors import fail
from sim.inputs.load import load_scenario
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_csv, write_json


def run_search(
    scenario: str, objectives: Sequence[str] | None, population: int, generations: int, retest: int | None,
    joint_decision: bool, focus: bool, running: Running, out: Path | None,
    form: Form,
) -> None:  # fmt: skip
    """Search for better policies and say what of their lead is more than luck."""
    began = time.perf_counter()
    world = load_scenario(scenario)
    named = words_of(objectives) or [world.primary_measure, "mutual_trust", "cost"]
    sought = list(dict.fromkeys(known("--objectives", word, MEASURES, "measure") for word in named))
    if len(sought) < 2:
        raise fail("--objectives", "a search needs two objectives or more; for one, see docs/levers.md")
    at_least("--population", population, 4)
    at_least("--generations", generations, 1)
    at_least("--replicates", running.replicates, 2)
    again = at_least("--retest", 4 * running.replicates if retest is None else retest, 2)
    folder = made_ready(out or Path("out") / Path(scenario).stem / "search", "policies")
    load("pymoo.core.problem")
    model = search_runs.model_of(world, running, joint_decision, focus)
    with progress_bar("Search", search_runs.runs(model, population, generations, again)) as progress:
        made = replace(running, folder=running.folder or folder / "chunks", progress=progress)
        data = search_runs.search(replace(model, running=made), sought, population, generations, again, running.seed)
    command = (f"python run.py search {scenario} --seed {running.seed} --population {population} --generations "
               f"{generations} --replicates {running.replicates} --objectives {','.join(sought)}")  # fmt: skip
    own = [i for i, ours in enumerate(data.own) if ours]
    remarks = [[f"Found by `{command}` under rules {RULES_HASH}.", *_remark(data, i)] for i in own]
    heads, rows = search_runs.rows(data)
    about = {
        "command": command, "objectives": sought, "population": population, "generations": generations,
        "retest": again, "chosen": data.chosen.title,
        "levers": [".".join(filter(None, column)) for column in model.space.columns],
        "lead": {"search": data.found.in_search(data.found.chosen), "retest": data.found.in_retest(data.found.chosen),
                 "untouched": vars(data.found.lead)},
    }  # fmt: skip
    foot = About(world.title, "found and shipped", running.seed, counted(again, "replicate"), RULES_HASH)
    written = [
        write_csv(folder / "policies.csv", heads, rows),
        write_json(folder / "manifest.json", manifest(about, experiment(world, data.chosen, data.rival), running)),
        *files_of(draw_charts(charts_of(uncertain, data, ["search"]), foot, folder, form=form)),
    ]
    files = write_policies(folder / "policies", [data.policies[i] for i in own], remarks)
    if files:
        written.append(folder / f"policies ({counted(len(files), 'policy file')})")
    tell(search_runs.finding(data), written, began)


def _remark(data: search_runs.Search, i: int) -> list[str]:
    """What stands at the top of a policy file beside its origin."""
    lines = ["In this model, on luck that the search never saw: " + ", ".join(
        f"{name} {data.found.fresh[i][:, MEASURES.index(name)].mean():.4g}" for name in data.objectives
    ) + "."]  # fmt: skip
    if i == data.found.chosen:
        lines.append("The chosen one: best on the primary measure at no more cost than the best shipped policy.")
    return lines
