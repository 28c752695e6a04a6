"""Numbers about the programme: money and what it bought, harm by threat, tension and rivals."""

from typing import NamedTuple

import numpy as np

from analysis.pictures.run.numbers_partners import partners
from analysis.words import PURSE_NAMES, Table, number, plain, region_name
from sim.declare.activities import MENU
from sim.declare.names import (
    ACTIVITIES,
    INSTRUMENTS,
    PARTNER,
    PARTNER_PURSE,
    PURSES,
    REGIONS,
    RIVAL,
    SCORES,
    THREAT_KINDS,
)
from sim.declare.threat_kinds import KINDS
from sim.law.compiled import Floats
from sim.runs.results import Results


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


def years_of(quarters: tuple[str, ...]) -> tuple[tuple[str, ...], list[list[int]]]:
    """The years of a run and the steps in each."""
    years = tuple(dict.fromkeys(q[:4] for q in quarters))
    return years, [[s for s, q in enumerate(quarters) if q[:4] == y] for y in years]


def money(results: Results) -> Money:
    """Money by year, by instrument and by purse."""
    years, steps = years_of(results.quarters)
    spend, purse = spend_by_activity(results), results.paid()
    instrument = np.array([INSTRUMENTS.index(MENU[a].instrument) for a in ACTIVITIES])
    by_instrument = np.array(
        [[spend[np.ix_(s, instrument == i)].sum() for s in steps] for i in range(len(INSTRUMENTS))]
    )
    order = [PURSES.index(p) for p in ("common_fund", "lead_ally", "trust_fund", "partner")]
    by_purse = np.array([[purse[s, p].sum() for s in steps] for p in order])
    return Money(years, INSTRUMENTS, by_instrument, tuple(PURSES[p] for p in order), by_purse)


def money_table(data: Money) -> Table:
    """EUR million by year."""
    rows = [
        (plain(n), *(number(v) for v in line), number(line.sum()))
        for n, line in zip(data.instruments, data.by_instrument, strict=True)
    ]
    rows += [
        ("Paid by " + PURSE_NAMES[n], *(number(v) for v in line), number(line.sum()))
        for n, line in zip(data.purses, data.by_purse, strict=True)
    ]
    return Table(("EUR million", *data.years, "all years"), tuple(rows))


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


def bought_table(data: Bought) -> Table:
    """Cost, gain and gain per EUR million by activity."""
    rows = tuple(
        (plain(a), plain(data.instruments[i]), number(data.cost[i]), number(data.gain[0, i]), number(data.gain[1, i]),
         number(data.per_million[0, i]), number(data.per_million[1, i]))
        for i, a in enumerate(data.activities)
    )  # fmt: skip
    heads = (
        "activity", "instrument", "EUR million", "trust, points", "interop., points", "trust, points per EUR million",
        "interop., points per EUR million",
    )  # fmt: skip
    return Table(heads, rows)


class Harm(NamedTuple):
    """Harm points a quarter by threat kind: as it arose, left, and left in the paired run without a programme."""

    quarters: tuple[str, ...]
    kinds: tuple[str, ...]
    arose: Floats
    left: Floats
    left_without: Floats | None
    by_quarter: Floats
    by_quarter_without: Floats | None


def people_harm(results: Results) -> Floats:
    """(S, K) harm to people over members and partners."""
    weight = np.array([KINDS[k].people for k in THREAT_KINDS])
    counted = (results.role != RIVAL)[:, :, None]
    return np.asarray((results.harm * counted).sum(axis=1) * weight)


def harm(results: Results) -> Harm:
    """Harm by threat kind, the largest first, means over the run."""
    weight = np.array([KINDS[k].people for k in THREAT_KINDS])
    counted = (results.role != RIVAL)[:, :, None]
    arose = ((results.severity * counted).sum(axis=1) * weight).mean(axis=0)
    left = people_harm(results)
    other = None if results.without is None else people_harm(results.without)
    order = sorted(range(len(arose)), key=lambda k: -arose[k])
    return Harm(
        results.quarters, tuple(THREAT_KINDS[k] for k in order), arose[order], left.mean(axis=0)[order],
        None if other is None else other.mean(axis=0)[order], left.sum(axis=1),
        None if other is None else other.sum(axis=1),
    )  # fmt: skip


def harm_table(data: Harm) -> Table:
    """Harm by kind: arose, answered, left, and the paired difference."""
    bare = [None] * len(data.kinds) if data.left_without is None else [float(v) for v in data.left_without]
    rows = [_harm_row(plain(k), data.arose[i], data.left[i], bare[i]) for i, k in enumerate(data.kinds)]
    total = None if data.left_without is None else float(data.left_without.sum())
    rows.append(_harm_row("All kinds", data.arose.sum(), data.left.sum(), total))
    heads = ("threat kind", "arose", "answered", "left", "left without a programme", "averted by the programme")
    return Table(heads, tuple(rows))


def _harm_row(name: str, arose: float, left: float, without: float | None) -> tuple[str, ...]:
    pair = ("not run", "not run") if without is None else (number(without), number(without - left))
    return (name, number(arose), number(arose - left), number(left), *pair)


class Tension(NamedTuple):
    """Tension of the regions that have partners, (R, S), the largest rise first, and hostility of rivals (V, S)."""

    quarters: tuple[str, ...]
    regions: tuple[str, ...]
    tension: Floats
    rivals: tuple[str, ...]
    hostility: Floats


def tension(results: Results) -> Tension:
    """Tension by region and hostility by rival."""
    held = {results.regions[n] for n in range(len(results.codes)) if (results.role[:, n] == PARTNER).any()}
    change = results.tension[-1] - results.tension[0]
    order = sorted((r for r in range(len(REGIONS)) if REGIONS[r] in held), key=lambda r: -change[r])
    names = dict(zip(results.codes, results.names, strict=True))
    return Tension(
        results.quarters, tuple(REGIONS[r] for r in order), results.tension[:, order].T.copy(),
        tuple(names.get(code, code) for code in results.rivals), results.hostility.T.copy(),
    )  # fmt: skip


def tension_table(data: Tension) -> Table:
    """First, mean and last tension of every region, and hostility of every rival."""
    lines = [(region_name(n), line) for n, line in zip(data.regions, data.tension, strict=True)]
    lines += [(f"Hostility of {n}", line) for n, line in zip(data.rivals, data.hostility, strict=True)]
    rows = tuple((name, f"{v[0]:.3f}", f"{v.mean():.3f}", f"{v[-1]:.3f}") for name, v in lines)
    return Table(("region or rival, 0 to 1", "first quarter", "mean", "last quarter"), rows)
