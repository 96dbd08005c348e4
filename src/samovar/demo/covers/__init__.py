"""Draws the pictures of the showcase: a world from a seed, something in the middle of it, a title."""
