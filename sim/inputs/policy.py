"""A policy: the levers that the Alliance chooses. Each lever is declared once, with who gains, who pays and when."""

import ast
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field, model_validator

from sim.declare.names import DECISION_MODES, FRAMEWORKS, INSTRUMENTS, REGIONS
from sim.inputs.errors import Finding, InputError, allowed, fail, nearest, placed, show_path, validated
from sim.inputs.toml_files import FOLDER, find, load_tree, names_in, read_text
from sim.inputs.values import Kind, Levels, Name, Number, Table, Text, wrong

RULES: Final = ("equal", "need", "merit", "threat")
WHOLE: Final = ("split", "rule")  # shares: a policy that extends another replaces them as a whole


class Lever(NamedTuple):
    """One lever. A table has `names`; its default is one table, its range that of one number."""

    default: float | str | Mapping[str, float]
    low: float
    high: float
    unit: str
    meaning: str
    gains: str
    pays: str
    delay: str  # quarters until it is felt
    names: tuple[str, ...] = ()


SPLIT: Final = dict(zip(INSTRUMENTS, (0.35, 0.2, 0.15, 0.15, 0.1, 0.05), strict=True))
RULE: Final = dict(zip(RULES, (0.4, 0.2, 0.2, 0.2), strict=True))
EVEN: Final = "1: as its share of partners"

LEVERS: Final[Mapping[str, Lever]] = {
    "envelope": Lever(120.0, 0.0, 600.0, "EUR million a year", "money of the common programme",
        "partners", "allies' own readiness, hence deterrence", "4-8"),
    "split": Lever(SPLIT, 0.0, 1.0, "shares, sum 1", "split of the envelope over the instruments",
        "what the instrument builds", "the instruments left out", "1-16, by instrument", INSTRUMENTS),
    "warfighting": Lever(0.5, 0.0, 1.0, "0 humanitarian to 1 warfighting", "profile of the exercises",
        "technical and procedural skill", "tension; legitimacy in non-aligned partners", "skill 1, rival 1-3"),
    "size": Lever(0.5, 0.0, 1.0, "0 small to 1 large", "size of the exercises",
        "technical and procedural skill", "tension; money; disparity dilutes large exercises", "skill 1, rival 1-3"),
    "distance": Lever(0.5, 0.0, 1.0, "0 at the rival's border to 1 far away", "distance kept from rivals' borders",
        "calm on the flank", "deterrence and skill on the terrain that matters", "skill 1, rival 1-3"),
    "equipment": Lever(0.4, 0.0, 1.0, "share of capacity building", "equipment and technology in capacity building",
        "early capability", "upkeep every year; leak and diversion through the least secure", "6-12; sudden"),
    "conditionality": Lever(0.3, 0.0, 1.0, "0 none to 1 strict", "help depends on reform",
        "absorption", "participation; the refused take the rival's offer", "2-6"),
    "open_door": Lever(0.5, 0.0, 1.0, "0 shut to 1 open", "readiness to admit aspirants",
        "aspirants' reform", "pressure on candidates before any guarantee; unity of the Council", "years"),
    "threat_targeting": Lever(0.4, 0.0, 1.0, "0 steady to 1 follows threats", "the plan follows perceived threats",
        "fit", "chases the last shock with noisy estimates and a two-year cycle", "8"),
    "rule": Lever(RULE, 0.0, 1.0, "weights, sum 1",
    "who gets places: all alike, the weak, the reformers, the threatened",
        "those whom the rule favours", "the others, who resent it", "2", RULES),
    "tailoring": Lever(0.4, 0.0, 1.0, "0 one menu to 1 tailored", "plans made for each partner",
        "fit", "staff hours; fewer multinational events, so fewer ties between partners", "2"),
    "outreach": Lever(0.2, 0.0, 1.0, "0 none to 1 much", "winning new partners and regions",
        "new regions", "attention to old partners; regional rivals offended", "4"),
    "decision_mode": Lever("consensus", 0.0, 0.0, "name", "how the Council decides; joint_decision is hypothetical",
        "speed (opt_in) or ownership (decision_shaping, joint_decision)", "cohesion, legitimacy", "2-4",
        DECISION_MODES),
    "communication": Lever(0.3, 0.0, 1.0, "0 quiet to 1 loud", "strategic communication beside the split",
        "legitimacy", "credibility when words exceed deeds", "2"),
    "sharing": Lever(0.3, 0.0, 1.0, "0 closed to 1 open", "openness in intelligence and digital cooperation",
        "warning, speed", "leaks through the weakest member", "sudden"),
    "focus_framework": Lever(dict.fromkeys(FRAMEWORKS, 1.0), 0.0, 5.0, EVEN, "weight of each framework",
        "the frameworks in focus", "the others, who resent it", "2-8", FRAMEWORKS),
    "focus_region": Lever(dict.fromkeys(REGIONS, 1.0), 0.0, 5.0, EVEN, "weight of each region",
        "the regions in focus", "the others, who resent it", "2-8", REGIONS),
}  # fmt: skip


def _number(name: str) -> Number:
    lever = LEVERS[name]
    return Number(lever.low, lever.high, lever.unit)


class Focus(Kind):
    """A table from framework names to weights; `load_policy` checks the names, for scenarios may add frameworks."""

    def check(self, value: object) -> dict[str, float]:
        """Weights by framework; the four frameworks count 1 unless given."""
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            raise wrong("allowed: a table from framework to a number from 0 to 5")
        kind = Levels("framework", tuple(dict.fromkeys((*FRAMEWORKS, *value))), 0.0, 5.0, number=False)
        return {**dict.fromkeys(FRAMEWORKS, 1.0), **kind.check(value)}

    def schema(self) -> dict[str, Any]:
        """Completion for the four frameworks; others are allowed."""
        number = {"type": "number", "minimum": 0, "maximum": 5}
        properties = dict.fromkeys(FRAMEWORKS, number)
        return {"type": "object", "properties": properties, "additionalProperties": number}


