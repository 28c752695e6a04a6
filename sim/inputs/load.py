"""Loading a scenario: its file merged onto what it extends, checked, and freed of what does not concern its cast."""

from pathlib import Path
from typing import TypeVar

from sim.inputs.checks import findings
from sim.inputs.errors import InputError, Node, fail, plain, show_value
from sim.inputs.models import placed, validated
from sim.inputs.reading.regular import Unreadable
from sim.inputs.scenario import KEYS, Scenario
from sim.inputs.states import read_given
from sim.inputs.tables import Breach, Framework, Joining, Shock, Upheaval
from sim.inputs.toml_files import FOLDER, find, load_tree, names_in
from sim.inputs.values import quarter_index

E = TypeVar("E", Shock, Upheaval, Breach)


def load_scenario(path_or_name: str | Path) -> Scenario:
    """A scenario file by path, or a shipped one by name, with all that it extends; InputError where it is wrong."""
    node = with_facts(load_tree(_find(path_or_name), _find, KEYS))
    scenario = validated(Scenario, node)
    problems = placed(node, findings(scenario, plain(node)))
    if problems:
        raise InputError(problems)
    return pruned(scenario)


def with_facts(node: Node) -> Node:
    """The tree with the cells of the table of facts that it names in place of its path, which is beside the file."""
    named = node.value.get("facts")
    if named is None:
        return node
    if not isinstance(named.value, str):
        raise fail(
            named.file, "allowed: the path of a table of facts, .csv or .xlsx", "facts", show_value(plain(named))
        )
    try:
        cells = read_given(Path(named.file).parent / named.value)
    except Unreadable as error:
        raise fail(named.file, error.problems[0].message, "facts", show_value(named.value)) from None
    return Node({**node.value, "facts": Node(cells, named.file, named.loc)}, node.file, node.loc)


def pruned(scenario: Scenario) -> Scenario:
    """The scenario without what it inherited for states that do not take part or for quarters after its end."""
    cast = set(scenario.cast_codes())

    def here(codes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(code for code in codes if code in cast)

    def in_time(quarter: str) -> bool:
        return 0 <= quarter_index(quarter, scenario.start) < scenario.horizon

    def kept(events: tuple[E, ...]) -> tuple[E, ...]:
        new = [event.model_copy(update={"states": here(event.states)}) for event in events if in_time(event.when)]
        return tuple(event for event in new if event.states)

    def joining(framework: Framework) -> tuple[Joining, ...]:
        new = [one.model_copy(update={"states": here(one.states)}) for one in framework.joining]
        return tuple(one for one in new if one.states and in_time(one.when))

    threats = [
        t.model_copy(update={
            "states": here(t.states), "active": here(t.active), "ends": tuple(q for q in t.ends if in_time(q)),
        }) for t in scenario.threats
    ]  # fmt: skip
    update = {
        "states": tuple(state for state in scenario.states if state.code in cast),
        "frameworks": tuple(
            f.model_copy(update={"partners": here(f.partners), "waiting": here(f.waiting), "joining": joining(f)})
            for f in scenario.frameworks
        ),
        "threats": tuple(threat for threat in threats if scenario.touches(threat)),
        "rivals": tuple(rival for rival in scenario.rivals if rival.code in scenario.rival_codes()),
        "shocks": kept(scenario.shocks),
        "upheavals": kept(scenario.upheavals),
        "breaches": kept(scenario.breaches),
        "feuds": tuple(feud for feud in scenario.feuds if {feud.a, feud.b} <= cast),
    }
    return scenario.model_copy(update=update)


def _find(name: str | Path, beside: Path | None = None) -> Path:
    return find(name, FOLDER, "scenario", beside)


def scenario_names() -> tuple[str, ...]:
    """Names of the shipped scenarios."""
    return names_in(FOLDER)
