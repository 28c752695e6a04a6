"""What comes before the Council: what each item is, who is for and against it, and what it would change."""
