"""What stands in the tables of a comparison, a run or a sweep: sheets to read, and tidy tables for other programs."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from analysis.commands.tables import Sheet, Tables
from analysis.pictures.compare.shared import foot_of
from analysis.pictures.style import About
from analysis.studies.compare.comparison import COLUMNS, Comparison, Judged
from analysis.studies.compare.verdict import verdict
from sim.declare.names import MEASURES, STATE_VARIABLES
from sim.inputs.values import quarter_number, quarter_text
from sim.law.compiled import RULES_HASH
from sim.law.measures import DECLARED
from sim.runs.results import Results

if TYPE_CHECKING:
    import xarray


def about(told: Mapping[str, Any], foot: About) -> Sheet:
    """The last sheet: what was run, by which rules, on which facts."""
    lines = {**told, "seed": str(foot.seed), "luck": foot.replicate, "rules": RULES_HASH, "note": foot.lines()[1]}
    return Sheet("about", ("what", "is"), list(lines.items()))


def measures() -> Sheet:
    """What each measure is."""
    ways = {1: "more", -1: "less", 0: "neither"}
    rows = [(n, d.unit, ways[d.direction], d.over_run, d.definition) for n, d in DECLARED.items()]
    return Sheet("measures", ("measure", "unit", "better", "over a run", "meaning"), rows)


def quarters_from(start: str, steps: int) -> list[str]:
    """The quarters of a run."""
    return [quarter_text(quarter_number(start) + step) for step in range(steps)]


def of_comparison(whole: Comparison, data: Mapping[str, "xarray.Dataset"]) -> Tables:
    """Verdict, gains, all differences, every measure by quarter, states; `data` are the labelled runs by scenario."""
    both = [(one, data[one.asked.name]) for one in whole.scenarios]
    rows = [row for one in whole.scenarios for row in one.rows()]
    lines = [(one.asked.name, sentence) for one in whole.scenarios for sentence in (one.asked.question, *verdict(one))]
    variables = [str(name) for name in both[0][1].variable.values]
    known = ("scenario", "policy", "state", "name", "region", "role")
    over = [f"{name}, less baseline" for name in variables]
    told = {f"scenario {one.asked.name}": one.asked.title for one in whole.scenarios}
    told |= {f"policy {name}": title for name, title in zip(whole.policies, whole.titles, strict=True)}
    told["baseline"] = whole.titles[whole.scenarios[0].asked.baseline]
    sheets = (
        Sheet("verdict", ("scenario", "question and verdict"), lines),
        gains(whole),
        Sheet("differences", COLUMNS, rows),
        Sheet("quarters", ("scenario", "policy", "quarter", *MEASURES), (r for one in both for r in by_quarter(*one))),
        Sheet("states", (*known, *variables, *over), (r for one in both for r in by_state(*one))),
        measures(), about(told, foot_of(whole.scenarios[0])),
    )  # fmt: skip
    ends = [f"q{100 * q:02.0f}" for q in both[0][1]["quantile"].values]
    tidy = (
        Sheet("differences", COLUMNS, rows),
        Sheet("quarters", ("scenario", "policy", "quarter", "measure", "mean", *ends),
              (r for one in both for r in spread(*one))),
        Sheet("states", (*known, "quarter", *variables), (r for one in both for r in state_by_quarter(*one))),
    )  # fmt: skip
    return Tables("comparison", sheets, tidy)


def gains(whole: Comparison) -> Sheet:
    """Every policy's gain on the measure that decides, best first."""
    heads = (
        "scenario", "policy", "title", "measure", "unit", "gain", "low", "high", "smallest that matters", "told",
        "change in %", "best in % of replicates", "may be best", "cost, EUR million a quarter", "cost of a point",
    )  # fmt: skip
    found = []
    for one in whole.scenarios:
        asked, cost = one.asked, MEASURES.index("cost")
        for p in one.order():
            gain, change = one.gain(p), one.lines[p][one.at].relative
            base = p == asked.baseline
            found.append((
                asked.name, asked.policies[p], asked.titles[p], asked.measure, DECLARED[asked.measure].unit, gain.mean,
                None if base else gain.low, None if base else gain.high, asked.smallest,
                "baseline" if base else "yes" if gain.excludes() else "no", None if change is None else change.mean,
                100.0 * float(one.wins[p]), "yes" if p in one.best.not_beaten else "no", one.lines[p][cost].mean,
                one.price[p],
            ))  # fmt: skip
    return Sheet("gains", heads, found)


