"""Studies: what runs are made for, as numbers."""
