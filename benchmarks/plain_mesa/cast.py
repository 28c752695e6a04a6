"""What the scenario fixes (ODD 2.2, 5), as plain objects made once from the arrays that `sim.runs.build` builds."""

from collections import namedtuple
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.declare.activities import FLAGS
from sim.declare.levers import Levers as ArrayLevers
from sim.law.world import Kinds, Menu
from sim.runs.build import Built

if TYPE_CHECKING:
    from benchmarks.plain_mesa.state import State


@dataclass(eq=False)
class Region:
    """A region and its tension."""

    number: int
    tension: float
    states: list["State"] = field(default_factory=list)
    feud_heat: float = 0.0


# One activity of the menu, one kind of threat, the policy's levers: plain numbers under the names of their columns.
# `number` is the place of a row; `offered_by` is by framework; `answered_by` lists (domain, weight) where it is not 0.
Activity = namedtuple("Activity", ("number", "offered_by", *(name for name in Menu._fields if name != "open")))
Kind = namedtuple("Kind", ("number", *Kinds._fields))
Levers = namedtuple("Levers", ArrayLevers._fields)


@dataclass(eq=False)
class Threat:
    """One threat of the scenario, with the states exposed to it and what it remembers of each."""

    slot: int
    kind: Kind
    arrival: int
    rates: list[tuple["State", float]]
    schedule: list[float]
    tail: float
    least: float
    cap: float
    end: float
    branching: float
    active: dict["State", bool]
    excitement: dict["State", float]


@dataclass(eq=False)
class Feud:
    """A dated quarrel between two states."""

    a: "State"
    b: "State"
    strength: float
    start: int
    end: int
    directed: bool
    operation: bool
    misperception: float

    def live(self, quarter: int) -> bool:
        """Whether it is on."""
        return self.start <= quarter < self.end


def plain_levers(levers: ArrayLevers) -> Levers:
    """Levers with lists in place of arrays."""
    return Levers(**{name: x.tolist() if hasattr(x, "tolist") else x for name, x in levers._asdict().items()})


def menu_from(menu: Menu) -> list[Activity]:
    """The menu, activity by activity."""
    columns = {name: getattr(menu, name).tolist() for name in menu._fields if name != "open"}
    offered = (menu.open > 0.0).T.tolist()
    activities = []
    for a in range(len(menu.cost)):
        row = {name: column[a] for name, column in columns.items()}
        row.update({name: row[name] > 0.0 for name in ("joint", *FLAGS)})
        row.update(number=a, gain=tuple(row["gain"]), offered_by=tuple(offered[a]))
        activities.append(Activity(**row))
    return activities


def kinds_from(kinds: Kinds) -> list[Kind]:
    """The kinds of threat, one by one."""
    columns = {name: getattr(kinds, name).tolist() for name in kinds._fields}
    found = []
    for k in range(len(kinds.people)):
        row = {name: column[k] for name, column in columns.items()}
        row.update(number=k, answered_by=tuple((d, w) for d, w in enumerate(row["answered_by"]) if w != 0.0))
        found.append(Kind(**row))
    return found


def threats_from(built: Built, states: list["State"], kinds: list[Kind]) -> list[Threat]:
    """The scenario's threats, each with the states that it can strike."""
    table, world = built.setting.threats, built.world
    threats = []
    for t in range(len(table.kind)):
        rates = [(state, rate) for state, rate in zip(states, table.rate[t].tolist()) if rate > 0.0]
        threats.append(Threat(
            slot=int(table.label[t]) << 8, kind=kinds[table.kind[t]], arrival=int(table.arrival[t]), rates=rates,
            schedule=table.schedule[t].tolist(), tail=float(table.tail[t]), least=float(table.least[t]),
            cap=float(table.cap[t]), end=float(table.end[t]), branching=float(table.branching[t]),
            active={state: bool(world.active[t, state.row]) for state, _ in rates},
            excitement={state: float(world.excitement[t, state.row]) for state, _ in rates},
        ))  # fmt: skip
    return threats


def feuds_from(built: Built, states: list["State"]) -> list[Feud]:
    """The quarrels, each known to both sides."""
    feuds = []
    columns = [column.tolist() for column in (*built.setting.feuds, built.world.misperception)]
    for a, b, strength, start, end, directed, operation, misperception in zip(*columns):
        feud = Feud(states[a], states[b], strength, start, end, directed == 1, operation == 1, misperception)
        feuds.append(feud)
        for side in {feud.a, feud.b}:
            side.feuds.append(feud)
    return feuds


def scripted(built: Built, states: list["State"]) -> tuple[dict[int, list[tuple["State", int, float]]], ...]:
    """Shocks (state, kind, severity) and upheavals (state, 0, change of civilian control) by quarter."""
    shocks: dict[int, list[tuple[State, int, float]]] = {}
    upheavals: dict[int, list[tuple[State, int, float]]] = {}
    for step, row, kind in zip(*(axis.tolist() for axis in built.setting.shock.nonzero())):
        shocks.setdefault(step, []).append((states[row], kind, float(built.setting.shock[step, row, kind])))
    for step, row in zip(*(axis.tolist() for axis in built.setting.upheaval.nonzero())):
        upheavals.setdefault(step, []).append((states[row], 0, float(built.setting.upheaval[step, row])))
    return shocks, upheavals


def breaches_from(built: Built, states: list["State"]) -> dict[int, list[tuple["State", float, float]]]:
    """Scripted breaks with the allies by quarter: state, its evidence against them, and theirs against it."""
    breach, returned = built.setting.breach, built.setting.returned
    breaches: dict[int, list[tuple[State, float, float]]] = {}
    for step, row in zip(*(axis.tolist() for axis in breach.nonzero())):
        broken = (states[row], float(breach[step, row]), float(returned[step, row]))
        breaches.setdefault(step, []).append(broken)
    return breaches
