"""Releases: those who bought before a game was out are told when it is."""
