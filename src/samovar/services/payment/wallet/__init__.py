"""The wallet: what a player has paid in or was given, and what became of it."""
