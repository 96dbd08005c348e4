"""The phrases of a game, as its developer words them."""
