"""What admins set up in a server, and what its members find there, through the real client."""
