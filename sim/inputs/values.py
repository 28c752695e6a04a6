"""The kinds of value that input files hold: numbers in a range, names from a list, quarters, texts, flags.

Each checks its value with a message that says what is allowed, and describes itself in the JSON Schema.
"""

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.inputs.errors import allowed, nearest
from sim.inputs.models import told
from sim.inputs.reading.toml import grow

QUARTER = re.compile(r"(\d{4})-Q([1-4])")
UNSEEN: Final = ("Cc", "Cf", "Cs", "Zl", "Zp")  # control and format signs, halves of signs, odd ends of lines
BLANK: Final = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks that show nothing
JOINER: Final = "\u200d"
Schema: TypeAlias = dict[str, Any]


class Table(BaseModel):
    """A table of an input file: frozen, and unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    def __init__(self, **given: Any) -> None:
        """From values by key, as notebooks make one; InputError where any is wrong."""
        try:
            super().__init__(**given)
        except ValidationError as error:
            raise told(type(self), error, grow(given, type(self).__name__, ())) from None

    # Only direct calls come here; what is read from files is validated as before, with places in files.
    __init__.__pydantic_base_init__ = True  # type: ignore[attr-defined]

    def content_hash(self) -> str:
        """SHA-256 of the resolved content; the same for two files that mean the same."""
        content = self.model_dump(mode="json", by_alias=True, exclude={"extends"})
        text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()


def wrong(message: str) -> PydanticCustomError:
    """An error with our own words; braces in a value must not be read as places to fill in."""
    return PydanticCustomError("input", "{message}", {"message": message})


def wrong_inside(message: str, key: object, value: object) -> PydanticCustomError:
    """An error about one key of a table."""
    return PydanticCustomError("input", "{message}", {"message": message, "inside": str(key), "value": value})


def unseen(text: str) -> str:
    """The first sign of a text that nobody sees or that turns the direction of reading, as `U+202E`; else nothing.

    Ends of lines, tabs and what joins the parts of one emoji are let pass. Whatever people read comes through here.
    """
    for at, sign in enumerate(text):
        if (unicodedata.category(sign) in UNSEEN and sign not in "\n\r\t") or sign in BLANK:
            around = [unicodedata.category(one) for one in text[max(0, at - 1) : at + 2]]
            if sign != JOINER or len(around) < 3 or around[0] not in ("So", "Sk", "Mn") or around[2] != "So":
                return f"U+{ord(sign):04X}"
    return ""


def told_unseen(sign: str) -> str:
    """Why a text with such a sign is refused."""
    return f"holds {sign}, a sign that nobody sees or that turns the direction of reading; leave it out"


class Kind:
    """A kind of value: `check` returns the value or raises `wrong`; `schema` describes it to editors."""

    def check(self, value: object) -> Any:
        raise NotImplementedError

    def schema(self) -> Schema:
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.check, serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return self.schema()


@dataclass(frozen=True)
class Number(Kind):
    """A finite number from `low` to `high`; `whole` asks for an integer."""

    low: float
    high: float
    unit: str = ""
    whole: bool = False

    def check(self, value: object) -> float | int:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or (self.whole and not isinstance(value, int)):
            raise wrong(self.text())
        assert isinstance(value, int | float)
        if not self.low <= value <= self.high:  # not a number is in no range
            raise wrong(self.text())
        return value if self.whole else float(value)

    def text(self) -> str:
        unit = f" ({self.unit})" if self.unit else ""
        return f"allowed: a {'whole ' if self.whole else ''}number from {self.low:g} to {self.high:g}{unit}"

    def schema(self) -> Schema:
        return {"type": "integer" if self.whole else "number", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Name(Kind):
    """One of the declared names."""

    what: str
    names: Sequence[str]

    def check(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.names:
            raise wrong(f"no known {self.what}; {allowed(self.names)}{nearest(value, self.names)}")
        return value

    def schema(self) -> Schema:
        return {"type": "string", "enum": list(self.names)}


@dataclass(frozen=True)
class Pattern(Kind):
    """A text of a given form, for example a code of three capital letters."""

    form: str
    text: str
    known: Callable[[], Sequence[str]] = field(default=lambda: ())

    def check(self, value: object) -> str:
        if not isinstance(value, str) or not re.fullmatch(self.form, value):
            raise wrong(f"allowed: {self.text}{nearest(value, self.known())}")
        return value

    def schema(self) -> Schema:
        form: Schema = {"type": "string", "pattern": f"^{self.form}$"}
        names = list(self.known())
        return {"anyOf": [{"type": "string", "enum": names}, form]} if names else form


@dataclass(frozen=True)
class Words(Kind):
    """A text for people, not empty, at most `longest` characters."""

    longest: int = 2000

    def check(self, value: object) -> str:
        if not isinstance(value, str) or not value.strip() or len(value) > self.longest:
            raise wrong(f"allowed: a text of 1 to {self.longest} characters")
        if sign := unseen(value):
            raise wrong(told_unseen(sign))
        return value.strip()

    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.longest}


@dataclass(frozen=True)
class Boolean(Kind):
    """true or false."""

    def check(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise wrong("allowed: true or false")
        return value

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True)
class Levels(Kind):
    """A number for all names, or a table from names to numbers. The value is a table in declared order."""

    what: str
    names: Sequence[str]
    low: float = 0.0
    high: float = 1.0
    number: bool = True  # one number may stand for all
    total: float | None = None  # what the numbers must sum to; names left out then count 0
    listed: bool = False  # a list of names may stand for weight 1 each

    def check(self, value: object) -> dict[str, float]:
        if self.listed and isinstance(value, list | tuple):
            value = {self._name(item, 1.0): 1.0 for item in value}
        if self.number and isinstance(value, int | float) and not isinstance(value, bool):
            level = Number(self.low, self.high).check(value)
            return {name: float(level) for name in self.names}
        if not isinstance(value, dict):
            forms = ("a number, or " if self.number else "") + ("a list of names, or " if self.listed else "")
            raise wrong(f"allowed: {forms}a table from {self.what} to a number from {self.low:g} to {self.high:g}")
        table = {self._name(key, item): self._level(key, item) for key, item in value.items()}
        return self._summed(table)

    def _name(self, key: object, value: object) -> str:
        if not isinstance(key, str) or key not in self.names:
            message = f"no known {self.what}; {allowed(self.names)}{nearest(key, self.names)}"
            raise wrong_inside(message, key, value)
        return key

    def _level(self, key: object, value: object) -> float:
        try:
            return float(Number(self.low, self.high).check(value))
        except PydanticCustomError as error:
            raise wrong_inside(error.message(), key, value) from None

    def _summed(self, table: dict[str, float]) -> dict[str, float]:
        if self.total is None:
            return {name: table[name] for name in self.names if name in table}
        total = math.fsum(table.values())
        if abs(total - self.total) > 1e-6:
            raise wrong(f"the shares sum to {total:.6g}; they must sum to {self.total:g} (names left out count 0)")
        return {name: table.get(name, 0.0) for name in self.names}

    def schema(self) -> Schema:
        number: Schema = {"type": "number", "minimum": self.low, "maximum": self.high}
        table = {"type": "object", "additionalProperties": False, "properties": {name: number for name in self.names}}
        forms = [number] if self.number else []
        listed: Schema = {"type": "array", "items": {"type": "string", "enum": list(self.names)}}
        forms += [listed] if self.listed else []
        return {"anyOf": [*forms, table]} if forms else table


@dataclass(frozen=True)
class QuarterText(Kind):
    """A quarter of a year, written 2025-Q1."""

    def check(self, value: object) -> str:
        if not isinstance(value, str) or not QUARTER.fullmatch(value) or not "1949" <= value[:4] <= "2200":
            raise wrong('allowed: a quarter of a year from 1949 to 2200, written "2025-Q1"')
        return value

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^\d{4}-Q[1-4]$"}


Share: TypeAlias = Annotated[float, Number(0.0, 1.0)]
Text: TypeAlias = Annotated[str, Words()]
Flag: TypeAlias = Annotated[bool, Boolean()]
Quarter: TypeAlias = Annotated[str, QuarterText()]


def quarter_number(text: str) -> int:
    """Quarters since the year 0."""
    found = QUARTER.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a quarter; allowed: the form 2025-Q1")
    return int(found[1]) * 4 + int(found[2]) - 1


def quarter_index(text: str, start: str) -> int:
    """Quarters from `start` to `text`; negative where `text` is earlier."""
    return quarter_number(text) - quarter_number(start)


def quarter_text(number: int) -> str:
    """The quarter with this number: the inverse of `quarter_number`."""
    return f"{number // 4:04d}-Q{number % 4 + 1}"


def quarter_of(day: date) -> str:
    """The quarter in which a day lies."""
    return f"{day.year:04d}-Q{(day.month + 2) // 3}"


def start_day(quarter: str) -> date:
    """The first day of a quarter."""
    return date(int(quarter[:4]), 3 * int(quarter[-1]) - 2, 1)
