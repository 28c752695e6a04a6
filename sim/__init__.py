"""The simulation: what is declared, what moves, what is decided, what is random."""
