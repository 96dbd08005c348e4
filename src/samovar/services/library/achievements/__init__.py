"""Achievements and stats: what a developer says there is, and what players have of it."""
