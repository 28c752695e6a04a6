"""The trust network: each partner's strongest ties with partners and with allies."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import grouped
from analysis.pictures.style import FOOT, INK, NEUTRAL, SMALL, SOFT, Sheet, blank, broken, framework_look, inches
from analysis.words import Table, framework_name
from sim.declare.names import TRACK
from sim.law.compiled import Floats, Ints
from sim.runs.results import Results


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


def finding(data: Network) -> str:
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


def table(data: Network) -> Table:
    """The ties drawn, strongest first."""
    both = [
        (float(w), int(a), int(b))
        for ties, trust in ((data.peer_ties, data.peer_trust), (data.ally_ties, data.ally_trust))
        for (a, b), w in zip(ties, trust, strict=True)
    ]
    both.sort(key=lambda e: (-e[0], e[1], e[2]))
    rows = tuple((data.names[a], data.names[b], f"{w:.3f}") for w, a, b in both)
    return Table(("state", "state", "mutual trust at the end"), rows)


def draw(data: Network, figure: Sheet) -> None:
    """Partners on a ring by framework, allies inside; thick: ties between partners, thin grey: ties with allies."""
    wide, high = figure.get_size_inches()
    axes = blank(inches(figure, 0.0, 0.0, wide, high - figure.head - FOOT))
    axes.set_xlim(-2.17, 2.17)
    axes.set_ylim(-1.4, 1.4)
    axes.set_aspect("equal")
    axes.add_collection(LineCollection(
        [[(data.x[a], data.y[a]), (data.x[b], data.y[b])] for a, b in data.ally_ties], colors="#bdbdbd",
        linewidths=0.8, zorder=1,
    ))  # fmt: skip
    low = float(data.peer_trust.min()) if len(data.peer_trust) else 0.0
    reach = max(float(data.peer_trust.max()) - low, 1e-9) if len(data.peer_trust) else 1.0
    curves, tints, widths = [], [], []
    bend = np.linspace(0.0, 1.0, 16)[:, None]
    for (a, b), trust in zip(data.peer_ties, data.peer_trust, strict=True):
        start, end = np.array([data.x[a], data.y[a]]), np.array([data.x[b], data.y[b]])
        middle = 0.62 * (start + end) / 2.0 + 0.10 * (start + end) / 2.0
        curves.append((1 - bend) ** 2 * start + 2 * bend * (1 - bend) * middle + bend**2 * end)
        same = data.groups[a] == data.groups[b]
        tints.append(framework_look(data.groups[a], data.declared)[0] if same else INK)
        widths.append(1.0 + 3.0 * (float(trust) - low) / reach)
    axes.add_collection(LineCollection(curves, colors=tints, linewidths=widths, alpha=0.75, zorder=2))
    allies = np.array([g == "allies" for g in data.groups], dtype=bool)
    axes.scatter(data.x[allies], data.y[allies], s=22, color=NEUTRAL, zorder=3)
    for i in np.flatnonzero(allies):
        _radial(axes, data, int(i), 0.40, SOFT, inward=True)
    for group in dict.fromkeys(g for g in data.groups if g != "allies"):
        rows = np.array([g == group for g in data.groups])
        colour, _, marker = framework_look(group, data.declared)
        joined = np.array([t == "ally" for t in data.track]) & rows
        axes.scatter(data.x[rows], data.y[rows], s=64, color=colour, marker=marker, zorder=4, edgecolors="white")
        axes.scatter(data.x[joined], data.y[joined], s=150, facecolors="none", edgecolors=INK, zorder=4)
        for i in np.flatnonzero(rows):
            _radial(axes, data, int(i), 1.07, INK, inward=False)
        at = float(data.angle[rows].mean())
        x, y = 1.3 * math.cos(at), 1.31 * math.sin(at)
        axes.text(x, y, broken(framework_name(group)), color=colour, fontsize=12, fontweight="bold",
                  ha="center" if abs(x) < 0.35 else "left" if x > 0 else "right", va="center")  # fmt: skip


def _radial(axes: Axes, data: Network, i: int, radius: float, colour: str, inward: bool) -> None:
    """A code written along the radius, never upside down."""
    turn = math.degrees(float(data.angle[i])) % 360.0
    flip = 90.0 < turn < 270.0
    axes.text(
        radius * math.cos(data.angle[i]), radius * math.sin(data.angle[i]), data.codes[i], fontsize=SMALL, color=colour,
        rotation=turn + 180.0 if flip else turn, rotation_mode="anchor",
        ha="right" if flip != inward else "left", va="center",
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85} if inward else None, zorder=5,
    )  # fmt: skip


FIGURES = (
    Chart(
        "trust_network", "Trust network",
        "Ring: partners by framework, ringed if now an ally; inside: allies. Each partner's 2 strongest ties with "
        "partners (thick; black across frameworks) and allies (grey), mutual trust above 0.5.",
        (11, 8.5), network, finding, draw, table, order=90,
    ),
)  # fmt: skip
