"""Judging: the facts that the rules look at, from here and from others, and the rules in sentences."""
