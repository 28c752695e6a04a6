"""Files as users bring them: regular ones of a declared size only, decoded, parsed, and where in them a key stands."""
