"""Policies compared with the same luck."""

from analysis.studies.compare.runs import compare
from analysis.studies.compare.verdict import verdict

__all__ = ["compare", "verdict"]
