"""Statistics that know nothing of ours: intervals, best of many, sensitivity, box search, fronts, scores."""
