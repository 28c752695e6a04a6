"""The game file: which world is played, for how long, by which seats, for what. A TOML file in `scenarios/games`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, TypeAlias

from pydantic import Field

from analysis.said import Said
from game.core.act import CLOCK, FACILITATOR
from game.seats.kinds import KINDS
from sim.declare.names import MEASURES, STATE_VARIABLES, THREAT_KINDS
from sim.inputs.errors import InputError, allowed, nearest
from sim.inputs.load import load_scenario
from sim.inputs.models import Finding, placed, validated
from sim.inputs.policy import Policy, load_policy
from sim.inputs.scenario import Scenario
from sim.inputs.toml_files import FOLDER, find, load_tree, names_in
from sim.inputs.values import Flag, Name, Number, Share, Table, Text, Words, quarter_number, quarter_text

GAMES: Final = FOLDER / "games"
AFTER: Final = 4  # quarters played by policy after the last turn, so that nobody plunders the end
BRIEF: Final = 90  # words of a role card, so that it is read in a minute


class Spoken(Words):
    """Words that pages say in the reader's language where its catalogue has them."""

    def check(self, value: object) -> str:
        return Said(super().check(value))


Title: TypeAlias = Annotated[str, Spoken()]
Brief: TypeAlias = Annotated[str, Spoken(1200)]
Worth = Annotated[float, Number(-1e6, 1e6, "in the unit of the measure")]


class Objective(Table):
    """What a seat plays for: a measure of the whole, or a score of its states; points run from `low` to `high`."""

    title: Title = Field(description="said to the player")
    of: Annotated[str, Name("measure or state variable", tuple(dict.fromkeys((*MEASURES, *STATE_VARIABLES))))] = Field(
        description="a measure, or a variable of states as their mean"
    )
    states: tuple[Text, ...] | None = Field(default=None, description="codes; none: the measure of the whole")
    low: Worth = Field(description="value worth 0 points; above `high` where less is better")
    high: Worth = Field(description="value worth 100 points")
    weight: Annotated[float, Number(0.05, 10.0)] = Field(default=1.0, description="part in the seat's score")
    secret: Flag = Field(default=False, description="whether only this seat and White cell know it")


class Seat(Table):
    """A role that people occupy: the NATO staff, a group of allies, a group of partners, or a rival."""

    id: Annotated[str, Words(30)] = Field(description="short name used in files")
    title: Title = Field(description="title shown to people")
    kind: Annotated[str, Name("kind of seat", tuple(KINDS))] = Field(description="what it may order")
    states: tuple[Text, ...] = Field(default=(), description="codes of the states it speaks for")
    brief: Brief = Field(description=f"role card, at most {BRIEF} words")
    position: Title | None = Field(default=None, description="published position that a rival's brief rests on")
    objectives: tuple[Objective, ...] = Field(min_length=2, description="what it plays for")


class Inject(Table):
    """An event that the facilitator may put in: an entry of the MEL/MIL."""

    title: Title = Field(description="headline that players read")
    kind: Annotated[str, Name("kind of threat", THREAT_KINDS)] = Field(description="kind of threat")
    states: tuple[Text, ...] = Field(min_length=1, description="codes of the states struck")
    severity: Annotated[float, Number(1.0, 100.0, "points")] = Field(description="severity in each state")


class Game(Table):
    """A scenario made into a game. `load_game` is the way to make one."""

    title: Title = Field(description="title shown to people")
    extends: Text | None = Field(default=None, description="name or path of the game that this one changes")
    scenario: Text = Field(description="name or path of the scenario")
    policy: Text = Field(default="status_quo", description="the policy that plays for empty seats")
    seed: Annotated[int, Number(0, 2**63 - 1, whole=True)] = Field(default=1, description="seed of the luck")
    warm_up: Annotated[int, Number(0, 40, "quarters", True)] = Field(
        default=4, description="quarters played by policy before the first turn, so that activities are in flight"
    )
    turns: Annotated[int, Number(1, 12, "turns", True)] = Field(default=6, description="game turns")
    quarters: Annotated[int, Number(1, 4, "quarters", True)] = Field(default=4, description="quarters in a turn")
    minutes_orders: Annotated[float, Number(0.2, 60.0, "minutes")] = Field(default=6.0, description="time for orders")
    minutes_council: Annotated[float, Number(0.2, 60.0, "minutes")] = Field(default=3.0, description="time of silence")
    briefing: tuple[Title, ...] = Field(default=(), description="what the projector tells in three minutes")
    notice: Title | None = Field(default=None, description="content notice")
    debrief: tuple[Title, ...] = Field(default=(), description="what the hot wash should ask")
    seats: tuple[Seat, ...] = Field(min_length=2, description="the seats")
    injects: tuple[Inject, ...] = Field(default=(), description="events that the facilitator may put in")
    fictional: Flag = Field(default=False, description="whether states appear under invented names")
    confidence: Share = Field(default=0.7, description="how exact estimates of others are, 0 to 1")

    def horizon(self) -> int:
        """Quarters from the scenario's first to the last that counts."""
        return self.warm_up + self.turns * self.quarters + AFTER

    def seat(self, name: str) -> Seat:
        """A seat by its id."""
        found = next((seat for seat in self.seats if seat.id == name), None)
        if found is None:
            ids = [seat.id for seat in self.seats]
            raise KeyError(f"{name!r} is no seat of this game; {allowed(ids)}{nearest(name, ids)}")
        return found


