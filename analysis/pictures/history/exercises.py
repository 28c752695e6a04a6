"""Exercises by year: the fan of simulated participation, and the record."""

from typing import Final

import numpy as np

from analysis.pictures.chart import Chart, same
from analysis.pictures.style import GOOD, INK, SMALL, SOFT, Sheet, panels
from analysis.studies.history.backtest import SHIPPED, Backtest
from analysis.studies.history.fit import BALTIC, FAR
from analysis.studies.history.record import LAST_FIT, YEARS, Recorded
from analysis.studies.history.runs import Counts, drawn
from sim.law.compiled import Floats

GROUPS: Final = {
    "All 28 states of the sample": (), "Joined in 1999 (to 1998)": ("CZE", "HUN", "POL"),
    "Baltic states": BALTIC, "South-eastern Europe": ("ALB", "BGR", "MKD", "ROU", "SVN", "SVK"),
    "Neutral in 1994": ("AUT", "CHE", "FIN", "MLT", "SWE"), "Caucasus and Central Asia": FAR,
}  # fmt: skip


def band(counts: Counts, rows: list[int], upto: int) -> Floats:
    """(5, Y) quantiles 5, 25, 50, 75, 95 % of a group's listed exercises, luck of counting included."""
    total = np.nansum(drawn(counts, seed=2)[:, rows, :upto], axis=1)
    return np.asarray(np.percentile(total, [5.0, 25.0, 50.0, 75.0, 95.0], axis=0))


def inside(record: Recorded, counts: Counts, rows: list[int], upto: int, first: int = 0) -> tuple[int, int]:
    """Years of a group within the 90 % band, and years."""
    low, _, _, _, high = band(counts, rows, upto)
    seen = np.nansum(record.counts[rows, :upto], axis=0)
    return int(((seen >= low) & (seen <= high))[first:].sum()), upto - first


def group_rows(record: Recorded, codes: tuple[str, ...]) -> list[int]:
    """Rows of a group; all where none is named. The 1999 joiners leave the sample when they join."""
    return [i for i, code in enumerate(record.codes) if not codes or code in codes]


def finding(found: Backtest) -> str:
    """In how many tested years the total lies within the band."""
    record, counts = found.record, found.counts[SHIPPED]
    within, years = inside(record, counts, group_rows(record, ()), len(YEARS), LAST_FIT - YEARS[0] + 1)
    return f"After 1998 the total lies within the 90 % band in {within} of {years} years, in this model"


def draw(found: Backtest, figure: Sheet) -> None:
    """A panel for each group of states."""
    record, counts = found.record, found.counts[SHIPPED]
    grid = panels(figure, 2, 3, left=0.7, across=0.55, down=0.75, top=0.25)
    cells = [cell for row in grid for cell in row]
    for axes, (name, codes) in zip(cells, GROUPS.items(), strict=True):
        upto = LAST_FIT - YEARS[0] + 1 if "1999" in name else len(YEARS)
        rows, years_shown = group_rows(record, codes), np.array(YEARS[:upto])
        low, lower, middle, upper, high = band(counts, rows, upto)
        axes.fill_between(years_shown, low, high, color=GOOD, alpha=0.18, lw=0)
        axes.fill_between(years_shown, lower, upper, color=GOOD, alpha=0.35, lw=0)
        axes.plot(years_shown, middle, color=GOOD)
        axes.plot(years_shown, np.nansum(record.counts[rows, :upto], axis=0), "o", color=INK, ms=5.5)
        axes.axvline(LAST_FIT + 0.5, color=SOFT, lw=1.0, ls=(0, (3, 3)))
        axes.set_title(name)
        axes.set_xlim(YEARS[0] - 0.4, YEARS[-1] + 0.4)
        axes.set_ylim(0.0, 1.12 * axes.get_ylim()[1])
        axes.set_xticks([1994, 1997, 2000, 2003])
    top = cells[0]
    high = top.get_ylim()[1]
    top.text(LAST_FIT + 0.35, high, "fitted", ha="right", va="top", fontsize=SMALL, color=SOFT)
    top.text(LAST_FIT + 0.65, high, "tested", ha="left", va="top", fontsize=SMALL, color=SOFT)
    for row in grid:
        row[0].set_ylabel("exercises a year")


FIGURES = (
    Chart(
        "history_exercises", "Exercises by year",
        "Dots: listed exercises, counted once for each partner. Line and bands: median, 50 % and 90 % of runs with the "
        "shipped parameters. One scale and one spread, both from 1994-98, turn places into listed exercises.",
        (11.0, 8.0), same, finding, draw, order=10, dots=110,
    ),
)  # fmt: skip
