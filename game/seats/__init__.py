"""Kinds of seats: what each may order, how its orders are laid, its strategies."""
