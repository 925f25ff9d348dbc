"""The part "mentor": members of a community who look for a mentor, and members who mentor, introduced to each other."""
