"""What to do about it: the update policy, its tickets and root causes, and what history says of a policy. Pure."""
