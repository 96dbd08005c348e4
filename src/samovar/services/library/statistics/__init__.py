"""Statistics: how much a player has played, of what, when, and on what."""
