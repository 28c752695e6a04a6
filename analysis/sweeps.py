"""What each lever does when it alone is moved, and a first table of policies: paired replicates, the same luck.

Every number is a mean of paired differences from `status_quo` with the half-width of its 95 % t-interval.
"""

import math
import multiprocessing
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from textwrap import fill
from typing import Any, Final, NamedTuple

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from scipy.stats import t as student

from analysis.declared import lever_words, measured, number, table
from analysis.style import GOOD, INK, RC, SOFT, About, panels, sheet
from analysis.words import plain
from sim.build import Built, build
from sim.compiled import RULES_HASH, Floats
from sim.engine import Engine, compile_rules
from sim.measures import DECLARED
from sim.policy import LEVERS, Policy, load_policy
from sim.scenario import Scenario, load_scenario, policy_names, scenario_names
from sim.vocabulary import MEASURES

BASE: Final = "status_quo"
SCENARIOS: Final = ("eastern_flank", "baseline_2025")
SHOWN: Final = ("harm", "mutual_trust", "stability", "readiness", "cost")
JUDGED: Final = ("harm", "mutual_trust", "stability", "readiness", "interoperability", "legitimacy", "deterrence")
SMALL: Final = {m: 0.5 if m in ("harm", "cost") else 0.005 for m in MEASURES}  # smaller differences are drawn flat
LOOKS: Final = {"eastern_flank": ("#D55E00", "-", "o"), "baseline_2025": (GOOD, (0, (4, 1.5)), "s")}
ENVELOPES: Final = (0.0, 30.0, 60.0, 120.0, 240.0, 360.0, 600.0)
SHARES: Final = (0.0, 0.15, 0.3, 0.5, 0.75)
WEIGHTS: Final = (0.0, 0.5, 1.0, 2.0, 5.0)
Value = float | str
Changes = tuple[tuple[str, Any], ...]


class Job(NamedTuple):
    """One arm: a scenario under a policy with some levers replaced, for a number of replicates."""

    scenario: str
    policy: str
    changes: Changes
    replicates: int
    seed: int


class Arm(NamedTuple):
    """A lever, or one name of a lever that is a table, and the values it takes in a sweep."""

    lever: str
    name: str  # "" where the lever is one number or one word
    values: tuple[Value, ...]
    default: Value

    def title(self) -> str:
        return plain(self.lever) if not self.name else fill(f"{plain(self.lever)}: {plain(self.name).lower()}", 15)


class Difference(NamedTuple):
    """A mean paired difference and the half-width of its 95 % interval."""

    mean: float
    half: float

    def text(self, digits: int = 3) -> str:
        """`+0.012 ± 0.003`."""
        return f"{self.mean:+.{digits}f} ± {self.half:.{digits}f}".replace("-", "\N{MINUS SIGN}")


@lru_cache(maxsize=4)
def _prepared(name: str) -> tuple[Scenario, Built]:
    scenario = load_scenario(name)
    return scenario, build(scenario)


def outcomes(job: Job) -> Floats:
    """Outcome of every measure, (replicates, MEASURES): the value at the end or the mean over the run, as declared."""
    scenario, built = _prepared(job.scenario)
    policy = load_policy(job.policy, built.frameworks)
    policy = policy.model_copy(update=dict(job.changes)) if isinstance(policy, Policy) else policy
    found = np.zeros((job.replicates, len(MEASURES)))
    ends = np.array([DECLARED[name].over_run == "end" for name in MEASURES])
    for replicate in range(job.replicates):
        engine = Engine(scenario, policy, job.seed, replicate, built=built)
        values = np.array([engine.measures.copy() for _ in engine.run()])
        found[replicate] = np.where(ends, values[-1], values.mean(axis=0))
    return found


def run_jobs(jobs: Sequence[Job], processes: int = 2) -> list[Floats]:
    """Outcomes of all jobs, in their order, shared out over processes."""
    compile_rules()
    if processes < 2:
        return [outcomes(job) for job in jobs]
    how = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    with multiprocessing.get_context(how).Pool(processes) as pool:
        return pool.map(outcomes, jobs, chunksize=4)


def paired(arm: Floats, base: Floats) -> Difference:
    """Mean difference of paired replicates with the half-width of the 95 % t-interval."""
    gaps = np.asarray(arm, dtype=np.float64) - base
    if len(gaps) < 2:
        return Difference(float(gaps.mean()), math.inf)
    half = float(student.ppf(0.975, len(gaps) - 1)) * float(gaps.std(ddof=1)) / math.sqrt(len(gaps))
    return Difference(float(gaps.mean()), half)


