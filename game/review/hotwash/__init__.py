"""The hot wash as slides: what they say, and the files that a teacher keeps."""
