"""What a page asks, as its address writes it: only what differs from what is shipped, so that a link stays short.

A policy is written `title~base~lever:value~...`; a table's value is `name=number,name=number`. The world is written
`world=NAME`, `rate.KIND`, `off=TITLE of a shock`, `rival.CODE`, `horizon` and `p.PARAMETER`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from sim.declare.levers import LEVERS
from sim.declare.names import MEASURES, THREAT_KINDS
from sim.declare.parameters import specs
from sim.inputs.errors import InputError, Problem, allowed, nearest

LONGEST: Final = 20_000  # characters of an address
PINS: Final = 4
TITLE: Final = 60
Value = float | str | dict[str, float]


class Draft(NamedTuple):
    """A policy: a shipped or dropped one, and the levers that were moved."""

    title: str = ""  # empty: the title of its base
    base: str = "status_quo"
    moved: Mapping[str, Value] = {}


class World(NamedTuple):
    """A scenario, and what was changed of it."""

    base: str = "eastern_flank"
    rates: Mapping[str, float] = {}  # by kind of threat, times the scenario's
    off: tuple[str, ...] = ()  # titles of shocks that do not happen
    rivals: Mapping[str, float] = {}  # budgets
    horizon: int | None = None  # quarters
    parameters: Mapping[str, float] = {}


class Asked(NamedTuple):
    """All that a page asks."""

    world: World = World()
    mine: Draft = Draft("My policy")
    baseline: Draft = Draft()
    pins: tuple[Draft, ...] = ()
    shipped: bool = True  # whether the shipped policies are compared too
    measure: str | None = None  # what decides; None: the scenario's primary measure
    seed: int = 1


def asked_of(query: str, default: str = "eastern_flank") -> Asked:
    """What a query string asks; InputError in words where it is wrong. `default`: the scenario where it names none."""
    if len(query) > LONGEST:
        raise InputError([Problem("link", "", "", f"longer than {LONGEST:,} characters")])
    given: dict[str, list[str]] = {}
    for key, text in parse_qsl(query, keep_blank_values=True, max_num_fields=500):
        given.setdefault(key, []).append(text)
    reader = Reader()
    one = {key: texts[-1] for key, texts in given.items()}
    world = World(
        one.get("world") or default, reader.numbers(one, "rate.", THREAT_KINDS, "kind of threat"),
        tuple(given.get("off", ())), reader.numbers(one, "rival.", None, "rival"),
        int(reader.number("horizon", one["horizon"])) if one.get("horizon") else None,
        reader.numbers(one, "p.", tuple(specs()), "parameter"),
    )  # fmt: skip
    known = ("world", "off", "horizon", "mine", "base", "pin", "shipped", "measure", "seed")
    reader.known([k for k in given if not k.startswith(("rate.", "rival.", "p."))], known, "part of a link")
    measure = one.get("measure") or None
    if measure is not None:
        reader.known([measure], MEASURES, "measure")
    pins = given.get("pin", [])
    if len(pins) > PINS:
        reader.wrong("pin", f"{len(pins)} policies", f"allowed: {PINS} pinned policies")
    seed = one.get("seed", "1")
    if not (seed.isdecimal() and len(seed) <= 20 and int(seed) < 2**64):
        reader.wrong("seed", seed[:40], "allowed: 0 to 2**64 - 1")
        seed = "1"
    found = Asked(
        world, reader.draft(one.get("mine", "My policy~status_quo"), "mine"),
        reader.draft(one.get("base", "~status_quo"), "base"), tuple(reader.draft(text, "pin") for text in pins[:PINS]),
        one.get("shipped", "1") != "0", measure, int(seed),
    )  # fmt: skip
    if reader.problems:
        raise InputError(reader.problems)
    return found


class Reader:
    """Reads the parts of a link, and collects what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, key: str, value: str, words: str) -> None:
        """Note a mistake."""
        self.problems.append(Problem("link", key, value, words))

    def known(self, names: Iterable[str], known: Sequence[str], what: str) -> None:
        """Note names that nothing has."""
        for name in names:
            if name not in known:
                self.wrong(name[:80], "", f"no known {what}; {allowed(known)}{nearest(name, known)}")

    def number(self, key: str, text: str) -> float:
        """A number; its range is checked where the file is."""
        try:
            return float(text)
        except ValueError:
            self.wrong(key[:80], repr(text[:40]), "allowed: a number")
            return 0.0

    def numbers(
        self, given: Mapping[str, str], start: str, known: Sequence[str] | None, what: str
    ) -> dict[str, float]:  # fmt: skip
        """All numbers of one kind, by name."""
        found = {key.removeprefix(start): text for key, text in given.items() if key.startswith(start)}
        if known is not None:
            self.known(found, known, what)
        return {name: self.number(start + name, text) for name, text in found.items()}

    def draft(self, text: str, key: str) -> Draft:
        """A policy."""
        title, _, rest = text.partition("~")
        base, *parts = (rest or "status_quo").split("~")
        moved: dict[str, Value] = {}
        for part in parts:
            lever, _, value = part.partition(":")
            self.known([lever], tuple(LEVERS), "lever")
            if lever in LEVERS:
                moved[lever] = self.value(lever, value, f"{key}.{lever}")
        return Draft(title[:TITLE], base, moved)

    def value(self, lever: str, text: str, key: str) -> Value:
        """What a lever is moved to."""
        kind = LEVERS[lever].kind
        if kind == "choice":
            return text
        if kind == "number":
            return self.number(key, text)
        pairs = (one.partition("=") for one in text.split(",") if one)
        return {name: self.number(f"{key}.{name}", number) for name, _, number in pairs}


def as_json(asked: Asked) -> dict[str, Any]:
    """The same for the page, which keeps what it asks in this form."""
    return {
        **asked._asdict(), "world": asked.world._asdict(), "mine": asked.mine._asdict(),
        "baseline": asked.baseline._asdict(), "pins": [pin._asdict() for pin in asked.pins], "seed": str(asked.seed),
    }  # fmt: skip
