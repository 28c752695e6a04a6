"""Titles that say the finding, made from the numbers of each figure."""

import numpy as np

from analysis.pictures.run.numbers_change import Lines, Timeline, Waterfalls, cause_name
from analysis.pictures.run.numbers_partners import Blocks, Network, Paths, Progress, Tiles
from analysis.pictures.run.numbers_programme import Bought, Harm, Money, Tension
from analysis.words import (
    STILL,
    counted,
    framework_short,
    listed,
    lower,
    moved,
    number,
    plain,
    region_name,
    signed,
    the_framework,
)
from sim.declare.names import ARRANGEMENTS


def find_progress(data: Progress) -> str:
    """Where the median partner gained and lost most."""
    if not data.frameworks:
        return "0 partners were in a framework"
    change = data.change()
    parts = []
    for score, row in zip(("trust", "interoperability"), change, strict=True):
        most, least = int(np.argmax(row)), int(np.argmin(row))
        text = f"{score} {moved(row[most])} in {framework_short(data.frameworks[most])}"
        if row[most] - row[least] >= STILL:
            second = moved(row[least])
            second = second.removeprefix("rose by ") if row[most] > 0.0 else second.removeprefix("fell by ")
            text += f" and {second} in {framework_short(data.frameworks[least])}"
        elif len(row) > 1:
            text = f"{score} {moved(row[most])} in every framework"
        parts.append(text)
    return f"Median {parts[0]}; {parts[1]}"


def find_paths(data: Paths) -> str:
    """How many partners rose and fell, and by how much the extremes."""
    if not data.codes:
        return "0 partners were in a framework"
    change = data.trust[:, -1] - data.trust[:, 0]
    up, down = int((change >= STILL).sum()), int((change <= -STILL).sum())
    best, worst = int(np.argmax(change)), int(np.argmin(change))
    return (
        f"Trust rose in {up} and fell in {down} of {counted(len(change), 'partner')}: most for {data.names[best]} "
        f"({signed(change[best])}), least for {data.names[worst]} ({signed(change[worst])})"
    )


def find_tiles(data: Tiles) -> str:
    """The highest and the lowest partner."""
    rows = [n for n, r in enumerate(data.roles) if r == "partner"] or list(range(len(data.roles)))
    best = max(rows, key=lambda n: data.values[n])
    worst = min(rows, key=lambda n: data.values[n])
    if data.diverging:
        a, b = signed(data.values[best]), signed(data.values[worst])
        return f"Among partners {lower(data.variable)} changed by {a} ({data.names[best]}) to {b} ({data.names[worst]})"
    a, b = number(data.values[best]), number(data.values[worst])
    return (
        f"Among partners {lower(data.variable)} is highest in {data.names[best]} ({a}) and lowest in "
        f"{data.names[worst]} ({b})"
    )


def find_blocks(data: Blocks) -> str:
    """Trust with the allies against trust within the frameworks."""
    if len(data.groups) < 2:
        return f"No framework has partners; trust of {counted(len(data.codes), 'ally', 'allies')} is shown"
    ties = data.mean[0, 1:]
    best, worst = int(np.argmax(ties)) + 1, int(np.argmin(ties)) + 1
    text = (
        f"Allies and {the_framework(data.groups[best])} trust each other at {data.mean[0, best]:.2f} "
        f"({signed(data.mean_change[0, best])})"
    )
    if best != worst:
        text += (
            f"; with {the_framework(data.groups[worst])} it is {data.mean[0, worst]:.2f} "
            f"({signed(data.mean_change[0, worst])})"
        )
    return text


def find_network(data: Network) -> str:
    """How many of the strongest ties cross frameworks."""
    total = len(data.peer_ties)
    if total == 0:
        return "0 ties between partners are strong enough to draw"
    across = sum(data.groups[a] != data.groups[b] for a, b in data.peer_ties)
    top = int(np.argmax(data.peer_trust))
    a, b = data.peer_ties[top]
    return (
        f"{across} of the partners' {total} strongest ties cross frameworks; the strongest joins "
        f"{data.names[a]} and {data.names[b]} ({data.peer_trust[top]:.2f})"
    )


