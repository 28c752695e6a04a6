"""Interlock from the command line: parses and calls, nothing else.

python run.py run eastern_flank              a table here, figures and a report in out/
python run.py compare eastern_flank          which policy does better, how sure, and why
python run.py list                           shipped scenarios and policies
python run.py validate my_scenario.toml      what is wrong with a file, and the remedy
"""

import inspect
import sys
from pathlib import Path
from typing import Annotated, Any

try:
    import typer
except ModuleNotFoundError:
    sys.exit("Interlock is not installed for this Python: `make play` installs it, for .venv/bin/python run.py ...")

from analysis.commands.help import Bare, For, Grouped, Tables, drawn_for, policies_known, scenarios_known
from analysis.commands.told import in_words, made_ready, reach
from game.commands.all import GAME_COMMANDS
from sim.outputs.terminal import lost, settle

app = typer.Typer(cls=Grouped, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
help=(
    "Interlock simulates NATO's partnership programmes.\n\n"
    "Examples:\n\n"
    "  python run.py run eastern_flank\n\n"
    "  python run.py run scenarios/baseline_2025.toml --policy exercises_first --seed 7 --out out/mine\n\n"
    "  python run.py compare eastern_flank --policies threat_tailored,restraint\n\n"
    "  python run.py validate my_scenario.toml my_policy.toml\n\n"
    "  python run.py list"
))  # fmt: skip


Figures = Annotated[bool, typer.Option("--figures/--no-figures", help="draw figures and the report")]


@app.command("list")
@in_words
def list_files() -> None:
    """List the shipped scenarios, policies and games, with what they are about."""
    from game.commands.shipped import list_shipped

    list_shipped()


@app.command()
@in_words
def validate(
    files: Annotated[list[Path], typer.Argument(help="scenario or policy files, or shipped names")],
    facts: Annotated[bool, typer.Option("--facts", help="also list every figure: fact, filled or assumed")] = False,
) -> None:
    """Check files and say what is wrong: file, key, value, what is allowed, the nearest valid name.

    Exit code 2 where any file is wrong. Example: python run.py validate my_scenario.toml --facts
    """
    from analysis.commands.told import all_valid

    if not all_valid(files, facts):
        raise typer.Exit(2)


@app.command()
@in_words
def run(
    scenario: Annotated[str, typer.Argument(help="a scenario: shipped name or path", autocompletion=scenarios_known)],
    policy: Annotated[
        str, typer.Option("--policy", "-p", help="a policy: shipped name or path", autocompletion=policies_known)
    ] = "status_quo",
    seed: Annotated[int, typer.Option(help="seed of all draws, 0 to 2**64 - 1")] = 1,
    replicate: Annotated[int, typer.Option(help="number of the replicate: fresh luck under the same seed")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="folder for all outputs; default out/SCENARIO")
    ] = None,
    figures: Figures = True,
    form: For = "web",
    bare: Bare = False,
    tables: Tables = None,
    state: Annotated[
        str | None, typer.Option(help="code of the state whose scores are taken apart; default the most unlike")
    ] = None,
) -> None:
    """Run one scenario under one policy; print a table, write figures, data, manifest and a report.

    Example: python run.py run eastern_flank --policy threat_tailored --seed 7 --out out/mine
    """
    from sim.inputs.errors import allowed, fail, nearest
    from sim.inputs.load import load_scenario
    from sim.inputs.policy import load_policy

    world = load_scenario(scenario)
    choice = load_policy(policy, world.framework_names())
    if not 0 <= seed < 2**64:
        raise fail("--seed", "allowed: 0 to 2**64 - 1", value=str(seed))
    if not 0 <= replicate < 2**32:
        raise fail("--replicate", "allowed: 0 to 2**32 - 1", value=str(replicate))
    if state is not None and state not in (codes := world.cast_codes()):
        raise fail("--state", f"{allowed(codes)}{nearest(state, codes)}", value=repr(state))
    from analysis.commands.run import run_and_write

    drawn = drawn_for(form, bare)
    folder = out or Path("out") / Path(scenario).stem
    run_and_write(world, choice, seed, replicate, folder, drawn if figures else None, state, tables)


