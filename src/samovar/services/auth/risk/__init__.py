"""Whether a sign-in looks unlike its owner."""
