"""What the left of a page shows: levers in groups, and what of the world can be changed; read from the declarations."""

from typing import Any, Final

from analysis.explore.address import Asked, as_json
from analysis.explore.drafts import Drafts
from analysis.words import framework_name, lower, measure_name, plain, region_name
from sim.declare.levers import LEVERS
from sim.declare.names import FRAMEWORKS, MEASURES, REGIONS, THREAT_KINDS
from sim.declare.parameters import Parameters, specs
from sim.inputs.load import load_scenario, scenario_names
from sim.inputs.policy import Policy, policy_names
from sim.inputs.states import load_facts_once
from sim.law.measures import DECLARED

# What levers do together. A lever that is not named here stands in the last group.
GROUPS: Final = (
    ("Money", ("envelope", "split")),
    ("Exercises", ("warfighting", "size", "distance")),
    ("Capacity and reform", ("equipment", "conditionality", "sharing")),
    ("Who gets what", ("rule", "threat_targeting", "tailoring", "focus_framework", "focus_region")),
    ("Door and Council", ("open_door", "outreach", "decision_mode", "communication")),
)
REST: Final = "More levers"


def label_of(name: str) -> str:
    """A name on a lever in words."""
    if name in FRAMEWORKS:
        return framework_name(name)
    return region_name(name) if name in REGIONS else lower(name)


def groups(frameworks: tuple[str, ...]) -> list[dict[str, Any]]:
    """All levers in their groups."""
    placed = {name: title for title, names in GROUPS for name in names}
    found: dict[str, list[dict[str, Any]]] = {title: [] for title, _ in (*GROUPS, (REST, ()))}
    for name, lever in LEVERS.items():
        names = frameworks if lever.more else lever.names
        found[placed.get(name, REST)].append({
            "name": name, "label": plain(name), "kind": lever.kind, "default": lever.default, "low": lever.low,
            "high": lever.high, "unit": lever.unit, "meaning": lever.meaning, "gains": lever.gains,
            "pays": lever.pays, "delay": lever.delay,
            "names": [{"name": one, "label": label_of(one)} for one in names],
        })  # fmt: skip
    return [{"title": title, "levers": levers} for title, levers in found.items() if levers]


def values_of(policy: Policy, frameworks: tuple[str, ...]) -> dict[str, Any]:
    """Every lever of a policy, tables with all their names."""
    found: dict[str, Any] = {}
    for name, lever in LEVERS.items():
        value = getattr(policy, name)
        if isinstance(value, dict):
            names, rest = (frameworks if lever.more else lever.names), 0.0 if lever.kind == "split" else 1.0
            value = {one: value.get(one, rest) for one in names}
        found[name] = value
    return found


def desk(asked: Asked, drafts: Drafts) -> dict[str, Any]:
    """Everything that the page needs to build its left side, and what it asks."""
    scenario, _ = drafts.base_scenario(asked.world)
    frameworks = scenario.framework_names()
    wanted = [d.base for d in (asked.mine, asked.baseline, *asked.pins)]
    bases = {}
    for base in dict.fromkeys((*policy_names(), *wanted)):
        policy, _ = drafts.base_policy(asked.mine._replace(base=base))
        about = getattr(policy, "description", None) or policy.title
        bases[base] = {"title": policy.title, "about": about, "values": values_of(policy, frameworks)}
    facts = load_facts_once(scenario.facts)
    kinds = [kind for kind in THREAT_KINDS if any(t.kind == kind and t.rate > 0.0 for t in scenario.threats)]
    set_here = {name: override.value for name, override in scenario.parameters.items()}
    return {
        "asked": as_json(asked), "groups": groups(frameworks), "bases": bases, "shipped": list(policy_names()),
        "measures": [{"name": n, "label": measure_name(n), "unit": DECLARED[n].unit} for n in MEASURES],
        "world": {
            "scenarios": [{"name": n, "title": titled(n)} for n in scenario_names()], "title": scenario.title,
            "question": scenario.question, "start": scenario.start, "horizon": scenario.horizon,
            "primary": scenario.primary_measure,
            "kinds": [{"name": kind, "label": plain(kind)} for kind in kinds],
            "shocks": [
                {"title": s.title, "when": s.when, "kind": lower(s.kind), "severity": s.severity,
                 "states": [facts[c].name if c in facts else c for c in s.states]} for s in scenario.shocks
            ],
            "rivals": [
                {"code": r.code, "name": facts[r.code].name if r.code in facts else r.code, "budget": r.budget}
                for r in scenario.rival_entries()
            ],
            "parameters": [
                {"name": name, "label": plain(name), "meaning": spec.meaning, "unit": spec.unit, "low": spec.low,
                 "high": spec.high, "value": set_here.get(name, Parameters._field_defaults[name])}
                for name, spec in specs().items() if "assumed" in spec.source
            ],
        },
    }  # fmt: skip


def titled(name: str) -> str:
    """The title of a shipped scenario."""
    if name not in TITLES:
        TITLES[name] = load_scenario(name).title
    return TITLES[name]


TITLES: dict[str, str] = {}
