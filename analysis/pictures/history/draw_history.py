"""Three figures of the backtest: exercises by year, how far chances can be trusted, and dates on the way in."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import matplotlib
import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.style import BAD, FAINT, GOOD, INK, NEUTRAL, RC, SMALL, SOFT, About, Sheet, panels, sheet
from analysis.studies.history.backtest import MATCHED, SHIPPED, Backtest
from analysis.studies.history.fit import BALTIC, FAR, SCENARIO
from analysis.studies.history.record import LAST_FIT, QUARTERS, YEARS, Recorded
from analysis.studies.history.runs import Counts, drawn
from analysis.words import counted
from sim.law.compiled import RULES_HASH, Floats
from sim.outputs.files import whole

GROUPS: Final = {
    "All 28 states of the sample": (), "Joined in 1999 (to 1998)": ("CZE", "HUN", "POL"),
    "Baltic states": BALTIC, "South-eastern Europe": ("ALB", "BGR", "MKD", "ROU", "SVN", "SVK"),
    "Neutral in 1994": ("AUT", "CHE", "FIN", "MLT", "SWE"), "Caucasus and Central Asia": FAR,
}  # fmt: skip
EVENT_NAMES: Final = {
    "signature": "Signed PfP", "action_plan": "Action plan", "invitation": "Invited",
    "accession": "Ally",
}  # fmt: skip
NAMES: Final = ("history_exercises", "history_reliability", "history_track")


class ManyRuns(About):
    """The foot of a figure that shows many runs."""

    def lines(self) -> tuple[str, str]:
        """The two lines at the foot."""
        one, other = super().lines()
        return one.replace(f"replicate {self.replicate}", f"{self.replicate} replicates a set"), other


def about(found: Backtest) -> About:
    """What the figures rest on."""
    return ManyRuns(SCENARIO, "status_quo", found.seed, found.replicates, RULES_HASH)


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


def draw_exercises(found: Backtest) -> Sheet:
    """The fan of simulated participation by year, and the record."""
    record, counts = found.record, found.counts[SHIPPED]
    within, years = inside(record, counts, group_rows(record, ()), len(YEARS), LAST_FIT - YEARS[0] + 1)
    figure = sheet(
        (11.0, 8.0), f"After 1998 the total lies within the 90 % band in {within} of {years} years, in this model",
        "Dots: listed exercises, counted once for each partner. Line and bands: median, 50 % and 90 % of runs with the "
        "shipped parameters. One scale and one spread, both from 1994-98, turn places into listed exercises.",
        about(found),
    )  # fmt: skip
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
    return figure


def bins(outcome: Floats, chance: Floats, count: int = 6) -> list[tuple[float, float, float, float, int]]:
    """By bin of about equal size: mean chance, share that happened, its 90 % interval (Jeffreys), cases."""
    from scipy.stats import beta

    keep = np.isfinite(outcome) & np.isfinite(chance)
    order = np.argsort(chance[keep], kind="stable")
    told, happened = chance[keep][order], outcome[keep][order]
    found = []
    for part in np.array_split(np.arange(len(told)), count):
        yes, n = float(happened[part].sum()), len(part)
        low, high = beta.ppf([0.05, 0.95], yes + 0.5, n - yes + 0.5)
        found.append((float(told[part].mean()), yes / n, float(low), float(high), n))
    return found


def draw_reliability(found: Backtest) -> Sheet:
    """How often what was given a chance did happen."""
    target = next(t for t in found.targets if t.name == "takes part in a year, 1999-2003")
    shown = ((SHIPPED, GOOD, "o"), (MATCHED, BAD, "s"), ("exercises", NEUTRAL, "^"))
    model, rival = (found.line(target.name, n, "Brier").value for n in (SHIPPED, "exercises"))
    verdict = "worse than" if model > rival else "no worse than"
    figure = sheet(
        (11.0, 5.6),
        f"Chances of taking part in 1999-2003: Brier {model:.3f}, {verdict} the {rival:.3f} of past exercises",
        f"Chance given, and share that happened with its 90 % interval, in six bins of about equal size "
        f"({target.cases}). On the diagonal chances can be taken at their word.", about(found),
    )  # fmt: skip
    (row,) = panels(figure, 1, 3, left=0.75, across=0.45, top=0.25, bottom=0.45)
    words = {SHIPPED: "Model as shipped", MATCHED: "Model, history-matched", "exercises": "Past exercises alone"}
    for axes, (name, colour, marker) in zip(row, shown, strict=True):
        axes.plot([0, 1], [0, 1], color=FAINT, lw=1.5)
        for x, y, low, high, _ in bins(target.outcome, target.forecasts[name]):
            axes.plot([x, x], [low, high], color=colour, lw=1.6)
            axes.plot(x, y, marker, color=colour, ms=7)
        axes.set_title(words[name])
        axes.set_xlim(-0.03, 1.03)
        axes.set_ylim(-0.03, 1.03)
        axes.set_xlabel("chance given")
    row[0].set_ylabel("share that took part")
    return figure


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


def draw_track(found: Backtest) -> Sheet:
    """Dates of signature, action plan, invitation and accession."""
    shipped, matched = (
        next(d for d in found.dates if d.event == "invitation" and d.forecaster == n) for n in (SHIPPED, MATCHED)
    )
    recorded = counted(shipped.happened, "invitation")
    figure = sheet(
        (11.0, 10.6), f"{recorded} by 2004 on record; on average {shipped.expected:.1f} in this model as shipped and "
        f"{matched.expected:.1f} history-matched",
        "Dots: the record. Bars: 50 % (thick) and 90 % (thin) of runs, as shipped (blue, above) and history-matched "
        "(orange, below). Numbers: % of runs in which it happens by 2004.", about(found),
    )  # fmt: skip
    most = panels(figure, 2, 2, left=2.05, right=0.95, across=2.45, down=0.7, top=0.25)
    for axes, event in zip([cell for row in most for cell in row], EVENT_NAMES, strict=True):
        draw_dates(axes, found, event)
    return figure


def draw(found: Backtest, folder: Path) -> list[Path]:
    """Write the three figures."""
    makers: tuple[Callable[[Backtest], Sheet], ...] = (draw_exercises, draw_reliability, draw_track)
    written = []
    with matplotlib.rc_context(RC):
        for name, maker in zip(NAMES, makers, strict=True):
            with whole(folder / f"{name}.png") as path:
                maker(found).savefig(path, format="png", dpi=110)
            written.append(folder / f"{name}.png")
    return written
