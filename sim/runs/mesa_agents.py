"""The Mesa agents: views onto the world, and the place where decisions are taken.

An agent holds no numbers of its own: what it shows is read from the world's arrays, and what it decides is one row of
the orders. To change how a state decides, subclass its role and override `decide`:

    class Reformer(PartnerState):
        def decide(self):
            orders = super().decide()
            orders.request["institution_building"] *= 2
            return orders
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from numbers import Real
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from sim.declare.names import ACTIVITIES, ARRANGEMENTS, ITEMS, MOVES, STANCES, THREAT_KINDS, TRACK
from sim.inputs.errors import allowed, fail, nearest, show_value
from sim.inputs.levers import admit
from sim.law.choices.everyone import ALLIANCE_ONLY, ONE_RIVAL, ONE_STATE
from sim.law.ledger import capability_score, interoperability_score, trust_between, trust_in, trust_score
from sim.law.world import NEVER

if TYPE_CHECKING:
    from sim.runs.mesa_model import PartnershipModel


@dataclass
class AllianceOrders:
    """What the NATO staff decides for a quarter. Plans are places of an activity for a partner, a quarter."""

    levers: dict[str, Any]
    plan: dict[str, dict[str, float]]
    agenda: dict[str, str | None]


@dataclass
class MemberOrders:
    """What an ally decides: stances on the agenda's items, lead money (EUR million), forces pledged and sent."""

    stance: dict[str, str]
    lead: float
    pledge: float
    troops: float
    fund: float = 1.0  # share of its part of the common fund that it pays
    amount: float = 1.0  # share of the proposed programme that it would let pass where it amends it


@dataclass
class PartnerOrders:
    """What a partner decides: places it asks for, how far it takes a rival's offer, forces, and whether it applies."""

    request: dict[str, float]
    accept: float
    pledge: float
    troops: float
    apply: bool


@dataclass
class RivalOrders:
    """What a rival decides: effort on each move, and the state it leans on."""

    move: dict[str, float] = field(default_factory=dict)
    target: str = ""


class PartnershipAgent(mesa.Agent):
    """What all agents share: access to the run that they are a view onto."""

    model: "PartnershipModel"

    @property
    def overrides(self) -> bool:
        """True where a subclass decides for itself, so that the model must ask it."""
        return type(self).decide not in DEFAULTS

    def decide(self) -> Any:
        """This quarter's orders of this agent."""
        raise NotImplementedError  # each role has its own

    def give(self, orders: Any) -> None:
        """Write `orders` into this agent's row."""
        raise NotImplementedError

    @property
    def door(self) -> str:
        """What messages about its orders call it."""
        return f"{type(self).__name__}.decide"

    def refuse_other(self, orders: Any, kind: type) -> None:
        """InputError unless orders are of the kind that this agent gives."""
        if not isinstance(orders, kind):
            words = f"returned {type(orders).__name__}; it must return {kind.__name__}, as super().decide() does"
            raise fail(self.door, words, "orders")

    def _table(self, value: Any, what: str) -> Mapping[Any, Any]:
        if not isinstance(value, Mapping):
            raise fail(self.door, "allowed: a table by name", what, show_value(value))
        return value


