"""Proofs of licences: what a game's own server verifies without asking us."""
