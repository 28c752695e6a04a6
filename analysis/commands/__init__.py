"""The commands of analysis: messages, progress, and everything that is written."""
