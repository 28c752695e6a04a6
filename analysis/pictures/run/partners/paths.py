"""Every partner's path: trust and interoperability in a small panel for each."""

from typing import Any, NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Rectangle

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import home, partners
from analysis.pictures.style import INK, SMALL, Sheet, canvas, framework_look, nothing, spread_labels
from analysis.words import STILL, Table, counted, framework_name, framework_short, shortened, signed
from sim.declare.names import ALLY
from sim.law.compiled import Floats, Ints
from sim.runs.results import Results

COLUMNS = 8
SHORTER = {"Bosnia and Herzegovina": "Bosnia and H.", "United Arab Emirates": "UAE"}


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


def finding(data: Paths) -> str:
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


def table(data: Paths) -> Table:
    """First and last value of every partner."""
    rows = (
        (data.names[i], framework_short(data.frameworks[i]),
         *(f"{score[i, s]:.3f}" for score in (data.trust, data.interoperability) for s in (0, -1)),
         "" if data.ally[i] < 0 else data.quarters[data.ally[i]])
        for i in range(len(data.codes))
    )  # fmt: skip
    heads = ("partner", "framework", "trust, first", "trust, last", "interop., first", "interop., last", "ally from")
    return Table(heads, tuple(rows))


def cells(groups: list[int], columns: int) -> list[tuple[int, int]]:
    """Column and row of every cell of groups of the given sizes; each group starts a new row."""
    found, row = [], 0
    for size in groups:
        found += [(i % columns, row + i // columns) for i in range(size)]
        row += -(-size // columns)
    return found


def draw(data: Paths, figure: Sheet) -> None:
    """A small panel for each partner: trust full, interoperability dashed; grey before joining; dotted at accession."""
    if not data.codes:
        return nothing(figure, "No partner was in a framework.")
    axes = canvas(figure, right=0.2)
    names = list(dict.fromkeys(data.frameworks))
    at = cells([data.frameworks.count(n) for n in names], COLUMNS)
    heads = np.cumsum([0.0] + [0.34] * len(names))
    group = [names.index(f) for f in data.frameworks]
    steps = np.linspace(0.02, 0.84, data.trust.shape[1])
    lines: dict[str, list[Any]] = {"trust": [], "interoperability": [], "before": []}
    boxes, ticks = [], []
    for i, (x, y) in enumerate(at):
        base, since = y + heads[group[i] + 1], int(data.since[i])
        boxes.append(Rectangle((x + 0.02, base + 0.22), 0.82, 0.68))
        for score, values in (("trust", data.trust[i]), ("interoperability", data.interoperability[i])):
            points = np.column_stack([x + steps, base + 0.90 - 0.68 * values])
            lines[score].append(points[since:])
            if since > 0:
                lines["before"].append(points[: since + 1])
        if data.ally[i] >= 0:
            ticks.append([(x + steps[data.ally[i]], base + 0.22), (x + steps[data.ally[i]], base + 0.90)])
        name = shortened(SHORTER.get(data.names[i], data.names[i]), 18)
        axes.text(x + 0.02, base + 0.17, name, fontsize=SMALL, va="baseline", color=INK)
        ends = [float(data.trust[i, -1]), float(data.interoperability[i, -1])]
        for value, height, ink in zip(ends, spread_labels(ends, 0.27, 0.0, 1.0), ("#005a8e", "#A84300"), strict=True):
            axes.text(x + 0.855, base + 0.90 - 0.68 * height, f"{100 * value:.0f}", fontsize=SMALL, color=ink,
                      va="center")  # fmt: skip
    for g, name in enumerate(names):
        y, colour = at[group.index(g)][1] + heads[g + 1], framework_look(name, data.declared)[0]
        axes.text(0.0, y - 0.12, framework_name(name), color=colour, fontsize=12, fontweight="bold")
        axes.plot([0.0, COLUMNS], [y - 0.04] * 2, color=colour, lw=1.0)
    axes.add_collection(PatchCollection(boxes, facecolor="#f3f3f3", edgecolor="none"))
    for what, colour, width, dashes in (
        (lines["before"], "#b0b0b0", 1.2, "-"), (lines["interoperability"], "#D55E00", 1.8, (0, (3, 1.2))),
        (lines["trust"], "#0072B2", 2.0, "-"), (ticks, INK, 1.2, (0, (1, 1))),
    ):  # fmt: skip
        axes.add_collection(LineCollection(what, colors=colour, linewidths=width, linestyles=[dashes]))
    axes.set_xlim(0.0, COLUMNS)
    axes.set_ylim(max(y for _, y in at) + 1 + heads[-1], 0.0)


FIGURES = (
    Chart(
        "partners", "Each partner's path",
        "Full blue: trust; dashed orange: interoperability; each panel from 0 to 1, last value in hundredths. "
        "Grey: before joining; dotted: accession.",
        (12, 9.5), paths, finding, draw, table, order=30,
    ),
)  # fmt: skip
