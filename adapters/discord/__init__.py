"""Discord as a platform: direct messages, slash commands, and answers that only one person sees."""
