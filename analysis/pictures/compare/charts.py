"""Every kind of figure of a comparison: its numbers, its finding, its picture, its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from analysis.pictures.compare import draw_compare, draw_compare_more, findings_compare, numbers_compare
from analysis.pictures.run.charts import Chart
from analysis.pictures.style import About
from analysis.pictures.write import Drawn, Tell, draw_jobs
from analysis.studies.compare.comparison import Comparison, Judged
from sim.law.compiled import RULES_HASH


@dataclass(frozen=True)
class Replicates(About):
    """The foot of a figure that shows many replicates."""

    last: int = 0

    def lines(self) -> tuple[str, str]:
        """The two lines at the foot."""
        runs = f"seed {self.seed}, paired replicates {self.replicate} to {self.last}"
        model = f"In this model; retrodiction, never prediction.  Rules {self.rules_hash[:12]}."
        return f"Scenario: {self.scenario}  ·  policies against: {self.policy}  ·  {runs}", model


def foot_of(judged: Judged, scenario: str | None = None) -> Replicates:
    """What the foot of a scenario's figures says."""
    asked = judged.asked
    title = asked.titles[asked.baseline]
    return Replicates(
        scenario or asked.title, title, asked.seed, asked.first, RULES_HASH, asked.first + asked.replicates - 1
    )


FOREST: Final = Chart(
    "forest", "Gains over the baseline",
    "Mean paired difference with 95 % intervals that hold together for all policies. Grey band: too small to matter. "
    "Filled: told from the baseline. Bold: may be best.",
    (11, 6.2), numbers_compare.forest, findings_compare.find_forest, draw_compare.draw_forest,
    numbers_compare.forest_table,
)  # fmt: skip
PATH: Final = Chart(
    "convergence", "How the estimate settles",
    "The leading policy's gain over the baseline with its 95 % interval (paired, plain) after the first n replicates. "
    "Grey band: too small to matter.",
    (11, 5.6), numbers_compare.path, findings_compare.find_path, draw_compare.draw_path, numbers_compare.path_table,
)  # fmt: skip
FAN: Final = Chart(
    "courses", "The courses of all policies",
    "Lines: means over replicates. Bands: 5 to 95 % and 25 to 75 % of replicates, blue the leading policy, grey and "
    "dashed the baseline. Luck is shared, so bands overlap far more than gains do.",
    (11, 6.2), lambda data: data, findings_compare.find_fan, draw_compare.draw_fan, numbers_compare.fan_table,
)  # fmt: skip
TRADE: Final = Chart(
    "trade_off", "Cost, harm averted and trust",
    "Means over replicates. Filled: no other policy is at least as good on all three and better on one.",
    (12, 6.2), numbers_compare.trade, findings_compare.find_trade, draw_compare.draw_trade,
    numbers_compare.trade_table,
)  # fmt: skip
WAYS: Final = Chart(
    "ways", "Two ways to less harm",
    "Against no programme, same draws. Harm is severity times the share left; its change is split exactly between the "
    "two (Shapley). Lines: 95 % intervals. An index, never deaths.",
    (11, 6.2), numbers_compare.ways, findings_compare.find_ways, draw_compare.draw_ways, numbers_compare.ways_table,
)  # fmt: skip
ACCOUNTS: Final = Chart(
    "accounts", "What the ledger books differently",
    "States that were partners at the start, mean at the end over the first 50 replicates (or all, if fewer), 0 to 1. "
    "Differences of contributions sum to the difference of scores. Blue: gains; hatched orange: losses. Accounting, "
    "not causation.",
    (12, 6.4), numbers_compare.accounts, findings_compare.find_accounts, draw_compare_more.draw_accounts,
    numbers_compare.accounts_table,
)  # fmt: skip
MAPS: Final = tuple(
    Chart(
        f"map_{of}", f"Who gains and who loses: {of}",
        "Mean difference by state, policy against baseline. Coloured: told from luck over all states at once. Equal "
        "tiles, no borders.",
        (11, 7.5), partial(numbers_compare.change, of=of), findings_compare.find_change,
        draw_compare_more.draw_tile_change, numbers_compare.change_table,
    ) for of in ("trust", "harm")
)  # fmt: skip
BANDS: Final = Chart(
    "parameters", "Over the ranges of assumed parameters",
    "Default parameters (thick) against points over all assumed parameters at once (thin, luck taken out). "
    "Hinges: rank "
    "correlation with the gain clearly above chance; + raises it. Grey band: too small to matter.",
    (12, 6.4), numbers_compare.bands, findings_compare.find_bands, draw_compare.draw_bands,
    numbers_compare.bands_table,
)  # fmt: skip
REGRETS: Final = Chart(
    "regret", "Regret over scenarios",
    "How far each policy falls short of the scenario's best, in smallest differences that matter. Framed: best; full "
    "frame: told from all others. Right: largest and mean, and scenarios within 1 of the best.",
    (13, 7.0), numbers_compare.regrets, findings_compare.find_regrets, draw_compare_more.draw_regrets,
    numbers_compare.regrets_table,
)  # fmt: skip


def jobs_of(judged: Judged, start: str) -> list[tuple[Chart, Any]]:
    """The charts of one scenario with their numbers."""
    charts = [FOREST, FAN, WAYS, TRADE]
    if judged.why is not None:
        charts.append(ACCOUNTS)
    if judged.places is not None:
        charts += MAPS
    if judged.nested is not None:
        charts.append(BANDS)
    charts.append(PATH)
    return [(c, numbers_compare.fan(judged, start) if c is FAN else c.data(judged)) for c in charts]


def draw_scenario(
    judged: Judged, start: str, folder: Path, formats: Sequence[str] = ("png", "svg"), tell: Tell | None = None
) -> list[Drawn]:  # fmt: skip
    """Draw the charts of one scenario into a folder."""
    return _drawn(jobs_of(judged, start), foot_of(judged), folder, formats, tell)


def draw_over(whole: Comparison, folder: Path, formats: Sequence[str] = ("png", "svg")) -> list[Drawn]:
    """Draw the charts over scenarios, where there are several."""
    if whole.over is None:
        return []
    foot = foot_of(whole.scenarios[0], f"{len(whole.scenarios)} scenarios")
    return _drawn([(REGRETS, REGRETS.data(whole))], foot, folder, formats, None)


def _drawn(
    jobs: Sequence[tuple[Chart, Any]], foot: About, folder: Path, formats: Sequence[str], tell: Tell | None
) -> list[Drawn]:  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    draw_jobs(jobs, foot, folder, formats, tell)
    return [
        Drawn(c.name, c.heading, c.finding(d), c.shows, c.table(d), {k: folder / f"{c.name}.{k}" for k in formats})
        for c, d in jobs
    ]
