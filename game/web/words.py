"""Small things that templates say: numbers, times, names."""

import math
from collections.abc import Callable
from typing import Any, Final

from game.seats.kinds import KINDS

TRUST_LIKE = 9.95  # from here on, numbers are shown with one digit


def number(value: float | None) -> str:
    """A number as people read it; nothing where it is not known."""
    if value is None:
        return "?"
    text = f"{value:.2f}" if abs(value) < TRUST_LIKE else f"{value:.1f}"
    return (text if float(text) else text.lstrip("-")).replace("-", "\u2212")


def points(value: float | None) -> str:
    """Points of a score."""
    return "–" if value is None else f"{value:.0f}"


def signed(value: float) -> str:
    """A difference of points with its sign."""
    return f"{value:+.1f}".replace("-", "\u2212")


def spaced(name: str) -> str:
    """A name from a file as words."""
    return name.replace("_", " ")


def plain(value: float) -> str:
    """A number as an input takes it."""
    return f"{value:g}"


def entry(value: float) -> str:
    """A number as an order form offers it: rounded down, so that what is offered never takes more than it says."""
    return f"{math.floor(value * 100.0 + 1e-6) / 100.0:g}"


def seconds(value: float) -> str:
    """Minutes and seconds."""
    return f"{int(value) // 60}:{int(value) % 60:02d}"


def _(text: str) -> str:
    """Marks text for the catalogue; it is translated where it is shown."""
    return text


NAMED: Final = {
    "phase:lobby": _("lobby"), "phase:brief": _("brief"), "phase:orders": _("orders"), "phase:council": _("Council"),
    "phase:news": _("news"), "phase:review": _("review"),
    **{f"kind:{kind.name}": kind.words for kind in KINDS.values()},
    "item:programme": _("Programme and money"), "item:status": _("Next stage of accession"),
    "item:outreach": _("A new partner"), "item:mandate": _("Mandate for a mission"),
    "item:proposal": _("The staff's own item"),
    "tone:say": _("says"), "tone:promise": _("promises"), "tone:offer": _("offers"), "tone:warn": _("warns"),
    "bound:least": _("at least"), "bound:most": _("at most"),
    "stage:none": _("has not asked for membership"), "stage:aspirant": _("has asked for membership"),
    "stage:action_plan": _("in the Membership Action Plan"), "stage:invited": _("invited to accede"),
    "stage:acceding": _("acceding"), "stage:ally": _("an ally"),
    "stance:let_pass": _("Let it pass"), "stance:amend": _("Amend"), "stance:object": _("Break silence"),
}  # fmt: skip


def amount(value: float) -> str:
    """A number that people read, as short as it is."""
    return f"{value:.3g}"


SAID: Final[dict[str, Callable[..., str]]] = {"number": number, "points": points, "signed": signed, "amount": amount}
FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "spaced": spaced, "plain": plain, "entry": entry, "seconds": seconds,
}  # fmt: skip
