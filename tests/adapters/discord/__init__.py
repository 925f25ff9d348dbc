"""Discord: what is pure about it."""
