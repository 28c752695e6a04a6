"""The command `backtest`: run the past from both starts, score it, and write the page with its figures."""

from collections.abc import Callable
from pathlib import Path

from analysis.commands.told import made_ready
from analysis.pictures import history
from analysis.pictures.forms import FORMS, Form
from analysis.pictures.reports.beside import beside_text
from analysis.pictures.reports.declared import DOCS
from analysis.pictures.reports.history import markdown
from analysis.pictures.style import About
from analysis.pictures.write import charts_of, draw_charts, files_of
from analysis.studies.history.backtest import backtest, write_scores
from analysis.studies.history.beside import beside
from analysis.studies.history.fit import SCENARIO, match, read_matched, write_matched
from analysis.studies.history.record import load_record
from sim.inputs.load import load_scenario
from sim.inputs.policy import load_policy
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_text
from sim.runs.ensemble import Progress

KEPT = FORMS["web"]._replace(formats=("png",))  # for the page in docs
BESIDE = 100  # runs of each start at most, one after the other


def run_backtest(
    replicates: int = 200, out: Path | None = None, fit: bool = False, points: int = 512, seed: int = 1,
    threads: int | None = None, progress: Progress | None = None, say: Callable[[str], None] | None = None,
    form: Form = KEPT,
) -> list[Path]:  # fmt: skip
    """Write docs/history.md, its table of scores and its figures (or the same into `out`); say both starts' lines."""
    folder = made_ready(out or DOCS, "figures")
    written = []
    if fit:
        written += write_matched(match(load_record(), points, threads=threads, progress=progress))
    found = backtest(read_matched(), replicates, seed, threads, progress=progress)
    foot = About(
        load_scenario(SCENARIO).title,
        load_policy("status_quo").title,
        found.seed,
        f"{found.replicates} replicates a set",
        RULES_HASH,
        past=True,
    )
    written += files_of(draw_charts(charts_of(history, found), foot, folder / "figures", form=form))
    written.append(write_scores(found, folder / "history_scores.csv"))
    runs = min(replicates, BESIDE)
    lines = beside(found.record, runs, seed)
    for line in lines:
        (say or str)(": ".join((line.start, line.question)) + f"; on record {line.record}; {line.simulated}")
    page = markdown(found) + "\n" + beside_text(lines, runs)
    return [*written, write_text(folder / "history.md", page)]
