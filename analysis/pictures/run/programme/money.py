"""Where the money went: by instrument and by who paid."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.chart import Chart
from analysis.pictures.run.shared import Money, money
from analysis.pictures.style import INSTRUMENT_LOOKS, PURSE_LOOKS, SMALL, SOFT, Sheet, panels, spread_labels
from analysis.words import PURSE_NAMES, Table, counted, lower, number, plain
from sim.law.compiled import Floats


def finding(data: Money) -> str:
    """Total, largest instrument, and who paid."""
    total = float(data.by_purse.sum())
    if total <= 0.0:
        return "No money was spent (EUR 0)"
    share = data.by_instrument.sum(axis=1)
    top = int(np.argmax(share))
    own = float(data.by_purse[data.purses.index("partner")].sum())
    most = f"{100 * share[top] / max(share.sum(), 1e-9):.0f} % for {lower(data.instruments[top])}"
    return (
        f"EUR {number(total)} million in {counted(len(data.years), 'year')}: {most}, and partners paid "
        f"{100 * own / total:.0f} % themselves"
    )


def table(data: Money) -> Table:
    """EUR million by year."""
    names = [*map(plain, data.instruments), *(f"Paid by {PURSE_NAMES[n]}" for n in data.purses)]
    lines = (*data.by_instrument, *data.by_purse)
    rows = tuple((n, *map(number, line), number(line.sum())) for n, line in zip(names, lines, strict=True))
    return Table(("EUR million", *data.years, "all years"), rows)


def draw(data: Money, figure: Sheet) -> None:
    """Stacked bars by year: left by instrument, right by purse; names stand beside the last bar's parts."""
    [[left, right]] = panels(figure, 1, 2, left=0.85, right=2.3, across=1.85, top=0.3)
    top = 1.04 * max(float(data.by_purse.sum(axis=0).max()), float(data.by_instrument.sum(axis=0).max()), 1e-3)
    every = max(1, -(-len(data.years) // 5))
    for axes, names, amounts, looks in (
        (left, data.instruments, data.by_instrument, INSTRUMENT_LOOKS),
        (right, data.purses, data.by_purse, PURSE_LOOKS),
    ):
        _bars(axes, names, amounts, looks, top)
        axes.set_xlim(-0.6, len(data.years) - 0.55)
        axes.set_ylim(0.0, top)
        axes.set_xticks(range(0, len(data.years), every), data.years[::every])
        axes.tick_params(axis="x", length=0)
    left.set_title("By instrument")
    right.set_title("By who paid")
    left.set_ylabel("EUR million a year")


def _bars(axes: Axes, names: tuple[str, ...], amounts: Floats, looks: Mapping[str, Any], top: float) -> None:
    """One stack a year, with names and shares of all years at the right."""
    base, middles = np.zeros(amounts.shape[1]), []
    for name, line in zip(names, amounts, strict=True):
        colour, hatch = looks[name]
        axes.bar(range(len(line)), line, bottom=base, width=0.82, color=colour, hatch=hatch, edgecolor="white", lw=0.5)
        middles.append(float(base[-1] + line[-1] / 2.0))
        base = base + line
    heights, end = spread_labels(middles, 0.075 * top, 0.03 * top, 0.97 * top), len(base) - 0.59
    for name, line, middle, height in zip(names, amounts, middles, heights, strict=True):
        if line.sum() > 0.0:
            words = f"{PURSE_NAMES.get(name, plain(name))}  {100.0 * line.sum() / amounts.sum():.0f} %"
            axes.plot([end, end + 0.35], [middle, height], color=SOFT, lw=0.7, clip_on=False)
            axes.text(end + 0.42, height, words, va="center", fontsize=SMALL, clip_on=False)


FIGURES = (
    Chart(
        "money", "Where the money went",
        "EUR million a year. The Alliance's money is shared out over activities by cost; shares are of all years.",
        (11, 6.0), money, finding, draw, table, order=100,
    ),
)  # fmt: skip
