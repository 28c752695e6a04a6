"""A scenario: the world that nobody chooses. Read from a TOML file, checked, complete and frozen."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

from pydantic import Field

from sim.declare.names import FRAMEWORKS, MEASURES
from sim.declare.parameters import specs
from sim.inputs.errors import placed, validated
from sim.inputs.facts_cache import StateFacts, load_facts
from sim.inputs.tables import (
    ActivityChange,
    Cast,
    Feud,
    Framework,
    Mission,
    Override,
    Rival,
    Shock,
    State,
    Threat,
    Upheaval,
    Window,
)
from sim.inputs.toml_files import FOLDER, InputError, find, load_tree, names_in, plain
from sim.inputs.values import Flag, Name, Number, Quarter, Table, Text, quarter_index, quarter_number, quarter_text

__all__ = [
    "FEUD_KEYS", "InputError", "Scenario", "json_schemas", "load_scenario", "policy_names", "quarter_index",
    "scenario_names",
]  # fmt: skip

FEUD_KEYS: Final = ("a", "b", "from")
KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "states": ("code",), "frameworks": ("name",), "threats": ("name",), "shocks": ("title",), "upheavals": ("title",),
    "rivals": ("code",), "missions": ("name",), "feuds": FEUD_KEYS, "activities": ("name",),
}  # fmt: skip
E = TypeVar("E", Shock, Upheaval)
RIVAL_SINCE: Final = "2014-Q1"  # Russia is a rival by default from here on; NATO suspended cooperation on 2014-04-01


class Scenario(Table):
    """Everything that a scenario fixes. `load_scenario` is the way to make one."""

    title: Text = Field(description="title shown to people")
    question: Text = Field(description="the question that the scenario asks")
    objectives: tuple[Text, ...] = Field(default=(), description="what a class should learn")
    extends: Text | None = Field(default=None, description="name or path of the scenario that this one changes")
    start: Quarter = Field(description="first quarter, for example 2025-Q1")
    horizon: Annotated[int, Number(4, 200, "quarters", True)] = Field(description="length in quarters")
    primary_measure: Annotated[str, Name("measure", MEASURES)] = Field(description="the measure that decides")
    smallest_difference: Annotated[float, Number(0.0001, 100000.0, "in the unit of the primary measure")] = Field(
        description="smallest difference of the primary measure that matters"
    )
    cast: Cast = Field(default=Cast(), description="who takes part")
    states: tuple[State, ...] = Field(default=(), description="states added or altered")
    frameworks: tuple[Framework, ...] = Field(default=(), description="frameworks added or altered")
    threats: tuple[Threat, ...] = Field(default=(), description="sources of threats")
    shocks: tuple[Shock, ...] = Field(default=(), description="scripted events")
    upheavals: tuple[Upheaval, ...] = Field(default=(), description="scripted changes of civilian control")
    rivals: tuple[Rival, ...] = Field(default=(), description="how rivals act")
    missions: tuple[Mission, ...] = Field(default=(), description="NATO-led missions")
    feuds: tuple[Feud, ...] = Field(default=(), description="quarrels beside those on record")
    feuds_from_record: Flag = Field(default=True, description="whether the quarrels of disputes.csv count")
    budget: tuple[Window, ...] = Field(default=(), description="times in which every purse is multiplied")
    parameters: dict[str, Override] = Field(default_factory=dict, description="other parameter values, with reasons")
    activities: tuple[ActivityChange, ...] = Field(default=(), description="other figures for the menu, with reasons")

    def content_hash(self) -> str:
        """SHA-256 of the resolved content; the same for two files that mean the same."""
        content = self.model_dump(mode="json", by_alias=True, exclude={"extends"})
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def end(self) -> str:
        """The last quarter."""
        return quarter_text(quarter_number(self.start) + self.horizon - 1)

    def rival_codes(self) -> tuple[str, ...]:
        """Codes of the rivals, each once."""
        named = self.cast.rivals
        if named is None:
            russia = (
                ("RUS",) if quarter_index(self.start, RIVAL_SINCE) >= 0 and "RUS" in self._allowed(("RUS",)) else ()
            )
            named = (*russia, *(rival.code for rival in self.rivals))
        added = tuple(state.code for state in self.states if state.role == "rival")
        return tuple(dict.fromkeys((*named, *added)))

    def rival_entries(self) -> tuple[Rival, ...]:
        """One entry for each rival, with defaults where the file has none."""
        given = {rival.code: rival for rival in self.rivals}
        return tuple(given.get(code) or Rival(code=code) for code in self.rival_codes())

    def cast_codes(self) -> tuple[str, ...]:
        """Codes of all states that take part, in the order of the facts, then of the file."""
        facts, wanted = load_facts_once(), set(self.cast.outsiders) | set(self.rival_codes())
        for framework in self.frameworks:
            wanted |= {*framework.partners, *framework.waiting}
        present = [code for code, fact in facts.items() if code in wanted or self._present(fact)]
        present += [state.code for state in self.states if state.code not in present]
        return self._allowed(present)

    def _present(self, fact: StateFacts) -> bool:
        """Members and partners take part; a rival of the facts does only while it was a partner."""
        if fact.role == "rival":
            return quarter_index(self.start, RIVAL_SINCE) < 0 and "pfp_signed" in fact.dates
        return fact.role != "outsider"

    def _allowed(self, codes: list[str] | tuple[str, ...]) -> tuple[str, ...]:
        only = None if self.cast.only is None else {*self.cast.only, *(self.cast.rivals or ())}
        return tuple(c for c in codes if c not in self.cast.leave_out and (only is None or c in only))

    def region_of(self, code: str) -> str:
        """The region of a state: of its entry, else of its facts, else of the state that it is like."""
        facts = load_facts_once()
        entry = next((state for state in self.states if state.code == code), None)
        if entry is not None and entry.region is not None:
            return entry.region
        model = code if entry is None or entry.like is None else entry.like
        return facts[model].region if model in facts else ""

    def role_of(self, code: str) -> str:
        """The role of a state at the start: partner, member, rival or outsider."""
        entry = next((state for state in self.states if state.code == code), None)
        if code in self.rival_codes():
            return "rival"
        if entry is not None and entry.role is not None:
            return entry.role
        if any(code in framework.partners and self._open_at_start(framework) for framework in self.frameworks):
            return "partner"
        fact = load_facts_once().get(entry.like if entry is not None and entry.like is not None else code)
        return fact.role_on(start_day(self.start)) if fact else "outsider"

    def _open_at_start(self, framework: Framework) -> bool:
        return framework.begin is None or quarter_index(framework.begin, self.start) <= 0

    def touches(self, threat: Threat) -> tuple[str, ...]:
        """Codes of the states that a threat can strike. Rivals are struck only where `states` names them."""
        rivals = set(self.rival_codes())
        return tuple(
            code for code in self.cast_codes()
            if code in threat.states or (code not in rivals and self.region_of(code) in threat.regions)
        )  # fmt: skip

    def joins(self) -> tuple[tuple[int, str, str], ...]:
        """Scripted joins after the start: step, code, framework; from frameworks whose `from` lies later."""
        found = []
        for framework in self.frameworks:
            step = quarter_index(framework.begin or self.start, self.start)
            if 0 < step < self.horizon:
                found += [(step, code, framework.name) for code in framework.partners]
        return tuple(found)

    def framework_names(self) -> tuple[str, ...]:
        """The four frameworks, then those that the scenario adds."""
        return tuple(dict.fromkeys((*FRAMEWORKS, *(framework.name for framework in self.frameworks))))


@lru_cache(maxsize=1)
def load_facts_once() -> dict[str, StateFacts]:
    """The facts, read once a process."""
    return load_facts()


def start_day(quarter: str) -> date:
    """The first day of a quarter."""
    return date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)


def load_scenario(path_or_name: str | Path) -> Scenario:
    """A scenario file by path, or a shipped one by name, with all that it extends; InputError where it is wrong."""
    from sim.inputs.checks import findings

    node = load_tree(_find(path_or_name), lambda name, beside: _find(name, beside), KEYS)
    scenario = validated(Scenario, node)
    problems = placed(node, findings(scenario, plain(node)))
    if problems:
        raise InputError(problems)
    return pruned(scenario)


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

    threats = [t.model_copy(update={"states": here(t.states), "active": here(t.active)}) for t in scenario.threats]
    update = {
        "states": tuple(state for state in scenario.states if state.code in cast),
        "frameworks": tuple(
            f.model_copy(update={"partners": here(f.partners), "waiting": here(f.waiting)}) for f in scenario.frameworks
        ),
        "threats": tuple(threat for threat in threats if scenario.touches(threat)),
        "shocks": kept(scenario.shocks),
        "upheavals": kept(scenario.upheavals),
        "feuds": tuple(feud for feud in scenario.feuds if {feud.a, feud.b} <= cast),
    }
    return scenario.model_copy(update=update)


def _find(name: str | Path, beside: Path | None = None) -> Path:
    return find(name, FOLDER, "scenario", beside)


def scenario_names() -> tuple[str, ...]:
    """Names of the shipped scenarios."""
    return names_in(FOLDER)


def policy_names() -> tuple[str, ...]:
    """Names of the shipped policies."""
    return names_in(FOLDER / "policies", (".toml", ".py"))


def json_schemas() -> dict[str, dict[str, Any]]:
    """JSON Schemas of scenario and policy files, so that editors complete and check them."""
    from sim.inputs.policy import Policy

    schemas = {"scenario": Scenario.model_json_schema(), "policy": Policy.model_json_schema()}
    parameters = {
        name: {
            "type": "object", "additionalProperties": False, "required": ["value", "reason"],
            "description": f"{spec.meaning} ({spec.unit}; {spec.source})",
            "properties": {
                "value": {"type": "number", "minimum": spec.low, "maximum": spec.high},
                "reason": {"type": "string", "minLength": 1},
            },
        }
        for name, spec in specs().items()
    }  # fmt: skip
    schemas["scenario"]["properties"]["parameters"] = {
        "type": "object", "additionalProperties": False, "properties": parameters,
        "description": "other parameter values, each with a reason",
    }  # fmt: skip
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
