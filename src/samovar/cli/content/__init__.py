"""The commands of players: get a game, verify it, repair it."""
