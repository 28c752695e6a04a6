"""Figures of a comparison of policies."""

from typing import Final

COMMAND: Final = "compare eastern_flank --replicates 20"  # what draws those of the gallery
