"""What a file is and what it holds, in words: for `run.py validate`."""

import tomllib
from collections import Counter
from pathlib import Path

from sim.declare.levers import LEVERS
from sim.inputs.facts_cache import provenance_rows
from sim.inputs.policy import Policy, PythonPolicy, load_policy
from sim.inputs.scenario import Scenario, load_facts_once, load_scenario, policy_names, scenario_names
from sim.inputs.toml_files import show_path
from sim.inputs.values import quarter_index

ONLY_IN_SCENARIOS = ("question", "start", "horizon", "threats", "cast", "rivals", "primary_measure")


def is_policy(file: Path) -> bool:
    """Whether a file is meant as a policy: by its name, its folder, its ending, or the levers that it sets."""
    if str(file) in scenario_names():
        return False
    if str(file) in policy_names() or file.suffix == ".py" or file.parent.name == "policies":
        return True
    try:
        keys = tomllib.loads(file.read_text(encoding="utf-8")).keys()
    except (OSError, ValueError):
        return False
    return bool(LEVERS.keys() & keys) and not keys & set(ONLY_IN_SCENARIOS)


def load_any(file: Path) -> Scenario | Policy | PythonPolicy:
    """A scenario or a policy, whichever the file is; InputError where it is wrong."""
    return load_policy(file) if is_policy(file) else load_scenario(file)


def describe(found: Scenario | Policy | PythonPolicy, file: Path, facts: bool = False) -> str:
    """One paragraph about a valid file; with `facts`, every figure that a scenario uses, and where it comes from."""
    if isinstance(found, PythonPolicy):
        return f"{show_path(file)}: valid. Policy in Python: {found.title}"
    if isinstance(found, Policy):
        same = Policy(title=found.title)
        changed = [name for name in LEVERS if getattr(found, name) != getattr(same, name)]
        off = ", ".join(changed) or "none"
        return f"{show_path(file)}: valid. Policy: {found.title}. Levers off their default: {off}."
    roles = Counter(found.role_of(code) for code in found.cast_codes())
    cast = ", ".join(f"{count} {role}s" for role, count in sorted(roles.items()))
    text = (
        f"{show_path(file)}: valid. Scenario: {found.title}. {found.start} to {found.end()}; {cast}; "
        f"{len(found.threats)} threats, {len(found.shocks)} shocks, {len(found.parameters)} parameters overridden."
    )
    return "\n".join([text, *fact_lines(found)]) if facts else text


def fact_lines(scenario: Scenario) -> list[str]:
    """Every figure of the cast nearest to the start: value, whether it is a fact, filled or assumed, and its origin."""
    year = float(scenario.start[:4])
    cast = set(scenario.cast_codes())
    rows = [row for row in provenance_rows(load_facts_once()) if row[0] in cast]
    nearest = {(code, quantity): min((abs(r[2] - year), -r[2]) for r in rows if r[:2] == (code, quantity))
               for code, quantity in {row[:2] for row in rows}}  # fmt: skip
    used = [r for r in rows if (abs(r[2] - year), -r[2]) == nearest[r[0], r[1]]]
    counts = Counter(row[4] for row in used)
    lines = ["  " + ", ".join(f"{counts[kind]} {kind}" for kind in ("fact", "filled", "assumed"))]
    lines += [
        f"  {code} {what:12s} {of:6.0f} {value:12.4g}  {how:8s} {origin}" for code, what, of, value, how, origin in used
    ]
    lines += [f"  {state.code} altered by the scenario: {state.source}" for state in scenario.states]
    late = [s.title for s in scenario.shocks if quarter_index(s.when, scenario.start) >= 0 and s.source == "assumed"]
    return lines + [f"  shock assumed: {title}" for title in late]
