"""Numbers of a run that several figures share, or figures and sentences; nothing here loads what draws."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.words import framework_name, shortened
from sim.declare.activities import MENU
from sim.declare.names import ACTIVITIES, INSTRUMENTS, MEMBER, PARTNER_PURSE, PURSES, RIVAL, ROLES, SCORES
from sim.declare.parameters import Parameters
from sim.inputs.states import load_facts_once
from sim.inputs.values import start_day
from sim.law.compiled import Floats, Ints
from sim.runs.results import Results

Flags = npt.NDArray[np.bool_]
NAME: Final = 30  # columns of the name of a state


def briefly(results: Results) -> Results:
    """The run with names of states that fit into a figure."""
    return replace(results, names=tuple(shortened(name, NAME) for name in results.names))


def home(framework: Ints, role: Ints) -> Ints:
    """(S, N): the framework a state is or was last in; allies that came from one keep it, so that nobody drops out."""
    kept = framework.copy()
    for s in range(1, len(kept)):
        kept[s] = np.where(kept[s] < 0, kept[s - 1], kept[s])
    kept[role == RIVAL] = -1
    return kept


def partners(results: Results) -> Ints:
    """Rows of all states that were partners in a framework, by framework, then by name."""
    at = home(results.framework, results.role)[-1]
    found = [n for n in range(len(results.codes)) if at[n] >= 0]
    return np.array(sorted(found, key=lambda n: (at[n], results.names[n])), dtype=np.int64)


def grouped(results: Results) -> tuple[list[str], list[list[int]]]:
    """Groups of states: allies from the start, then each framework. Rivals and states in no framework are left out."""
    at = home(results.framework, results.role)[-1]
    allies = [n for n in range(len(results.codes)) if at[n] < 0 and results.role[0, n] == MEMBER]
    names, members = ["allies"], [sorted(allies, key=lambda n: results.names[n])]
    for f, name in enumerate(results.frameworks):
        rows = [int(n) for n in partners(results) if at[n] == f]
        if rows:
            names.append(name)
            members.append(rows)
    return names, members


def suspended_on(codes: Sequence[str], roles: Sequence[str], start: str) -> Flags:
    """(N,): partners with whom cooperation is suspended when a run starts, by the facts."""
    facts, day = load_facts_once(), start_day(start)
    return np.array([
        role == "partner" and code in facts and facts[code].suspended_on(day)
        for code, role in zip(codes, roles, strict=True)
    ], dtype=np.bool_)  # fmt: skip


def suspended(results: Results) -> Flags:
    """(S, N): where cooperation is suspended: from before the run on, or from an event for as long as rules have it."""
    override = results.scenario.parameters.get("suspension")
    length = int(override.value if override else Parameters._field_defaults["suspension"])
    found = np.zeros(results.role.shape, dtype=np.bool_)
    found[:] = suspended_on(results.codes, [ROLES[r] for r in results.role[0]], results.quarters[0])
    for event in results.events:
        if event.kind == "suspension":
            found[event.step : event.step + length, results.codes.index(event.state)] = True
    return found


def group_name(name: str) -> str:
    """Name of a group of states."""
    return "Allies" if name == "allies" else framework_name(name)


class Progress(NamedTuple):
    """Trust and interoperability by framework: 10th, 50th, 90th percentile of its states; (2, F, S), NaN if none."""

    quarters: tuple[str, ...]
    frameworks: tuple[str, ...]
    declared: tuple[str, ...]
    states: Ints
    low: Floats
    middle: Floats
    high: Floats

    def change(self) -> Floats:
        """(2, F): median of the last quarter less median of the first quarter with states in the framework."""
        first = np.argmax(~np.isnan(self.middle[0]), axis=1)
        begin = np.take_along_axis(self.middle, first[None, :, None].repeat(2, axis=0), axis=2)[:, :, 0]
        return self.middle[:, :, -1] - begin


def progress(results: Results) -> Progress:
    """Progress of the frameworks that ever had a partner."""
    at = home(results.framework, results.role)
    used = [f for f in range(len(results.frameworks)) if (at[-1] == f).any()]
    bands = np.full((3, 2, len(used), len(at)), np.nan)
    for i, f in enumerate(used):
        for s in range(len(at)):
            rows = at[s] == f
            if rows.any():
                bands[:, :, i, s] = np.percentile(results.states[s, rows, :2], (10.0, 50.0, 90.0), axis=0)
    return Progress(
        results.quarters, tuple(results.frameworks[f] for f in used), results.frameworks,
        np.array([int((at[-1] == f).sum()) for f in used], dtype=np.int64), bands[0], bands[1], bands[2],
    )  # fmt: skip


def unit_costs(results: Results) -> tuple[Floats, Floats]:
    """EUR million a place of every activity, (A,): the Alliance's part and the partner's, as the scenario has it."""
    alliance = [MENU[a].cost for a in ACTIVITIES]
    national = [MENU[a].national for a in ACTIVITIES]
    for change in results.scenario.activities:
        at = ACTIVITIES.index(change.name)
        alliance[at] = alliance[at] if change.cost is None else float(change.cost)
        national[at] = national[at] if change.national is None else float(change.national)
    return np.array(alliance), np.array(national)


def spend_by_activity(results: Results) -> Floats:
    """(S, A) EUR million. Partners pay for their places; the Alliance's money of a quarter is shared out by cost."""
    alliance, national = unit_costs(results)
    places = results.done.sum(axis=1)
    cost = places * alliance
    total = cost.sum(axis=1, keepdims=True)
    paid = np.delete(results.paid(), PARTNER_PURSE, axis=1).sum(axis=1, keepdims=True)
    rate: Floats = np.divide(paid, total, out=np.zeros_like(paid), where=total > 0.0)
    return np.asarray(cost * rate + places * national)


