"""What is run: the first day, one run, many runs, the Mesa face, and what they leave behind."""
