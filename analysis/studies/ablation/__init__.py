"""Mechanisms switched off, and what each must show."""
