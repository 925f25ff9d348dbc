"""Conversations as transcripts that a non-programmer can read and edit, and what plays them."""
