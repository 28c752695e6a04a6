"""Forms of orders: lines with their ranges and prices, and what makes orders refused. One table for page and rules.

A seat's orders are numbers by line name. Prices draw on one purse a turn: the staff's hours, an ally's effort, a
partner's, a rival's effort; more than the purse holds is refused, so everything has a cost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.said import Said
from sim.declare.names import INSTRUMENTS
from sim.inputs.errors import allowed, nearest, show_value


@dataclass(frozen=True)
class Line:
    """One line of orders. `price`: what one unit takes out of the purse."""

    name: str
    label: str
    low: float
    high: float
    step: float
    default: float
    price: float
    help: str
    group: str = ""


@dataclass(frozen=True)
class Form:
    """All lines of a kind of seat, and its purse for one turn."""

    purse: str
    holds: float
    lines: tuple[Line, ...]
    targets: str = ""  # what a target means, for seats that name one

    def names(self) -> tuple[str, ...]:
        """Names of the lines."""
        return tuple(line.name for line in self.lines)

    def line(self, name: str) -> Line:
        """A line by name."""
        return next(line for line in self.lines if line.name == name)


def shares(
    default: Mapping[str, float], high: float, price: float, words: Mapping[str, str], group: str
) -> tuple[Line, ...]:
    """Lines that share something out, one for each name."""
    return tuple(
        Line(name, name.replace("_", " ").capitalize(), 0.0, high, 0.25, default[name], price, words[name], group)
        for name in default
    )


INSTRUMENT_WORDS: Final = {
    "exercises": "Live, command-post and table-top exercises: skill soon, tension near rivals",
    "capacity": "Expertise, skills, equipment: capability that must be kept up",
    "institutions": "Education, reform, standards: slow, lasting, resisted by elites",
    "dialogue": "Consultation, seminars, transparency: trust and calm",
    "information": "Intelligence, cyber, digital work: warning, and leaks",
    "resilience": "Disaster relief, pooled assets, CBRN: help that offends nobody",
}
assert tuple(INSTRUMENT_WORDS) == INSTRUMENTS


def value_of(form: Form, orders: Mapping[str, Any], name: str) -> float:
    """What orders say on a line, or what the form usually says."""
    return float(orders.get(name, form.line(name).default))


def spent(form: Form, orders: Mapping[str, Any]) -> float:
    """What orders take out of the purse."""
    return sum(line.price * float(orders.get(line.name, line.default)) for line in form.lines)


def wrong_with(form: Form, orders: Mapping[str, Any], states: tuple[str, ...]) -> list[str]:
    """Why orders are refused, in words for the player; empty where they stand."""
    found: list[str] = []
    for name, value in orders.items():
        if name == "target" and form.targets:
            if value not in states:
                found.append(Said("target: %(it)s takes no part", it=f"{show_value(value)}{nearest(value, states)}"))
            continue
        if name not in form.names():
            known = f"{allowed(form.names())}{nearest(name, form.names())}"
            found.append(Said("%(it)s is no line of this form; %(known)s", it=show_value(name), known=known))
            continue
        line = form.line(name)
        number = isinstance(value, int | float) and not isinstance(value, bool) and value == value
        if not number or not line.low <= value <= line.high:
            low, high, it = Said(f"{line.low:g}"), Said(f"{line.high:g}"), Said(show_value(value))
            found.append(
                Said("%(line)s: %(it)s; allowed: %(low)s to %(high)s", line=Said(line.label), it=it, low=low, high=high)
            )
    if not found:
        total = spent(form, orders)
        if total > form.holds + 1e-9:
            takes, holds, purse = Said(f"{total:.1f}"), Said(f"{form.holds:g}"), Said(form.purse)
            found.append(Said(
                "These orders take %(takes)s %(purse)s; the purse holds %(holds)s.",
                takes=takes, purse=purse, holds=holds,
            ))  # fmt: skip
    return found
