"""A room of players: who is in it, and its clock."""
