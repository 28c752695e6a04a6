"""The tables of a scenario file, one class each. Every key has its range, its unit and its meaning here."""

from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field, model_validator

from sim.declare.names import (
    ACTIVITIES,
    ARRIVALS,
    DIMENSIONS,
    DOMAINS,
    INSTITUTIONS,
    MOVES,
    REGIONS,
    ROLES,
    THREAT_KINDS,
)
from sim.declare.threat_kinds import KINDS
from sim.inputs.states import load_facts_once
from sim.inputs.values import Flag, Levels, Name, Number, Pattern, Quarter, Share, Table, Text

SPELL: Final = 8.0  # quarters that a two-state spell lasts unless the scenario says otherwise; assumed
BRANCHING: Final = 0.3  # near-repeat branching 0.2-0.5 (reference range); the middle
TASK_ROLES: Final = (*ROLES, "outsider")


def fact_codes() -> tuple[str, ...]:
    """Codes of all states that the facts describe."""
    return tuple(load_facts_once())


Code: TypeAlias = Annotated[str, Pattern("[A-Z]{3}", "a code of three capital letters", fact_codes)]
Label: TypeAlias = Annotated[str, Pattern("[a-z][a-z0-9_]{0,59}", "a name of small letters, digits and _")]
Focus: TypeAlias = Annotated[str, Pattern("[A-Z]{3}|[a-z][a-z0-9_]{0,59}", "a code, a region, a framework or a role")]
Region: TypeAlias = Annotated[str, Name("region", REGIONS)]
ThreatName: TypeAlias = Annotated[str, Name("kind of threat", THREAT_KINDS)]
ActivityName: TypeAlias = Annotated[str, Name("activity", ACTIVITIES)]
Multiplier: TypeAlias = Annotated[float, Number(0.0, 20.0, "1: unchanged")]
Codes: TypeAlias = tuple[Code, ...]
DomainLevels: TypeAlias = Annotated[dict[str, float], Levels("domain", DOMAINS)]
DimensionLevels: TypeAlias = Annotated[dict[str, float], Levels("dimension", DIMENSIONS)]
InstitutionLevels: TypeAlias = Annotated[dict[str, float], Levels("institution", INSTITUTIONS)]
Reach: TypeAlias = Annotated[dict[str, float], Levels("region", REGIONS, number=False, listed=True)]
Leanings: TypeAlias = Annotated[dict[str, float], Levels("move", MOVES, -5.0, 5.0, number=False)]


class Cast(Table):
    """Who takes part. Without it: all members and partners of the facts, and Russia as a rival from 2014 on."""

    leave_out: Codes = Field(default=(), description="states that do not take part")
    only: Codes | None = Field(default=None, description="if given, nobody else takes part")
    rivals: Codes | None = Field(default=None, description="states that act as rivals; default RUS from 2014 on")
    outsiders: Codes = Field(
        default=(), description="states in no framework that take part, such as SAU, OMN, LBY, CYP"
    )


class State(Table):
    """A state to add or to alter. What is not given comes from the facts, or from the facts of `like`."""

    code: Code = Field(description="three capital letters; a new code adds a state")
    name: Text | None = Field(default=None, description="name shown to people; a new state needs it")
    like: Code | None = Field(default=None, description="a state whose facts are copied; a new state needs it")
    role: Annotated[str, Name("role", TASK_ROLES)] | None = Field(default=None, description="role at the start")
    region: Region | None = Field(default=None, description="region")
    tile: tuple[Annotated[int, Number(0, 60, "column or row", True)], ...] | None = Field(
        default=None, description="column and row on the tile map", min_length=2, max_length=2
    )
    lat: Annotated[float, Number(-90, 90, "degrees north")] | None = Field(
        default=None, description="latitude of the capital"
    )
    lon: Annotated[float, Number(-180, 180, "degrees east")] | None = Field(default=None, description="longitude")
    will: Share | None = Field(default=None, description="political will for cooperation, 0 to 1")
    aspiration: Share | None = Field(default=None, description="wish to accede: 1 declared, 0.5 contested, 0 none")
    nonaligned: Share | None = Field(default=None, description="1 neutral or non-aligned, 0 not")
    legitimacy: Share | None = Field(default=None, description="public support for the programme, 0 to 1")
    capability: DomainLevels | None = Field(default=None, description="level 0 to 1, one number or a table by domain")
    interoperability: DimensionLevels | None = Field(default=None, description="0 to 1, one number or by dimension")
    institutions: InstitutionLevels | None = Field(default=None, description="0 to 1, one number or by institution")
    purse: Annotated[float, Number(0.0, 500.0, "EUR million a quarter")] | None = Field(
        default=None, description="the state's own money for cooperation"
    )
    readiness: Share | None = Field(default=None, description="readiness of its forces at home, 0 to 1")
    tilt: Share | None = Field(default=None, description="leaning towards a rival's offer, 0 to 1")
    source: Text = Field(default="assumed", description="where the figures come from")