def find_money(data: Money) -> str:
    """Total, largest instrument, and who paid."""
    total = float(data.by_purse.sum())
    if total <= 0.0:
        return "No money was spent (EUR 0)"
    share = data.by_instrument.sum(axis=1)
    top = int(np.argmax(share))
    own = float(data.by_purse[data.purses.index("partner")].sum())
    return (
        f"EUR {number(total)} million in {counted(len(data.years), 'year')}: "
        f"{100 * share[top] / max(share.sum(), 1e-9):.0f} % for "
        f"{lower(data.instruments[top])}, and partners paid {100 * own / total:.0f} % themselves"
    )


def find_bought(data: Bought) -> str:
    """Best buy for interoperability and for trust."""
    if not data.activities:
        return "0 activities were paid for"
    trust = int(np.argmax(data.per_million[0]))
    return (
        f"{plain(data.activities[0])} brought most interoperability per EUR million "
        f"({number(data.per_million[1, 0])} points), "
        f"{lower(data.activities[trust])} most trust ({number(data.per_million[0, trust])})"
    )


def find_harm(data: Harm) -> str:
    """Share answered, and what the programme averted."""
    arose, left = float(data.arose.sum()), float(data.left.sum())
    share = 100.0 * (arose - left) / arose if arose > 0.0 else 0.0
    text = f"States and coalitions answered {share:.0f} % of {number(arose)} harm points a quarter"
    if data.left_without is not None:
        averted = float(data.left_without.sum()) - left
        text += f"; the programme {'averted' if averted >= 0.0 else 'added'} {number(abs(averted))}"
    return text


def find_tension(data: Tension) -> str:
    """The region that heated up most, and the rival."""
    if not data.regions:
        return "0 regions have partners"
    change = data.tension[:, -1] - data.tension[:, 0]
    rose = int((change >= STILL).sum())
    text = (
        f"Tension rose in {rose} of {counted(len(change), 'region')}, most in {region_name(data.regions[0])} "
        f"({signed(change[0])})"
    )
    if rose == 0:
        text = (
            f"Tension rose in 0 of {counted(len(change), 'region')}; the least calming was in "
            f"{region_name(data.regions[0])} ({signed(change[0])})"
        )
    if len(data.rivals):
        move = data.hostility[:, -1] - data.hostility[:, 0]
        top = int(np.argmax(np.abs(move)))
        text += f"; hostility of {data.rivals[top]} {moved(move[top])}"
    return text


def find_waterfalls(data: Waterfalls) -> str:
    """Change of both scores with the largest gain and loss of trust."""
    trust, skill = data
    who = "the mean partner" if trust.subject == "mean partner" else trust.subject
    text = f"Trust of {who} {moved(trust.end - trust.start)}, interoperability {moved(skill.end - skill.start)}"
    if not trust.causes and not skill.causes:
        text += " (0 entries in the ledger)"
    named = [i for i, c in enumerate(trust.causes) if not c.endswith("smaller causes")]
    if named:
        top = max(named, key=lambda i: abs(trust.amounts[i]))
        text += (
            f"; the largest entry for trust is {cause_name(trust.causes[top]).lower()} "
            f"({signed(float(trust.amounts[top]))})"
        )
    return text


def find_timeline(data: Timeline) -> str:
    """How many arrangements were taken, and who became an ally."""
    taken = sum(m.step >= 0 and m.what in ARRANGEMENTS[1:] for m in data.marks)
    joined = [data.names[s.lane] for s in data.spans if s.track == "ally"]
    text = (
        f"Partners took {counted(taken, 'arrangement')}; {counted(len(joined), 'partner')} became "
        f"{'an ally' if len(joined) == 1 else 'allies'}"
    )
    stopped = len({m.lane for m in data.marks if m.what == "suspension"})
    text += f" ({listed(joined, 5)})" if joined else ""
    return text + (f"; cooperation with {counted(stopped, 'state')} was suspended" if stopped else "")


def find_lines(data: Lines) -> str:
    """How many measures ended better than in the pair without a programme."""
    if data.without is None:
        return f"{len(data.measures)} measures through {len(data.quarters)} quarters"
    gap = (data.values.mean(axis=1) - data.without.mean(axis=1)) * np.array(data.directions)
    scale = 0.005 * np.maximum(np.abs(data.values).max(axis=1), 1e-9)
    better, worse = int((gap > scale).sum()), int((gap < -scale).sum())
    return (
        f"Against no programme, the run's mean is better on {better} and worse on {worse} of "
        f"{sum(d != 0 for d in data.directions)} measures that have a better side"
    )
