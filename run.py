"""Interlock from the command line: parses and calls, nothing else.

python run.py run eastern_flank              a table here, figures and a report in out/
python run.py list                           shipped scenarios and policies
python run.py validate my_scenario.toml      what is wrong with a file, and the remedy
"""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
help=(
    "Interlock simulates NATO's partnership programmes.\n\n"
    "Examples:\n\n"
    "  python run.py run eastern_flank\n\n"
    "  python run.py run scenarios/baseline_2025.toml --policy exercises_first --seed 7 --out out/mine\n\n"
    "  python run.py validate my_scenario.toml my_policy.toml\n\n"
    "  python run.py list"
))  # fmt: skip


@app.command("list")
def list_files() -> None:
    """List the shipped scenarios and policies, with what they are about."""
    from sim.policy import load_policy
    from sim.scenario import load_scenario, policy_names, scenario_names

    print("Scenarios (python run.py run NAME)")
    for name in scenario_names():
        print(f"  {name:24s} {load_scenario(name).question}")
    print("\nPolicies (--policy NAME)")
    for name in policy_names():
        policy = load_policy(name)
        print(f"  {name:24s} {getattr(policy, 'description', None) or policy.title}")


@app.command()
def validate(
    files: Annotated[list[Path], typer.Argument(help="scenario or policy files, or shipped names")],
    facts: Annotated[bool, typer.Option("--facts", help="also list every figure: fact, filled or assumed")] = False,
) -> None:
    """Check files and say what is wrong: file, key, value, what is allowed, the nearest valid name.

    Exit code 2 where any file is wrong. Example: python run.py validate my_scenario.toml --facts
    """
    from sim.describe import describe, load_any
    from sim.files import InputError

    wrong = 0
    for file in files:
        try:
            print(describe(load_any(file), file, facts))
        except InputError as error:
            print(error, file=sys.stderr)
            wrong += 1
    if wrong:
        raise typer.Exit(2)


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="a scenario: shipped name or path")],
    policy: Annotated[str, typer.Option("--policy", "-p", help="a policy: shipped name or path")] = "status_quo",
    seed: Annotated[int, typer.Option(help="seed of all draws, 0 to 2**64 - 1")] = 1,
    replicate: Annotated[int, typer.Option(help="number of the replicate: fresh luck under the same seed")] = 0,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="folder for all outputs; default out/SCENARIO")
    ] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="draw figures and the report")] = True,
) -> None:
    """Run one scenario under one policy; print a table, write figures, data, manifest and a report.

    Example: python run.py run eastern_flank --policy threat_tailored --seed 7 --out out/mine
    """
    from sim.files import InputError
    from sim.policy import load_policy
    from sim.scenario import load_scenario

    try:
        world = load_scenario(scenario)
        choice = load_policy(policy, world.framework_names())
    except InputError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    if not 0 <= seed < 2**64 or not 0 <= replicate < 2**32:
        print("--seed: allowed 0 to 2**64 - 1; --replicate: allowed 0 to 2**32 - 1", file=sys.stderr)
        raise typer.Exit(2)
    from analysis.session import run_and_write

    run_and_write(world, choice, seed, replicate, out or Path("out") / Path(scenario).stem, figures)


@app.command()
def schema(
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="folder for the two schema files; default: print")
    ] = None,
) -> None:
    """Export the JSON Schemas of scenario and policy files, so that editors complete and check them."""
    import json

    from sim.scenario import json_schemas

    schemas: dict[str, Any] = json_schemas()
    if out is None:
        print(json.dumps(schemas, indent=2, ensure_ascii=False))
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, content in schemas.items():
        path = out / f"{name}.schema.json"
        path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        print(path)


@app.command()
def docs(
    measured: Annotated[
        bool, typer.Option("--measured", help="also re-run what the docs measure; takes minutes")
    ] = False,
) -> None:
    """Write the pages of docs/ that are generated from declarations, and with --measured those from runs."""
    from analysis.pages import write_pages

    for path in write_pages(measured):
        print(path)


@app.command()
def golden(
    refresh: Annotated[bool, typer.Option("--refresh", help="write the new values; review the difference")] = False,
) -> None:
    """Compare short runs of every scenario with tests/golden.json; exit code 1 where they differ."""
    from analysis.golden import compare_golden

    if not compare_golden(refresh):
        raise typer.Exit(1)


if __name__ == "__main__":
    app()
