"""Figures of a comparison over several scenarios."""
