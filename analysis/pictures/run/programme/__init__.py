"""Figures of the programme: money and what it bought, harm by threat, tension and rivals."""
