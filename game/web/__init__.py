"""The web app of the classroom game: the only part of the project that knows HTTP."""