Policy = Annotated[
    str, typer.Option("--policy", "-p", help="a policy: shipped name or path", autocompletion=policies_known)
]
Names = Annotated[
    list[str] | None, typer.Option(help="names (repeat, or part with commas), or assumed (the default), all, none")
]
Levers = Annotated[list[str] | None, typer.Option(help="numeric levers of the policy to vary too; all: every one")]
Seed = Annotated[int, typer.Option(min=0, max=2**64 - 1, help="seed of all draws and of the sampling")]
Replicates = Annotated[int, typer.Option(help="replicates at each point; every point meets the same luck")]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="folder for all outputs; default out/SCENARIO/COMMAND")]
Threads = Annotated[int | None, typer.Option(min=1, help="threads; default one for each processor")]
Cluster = Annotated[str | None, typer.Option(help="address of a Dask scheduler to run on instead")]


@app.command()
@in_words
def compare(
    scenarios: Annotated[list[str], typer.Argument(help="scenarios: shipped names or paths, or all")],
    policies: Annotated[
        list[str] | None, typer.Option(help="policies, parted with blanks or commas; default all shipped ones")
    ] = None,
    baseline: Annotated[str, typer.Option(help="policy that the others are compared with")] = "status_quo",
    replicates: Annotated[int, typer.Option(help="paired replicates; the first look where a width is asked")] = 200,
    until_width: Annotated[
        float | None, typer.Option(help="add replicates until the widest interval is this wide, in the measure's unit")
    ] = None,
    measure: Annotated[str | None, typer.Option(help="what decides; default the scenario's primary measure")] = None,
    parameters: Annotated[
        int | None, typer.Option(help="points over the ranges of assumed parameters; default up to 24, 0: none")
    ] = None,
    explain: Annotated[str | None, typer.Option(help="the policy taken apart; default the leading one")] = None,
    seed: Seed = 1,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="folder for all outputs; default out/compare_SCENARIO")
    ] = None,
    figures: Figures = True,
    form: For = "web",
    bare: Bare = False,
    tables: Tables = None,
    threads: Threads = None,
    cluster: Cluster = None,
) -> None:
    """Say which policy does better in a scenario, by how much, how sure, at what cost and why.

    All policies meet the same luck. Ctrl-C keeps what is done; the same command goes on from there.

    Example: python run.py compare eastern_flank --policies threat_tailored,restraint --parameters 50
    """
    reach(cluster)
    from analysis.commands.compare import compare_as_asked
    from analysis.studies.compare.runs import Plan, Where

    drawn = drawn_for(form, bare)
    chosen = tuple(name for text in policies or () for name in text.split(",") if name)
    asked = Plan(tuple(scenarios), chosen, baseline, replicates, measure, seed, until_width, parameters, explain)
    compare_as_asked(asked, Where(None, threads, cluster), out, drawn if figures else None, tables)


@app.command()
@in_words
def explore(
    scenario: Annotated[
        str, typer.Argument(help="a scenario: shipped name or path", autocompletion=scenarios_known)
    ] = "eastern_flank",
    policies: Annotated[
        list[str] | None, typer.Option(help="up to four policies to pin, parted with blanks or commas")
    ] = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="port on this machine; 0: any that is free")] = 8050,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="open the page in the browser")] = True,
    threads: Threads = None,
) -> None:
    """Open the analyst's page: move a lever, and see what it changes, with its interval, within a second.

    Needs no account and no internet. Example: python run.py explore eastern_flank --policies threat_tailored
    """
    from analysis.explore.serve import explore as serve

    serve(scenario, tuple(n for text in policies or () for n in text.split(",") if n), port, browser, threads)


@app.command()
@in_words
def sensitivity(
    scenario: Annotated[str, typer.Argument(help="a scenario: shipped name or path", autocompletion=scenarios_known)],
    policy: Policy = "status_quo",
    baseline: Annotated[str | None, typer.Option(help="judge the difference from this policy, same draws")] = None,
    method: Annotated[str, typer.Option(help="morris: rank many; sobol: shares of variance, for few")] = "morris",
    parameters: Names = None,
    levers: Levers = None,
    samples: Annotated[
        int | None, typer.Option(help="trajectories (morris, default 10) or base samples (sobol, default 64)")
    ] = None,
    replicates: Replicates = 4,
    measure: Annotated[str | None, typer.Option(help="what is moved; default the scenario's primary measure")] = None,
    seed: Seed = 1,
    out: Out = None,
    threads: Threads = None,
    cluster: Cluster = None,
    form: For = "web",
    bare: Bare = False,
) -> None:
    """Say which parameters and levers move a measure most, and which move nothing.

    Example: python run.py sensitivity eastern_flank --policy threat_tailored --baseline status_quo --levers all
    """
    reach(cluster)
    from analysis.commands.uncertain import run_sensitivity
    from analysis.studies.factors import Running

    running = Running(seed, replicates, 0, threads, cluster)
    run_sensitivity(
        scenario, policy, baseline, method, parameters, levers, samples, measure, running, out, drawn_for(form, bare)
    )