def by_quarter(one: Judged, data: "xarray.Dataset") -> Iterable[Sequence[Any]]:
    """Mean of every measure by policy and quarter."""
    values = data["step_mean"].values[0]
    for p, policy in enumerate(data["policy"].values):
        for step, quarter in enumerate(quarters_from(one.asked.start, values.shape[1])):
            yield one.asked.name, str(policy), quarter, *values[p, step].tolist()


def spread(one: Judged, data: "xarray.Dataset") -> Iterable[Sequence[Any]]:
    """Mean and quantiles of every measure by policy and quarter, a row each."""
    mean, ends = data["step_mean"].values[0], data["step_quantile"].values[0]
    for p, policy in enumerate(data["policy"].values):
        for step, quarter in enumerate(quarters_from(one.asked.start, mean.shape[1])):
            for m, measure in enumerate(MEASURES):
                yield (
                    one.asked.name,
                    str(policy),
                    quarter,
                    measure,
                    float(mean[p, step, m]),
                    *ends[p, :, step, m].tolist(),
                )


def states_in(one: Judged, data: "xarray.Dataset") -> list[tuple[int, int, tuple[str, ...]]]:
    """Positions of policy and state, and what is known of them."""
    known = [data[name].values for name in ("state", "name", "region", "role")]
    return [
        (p, n, (one.asked.name, str(policy), *(str(values[n]) for values in known)))
        for p, policy in enumerate(data["policy"].values) for n in range(len(known[0]))
    ]  # fmt: skip


def by_state(one: Judged, data: "xarray.Dataset") -> Iterable[Sequence[Any]]:
    """What the comparison keeps of every state, over the run, and its difference from the baseline's."""
    values = data["state_outcome"].values[0].mean(axis=1)  # (P, N, V)
    gaps = values - values[one.asked.baseline]
    for p, n, known in states_in(one, data):
        yield (*known, *values[p, n].tolist(), *gaps[p, n].tolist())


def state_by_quarter(one: Judged, data: "xarray.Dataset") -> Iterable[Sequence[Any]]:
    """What the comparison keeps of every state, by quarter, mean over replicates."""
    values = data["state_mean"].values[0]
    for p, n, known in states_in(one, data):
        for step, quarter in enumerate(quarters_from(one.asked.start, values.shape[1])):
            yield (*known, quarter, *values[p, step, n].tolist())


def of_run(results: Results, foot: About) -> Tables:
    """One run: outcomes with and without a programme, every measure and state by quarter, events."""
    without = results.without
    outcomes = [
        (name, DECLARED[name].unit, results.outcome(name), None if without is None else without.outcome(name))
        for name in MEASURES
    ]  # fmt: skip
    states = (
        (quarter, code, results.names[n], results.regions[n], *results.states[s, n].tolist())
        for s, quarter in enumerate(results.quarters) for n, code in enumerate(results.codes)
    )  # fmt: skip
    events = Sheet("events", ("quarter", "kind", "state", "text"),
                   [(results.quarters[e.step], e.kind, e.state, e.text) for e in results.events])  # fmt: skip
    quarters = [(quarter, *results.measures[s].tolist()) for s, quarter in enumerate(results.quarters)]
    told = {
        "scenario": results.scenario.title, "question": results.scenario.question, "policy": results.policy.title,
    }  # fmt: skip
    sheets = (
        Sheet("outcomes", ("measure", "unit", "with the policy", "without a programme"), outcomes),
        Sheet("quarters", ("quarter", *MEASURES), quarters),
        Sheet("states", ("quarter", "state", "name", "region", *STATE_VARIABLES), states), events, measures(),
        about(told, foot),
    )  # fmt: skip
    tidy = Sheet("measures_and_states", ("quarter", "subject", "variable", "value"), results.rows())
    return Tables("run", sheets, (tidy, events))


def of_sweep(finding: str, heads: Sequence[str], rows: Sequence[Sequence[Any]], foot: About) -> Tables:
    """A grid: what was found, a row for each point."""
    grid, told = Sheet("sweep", heads, rows), {"scenario": foot.scenario, "policy": foot.policy}
    return Tables("sweep", (Sheet("finding", ("finding",), [(finding,)]), grid, measures(), about(told, foot)), (grid,))
