"""Numbers out of results, then pictures and words out of numbers. Nothing is computed inside a plot."""
