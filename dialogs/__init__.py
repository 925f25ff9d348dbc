"""The dialog, pure: what is understood, what it brings about, and in which words."""
