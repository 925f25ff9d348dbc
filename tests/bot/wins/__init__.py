"""Wins of members, shared in the channel of a community."""
