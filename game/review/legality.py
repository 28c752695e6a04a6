"""Recorded orders that would no longer have been legal in a changed world: refused by purse, menu, role or goodwill.

A counterfactual keeps the others' orders as they were given. In a changed world some of them may no longer fit: money
is gone, a partner has become an ally, an item never comes before the Council. The world is played quarter by quarter,
and what is refused there and was not refused in the game is told.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from analysis.said import Said, listed
from game.review.played import Played
from sim.declare.activities import MENU
from sim.declare.names import ACTIVITIES, INSTRUMENTS, ITEMS, LET_PASS, MEMBER, PARTNER, REFUSALS
from sim.law.asked_orders import Standing
from sim.law.compiled import Ints
from sim.runs.engine import Engine


class Before(NamedTuple):
    """What was so before a quarter was played."""

    stance: Ints  # (N, ITEMS) as asked for
    role: Ints  # (N,)
    items: Ints  # (ITEMS,)


class Refusal(NamedTuple):
    """A line of standing orders that the rules refused."""

    turn: int
    seat: str
    what: str
    why: str = ""


def refusals(played: Played, standing: Standing) -> frozenset[Refusal]:
    """Everything refused of what seats asked for in the turns in which they acted, under this world's luck."""
    setup, course = played.setup, played.table.course
    engine = Engine(setup.scenario, setup.policy, setup.game.seed, 0, built=course.built)
    owners = owners_of(played)
    found: set[Refusal] = set()
    brought: set[tuple[int, int]] = set()  # turn and item that came before the Council
    while engine.step < played.lived:
        turn = int(standing.turn[engine.step])
        engine.decide_as_asked(standing)
        before = Before(engine.orders.stance.copy(), engine.world.role.copy(), engine.orders.item.copy())
        engine.advance()
        if 0 <= turn < len(played.turns):
            brought |= {(turn, int(i)) for i in np.flatnonzero(before.items >= 0)}
            for n, owner in owners.items():
                found.update(_of_state(standing, turn, engine, n, owner, before))
    found.update(_without_object(standing, len(played.turns), owners, brought))
    return frozenset(r for r in found if played.acted(r.seat, r.turn))


def owners_of(played: Played) -> dict[int, str]:
    """Who speaks for a row."""
    codes = played.table.course.built.codes
    return {codes.index(code): seat.id for seat in played.setup.game.seats for code in seat.states}


def _of_state(
    standing: Standing, turn: int, engine: Engine, n: int, owner: str, before: Before
) -> Iterator[Refusal]:  # fmt: skip
    """What this quarter refused of what was asked for one state."""
    name, refused, role = engine.built.names[n], engine.quarter.refused, before.role[n]
    if standing.fund[turn, n] == standing.fund[turn, n] and role != MEMBER:
        yield Refusal(turn, owner, Said("%(name)s pays and lends as an ally, but was none", name=Said(name)))
    asks = standing.request[turn, n] == standing.request[turn, n]
    if asks.any() and role == MEMBER:
        yield Refusal(turn, owner, Said("%(name)s asks for places, but was an ally by then", name=Said(name)))
    for a in np.flatnonzero(asks & (refused[n] > 0)) if role == PARTNER else ():
        instrument = MENU[ACTIVITIES[a]].instrument
        yield Refusal(turn, owner, f"{name} asks for {instrument}", REFUSALS[refused[n, a]])
    for i in np.flatnonzero(standing.stance[turn, n] > LET_PASS):
        about, item = standing.about[turn, i], before.items[i]
        if about >= 0 and item >= 0 and item != about:
            names = engine.built.names
            yield Refusal(turn, owner, Said(
                "stance on %(item)s of %(name)s, but what came before the Council was about %(other)s",
                item=Said(ITEMS[i]), name=Said(names[about]), other=Said(names[item]),
            ))  # fmt: skip
        elif item >= 0 and role == MEMBER and before.stance[n, i] != engine.orders.stance[n, i]:
            yield Refusal(turn, owner, Said(
                "%(name)s breaks silence on %(item)s, but too little goodwill was left",
                name=Said(name), item=Said(ITEMS[i]),
            ))  # fmt: skip


def _without_object(
    standing: Standing, turns: int, owners: dict[int, str], brought: set[tuple[int, int]]
) -> Iterator[Refusal]:  # fmt: skip
    """Stances on items that never came before the Council in their turn."""
    for turn in range(turns):
        for n, owner in owners.items():
            for i in np.flatnonzero(standing.stance[turn, n] > LET_PASS):
                if (turn, int(i)) not in brought:
                    yield Refusal(turn, owner, Said(
                        "stance on %(item)s, but it did not come before the Council", item=Said(ITEMS[i])
                    ))  # fmt: skip


def no_longer_legal(
    played: Played, changed: Standing, before: frozenset[Refusal], leave_out: str = ""
) -> tuple[str, ...]:  # fmt: skip
    """Recorded orders that the changed world refuses and this world (`before`) did not, in words.

    leave_out: a seat whose own orders were replaced, so that none of them is a recorded one.
    """
    titles = {one.id: one.title for one in played.setup.game.seats}
    new = sorted(r for r in refusals(played, changed) - before if r.seat != leave_out)
    found: dict[tuple[int, str, str, str], list[str]] = {}
    for r in new:
        subject, _, instrument = r.what.partition(" asks for ") if r.why else (r.what, "", "")
        found.setdefault((r.turn, r.seat, subject, r.why), []).append(instrument)
    told = {
        (turn, seat, subject, why): subject if not why else Said(
            "%(name)s asks for %(what)s: %(why)s", name=Said(subject), what=_kinds(instruments), why=Said(why)
        )
        for (turn, seat, subject, why), instruments in found.items()
    }  # fmt: skip
    return tuple(
        Said("Turn %(n)s, %(seat)s: %(what)s.", n=turn + 1, seat=titles[seat], what=what)
        for (turn, seat, _, _), what in told.items()
    )


def _kinds(instruments: list[str]) -> str:
    """Instruments in words."""
    return Said("places of every kind") if len(instruments) == len(INSTRUMENTS) else listed(map(Said, instruments))
