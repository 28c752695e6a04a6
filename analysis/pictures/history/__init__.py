"""Figures of the model beside the record."""

from typing import Final

COMMAND: Final = "backtest"  # what draws those of the gallery
