"""Figures of a comparison of policies."""

from typing import Final

# What draws those of the gallery.
COMMAND: Final = "compare eastern_flank --policies digital_and_cyber,threat_tailored,open_door --replicates 20"
