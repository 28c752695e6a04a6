"""Dates on the way in: signature, action plan, invitation and accession, in runs and on record."""

from typing import Final

import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.chart import Chart, same
from analysis.pictures.style import BAD, GOOD, INK, SMALL, Sheet, panels
from analysis.studies.history.backtest import MATCHED, SHIPPED, Backtest
from analysis.studies.history.record import QUARTERS
from analysis.words import counted

EVENT_NAMES: Final = {
    "signature": "Signed PfP", "action_plan": "Action plan", "invitation": "Invited", "accession": "Ally",
}  # fmt: skip


def shown_states(found: Backtest, event: str) -> list[str]:
    """States to which an event happened on record or in a tenth of the runs of either set, in order of the record."""
    record = found.record
    codes = record.late if event == "signature" else record.codes
    known = record.happened(event, codes)
    often = np.max([(r.dates(event, codes) < np.inf).mean(axis=0) for r in found.runs.values()], axis=0)
    return [codes[i] for i in np.lexsort((-often, known)) if known[i] < QUARTERS or often[i] >= 0.1]


def draw_dates(axes: Axes, found: Backtest, event: str) -> None:
    """Bars of 50 % and 90 % of runs for each set, the share of runs where it happens, and the recorded date."""
    codes = tuple(shown_states(found, event))
    known, end = found.record.happened(event, codes), QUARTERS + 1.0
    for name, colour, shift in ((SHIPPED, GOOD, -0.18), (MATCHED, BAD, 0.18)):
        ranked = np.sort(found.runs[name].dates(event, codes), axis=0)
        for s in range(len(codes)):
            low, lower, upper, high = (
                min(float(ranked[round(q * (len(ranked) - 1)), s]), end) for q in (0.05, 0.25, 0.75, 0.95)
            )
            share = float((ranked[:, s] < np.inf).mean())
            if low < end:
                axes.plot([low, high], [s + shift] * 2, color=colour, lw=1.5, solid_capstyle="butt")
            if lower == upper < end:  # all of the middle half in one quarter
                lower, upper = lower - 0.35, upper + 0.35
            if lower < end:
                axes.plot([lower, upper], [s + shift] * 2, color=colour, lw=5.0, solid_capstyle="butt")
            axes.text(end + 1.0 + (0.0 if name == SHIPPED else 5.4), s, f"{100 * share:.0f}", ha="left", va="center",
                      fontsize=SMALL - 1.0, color=colour)  # fmt: skip
    on = known < QUARTERS
    axes.plot(known[on], np.flatnonzero(on), "o", color=INK, ms=6, zorder=5)
    axes.set_yticks(range(len(codes)), [found.record.facts[c].name for c in codes])
    axes.set_ylim(len(codes) - 0.4, -0.6)
    axes.set_xlim(-1, end)
    axes.set_xticks(range(0, QUARTERS, 8), [str(1994 + q // 4) for q in range(0, QUARTERS, 8)])
    axes.set_title(EVENT_NAMES[event])
    axes.grid(axis="x", lw=0.6)
    axes.tick_params(axis="y", length=0)


def finding(found: Backtest) -> str:
    """Invitations on record and in the model."""
    shipped, matched = (
        next(d for d in found.dates if d.event == "invitation" and d.forecaster == n) for n in (SHIPPED, MATCHED)
    )
    return (
        f"{counted(shipped.happened, 'invitation')} by 2004 on record; on average {shipped.expected:.1f} in this model "
        f"as shipped and {matched.expected:.1f} history-matched"
    )


def draw(found: Backtest, figure: Sheet) -> None:
    """A panel for each event."""
    most = panels(figure, 2, 2, left=2.05, right=0.95, across=2.45, down=0.7, top=0.25)
    for axes, event in zip([cell for row in most for cell in row], EVENT_NAMES, strict=True):
        draw_dates(axes, found, event)


FIGURES = (
    Chart(
        "history_track", "Dates on the way in",
        "Dots: the record. Bars: 50 % (thick) and 90 % (thin) of runs, as shipped (blue, above) and history-matched "
        "(orange, below). Numbers: % of runs in which it happens by 2004.",
        (11.0, 10.6), same, finding, draw, order=30, dots=110,
    ),
)  # fmt: skip
