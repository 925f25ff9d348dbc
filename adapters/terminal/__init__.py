"""The terminal as a platform: a line in, lines out."""
