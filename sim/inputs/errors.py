"""Mistakes in input files: told with file, key, value and what is allowed, at the place where they were written.

Data read from files are nodes that remember where they were written, so that a mistake in a file that others extend
is reported where it stands. Mistakes are found by pydantic or by our own checks.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Final, NamedTuple, TypeAlias, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

Loc: TypeAlias = tuple[str | int, ...]
MISSING: Final = object()  # the value of a key that is not there
M = TypeVar("M", bound=BaseModel)


class Problem(NamedTuple):
    """One mistake: where it is, what stands there, and what is allowed."""

    file: str
    key: str
    value: str
    message: str

    def __str__(self) -> str:
        where = f"{self.key} = {self.value}" if self.key and self.value else self.key or self.value
        return ": ".join(part for part in (self.file, where, self.message) if part)


class InputError(ValueError):
    """An input file is wrong. The text has one line for each problem."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def fail(file: str, message: str, key: str = "", value: str = "") -> InputError:
    """An InputError with one problem."""
    return InputError([Problem(file, key, value, message)])


# words for people


def show_key(loc: Loc) -> str:
    """A dotted key such as `threats[2].kind`."""
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def show_value(value: object) -> str:
    """A value as it is quoted in a message: short, and never a whole table."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(str(key) for key in list(value)[:4]) + (", ..." if len(value) > 4 else "") + "}"
    text = {True: "true", False: "false"}.get(value, repr(value)) if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def show_path(path: Path) -> str:
    """The path as a person would type it: relative where it lies below the working directory."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def nearest(word: object, names: Iterable[str]) -> str:
    """`; did you mean 'name'?`, or nothing where no name is near."""
    known = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(str(word).casefold()[:80], list(known), n=1, cutoff=0.5)
    return f"; did you mean '{known[found[0]]}'?" if found else ""


def allowed(names: Sequence[str]) -> str:
    """`allowed: a, b, c`, cut after 40 names."""
    more = f" and {len(names) - 40} more" if len(names) > 40 else ""
    return "allowed: " + ", ".join(names[:40]) + more


# data that remember where they were written


@dataclass(frozen=True)
class Node:
    """A value with the file and the place in that file where it was written."""

    value: Any
    file: str
    loc: Loc


def plain(node: Node) -> Any:
    """The tree as plain data."""
    if isinstance(node.value, dict):
        return {key: plain(item) for key, item in node.value.items()}
    return [plain(item) for item in node.value] if isinstance(node.value, list) else node.value


def locate(node: Node, loc: Loc) -> tuple[str, Loc]:
    """File and place in that file of a place in the merged data."""
    for depth, part in enumerate(loc):
        inside = isinstance(node.value, dict) and part in node.value
        listed = isinstance(node.value, list) and isinstance(part, int) and part < len(node.value)
        if not inside and not listed:
            return node.file, (*node.loc, *loc[depth:])
        node = node.value[part]
    return node.file, node.loc


# from merged data to a checked model


class Finding(NamedTuple):
    """A mistake found in the merged data. An `inherited` finding counts only where the loaded file itself wrote it."""

    loc: Loc
    value: object
    message: str
    inherited: bool = True


def validated(model: type[M], node: Node) -> M:
    """The tree as a model, or an InputError with every problem."""
    try:
        return model.model_validate(plain(node))
    except ValidationError as error:
        errors = [dict(item) for item in error.errors(include_url=False)]
        deepest = [item for item in errors if not _explained(item, errors)]
        raise InputError(placed(node, [_translated(model, item) for item in deepest])) from None


def placed(node: Node, findings: Iterable[Finding]) -> list[Problem]:
    """Findings in the merged data as problems in the files where they were written."""
    problems = []
    for finding in findings:
        file, loc = locate(node, finding.loc)
        if finding.inherited or file == node.file:
            value = "" if finding.value is MISSING else show_value(finding.value)
            problems.append(Problem(file, show_key(loc), value, finding.message))
    return list(dict.fromkeys(problems))


PLAIN: Final = {
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
}


def _explained(error: dict[str, Any], errors: list[dict[str, Any]]) -> bool:
    """A list that is too short only because its entries are wrong."""
    loc: Loc = error["loc"]
    return error["type"] == "too_short" and any(other["loc"][: len(loc)] == loc != other["loc"] for other in errors)


def _translated(model: type[BaseModel], error: dict[str, Any]) -> Finding:
    """A pydantic error in our words."""
    loc: Loc = error["loc"][:-1] if error["loc"] and error["loc"][-1] == "[key]" else error["loc"]
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        field = fields_at(model, loc[:-1]).get(str(loc[-1]), "")
        return Finding(loc, MISSING, f"is missing; it is required ({field})" if field else "is missing; it is required")
    if kind == "extra_forbidden":
        names = tuple(fields_at(model, loc[:-1]))
        return Finding(loc, value, f"unknown key; {allowed(names)}{nearest(loc[-1], names)}")
    if "inside" in context:
        return Finding((*loc, context["inside"]), context["value"], error["msg"])
    if kind in ("too_short", "too_long"):
        word, count = ("least", "min_length") if kind == "too_short" else ("most", "max_length")
        return Finding(loc, value, f"allowed: a list of at {word} {context[count]}")
    return Finding(loc, value, PLAIN.get(kind, error["msg"]))


def fields_at(model: type[BaseModel], loc: Loc) -> dict[str, str]:
    """Keys and their meanings of the table at a place, or nothing where no table is declared."""
    current: type[BaseModel] | None = model
    for part in loc:
        if current is not None and isinstance(part, str) and not _is_entry(current, part):
            continue
        if current is not None and isinstance(part, str):
            current = _inner(_annotation(current, part))
    if current is None:
        return {}
    fields = current.model_fields.items()
    return {field.alias or name: field.description or "" for name, field in fields}


def _is_entry(model: type[BaseModel], key: str) -> bool:
    return any((field.alias or name) == key for name, field in model.model_fields.items())


def _annotation(model: type[BaseModel], key: str) -> Any:
    return next(field.annotation for name, field in model.model_fields.items() if (field.alias or name) == key)


def _inner(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as `tuple[Threat, ...]` or `dict[str, Override] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    origin = get_origin(annotation)
    if origin is Annotated:
        return _inner(get_args(annotation)[0])
    if origin in (Union, UnionType, tuple, dict, list):
        return next((found for arg in get_args(annotation) if (found := _inner(arg)) is not None), None)
    return None