def direction(measure: str) -> int:
    """1 where more is better, -1 where less is; a measure that is neither counts as more."""
    return DECLARED[measure].direction or 1


def arms() -> list[Arm]:
    """Every lever with its values: numbers over their range, names one by one; a table name by name."""
    found = []
    for lever, declared in LEVERS.items():
        default = declared.default
        if isinstance(default, str):
            found.append(Arm(lever, "", declared.names, default))
        elif isinstance(default, Mapping):
            grid = WEIGHTS if lever.startswith("focus") else SHARES
            for name, value in default.items():
                found.append(Arm(lever, name, tuple(sorted({*grid, value})), value))
        else:
            steps = ENVELOPES if lever == "envelope" else tuple(declared.high * i / 4 for i in range(5))
            found.append(Arm(lever, "", tuple(sorted({*steps, default})), default))
    return found


def changes_of(arm: Arm, value: Value) -> Changes:
    """The change of a policy that sets this arm to this value; the other shares keep their proportions."""
    default = LEVERS[arm.lever].default
    if not isinstance(default, Mapping):
        return ((arm.lever, value),)
    changed = {**default, arm.name: float(value)}
    if arm.lever in ("split", "rule"):
        rest = sum(share for name, share in default.items() if name != arm.name)
        changed = {n: float(value) if n == arm.name else s * (1.0 - float(value)) / rest for n, s in default.items()}
    return ((arm.lever, changed),)


class Sweep(NamedTuple):
    """Outcomes of a sweep: by scenario the base, and by scenario and arm the values with their outcomes."""

    base: dict[str, Floats]
    moved: dict[tuple[str, Arm], list[Floats]]
    replicates: int
    seed: int

    def difference(self, scenario: str, arm: Arm, at: int, measure: str) -> Difference:
        """Paired difference from the base of one value of an arm."""
        i = MEASURES.index(measure)
        return paired(self.moved[scenario, arm][at][:, i], self.base[scenario][:, i])

    def inner(self, scenario: str, arm: Arm, measure: str) -> tuple[float, bool] | None:
        """The best value if it lies inside the range and beats both ends by more than luck, and whether it matters."""
        if isinstance(arm.default, str):
            return None
        i, runs = MEASURES.index(measure), self.moved[scenario, arm]
        gains = [direction(measure) * float(run[:, i].mean()) for run in runs]
        best = int(np.argmax(gains))
        if best in (0, len(gains) - 1):
            return None
        ends = [paired(runs[best][:, i], runs[end][:, i]) for end in (0, -1)]
        if any(direction(measure) * d.mean <= d.half for d in ends):
            return None
        return float(arm.values[best]), min(abs(d.mean) for d in ends) >= SMALL[measure]


def sweep(replicates: int = 20, seed: int = 1, processes: int = 2, only: Sequence[Arm] | None = None) -> Sweep:
    """Move every lever alone through its values in both scenarios."""
    chosen = arms() if only is None else list(only)
    jobs = [Job(s, BASE, (), replicates, seed) for s in SCENARIOS]
    keys = [(s, arm, value) for s in SCENARIOS for arm in chosen for value in arm.values]
    jobs += [Job(s, BASE, changes_of(arm, value), replicates, seed) for s, arm, value in keys]
    results = run_jobs(jobs, processes)
    moved: dict[tuple[str, Arm], list[Floats]] = {}
    for (s, arm, _), result in zip(keys, results[len(SCENARIOS) :], strict=True):
        moved.setdefault((s, arm), []).append(result)
    return Sweep(dict(zip(SCENARIOS, results, strict=False)), moved, replicates, seed)


