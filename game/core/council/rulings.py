"""What the facilitator rules: a result of the Council, orders from a sheet of paper, an end before the last turn."""

from typing import TYPE_CHECKING

from analysis.said import Said
from game.core.act import Act, Refused
from game.core.council.proposal import RESULTS

if TYPE_CHECKING:
    from game.core.phases import Table


def check_ruling(table: "Table", act: Act) -> None:
    """Refuse what may not be ruled now."""
    if act.kind == "end" and (table.phase != "news" or table.last_turn):
        raise Refused("A game is ended early when a turn is over and another one would follow.")
    if act.kind == "override":
        if table.phase != "council" or str(act.data.get("item")) not in table.agenda:
            raise Refused("An override is for an item that is before the Council now.")
        if str(act.data.get("result")) not in RESULTS:
            raise Refused(Said("A result is one of %(results)s.", results=", ".join(RESULTS)))
    if act.kind != "end" and not str(act.data.get("reason", "")).strip():
        raise Refused("Give a reason; it is logged.")


def override(table: "Table", act: Act) -> None:
    """A result of the Council is what the facilitator says."""
    table.rulings[act.data["item"]] = act.data["result"]
    item, result = Said(act.data["item"]), Said(act.data["result"].replace("_", " "))
    table.log.append(Said(
        "Facilitator overrides %(item)s: %(result)s, because %(reason)s",
        item=item, result=result, reason=act.data["reason"],
    ))  # fmt: skip


def enter_orders(table: "Table", act: Act) -> None:
    """A seat's orders from a sheet of paper."""
    table.places[act.data["seat"]].orders = dict(act.data["orders"])
    title, reason = table.game.seat(act.data["seat"]).title, act.data["reason"]
    table.log.append(Said("Facilitator entered orders for %(seat)s: %(reason)s", seat=title, reason=reason))


def end(table: "Table", act: Act) -> None:
    """No turn follows, and no year by policy: scores are over the turns that were played."""
    table.phase, table.paused, table.deadline, table.ended = "review", False, None, True
