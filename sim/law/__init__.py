"""The one law of motion: what is decided, what is legal, what moves, what is measured; and how it is compiled."""