@app.command()
@in_words
def sweep(
    scenario: Annotated[str, typer.Argument(help="a scenario: shipped name or path", autocompletion=scenarios_known)],
    vary: Annotated[
        list[str],
        typer.Argument(
            help="one or two levers or parameters: name, name=low:high:count, name=a,b,c, split.exercises=0:0.5; or a "
            "TOML file of lists by name"
        ),
    ],
    policy: Policy = "status_quo",
    baseline: Annotated[
        str, typer.Option(help="the policy to differ from; levers vary in --policy only")
    ] = "status_quo",
    measure: Annotated[str | None, typer.Option(help="what is moved; default the scenario's primary measure")] = None,
    replicates: Replicates = 20,
    seed: Seed = 1,
    out: Out = None,
    threads: Threads = None,
    cluster: Cluster = None,
    form: For = "web",
    bare: Bare = False,
    tables: Tables = None,
) -> None:
    """Draw a grid over one or two levers or parameters: the paired difference from a baseline, with its band.

    Example: python run.py sweep eastern_flank envelope=0:360:7 warfighting
    """
    reach(cluster)
    from analysis.commands.sweep import run_sweep
    from analysis.studies.factors import Running

    running = Running(seed, replicates, 0, threads, cluster)
    run_sweep(scenario, vary, policy, baseline, measure, running, out, drawn_for(form, bare), tables)


@app.command()
@in_words
def discover(
    scenario: Annotated[str, typer.Argument(help="a scenario: shipped name or path", autocompletion=scenarios_known)],
    policy: Policy,
    baseline: Annotated[str, typer.Option(help="the policy to do better than")] = "status_quo",
    parameters: Names = None,
    levers: Levers = None,
    points: Annotated[int, typer.Option(help="worlds to look in, and as many fresh ones to check")] = 200,
    replicates: Replicates = 4,
    fails: Annotated[
        str, typer.Option(help='worse (than the baseline), matters (by more than matters), or such as "harm > 65"')
    ] = "worse",
    seed: Seed = 1,
    out: Out = None,
    threads: Threads = None,
    cluster: Cluster = None,
    form: For = "web",
    bare: Bare = False,
) -> None:
    """Say in which worlds a policy fails: a region of the assumed parameters, checked on fresh worlds.

    Example: python run.py discover eastern_flank --policy threat_tailored --points 300
    """
    reach(cluster)
    from analysis.commands.uncertain import run_discover
    from analysis.studies.factors import Running

    running = Running(seed, replicates, 0, threads, cluster)
    run_discover(scenario, policy, baseline, parameters, levers, points, fails, running, out, drawn_for(form, bare))


@app.command()
@in_words
def search(
    scenario: Annotated[str, typer.Argument(help="a scenario: shipped name or path", autocompletion=scenarios_known)],
    objectives: Annotated[
        list[str] | None, typer.Option(help="measures; default the primary one, mutual_trust, cost")
    ] = None,
    population: Annotated[int, typer.Option(help="policies in a generation")] = 32,
    generations: Annotated[int, typer.Option(help="generations")] = 25,
    replicates: Replicates = 8,
    retest: Annotated[int | None, typer.Option(help="fresh replicates of each test; default 4 times as many")] = None,
    joint_decision: Annotated[bool, typer.Option(help="allow the hypothetical joint decision with partners")] = False,
    focus: Annotated[bool, typer.Option(help="also search the focus over frameworks")] = False,
    seed: Seed = 1,
    out: Out = None,
    threads: Threads = None,
    cluster: Cluster = None,
    form: For = "web",
    bare: Bare = False,
) -> None:
    """Search all levers for better policies, test them again on fresh luck, and write them as policy files.

    Example: python run.py search eastern_flank --objectives harm,mutual_trust,cost --generations 20
    """
    reach(cluster)
    from analysis.commands.search import run_search
    from analysis.studies.factors import Running

    running = Running(seed, replicates, 0, threads, cluster)
    drawn = drawn_for(form, bare)
    run_search(scenario, objectives, population, generations, retest, joint_decision, focus, running, out, drawn)


