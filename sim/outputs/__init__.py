"""What goes out: files that are written whole or not at all, and words that stop no run, whatever the terminal."""
