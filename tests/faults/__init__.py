"""Processes are killed in the middle of their work, and nothing may be lost or doubled."""