class State(PartnershipAgent):
    """A state: members, partners and rivals are states."""

    def __init__(self, model: "PartnershipModel", row: int) -> None:
        super().__init__(model)
        self.row = row
        self.code = model.engine.built.codes[row]
        self.name = model.engine.built.names[row]

    @property
    def door(self) -> str:
        """What messages about its orders call it."""
        return f"{type(self).__name__}.decide of {self.code}"

    @property
    def interoperability(self) -> float:
        """Mean of technical, procedural and human interoperability, 0 to 1."""
        return float(interoperability_score(self.row, self.model.engine.world))

    @property
    def capability(self) -> float:
        """Mean over domains of capability with delivered equipment, 0 to 1."""
        return float(capability_score(self.row, self.model.engine.world))

    @property
    def trust(self) -> float:
        """Mean mutual trust with the allies, 0 to 1."""
        return float(trust_score(self.row, self.model.engine.world))

    @property
    def will(self) -> float:
        """Political will for the programme, 0 to 1."""
        return float(self.model.engine.world.will[self.row])

    @property
    def legitimacy(self) -> float:
        """Public legitimacy of the programme, 0 to 1."""
        return float(self.model.engine.world.legitimacy[self.row])

    @property
    def readiness(self) -> float:
        """Home readiness, 0 to 1."""
        return float(self.model.engine.world.readiness[self.row])

    @property
    def perceived(self) -> dict[str, float]:
        """Threat as felt, severity points a quarter by kind."""
        return dict(zip(THREAT_KINDS, self.model.engine.world.perceived[self.row].tolist(), strict=True))

    @property
    def arrangements(self) -> list[str]:
        """Arrangements held."""
        held = self.model.engine.world.arrangement[self.row]
        return [name for name, since in zip(ARRANGEMENTS, held, strict=True) if since != NEVER]

    @property
    def track(self) -> str:
        """Place on the accession track."""
        return TRACK[int(self.model.engine.world.track[self.row])]

    def trust_in(self, other: "State | str") -> float:
        """Expected trust of this state in another, 0 to 1."""
        column = self.model.row_of(other)
        world = self.model.engine.world
        return float(trust_in(self.row, column, world))

    def mutual_trust_with(self, other: "State | str") -> float:
        """Mean of what two states expect of each other, 0 to 1."""
        return float(trust_between(self.row, self.model.row_of(other), self.model.engine.world))


class PartnerState(State):
    """A partner, or an outsider that may become one."""

    def decide(self) -> PartnerOrders:
        """By default: appetite by will, trust, threat and aspiration, spread over the menu
        (`sim/law/choices/partner.py`).
        """
        engine = self.model.engine
        engine.decide(ONE_STATE, self.row)
        orders, n = engine.orders, self.row
        return PartnerOrders(
            request=dict(zip(ACTIVITIES, orders.request[n].tolist(), strict=True)), accept=float(orders.accept[n]),
            pledge=float(orders.pledge[n]), troops=float(orders.troops[n]), apply=bool(orders.apply[n]),
        )  # fmt: skip

    def give(self, orders: PartnerOrders) -> None:
        """Write the row."""
        self.refuse_other(orders, PartnerOrders)
        rows, n = self.model.engine.orders, self.row
        rows.request[n] = in_order(orders.request, ACTIVITIES, self.door, "request")
        for name in ("accept", "pledge", "troops"):
            getattr(rows, name)[n] = number_of(getattr(orders, name), self.door, name)
        rows.apply[n] = int(number_of(orders.apply, self.door, "apply") > 0.0)


class MemberState(State):
    """An ally."""

    def decide(self) -> MemberOrders:
        """By default: stances by position, lead money and pledges by readiness (`sim/law/choices/member.py`)."""
        engine = self.model.engine
        engine.decide(ONE_STATE, self.row)
        orders, n = engine.orders, self.row
        return MemberOrders(
            stance={item: STANCES[s] for item, s in zip(ITEMS, orders.stance[n], strict=True)},
            lead=float(orders.lead[n]), pledge=float(orders.pledge[n]), troops=float(orders.troops[n]),
            fund=float(orders.fund[n]), amount=float(orders.amount[n]),
        )  # fmt: skip

    def give(self, orders: MemberOrders) -> None:
        """Write the row."""
        self.refuse_other(orders, MemberOrders)
        rows, n = self.model.engine.orders, self.row
        stances = self._table(orders.stance, "stance")
        for item in stances:
            index_of(item, ITEMS, self.door, "stance")
        for i, item in enumerate(ITEMS):
            rows.stance[n, i] = index_of(stances.get(item, "let_pass"), STANCES, self.door, f"stance.{item}")
        for name in ("lead", "pledge", "troops", "fund", "amount"):
            getattr(rows, name)[n] = number_of(getattr(orders, name), self.door, name)


