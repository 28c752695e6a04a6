"""Figures of a comparison of policies."""

from typing import Final

COMMAND: Final = "compare eastern_flank --policies digital_and_cyber,threat_tailored,open_door --replicates 20"  # what draws those of the gallery