def draw(found: Sweep, chosen: Sequence[Arm], title: str, path: Path) -> Path:
    """Small multiples: a row a lever, a column a measure; lines are paired differences, bands their 95 % intervals."""
    arm_words = f"{BASE}, one lever moved; {found.replicates} paired replicates, the first:"
    foot = About(" and ".join(SCENARIOS), arm_words, found.seed, 0, RULES_HASH)
    shows = (
        "Difference from status quo against the lever's value: line the mean, band the paired 95 % interval. "
        "Orange circles: eastern_flank; blue squares: baseline_2025. Grey vertical line: the default. "
        "Scales differ from row to row; small differences are drawn flat."
    )
    size = (14.0, 2.2 + 1.32 * len(chosen))
    with matplotlib.rc_context(RC):
        figure = sheet(size, title, shows, foot)
        grid = panels(figure, len(chosen), len(SHOWN), left=2.6, right=0.7, top=0.35, across=0.62, down=0.42)
        for row, arm in zip(grid, chosen, strict=True):
            for axes, measure in zip(row, SHOWN, strict=True):
                _panel(axes, found, arm, measure)
            row[0].annotate(
                arm.title(), (0, 0.5), xytext=(-62, 0), xycoords="axes fraction",
                textcoords="offset points", ha="right", va="center", fontweight="bold",
            )  # fmt: skip
        for axes, measure in zip(grid[0], SHOWN, strict=True):
            better = {1: "more is better", -1: "less is better"}[direction(measure)]
            axes.set_title(f"{plain(measure)}\n", fontsize=11)
            words = f"{DECLARED[measure].unit}; {better}"
            axes.text(0, 1.06, words, transform=axes.transAxes, fontsize=8.5, color=SOFT)
        path.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(path, dpi=110)
    return path


def _panel(axes: Axes, found: Sweep, arm: Arm, measure: str) -> None:
    """One lever against one measure."""
    words = isinstance(arm.default, str)
    at = np.arange(len(arm.values)) if words else np.array([float(v) for v in arm.values])
    axes.axhline(0, color=SOFT, linewidth=0.8)
    axes.axvline(arm.values.index(arm.default) if words else float(arm.default), color="#b5b5b5", linewidth=1.0)
    largest = 0.0
    for scenario, (colour, dashes, marker) in LOOKS.items():
        points = [found.difference(scenario, arm, i, measure) for i in range(len(arm.values))]
        mean, half = np.array([p.mean for p in points]), np.array([p.half for p in points])
        largest = max(largest, float(np.max(np.abs(mean) + half)))
        if words:
            shift = -0.1 if scenario == SCENARIOS[0] else 0.1
            axes.errorbar(at + shift, mean, half, color=colour, fmt=marker, markersize=4, linewidth=1.4, capsize=2)
            continue
        axes.fill_between(at, mean - half, mean + half, color=colour, alpha=0.22, linewidth=0)
        axes.plot(at, mean, color=colour, linestyle=dashes, marker=marker, markersize=3.5, linewidth=1.6)
    axes.margins(y=0.12)
    low, high = axes.get_ylim()
    axes.set_ylim(min(low, -2 * SMALL[measure]), max(high, 2 * SMALL[measure]))
    axes.locator_params(axis="y", nbins=4)
    if largest < 1e-9:
        axes.text(0.5, 0.62, "no effect", transform=axes.transAxes, ha="center", fontsize=9, color=SOFT)
    if words:
        short = [str(v).replace("decision_", "").replace("_", "\n") for v in arm.values]
        axes.set_xticks(at, short, fontsize=7.5)
        axes.set_xlim(-0.5, len(at) - 0.5)
    axes.tick_params(labelsize=8.5, colors=INK)


def write_levers(folder: Path, found: Sweep | None = None) -> list[Path]:
    """Write levers.md and its figures into a folder of documentation."""
    found = sweep() if found is None else found
    single = [arm for arm in arms() if not arm.name]
    shares = [arm for arm in arms() if arm.lever in ("split", "rule", "focus_framework")]
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
    page = folder / "levers.md"
    page.write_text(levers_page(found), encoding="utf-8")
    return [page, *figures]


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
        "![Sweep of levers](figures/levers.png)\n", "![Sweep of shares](figures/levers_shares.png)\n",
    ]
    for lever, declared in LEVERS.items():
        own = [arm for arm in arms() if arm.lever == lever]
        parts += [f"## {plain(lever)} (`{lever}`)\n", lever_words(declared)]
        parts += [verdict(found, own), numbers_of(found, own)]
    return "\n".join(parts)


