"""Refunds: what may be given back, and how the money finds its way."""
