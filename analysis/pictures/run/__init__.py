"""Figures of one run."""

from typing import Final

COMMAND: Final = "run eastern_flank --policy threat_tailored"  # what draws those of the gallery
