"""What a file is and what it may hold: in words for `run.py validate`, and as JSON Schemas for editors."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

from sim.declare.levers import LEVERS
from sim.declare.parameters import specs
from sim.inputs.errors import InputError, Problem, show_path
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import Policy, PythonPolicy, load_policy, policy_names
from sim.inputs.reading.sheets import is_book, parted, policies_in, sheets_of
from sim.inputs.reading.toml import read_toml
from sim.inputs.scenario import KEYS, Scenario
from sim.inputs.states import load_facts_once, read_given
from sim.inputs.states_csv import Provenance
from sim.inputs.values import quarter_index

ONLY_IN_SCENARIOS: Final = ("question", "start", "horizon", "threats", "cast", "rivals", "primary_measure")


def is_policy(file: Path) -> bool:
    """Whether a file is meant as a policy: by its name, its folder, its ending, or the levers that it sets."""
    if str(file) in scenario_names():
        return False
    if str(file) in policy_names() or file.suffix == ".py" or file.parent.name == "policies" or is_book(file):
        return True
    try:
        keys = read_toml(file).value.keys()
    except InputError:
        return False
    return bool(LEVERS.keys() & keys) and not keys & set(ONLY_IN_SCENARIOS)


def load_any(file: Path) -> Scenario | Policy | PythonPolicy:
    """A scenario or a policy, whichever the file is; InputError where it is wrong."""
    return load_policy(file) if is_policy(file) else load_scenario(file)


def describe_all(file: Path, facts: bool = False) -> Iterator[str]:
    """A paragraph about all that is in a file: a workbook may hold facts and several policies; InputError if wrong."""
    book = is_book(file) and not parted(file)[1]
    table = file.suffix.lower() == ".csv" or (book and bool(sheets_of(file, facts=True)))
    if table:
        yield of_facts(file)
    if book and (not table or sheets_of(file, facts=False)):
        problems: list[Problem] = []
        for one in (Path(f"{file}#{name}") for name in policies_in(file)):
            try:
                yield describe(load_policy(one), one)
            except InputError as error:
                problems += error.problems
        if problems:
            raise InputError(problems)
    elif not table:
        yield describe(load_any(file), file, facts)


def of_facts(file: Path) -> str:
    """One line about a valid table of facts."""
    given = read_given(file)
    columns = ", ".join(dict.fromkeys(column for _, column, _ in given)) or "nothing"
    rows = len({code for code, _, _ in given})
    return f'{show_path(file)}: valid. Facts about {rows} states: {columns}. A scenario uses it: facts = "{file.name}".'


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
    year, cast = float(scenario.start[:4]), set(scenario.cast_codes())
    states = [state for code, state in load_facts_once(scenario.facts).items() if code in cast]
    used = [(state.code, quantity, state.cell(quantity, year)) for state in states for quantity in state.cells]
    counts = Counter(cell.provenance for _, _, cell in used)
    lines = ["  " + ", ".join(f"{counts[kind]} {kind}" for kind in get_args(Provenance))]
    lines += [
        f"  {code} {what:12s} {cell.year:6.0f} {cell.value:12.4g}  {cell.provenance:8s} {cell.origin}"
        for code, what, cell in used
    ]
    lines += [f"  {state.code} altered by the scenario: {state.source}" for state in scenario.states]
    late = [s.title for s in scenario.shocks if quarter_index(s.when, scenario.start) >= 0 and s.source == "assumed"]
    return lines + [f"  shock assumed: {title}" for title in late]


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schemas of scenario and policy files, so that editors complete and check them."""
    schemas = {"scenario": Scenario.model_json_schema(), "policy": Policy.model_json_schema()}
    table: dict[str, Any] = {"type": "object", "additionalProperties": False}
    parameters = {
        name: {
            **table,
            "required": ["value", "reason"],
            "description": f"{spec.meaning} ({spec.unit}; {spec.source})",
            "properties": {
                "value": {"type": "number", "minimum": spec.low, "maximum": spec.high},
                "reason": {"type": "string", "minLength": 1},
            },
        }
        for name, spec in specs().items()
    }
    words = "other parameter values, each with a reason"
    schemas["scenario"]["properties"]["parameters"] = {**table, "properties": parameters, "description": words}
    for title, schema in schemas.items():
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        schema["title"] = f"Interlock {title}"
        _relax(schema)
    return schemas


def _relax(schema: dict[str, Any]) -> None:
    """A file that extends another gives only what differs: then nothing but an entry's name is required."""
    required = schema.pop("required", [])
    if required:
        schema["if"] = {"not": {"required": ["extends"]}}
        schema["then"] = {"required": required}
    names = {fields[0] for fields in KEYS.values()} | {"a", "b", "reason"}
    for entry in schema.get("$defs", {}).values():
        needed = [name for name in entry.pop("required", []) if name in names]
        if needed:
            entry["required"] = needed
            entry["properties"]["remove"] = {"type": "boolean", "description": "true drops an inherited entry"}
