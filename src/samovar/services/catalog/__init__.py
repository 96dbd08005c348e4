"""The store: games, prices, tags, search, reviews, wishlists."""
