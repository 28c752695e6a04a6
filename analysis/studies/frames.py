"""What was found as a table of pandas."""

from typing import TYPE_CHECKING, Final

from analysis.studies.compare.comparison import Comparison
from analysis.studies.uncertain.sensitivity_runs import Sensitivity
from sim.declare.names import MEASURES, STATE_VARIABLES
from sim.inputs.errors import allowed, fail, nearest
from sim.runs.results import Results

if TYPE_CHECKING:
    import pandas

OF: Final = ("measures", "states")


def to_dataframe(found: Results | Comparison | Sensitivity, of: str = "measures") -> "pandas.DataFrame":
    """A run: a row for each quarter and a column for each measure, or, of="states", a row for each quarter and state.

    A comparison: a row for every policy on every measure of every scenario. A sensitivity: a row for each factor.
    """
    import pandas

    if not isinstance(found, Results):
        return found.to_dataframe()
    if of not in OF:
        raise fail("to_dataframe", f"{allowed(OF)}{nearest(of, OF)}", value=repr(of))
    quarters = pandas.PeriodIndex([text.replace("-", "") for text in found.quarters], freq="Q", name="quarter")
    if of == "measures":
        return pandas.DataFrame(found.measures, quarters, MEASURES)
    rows = pandas.MultiIndex.from_product([quarters, found.codes], names=["quarter", "state"])
    return pandas.DataFrame(found.states.reshape(len(rows), -1), rows, STATE_VARIABLES)
