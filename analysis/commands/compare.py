"""One comparison from start to finish for people: progress with time left, verdict, tables, files."""

import hashlib
import io
import json
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from analysis.commands.run import load_rules
from analysis.commands.tables import kinds_named, write_tables
from analysis.commands.told import made_ready
from analysis.pictures.forms import FORMS, Form
from analysis.pictures.grid import grid
from analysis.pictures.reports.differences import measure_table, policy_table, scenario_table, write_differences
from analysis.studies.compare.across import across
from analysis.studies.compare.comparison import Comparison, Judged
from analysis.studies.compare.nested import EACH, varied
from analysis.studies.compare.partial import so_far
from analysis.studies.compare.runs import ALL, LOOK_CLOSER, Plan, Where, compare_plan, plan_of, short
from analysis.studies.compare.verdict import noun, said, verdict
from analysis.words import Table
from sim.declare.parameters import specs
from sim.inputs.errors import InputError
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import load_policy, policy_names
from sim.inputs.reading.regular import read_any_text
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_json, write_text
from sim.runs.dataset import write_netcdf

if TYPE_CHECKING:
    import xarray

WIDTH: Final = 100
MANIFEST: Final = 50_000_000  # bytes that a manifest may have
DETAILED: Final = 2  # scenarios up to which the terminal shows everything
ARMS_CLOSER: Final = 16  # about how many arms explain a difference; corrected when they are known
SHOWN: Final = (
    "harm", "severity", "mutual_trust", "interoperability", "capability", "stability", "legitimacy", "readiness",
    "cost",
)  # fmt: skip
# Whatever a comparison leaves behind depends on: all of this package, its templates too.
KINDS: Final = (".py", ".html", ".css")
SOURCES: Final = sorted(path for path in Path(__file__).resolve().parents[1].rglob("*.*") if path.suffix in KINDS)


class Bar:
    """One progress bar over all runs of a plan, with the time left."""

    def __init__(self, progress: Progress, plan: Plan) -> None:
        self.progress = progress
        policies, scenarios = len(plan.policies), len(plan.scenarios)
        self.closer = ARMS_CLOSER * min(plan.replicates, LOOK_CLOSER)
        runs = (policies + 1) * plan.replicates + self.closer + (plan.points or 0) * policies * EACH
        self.task = progress.add_task("starting", total=runs * scenarios)
        self.done: dict[str, int] = {}

    def tell(self, what: str, done: int, total: int) -> None:
        """Take in that `done` of `total` runs of a part are done."""
        before = self.done.get(what)
        self.done[what] = done
        whole = self.progress.tasks[0].total or 0.0
        if before is None and "explains" in what:
            whole += total - self.closer
        if before is None and ("looking" in what or "accounts" in what):
            whole += total
        self.progress.update(self.task, advance=done - (before or 0), description=what, total=whole)


def key_of(plan: Plan, form: Form | None, tables: tuple[str, ...] = ()) -> str:
    """A hash of all that a finished comparison depends on: plan, files, rules, and the code that judges."""
    digest = hashlib.sha256(repr((plan, form, tables, RULES_HASH)).encode())
    for name in plan.scenarios:
        world = load_scenario(name)
        digest.update(world.content_hash().encode())
        for policy in plan.policies:
            digest.update(load_policy(policy, world.framework_names()).content_hash().encode())
    for path in SOURCES:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def finished(out: Path, key: str) -> dict[str, Any] | None:
    """The manifest of a comparison that is finished, with all its files in place; else None."""
    try:
        manifest = json.loads(read_any_text(out / "manifest.json", MANIFEST).text)
        whole = manifest["key"] == key and all((out / name).is_file() for name in manifest["files"])
    except (InputError, ValueError, RecursionError, TypeError, KeyError):  # none, or none of ours
        return None
    return manifest if whole else None


def verdict_text(whole: Comparison) -> str:
    """What a terminal of usual width shows, whatever the terminal is."""
    paper = Console(
        record=True, width=WIDTH, height=WIDTH, file=io.StringIO(), markup=False, emoji=False, color_system=None,
        force_terminal=False,
    )  # fmt: skip
    print_comparison(whole, paper)
    return paper.export_text()


