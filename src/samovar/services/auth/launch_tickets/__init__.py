"""Launch tickets: how a game's server learns who plays, once, without the player's token."""
