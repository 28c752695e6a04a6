"""Policies compared with the same luck: judged, explained, and said in words."""