class Money(NamedTuple):
    """EUR million a year by instrument (I, Y) and by purse (4, Y)."""

    years: tuple[str, ...]
    instruments: tuple[str, ...]
    by_instrument: Floats
    purses: tuple[str, ...]
    by_purse: Floats


def money(results: Results) -> Money:
    """Money by year, by instrument and by purse."""
    years = tuple(dict.fromkeys(q[:4] for q in results.quarters))
    steps = [[s for s, q in enumerate(results.quarters) if q[:4] == year] for year in years]
    spend, purse = spend_by_activity(results), results.paid()
    instrument = np.array([INSTRUMENTS.index(MENU[a].instrument) for a in ACTIVITIES])
    by_instrument = np.array(
        [[spend[np.ix_(s, instrument == i)].sum() for s in steps] for i in range(len(INSTRUMENTS))]
    )
    order = [PURSES.index(p) for p in ("common_fund", "lead_ally", "trust_fund", "partner")]
    by_purse = np.array([[purse[s, p].sum() for s in steps] for p in order])
    return Money(years, INSTRUMENTS, by_instrument, tuple(PURSES[p] for p in order), by_purse)


class Bought(NamedTuple):
    """What each activity cost (EUR million) and brought: points (0.01 of a score of one partner) per EUR million."""

    activities: tuple[str, ...]
    instruments: tuple[str, ...]
    cost: Floats
    gain: Floats  # (2, A) points of trust and of interoperability, summed over partners
    per_million: Floats  # (2, A)


def bought(results: Results) -> Bought:
    """Gain per EUR million by activity, from the ledger; best interoperability first."""
    rows = partners(results)
    cost = spend_by_activity(results).sum(axis=0)
    ledger = results.contributions[: len(ACTIVITIES)]
    gain = 100.0 * np.stack([ledger[:, SCORES.index(s), :][:, rows].sum(axis=1) for s in ("trust", "interoperability")])
    per = np.divide(gain, cost, out=np.zeros_like(gain), where=cost > 0.05)
    order = [a for a in sorted(range(len(ACTIVITIES)), key=lambda a: -per[1, a]) if cost[a] > 0.05]
    return Bought(
        tuple(ACTIVITIES[a] for a in order), tuple(MENU[ACTIVITIES[a]].instrument for a in order), cost[order],
        gain[:, order], per[:, order],
    )  # fmt: skip