def verdict(found: Sweep, own: Sequence[Arm]) -> str:
    """Where the inner optima of a lever lie, or that there are none."""
    lines = []
    for scenario in SCENARIOS:
        matter, small = list[str](), list[str]()
        for arm in own:
            for m in JUDGED:
                best = found.inner(scenario, arm, m)
                if best is not None:
                    words = f"{plain(m).lower()} at {plain(arm.name).lower()} {number(best[0])}".replace("  ", " ")
                    (matter if best[1] else small).append(words)
        told = f"inner optimum of {'; '.join(matter)}" if matter else "no inner optimum that matters"
        if len(matter) > 8:
            at_one = sum(words.endswith(" 1") for words in matter)
            told = f"inner optima in {len(matter)} pairs of name and measure, {at_one} of them at 1"
        more = f" (small ones: {'; '.join(small) if len(small) < 8 else len(small)})" if small else ""
        lines.append(f"- `{scenario}`: {told}{more}.")
    return "\n".join(lines) + "\n"


def numbers_of(found: Sweep, own: Sequence[Arm]) -> str:
    """Differences of the shown measures by value; for tables of many names the ends only."""
    rows = []
    for scenario in SCENARIOS:
        for arm in own:
            for at, value in enumerate(arm.values):
                if value == arm.default or (len(own) > 6 and at not in (0, len(arm.values) - 1)):
                    continue
                label = value if isinstance(value, str) else number(value)
                cells = [found.difference(scenario, arm, at, m).text(2 if m in ("harm", "cost") else 4) for m in SHOWN]
                rows.append((scenario, f"{arm.name} {label}".strip(), *cells))
    return table(("scenario", "value", *(plain(m).lower() for m in SHOWN)), rows)


class FirstTable(NamedTuple):
    """Differences of every policy from status quo on each scenario's primary measure."""

    cells: dict[str, dict[str, Difference]]  # by scenario and policy
    measure: dict[str, str]
    smallest: dict[str, float]
    replicates: int
    seed: int

    def ranked(self, scenario: str) -> list[str]:
        """Policies from best to worst by mean."""
        sign = direction(self.measure[scenario])
        return sorted(self.cells[scenario], key=lambda p: -sign * self.cells[scenario][p].mean)


def first_table(replicates: int = 30, seed: int = 1, processes: int = 2) -> FirstTable:
    """Every shipped policy in every shipped scenario, paired with status quo."""
    keys = [(s, p) for s in scenario_names() for p in policy_names()]
    results = dict(zip(keys, run_jobs([Job(s, p, (), replicates, seed) for s, p in keys], processes), strict=True))
    loaded = {s: load_scenario(s) for s in scenario_names()}
    measure = {s: scenario.primary_measure for s, scenario in loaded.items()}
    cells: dict[str, dict[str, Difference]] = {s: {} for s in loaded}
    for s, p in keys:
        i = MEASURES.index(measure[s])
        cells[s][p] = paired(results[s, p][:, i], results[s, BASE][:, i])
    return FirstTable(cells, measure, {s: x.smallest_difference for s, x in loaded.items()}, replicates, seed)


def sentences(found: FirstTable) -> list[str]:
    """The two findings, or that they do not hold, and how many firsts matter."""
    policies, total = [p for p in next(iter(found.cells.values())) if p != BASE], len(found.cells)
    best = {s: found.ranked(s)[0] for s in found.cells}
    wins = {p: sum(winner == p for winner in best.values()) for p in (*policies, BASE)}
    lost = dict.fromkeys(policies, 0)
    for s, cells in found.cells.items():
        for p in policies:
            lost[p] += -direction(found.measure[s]) * cells[p].mean > cells[p].half
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
        shown = [marks.get(p, "") + ("0" if p == BASE else cells[p].text(digits)) for p in policies]
        unit = DECLARED[found.measure[s]]
        way = {1: "more", -1: "less", 0: "more*"}[unit.direction]
        rows.append((f"`{s}`", f"{found.measure[s]} ({unit.unit}; {way} is better)", number(found.smallest[s]), *shown))
    return "\n".join((
        "# A first table: twelve scenarios, nine policies\n",
        measured(found.replicates, found.seed),
        f"A cell is the difference from `{BASE}` on the scenario's primary measure; ▲ marks the best policy of a row "
        "by mean, ▼ the worst.\n",
        table(("scenario", "primary measure", "matters from", *(f"`{p}`" for p in policies)), rows),
        "*: neither direction is declared better; more is counted as first here.\n",
        *(f"{line}\n" for line in sentences(found)),
    ))  # fmt: skip


def write_first_table(path: Path, replicates: int = 30, seed: int = 1) -> Path:
    """Run the first table and write its page."""
    path.write_text(first_table_page(first_table(replicates, seed)), encoding="utf-8")
    return path
