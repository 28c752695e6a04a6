"""The front page: what happened in a turn as three to five headlines in plain words, and where, out of public news.

A headline is a form with names to put in, so that it can be said in every language. What moved most comes first; the
weights are how much a class should see it, an assumption of this page alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from game.core.council.proposal import line_of
from game.core.names import names_of, retold
from game.core.phases import Table
from game.core.world_played import Lived
from sim.declare.names import ITEMS, MEASURES, THREAT_KINDS, TRACK
from sim.runs.events import Event

LEAST, MOST = 3, 5
DEARER: Final = 0.05  # from this share on a change of cost is news
SHOWN: Final = 3  # names in a headline


def _(text: str) -> str:
    return text


FORMS: Final = {
    "crisis": _("%(where)s: struck by %(what)s"),
    "inject": _("%(where)s: %(what)s"),
    "track_up": _("%(where)s: %(what)s"),
    "track_down": _("%(where)s turns back from membership"),
    "suspension": _("Cooperation with %(where)s is suspended"),
    "framework": _("%(where)s becomes a partner"),
    "arrangement": _("%(where)s: closer ties with NATO"),
    "held_up": _("The Council could not agree: %(what)s is held up"),
    "agreed": _("The Council agreed on all that was before it"),
    "proposal_agreed": _("The Council follows the staff: %(what)s"),
    "proposal_amended": _("The Council meets the staff half way: %(what)s"),
    "proposal_held_up": _("The Council refuses what the staff brought: %(what)s"),
    "dearer": _("The programme costs %(n)s per cent more than a year ago"),
    "cheaper": _("The programme costs %(n)s per cent less than a year ago"),
    "quiet": _("A quiet year: nothing broke out"),
}
ITEM: Final = {
    "programme": _("the common programme"), "status": _("the next step to membership"),
    "outreach": _("a new partnership"), "mandate": _("the mission"),
}  # fmt: skip
STAGE: Final = {
    "aspirant": _("asks for membership"), "action_plan": _("enters the Membership Action Plan"),
    "invited": _("is invited to join"), "acceding": _("is acceding"), "ally": _("becomes an ally"),
}  # fmt: skip
assert set(ITEM) == set(ITEMS) and set(STAGE) == set(TRACK[1:])


class Headline(NamedTuple):
    """One headline. `what` is said in the reader's language, names are not."""

    kind: str
    rank: float
    what: str = ""
    names: tuple[str, ...] = ()
    n: int = 0


class Changed(NamedTuple):
    """What a state's tile on the map of a turn shows: the worst that struck, and which way its ties went."""

    severity: float = 0.0
    way: int = 0  # 1: closer, -1: further away


def of_turn(table: Table) -> list[Lived]:
    """The quarters of the last turn, or of the year after the last one."""
    lived, game = table.course.quarters, table.game
    played = game.warm_up + game.turns * game.quarters
    return lived[played:] if len(lived) > played else lived[-game.quarters :]


def headlines(table: Table) -> tuple[Headline, ...]:
    """The front page, what moved most first."""
    lived = of_turn(table)
    found = sorted((*_events(table, lived), *_money(table, lived)), key=lambda one: -one.rank)
    found = found[:MOST]
    if len(found) < LEAST and not any(one.kind == "crisis" for one in found):
        found.append(Headline("quiet", 0.0))
    return tuple(found)


def _events(table: Table, lived: list[Lived]) -> Iterator[Headline]:
    names = names_of(table.game, table.course.built)
    events = [event for quarter in lived for event in quarter.events]
    steps = {quarter.step for quarter in lived}
    told = {(inject.kind, code) for step, inject in table.injected if step in steps for code in inject.states}
    for inject in (inject for step, inject in table.injected if step in steps):
        title = retold(inject.title, table.game, table.course.built)
        yield Headline("inject", inject.severity + 20.0, title, _short([names[code] for code in inject.states]))
    for threat in THREAT_KINDS:
        struck = worst(
            event
            for event in events
            if event.kind == "crisis" and event.about == threat and (threat, event.state) not in told
        )
        if struck:
            order = sorted(struck, key=lambda code: -struck[code])
            where = _short([names[code] for code in order])
            yield Headline("crisis", max(struck.values()) + len(struck), threat.replace("_", " "), where)
    for event in events:
        if event.kind == "track" and event.state in names:
            up = TRACK.index(event.about) > 1 or event.about == "aspirant"
            rank = 12.0 * TRACK.index(event.about) if up else 30.0
            yield Headline("track_up" if up else "track_down", rank, STAGE.get(event.about, ""), (names[event.state],))
        elif event.kind in ("suspension", "framework"):
            yield Headline(event.kind, {"suspension": 30.0, "framework": 15.0}[event.kind], "", (names[event.state],))
    closer = list(dict.fromkeys(names[event.state] for event in events if event.kind == "arrangement"))
    if closer:
        yield Headline("arrangement", 4.0 + len(closer), "", _short(closer))
    held = {event.about: 0 for event in events if event.kind == "council"}
    for item in held:
        share = sum(event.kind == "council" and event.about == item for event in events) / max(len(lived), 1)
        yield Headline("held_up", 12.0 + 24.0 * share, ITEM[item])
    own = table.proposals.get((lived[0].step - table.game.warm_up) // table.game.quarters)
    if own:
        rank = 45.0 if own.result == "held_up" else 35.0  # what the class did itself comes before most that befell it
        yield Headline(f"proposal_{own.result}", rank, line_of(table, own).label)
    if (
        not held
        and not (own and own.result == "held_up")
        and any(decided >= 0 for quarter in lived for decided in quarter.decided)
    ):
        yield Headline("agreed", 10.0)


def _money(table: Table, lived: list[Lived]) -> Iterator[Headline]:
    at, back = MEASURES.index("cost"), len(lived)
    before = table.course.quarters[-2 * back : -back]
    if not before or not lived:
        return
    old, new = (sum(float(quarter.measures[at]) for quarter in part) / len(part) for part in (before, lived))
    change = (new - old) / old if old else 0.0
    if abs(change) >= DEARER:
        n = round(100.0 * abs(change))
        yield Headline("dearer" if change > 0.0 else "cheaper", min(25.0, 0.5 * n), n=n)


def worst(crises: Iterable[Event]) -> dict[str, float]:
    """The worst severity by state; it stands in the text alone."""
    found: dict[str, float] = {}
    for event in crises:
        severity = float(event.text.rpartition(" ")[2])
        found[event.state] = max(found.get(event.state, 0.0), severity)
    return found


def _short(names: list[str]) -> tuple[str, ...]:
    """A few names; the others counted."""
    return tuple(names if len(names) <= SHOWN + 1 else [*names[:SHOWN], f"+{len(names) - SHOWN}"])


def changed(table: Table) -> Mapping[str, Changed]:
    """By code what everybody may know of what the turn did to each state."""
    events = [event for quarter in of_turn(table) for event in quarter.events]
    struck = worst(event for event in events if event.kind == "crisis")
    ways: dict[str, int] = {}
    for event in events:
        if event.kind in ("track", "arrangement", "framework"):
            ways[event.state] = -1 if event.kind == "track" and event.about == "none" else 1
        elif event.kind == "suspension":
            ways[event.state] = -1
    return {code: Changed(struck.get(code, 0.0), ways.get(code, 0)) for code in {*struck, *ways}}
