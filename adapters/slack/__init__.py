"""Slack as a platform: direct messages, slash commands, answers that only one person sees, and the Home tab."""
