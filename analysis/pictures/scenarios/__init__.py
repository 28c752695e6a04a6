"""Figures of a comparison over several scenarios."""

from typing import Final

# What draws those of the gallery.
COMMAND: Final = "compare gulf_maritime hybrid_pressure --policies open_door,south_first --replicates 10"