@dataclass(frozen=True)
class Setup:
    """A game with its world and the policy that plays for empty seats, all resolved: what a journal embeds."""

    game: Game
    scenario: Scenario
    policy: Policy

    def quarter(self, step: int) -> str:
        """The quarter of a step, such as 2026-Q1."""
        year, _, number = quarter_text(quarter_number(self.scenario.start) + step).partition("-Q")
        return Said("%(year)s-Q%(quarter)s", year=year, quarter=number)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {
            "game": self.game.model_dump(mode="json"), "scenario": self.scenario.model_dump(mode="json", by_alias=True),
            "policy": self.policy.model_dump(mode="json"),
        }  # fmt: skip


def setup_of(game: Game) -> Setup:
    """A game with its scenario, cut or stretched to the game's horizon, and its policy."""
    scenario = load_scenario(game.scenario)
    policy = load_policy(game.policy, scenario.framework_names())
    assert isinstance(policy, Policy)  # checked when the game was loaded
    return Setup(game, scenario.model_copy(update={"horizon": game.horizon()}), policy)


def setup_from(data: Mapping[str, Any]) -> Setup:
    """The setup that `as_json` wrote."""
    return Setup(
        Game.model_validate(data["game"]), Scenario.model_validate(data["scenario"]),
        Policy.model_validate(data["policy"]),
    )  # fmt: skip


def game_names() -> tuple[str, ...]:
    """Names of the shipped games."""
    return names_in(GAMES)


def load_game(path_or_name: str | Path) -> Game:
    """A game file by path, or a shipped one by name; InputError where it is wrong."""

    def finder(name: str | Path, beside: Path | None = None) -> Path:
        return find(name, GAMES, "game", beside)

    path = finder(path_or_name)
    node = load_tree(path, finder, {"seats": ("id",), "injects": ("title",)})
    game = validated(Game, node)
    if game.scenario.endswith(".toml") and (path.parent / game.scenario).is_file():  # a scenario beside its game
        game = game.model_copy(update={"scenario": str(path.parent / game.scenario)})
    problems = placed(node, list(_findings(game)))
    if problems:
        raise InputError(problems)
    return game


def _findings(game: Game) -> list[Finding]:
    """Mistakes that one field alone does not show."""
    key, named = "scenario", game.scenario
    try:
        scenario = load_scenario(game.scenario)
        key, named = "policy", game.policy
        policy = load_policy(game.policy, scenario.framework_names())
    except InputError as error:
        return [Finding((key,), named, str(error))]
    if not isinstance(policy, Policy):
        return [
            Finding(("policy",), game.policy, "allowed: a TOML policy, so that a game can be replayed from its file")
        ]
    found = []
    cast, rivals = scenario.cast_codes(), scenario.rival_codes()
    taken: dict[str, str] = {}
    for s, seat in enumerate(game.seats):
        for i, code in enumerate(seat.states):
            place = ("seats", s, "states", i)
            if code not in cast:
                found.append(Finding(place, code, f"takes no part in {game.scenario}{nearest(code, cast)}"))
            elif (code in rivals) != (KINDS[seat.kind].speaks_for == "rivals"):
                found.append(Finding(place, code, f"cannot be in a seat of kind {seat.kind}"))
            elif code in taken:
                found.append(Finding(place, code, f"is spoken for by seat {taken[code]!r} already"))
            taken[code] = seat.id
        if (not seat.states) != (KINDS[seat.kind].speaks_for == "nobody"):
            silent = " and the ".join(kind.name for kind in KINDS.values() if kind.speaks_for == "nobody")
            told = f"allowed: none for the {silent}, some for all others"
            found.append(Finding(("seats", s, "states"), list(seat.states), told))
        words = len(seat.brief.split())
        if words > BRIEF:
            found.append(Finding(("seats", s, "brief"), seat.brief[:40], f"has {words} words; allowed: {BRIEF}"))
        for o, objective in enumerate(seat.objectives):
            name = "state variable" if objective.states else "measure"
            names = STATE_VARIABLES if objective.states else MEASURES
            if objective.of not in names:
                found.append(Finding(("seats", s, "objectives", o, "of"), objective.of, f"no {name}; {allowed(names)}"))
            for code in objective.states or ():
                if code not in cast:
                    found.append(
                        Finding(("seats", s, "objectives", o, "states"), code, f"takes no part{nearest(code, cast)}")
                    )
            if objective.low == objective.high:
                found.append(Finding(("seats", s, "objectives", o, "high"), objective.high, "must differ from low"))
    ids = [seat.id for seat in game.seats]
    found += [
        Finding(("seats", i, "id"), name, "is the name of another actor") for i, name in enumerate(ids)
        if name in (FACILITATOR, CLOCK)
    ]  # fmt: skip
    found += [Finding(("seats", i, "id"), name, "is used twice") for i, name in enumerate(ids) if ids.index(name) < i]
    for i, inject in enumerate(game.injects):
        found += [
            Finding(("injects", i, "states"), code, f"takes no part{nearest(code, cast)}")
            for code in inject.states if code not in cast
        ]  # fmt: skip
    return found
