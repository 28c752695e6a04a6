"""Keeping a game's file: one process holds it, its lines are chained, and a damaged one is read as far as it goes."""
