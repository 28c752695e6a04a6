"""Benchmarks of Interlock against what a user would write without it."""
