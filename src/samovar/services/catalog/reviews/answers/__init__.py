"""Answers: what the developer of a game says to a review."""
