"""Every partner's way: trust and interoperability from the first value to the last, by change."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import home, partners
from analysis.pictures.style import BAD, FAINT, GOOD, INK, SMALL, SOFT, Sheet, nothing, panels
from analysis.words import STILL, Table, counted, framework_short, shortened, signed
from sim.declare.names import ALLY
from sim.law.compiled import Floats, Ints
from sim.runs.results import Results


class Paths(NamedTuple):
    """Trust and interoperability of every partner, (P, S); `since` joining, `ally` accession or -1."""

    quarters: tuple[str, ...]
    codes: tuple[str, ...]
    names: tuple[str, ...]
    frameworks: tuple[str, ...]
    trust: Floats
    interoperability: Floats
    since: Ints
    ally: Ints

    def change(self) -> Floats:
        """(P,) change of trust since joining."""
        return np.asarray(self.trust[:, -1] - self.trust[np.arange(len(self.since)), self.since])

    def order(self) -> list[int]:
        """Partners from the largest rise of trust to the largest fall."""
        return [int(i) for i in np.argsort(-self.change(), kind="stable")]


def paths(results: Results) -> Paths:
    """The path of every state that was ever a partner in a framework."""
    rows = partners(results)
    at = home(results.framework, results.role)
    track = results.track[:, rows] == ALLY
    return Paths(
        results.quarters, tuple(results.codes[n] for n in rows),
        tuple(results.names[n] for n in rows), tuple(results.frameworks[at[-1, n]] for n in rows),
        results.state("trust")[:, rows].T, results.state("interoperability")[:, rows].T,
        np.argmax(at[:, rows] >= 0, axis=0), np.where(track.any(axis=0), np.argmax(track, axis=0), -1),
    )  # fmt: skip


def finding(data: Paths) -> str:
    """How many partners rose and fell, and by how much the extremes."""
    if not data.codes:
        return "0 partners were in a framework"
    change = data.change()
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
         *(f"{score[i, s]:.3f}" for score in (data.trust, data.interoperability) for s in (data.since[i], -1)),
         "" if data.ally[i] < 0 else data.quarters[data.ally[i]])
        for i in range(len(data.codes))
    )  # fmt: skip
    heads = ("partner", "framework", "trust, first", "trust, last", "interop., first", "interop., last", "ally from")
    return Table(heads, tuple(rows))


def size(data: Paths) -> tuple[float, float]:
    """A row a partner."""
    return 12.0, 3.2 + 0.21 * max(len(data.codes), 6)


def draw(data: Paths, figure: Sheet) -> None:
    """A row a partner, by its change of trust: from the hollow first value (on joining) to the full last one."""
    if not data.codes:
        return nothing(figure, "No partner was in a framework.")
    [[left, right]] = panels(figure, 1, 2, left=2.6, right=0.75, across=0.85, bottom=0.55, top=0.1)
    order = data.order()
    for axes, values, words in (
        (left, data.trust, "trust, 0 to 1"), (right, data.interoperability, "interoperability, 0 to 1"),
    ):  # fmt: skip
        _slopes(axes, values, data, order)
        axes.set_xlabel(words)
    names = [
        f"{shortened(data.names[i], 24)}{' (ally)' if data.ally[i] >= 0 else ''}  {framework_short(data.frameworks[i])}"
        for i in order
    ]
    left.set_yticks(range(len(order)), names, color=INK)
    right.set_yticks(range(len(order)), [""] * len(order))


def _slopes(axes: Axes, values: Floats, data: Paths, order: list[int]) -> None:
    """One score: a line from the first value to the last, and the change in figures."""
    for row, i in enumerate(order):
        first, last = float(values[i, data.since[i]]), float(values[i, -1])
        colour = SOFT if abs(last - first) < STILL else GOOD if last > first else BAD
        axes.plot([first, last], [row, row], color=colour, lw=2.4, solid_capstyle="butt", zorder=2)
        axes.plot([first], [row], marker="o", ms=5, mfc="white", mec=colour, mew=1.2, zorder=3)
        axes.plot([last], [row], marker="o", ms=6.5, color=colour, zorder=4)
        axes.text(1.02, row, signed(last - first), transform=axes.get_yaxis_transform(), va="center", fontsize=SMALL)
    axes.set_ylim(len(order) - 0.4, -0.6)
    axes.grid(axis="both", color=FAINT, lw=0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


FIGURES = (
    Chart(
        "partners", "Each partner's path",
        "By change of trust. Hollow: first value in a framework; filled: last value; figures: the change. Blue: rose; "
        "orange: fell; grey: stood still. Behind the name: the framework.",
        size, paths, finding, draw, table, order=30,
    ),
)  # fmt: skip
