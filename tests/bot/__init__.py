"""Tests of the application: turns, delivery, time, settings, the command."""
