"""One figure for whoever works in Python: a notebook shows it, `savefig` writes it."""

from types import ModuleType
from typing import Final

from analysis.pictures import compare, run, scenarios, uncertain
from analysis.pictures.chart import figures
from analysis.pictures.compare.shared import briefly as judged_briefly
from analysis.pictures.compare.shared import foot_of
from analysis.pictures.run.shared import briefly
from analysis.pictures.style import About, Sheet
from analysis.pictures.write import about, figure_of
from analysis.studies.compare.comparison import Comparison, Judged
from analysis.studies.uncertain.sensitivity_runs import Sensitivity
from analysis.words import counted
from sim.inputs.errors import allowed, fail, nearest
from sim.law.compiled import RULES_HASH
from sim.runs.results import Results

SENSITIVITY: Final = "sensitivity"
Found = Results | Comparison | Judged | Sensitivity


def asked(found: Found) -> tuple[Found, ModuleType, About]:
    """What figures are of, with names that fit into them; where those figures are; and what their feet say."""
    if isinstance(found, Results):
        return briefly(found), run, about(found)
    if isinstance(found, Sensitivity):
        luck = counted(found.replicates, "replicate")
        return found, uncertain, About(found.scenario, found.policy, found.seed, luck, RULES_HASH)
    one = found if isinstance(found, Judged) else found.scenarios[0]
    if isinstance(found, Comparison) and found.over is not None:
        return found, scenarios, foot_of(one, f"{len(found.scenarios)} scenarios")
    return judged_briefly(one), compare, foot_of(one)


def draw(found: Found, name: str) -> Sheet:
    """A figure, by its name, of a run, of a comparison (over several scenarios, or of one of them) or of a sensitivity.

    What comes back is a Matplotlib figure. The gallery of the documentation shows all of them with their names.
    """
    subject, package, foot = asked(found)
    known = {chart.name: chart for chart in figures(package) if chart.when(subject)}
    if isinstance(found, Sensitivity):
        known = {SENSITIVITY: known[SENSITIVITY]}  # beside it are figures of other studies
    if name not in known:
        raise fail("draw", f"{allowed(tuple(known))}{nearest(name, known)}", value=repr(name))
    return figure_of(known[name], known[name].data(subject), foot)
