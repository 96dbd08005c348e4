"""Staff: refunds beyond the rules, and those that wait for a person."""