class Joining(Table):
    """States that the script lets join an existing framework in a quarter."""

    states: Codes = Field(description="outsiders on the first day", min_length=1)
    when: Quarter = Field(description="quarter, after the first")


class Framework(Table):
    """A partnership framework: one of the four, altered, or a new one."""

    name: Label = Field(description="name; a new name adds a framework")
    title: Text | None = Field(default=None, description="title shown to people; a new framework needs it")
    menu: tuple[ActivityName, ...] | None = Field(default=None, description="the only activities that it offers")
    without: tuple[ActivityName, ...] = Field(default=(), description="activities that it does not offer")
    partners: Codes = Field(default=(), description="states that belong to it from the quarter `from` on")
    waiting: Codes = Field(default=(), description="outsiders that may join it later, through outreach")
    joining: tuple[Joining, ...] = Field(default=(), description="states that join it by script, each in its quarter")
    invites: Flag = Field(default=False, description="true: those waiting may sign by themselves, without the Council")
    begin: Quarter | None = Field(
        default=None, alias="from", description="quarter from which it exists; default the start"
    )


class Window(Table):
    """A time in which something is multiplied. Both quarters belong to it."""

    begin: Quarter | None = Field(default=None, alias="from", description="first quarter; default the start")
    until: Quarter | None = Field(default=None, description="last quarter; default the end")
    multiplier: Multiplier = Field(description="factor, 1: unchanged; windows that overlap multiply")


class Threat(Table):
    """A source of threats: a kind, where it strikes, how often, how hard. Blanks: `sim/declare/threat_kinds.py`."""

    name: Label = Field(description="unique name")
    kind: ThreatName = Field(description="one of the eight kinds")
    regions: tuple[Region, ...] = Field(
        default=(), description="every state of these regions that is no rival is exposed"
    )
    states: Codes = Field(default=(), description="these states are exposed too")
    rate: Annotated[float, Number(0.0, 20.0, "arrivals per state and year; two_state: onsets")] = Field(
        description="arrivals per state and year; for two_state the onset rate while it is quiet"
    )
    arrival: Annotated[str, Name("arrival process", ARRIVALS)] = Field(
        default="poisson", description="default: of the kind"
    )
    tail: Annotated[float, Number(1.5, 6.0, "exponent of the density")] = Field(
        default=2.5, description="weight of the tail of severity, smaller is heavier; default: of the kind"
    )
    least: Annotated[float, Number(1.0, 80.0, "severity points")] = Field(
        default=1.0, description="smallest severity; an all-out war is never small"
    )
    cap: Annotated[float, Number(2.0, 100.0, "severity points")] = Field(
        default=50.0, description="largest severity; default: of the kind"
    )
    mean_duration: Annotated[float, Number(1.0, 400.0, "quarters")] = Field(
        default=SPELL, description="two_state only: mean length of an active spell"
    )
    branching: Annotated[float, Number(0.0, 0.9, "follow-on arrivals of one arrival")] = Field(
        default=0.0, description="self_exciting only: expected follow-on arrivals of one arrival; default 0.3"
    )
    active: Codes = Field(default=(), description="two_state only: states where a spell is on at the start")
    ends: tuple[Quarter, ...] = Field(
        default=(), description="two_state only: quarters in which every spell ends by script; none begins in them"
    )
    trend: Annotated[float, Number(-0.5, 0.5, "share a year")] = Field(
        default=0.0, description="yearly growth of the rate"
    )
    schedule: tuple[Window, ...] = Field(default=(), description="times in which the rate is multiplied")
    source: Text = Field(default="assumed", description="where the rate comes from")

    @model_validator(mode="before")
    @classmethod
    def fill_from_kind(cls, data: Any) -> Any:
        """Blanks filled from the kind of threat, so that a threat is complete once it is read."""
        kind = data.get("kind") if isinstance(data, dict) else None
        if not isinstance(kind, str) or kind not in KINDS:
            return data
        default = KINDS[kind]
        filled = {"arrival": default.arrival, "tail": default.tail, "cap": default.cap, **data}
        if filled["arrival"] == "self_exciting":
            filled.setdefault("branching", BRANCHING)
        return filled