def compare_and_write(
    plan: Plan, where: Where, out: Path, form: Form | None = FORMS["web"], tables: tuple[str, ...] = ()
) -> None:
    """Compare, write data, verdict, figures, report and at last the manifest into `out`, then print the verdict.

    form: how figures are drawn, None for none. tables: `excel`, `parquet`.
    A finished comparison is only shown again; an interrupted one goes on from its chunks.
    """
    console = (
        Console(markup=False, emoji=False) if sys.stdout.isatty() else Console(markup=False, emoji=False, width=WIDTH)
    )
    key = key_of(plan, form, tables)
    if finished(out, key) is not None:
        print(read_any_text(out / "verdict.txt").text, end="")
        print(f"This comparison was finished before; nothing was run again. All files are in {out}")
        return
    began = time.perf_counter()
    made_ready(out, "chunks", *(("figures",) if form else ()))
    load_rules(Console(stderr=True))
    (out / "manifest.json").unlink(missing_ok=True)
    manifests: dict[str, Any] = {}
    runs: dict[str, xarray.Dataset] = {}  # for tables alone: they are large
    files: list[Path] = []

    def keep(name: str, dataset: "xarray.Dataset") -> None:
        single = len(plan.scenarios) == 1
        files.append(write_netcdf(out / ("result.nc" if single else f"data/{name}.nc"), dataset))
        manifests[name] = json.loads(dataset.attrs["manifest"])
        if tables:
            runs[name] = dataset

    with progress_bar() as progress:
        bar = Bar(progress, plan)
        whole = compare_plan(plan, where, bar.tell, keep)
    files += [
        write_text(out / "verdict.txt", verdict_text(whole)), write_differences(whole, out / "differences.csv"),
    ]  # fmt: skip
    if tables:
        from analysis.commands.sheets import of_comparison

        files += write_tables(tables, of_comparison(whole, runs), out)
    manifest = manifest_of(plan, whole, manifests, key)
    if form:
        files += draw_and_report(whole, out, manifest, form)
    # The manifest comes last: only a comparison whose files are all there counts as finished.
    manifest["files"] = [path.relative_to(out).as_posix() for path in files]
    write_json(out / "manifest.json", manifest)
    print_comparison(whole, console)
    if form:
        console.print(f"Report:   {out / 'report.html'}", soft_wrap=True)
        pictures = sum(path.suffix == ".png" for path in files)
        console.print(
            f"Figures:  {out / 'figures'} ({pictures} charts, {' and '.join(map(str.upper, form.formats))})",
            soft_wrap=True,
        )
    data = ", ".join(path.relative_to(out).as_posix() for path in files if path.suffix == ".nc")
    data = data if len(plan.scenarios) < 3 else "data/*.nc"
    more = "".join(f", {path.name}" for path in files if path.suffix in (".xlsx", ".parquet"))
    console.print(f"Data:     differences.csv, {data}{more}, manifest.json, verdict.txt in {out}", soft_wrap=True)
    console.print(f"Took {time.perf_counter() - began:.0f} s.")


def progress_bar() -> Progress:
    """A bar on the error stream, so that what is printed can be kept."""
    return Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn(),
        TextColumn("left"), TimeRemainingColumn(), console=Console(stderr=True), transient=True,
    )  # fmt: skip


def draw_and_report(whole: Comparison, out: Path, manifest: dict[str, Any], form: Form) -> list[Path]:
    """All figures and the page; the paths of the files."""
    from analysis.pictures import compare, scenarios
    from analysis.pictures.compare.shared import briefly, foot_of
    from analysis.pictures.reports.compare import write_report
    from analysis.pictures.write import charts_of, draw_charts, files_of

    folder, alone = out / "figures", len(whole.scenarios) == 1
    drawn = [
        draw_charts(
            charts_of(compare, briefly(one)), foot_of(one), folder if alone else folder / one.asked.name, form=form
        )
        for one in whole.scenarios
    ]
    foot = foot_of(whole.scenarios[0], f"{len(whole.scenarios)} scenarios")
    over = draw_charts(charts_of(scenarios, whole), foot, folder, form=form)
    page = write_report(whole, over, drawn, manifest, out / "report.html")
    return [page, *(path for part in (over, *drawn) for path in files_of(part))]


def manifest_of(plan: Plan, whole: Comparison, manifests: dict[str, Any], key: str) -> dict[str, Any]:
    """Where every number came from."""
    names = varied() if plan.points else ()
    return {
        "key": key, "interlock": version("interlock-sim"), "rules_hash": RULES_HASH,
        "plan": {
            "scenarios": [short(s) for s in plan.scenarios], "policies": [short(p) for p in plan.policies],
            "baseline": short(plan.baseline), "replicates": plan.replicates, "measure": plan.measure, "seed": plan.seed,
            "until_width": plan.width, "parameter_points": plan.points, "replicates_at_a_point": EACH,
        },
        "primary": {
            one.asked.name: {
                "measure": one.asked.measure, "smallest_difference": one.asked.smallest,
                "first_replicate": one.asked.first,
                "replicates": one.asked.replicates,
                "stopping": None if one.stopped is None else one.stopped._replace(interval=None)._asdict(),  # type: ignore[arg-type]
            } for one in whole.scenarios
        },
        "varied_parameters": {
            n: {"range": [specs()[n].low, specs()[n].high], "source": specs()[n].source} for n in names
        },
        "runs": manifests,
    }  # fmt: skip


