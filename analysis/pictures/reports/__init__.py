"""Pages: reports of runs and comparisons, and the generated pages of docs/."""
