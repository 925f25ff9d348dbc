"""Backups that are put back."""
