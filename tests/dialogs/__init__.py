"""Tests of the pure dialog."""
