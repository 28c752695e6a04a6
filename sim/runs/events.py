"""The news of a run, in words: what changed between two quarters, read off the world."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from sim.declare.names import ARRANGEMENTS, IN_FRAMEWORK, ITEMS, MEMBER, OBJECT, THREAT_KINDS, TRACK
from sim.law.world import NEVER
from sim.runs.engine import Engine

CRISIS: Final = 12.0  # severity from which an incident is news
TITLES: Final = {"interoperability_platform": "a seat in the Interoperability Platform"}
ON_TRACK: Final = (
    "no longer asks for membership",
    "asks for membership",
    "enters the Membership Action Plan",
    "is invited to accede",
    "is acceding: every ally must ratify",
    "becomes an ally",
)
BEFORE_COUNCIL: Final = {
    "programme": "the programme",
    "status": "the next stage of accession for {}",
    "outreach": "partnership with {}",
    "mandate": "the mandate",
}
assert tuple(BEFORE_COUNCIL) == ITEMS and len(ON_TRACK) == len(TRACK)


@dataclass(frozen=True)
class Event:
    """Something that happened, in words, and what the words say as fields, so that nobody has to read them back."""

    step: int
    kind: str  # track, framework, suspension, arrangement, leak, crisis or council
    state: str  # code of the state that it happened to; empty for the Council
    text: str
    about: str = ""  # the stage, framework, arrangement, kind of threat or item of the Council
    by: tuple[str, ...] = ()  # codes of the allies who held an item up
    of: str = ""  # code of the state that the text names, if any
    form: str = ""  # the text with {} in place of that name, and without who held it up

    def told(self, name: str = "", by: Sequence[str] = ()) -> str:
        """The text with another name for the state that it is about, and with these as who held it up."""
        return self.form.format(name) + (f" by {', '.join(by)}" if by else "")


def title_of(arrangement: str) -> str:
    """What an arrangement is called."""
    return TITLES.get(arrangement, arrangement.upper())


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
    step, code, quarter = engine.step - 1, engine.built.codes[n], engine.quarter
    found: list[Event] = []

    def happened(kind: str, form: str, about: str = "") -> None:
        found.append(Event(step, kind, code, form.format(engine.built.names[n]), about, of=code, form=form))

    if after["track"][n] != before["track"][n]:
        happened("track", "{} " + ON_TRACK[after["track"][n]], TRACK[after["track"][n]])
    if after["framework"][n] >= 0 > before["framework"][n]:
        framework = engine.built.frameworks[after["framework"][n]]
        happened("framework", "{} joins " + framework.replace("_", " "), framework)
    if after["suspended"][n] > step and after["suspended"][n] != before["suspended"][n]:
        happened("suspension", "cooperation with {} is suspended")
    for a, arrangement in enumerate(ARRANGEMENTS):
        if a != IN_FRAMEWORK and after["arrangement"][n, a] == step and before["arrangement"][n, a] == NEVER:
            happened("arrangement", "{} takes " + title_of(arrangement), arrangement)
    if quarter.leaked[n]:
        happened("leak", "shared information leaks through {}")
    for severity, threat in zip(quarter.severity[n], THREAT_KINDS, strict=True):
        if severity >= CRISIS:
            happened("crisis", f"{{}}: {threat.replace('_', ' ')}, severity {severity:.0f}", threat)
    return found


def council_news(engine: Engine) -> list[Event]:
    """Items that were held up, and by whom."""
    codes, quarter = engine.built.codes, engine.quarter
    found = []
    for i, item in enumerate(ITEMS):
        if quarter.decided[i] == 0:
            objecting = (engine.orders.stance[:, i] == OBJECT) & (engine.world.role == MEMBER)
            event = Event(
                step=engine.step - 1,
                kind="council",
                state="",
                text="",
                about=item,
                by=tuple(codes[n] for n in np.flatnonzero(objecting)),
                of=codes[quarter.target[i]] if "{}" in BEFORE_COUNCIL[item] else "",
                form=f"{BEFORE_COUNCIL[item]} is held up",
            )
            found.append(replace(event, text=event.told(engine.built.names[quarter.target[i]], event.by)))
    return found
