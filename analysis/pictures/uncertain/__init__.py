"""Figures of sensitivity, discovery and search."""