def _lever(name: str) -> Any:
    """The pydantic field of a lever: default and description from its declaration."""
    lever = LEVERS[name]
    words = f"{lever.meaning} ({lever.unit}); gains: {lever.gains}; pays: {lever.pays}; quarters: {lever.delay}"
    if isinstance(lever.default, Mapping):
        default = dict(lever.default)
        return Field(
            default_factory=lambda: dict(default), description=words, json_schema_extra={"default": {**default}}
        )
    return Field(default=lever.default, description=words)


class Policy(Table):
    """The levers of a policy. `load_policy` is the way to make one; `Policy(title=...)` has all defaults."""

    title: Text = Field(description="title shown to people")
    description: Text | None = Field(default=None, description="what the policy is about")
    extends: Text | None = Field(default=None, description="name or path of the policy that this one changes")
    envelope: Annotated[float, _number("envelope")] = _lever("envelope")
    split: Annotated[dict[str, float], Levels("instrument", INSTRUMENTS, number=False, total=1.0)] = _lever("split")
    warfighting: Annotated[float, _number("warfighting")] = _lever("warfighting")
    size: Annotated[float, _number("size")] = _lever("size")
    distance: Annotated[float, _number("distance")] = _lever("distance")
    equipment: Annotated[float, _number("equipment")] = _lever("equipment")
    conditionality: Annotated[float, _number("conditionality")] = _lever("conditionality")
    open_door: Annotated[float, _number("open_door")] = _lever("open_door")
    threat_targeting: Annotated[float, _number("threat_targeting")] = _lever("threat_targeting")
    rule: Annotated[dict[str, float], Levels("rule", RULES, number=False, total=1.0)] = _lever("rule")
    tailoring: Annotated[float, _number("tailoring")] = _lever("tailoring")
    outreach: Annotated[float, _number("outreach")] = _lever("outreach")
    decision_mode: Annotated[str, Name("decision mode", DECISION_MODES)] = _lever("decision_mode")
    communication: Annotated[float, _number("communication")] = _lever("communication")
    sharing: Annotated[float, _number("sharing")] = _lever("sharing")
    focus_framework: Annotated[dict[str, float], Focus()] = _lever("focus_framework")
    focus_region: Annotated[dict[str, float], Levels("region", REGIONS, 0.0, 5.0, number=False)] = _lever(
        "focus_region"
    )

    @model_validator(mode="before")
    @classmethod
    def complete_regions(cls, data: Any) -> Any:
        """Regions that the file does not name have weight 1."""
        focus = data.get("focus_region") if isinstance(data, dict) else None
        return {**data, "focus_region": {**dict.fromkeys(REGIONS, 1.0), **focus}} if isinstance(focus, dict) else data


@dataclass(frozen=True)
class PythonPolicy:
    """A policy written as a Python function `orders(view)`. It is read and compiled here, never run."""

    path: str
    source: str
    function_name: str
    title: str

    def content_hash(self) -> str:
        """SHA-256 of the source."""
        return hashlib.sha256(self.source.encode()).hexdigest()


def load_policy(path_or_name: str | Path, frameworks: Iterable[str] = FRAMEWORKS) -> Policy | PythonPolicy:
    """A policy by path, or a shipped one by name. `frameworks` are the names that `focus_framework` may use."""
    path = _find(path_or_name)
    if path.suffix == ".py":
        return _python_policy(path)
    node = load_tree(path, _find, {}, WHOLE)
    policy = validated(Policy, node)
    known = tuple(dict.fromkeys((*FRAMEWORKS, *frameworks)))
    words = f"not a framework of this scenario; {allowed(known)}"
    unknown = {name: weight for name, weight in policy.focus_framework.items() if name not in known}
    wrong_names = [Finding(("focus_framework", n), weight, words + nearest(n, known)) for n, weight in unknown.items()]
    problems = placed(node, wrong_names)
    if problems:
        raise InputError(problems)
    return policy


def _find(name: str | Path, beside: Path | None = None) -> Path:
    return find(name, FOLDER / "policies", "policy", beside)


def policy_names() -> tuple[str, ...]:
    """Names of the shipped policies."""
    return names_in(FOLDER / "policies", (".toml", ".py"))


FUNCTION: Final = "orders"


def _python_policy(path: Path) -> PythonPolicy:
    """A Python file with one function `orders(view)`, compiled but not run."""
    file, source = show_path(path), read_text(path)
    try:
        tree = ast.parse(source, filename=file)
        compile(source, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        raise fail(file, f"not valid Python: {error.msg} (at line {error.lineno}, column {error.offset})") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise fail(file, f"not valid Python: {error}") from None
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if FUNCTION not in functions:
        words = f"the function orders(view) is missing{nearest(FUNCTION, functions)}"
        raise fail(file, words, FUNCTION)
    arguments = functions[FUNCTION].args
    needed = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    if needed != 1 or any(default is None for default in arguments.kw_defaults):
        words = f"allowed: one argument, orders(view); it asks for {needed}"
        raise fail(file, words, FUNCTION, f"line {functions[FUNCTION].lineno}")
    words = (ast.get_docstring(tree) or path.stem).strip().splitlines()[0]
    return PythonPolicy(path=file, source=source, function_name=FUNCTION, title=words)
