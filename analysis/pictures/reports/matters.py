"""docs/what_matters.md: for each parameter where it matters most, as it was screened."""

from pathlib import Path
from typing import Final

from analysis.pictures.reports.declared import REFRESH, table
from analysis.studies.uncertain.where_it_matters import (
    OF_LEVEL,
    OF_SCATTER,
    POLICY,
    SCENARIOS,
    Place,
    screened,
    seen_in,
    strongest,
    unseen,
)
from analysis.words import counted, listed, lower
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_text

HEADS: Final = ("parameter", "matters most for", "in", "change over its range", "level", "visible changes", "scenarios")
TEXT: Final = """# Where each parameter matters most

Written by `{refresh} --measured` with rules {rules}: Morris screening (Morris 1991; μ* of Campolongo et al. 2007) of
all {count} together, over their declared ranges, {trajectories} trajectories, {replicates} replicates a point, seed
{seed}, policy `{policy}`, in {scenarios}, for all measures.

*Change* is the mean absolute change of the measure, over a whole run, when the parameter crosses its range, ± half the
width of the 95 % interval over trajectories. A change is *visible* from {level:.0f} % of the measure's mean and
{scatter:.0f} % of its scatter over all points; *visible changes* is the lower end of the interval in that unit.
*Scenarios*: in how many of the {of} it surely moves some measure visibly.

{verdict}

"""


def line(name: str, best: Place, scenarios: int) -> tuple[str, ...]:
    """One parameter in the table."""
    return (
        f"`{name}`", lower(best.measure), f"`{best.scenario}`", f"{best.change:.3g} ± {best.half:.2g}",
        f"{best.level:.3g}", f"{best.times:.1f}", str(scenarios),
    )  # fmt: skip


def write_matters(path: Path, trajectories: int = 10, replicates: int = 2, seed: int = 1) -> Path:
    """Screen, and write the page."""
    of = screened(SCENARIOS, trajectories, replicates, seed)
    weak = [f"`{name}`" for name in unseen(of)]
    verdict = f"Every one of the {counted(len(of), 'parameter')} surely moves some measure visibly somewhere."
    if weak:
        verdict = f"{len(of) - len(weak)} of {len(of)} surely move some measure visibly; not told from nothing so far: "
        verdict += f"{listed(weak, 200)}."
    head = TEXT.format(
        refresh=REFRESH, rules=RULES_HASH, count=counted(len(of), "parameter"), trajectories=trajectories, seed=seed,
        replicates=replicates, policy=POLICY, scenarios=listed([f"`{name}`" for name in SCENARIOS], 200),
        of=len(SCENARIOS), level=100 * OF_LEVEL, scatter=100 * OF_SCATTER, verdict=verdict,
    )  # fmt: skip
    return write_text(path, head + table(HEADS, [line(n, of[n][0], seen_in(of[n])) for n in strongest(of)]))
