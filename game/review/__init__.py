"""The review of a game after play: its story, luck and skill, AI twins, decisions left out, and the report."""
