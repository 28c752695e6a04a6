"""docs/what_matters.md: for each parameter where it matters most, as it was screened."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from analysis.pictures.reports.declared import REFRESH, table
from analysis.studies.uncertain.where_it_matters import (
    CLOSER,
    LEAST,
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
from sim.inputs.load import scenario_names
from sim.law.compiled import RULES_HASH
from sim.outputs.files import write_text

HEADS: Final = (
    "parameter", "matters most for", "in", "under", "change over its range", "level", "visible changes", "scenarios",
)  # fmt: skip
TEXT: Final = """# Where each parameter matters most

Written by `{refresh} --measured` with rules {rules}: Morris screening (Morris 1991; μ* of Campolongo et al. 2007) of
all {count} together, over their declared ranges, {trajectories} trajectories, {replicates} replicates a point, seed
{seed}, policy `{policy}`, in {scenarios}, for all measures.

*Change* is the mean absolute change of the measure, over a whole run, when the parameter crosses its range, ± half the
width of the 95 % interval over trajectories. A change is *visible* from {level:.0f} % of the measure's mean and
{scatter:.0f} % of its scatter over all points, and from {least:g}; *visible changes* is the lower end of the
interval in that unit.
*Scenarios*: in how many it surely moves some measure visibly.

{verdict}

"""
AGAIN: Final = """
## A closer look

What the scatter of all others hides, or what the status quo never does: {count} once more, the others at their
defaults, in all {scenarios} under {policies}. {verdict}

"""


def line(name: str, found: Sequence[Place]) -> tuple[str, ...]:
    """One parameter in the table: where it matters most, and in how many scenarios it is seen."""
    best = found[0]
    return (
        f"`{name}`", lower(best.measure), f"`{best.scenario}`", f"`{best.policy}`",
        f"{best.change:.3g} ± {best.half:.2g}", f"{best.level:.3g}", f"{best.times:.1f}", str(seen_in(found)),
    )  # fmt: skip


def told(of: dict[str, list[Place]]) -> str:
    """How many are seen, and the names of those that are not."""
    weak = [f"`{name}`" for name in unseen(of)]
    if not weak:
        return f"Every one of the {counted(len(of), 'parameter')} surely moves some measure visibly somewhere."
    seen = f"{len(of) - len(weak)} of {len(of)} surely move some measure visibly; not told from nothing so far: "
    return f"{seen}{listed(weak, 200)}."


def write_matters(path: Path, trajectories: int = 24, replicates: int = 2, seed: int = 1) -> Path:
    """Screen all, look closer at what was not seen, and write the page."""
    of = screened([(name, POLICY) for name in SCENARIOS], ["all"], trajectories, replicates, seed)
    weak = unseen(of)
    text = TEXT.format(
        refresh=REFRESH, rules=RULES_HASH, count=counted(len(of), "parameter"), trajectories=trajectories, seed=seed,
        replicates=replicates, policy=POLICY, scenarios=listed([f"`{name}`" for name in SCENARIOS], 200),
        level=100 * OF_LEVEL, scatter=100 * OF_SCATTER, least=LEAST, verdict=told(of),
    )  # fmt: skip
    text += table(HEADS, [line(name, of[name]) for name in strongest(of) if name not in weak])
    if weak:
        everywhere = [(name, policy) for name in scenario_names() for policy in CLOSER]
        again = screened(everywhere, weak, trajectories, replicates, seed)
        text += AGAIN.format(
            count=counted(len(weak), "parameter"), scenarios=counted(len(scenario_names()), "scenario"),
            policies=listed([f"`{name}`" for name in CLOSER], 200), verdict=told(again),
        )  # fmt: skip
        text += table(HEADS, [line(name, again[name]) for name in strongest(again)])
    return write_text(path, text)
