"""The game's commands, one file a concern; they parse, call and print."""
