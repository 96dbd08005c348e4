"""Checking: what must hold of refunds, read from the tables."""
