"""What a game needs on paper and on a stick: handouts, the seat plan, the offline bundle."""
