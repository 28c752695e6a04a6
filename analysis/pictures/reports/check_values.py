"""Numbers by which whoever rebuilds the model from docs/ODD.md sees whether it is the same model."""

from typing import Final

from sim.declare.names import MEASURES
from sim.law.draws import ARRIVAL, draws_for, entity_of, uniform
from sim.law.ledger import trust_in
from sim.runs.engine import Engine

FIRST_DAY: Final = "eastern_flank"
RUNS: Final = (("eastern_flank", "exercises_first", 1, 0), ("open_door_1994", "status_quo", 7, 3))
QUARTERS: Final = (1, 8)  # the first, before any plan is agreed, and one in which everything works


def digits(value: float) -> str:
    """Twelve digits."""
    return f"{value:.12g}"


def first_day() -> dict[str, float]:
    """Five numbers of the first day, by their names on the page."""
    built = Engine(FIRST_DAY, "status_quo").built
    setting, at = built.setting, built.codes.index
    georgia, germany = at("GEO"), at("DEU")
    return {
        "`weight` of DEU": setting.weight[germany],
        "`front` of POL": setting.front[at("POL")],
        "`likeness` of GEO and DEU": setting.likeness[georgia, germany],
        "`base_will` of UKR": setting.base_will[at("UKR")],
        "`trust_in` of GEO in DEU": trust_in(georgia, germany, built.world),
    }


def measured(scenario: str, policy: str, seed: int, replicate: int) -> list[list[float]]:
    """All measures of each of QUARTERS, in the order of MEASURES."""
    engine = Engine(scenario, policy, seed, replicate)
    quarters = (engine.measures.tolist() for _ in engine.run())
    by_quarter = dict(zip(range(1, max(QUARTERS) + 1), quarters, strict=False))
    return [by_quarter[quarter] for quarter in QUARTERS]


def check_values_markdown() -> str:
    """One draw, five numbers of the first day, and all measures of two quarters of two runs."""
    draw = uniform(draws_for(1, 0, 0), ARRIVAL, entity_of("GEO"), 256)
    lines = [f"| {name} | {digits(value)} |" for name, value in first_day().items()]
    runs = [column for run in RUNS for column in measured(*run)]
    heads = [
        f"{scenario}, {policy}, seed {seed}, replicate {replicate}, quarter {quarter}"
        for scenario, policy, seed, replicate in RUNS for quarter in QUARTERS
    ]  # fmt: skip
    rows = [f"| `{name}` | {' | '.join(map(digits, values))} |" for name, *values in zip(MEASURES, *runs, strict=True)]
    return "\n".join([
        f"Draw: seed 1, replicate 0, step 0, stream `ARRIVAL`, entity of GEO, slot 256: {draw:.17g}\n",
        f"| on the first day of {FIRST_DAY} | value |", "| --- | --- |", *lines, "",
        f"| measure | {' | '.join(heads)} |", "| --- " * (len(heads) + 1) + "|", *rows, "",
    ])  # fmt: skip
