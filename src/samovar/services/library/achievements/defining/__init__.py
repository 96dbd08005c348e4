"""What there is to achieve in a game, as its developer says."""