@app.command()
@in_words
def schema(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="folder for the two schema files; default: print")
    ] = None,
) -> None:
    """Export the JSON Schemas of scenario and policy files, so that editors complete and check them."""
    import json

    from sim.inputs.describe import json_schemas
    from sim.outputs.files import write_json

    schemas: dict[str, Any] = json_schemas()
    if out is None:
        print(json.dumps(schemas, indent=2, ensure_ascii=False))
        return
    made_ready(out)
    for name, content in schemas.items():
        print(write_json(out / f"{name}.schema.json", content))


@app.command()
@in_words
def docs(
    measured: Annotated[
        bool, typer.Option("--measured", help="also re-run what the docs measure; takes minutes")
    ] = False,
) -> None:
    """Write the pages of docs/ that are generated from declarations, and with --measured those from runs."""
    from analysis.pictures.reports.pages import write_pages

    for path in write_pages(measured):
        print(path)


@app.command("kernel", hidden=True)  # its name before
@app.command()
@in_words
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="remove all machine code that this machine keeps")] = False,
    refresh: Annotated[bool, typer.Option("--refresh", help="write what is shipped, after a change of rules")] = False,
) -> None:
    """Show the machine code of the rules that this machine keeps, remove it, or renew what is shipped."""
    from sim.law.compiled import CACHE, KERNEL_HASH, compiled_before, kept, ship, shipped_language, sound

    if refresh:
        print(ship())
    for path in kept():
        size = path.stat().st_size / 1024
        if clear:
            path.unlink(missing_ok=True)
        if path.suffix == ".o":
            state = "whole" if sound(path) else "not whole, or open to others: not used"
            state = f"of these rules, {state}" if path.name.startswith(KERNEL_HASH) else "of other rules"
            print(f"{path.name}  {size:.0f} KiB  {'removed' if clear else state}")
    ready = "ready" if compiled_before() else "not made yet"
    shipped = "of these rules" if shipped_language() else "of other rules or for another processor"
    print(f"Kept in {CACHE}. Rules {KERNEL_HASH}: {ready}; what is shipped is {shipped}.")


@app.command()
@in_words
def golden(
    refresh: Annotated[bool, typer.Option("--refresh", help="write the new values; review the difference")] = False,
) -> None:
    """Compare short runs of every scenario with tests/golden.json; exit code 1 where they differ."""
    from analysis.studies.golden import compare_golden

    if not compare_golden(refresh):
        raise typer.Exit(1)


@app.command()
@in_words
def backtest(
    replicates: Annotated[int, typer.Option("--replicates", "-r", help="runs of each set of parameters")] = 200,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="folder of page and figures; default docs")] = None,
    fit: Annotated[bool, typer.Option("--fit", help="first renew the history matching on 1994-98; minutes")] = False,
    form: Annotated[str | None, For.__metadata__[0]] = None,
    bare: Bare = False,
) -> None:
    """Set the path of 1994-2003 beside the record, with baselines, and write docs/history.md with its figures.

    Retrodiction, never prediction. Example: python run.py backtest --replicates 50 --out out/backtest
    """
    from analysis.commands.history import KEPT, run_backtest

    drawn = KEPT if form is None else drawn_for(form, bare)
    for path in run_backtest(max(replicates, 2), out, fit, say=print, form=drawn):
        print(path)


for command in GAME_COMMANDS:
    app.command()(in_words(command))


def main(name: str = "python run.py") -> None:
    """The command line, whatever the terminal: what cannot be printed stops nothing, and is said at the end.

    name: as which it was started; its help says so.
    """
    settle()
    app.info.help = str(app.info.help).replace("python run.py", name)
    for command in app.registered_commands:
        command.help = (inspect.getdoc(command.callback) or "").replace("python run.py", name)
    try:
        app(prog_name=name)
    finally:
        if words := lost():
            print(words, file=sys.stderr)
            raise SystemExit(2)


if __name__ == "__main__":
    main()
