"""The Mesa agents: views onto the world, and the place where decisions are taken.

An agent holds no numbers of its own: what it shows is read from the world's arrays, and what it decides is one row of
the orders. To change how a state decides, subclass its role and override `decide`:

    class Reformer(PartnerState):
        def decide(self):
            orders = super().decide()
            orders.request["institution_building"] *= 2
            return orders
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import mesa

from sim.declare.levers import Levers
from sim.declare.names import ACTIVITIES, ARRANGEMENTS, ITEMS, MOVES, STANCES, THREAT_KINDS, TRACK
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
    """What an ally decides: a stance on each item of the agenda, lead money (EUR million), forces pledged and sent."""

    stance: dict[str, str]
    lead: float
    pledge: float
    troops: float
    fund: float = 1.0  # share of its part of the common fund that it pays


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


class State(PartnershipAgent):
    """A state: members, partners and rivals are states."""

    def __init__(self, model: "PartnershipModel", row: int) -> None:
        super().__init__(model)
        self.row = row
        self.code = model.engine.built.codes[row]
        self.name = model.engine.built.names[row]

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
        rows, n = self.model.engine.orders, self.row
        rows.request[n] = in_order(orders.request, ACTIVITIES, f"{self.code}: request")
        rows.accept[n], rows.pledge[n], rows.troops[n] = orders.accept, orders.pledge, orders.troops
        rows.apply[n] = int(orders.apply)


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
            fund=float(orders.fund[n]),
        )  # fmt: skip

    def give(self, orders: MemberOrders) -> None:
        """Write the row."""
        rows, n = self.model.engine.orders, self.row
        for i, item in enumerate(ITEMS):
            rows.stance[n, i] = index_of(orders.stance.get(item, "let_pass"), STANCES, f"{self.code}: stance on {item}")
        rows.lead[n], rows.pledge[n], rows.troops[n] = orders.lead, orders.pledge, orders.troops
        rows.fund[n] = orders.fund


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
        rows, v = self.model.engine.orders, self.number
        rows.move[v] = in_order(orders.move, MOVES, f"{self.code}: move")
        rows.target[v] = self.model.row_of(orders.target)


class Alliance(PartnershipAgent):
    """The NATO staff: the programme and the Council's agenda."""

    def decide(self, **levers: Any) -> AllianceOrders:
        """By default: the policy's levers, turned into plans and an agenda (`sim/law/choices/alliance.py`).

        Levers given by name replace the policy's for this quarter: `self.decide(envelope=200.0)`.
        """
        engine = self.model.engine
        engine.orders = engine.orders._replace(levers=changed(engine.levers, levers))
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
        engine = self.model.engine
        engine.orders = engine.orders._replace(levers=changed(engine.levers, orders.levers))
        engine.orders.plan[:] = 0.0
        for code, plan in orders.plan.items():
            engine.orders.plan[self.model.row_of(code)] = in_order(plan, ACTIVITIES, f"plan of {code}")
        for i, item in enumerate(ITEMS):
            about = orders.agenda.get(item)
            engine.orders.item[i] = -1 if about is None else self.model.row_of(about)


DEFAULTS = {PartnerState.decide, MemberState.decide, Rival.decide, Alliance.decide}
ROLE_CLASSES = (PartnerState, MemberState, Rival)


def in_order(table: dict[str, float], names: tuple[str, ...], what: str) -> list[float]:
    """The numbers of a table in the order of an axis; names left out are zero, unknown names are errors."""
    for name in table:
        index_of(name, names, what)
    return [float(table.get(name, 0.0)) for name in names]


def index_of(name: str, names: tuple[str, ...], what: str) -> int:
    """Position of a name on an axis, or an error that says what is allowed."""
    if name not in names:
        raise ValueError(f"{what}: {name!r} is not one of {', '.join(names)}")
    return names.index(name)


def changed(levers: Levers, changes: dict[str, Any]) -> Levers:
    """Levers with some replaced, in the types that compiled rules expect."""
    kinds = {name: type(getattr(levers, name)) for name in levers._fields}
    for name in changes:
        index_of(name, tuple(kinds), "lever")
    typed = {n: v if kinds[n] not in (int, float) else kinds[n](v) for n, v in changes.items()}
    return levers._replace(**typed)
