"""Play: seats, phases, journal, review. Only `game/web` knows HTTP."""
