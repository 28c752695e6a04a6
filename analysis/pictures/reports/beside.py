"""The part of docs/history.md that sets both starts beside the record: rules of the scores, then the table."""

from collections.abc import Sequence

from analysis.pictures.reports.declared import table
from analysis.studies.history.beside import RULES, Line


def beside_text(lines: Sequence[Line], replicates: int) -> str:
    """Rules and table of both starts."""
    head = ("start or forecaster", "question", "on record", "runs: median (90 %), or score")
    return "\n".join([
        "## Both starts beside the record", "",
        f"{replicates} runs a start. The rules were written before the runs:", "", RULES, "",
        table(head, [tuple(line) for line in lines]), "",
    ])  # fmt: skip
