"""The one gate for levers: whatever sets a lever, its name is known and its value lies in the declared range.

Policies, overrides, standing orders, sweeps, searches and notebooks all pass here before a rule reads a number. What
does not fit is refused with the door that it came through, lever, value, what is allowed, and the nearest valid name.
"""

import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any, Final, TypeAlias

import numpy as np

from sim.declare.levers import LEVERS, Lever, Levers
from sim.declare.names import FRAMEWORKS
from sim.inputs.errors import InputError, Problem, allowed, nearest, show_value

Wrong: TypeAlias = tuple[str, object, str]  # place within the lever, value, words
SLACK: Final = 1e-9  # of a range: the ends of a sampling plan are computed, and may miss it by rounding
NEAR_ONE: Final = 1e-6  # how far from 1 shares may sum


def admit(
    door: str, given: Any, frameworks: Sequence[str] = FRAMEWORKS, base: Levers | None = None, whole: bool = True
) -> Levers:
    """Levers by name as numbers, over those of `base` (default: all given); InputError with every problem.

    A choice is a name or its position, a table a mapping or a row in the order of its names. whole: shares must sum to
    1, and not only to no more.
    """
    if not isinstance(given, Mapping):
        words = f"allowed: a table from levers to values; {allowed(tuple(LEVERS))}"
        raise InputError([Problem(door, "levers", show_value(given), words)])
    problems: list[Problem] = []
    found: dict[str, Any] = {}
    for name, value in given.items():
        lever = LEVERS.get(name) if isinstance(name, str) else None
        if lever is None:
            words = f"no known lever; {allowed(tuple(LEVERS))}{nearest(name, LEVERS)}"
            problems.append(Problem(door, str(name)[:80], show_value(value), words))
            continue
        names = tuple(frameworks) if lever.more else lever.names
        found[name], wrong = in_numbers(lever, value, names, whole)
        problems += [Problem(door, f"{name}{part}", show_value(what), words) for part, what, words in wrong]
    missing = () if base is not None else [name for name in LEVERS if name not in given]
    problems += [Problem(door, name, "", "is missing") for name in missing]
    if problems:
        raise InputError(problems)
    return Levers(**found) if base is None else base._replace(**found)


def in_numbers(lever: Lever, value: Any, names: Sequence[str], whole: bool) -> tuple[Any, list[Wrong]]:
    """What a lever is set to, as a number or a row of numbers, and what is wrong with it."""
    if lever.kind == "choice":
        if isinstance(value, Integral) and not isinstance(value, bool) and 0 <= int(value) < len(names):
            return int(value), []
        if isinstance(value, str) and value in names:
            return names.index(value), []
        return 0, [("", value, f"no known {lever.what}; {allowed(names)}{nearest(value, names)}")]
    if lever.kind == "number":
        wrong = [] if within(lever, value) else [("", value, text_of(lever))]
        return float(value) if not wrong else 0.0, wrong
    return _row(lever, value, names, whole)


def _row(lever: Lever, value: Any, names: Sequence[str], whole: bool) -> tuple[Any, list[Wrong]]:
    """A table of numbers. Names that a split leaves out count 0, those that weights leave out 1."""
    split = lever.kind == "split"
    if isinstance(value, Mapping):
        unknown = [name for name in value if name not in names]
        if unknown:
            words = f"no known {lever.what}; {allowed(names)}{nearest(unknown[0], names)}"
            return None, [(f".{str(unknown[0])[:80]}", value[unknown[0]], words)]
        row = [value.get(name, 0.0 if split else 1.0) for name in names]
    elif isinstance(value, np.ndarray | list | tuple) and np.ndim(value) == 1 and len(value) == len(names):
        row = value.tolist() if isinstance(value, np.ndarray) else list(value)
    else:
        words = f"allowed: a table from {lever.what} to a number, or {len(names)} numbers in this order: "
        return None, [("", value, words + ", ".join(names))]
    wrong = [(f".{name}", one, text_of(lever)) for name, one in zip(names, row, strict=True) if not within(lever, one)]
    if not wrong and split:
        total = math.fsum(row)
        if total > 1.0 + NEAR_ONE or (whole and total < 1.0 - NEAR_ONE):
            wrong.append(("", dict(zip(names, row)), f"the shares sum to {total:.6g}; they must sum to 1"))
    return (np.array(row, dtype=np.float64) if not wrong else None), wrong


def within(lever: Lever, value: Any) -> bool:
    """Whether a value is a number in the lever's range."""
    if type(value) is not float and (not isinstance(value, Real) or isinstance(value, bool)):
        return False
    slack = SLACK * (lever.high - lever.low)
    number: Any = value  # of any size: a float of it might overflow
    return bool(lever.low - slack <= number <= lever.high + slack)


def text_of(lever: Lever) -> str:
    """What a number of this lever may be."""
    return f"allowed: a number from {lever.low:g} to {lever.high:g} ({lever.unit})"


def again(door: str, levers: Any, frameworks: Sequence[str]) -> Levers:
    """Numbers that came through the gate, or could have, wherever they were laid since; a share may be switched off."""
    if not isinstance(levers, Levers):
        raise InputError([Problem(door, "levers", show_value(levers), "allowed: levers as a policy has them")])
    return admit(door, levers._asdict(), frameworks, whole=False)
