"""Votes: what players think of what others wrote."""
