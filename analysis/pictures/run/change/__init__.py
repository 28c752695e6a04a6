"""Figures of change: the ledger's waterfalls, arrangements through time, every measure with its pair."""
