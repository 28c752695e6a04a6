"""What a TOML file declares about the columns of CSV files, and cells checked against it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn, TypeAlias

from sim.declare.names import REGIONS
from sim.inputs.errors import InputError, Source, fail, nearest, plain, show_path, show_value
from sim.inputs.reading.toml import read_toml

Declared: TypeAlias = Mapping[str, Mapping[str, Any]]
NEEDED_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("unit", "range"),
    "integer": ("unit", "range"),
    "choice": ("allowed",),
    "spells": ("allowed",),
}


# declarations


def read_declarations(
    path: Path, tables: Mapping[str, Mapping[str, str]], beside: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A file that declares columns of CSV files: `tables` names the columns that are read, with their kinds."""
    try:
        node = read_toml(path)
    except InputError as error:
        words = "cannot be read: "
        raise InputError(p._replace(message=words + p.message.removeprefix(words)) for p in error.problems) from None
    found: dict[str, Any] = plain(node)
    for table in ("sources", *tables, *beside):
        given = found.get(table)
        if not isinstance(given, dict) or not all(isinstance(one, dict) for one in given.values()):
            raise fail(node.file, "is missing, or is no table of tables", f"[{table}]")
    for table, needed in tables.items():
        for column, declared in found[table].items():
            _check_declaration(node.file, f"[{table}.{column}]", declared, found["sources"])
        for column, kind in needed.items():
            told = found[table].get(column, {}).get("kind")
            if told != kind:
                raise fail(
                    node.file,
                    f"allowed: {kind}; the program reads this column",
                    f"[{table}.{column}] kind",
                    show_value(told),
                )
    return found


FORMS: Final[Mapping[str, tuple[str, Callable[[Any], bool]]]] = {
    "meaning": ("a text", lambda value: isinstance(value, str)),
    "unit": ("a text", lambda value: isinstance(value, str)),
    "stated": ("a text", lambda value: isinstance(value, str)),
    "required": ("true or false", lambda value: isinstance(value, bool)),
    "arrangement": ("true or false", lambda value: isinstance(value, bool)),
    "allowed": ("a list of texts", lambda value: _all(value, str)),
    "range": ("two numbers, the smaller first", lambda value: _all(value, int | float) and _ascends(value)),
    "carry_years": ("a number of years", lambda value: _number(value)),
    "years": (
        "a table from columns to years",
        lambda value: isinstance(value, dict) and all(map(_number, value.values())),
    ),
}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _all(value: Any, kind: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _ascends(value: list[float]) -> bool:
    return len(value) == 2 and value[0] <= value[1]


def check_keys(file: str, where: str, declared: Mapping[str, Any], needed: tuple[str, ...]) -> None:
    """Every key that is needed is there, and every known key is of its form."""
    for key in needed:
        if key not in declared:
            raise fail(file, f"key {key!r} is missing", where)
    for key, value in declared.items():
        words, right = FORMS.get(key, ("", bool))
        if words and not right(value):
            raise fail(file, f"allowed: {words}", f"{where} {key}", show_value(value))


def _check_declaration(file: str, where: str, declared: Mapping[str, Any], sources: Mapping[str, Any]) -> None:
    kind = declared.get("kind")
    if not isinstance(kind, str) or kind not in CHECKS:
        raise fail(file, f"is not one of {', '.join(CHECKS)}", f"{where} kind", show_value(kind))
    check_keys(file, where, declared, ("meaning", "source", *NEEDED_KEYS.get(kind, ())))
    source = declared["source"]
    if not isinstance(source, str) or not isinstance(sources.get(source, {}).get("name"), str):
        words = f"has no table with a name under [sources]{nearest(source, sources)}"
        raise fail(file, words, f"{where} source", show_value(source))


# cells


def parse_date(text: str) -> date:
    """A date from YYYY, YYYY-MM or YYYY-MM-DD; a partial date stands for its first day."""
    digits = text.replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(text) > 10 or len(text.split("-")[0]) != 4:
        raise ValueError(text)
    parts = [int(part) for part in text.split("-")]
    year, month, day = (*parts, 1, 1)[:3] if len(parts) < 3 else parts
    return date(year, month, day)


def parse_spells(text: str) -> tuple[tuple[str, date, date], ...]:
    """Spells such as `contested 2002-05 2008-01; declared 2008-01 2010-07`: what, its first day, the day of its end."""
    parted = [spell.split() for spell in text.split("; ") if spell]
    return tuple((what, parse_date(began), parse_date(ended)) for what, began, ended in parted)


def refuse(path: Path | Source, row: str, column: str, value: str, allowed: str) -> NoReturn:
    """InputError about one cell; `row` is such as `row FRA` or `line 3`."""
    file = path if isinstance(path, Source) else show_path(path)
    raise fail(file, f"is not allowed; it must be {allowed}", f"{row}, column {column}", repr(value))


def check_cells(
    path: Path | Source, rows: Sequence[Mapping[str, str]], columns: Declared, labels: Sequence[str],
    always: Sequence[str] = (),
) -> None:  # fmt: skip
    """InputError at the first cell that is not of its declared kind and range; columns in `always` are never blank."""
    for row, told in zip(rows, labels, strict=True):
        for column, declared in columns.items():
            text = row[column]
            if text == "" and not declared.get("required", False) and column not in always:
                continue
            wanted = CHECKS[declared["kind"]](text, declared)
            if wanted:
                refuse(path, told, column, text, wanted)


def _check_text(text: str, declared: Mapping[str, Any]) -> str:
    return "" if text.strip() == text != "" and text.isprintable() else "text on one line, without blanks at its ends"


def _check_code(text: str, declared: Mapping[str, Any]) -> str:
    capitals = text.isascii() and text.isalpha() and text.isupper()
    return "" if capitals and len(text) == 3 else "three capital letters"


def _check_choice(text: str, declared: Mapping[str, Any]) -> str:
    return "" if text in declared["allowed"] else f"one of {', '.join(declared['allowed'])}"


def _check_region(text: str, declared: Mapping[str, Any]) -> str:
    return "" if text in REGIONS else f"one of {', '.join(REGIONS)}"


def _check_date(text: str, declared: Mapping[str, Any]) -> str:
    try:
        parse_date(text)
    except ValueError:
        return "a date YYYY, YYYY-MM or YYYY-MM-DD"
    return ""


def _check_spells(text: str, declared: Mapping[str, Any]) -> str:
    try:
        right = all(what in declared["allowed"] for what, _, _ in parse_spells(text))
    except ValueError:
        right = False
    words = f"spells such as {declared['allowed'][0]} 2002-05 2008-01, parted by '; ', each of"
    return "" if right else f"{words} {', '.join(declared['allowed'])}, first day, day of its end"


def _check_number(text: str, declared: Mapping[str, Any]) -> str:
    low, high = declared["range"]
    try:
        inside = low <= float(text) <= high
    except ValueError:
        inside = False
    comma = "; numbers are written with a point" if "," in text else ""
    return "" if inside else f"a number from {low} to {high} ({declared['unit']}){comma}"


def _check_integer(text: str, declared: Mapping[str, Any]) -> str:
    wrong = _check_number(text, declared)
    return "" if not wrong and text.isascii() and text.isdigit() else wrong or "a whole number"


CHECKS: Final[Mapping[str, Callable[[str, Mapping[str, Any]], str]]] = {
    "text": _check_text,
    "code": _check_code,
    "choice": _check_choice,
    "region": _check_region,
    "date": _check_date,
    "spells": _check_spells,
    "number": _check_number,
    "integer": _check_integer,
}
