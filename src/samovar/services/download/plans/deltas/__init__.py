"""Deltas from one build to the next, made in the background: they make updates several times smaller."""
