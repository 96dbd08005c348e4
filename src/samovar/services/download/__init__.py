"""Delivery of games and content: manifests, chunks, deltas, queue, resume."""
