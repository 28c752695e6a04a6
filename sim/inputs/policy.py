"""A policy: a file with the levers that the Alliance chooses, as `sim/declare/levers.py` declares them."""

import ast
import hashlib
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, create_model, model_validator

from sim.declare.levers import LEVERS, SPLITS, Lever
from sim.declare.names import FRAMEWORKS, REGIONS
from sim.inputs.errors import InputError, allowed, fail, nearest
from sim.inputs.models import Finding, placed, validated
from sim.inputs.reading.regular import read_text
from sim.inputs.toml_files import FOLDER, find, load_tree, names_in
from sim.inputs.values import Kind, Levels, Name, Number, Table, Text, told_unseen, unseen, wrong


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


def _kind(lever: Lever) -> tuple[type, Kind]:
    """How a lever is written in a file, and what checks it."""
    if lever.kind == "number":
        return float, Number(lever.low, lever.high, lever.unit)
    if lever.kind == "choice":
        return str, Name(lever.what, lever.names)
    if lever.more:
        return dict[str, float], Focus()
    if lever.kind == "split":
        return dict[str, float], Levels(lever.what, lever.names, number=False, total=1.0)
    return dict[str, float], Levels(lever.what, lever.names, lever.low, lever.high, number=False)


def _field(lever: Lever) -> tuple[Any, Any]:
    """The pydantic field of a lever: type, default and description from its declaration."""
    words = f"{lever.meaning} ({lever.unit}); gains: {lever.gains}; pays: {lever.pays}; quarters: {lever.delay}"
    form, kind = _kind(lever)
    if not isinstance(lever.default, Mapping):
        return Annotated[form, kind], Field(default=lever.default, description=words)
    table = dict(lever.default)
    return Annotated[form, kind], Field(
        default_factory=lambda: dict(table), description=words, json_schema_extra={"default": {**table}}
    )


class _Texts(Table):
    """What a policy holds beside its levers."""

    title: Text = Field(description="title shown to people")
    description: Text | None = Field(default=None, description="what the policy is about")
    extends: Text | None = Field(default=None, description="name or path of the policy that this one changes")

    @model_validator(mode="before")
    @classmethod
    def complete_regions(cls, data: Any) -> Any:
        """Regions that the file does not name have weight 1."""
        focus = data.get("focus_region") if isinstance(data, dict) else None
        return {**data, "focus_region": {**dict.fromkeys(REGIONS, 1.0), **focus}} if isinstance(focus, dict) else data


if TYPE_CHECKING:

    class Policy(_Texts):
        """The levers of a policy, by name."""

        def __init__(self, *, title: str, **given: Any) -> None: ...
        def __getattr__(self, name: str) -> Any: ...

else:
    Policy = create_model(
        "Policy",
        __base__=_Texts,
        __module__=__name__,
        __doc__="The levers of a policy. `load_policy` is the way to make one; `Policy(title=...)` has all defaults.",
        **{name: _field(lever) for name, lever in LEVERS.items()},
    )


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
    node = load_tree(path, lambda name, beside: _find(name, beside), {}, SPLITS)  # a split is replaced as a whole
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
MOST_TITLE: Final = 200  # characters


def _python_policy(path: Path) -> PythonPolicy:
    """A Python file with one function `orders(view)`, compiled but not run."""
    file = read_text(path)
    try:
        with warnings.catch_warnings():  # of odd but valid code, which a run would say again
            warnings.simplefilter("ignore")
            tree = ast.parse(file.text, filename=file)
            compile(file.text, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        words = f"not valid Python: {error.msg} (at line {error.lineno}, column {error.offset})"
        raise fail(file, words, f"line {error.lineno or 1}") from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise fail(file, f"not valid Python: {error or 'nested too deeply'}", FUNCTION) from None
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    if FUNCTION not in functions:
        words = f"the function orders(view) is missing{nearest(FUNCTION, functions)}"
        raise fail(file, words, FUNCTION)
    arguments = functions[FUNCTION].args
    needed = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    if needed != 1 or any(default is None for default in arguments.kw_defaults):
        words = f"allowed: one argument, orders(view); it asks for {needed}"
        raise fail(file, words, FUNCTION, f"line {functions[FUNCTION].lineno}")
    words = (ast.get_docstring(tree) or path.stem).strip().split("\n")[0]
    if sign := unseen(words):
        raise fail(file, told_unseen(sign), "title")
    return PythonPolicy(path=str(file), source=file.text, function_name=FUNCTION, title=words[:MOST_TITLE])
