"""Introductions between members, on real databases."""
