"""A comparison in tables: all differences as CSV, short ones for the terminal and the page; and its manifest."""

from collections.abc import Sequence
from pathlib import Path

from analysis.studies.compare.comparison import COLUMNS, Comparison, Judged
from analysis.studies.compare.verdict import figure, noun, percent, span
from analysis.words import Table, measure_name, number
from sim.declare.names import MEASURES
from sim.law.measures import DECLARED
from sim.outputs.files import write_csv


def write_differences(whole: Comparison, path: Path) -> Path:
    """Every policy on every measure against the baseline, one row each; on the primary measure intervals are joint."""
    return write_csv(path, COLUMNS, (row for one in whole.scenarios for row in one.rows()))


def policy_table(judged: Judged) -> Table:
    """Policies best first: gain with interval, change, how often best, cost, and what a point costs."""
    rows = []
    for p in judged.order():
        gain, m = judged.gain(p), judged.asked.measure
        base = p == judged.asked.baseline
        cost = judged.lines[p][MEASURES.index("cost")]
        rows.append((
            judged.asked.titles[p], "baseline" if base else figure(gain.mean, m),
            "" if base else span(gain.low, gain.high, m), "" if base else relative_text(judged, p),
            f"{100 * judged.wins[p]:.0f} %", "yes" if p in judged.best.not_beaten else "no", number(cost.mean),
            "none gained" if judged.price[p] is None else number(float(judged.price[p] or 0.0)),
        ))  # fmt: skip
    heads = ("policy", "gain", "95 %", "change", "best in", "best?", "cost", "per point")
    return Table(heads, tuple(rows))


def relative_text(judged: Judged, policy: int) -> str:
    """The change of the measure in % with its sign."""
    change = judged.lines[policy][judged.at].relative
    return "unbounded" if change is None else f"{'−' if change.mean < 0.0 else '+'}{percent(abs(change.mean))} %"


def measure_table(judged: Judged, policy: int, only: Sequence[str] = MEASURES) -> Table:
    """One policy against the baseline on every measure, and how many times fewer runs pairing needs."""
    rows = []
    for measure in only:
        m = MEASURES.index(measure)
        line, base = judged.lines[policy][m], judged.lines[judged.asked.baseline][m]
        gap = judged.primary[policy] if m == judged.at else line.difference
        way = DECLARED[measure].direction
        told = "differs" if way == 0 else "better" if way * gap.mean > 0.0 else "worse"
        rows.append((
            measure_name(measure), figure(base.mean, measure), figure(line.mean, measure), figure(gap.mean, measure),
            span(gap.low, gap.high, measure), told if gap.excludes() else "no", ratio_text(line.variance_ratio),
        ))  # fmt: skip
    own = judged.asked.titles[policy]
    heads = ("measure", judged.asked.titles[judged.asked.baseline], own, "difference", "95 %", "told", "pairing saves")
    return Table(heads, tuple(rows))


def ratio_text(ratio: float) -> str:
    """A variance ratio in words: 12 times, or that nothing varies."""
    return "all" if ratio == float("inf") else f"{number(ratio)} times"


def scenario_table(whole: Comparison) -> Table:
    """Over scenarios: measure, leading policy, its gain, from what size a gain matters, and how sure its lead over all
    others is: clear (by more than matters), first, or one of so many that may be best.
    """
    rows = []
    for one in whole.scenarios:
        gain, m, best = one.gain(one.leader), one.asked.measure, one.best
        first = "first" if len(best.not_beaten) == 1 else f"1 of {len(best.not_beaten)}"
        rows.append((
            one.asked.name, noun(m), one.asked.titles[one.leader], figure(gain.mean, m), span(gain.low, gain.high, m),
            f"{one.asked.smallest:g}", first if best.winner is None else "clear",
        ))  # fmt: skip
    return Table(("scenario", "measure", "leads", "gain", "95 %", "matters", "lead"), tuple(rows))
