"""What is recorded of a quarter, and how it is read when axes have grown since: by name, never by position."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from game.core.world_played import Lived
from sim.declare import names
from sim.law.compiled import Floats
from sim.runs.events import Event

AXES: Final[dict[str, tuple[str, ...]]] = {
    "measures": names.MEASURES, "state_variables": names.STATE_VARIABLES, "threat_kinds": names.THREAT_KINDS,
    "activities": names.ACTIVITIES, "domains": names.DOMAINS, "instruments": names.INSTRUMENTS, "items": names.ITEMS,
    "moves": names.MOVES, "arrangements": names.ARRANGEMENTS, "regions": names.REGIONS,
}  # fmt: skip
# Names of results in files that keep none: these were the names as long as none were kept.
BEFORE: Final[dict[str, tuple[str, ...]]] = {
    "measures": (
        "mutual_trust", "interoperability", "coalition_score", "capability", "disparity", "harm", "overload",
        "stability", "deterrence", "consensus_rate", "decision_delay", "legitimacy", "voice", "integration",
        "expectation_gap", "readiness", "accessions", "realignment", "cost", "burden_sharing", "leaks", "severity",
    ),
    "state_variables": (
        "trust", "interoperability", "capability", "legitimacy", "will", "readiness", "expectation", "tilt",
        "coercion", "warning", "institutions", "harm", "places", "spent", "exercises", "track", "framework",
    ),
}  # fmt: skip


def by_name(values: Floats, then: Sequence[str], now: Sequence[str]) -> Floats:
    """Recorded values (..., then) in today's columns; not a number where nothing was recorded under a name."""
    found = np.full((*values.shape[:-1], len(now)), np.nan)
    for at, name in enumerate(now):
        if name in then:
            found[..., at] = values[..., then.index(name)]
    return found


def told_of(one: Lived) -> dict[str, Any]:
    """What the Council decided, why places were cut, and the news, without positions on any axis but the cast's."""
    return {
        "decided": dict(zip(names.ITEMS, one.decided, strict=True)),
        "about": dict(zip(names.ITEMS, one.about, strict=True)),
        "refused": [names.REFUSALS[reason] for reason in one.refused],
        "events": [astuple(event)[1:] for event in one.events],
    }  # fmt: skip


def lived_of(step: int, orders: bytes, hashed: str, results: tuple[Floats, Floats], told: dict[str, Any]) -> Lived:
    """A quarter as it was recorded."""
    decided, about = ([told.get(what, {}).get(item, -1) for item in names.ITEMS] for what in ("decided", "about"))
    why = [names.REFUSALS.index(w) if w in names.REFUSALS else 0 for w in told.get("refused", ())]
    return Lived(
        step, orders, hashed, *results, tuple(decided), tuple(about),
        tuple(event_of(step, *event) for event in told.get("events", ())), tuple(why or [0] * len(results[1])),
    )  # fmt: skip


def event_of(
    step: int, kind: str, state: str, text: str, about: str = "", by: Sequence[str] = (), of: str = "", form: str = ""
) -> Event:
    """A piece of news as it was recorded; older files hold its words only."""
    return Event(step, kind, state, text, about, tuple(by), of, form)


@cache
def laid_by() -> str:
    """A hash of what makes orders of the model out of acts: where it is another now, they cannot be compared."""
    core = Path(__file__).parents[1]
    files = [core / "phases.py", core / "bargains.py"]
    files += sorted([*(core / "council").glob("*.py"), *(core.parent / "seats").rglob("*.py")])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:32]
