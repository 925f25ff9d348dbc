"""What members of a community do, through the real client."""
