"""Claims: whether the author of a review has the game, as library tells it; and what account tells of authors."""
