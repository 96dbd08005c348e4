"""Exporting: everything there is, as lines."""
