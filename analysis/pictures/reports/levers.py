"""The pages of what was measured: a sweep of every lever with its pictures, and the first table of policies."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill
from typing import Final

import matplotlib
import numpy as np
from matplotlib.axes import Axes

from analysis.pictures.reports.declared import lever_words, measured, number, table
from analysis.pictures.style import GOOD, INK, RC, SOFT, About, panels, sheet
from analysis.stats.intervals import Interval
from analysis.studies.compare.comparison import direction
from analysis.studies.lever_sweeps import (
    BASE,
    SCENARIOS,
    SMALL,
    Dial,
    FirstTable,
    Sweep,
    dials,
    first_table,
    gains,
    sweep,
)
from analysis.words import plain
from sim.declare.levers import LEVERS
from sim.inputs.load import load_scenario
from sim.inputs.policy import load_policy
from sim.law.compiled import RULES_HASH
from sim.law.measures import DECLARED
from sim.outputs.files import whole, write_text

SHOWN: Final = ("harm", "mutual_trust", "stability", "readiness", "cost")
JUDGED: Final = ("harm", "mutual_trust", "stability", "readiness", "interoperability", "legitimacy", "deterrence")
LOOKS: Final = {"eastern_flank": ("#D55E00", "-", "o"), "baseline_2025": (GOOD, (0, (4, 1.5)), "s")}


def plus_minus(gap: Interval, digits: int) -> str:
    """`+0.012 ± 0.003`."""
    return f"{gap.mean:+.{digits}f} ± {gap.half:.{digits}f}".replace("-", "\N{MINUS SIGN}")


def draw(found: Sweep, chosen: Sequence[Dial], title: str, path: Path) -> Path:
    """Small multiples: a row a lever, a column a measure; lines are paired differences, bands their 95 % intervals."""
    titles = {name: load_scenario(name).title.partition(":")[0] for name in SCENARIOS}
    moved = f"{load_policy(BASE).title}, one lever moved"
    luck = f"paired replicates 0 to {found.replicates - 1}"
    foot = About(" and ".join(titles.values()), moved, found.seed, luck, RULES_HASH)
    shows = (
        "Difference from status quo against the lever's value: line the mean, band the paired 95 % interval. "
        f"Orange circles: {titles['eastern_flank']}; blue squares: {titles['baseline_2025']}. Grey vertical line: the "
        "default. Scales differ; what is too small to matter is drawn flat."
    )
    size = (14.0, 2.2 + 1.32 * len(chosen))
    with matplotlib.rc_context(RC):
        figure = sheet(size, title, shows, foot)
        grid = panels(figure, len(chosen), len(SHOWN), left=2.6, right=0.7, top=0.35, across=0.62, down=0.42)
        for row, dial in zip(grid, chosen, strict=True):
            for axes, measure in zip(row, SHOWN, strict=True):
                _panel(axes, found, dial, measure)
            row[0].annotate(
                _title(dial), (0, 0.5), xytext=(-62, 0), xycoords="axes fraction",
                textcoords="offset points", ha="right", va="center", fontweight="bold",
            )  # fmt: skip
        for axes, measure in zip(grid[0], SHOWN, strict=True):
            better = {1: "more is better", -1: "less is better"}[direction(measure)]
            axes.set_title(f"{plain(measure)}\n", fontsize=11)
            words = f"{DECLARED[measure].unit}; {better}"
            axes.text(0, 1.06, words, transform=axes.transAxes, fontsize=8.5, color=SOFT)
        with whole(path) as hidden:
            figure.savefig(hidden, format="png", dpi=110)
    return path


def _title(dial: Dial) -> str:
    return plain(dial.lever) if not dial.name else fill(f"{plain(dial.lever)}: {plain(dial.name).lower()}", 15)


def _panel(axes: Axes, found: Sweep, dial: Dial, measure: str) -> None:
    """One lever against one measure."""
    words = isinstance(dial.default, str)
    at = np.arange(len(dial.values)) if words else np.array([float(v) for v in dial.values])
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.axvline(dial.values.index(dial.default) if words else float(dial.default), color="#b5b5b5", linewidth=1.0)
    largest = 0.0
    for scenario, (colour, dashes, marker) in LOOKS.items():
        points = [found.difference(scenario, dial, i, measure) for i in range(len(dial.values))]
        mean, low, high = np.array([(p.mean, p.low, p.high) for p in points]).T
        largest = max(largest, float(np.abs([low, high]).max()))
        if words:
            shift = -0.1 if scenario == SCENARIOS[0] else 0.1
            bars = (mean - low, high - mean)
            axes.errorbar(at + shift, mean, bars, color=colour, fmt=marker, markersize=4, linewidth=1.4, capsize=2)
            continue
        axes.fill_between(at, low, high, color=colour, alpha=0.22, linewidth=0)
        axes.plot(at, mean, color=colour, linestyle=dashes, marker=marker, markersize=3.5, linewidth=1.6)
    axes.margins(y=0.12)
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -2 * SMALL[measure]), max(high, 2 * SMALL[measure]))
    axes.locator_params(axis="y", nbins=4)
    if largest < SMALL[measure]:
        none = "no effect" if largest < 1e-9 else "too small to matter"
        axes.text(0.5, 0.78, none, transform=axes.transAxes, ha="center", fontsize=9, color=SOFT)
    if words:
        short = [str(v).replace("decision_", "").replace("_decision", "").replace("_", " ") for v in dial.values]
        axes.set_xticks(at, ["\n" * (i % 2) + word for i, word in enumerate(short)], fontsize=7.5)
        axes.set_xlim(-0.5, len(at) - 0.5)
    axes.tick_params(labelsize=8.5, colors=INK)


def write_levers(folder: Path, found: Sweep | None = None) -> list[Path]:
    """Write levers.md and its figures into a folder of documentation."""
    found = sweep() if found is None else found
    single = [dial for dial in dials() if not dial.name]
    shares = [dial for dial in dials() if dial.lever in ("split", "rule", "focus_framework")]
    keys = [(s, a, m) for s in SCENARIOS for a in single for m in JUDGED]
    some = {a.lever for s, a, m in keys for best in (found.inner(s, a, m),) if best is not None and best[1]}
    title = (
        f"{len(some)} of {len(single)} single levers have an inner optimum that matters: "
        f"{', '.join(plain(lever).lower() for lever in LEVERS if lever in some)}; the others trade one gain for another"
    )
    figures = [
        draw(found, single, title, folder / "figures" / "levers.png"),
        draw(found, shares, "Shares of money, targeting rules and focus: who gets more, and what it changes",
             folder / "figures" / "levers_shares.png"),
    ]  # fmt: skip
    return [write_text(folder / "levers.md", levers_page(found)), *figures]


def levers_page(found: Sweep) -> str:
    """The page `docs/levers.md`."""
    parts = [
        "# Levers: what each costs, who pays, when, and where its optimum lies\n",
        measured(found.replicates, found.seed),
        f"Each lever alone moves away from `{BASE}` in {' and '.join(f'`{s}`' for s in SCENARIOS)}. An *inner optimum* "
        "is claimed for a measure where the best tested value lies inside the range and beats both ends by more than "
        f"luck; it is small where it gains less than {number(SMALL['harm'])} harm points or {number(SMALL['voice'])} "
        f"over an end. It is looked for in {', '.join(plain(m).lower() for m in JUDGED)}. Without one, a lever is a "
        "plain trade.\n",
        "![Sweep of levers](figures/levers.png)\n",
        "![Sweep of shares](figures/levers_shares.png)\n",
    ]
    for lever, declared in LEVERS.items():
        own = [dial for dial in dials() if dial.lever == lever]
        parts += [f"## {plain(lever)} (`{lever}`)\n", lever_words(declared)]
        parts += [verdict(found, own), numbers_of(found, own)]
    return "\n".join(parts)


def verdict(found: Sweep, own: Sequence[Dial]) -> str:
    """Where the inner optima of a lever lie, or that there are none."""
    lines = []
    for scenario in SCENARIOS:
        matter, small = list[str](), list[str]()
        for dial in own:
            for m in JUDGED:
                best = found.inner(scenario, dial, m)
                if best is not None:
                    words = f"{plain(m).lower()} at {plain(dial.name).lower()} {number(best[0])}".replace("  ", " ")
                    (matter if best[1] else small).append(words)
        told = f"inner optimum of {'; '.join(matter)}" if matter else "no inner optimum that matters"
        if len(matter) > 8:
            at_one = sum(words.endswith(" 1") for words in matter)
            told = f"inner optima in {len(matter)} pairs of name and measure, {at_one} of them at 1"
        more = f" (small ones: {'; '.join(small) if len(small) < 8 else len(small)})" if small else ""
        lines.append(f"- `{scenario}`: {told}{more}.")
    return "\n".join(lines) + "\n"


def numbers_of(found: Sweep, own: Sequence[Dial]) -> str:
    """Differences of the shown measures by value; for tables of many names the ends only."""
    rows = []
    for scenario in SCENARIOS:
        for dial in own:
            for at, value in enumerate(dial.values):
                if value == dial.default or (len(own) > 6 and at not in (0, len(dial.values) - 1)):
                    continue
                label = value if isinstance(value, str) else number(value)
                gaps = ((m, found.difference(scenario, dial, at, m)) for m in SHOWN)
                cells = [plus_minus(gap, 2 if m in ("harm", "cost") else 4) for m, gap in gaps]
                rows.append((scenario, f"{dial.name} {label}".strip(), *cells))
    return table(("scenario", "value", *(plain(m).lower() for m in SHOWN)), rows)


def sentences(found: FirstTable) -> list[str]:
    """The two findings, or that they do not hold, and how many firsts matter."""
    policies, total = [p for p in next(iter(found.cells.values())) if p != BASE], len(found.cells)
    best = {s: found.ranked(s)[0] for s in found.cells}
    wins = {p: sum(winner == p for winner in best.values()) for p in (*policies, BASE)}
    lost = dict.fromkeys(policies, 0)
    for s, cells in found.cells.items():
        for p in policies:
            lost[p] += gains(cells[p], -direction(found.measure[s]))
    small = [s for s, p in best.items() if abs(found.cells[s][p].mean) < found.smallest[s]]
    everywhere, nowhere = [p for p, n in wins.items() if n == total], [p for p, n in lost.items() if n == total]
    one = f"This is not so: `{everywhere[0]}` wins everywhere" if everywhere else "No policy wins everywhere"
    two = f"This is not so: {', '.join(nowhere)} loses everywhere" if nowhere else "None loses everywhere"
    counts = [", ".join(f"`{p}` {n}" for p, n in sorted(x.items(), key=lambda i: -i[1]) if n) for x in (wins, lost)]
    return [
        f"**{one}**: first by mean, in so many of {total} scenarios: {counts[0]}.",
        f"**{two}**: worse than `{BASE}` by more than luck, in so many of {total} scenarios: {counts[1]}.",
        f"In {len(small)} of {total} scenarios the first is ahead of `{BASE}` by less than what matters: "
        f"{', '.join(f'`{s}`' for s in small) or 'none'}.",
    ]


def first_table_page(found: FirstTable) -> str:
    """The page `docs/first_table.md`."""
    policies = [BASE, *(p for p in next(iter(found.cells.values())) if p != BASE)]
    rows = []
    for s, cells in found.cells.items():
        order, digits = found.ranked(s), 2 if found.smallest[s] >= 0.1 else 4
        marks = {order[0]: "▲ ", order[-1]: "▼ "}
        shown = [marks.get(p, "") + ("0" if p == BASE else plus_minus(cells[p], digits)) for p in policies]
        unit = DECLARED[found.measure[s]]
        way = {1: "more", -1: "less", 0: "more*"}[unit.direction]
        rows.append((f"`{s}`", f"{found.measure[s]} ({unit.unit}; {way} is better)", number(found.smallest[s]), *shown))
    return "\n".join((
        f"# A first table: {len(found.cells)} scenarios, {len(policies)} policies\n",
        measured(found.replicates, found.seed),
        f"A cell is the difference from `{BASE}` on the scenario's primary measure; ▲ marks the best policy of a row "
        "by mean, ▼ the worst.\n",
        table(("scenario", "primary measure", "matters from", *(f"`{p}`" for p in policies)), rows),
        "*: neither direction is declared better; more is counted as first here.\n",
        *(f"{line}\n" for line in sentences(found)),
    ))  # fmt: skip


def write_first_table(path: Path, replicates: int = 30, seed: int = 1) -> Path:
    """Run the first table and write its page."""
    return write_text(path, first_table_page(first_table(replicates, seed)))
