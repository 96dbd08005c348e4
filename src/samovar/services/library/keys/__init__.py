"""Activation keys: made by developers, kept as hashes, redeemed once."""
