"""Numbers about states: progress by framework, every partner's path, tiles, trust between groups, the trust network."""

import math
from typing import NamedTuple

import numpy as np

from analysis.words import Table, framework_name, framework_short, lower, signed
from sim.declare.names import ALLY, MEMBER, RIVAL, ROLES, TRACK
from sim.law.compiled import Floats, Ints
from sim.runs.results import Results


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


def progress_table(data: Progress) -> Table:
    """Medians of every fourth quarter, and of the last."""
    shown = sorted({*range(0, len(data.quarters), 4), len(data.quarters) - 1})
    heads = ["quarter"] + [f"{framework_short(f)} {score}" for score in ("trust", "interop.") for f in data.frameworks]
    rows = [
        (data.quarters[s], *(_cell(float(v)) for v in data.middle[:, :, s].reshape(-1)))
        for s in shown
    ]  # fmt: skip
    return Table(tuple(heads), tuple(rows))


def _cell(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.3f}"


class Paths(NamedTuple):
    """Trust and interoperability of every partner, (P, S); `since` joining, `ally` accession or -1."""

    quarters: tuple[str, ...]
    declared: tuple[str, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    frameworks: tuple[str, ...]
    trust: Floats
    interoperability: Floats
    since: Ints
    ally: Ints


def paths(results: Results) -> Paths:
    """The path of every state that was ever a partner in a framework."""
    rows = partners(results)
    at = home(results.framework, results.role)
    track = results.track[:, rows] == ALLY
    return Paths(
        results.quarters, results.frameworks, tuple(results.codes[n] for n in rows),
        tuple(results.names[n] for n in rows), tuple(results.frameworks[at[-1, n]] for n in rows),
        results.state("trust")[:, rows].T, results.state("interoperability")[:, rows].T,
        np.argmax(at[:, rows] >= 0, axis=0), np.where(track.any(axis=0), np.argmax(track, axis=0), -1),
    )  # fmt: skip


def paths_table(data: Paths) -> Table:
    """First and last value of every partner."""
    rows = [
        (data.names[i], framework_short(data.frameworks[i]), f"{data.trust[i, 0]:.3f}", f"{data.trust[i, -1]:.3f}",
         f"{data.interoperability[i, 0]:.3f}", f"{data.interoperability[i, -1]:.3f}",
         "" if data.ally[i] < 0 else data.quarters[data.ally[i]])
        for i in range(len(data.codes))
    ]  # fmt: skip
    heads = ("partner", "framework", "trust, first", "trust, last", "interop., first", "interop., last", "ally from")
    return Table(heads, tuple(rows))


class Tiles(NamedTuple):
    """One value for every state, at its tile. `diverging`: zero is the middle of the scale."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    roles: tuple[str, ...]
    tiles: tuple[tuple[int, int], ...]
    values: Floats
    variable: str
    when: str
    diverging: bool


def tiles(results: Results, variable: str, step: int = -1, over: str = "step") -> Tiles:
    """A state variable on the map. over: "step" (its value then), "change" or "total" over the run."""
    table = results.state(variable)
    if over == "change":
        values, when = table[step] - table[0], f"change from {results.quarters[0]} to {results.quarters[step]}"
    elif over == "total":
        values, when = table.sum(axis=0), f"sum from {results.quarters[0]} to {results.quarters[-1]}"
    elif over == "step":
        values, when = table[step], results.quarters[step]
    else:
        raise ValueError(f'over: "{over}"; allowed: "step", "change", "total"')
    roles = tuple(ROLES[r] for r in results.role[step])
    return Tiles(results.codes, results.names, roles, results.tiles, values.copy(), variable, when, over == "change")


def tiles_table(data: Tiles) -> Table:
    """Every state with its value, largest first."""
    order = sorted(range(len(data.codes)), key=lambda n: (-data.values[n], data.codes[n]))
    texts = [signed(float(v), 3) if data.diverging else f"{v:.3f}" for v in data.values]
    rows = tuple((data.names[n], data.roles[n], texts[n]) for n in order)
    return Table(("state", "role", f"{lower(data.variable)}, {data.when}"), rows)


class Blocks(NamedTuple):
    """Mutual trust of every pair, states ordered by group; `first` of each group; means over pairs of groups (G, G)."""

    codes: tuple[str, ...]
    groups: tuple[str, ...]
    first: tuple[int, ...]
    trust: Floats
    change: Floats
    mean: Floats
    mean_change: Floats


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


def blocks(results: Results) -> Blocks:
    """Mutual trust at the end and its change since before the first quarter."""
    groups, members = grouped(results)
    order = np.array([n for rows in members for n in rows], dtype=np.int64)
    end = results.mutual_trust[1][np.ix_(order, order)].copy()
    change = end - results.mutual_trust[0][np.ix_(order, order)]
    np.fill_diagonal(end, np.nan)
    np.fill_diagonal(change, np.nan)
    edges = np.cumsum([0] + [len(rows) for rows in members])
    means = np.full((2, len(groups), len(groups)), np.nan)
    for a in range(len(groups)):
        for b in range(len(groups)):
            for i, whole in enumerate((end, change)):
                part = whole[edges[a] : edges[a + 1], edges[b] : edges[b + 1]]
                if (~np.isnan(part)).any():
                    means[i, a, b] = float(np.nanmean(part))
    return Blocks(
        tuple(results.codes[n] for n in order), tuple(groups), tuple(int(e) for e in edges[:-1]), end, change,
        means[0], means[1],
    )  # fmt: skip


def group_name(name: str) -> str:
    """Name of a group of states."""
    return "Allies" if name == "allies" else framework_name(name)


def blocks_table(data: Blocks) -> Table:
    """Mean mutual trust between groups at the end, and its change."""
    rows = tuple(
        (group_name(g), *(
            _mean_cell(float(data.mean[a, b]), float(data.mean_change[a, b])) for b in range(len(data.groups))
        )) for a, g in enumerate(data.groups)
    )  # fmt: skip
    return Table(("mean trust at the end (change)", *(group_name(g) for g in data.groups)), rows)


def _mean_cell(mean: float, change: float) -> str:
    return "one state" if math.isnan(mean) else f"{mean:.3f} ({signed(change, 3)})"


class Network(NamedTuple):
    """Partners on a ring by framework, the allies nearest to them inside; strongest ties. Unit circle."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[str, ...]
    declared: tuple[str, ...]
    track: tuple[str, ...]
    x: Floats
    y: Floats
    angle: Floats
    peer_ties: Ints  # (E, 2) rows of two partners
    peer_trust: Floats
    ally_ties: Ints  # (E, 2) rows of a partner and an ally
    ally_trust: Floats


def network(results: Results, each: int = 2, threshold: float = 0.5) -> Network:
    """Each partner's `each` strongest ties with partners and with allies, where mutual trust exceeds `threshold`."""
    groups, members = grouped(results)
    members[1:] = [_along(rows, results.mutual_trust[1], each) for rows in members[1:]]
    order = [n for rows in members for n in rows]
    label = [g for g, rows in zip(groups, members, strict=True) for _ in rows]
    allies = len(members[0])
    count = len(order) - allies
    gaps = max(len(groups) - 1, 1)
    turn = 2.0 * math.pi / max(count + 1.5 * gaps, 1.0)
    angle = np.zeros(len(order))
    place = 0.75
    for i in range(allies, len(order)):
        place += 1.5 if i > allies and label[i] != label[i - 1] else 0.0
        angle[i] = math.pi / 2.0 - turn * place
        place += 1.0
    trust = results.mutual_trust[1][np.ix_(order, order)]
    found: dict[str, dict[tuple[int, int], float]] = {"peer": {}, "ally": {}}
    for i in range(allies, len(order)):
        for kind, pool in (("peer", range(allies, len(order))), ("ally", range(allies))):
            best = sorted((j for j in pool if j != i and trust[i, j] > threshold), key=lambda j: (-trust[i, j], j))
            for j in best[:each]:
                found[kind][(min(i, j), max(i, j))] = float(trust[i, j])
    tied = sorted({a for a, _ in found["ally"]})
    angle[tied] = _near(tied, angle, list(found["ally"]))
    keep = [*tied, *range(allies, len(order))]
    row = {old: new for new, old in enumerate(keep)}
    ties = {
        k: np.array([(row[a], row[b]) for a, b in sorted(v)], dtype=np.int64).reshape(-1, 2) for k, v in found.items()
    }
    weight = {k: np.array([v[e] for e in sorted(v)]) for k, v in found.items()}
    angle, radius = angle[keep], np.where(np.arange(len(keep)) < len(tied), 0.5, 1.0)
    return Network(
        tuple(results.codes[order[i]] for i in keep), tuple(results.names[order[i]] for i in keep),
        tuple(label[i] for i in keep), results.frameworks,
        tuple(TRACK[results.track[-1, order[i]]] for i in keep), radius * np.cos(angle), radius * np.sin(angle), angle,
        ties["peer"], weight["peer"], ties["ally"], weight["ally"],
    )  # fmt: skip


def _along(rows: list[int], trust: Floats, each: int) -> list[int]:
    """States of a framework in an order that puts tied ones side by side: cluster by cluster, along Fiedler vectors."""
    count = len(rows)
    tie = trust[np.ix_(rows, rows)].copy()
    np.fill_diagonal(tie, -1.0)
    tied = np.zeros((count, count))
    tied[np.arange(count)[:, None], np.argsort(-tie, axis=1, kind="stable")[:, :each]] = 1.0
    tied = np.maximum(tied, tied.T)
    np.fill_diagonal(tied, 0.0)
    found: list[int] = []
    for start in range(count):
        if start in found:
            continue
        cluster = [start]
        for i in cluster:  # grows while it is walked
            cluster += [int(j) for j in np.flatnonzero(tied[i]) if j not in cluster]
        part = tied[np.ix_(cluster, cluster)]
        vector = np.linalg.eigh(np.diag(part.sum(axis=1)) - part)[1][:, min(1, len(cluster) - 1)]
        vector = np.round(vector if vector[0] <= 0.0 else -vector, 9)
        found += [cluster[i] for i in np.argsort(vector, kind="stable")]
    return [rows[i] for i in found]


def _near(tied: list[int], angle: Floats, ties: list[tuple[int, int]]) -> Floats:
    """Angles for allies on an inner ring: evenly spread, in the order and turn nearest to their partners."""
    means = []
    for a in tied:
        ends = [b for ally, b in ties if ally == a]
        means.append(math.atan2(float(np.sin(angle[ends]).sum()), float(np.cos(angle[ends]).sum())))
    count = len(tied)
    order = sorted(range(count), key=lambda i: (means[i], i))
    slots = -math.pi + 2.0 * math.pi * np.arange(count) / max(count, 1)
    found = np.zeros(count)
    best = math.inf
    for turn in range(36):
        tried = slots + 2.0 * math.pi * turn / (36.0 * max(count, 1))
        for shift in range(count):
            places = np.roll(tried, shift)
            off = sum(1.0 - math.cos(places[k] - means[i]) for k, i in enumerate(order))
            if off < best - 1e-12:
                best = off
                found[order] = places
    return found


def network_table(data: Network) -> Table:
    """The ties drawn, strongest first."""
    both = [(float(w), int(a), int(b)) for (a, b), w in zip(data.peer_ties, data.peer_trust, strict=True)]
    both += [(float(w), int(a), int(b)) for (a, b), w in zip(data.ally_ties, data.ally_trust, strict=True)]
    both.sort(key=lambda e: (-e[0], e[1], e[2]))
    return Table(
        ("state", "state", "mutual trust at the end"),
        tuple((data.names[a], data.names[b], f"{w:.3f}") for w, a, b in both),
    )
