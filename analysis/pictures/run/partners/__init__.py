"""Figures of states: frameworks, partners, maps, and trust between them."""
