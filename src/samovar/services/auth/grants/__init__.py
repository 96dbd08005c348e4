"""Grants: what people let programs do, and the tokens that speak of it."""
