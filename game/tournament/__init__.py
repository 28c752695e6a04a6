"""The tournament: every strategy of every seat against every line-up, on the same lucks."""
