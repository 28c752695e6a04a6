"""What the money bought: points of trust and interoperability per EUR million."""

import numpy as np
from matplotlib.patches import Patch

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import Bought, bought
from analysis.pictures.style import INK, INSTRUMENT_LOOKS, SOFT, Sheet, note, nothing, panels
from analysis.words import Table, lower, number, plain


def finding(data: Bought) -> str:
    """Best buy for interoperability and for trust."""
    if not data.activities:
        return "0 activities were paid for"
    trust = int(np.argmax(data.per_million[0]))
    best = f"{plain(data.activities[0])} brought most interoperability per EUR million"
    most = f"{lower(data.activities[trust])} most trust ({number(data.per_million[0, trust])})"
    return f"{best} ({number(data.per_million[1, 0])} points), {most}"


def table(data: Bought) -> Table:
    """Cost, gain and gain per EUR million by activity."""
    columns = np.array([data.cost, *data.gain, *data.per_million])
    rows = (
        (plain(name), plain(data.instruments[i]), *map(number, columns[:, i])) for i, name in enumerate(data.activities)
    )
    heads = (
        "activity", "instrument", "EUR million", "trust, points", "interop., points", "trust, points per EUR million",
        "interop., points per EUR million",
    )  # fmt: skip
    return Table(heads, tuple(rows))


def draw(data: Bought, figure: Sheet) -> None:
    """Bars: points per EUR million of interoperability and of trust; a column of what was spent."""
    if not data.activities:
        return nothing(figure, "No money was spent on activities.")
    [[skill, trust]] = panels(figure, 1, 2, left=2.45, right=0.9, across=0.55, top=0.35, bottom=0.25)
    rows = np.arange(len(data.activities))
    for axes, values, title in (
        (skill, data.per_million[1], "Interoperability, points per EUR million"),
        (trust, data.per_million[0], "Trust, points per EUR million"),
    ):
        for row, value, name in zip(rows, values, data.instruments, strict=True):
            colour, hatch = INSTRUMENT_LOOKS[name]
            axes.barh(row, value, height=0.74, color=colour, hatch=hatch, edgecolor="white", lw=0.4)
            note(axes, number(value), (max(value, 0.0), row), (3, 0))
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(min(0.0, 1.05 * float(values.min())), 1.14 * max(float(values.max()), 1e-6))
        axes.set_title(title)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0.0, color=SOFT, lw=0.8)
    skill.set_yticks(rows, [plain(a) for a in data.activities], color=INK)
    trust.set_yticks(rows, [])
    spent = [(number(cost), i, (44, 0), "center") for i, cost in enumerate(data.cost)]
    for words, place, shift, up in (*spent, ("EUR million", -0.7, (48, 4), "bottom")):
        note(trust, words, (1.0, place), shift, xycoords=("axes fraction", "data"), ha="right", va=up, color=SOFT)
    keys = [
        Patch(facecolor=INSTRUMENT_LOOKS[n][0], hatch=INSTRUMENT_LOOKS[n][1], edgecolor="white", label=plain(n))
        for n in dict.fromkeys(data.instruments)
    ]
    skill.legend(handles=keys, loc="lower right", handlelength=1.4, borderaxespad=0.2)


FIGURES = (
    Chart(
        "bought", "What the money bought",
        "Points (0.01 of a score of one partner) entered in the ledger under each activity, per EUR million of all "
        "purses; accounting, not causation.",
        (11, 8.0), bought, finding, draw, table, order=110,
    ),
)  # fmt: skip