class Rival(State):
    """A rival."""

    @property
    def number(self) -> int:
        """Its row among the rivals."""
        return self.model.engine.built.rivals.index(self.code)

    def decide(self) -> RivalOrders:
        """By default: effort by hostility, felt pressure and influence lost (`sim/law/choices/rival.py`)."""
        engine = self.model.engine
        engine.decide(ONE_RIVAL, self.number)
        orders, v = engine.orders, self.number
        return RivalOrders(
            move=dict(zip(MOVES, orders.move[v].tolist(), strict=True)),
            target=engine.built.codes[int(orders.target[v])],
        )

    def give(self, orders: RivalOrders) -> None:
        """Write the row."""
        self.refuse_other(orders, RivalOrders)
        rows, v = self.model.engine.orders, self.number
        rows.move[v] = in_order(orders.move, MOVES, self.door, "move")
        rows.target[v] = index_of(orders.target, self.model.engine.built.codes, self.door, "target")


class Alliance(PartnershipAgent):
    """The NATO staff: the programme and the Council's agenda."""

    def decide(self, **levers: Any) -> AllianceOrders:
        """By default: the policy's levers, turned into plans and an agenda (`sim/law/choices/alliance.py`).

        Levers given by name replace the policy's for this quarter: `self.decide(envelope=200.0)`.
        """
        engine = self.model.engine
        pulled = admit(self.door, levers, engine.built.frameworks, engine.levers)
        engine.orders = engine.orders._replace(levers=pulled)
        engine.decide(ALLIANCE_ONLY)
        orders, codes = engine.orders, engine.built.codes
        plan = {
            code: dict(zip(ACTIVITIES, row.tolist(), strict=True))
            for code, row in zip(codes, orders.plan, strict=True) if row.any()
        }  # fmt: skip
        agenda = {item: codes[i] if i >= 0 else None for item, i in zip(ITEMS, orders.item, strict=True)}
        return AllianceOrders(orders.levers._asdict(), plan, agenda)

    def give(self, orders: AllianceOrders) -> None:
        """Write plans, agenda and levers."""
        self.refuse_other(orders, AllianceOrders)
        engine = self.model.engine
        codes = engine.built.codes
        pulled = admit(self.door, orders.levers, engine.built.frameworks, engine.levers)
        engine.orders = engine.orders._replace(levers=pulled)
        engine.orders.plan[:] = 0.0
        for code, plan in self._table(orders.plan, "plan").items():
            row = index_of(code, codes, self.door, "plan")
            engine.orders.plan[row] = in_order(plan, ACTIVITIES, self.door, f"plan.{code}")
        agenda = self._table(orders.agenda, "agenda")
        for item in agenda:
            index_of(item, ITEMS, self.door, "agenda")
        for i, item in enumerate(ITEMS):
            about = agenda.get(item)
            engine.orders.item[i] = -1 if about is None else index_of(about, codes, self.door, f"agenda.{item}")


DEFAULTS = {PartnerState.decide, MemberState.decide, Rival.decide, Alliance.decide}
ROLE_CLASSES = (PartnerState, MemberState, Rival)


def in_order(table: Any, names: tuple[str, ...], door: str, what: str) -> list[float]:
    """The numbers of a table in the order of an axis; names left out are zero, unknown names are errors."""
    if not isinstance(table, Mapping):
        raise fail(door, f"allowed: a table from names to numbers; {allowed(names)}", what, show_value(table))
    for name in table:
        index_of(name, names, door, what)
    return [number_of(table.get(name, 0.0), door, f"{what}.{name}") for name in names]


def index_of(name: Any, names: tuple[str, ...], door: str, what: str) -> int:
    """Position of a name on an axis, or an error that says what is allowed."""
    if not isinstance(name, str) or name not in names:
        raise fail(door, f"is not one of {', '.join(names)}{nearest(name, names)}", what, show_value(name))
    return names.index(name)


def number_of(value: Any, door: str, what: str) -> float:
    """A number as it is ordered; how much of it can be, the rules say (`sim/law/admit.py`)."""
    if isinstance(value, Real | np.bool_):
        with suppress(OverflowError):  # a whole number of hundreds of digits
            return float(value)
    raise fail(door, "allowed: a number", what, show_value(value))