def print_comparison(whole: Comparison, console: Console) -> None:
    """The verdict first, then short tables."""
    width = min(WIDTH, console.width)
    if whole.over is not None:
        _head(console, f"{len(whole.scenarios)} scenarios, {len(whole.policies)} policies", width)
        _bullets(console, across(whole), width)
        if len(whole.scenarios) > DETAILED:
            _grid(console, scenario_table(whole), width, words=(0, 1, 2, 6), wrapping=(1, 2))
    for one in whole.scenarios:
        if len(whole.scenarios) <= DETAILED:
            print_scenario(one, console, width)
        else:
            chosen = one.leader if one.why is None else one.why.policy
            warnings = [s for s in verdict(one, chosen) if s.startswith("Warning")]
            _head(console, f"{one.asked.title} ({one.asked.name})", width)
            _bullets(console, [*verdict(one, chosen)[:3], *warnings], width)
    console.print()


def print_scenario(judged: Judged, console: Console, width: int) -> None:
    """Verdict, policies, and the leading policy on the usual measures."""
    asked = judged.asked
    chosen = judged.leader if judged.why is None else judged.why.policy
    _head(console, asked.title, width)
    if asked.about:
        console.print(Text(asked.about), width=width)
    _bullets(console, [*verdict(judged, chosen), *stopping(judged)], width)
    _grid(console, policy_table(judged), width, words=(0,))
    base = said(asked.titles[asked.baseline])
    console.print(Text(
        f"Gain: {noun(asked.measure)} against {base}, turned so that more is better; intervals hold together. "
        "Best?: it may be "
        "the best. Cost: EUR million a quarter; per point: for each point gained against no programme.", style="dim",
    ), width=width)  # fmt: skip
    only = tuple(dict.fromkeys((asked.measure, *SHOWN)))
    _grid(console, measure_table(judged, chosen, only), width, words=(0, 5))
    console.print(
        Text("Pairing saves: how many times as many runs unpaired replicates would need.", style="dim"), width=width
    )


def stopping(judged: Judged) -> list[str]:
    """How the number of replicates was found."""
    if judged.stopped is None:
        return []
    held = "keeps to" if judged.stopped.reached else "does not reach"
    size = judged.stopped.size
    return [
        f"{judged.stopped.looks} looks at up to {size} replicates chose the size; the answer is from {size} fresh ones "
        f"and {held} the width asked for."
    ]


def _head(console: Console, text: str, width: int) -> None:
    console.print()
    console.print(Text(text, style="bold"), width=width)


def _bullets(console: Console, sentences: list[str], width: int) -> None:
    for sentence in sentences:
        console.print(Padding(Text("• " + sentence), (0, 0, 0, 0)), width=width)


def _grid(console: Console, table: Table, width: int, words: tuple[int, ...], wrapping: tuple[int, ...] = ()) -> None:
    console.print(grid(table, width, words, wrapping), width=width)


def compare_as_asked(asked: Plan, where: Where, out: Path | None, form: Form | None, tables: str | None = None) -> None:
    """What the command line asks; InputError where a name is wrong, exit code 130 where it is stopped."""
    kinds = kinds_named(tables)
    if asked.policies:
        # The shell's `--policies a b` reaches us as one policy and one more scenario; their names never meet.
        stray = set(asked.scenarios) & (set(policy_names()) - set(scenario_names()))
        rest = tuple(name for name in asked.scenarios if name not in stray)
        more = tuple(name for name in asked.scenarios if name in stray)
        asked = replace(asked, scenarios=rest, policies=(*asked.policies, *more))
    plan = plan_of(asked)
    others = f"_and_{len(plan.scenarios) - 1}_more" if len(plan.scenarios) > 1 else ""
    folder = out or Path("out") / f"compare_{ALL if ALL in asked.scenarios else short(plan.scenarios[0]) + others}"
    where = replace(where, folder=folder / "chunks")
    try:
        compare_and_write(plan, where, folder, form, kinds)
    except KeyboardInterrupt:
        if partial := so_far(plan, where):
            print("Stopped. The verdict so far, without reasons and ranges:")
            print(verdict_text(partial), end="")
        print(
            f"Stopped. What is done is kept in {folder / 'chunks'}; the same command goes on from there.",
            file=sys.stderr,
        )
        raise SystemExit(130) from None
