"""From merged data to a checked model: what pydantic finds wrong, told in our words at the place where it stands."""

from collections.abc import Iterable
from itertools import islice
from types import UnionType
from typing import Annotated, Any, Final, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sim.inputs.errors import (
    MISSING,
    InputError,
    Loc,
    Node,
    Problem,
    allowed,
    locate,
    nearest,
    plain,
    show_key,
    show_value,
)

M = TypeVar("M", bound=BaseModel)
MOST_FOUND: Final = 200  # mistakes that are looked at; a file with more is told these first


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
        raise told(model, error, node) from None


def told(model: type[BaseModel], error: ValidationError, node: Node) -> InputError:
    """What pydantic found wrong, as problems in our words."""
    errors = [dict(item) for item in error.errors(include_url=False)[:MOST_FOUND]]
    deepest = [item for item in errors if not _explained(item, errors)]
    return InputError(placed(node, [_translated(model, item) for item in deepest]))


def placed(node: Node, findings: Iterable[Finding]) -> list[Problem]:
    """Findings in the merged data as problems in the files where they were written."""
    problems = []
    for finding in islice(findings, MOST_FOUND):
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
    "recursion_loop": "nested too deeply",
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
    remedy = ""
    if kind == "tuple_type" and isinstance(value, dict) and fields_at(model, loc):
        remedy = f"; each of its entries begins with two brackets: [[{loc[-1]}]]"
    elif kind.startswith("model_") and isinstance(value, list | tuple) and fields_at(model, loc):
        remedy = f"; it begins with one bracket: [{loc[-1]}]"
    return Finding(loc, value, PLAIN.get(kind, error["msg"]) + remedy)


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
