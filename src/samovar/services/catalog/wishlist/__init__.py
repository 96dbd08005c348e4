"""Wishlists: what a person wants, does not want to see, and whom they follow; who is told when something happens."""
