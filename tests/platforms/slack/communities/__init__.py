"""What admins set up in a workspace, and what its members find there, through the real client."""
