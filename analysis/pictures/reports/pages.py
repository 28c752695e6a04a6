"""The pages of docs/ that are generated: from declarations at once, from runs on request."""

from pathlib import Path

from analysis.pictures.reports.declared import DOCS, write_docs
from analysis.pictures.reports.house import write_house


def write_pages(measured: bool) -> list[Path]:
    """Write generated pages; with `measured` also those that need runs (minutes)."""
    written = [*write_docs(DOCS), write_house(DOCS / "figures" / "house.png")]
    if measured:
        from analysis.pictures.reports.levers import write_first_table, write_levers
        from analysis.pictures.reports.matters import write_matters
        from analysis.pictures.reports.mechanisms import write_mechanisms
        from analysis.studies.ablation.mechanisms import measure_all

        written.append(write_mechanisms(DOCS / "mechanisms.md", measure_all()))
        written += [*write_levers(DOCS), write_first_table(DOCS / "first_table.md")]
        written.append(write_matters(DOCS / "what_matters.md"))
    return written