class Shock(Table):
    """An event of the script: it strikes in one quarter, whatever anybody does."""

    title: Text = Field(description="what happens; unique")
    when: Quarter = Field(description="quarter")
    kind: ThreatName = Field(description="one of the eight kinds of threat")
    states: Codes = Field(description="states that it strikes", min_length=1)
    severity: Annotated[float, Number(0.0, 100.0, "severity points")] = Field(description="severity in each state")
    source: Text = Field(default="assumed", description="where it comes from")


class Upheaval(Table):
    """A coup, a revolution or a reform: civilian control of the armed forces changes at once."""

    title: Text = Field(description="what happens; unique")
    when: Quarter = Field(description="quarter")
    states: Codes = Field(description="states that it changes", min_length=1)
    civilian_control: Annotated[float, Number(-1.0, 1.0, "change")] = Field(description="change of civilian control")
    source: Text = Field(default="assumed", description="where it comes from")


class Breach(Table):
    """An operation against a state or its kin, or cooperation broken off: what is held against each other."""

    title: Text = Field(description="what happens; unique")
    when: Quarter = Field(description="quarter")
    states: Codes = Field(description="states that it sets against the allies", min_length=1)
    evidence: Annotated[float, Number(0.0, 40.0, "units of evidence")] = Field(
        description="evidence against, of each state in each ally"
    )
    returned: Share = Field(default=0.5, description="share of it that allies hold against the state in turn")
    source: Text = Field(default="assumed", description="where it comes from")


class Rival(Table):
    """How a rival acts. It speaks for no government."""

    code: Code = Field(description="state; it must be a rival of the cast")
    budget: Annotated[float, Number(0.0, 10.0, "effort units a quarter")] = Field(
        default=2.0, description="effort that it can spend a quarter"
    )
    reach: Reach = Field(default_factory=dict, description="regions that it can lean on, a list or weights 0 to 1")
    moves: Leanings = Field(default_factory=dict, description="leaning towards each move, -5 to 5; 0 is neutral")
    security_concern: Text | None = Field(default=None, description="its published concern, for briefs")
    says: Text = Field(default="speaks for no government", description="disclaimer printed with every brief")
    source: Text = Field(default="assumed", description="where the figures come from")


class Mission(Table):
    """A NATO-led mission that asks for troops, also from partners."""

    name: Label = Field(description="unique name")
    begin: Quarter | None = Field(default=None, alias="from", description="first quarter; default the start")
    until: Quarter | None = Field(default=None, description="last quarter; default the end")
    demand: Annotated[float, Number(0.0, 20.0, "force weights")] = Field(
        description="troops asked for, in force weights: the United States weighs about 2.9"
    )
    danger: Share = Field(description="0 quiet, 1 deadly")
    source: Text = Field(default="assumed", description="where it comes from")


class Feud(Table):
    """A dated quarrel between two states, beside those on record."""

    a: Code = Field(description="state")
    b: Code = Field(description="the other state")
    strength: Share = Field(description="0 none, 1 at war")
    begin: Quarter | None = Field(default=None, alias="from", description="first quarter; default the start")
    until: Quarter | None = Field(default=None, description="last quarter; default the end")
    directed: Flag = Field(default=False, description="true: only `a` holds it against `b`")
    source: Text = Field(default="assumed", description="where it comes from")


class Override(Table):
    """Another value for a parameter, and why."""

    value: Annotated[float, Number(-1e9, 1e9)] = Field(description="the value; within the declared range")
    reason: Text = Field(description="why this scenario needs it")


class ActivityChange(Table):
    """Other figures for an activity of the menu, and why. Units as in `sim/declare/activities.py: COLUMNS`."""

    name: ActivityName = Field(description="activity")
    typical: Annotated[float, Number(0.01, 20.0, "places a quarter")] | None = None
    cost: Annotated[float, Number(0.0, 20.0, "EUR million a place")] | None = None
    national: Annotated[float, Number(0.0, 20.0, "EUR million a place")] | None = None
    hours: Annotated[float, Number(0.0, 1000.0, "staff hours a place")] | None = None
    burden: Annotated[float, Number(0.0, 10.0, "absorption units a place")] | None = None
    technical: Share | None = None
    procedural: Share | None = None
    human: Share | None = None
    capability: Share | None = None
    institutions: Share | None = None
    evidence: Annotated[float, Number(0.0, 5.0, "units of evidence a place")] | None = None
    legitimacy: Annotated[float, Number(-0.1, 0.1, "change a place")] | None = None
    provocation: Share | None = None
    warning: Share | None = None
    lag: Annotated[float, Number(1.0, 40.0, "quarters")] | None = None
    joint: Annotated[int, Number(0, 1, "", True)] | None = None
    reason: Text = Field(description="why this scenario needs it")
