"""Listing: games as people see them in lists, with prices and scores; finding and filtering them."""
