"""The news of a run, in words: what changed between two quarters, read off the world."""

from dataclasses import dataclass
from typing import Any, Final

from sim.declare.names import ARRANGEMENTS, ITEMS, MEMBER, OBJECT, THREAT_KINDS, TRACK
from sim.law.world import NEVER
from sim.runs.engine import Engine

CRISIS: Final = 12.0  # severity from which an incident is news
TITLES: Final = {"interoperability_platform": "a seat in the Interoperability Platform"}
ON_TRACK: Final = (
    "no longer asks for membership", "asks for membership", "enters the Membership Action Plan", "is invited to accede",
    "is acceding: every ally must ratify", "becomes an ally",
)  # fmt: skip
BEFORE_COUNCIL: Final = {
    "programme": "the programme", "status": "the next stage of accession for {}", "outreach": "partnership with {}",
    "mandate": "the mandate",
}  # fmt: skip
assert tuple(BEFORE_COUNCIL) == ITEMS and len(ON_TRACK) == len(TRACK)


@dataclass(frozen=True)
class Event:
    """Something that happened, in words."""

    step: int
    kind: str
    state: str
    text: str


def standing(engine: Engine) -> dict[str, Any]:
    """What events are read off: tracks, arrangements, frameworks and suspensions, as they are now."""
    world = engine.world
    return {
        "track": world.track.copy(),
        "arrangement": world.arrangement.copy(),
        "framework": world.framework.copy(),
        "suspended": world.suspended_until.copy(),
    }


def news(engine: Engine, before: dict[str, Any], after: dict[str, Any]) -> list[Event]:
    """The quarter's events: states first, in their order, then the Council."""
    found = []
    for n in range(len(engine.built.codes)):
        found += state_news(engine, n, before, after)
    return found + council_news(engine)


def state_news(engine: Engine, n: int, before: dict[str, Any], after: dict[str, Any]) -> list[Event]:
    """What happened to one state."""
    step, code, name, quarter = engine.step - 1, engine.built.codes[n], engine.built.names[n], engine.quarter
    found = []
    if after["track"][n] != before["track"][n]:
        found.append(Event(step, "track", code, f"{name} {ON_TRACK[after['track'][n]]}"))
    if after["framework"][n] >= 0 > before["framework"][n]:
        framework = engine.built.frameworks[after["framework"][n]].replace("_", " ")
        found.append(Event(step, "framework", code, f"{name} joins {framework}"))
    if after["suspended"][n] > step and after["suspended"][n] != before["suspended"][n]:
        found.append(Event(step, "suspension", code, f"cooperation with {name} is suspended"))
    for a in range(1, len(ARRANGEMENTS)):
        if after["arrangement"][n, a] == step and before["arrangement"][n, a] == NEVER:
            title = TITLES.get(ARRANGEMENTS[a], ARRANGEMENTS[a].upper())
            found.append(Event(step, "arrangement", code, f"{name} takes {title}"))
    if quarter.leaked[n]:
        found.append(Event(step, "leak", code, f"shared information leaks through {name}"))
    for k, kind in enumerate(THREAT_KINDS):
        if quarter.severity[n, k] >= CRISIS:
            text = f"{name}: {kind.replace('_', ' ')}, severity {quarter.severity[n, k]:.0f}"
            found.append(Event(step, "crisis", code, text))
    return found


def council_news(engine: Engine) -> list[Event]:
    """Items that were held up, and by whom."""
    codes, names, quarter = engine.built.codes, engine.built.names, engine.quarter
    found = []
    for i, item in enumerate(ITEMS):
        if quarter.decided[i] != 0:
            continue
        what = BEFORE_COUNCIL[item].format(names[quarter.target[i]])
        objecting = (engine.orders.stance[:, i] == OBJECT) & (engine.world.role == MEMBER)
        against = [code for code, objects in zip(codes, objecting, strict=True) if objects]
        who = f" by {', '.join(against)}" if against else ""
        found.append(Event(engine.step - 1, "council", "", f"{what} is held up{who}"))
    return found
