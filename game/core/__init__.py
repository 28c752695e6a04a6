"""A game: its file, acts, phases, world and journal, and what a seat may see of it."""
