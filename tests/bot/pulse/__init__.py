"""The pulse: what people do is counted in their turns, and shown to admins when the month is over."""
